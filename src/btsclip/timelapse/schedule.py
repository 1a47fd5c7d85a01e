"""Schedule the parts of a time-lapse: which are shown, for how long, and how fast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from btsclip.timelapse.series import SeriesPart

# Seconds in real time at the start, to see what it is, and at the end, to see the outcome and to
# read the total.
OPENING_SECONDS = 1.0
CLOSING_SECONDS = 2.0
# No part is shown for less than this, in seconds on the screen.
MIN_PART_SECONDS = 0.5
# Parts in one clip: each is read by itself.
MAX_PARTS = 12


@dataclass(frozen=True)
class TimelapseSpan:
    """From `start` to `end` in the take of `part`, at `speed` times real time."""

    part: SeriesPart
    start: float
    end: float
    speed: float

    @property
    def seconds(self) -> float:
        """Seconds on the screen."""
        return (self.end - self.start) / self.speed


def schedule(
    parts: Sequence[SeriesPart], length: float, closing: float = CLOSING_SECONDS
) -> list[TimelapseSpan]:
    """The spans of a clip of `length` seconds: an opening, the lapse, and a `closing`.

    In the lapse each part gets its share of the footage, but long enough to be seen. Too many parts
    are thinned out evenly.
    """
    closing = min(closing, length / 2, parts[-1].seconds / 2)
    lapse = length - OPENING_SECONDS - closing
    max_parts = max(2, min(MAX_PARTS, int(lapse / MIN_PART_SECONDS)))
    if len(parts) > max_parts:
        step = (len(parts) - 1) / (max_parts - 1)
        parts = [parts[round(i * step)] for i in range(max_parts)]
    first, last = parts[0], parts[-1]
    pieces = [
        (part, part.start + OPENING_SECONDS * (part is first), part.end - closing * (part is last))
        for part in parts
    ]
    times = share_seconds([end - start for _, start, end in pieces], lapse)
    return [
        TimelapseSpan(first, first.start, round(first.start + OPENING_SECONDS, 3), 1.0),
        *(
            TimelapseSpan(part, round(start, 3), round(end, 3), round((end - start) / seconds, 6))
            for (part, start, end), seconds in zip(pieces, times, strict=True)
        ),
        TimelapseSpan(last, round(last.end - closing, 3), last.end, 1.0),
    ]


def share_seconds(lengths: Sequence[float], seconds: float) -> list[float]:
    """`seconds` on the screen, shared out by `lengths` in seconds of footage.

    No share is shorter than MIN_PART_SECONDS, and none is longer than its length in real time.

    >>> share_seconds([90.0, 10.0, 1.0], 10.0)
    [8.55, 0.95, 0.5]
    """
    if sum(lengths) <= seconds:
        return list(lengths)
    minima = [min(MIN_PART_SECONDS, length) for length in lengths]
    short = {i for i, length in enumerate(lengths) if length * seconds / sum(lengths) < minima[i]}
    while True:
        rest = seconds - sum(minima[i] for i in short)
        total = sum(length for i, length in enumerate(lengths) if i not in short)
        newly_short = {
            i for i, length in enumerate(lengths)
            if i not in short and length * rest / total < minima[i]
        }  # fmt: skip
        if not newly_short:
            break
        short |= newly_short
    return [minima[i] if i in short else length * rest / total for i, length in enumerate(lengths)]
