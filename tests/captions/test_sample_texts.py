"""200 texts in eight scripts are laid out and drawn completely, inside the safe box."""

from __future__ import annotations

import io
import subprocess
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import uharfbuzz
from caption_drawing import caption, clip_of, look
from PIL import Image
from quick import mostly_slow
from sample_texts import WORDS, sample_texts

from btsclip.captions import FONTS, ass_for, overlays_for
from btsclip.captions.fonts import EMOJI, Font, ink_extent, split_by_font
from btsclip.captions.layout import layout_caption
from btsclip.captions.lines import clean_line
from btsclip.captions.safezones import safe_box
from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.presets.schema import Preset

TEXTS = sample_texts(200)
PRESETS = ["honest-kitchen", "street-food-fast"]


def glyphs(font: Font, text: str) -> list[int]:
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(uharfbuzz.Font(uharfbuzz.Face(font.path.read_bytes())), buffer)
    return [info.codepoint for info in buffer.glyph_infos]


def test_sample_texts_differ_and_cover_all_scripts() -> None:
    assert len({text for _, text in TEXTS}) > 190
    for script in WORDS:
        assert sum(name == script for name, _ in TEXTS) == 25
        assert any(word in text for name, text in TEXTS for word in WORDS[script].split())


@pytest.mark.parametrize("preset", PRESETS)
def test_each_text_is_laid_out_inside_the_safe_box(preset: str) -> None:
    style = look(preset)
    left, top, right, bottom = safe_box(style.output)
    for _, text in TEXTS:
        block = layout_caption(caption(text), style)
        assert block.width <= right - left + 0.01 and max(block.widths) < block.width
        assert left <= block.x - block.width / 2 + 0.01
        assert block.x + block.width / 2 <= right + 0.01
        assert top <= block.y and block.y + block.height <= bottom
        written = clean_line(text).upper() if style.captions.hook_style.upper else clean_line(text)
        assert "".join("".join(block.lines).split()) == "".join(written.split()), text
        for sheet in overlays_for(clip_of(block.caption), style):
            with Image.open(io.BytesIO(sheet.png)) as picture:
                height, width = picture.height, picture.width
            assert left <= sheet.x + 2 and sheet.x + width <= right + 2
            assert top <= sheet.y + 2 and sheet.y + height <= bottom + 2


def test_each_character_has_a_glyph_in_its_font() -> None:
    family = look().captions.hook_style.font
    checked = set()
    for _, text in TEXTS:
        for font, run in split_by_font(clean_line(text), family):
            if (font, run) in checked:
                continue
            checked.add((font, run))
            is_invisible = all(unicodedata.category(c) == "Cf" for c in run)
            assert is_invisible or 0 not in glyphs(font, run), (font.family, run)
            assert font is not EMOJI or len(glyphs(font, run)) == 1


def draw_all(style: Preset, folder: Path) -> np.ndarray:
    """Each text for a second over gray, one frame per text: (200, height, width) of 0..255."""
    captions = [caption(text, start=i, end=i + 1) for i, (_, text) in enumerate(TEXTS)]
    document = ass_for(clip_of(*captions, seconds=len(TEXTS)), style)
    assert document
    (folder / "c.ass").write_text(document, "utf-8")
    size = f"{style.output.width}x{style.output.height}"
    raw = subprocess.run(
        [
            ffmpeg_path(), "-v", "error", "-f", "lavfi",
            "-i", f"color=0x808080:s={size}:d={len(TEXTS)}:r=1,format=gray",
            "-vf", f"ass=f=c.ass:fontsdir={FONTS}", "-f", "rawvideo", "-pix_fmt", "gray", "-",
        ],
        cwd=folder, check=True, capture_output=True,
    ).stdout  # fmt: skip
    return np.frombuffer(raw, np.uint8).reshape(len(TEXTS), style.output.height, -1)


@pytest.mark.parametrize("preset", mostly_slow(PRESETS, PRESETS[0]))
def test_each_text_is_drawn_inside_the_safe_box(preset: str, tmp_path: Path) -> None:
    style = look(preset, small=True, fade=0.0, effect="none")
    left, top, right, bottom = safe_box(style.output)
    is_boxed = style.captions.hook_style.box is not None
    frames = draw_all(style, tmp_path)
    assert len(frames) == len(TEXTS)
    for i, ((script, text), frame) in enumerate(zip(TEXTS, frames, strict=True)):
        changed = np.abs(frame.astype(int) - 0x80) > 12
        rows, columns = np.nonzero(changed)
        assert rows.size > 40, text
        assert left - 1 <= columns.min() and columns.max() <= right + 1, (script, text)
        assert top - 1 <= rows.min() and rows.max() <= bottom + 1, (script, text)
        block = layout_caption(caption(text, start=i, end=i + 1), style)
        family, size = style.captions.hook_style.font, block.size
        runs = [run for line in block.lines for run in split_by_font(line, family)]
        if is_boxed or any(font is EMOJI for font, _ in runs):
            continue
        # The pixels match the layout: nothing is cut off or drawn in another font.
        edge = style.captions.hook_style.outline_width * style.output.height
        above, below = (
            ink_extent(block.lines[0], family, size)[0],
            ink_extent(block.lines[-1], family, size)[1],
        )
        last = block.y + block.baseline + (len(block.lines) - 1) * block.leading
        assert rows.min() == pytest.approx(block.y + block.baseline - above - edge, abs=3), text
        assert rows.max() == pytest.approx(last + below + edge, abs=3), text
        if len(block.lines) == 1:
            # A full-width mark at the end is half blank.
            is_wide = any(unicodedata.east_asian_width(block.lines[0][i]) == "W" for i in (0, -1))
            left_edge, right_edge = block.x - block.width / 2, block.x + block.width / 2
            assert columns.min() == pytest.approx(left_edge, abs=6 + is_wide * size / 2), text
            assert columns.max() == pytest.approx(right_edge, abs=6 + is_wide * size / 2), text
