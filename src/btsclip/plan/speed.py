"""How fast a clip runs: seconds of the source to seconds on the screen, and back, exactly.

Speed is a factor over source time, joined by straight lines. On a stretch where it goes from v0 at
s0 with slope k, a source second takes 1/v seconds of screen, so that

    shown(s) = shown(s0) + log(1 + k (s - s0) / v0) / k,  and with k = 0  (s - s0) / v0.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# Slowest and fastest factor: slower, and few source frames are left; the other is a day in five
# seconds.
SLOWEST, FASTEST = 0.25, 20_000.0
# Relative change of speed over a stretch below which it is taken for even.
EVEN = 1e-9


@dataclass(frozen=True)
class SpeedRamp:
    """A part of a clip: from `start` to `end`, in source seconds from the clip's start, speed goes
    straight from `first` to `last`; `shown` is when it begins on the screen."""

    start: float
    end: float
    first: float
    last: float
    shown: float

    @property
    def slope(self) -> float:
        """Change of the factor per source second; 0 for one that is even."""
        change = self.last - self.first
        return change / (self.end - self.start) if abs(change) > EVEN * self.first else 0.0

    def shown_at(self, source: float) -> float:
        """Seconds on the screen at `source`, which may lie beyond the stretch when it is even."""
        past = source - self.start
        if not self.slope:
            return self.shown + past / self.first
        return self.shown + math.log1p(self.slope * past / self.first) / self.slope

    def source_at(self, shown: float) -> float:
        """The inverse of `shown_at`."""
        past = shown - self.shown
        if not self.slope:
            return self.start + past * self.first
        return self.start + self.first * math.expm1(self.slope * past) / self.slope


@dataclass(frozen=True)
class TimeMap:
    """Stretches without gaps over a whole clip; before and after it the speed stays as it is."""

    stretches: tuple[SpeedRamp, ...]

    @classmethod
    def of(cls, speeds: Sequence[tuple[float, float]], start: float, end: float) -> TimeMap:
        """The map of a clip from `start` to `end` with `speeds` of (source time, factor) in the
        order of time; two of the same time are a jump, none is the speed of life."""
        keys = [(time - start, factor) for time, factor in speeds]
        inner = [key for key in keys if 0 < key[0] < end - start]
        opening, ending = _factor(keys, 0.0, True), _factor(keys, end - start, False)
        keys = [(0.0, opening), *inner, (end - start, ending)]
        stretches: list[SpeedRamp] = []
        shown = 0.0
        for (t0, first), (t1, last) in pairwise(keys):
            if t1 > t0:
                stretches.append(SpeedRamp(t0, t1, first, last, shown))
                shown = stretches[-1].shown_at(t1)
        return cls(tuple(stretches))

    @property
    def plain(self) -> bool:
        """Whether everything runs at the speed of life."""
        return all(part.first == part.last == 1.0 for part in self.stretches)

    @property
    def slowest(self) -> float:
        """The least factor anywhere."""
        return min(min(part.first, part.last) for part in self.stretches)

    @property
    def seconds(self) -> float:
        """Seconds on the screen in all."""
        last = self.stretches[-1]
        return last.shown_at(last.end)

    def shown(self, source: float) -> float:
        """When `source` is seen; both in seconds from the clip's start."""
        if source <= 0:
            return source / self.stretches[0].first
        last = self.stretches[-1]
        if source >= last.end:
            return self.seconds + (source - last.end) / last.last
        starts = [part.start for part in self.stretches]
        return self.stretches[bisect_right(starts, source) - 1].shown_at(source)

    def source(self, shown: float) -> float:
        """What is seen at `shown`: the inverse of `shown`."""
        if shown <= 0:
            return shown * self.stretches[0].first
        last = self.stretches[-1]
        if shown >= self.seconds:
            return last.end + (shown - self.seconds) * last.last
        starts = [part.shown for part in self.stretches]
        return self.stretches[bisect_right(starts, shown) - 1].source_at(shown)


def _factor(keys: Sequence[tuple[float, float]], at: float, after: bool) -> float:
    """The factor at the time `at`; of a jump there, the one `after` or before it."""
    if not keys:
        return 1.0
    later = [i for i, (time, _) in enumerate(keys) if time > at or (time == at and not after)]
    index = later[0] if later else len(keys)
    if index == 0 or index == len(keys):
        return keys[max(0, index - 1)][1]
    (t0, first), (t1, last) = keys[index - 1], keys[index]
    return first + (last - first) * (at - t0) / (t1 - t0)
