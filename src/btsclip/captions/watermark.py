"""The watermark: a logo with the creator's name on the platform beside it, as one picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from btsclip.captions.fonts import split_by_font, text_width
from btsclip.captions.safezones import safe_box
from btsclip.errors import PresetError
from btsclip.media import read_picture
from btsclip.presets import Preset, TextStyle, light_and_dark

if TYPE_CHECKING:
    from PIL import Image

# The watermark takes at most this share of the safe box's height, whatever width was asked for:
# cards with a text in the middle of the box stay clear of it.
MAX_HEIGHT = 0.3
# The handle takes at most this share of the box's width; a longer one is set smaller.
MAX_HANDLE_WIDTH = 0.7
# The em of the handle and its distance from the logo, as shares of the picture's height; and in
# ems, its outline and the room for letters above and below the baseline.
HANDLE_SIZE = 0.019
HANDLE_GAP = 0.006
OUTLINE = 0.07
ABOVE, BELOW = 1.0, 0.3


@dataclass(frozen=True)
class Mark:
    """The watermark on the screen: a PNG file with transparency, and in pixels its top left corner
    and its size."""

    png: bytes
    x: int
    y: int
    width: int
    height: int


def mark_of(preset: Preset) -> Mark | None:
    """The watermark of `preset` in its corner of the safe box; None without one.

    Raises PresetError when its picture can't be read, CaptionError for a handle that can't be
    drawn.
    """
    watermark = preset.watermark
    if not watermark.image and not watermark.handle:
        return None
    png, width, height = _draw(preset)
    left, top, right, bottom = safe_box(preset.output)
    vertical, _, side = watermark.place.partition("-")
    x = left if side == "left" else right - width
    y = top if vertical == "top" else bottom - height
    return Mark(png, x, y, width, height)


def _draw(preset: Preset) -> tuple[bytes, int, int]:
    """The watermark as a PNG file, its width and its height in pixels."""
    left, top, right, bottom = safe_box(preset.output)
    watermark, style = preset.watermark, preset.captions.moment_style
    parts, room, gap = [], right - left, round(HANDLE_GAP * preset.output.height)
    if watermark.handle:
        size = HANDLE_SIZE * preset.output.height
        parts.append(_draw_handle(watermark.handle, style, size, int(MAX_HANDLE_WIDTH * room)))
        room -= parts[0].width + gap
    if watermark.image:
        width = min(max(2, round(watermark.width * preset.output.width)), room)
        path = Path(watermark.image)
        max_height = round(MAX_HEIGHT * (bottom - top))
        logo = _scale_logo(path, _modified(path), width, max_height)
        # The logo is in the corner.
        parts.insert(0 if watermark.place.endswith("left") else 1, logo)
    return _join(parts, gap, watermark.opacity)


def _draw_handle(text: str, style: TextStyle, size: float, room: int) -> Image.Image:
    """The handle with an em of `size` pixels, or smaller if it is wider than `room` pixels."""
    from PIL import Image, ImageDraw, ImageFont

    # Light letters: so small, dark ones would drown in their outline.
    light, dark = light_and_dark(style.colour, style.box or style.outline)
    edge = OUTLINE * size
    size *= min(1.0, (room - 2 * edge) / text_width(text, style.font, size))
    stroke = max(1, round(OUTLINE * size))
    width = round(text_width(text, style.font, size)) + 2 * stroke
    picture = Image.new("RGBA", (min(width, room), round((ABOVE + BELOW) * size) + 2 * stroke))
    pen, x = ImageDraw.Draw(picture), float(stroke)
    for run_font, run in split_by_font(text, style.font):
        pen.text(
            (x, ABOVE * size + stroke), run, anchor="ls", fill=light,
            font=ImageFont.truetype(str(run_font.path), size),
            stroke_width=stroke, stroke_fill=dark,
        )  # fmt: skip
        x += run_font.width(run, size)
    return picture


def _modified(path: Path) -> int:
    """When a file was changed, so that it is drawn again; 0 for a missing one."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=4)
def _scale_logo(path: Path, modified: int, width: int, max_height: int) -> Image.Image:
    from PIL import Image

    picture = read_picture(path, PresetError)
    scale = min(width / picture.width, max_height / picture.height)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    # With premultiplied alpha, so that the colors of clear edges do not bleed in.
    return picture.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")


def _join(parts: Sequence[Image.Image], gap: int, opacity: float) -> tuple[bytes, int, int]:
    """The parts in a row with a `gap` between them, as a PNG file with its size."""
    from PIL import Image

    width = sum(part.width for part in parts) + gap * (len(parts) - 1)
    height = max(part.height for part in parts)
    row, x = Image.new("RGBA", (width, height)), 0
    for part in parts:
        row.paste(part, (x, (height - part.height) // 2))
        x += part.width + gap
    row.putalpha(row.getchannel("A").point(lambda value: round(value * opacity)))
    buffer = io.BytesIO()
    row.save(buffer, "PNG")
    return buffer.getvalue(), width, height
