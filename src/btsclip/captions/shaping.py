"""The size of shaped text: letters joined and kerned by HarfBuzz, as libass draws them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uharfbuzz


@lru_cache(maxsize=4096)
def advance(path: Path, text: str) -> int:
    """The advance of `text`, in one font and direction, in units of the font at `path`."""
    return sum(position.x_advance for position in _shape(path, text).glyph_positions)


@lru_cache(maxsize=4096)
def vertical_extent(path: Path, text: str) -> tuple[int, int]:
    """The highest and lowest point of `text` relative to its baseline, in units of the font."""
    buffer, shaper = _shape(path, text), _shaper(path)
    tops, bottoms = [0], [0]
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        extents = shaper.get_glyph_extents(info.codepoint)
        if extents is not None:
            tops.append(position.y_offset + extents.y_bearing)
            bottoms.append(position.y_offset + extents.y_bearing + extents.height)
    return max(tops), min(bottoms)


def _shape(path: Path, text: str) -> uharfbuzz.Buffer:
    import uharfbuzz

    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(_shaper(path), buffer)
    return buffer


@lru_cache(maxsize=32)
def _shaper(path: Path) -> uharfbuzz.Font:
    import uharfbuzz

    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path)))
