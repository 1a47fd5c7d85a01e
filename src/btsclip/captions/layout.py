"""Captions to blocks of lines: set smaller until they fit, and placed clear of one another."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from btsclip.captions import digits
from btsclip.captions.fonts import font, ink_extent, split_by_font, text_width
from btsclip.captions.lines import clean_line, flow_lines
from btsclip.captions.safezones import safe_box
from btsclip.captions.wrap import wrap_text
from btsclip.errors import CaptionError
from btsclip.intervals import overlap
from btsclip.plan.model import Caption
from btsclip.presets.schema import Captions, Preset, TextStyle

Role = Literal["hook", "moment", "speech", "person", "clock"]
_STYLES: dict[Role, Callable[[Captions], TextStyle]] = {
    "hook": lambda look: look.hook_style,
    "moment": lambda look: look.moment_style,
    "speech": lambda look: look.speech_style,
    "person": lambda look: look.person_style,
    # One state of it after the other must look like one text: it neither fades nor moves.
    "clock": lambda look: look.clock_style.model_copy(update={"fade": 0.0, "effect": "none"}),
}

MOST_LINES = 3
# A text is set smaller in these steps, down to the last, before words are cut or it is refused.
SHRINK = (1.0, 0.92, 0.85, 0.78, 0.7)
# Line height, and the baseline's place in it, in ems: room for stacked accents above.
LEADING, BASELINE = 1.25, 0.97
# A text with letters as often as in English, to tell how many characters fit in a line.
SAMPLE = "We rest the dough for twenty minutes, so that it tears less when it is shaped."
# Lines of a text that comes in parts, and the most characters of a part however small they are.
PART_LINES, MOST_IN_PART = 2, 60
# Between a box's edge and its text, in ems: beside it, and above capitals and below the baseline.
BOX_SIDE, BOX_ABOVE_AND_BELOW = 0.34, 0.26
# The least of the latter where signs stand high or reach low.
BOX_LEAST = 0.06
# Between two captions that are shown together, as a fraction of the picture's height.
GAP = 0.01


@dataclass(frozen=True)
class Block:
    """A caption ready to draw, in pixels: lines, their widths, the em and the place.

    `x`, `y` are the block's top middle; `width`, `height` its size with outline or box. Lines
    stand `leading` apart, the first one's baseline is `baseline` below the top.
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
    """Pixels from the top to the first baseline, between baselines, from the last to the bottom."""

    above: float
    leading: float
    below: float


def layout_captions(
    captions: Sequence[Caption], preset: Preset, beside: Sequence[Block] = ()
) -> list[Block]:
    """Sets all texts of a clip, not its stickers; one that would cover another, or one of those
    `beside` them, makes way for it.

    Raises CaptionError when one does not fit.
    """
    blocks: list[Block] = []
    for caption in captions:
        if caption.role != "sticker":
            blocks.append(_clear_of([*beside, *blocks], layout_caption(caption, preset), preset))
    return blocks


def layout_caption(caption: Caption, preset: Preset) -> Block:
    """Sets `caption` in its role's style inside the safe box.

    Raises CaptionError when it does not fit even in the smallest size or can't be drawn.
    """
    style = style_of(caption, preset)
    # Who somebody is and what they do stand on lines of their own.
    parts = (caption.text if caption.role == "person" else flow_lines(caption.text)).splitlines()
    texts = [text.upper() if style.upper else text for text in map(clean_line, parts)]
    texts = [text for text in texts if has_signs(text)]
    if not texts:
        raise CaptionError(f"caption {caption.text!r}", "has nothing to draw", "take it out")
    # All of the text at once, so that an error shows and names all of it.
    split_by_font(" ".join(texts), style.font)
    left, _, right, _ = safe_box(preset.output)
    # A word is cut only when even the smallest size leaves it too wide.
    for shrink, cut in [*((step, False) for step in SHRINK), (SHRINK[-1], True)]:
        size = style.size * preset.output.height * shrink
        room = right - left - 2 * _edge(style, size, preset)
        measure = partial(digits.width if caption.role == "clock" else text_width,
                          family=style.font, size=size)  # fmt: skip
        set_texts = [wrap_text(text, room, measure, cut) for text in texts]
        lines = tuple(line for each in set_texts for line in each) if all(set_texts) else ()
        widths = tuple(measure(line) for line in lines)
        if lines and len(lines) <= MOST_LINES and max(widths) <= room:
            return _placed(caption, style, lines, widths, size, preset)
    raise CaptionError(
        f"caption {caption.text!r}",
        f"is too long for {MOST_LINES} lines inside the safe box",
        "shorten it or choose a smaller size in the preset",
    )


def room_for(role: Role, preset: Preset) -> int:
    """Characters that fit in PART_LINES lines of that role's style, MOST_IN_PART at most."""
    style = _STYLES[role](preset.captions)
    size = style.size * preset.output.height
    left, _, right, _ = safe_box(preset.output)
    room = right - left - 2 * _edge(style, size, preset)
    sample = SAMPLE.upper() if style.upper else SAMPLE
    per_line = room / (text_width(sample, style.font, size) / len(sample))
    return max(1, min(MOST_IN_PART, int(PART_LINES * per_line)))


def style_of(caption: Caption, preset: Preset) -> TextStyle:
    """The preset's style for the caption's role."""
    if caption.role == "sticker":
        raise ValueError("a sticker is no text")
    return _STYLES[caption.role](preset.captions)


def has_signs(text: str) -> bool:
    """Whether there is anything to draw in `text`."""
    return any(unicodedata.category(character)[0] in "LNPS" for character in text)


def _placed(
    caption: Caption,
    style: TextStyle,
    lines: tuple[str, ...],
    widths: tuple[float, ...],
    size: float,
    preset: Preset,
) -> Block:
    """The block of `lines` at its style's place. Raises CaptionError when it is too high."""
    left, top, right, bottom = safe_box(preset.output)
    spacing = spacing_of(style, lines, size, preset)
    height = spacing.above + (len(lines) - 1) * spacing.leading + spacing.below
    if height > bottom - top:
        raise CaptionError(
            f"caption {caption.text!r}",
            "is higher than the safe box",
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


def _clear_of(others: Sequence[Block], block: Block, preset: Preset) -> Block:
    """`block`, moved away from its edge of the safe box until it covers none of `others`."""
    _, top, _, bottom = safe_box(preset.output)
    rising = block.style.place == "bottom"
    gap, y = GAP * preset.output.height, block.y
    meeting = [other for other in others if overlap(other.caption, block.caption)]
    for other in sorted(meeting, key=lambda other: other.y, reverse=rising):
        if other.y < y + block.height and y < other.y + other.height:
            y = other.y - gap - block.height if rising else other.y + other.height + gap
    if y < top or y + block.height > bottom:
        raise CaptionError(
            f"caption {block.caption.text!r}",
            "has no room beside the other captions of its time",
            "shorten one or show it later",
        )
    return replace(block, y=y)


def _edge(style: TextStyle, size: float, preset: Preset) -> float:
    """Pixels beside a text of the em `size`: its outline and shadow, or its box."""
    if style.box is not None:
        return BOX_SIDE * size
    return (style.outline_width + style.shadow) * preset.output.height


def spacing_of(style: TextStyle, lines: Sequence[str], size: float, preset: Preset) -> Spacing:
    """The usual distances, more where signs stand higher or reach lower than usual, such as marks
    on capitals."""
    if style.box is None:
        edge = _edge(style, size, preset)
        above, below = BASELINE * size + edge, (LEADING - BASELINE) * size + edge
        leading = LEADING * size
    else:
        edge = BOX_LEAST * size
        metrics = font(style.font)
        above = (metrics.capital / metrics.em + BOX_ABOVE_AND_BELOW) * size
        below = BOX_ABOVE_AND_BELOW * size
        leading = above + below
    reach = [ink_extent(line, style.font, size) for line in lines]
    apart = [low + high + edge for (_, low), (high, _) in itertools.pairwise(reach)]
    return Spacing(
        max(above, reach[0][0] + edge), max([leading, *apart]), max(below, reach[-1][1] + edge)
    )
