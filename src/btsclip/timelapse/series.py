"""Steady stretches of all takes, put together where they show the same thing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from btsclip.analysis.analyze import Analysis
from btsclip.limits import TIMELAPSE_SECONDS
from btsclip.media.footage import Footage
from btsclip.moments.select import Refusal
from btsclip.moments.steady import SAME_THING, SteadySpan, find_steady_spans, likeness
from btsclip.planning.template_fields import sort_by_clock
from btsclip.story import clock

# Shortest stretch in seconds that says something of a thing that takes hours.
SHORTEST = 4.0
# One take alone must be so many times as long as the clip: else it is as well shown as it was.
HURRIED = 3.0
# Takes together must be this long, in seconds of the footage.
LEAST_TOGETHER = 8.0


@dataclass(frozen=True, eq=False)
class SeriesPart:
    """A steady stretch of one take."""

    footage: Footage
    steady: SteadySpan

    @property
    def start(self) -> float:
        """Its start in seconds of the take."""
        return self.steady.start

    @property
    def end(self) -> float:
        """Its end in seconds of the take."""
        return self.steady.end

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.steady.seconds


@dataclass(frozen=True)
class Series:
    """Parts of the same thing in the order of time. `doubt` says why the time that passed from the
    first to the last is not known; None where it is."""

    parts: tuple[SeriesPart, ...]
    doubt: str | None

    @property
    def footages(self) -> tuple[Footage, ...]:
        """Its takes, in order."""
        return tuple(dict.fromkeys(part.footage for part in self.parts))

    @property
    def seconds(self) -> float:
        """Seconds of the footage."""
        return sum(part.seconds for part in self.parts)

    @property
    def disturbed(self) -> float:
        """Share of it in which somebody reached in."""
        return sum(part.steady.disturbed * part.seconds for part in self.parts) / self.seconds

    @property
    def changed(self) -> float:
        """How much other the last picture is than the first, 0..1."""
        first, last = self.parts[0].steady, self.parts[-1].steady
        return round(1 - max(0.0, likeness(first.first, last.last)), 3)

    def passed(self, part: SeriesPart, seconds: float) -> float | None:
        """Time since the series began at `seconds` in the take of `part`; None in doubt."""
        first = self.parts[0]
        if self.doubt:
            return None
        return clock.seconds_between(first.footage, first.start, part.footage, seconds)

    @property
    def elapsed(self) -> float | None:
        """Seconds from its beginning to its end; None in doubt."""
        return self.passed(self.parts[-1], self.parts[-1].end)


def find_series(
    analyses: Mapping[Footage, Analysis], length: float
) -> tuple[list[Series], list[Refusal]]:
    """All that is worth a time-lapse of `length` seconds, what spans most time first, and what was
    left out and why."""
    footages = sort_by_clock(analyses)
    parts: list[SeriesPart] = []
    refused: list[Refusal] = []
    for footage in footages:
        found = find_steady_spans(
            analyses[footage].signals, footage.duration, SHORTEST, footage.first_picture
        )
        parts += [SeriesPart(footage, steady) for steady in found]
        if not found:
            why = f"nothing stays as it is before a still camera for {SHORTEST:g} s"
            refused.append(Refusal(footage, 0.0, footage.duration, why))
    series: list[Series] = []
    for group in _alike(parts):
        takes = list(dict.fromkeys(part.footage for part in group))
        made = Series(tuple(group), clock.clock_doubt(takes))
        if fault := _fault(made, length):
            refused += [Refusal(part.footage, part.start, part.end, fault) for part in group]
        else:
            series.append(made)
    series.sort(key=lambda each: -(each.elapsed or each.seconds))
    return series, sorted(refused, key=lambda each: (str(each.footage.path), each.start))


def _alike(parts: Sequence[SeriesPart]) -> list[list[SeriesPart]]:
    """`parts` in groups of which each part looks as the one before it ended, in the order given."""
    groups: list[list[SeriesPart]] = []
    for part in parts:
        likes = [likeness(group[-1].steady.last, part.steady.first) for group in groups]
        best = max(range(len(groups)), key=lambda i: likes[i], default=None)
        if best is not None and likes[best] >= SAME_THING:
            groups[best].append(part)
        else:
            groups.append([part])
    return groups


def _fault(series: Series, length: float) -> str | None:
    """Why a series makes no time-lapse."""
    if len(series.footages) == 1:
        if series.seconds < HURRIED * length:
            enough = math.floor(series.seconds / HURRIED * 10) / 10
            hint = f" (enough for --length {enough:g})" if enough >= TIMELAPSE_SECONDS.min else ""
            return (
                f"{series.seconds:.0f} steady seconds, less than {HURRIED:g} times the clip's "
                f"{length:g} s{hint}, and no other take shows the same"
            )
        return None
    if series.seconds < LEAST_TOGETHER:
        return f"only {series.seconds:.0f} steady seconds in {len(series.footages)} takes"
    return None
