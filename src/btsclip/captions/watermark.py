"""The preset's own picture in a corner of the safe box."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from btsclip.captions.overlay import Overlay
from btsclip.captions.placement import BusyArea
from btsclip.captions.safezones import safe_box
from btsclip.errors import PresetError
from btsclip.geometry import box_in
from btsclip.media.pictures import read_picture
from btsclip.presets.schema import Preset

# It takes no more than this share of the safe box's height, however wide it was asked for.
HIGHEST = 0.5


def overlay(preset: Preset, seconds: float) -> Overlay | None:
    """The watermark as a picture over a clip of `seconds`; None without one.

    Raises PresetError when it can't be read.
    """
    if not preset.watermark.image:
        return None
    png, width, height = _drawn(preset)
    x, y = _corner(preset, width, height)
    return Overlay(png, x, y, 0.0, seconds)


def watermark_area(preset: Preset, seconds: float) -> list[BusyArea]:
    """What captions must not cover because the watermark is there."""
    if not preset.watermark.image:
        return []
    _, width, height = _drawn(preset)
    x, y = _corner(preset, width, height)
    size = (preset.output.width, preset.output.height)
    return [BusyArea(0.0, seconds, box_in(x, y, width, height, size))]


def _corner(preset: Preset, width: int, height: int) -> tuple[int, int]:
    left, top, right, bottom = safe_box(preset.output)
    vertical, _, side = preset.watermark.place.partition("-")
    return (
        left if side == "left" else right - width,
        top if vertical == "top" else bottom - height,
    )


def _drawn(preset: Preset) -> tuple[bytes, int, int]:
    """The picture as PNG in its size on the screen, with that size."""
    _, top, _, bottom = safe_box(preset.output)
    mark = preset.watermark
    path = Path(mark.image)
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = 0
    width = max(2, round(mark.width * preset.output.width))
    return _scaled(path, changed, width, round(HIGHEST * (bottom - top)), mark.opacity)


@lru_cache(maxsize=4)
def _scaled(
    path: Path, changed: int, width: int, highest: int, opacity: float
) -> tuple[bytes, int, int]:
    from PIL import Image

    upright = read_picture(path, PresetError)
    scale = min(width / upright.width, highest / upright.height)
    size = max(1, round(upright.width * scale)), max(1, round(upright.height * scale))
    # With its colours weighted by how solid they are: clear edges must not bleed in.
    small = upright.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")
    small.putalpha(small.getchannel("A").point(lambda value: round(value * opacity)))
    buffer = io.BytesIO()
    small.save(buffer, "PNG")
    return buffer.getvalue(), *size
