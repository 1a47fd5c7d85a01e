"""Stickers: emoji with a white rim and a shadow in a corner of the safe box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from btsclip.captions import emoji
from btsclip.captions.layout import Block, Rectangle, clear_height, mark_blocks
from btsclip.captions.safezones import safe_box
from btsclip.errors import CaptionError
from btsclip.intervals import overlap
from btsclip.plan import Caption, Corner
from btsclip.presets import Preset

if TYPE_CHECKING:
    from PIL import Image

CORNERS: tuple[Corner, ...] = ("top-left", "top-right", "bottom-left", "bottom-right")
MAX_EMOJI = 4
# In heights of the sticker: the width of the rim, the offset and blur of the shadow, and the space
# between emoji.
RIM = 0.045
SHADOW = 0.03
SHADOW_BLUR = 0.03
SPACE = 0.02
SHADOW_ALPHA = 110
# Stickers are drawn this many times larger and scaled down, which smooths the rim.
OVERSAMPLING = 2


@dataclass(frozen=True)
class Sticker:
    """A sticker in its place, in pixels as in Block: top center, and size with rim and shadow."""

    caption: Caption
    png: bytes
    x: float
    y: float
    width: float
    height: float


def place_sticker(
    caption: Caption, blocks: Sequence[Block], preset: Preset, corner: Corner | None = None
) -> Sticker:
    """The sticker of `caption` in `corner`, clear of the watermark and of texts shown at its time.

    The default corner is the caption's own, or else the preset's. Raises CaptionError for a text
    with anything but emoji of the font, and for a sticker without room.
    """
    png, width, height = _draw_sticker(
        sticker_emoji(caption.text),
        round(preset.captions.sticker_style.size * preset.output.height),
        preset.captions.sticker_style.tilt,
    )
    corner = corner or caption.corner or preset.captions.sticker_style.place
    left, top, right, bottom = safe_box(preset.output)
    x = left + width / 2 if corner.endswith("left") else right - width / 2
    moves_down = corner.startswith("top")
    together = [
        block for block in (*blocks, *mark_blocks(preset)) if overlap(block.caption, caption)
    ]
    in_corner = Rectangle(x, float(top if moves_down else bottom - height), width, height)
    y = clear_height(in_corner, together, preset, up=not moves_down)
    if width > right - left or y < top or y + height > bottom:
        raise CaptionError(
            f"sticker {caption.text!r}",
            "has no room inside the safe box",
            "choose a smaller size in the preset or fewer emoji",
        )
    return Sticker(caption, png, x, y, width, height)


def sticker_emoji(text: str) -> tuple[str, ...]:
    """The emoji of a sticker's text. Raises CaptionError for anything else in it."""
    pieces = tuple(piece for piece in emoji.pieces(text) if piece.strip())
    subject = f"sticker {text!r}"
    for piece in pieces:
        is_drawable = emoji.is_emoji(piece) or emoji.may_be_emoji(piece)
        if not is_drawable or emoji.picture(piece) is None:
            raise CaptionError(
                subject, f"{piece!r} is not an emoji of the font", "use another emoji"
            )
    if not 0 < len(pieces) <= MAX_EMOJI:
        raise CaptionError(subject, f"has {len(pieces)} emoji", f"use 1 to {MAX_EMOJI}")
    return pieces


@lru_cache(maxsize=32)
def _draw_sticker(clusters: tuple[str, ...], height: int, tilt: float) -> tuple[bytes, int, int]:
    """Emoji of `height` pixels as one PNG file, its width and its height."""
    from PIL import Image

    large_height = OVERSAMPLING * height
    pictures = [emoji.draw_emoji(cluster, large_height) for cluster in clusters]
    space = round(SPACE * large_height)
    margin = round((RIM + SHADOW + 2 * SHADOW_BLUR) * large_height)
    width = sum(picture.width for picture in pictures) + space * (len(pictures) - 1) + 2 * margin
    row = Image.new("RGBA", (width, large_height + 2 * margin))
    x = margin
    for picture in pictures:
        row.alpha_composite(picture, (x, margin))
        x += picture.width + space
    tilted = row.rotate(tilt, Image.Resampling.BICUBIC, expand=True)
    sticker = _add_rim_and_shadow(tilted, large_height)
    sticker = sticker.crop(sticker.getbbox())
    sticker = sticker.resize(
        (max(1, round(sticker.width / OVERSAMPLING)), max(1, round(sticker.height / OVERSAMPLING))),
        Image.Resampling.LANCZOS,
    )
    return emoji.emoji_png(sticker), sticker.width, sticker.height


def _add_rim_and_shadow(picture: Image.Image, height: int) -> Image.Image:
    """`picture` on its white rim, over the shadow of the rim."""
    from PIL import Image, ImageChops, ImageFilter

    alpha = picture.getchannel("A")
    # A low threshold of the blurred edge moves it outwards and rounds its corners.
    blurred = alpha.point(lambda a: 255 if a > 127 else 0).filter(
        ImageFilter.GaussianBlur(RIM * height)
    )
    rim = ImageChops.lighter(blurred.point(lambda a: min(255, max(0, (a - 24) * 10))), alpha)
    shadow = ImageChops.offset(rim, 0, round(SHADOW * height))
    shadow = shadow.filter(ImageFilter.GaussianBlur(SHADOW_BLUR * height))
    shadow = shadow.point(lambda a: a * SHADOW_ALPHA // 255)
    sticker = Image.new("RGBA", picture.size)
    sticker.putalpha(shadow)
    white = Image.new("RGBA", picture.size, "white")
    white.putalpha(rim)
    sticker.alpha_composite(white)
    sticker.alpha_composite(picture)
    return sticker
