"""The emoji of laid-out texts as pictures over the gaps that the ASS document leaves for them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from btsclip.captions import effects, emoji
from btsclip.captions.ass_text import RIGHT_TO_LEFT, direction_mark
from btsclip.captions.fonts import EMOJI, font, split_by_font
from btsclip.captions.layout import Block
from btsclip.captions.overlay import Overlay


@dataclass(frozen=True)
class _Placed:
    """An emoji, its left upper corner and height in pixels, and when it comes, in seconds from
    its caption's start."""

    cluster: str
    x: float
    y: float
    height: float
    comes: float


def emoji_overlays(blocks: Sequence[Block], duration: float) -> tuple[Overlay, ...]:
    """The emoji of all `blocks` of a clip of `duration` seconds.

    Those of one text that come together are one picture, since every picture costs time.
    """
    overlays = []
    for block in blocks:
        placed = list(_placed(block))
        for comes in sorted({each.comes for each in placed}):
            together = [each for each in placed if each.comes == comes]
            overlays.append(_overlay(together, comes, block, duration))
    return tuple(overlays)


def _placed(block: Block) -> Iterator[_Placed]:
    """Each emoji of a text in its place: centred on the capitals' height."""
    metrics = font(block.style.font)
    height = emoji.WIDTH * block.size * emoji.STRIKE[1] / emoji.STRIKE[0]
    backwards = direction_mark(block.caption.text) == RIGHT_TO_LEFT
    turns = effects.word_timings(block)
    for row, line in enumerate(block.lines):
        baseline = block.y + block.baseline + row * block.leading
        y = baseline - metrics.capital / metrics.em * block.size / 2 - height / 2
        # Where the line begins; the gaps' direction marks keep each emoji behind all before it.
        x = block.x + block.widths[row] / 2 * (1 if backwards else -1)
        at = 0
        for run_font, run in split_by_font(line, block.style.font):
            width = run_font.width(run, block.size)
            if run_font is EMOJI:
                left = x - width if backwards else x
                yield _Placed(run, left, y, height, _comes(block, turns[row], at))
            x += -width if backwards else width
            at += len(run)


def _comes(block: Block, turns: list[effects.WordTiming], at: int) -> float:
    """When the character `at` of a line is seen, in seconds from the caption's start."""
    if block.style.effect != "typewriter":
        return 0.0
    end = 0
    for piece, seconds in effects.typed(turns):
        end += len(piece)
        if at < end:
            return seconds
    return 0.0


def _overlay(placed: list[_Placed], comes: float, block: Block, duration: float) -> Overlay:
    """Emoji that come together as one picture."""
    from PIL import Image

    # Colour has half the picture's resolution: only even places are exact.
    left = 2 * math.floor(min(each.x for each in placed) / 2)
    top = 2 * math.floor(min(each.y for each in placed) / 2)
    pictures = [(each, emoji.draw_emoji(each.cluster, each.height)) for each in placed]
    right = max(math.ceil(each.x) + picture.width for each, picture in pictures)
    bottom = max(math.ceil(each.y) + picture.height for each, picture in pictures)
    sheet = Image.new("RGBA", (right - left, bottom - top))
    for each, picture in pictures:
        sheet.alpha_composite(picture, (round(each.x) - left, round(each.y) - top))
    caption, style = block.caption, block.style
    rise, rise_seconds = effects.slide(block) if style.effect == "slide" else (0.0, 0.0)
    return Overlay(
        png=emoji.emoji_png(sheet),
        x=left,
        y=top,
        start=caption.start + comes,
        end=min(caption.end, duration),
        fade=style.fade,
        rise=rise,
        rise_seconds=rise_seconds,
    )
