"""The box behind the spoken word of a caption with the effect `highlight`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from btsclip.captions import effects
from btsclip.captions.ass_text import TOP_LEFT, faded_event, fill_tags, rounded_box
from btsclip.captions.effects import WordTiming
from btsclip.captions.fonts import font, ink_extent, text_width
from btsclip.captions.layout import Block

if TYPE_CHECKING:
    import pysubs2

# In ems: the padding beside a word, less than half a blank, and above capitals and below the
# baseline; and the radius of the corners.
SIDE = 0.11
ABOVE_AND_BELOW = 0.17
RADIUS = 0.14


@dataclass(frozen=True)
class WordBox:
    """The box of one word, as ASS drawing commands, and its time in seconds from the caption's
    start."""

    path: str
    start: float
    end: float


def word_box_events(
    block: Block,
    lines: list[list[WordTiming]],
    clip_seconds: float,
    hard: tuple[bool, bool],
    *,
    layer: int,
    style: str,
) -> list[pysubs2.SSAEvent]:
    """The boxes as ASS events, which come and go at once; the first and the last one fade with the
    text, except at its `hard` start or end."""
    boxes = list(word_boxes(block, lines))
    caption, fill = block.caption, fill_tags(block.style.accent_box or block.style.accent)
    events = []
    for box in boxes:
        times = {"start": caption.start + box.start, "end": caption.start + box.end}
        if times["start"] < clip_seconds:
            is_hard = (hard[0] or box is not boxes[0], hard[1] or box is not boxes[-1])
            events.append(
                faded_event(
                    caption.model_copy(update=times), block.style.fade, clip_seconds, is_hard,
                    layer=layer, style=style, text=box.path,
                    tags=f"\\an{TOP_LEFT}\\pos(0,0)\\bord0\\shad0\\p1{fill}",
                )
            )  # fmt: skip
    return events


def word_boxes(block: Block, lines: list[list[WordTiming]]) -> Iterator[WordBox]:
    """The boxes of all words in `lines`, which have been timed so that no two are shown at once.

    A line that runs from right to left has none: its words are not where a sum of widths says.
    """
    metrics = font(block.style.font)
    capital = metrics.capital / metrics.em * block.size
    for row, (line, timings) in enumerate(zip(block.lines, lines, strict=True)):
        if not block.style.accent_box or not effects.runs_left_to_right(line):
            continue
        baseline = block.y + block.baseline + row * block.leading
        # All boxes of a line are of one height, so that they do not jump.
        high, low = ink_extent(line, block.style.font, block.size)
        pad = ABOVE_AND_BELOW * block.size
        top, bottom = baseline - max(capital, high) - pad, baseline + max(low, 0.0) + pad
        text_before = ""
        for timing in timings:
            word = timing.text.rstrip()
            if word and timing.end > timing.start:
                left = block.x - block.widths[row] / 2 + _width(text_before, block)
                side = SIDE * block.size
                path = rounded_box(
                    left - side, top, left + _width(word, block) + side, bottom,
                    RADIUS * block.size,
                )  # fmt: skip
                yield WordBox(path, timing.start, timing.end)
            text_before += timing.text


def _width(text: str, block: Block) -> float:
    return text_width(text, block.style.font, block.size) if text else 0.0
