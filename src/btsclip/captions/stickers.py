"""Stickers: emoji with a white rim and a shadow in a corner of the safe box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from btsclip.captions import emoji
from btsclip.captions.layout import GAP, Block
from btsclip.captions.overlay import Overlay
from btsclip.captions.safezones import safe_box
from btsclip.errors import CaptionError
from btsclip.intervals import overlap
from btsclip.plan.model import Caption, Corner
from btsclip.presets.schema import Preset

if TYPE_CHECKING:
    from PIL import Image

CORNERS: tuple[Corner, ...] = ("top-left", "top-right", "bottom-left", "bottom-right")
MOST_EMOJI = 4
# In heights of the sticker: the rim, how far the shadow falls, how soft it is; between emoji.
RIM, SHADOW, SOFTNESS, SPACE = 0.045, 0.03, 0.03, 0.02
SHADOW_ALPHA = 110
# A rim's edge is smooth when it is drawn this many times larger.
FINE = 2


@dataclass(frozen=True)
class Sticker:
    """A sticker in its place, in pixels as in Block: top middle and size with rim and shadow."""

    caption: Caption
    png: bytes
    x: float
    y: float
    width: float
    height: float


def place_sticker(
    caption: Caption, blocks: Sequence[Block], preset: Preset, corner: Corner | None = None
) -> Sticker:
    """The sticker of `caption` in `corner` (default: its own, or the preset's), beside the texts
    that are shown at its time.

    Raises CaptionError for a text that is not wholly emoji of the font, or has no room.
    """
    png, width, height = _picture(
        clusters_of(caption.text), round(preset.captions.sticker_style.size * preset.output.height),
        preset.captions.sticker_style.tilt,
    )  # fmt: skip
    corner = corner or caption.corner or preset.captions.sticker_style.place
    left, top, right, bottom = safe_box(preset.output)
    x = left + width / 2 if corner.endswith("left") else right - width / 2
    falling = corner.startswith("top")
    y = float(top if falling else bottom - height)
    gap = GAP * preset.output.height
    for block in sorted(blocks, key=lambda block: block.y, reverse=not falling):
        beside = abs(block.x - x) >= (block.width + width) / 2
        above_or_below = y >= block.y + block.height or block.y >= y + height
        if overlap(block.caption, caption) and not beside and not above_or_below:
            y = block.y + block.height + gap if falling else block.y - gap - height
    if width > right - left or y < top or y + height > bottom:
        raise CaptionError(
            f"sticker {caption.text!r}",
            "has no room inside the safe box",
            "choose a smaller size in the preset or fewer emoji",
        )
    return Sticker(caption, png, x, y, width, height)


def sticker_overlays(
    captions: Sequence[Caption], blocks: Sequence[Block], duration: float, preset: Preset
) -> tuple[Overlay, ...]:
    """The stickers among `captions` as pictures."""
    fade = preset.captions.sticker_style.fade
    found = [place_sticker(c, blocks, preset) for c in captions if c.role == "sticker"]
    return tuple(
        Overlay(s.png, s.x - s.width / 2, s.y, s.caption.start, min(s.caption.end, duration), fade)
        for s in found
    )


def clusters_of(text: str) -> tuple[str, ...]:
    """The emoji of a sticker's text. Raises CaptionError for anything else in it."""
    found = tuple(piece for piece in emoji.pieces(text) if piece.strip())
    subject = f"sticker {text!r}"
    for piece in found:
        drawable = emoji.is_emoji(piece) or emoji.may_be_emoji(piece)
        if not drawable or emoji.picture(piece) is None:
            raise CaptionError(subject, f"{piece!r} is no emoji of the font", "use another emoji")
    if not 0 < len(found) <= MOST_EMOJI:
        raise CaptionError(subject, f"has {len(found)} emoji", f"use one to {MOST_EMOJI}")
    return found


@lru_cache(maxsize=32)
def _picture(clusters: tuple[str, ...], height: int, tilt: float) -> tuple[bytes, int, int]:
    """Emoji of `height` pixels as one PNG with its width and height."""
    from PIL import Image

    emojis = [emoji.draw_emoji(cluster, FINE * height) for cluster in clusters]
    fine = FINE * height
    space, margin = round(SPACE * fine), round((RIM + SHADOW + 2 * SOFTNESS) * fine)
    wide = sum(each.width for each in emojis) + space * (len(emojis) - 1) + 2 * margin
    plain = Image.new("RGBA", (wide, fine + 2 * margin))
    x = margin
    for each in emojis:
        plain.alpha_composite(each, (x, margin))
        x += each.width + space
    turned = plain.rotate(tilt, Image.Resampling.BICUBIC, expand=True)
    made = _with_shadow(turned, fine)
    made = made.crop(made.getbbox())
    made = made.resize(
        (max(1, round(made.width / FINE)), max(1, round(made.height / FINE))),
        Image.Resampling.LANCZOS,
    )
    return emoji.emoji_png(made), made.width, made.height


def _with_shadow(picture: Image.Image, height: int) -> Image.Image:
    """`picture` on its white rim, and that on its shadow."""
    from PIL import Image, ImageChops, ImageFilter

    alpha = picture.getchannel("A")
    # A blurred edge, cut off low, is the edge moved outwards with its corners rounded.
    blurred = alpha.point(lambda a: 255 if a > 127 else 0).filter(
        ImageFilter.GaussianBlur(RIM * height)
    )
    rim = ImageChops.lighter(blurred.point(lambda a: min(255, max(0, (a - 24) * 10))), alpha)
    shadow = ImageChops.offset(rim, 0, round(SHADOW * height))
    shadow = shadow.filter(ImageFilter.GaussianBlur(SOFTNESS * height))
    shadow = shadow.point(lambda a: a * SHADOW_ALPHA // 255)
    made = Image.new("RGBA", picture.size)
    made.putalpha(shadow)
    white = Image.new("RGBA", picture.size, "white")
    white.putalpha(rim)
    made.alpha_composite(white)
    made.alpha_composite(picture)
    return made
