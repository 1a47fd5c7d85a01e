"""Captions as blocks of lines, set smaller until they fit and placed clear of one another."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from btsclip.captions.clock import cells_width
from btsclip.captions.fonts import font, ink_extent, split_by_font, text_width
from btsclip.captions.lines import clean_line, flow_lines, wrap_text
from btsclip.captions.safezones import safe_box
from btsclip.captions.watermark import mark_of
from btsclip.errors import CaptionError
from btsclip.intervals import overlap
from btsclip.plan import Caption
from btsclip.presets import Captions, Preset, TextStyle

Role = Literal["hook", "moment", "speech", "person", "clock"]
_STYLES: dict[Role, Callable[[Captions], TextStyle]] = {
    "hook": lambda look: look.hook_style,
    "moment": lambda look: look.moment_style,
    "speech": lambda look: look.speech_style,
    "person": lambda look: look.person_style,
    # Captions of a running time must look like one text, so they neither fade nor move.
    "clock": lambda look: look.clock_style.model_copy(update={"fade": 0.0, "effect": "none"}),
}

MAX_LINES = 3
# A text is set smaller in these steps before words are cut or it is refused.
SHRINK_STEPS = (1.0, 0.92, 0.85, 0.78, 0.7)
# In ems: the line height, and the distance from its top to the baseline, which leaves room for
# stacked accents.
LEADING = 1.25
BASELINE = 0.97
# A text with the letter frequencies of English, to estimate how many characters fit in a line.
SAMPLE = "We rest the dough for twenty minutes, so that it tears less when it is shaped."
# The lines and characters of a part of a long text.
MAX_PART_LINES = 2
MAX_PART_CHARACTERS = 60
# The padding of a box in ems: beside the text, and above capitals and below the baseline.
BOX_SIDE = 0.34
BOX_ABOVE_AND_BELOW = 0.26
# The padding above and below characters that are taller or deeper than usual.
MIN_BOX_PADDING = 0.06
# The gap between two captions shown together, as a share of the picture's height.
CAPTION_GAP = 0.01
# Seconds after the end of any clip.
FOREVER = 1_000_000.0


@dataclass(frozen=True)
class Block:
    """A caption ready to draw, in pixels.

    `size` is the em. `x`, `y` are the block's top center; `width`, `height` its size with outline
    or box. The first baseline is `baseline` below the top, the others `leading` below each other.
    """

    caption: Caption
    style: TextStyle
    lines: tuple[str, ...]
    widths: tuple[float, ...]
    size: float
    x: float
    y: float
    width: float
    height: float
    leading: float
    baseline: float


@dataclass(frozen=True)
class Spacing:
    """Pixels from the top to the first baseline, between baselines, and from the last baseline to
    the bottom."""

    above: float
    leading: float
    below: float


def layout_captions(
    captions: Sequence[Caption], preset: Preset, beside: Sequence[Block] = ()
) -> list[Block]:
    """Lay out all texts of a clip, without its stickers.

    A text that would cover an earlier one, the watermark, or a block in `beside`, moves away from
    it. Raises CaptionError for a text that does not fit.
    """
    beside = [*beside, *mark_blocks(preset)]
    blocks: list[Block] = []
    for caption in captions:
        if caption.role != "sticker":
            block = layout_caption(caption, preset)
            blocks.append(_move_clear(block, [*beside, *blocks], preset))
    return blocks


def layout_caption(caption: Caption, preset: Preset) -> Block:
    """Lay out `caption` in its role's style inside the safe box.

    Raises CaptionError for a text that does not fit in the smallest size or can't be drawn.
    """
    style = style_of(caption, preset)
    # A person's name and job have a line each.
    parts = (caption.text if caption.role == "person" else flow_lines(caption.text)).splitlines()
    texts = [text.upper() if style.upper else text for text in map(clean_line, parts)]
    texts = [text for text in texts if has_signs(text)]
    if not texts:
        raise CaptionError(f"caption {caption.text!r}", "has nothing to draw", "take it out")
    # Check the complete text at once, so that an error shows all of it.
    split_by_font(" ".join(texts), style.font)
    left, _, right, _ = safe_box(preset.output)
    # A word is cut only if it is too wide in the smallest size.
    for shrink, cut in [*((step, False) for step in SHRINK_STEPS), (SHRINK_STEPS[-1], True)]:
        size = style.size * preset.output.height * shrink
        room = right - left - 2 * _edge(style, size, preset)
        measure = partial(cells_width if caption.role == "clock" else text_width,
                          family=style.font, size=size)  # fmt: skip
        wrapped = [wrap_text(text, room, measure, cut) for text in texts]
        lines = tuple(line for text_lines in wrapped for line in text_lines) if all(wrapped) else ()
        widths = tuple(measure(line) for line in lines)
        if lines and len(lines) <= MAX_LINES and max(widths) <= room:
            return _build_block(caption, style, lines, widths, size, preset)
    raise CaptionError(
        f"caption {caption.text!r}",
        f"is too long for {MAX_LINES} lines inside the safe box",
        "shorten it or choose a smaller size in the preset",
    )


def mark_blocks(preset: Preset) -> list[Block]:
    """The preset's watermark as a block that is shown all the time; empty without one."""
    mark = mark_of(preset)
    if mark is None:
        return []
    return [
        Block(
            Caption(text="watermark", start=0, end=FOREVER), preset.captions.moment_style, (), (),
            0.0, mark.x + mark.width / 2, mark.y, mark.width, mark.height, 0.0, 0.0,
        )
    ]  # fmt: skip


@dataclass(frozen=True)
class Rectangle:
    """A part of the screen in pixels: `x` is its middle, `y` its top."""

    x: float
    y: float
    width: float
    height: float


def meet(a: Block | Rectangle, b: Block | Rectangle) -> bool:
    """Whether two blocks share a part of the screen."""
    side_by_side = abs(a.x - b.x) >= (a.width + b.width) / 2
    return not side_by_side and a.y < b.y + b.height and b.y < a.y + a.height


def room_for(role: Role, preset: Preset) -> int:
    """Characters that fit in MAX_PART_LINES lines of the role's style, at most
    MAX_PART_CHARACTERS."""
    style = style_of_role(role, preset)
    size = style.size * preset.output.height
    left, _, right, _ = safe_box(preset.output)
    room = right - left - 2 * _edge(style, size, preset)
    sample = SAMPLE.upper() if style.upper else SAMPLE
    per_line = room / (text_width(sample, style.font, size) / len(sample))
    return max(1, min(MAX_PART_CHARACTERS, int(MAX_PART_LINES * per_line)))


def style_of(caption: Caption, preset: Preset) -> TextStyle:
    """The preset's style for the caption's role."""
    if caption.role == "sticker":
        raise ValueError("a sticker has no text style")
    return style_of_role(caption.role, preset)


def style_of_role(role: Role, preset: Preset) -> TextStyle:
    """The preset's style for a role."""
    return _STYLES[role](preset.captions)


def has_signs(text: str) -> bool:
    """Whether `text` has letters, numbers, punctuation or symbols to draw."""
    return any(unicodedata.category(character)[0] in "LNPS" for character in text)


def _build_block(
    caption: Caption,
    style: TextStyle,
    lines: tuple[str, ...],
    widths: tuple[float, ...],
    size: float,
    preset: Preset,
) -> Block:
    """The block of `lines` at its style's place. Raises CaptionError if it is too tall."""
    left, top, right, bottom = safe_box(preset.output)
    spacing = spacing_of(style, lines, size, preset)
    height = spacing.above + (len(lines) - 1) * spacing.leading + spacing.below
    if height > bottom - top:
        raise CaptionError(
            f"caption {caption.text!r}",
            "is taller than the safe box",
            "choose a smaller size in the preset",
        )
    y = {"top": top, "middle": (top + bottom - height) / 2, "bottom": bottom - height}[style.place]
    if caption.y is not None:
        y = min(max(caption.y * preset.output.height - height / 2, top), bottom - height)
    return Block(
        caption=caption,
        style=style,
        lines=lines,
        widths=widths,
        size=size,
        x=(left + right) / 2,
        y=y,
        width=max(widths) + 2 * _edge(style, size, preset),
        height=height,
        leading=spacing.leading,
        baseline=spacing.above,
    )


def _move_clear(block: Block, placed: Sequence[Block], preset: Preset) -> Block:
    """`block`, moved until it covers no `placed` block: away from its edge of the safe box, or else
    the other way. Raises CaptionError if there is no room."""
    _, top, _, bottom = safe_box(preset.output)
    together = [fixed for fixed in placed if overlap(fixed.caption, block.caption)]
    moves_up = block.style.place == "bottom"
    for up in (moves_up, not moves_up):
        y = clear_height(block, together, preset, up=up)
        if top <= y <= bottom - block.height:
            return replace(block, y=y)
    raise CaptionError(
        f"caption {block.caption.text!r}",
        "has no room beside the other captions at its time",
        "shorten one or show it later",
    )


def clear_height(
    block: Block | Rectangle, fixed: Sequence[Block], preset: Preset, *, up: bool
) -> float:
    """The top of `block`, moved up or down past each `fixed` block in its way."""
    y, gap = block.y, CAPTION_GAP * preset.output.height
    for other in sorted(fixed, key=lambda other: other.y, reverse=up):
        if meet(other, replace(block, y=y)):
            y = other.y - gap - block.height if up else other.y + other.height + gap
    return y


def _edge(style: TextStyle, size: float, preset: Preset) -> float:
    """Pixels on each side of a text with the em `size`: its outline and shadow, or its box."""
    if style.box is not None:
        return BOX_SIDE * size
    return (style.outline_width + style.shadow) * preset.output.height


def spacing_of(style: TextStyle, lines: Sequence[str], size: float, preset: Preset) -> Spacing:
    """The spacing of a text's lines, wider where characters are taller or deeper than usual, such
    as capitals with marks."""
    if style.box is None:
        edge = _edge(style, size, preset)
        above, below = BASELINE * size + edge, (LEADING - BASELINE) * size + edge
        leading = LEADING * size
    else:
        edge = MIN_BOX_PADDING * size
        metrics = font(style.font)
        above = (metrics.capital / metrics.em + BOX_ABOVE_AND_BELOW) * size
        below = BOX_ABOVE_AND_BELOW * size
        leading = above + below
    extents = [ink_extent(line, style.font, size) for line in lines]
    distances = [low + high + edge for (_, low), (high, _) in itertools.pairwise(extents)]
    return Spacing(
        max(above, extents[0][0] + edge),
        max([leading, *distances]),
        max(below, extents[-1][1] + edge),
    )
