"""The speed of a clip: seconds of the source to seconds on the screen and back, exactly.

Speed is a factor over source time, joined by straight lines. On a ramp that starts with v0 at s0
and has the slope k, a source second takes 1/v seconds on the screen, so that

    shown(s) = shown(s0) + log(1 + k (s - s0) / v0) / k,  and with k = 0  (s - s0) / v0.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# Below this factor, too few source frames are left.
MIN_SPEED = 0.25
# With this factor, a day takes five seconds.
MAX_SPEED = 20_000.0
# Relative change of speed over a ramp below which the speed counts as even.
MIN_CHANGE = 1e-9


@dataclass(frozen=True)
class SpeedRamp:
    """A part of a clip in which the speed changes in a straight line from `first` to `last`.

    `start` and `end` are in source seconds from the clip's start, `shown` is the start in seconds
    on the screen.
    """

    start: float
    end: float
    first: float
    last: float
    shown: float

    @property
    def slope(self) -> float:
        """Change of the factor per source second; 0 for an even speed."""
        change = self.last - self.first
        return change / (self.end - self.start) if abs(change) > MIN_CHANGE * self.first else 0.0

    def shown_at(self, source: float) -> float:
        """Seconds on the screen at `source`, which may be beyond a ramp of even speed."""
        seconds = source - self.start
        if not self.slope:
            return self.shown + seconds / self.first
        return self.shown + math.log1p(self.slope * seconds / self.first) / self.slope

    def source_at(self, shown: float) -> float:
        """The inverse of `shown_at`."""
        seconds = shown - self.shown
        if not self.slope:
            return self.start + seconds * self.first
        return self.start + self.first * math.expm1(self.slope * seconds) / self.slope


@dataclass(frozen=True)
class TimeMap:
    """Speed ramps over a complete clip. Before and after it the speed is even.

    Between two of them, source seconds may be left out: these take no time on the screen.

    >>> TimeMap.of([(3, 2.0)], 3, 8).shown(4)
    2.0
    """

    stretches: tuple[SpeedRamp, ...]

    @classmethod
    def of(cls, speeds: Sequence[tuple[float, float]], start: float, end: float) -> TimeMap:
        """The map of a clip from `start` to `end` seconds of the source.

        `speeds` are keys (source time, factor) in the order of time. Two keys of the same time are
        a jump. Without keys the speed is 1.
        """
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

    @classmethod
    def joined(
        cls, speeds: Sequence[tuple[float, float]], spans: Sequence[tuple[float, float]]
    ) -> TimeMap:
        """As `of`, of a clip that shows only the ascending `spans` of the source.

        >>> TimeMap.joined([], [(3, 5), (8, 9)]).shown(6)
        3.0
        """
        stretches: list[SpeedRamp] = []
        shown = 0.0
        for start, end in spans:
            part = cls.of(speeds, start, end)
            later = start - spans[0][0]
            stretches += [
                SpeedRamp(r.start + later, r.end + later, r.first, r.last, r.shown + shown)
                for r in part.stretches
            ]
            shown += part.seconds
        return cls(tuple(stretches))

    @property
    def plain(self) -> bool:
        """Whether the complete clip has the speed 1."""
        return all(part.first == part.last == 1.0 for part in self.stretches)

    @property
    def slowest(self) -> float:
        """The lowest factor of the clip."""
        return min(min(part.first, part.last) for part in self.stretches)

    @property
    def seconds(self) -> float:
        """Seconds of the complete clip on the screen."""
        last = self.stretches[-1]
        return last.shown_at(last.end)

    def shown(self, source: float) -> float:
        """The time on the screen of `source`, both in seconds from the clip's start."""
        if source <= 0:
            return source / self.stretches[0].first
        last = self.stretches[-1]
        if source >= last.end:
            return self.seconds + (source - last.end) / last.last
        starts = [part.start for part in self.stretches]
        part = self.stretches[bisect_right(starts, source) - 1]
        return part.shown_at(min(source, part.end))

    def source(self, shown: float) -> float:
        """The source time at `shown` on the screen: the inverse of `shown`."""
        if shown <= 0:
            return shown * self.stretches[0].first
        last = self.stretches[-1]
        if shown >= self.seconds:
            return last.end + (shown - self.seconds) * last.last
        starts = [part.shown for part in self.stretches]
        return self.stretches[bisect_right(starts, shown) - 1].source_at(shown)


def _factor(keys: Sequence[tuple[float, float]], at: float, after: bool) -> float:
    """The factor at the time `at`; at a jump, the factor `after` it or before it."""
    if not keys:
        return 1.0
    later = [i for i, (time, _) in enumerate(keys) if time > at or (time == at and not after)]
    index = later[0] if later else len(keys)
    if index == 0 or index == len(keys):
        return keys[max(0, index - 1)][1]
    (t0, first), (t1, last) = keys[index - 1], keys[index]
    return first + (last - first) * (at - t0) / (t1 - t0)
