"""Series of steady stretches of all takes that show the same thing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from btsclip.analysis import Analysis
from btsclip.limits import TIMELAPSE_SECONDS
from btsclip.media import Footage
from btsclip.moments import SAME_THING, Refusal, SteadySpan, find_steady_spans
from btsclip.planning import sort_by_clock
from btsclip.signals import likeness
from btsclip.story import clock

# Shorter stretches show nothing of a thing that takes hours.
MIN_STRETCH_SECONDS = 4.0
# The steady footage of one take alone must be this many times as long as the clip.
MIN_SPEEDUP = 3.0
# Seconds of steady footage in several takes together.
MIN_TOTAL_SECONDS = 8.0


@dataclass(frozen=True, eq=False)
class SeriesPart:
    """A steady stretch of one take."""

    footage: Footage
    steady: SteadySpan

    @property
    def start(self) -> float:
        """The start in seconds of the take."""
        return self.steady.start

    @property
    def end(self) -> float:
        """The end in seconds of the take."""
        return self.steady.end

    @property
    def seconds(self) -> float:
        """The length in seconds of the take."""
        return self.steady.seconds


@dataclass(frozen=True)
class Series:
    """Parts that show the same thing, in the order of time.

    `doubt` is why the time from the first to the last is unknown, or None if it is known.
    """

    parts: tuple[SeriesPart, ...]
    doubt: str | None

    @property
    def footages(self) -> tuple[Footage, ...]:
        """The takes, in order."""
        return tuple(dict.fromkeys(part.footage for part in self.parts))

    @property
    def seconds(self) -> float:
        """Seconds of the footage."""
        return sum(part.seconds for part in self.parts)

    @property
    def disturbed(self) -> float:
        """Share of the footage in which somebody reached in, 0..1."""
        return sum(part.steady.disturbed * part.seconds for part in self.parts) / self.seconds

    @property
    def changed(self) -> float:
        """How much the last picture differs from the first, 0..1."""
        first, last = self.parts[0].steady, self.parts[-1].steady
        return round(1 - max(0.0, likeness(first.first, last.last)), 3)

    def passed(self, part: SeriesPart, seconds: float) -> float | None:
        """Seconds since the series began, at `seconds` in the take of `part`; None in doubt."""
        first = self.parts[0]
        if self.doubt:
            return None
        return clock.seconds_between(first.footage, first.start, part.footage, seconds)

    @property
    def elapsed(self) -> float | None:
        """Seconds from the beginning of the series to its end; None in doubt."""
        return self.passed(self.parts[-1], self.parts[-1].end)


def find_series(
    analyses: Mapping[Footage, Analysis], length: float
) -> tuple[list[Series], list[Refusal]]:
    """The series that are worth a time-lapse of `length` seconds, and what was left out and why.

    The series that spans most time comes first.
    """
    footages = sort_by_clock(analyses)
    parts: list[SeriesPart] = []
    refused: list[Refusal] = []
    for footage in footages:
        stretches = find_steady_spans(
            analyses[footage].signals, footage.duration, MIN_STRETCH_SECONDS, footage.first_picture
        )
        parts += [SeriesPart(footage, steady) for steady in stretches]
        if not stretches:
            why = f"nothing stays as it is before a still camera for {MIN_STRETCH_SECONDS:g} s"
            refused.append(Refusal(footage, 0.0, footage.duration, why))
    kept: list[Series] = []
    for group in _group_alike(parts):
        takes = list(dict.fromkeys(part.footage for part in group))
        series = Series(tuple(group), clock.clock_doubt(takes))
        if fault := _fault(series, length):
            refused += [Refusal(part.footage, part.start, part.end, fault) for part in group]
        else:
            kept.append(series)
    kept.sort(key=lambda series: -(series.elapsed or series.seconds))
    return kept, sorted(refused, key=lambda refusal: (str(refusal.footage.path), refusal.start))


def _group_alike(parts: Sequence[SeriesPart]) -> list[list[SeriesPart]]:
    """`parts` in groups, in the order given; each part begins as the one before it ended."""
    groups: list[list[SeriesPart]] = []
    for part in parts:
        scores = [likeness(group[-1].steady.last, part.steady.first) for group in groups]
        best = max(range(len(groups)), key=lambda i: scores[i], default=None)
        if best is not None and scores[best] >= SAME_THING:
            groups[best].append(part)
        else:
            groups.append([part])
    return groups


def _fault(series: Series, length: float) -> str | None:
    """Why a series makes no time-lapse, or None if it does."""
    if len(series.footages) == 1:
        if series.seconds < MIN_SPEEDUP * length:
            enough = math.floor(series.seconds / MIN_SPEEDUP * 10) / 10
            hint = f" (enough for --length {enough:g})" if enough >= TIMELAPSE_SECONDS.min else ""
            return (
                f"{series.seconds:.0f} steady seconds, less than {MIN_SPEEDUP:g} times the clip's "
                f"{length:g} s{hint}, and no other take shows the same"
            )
        return None
    if series.seconds < MIN_TOTAL_SECONDS:
        return f"only {series.seconds:.0f} steady seconds in {len(series.footages)} takes"
    return None
