"""Find unclear spans, far darker, blurrier or emptier than the rest of their take.

A hand in front of the lens, a lamp that goes out, a fade from black: there may be work, but nobody
can see it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from btsclip.moments.select import MIN_EXPOSURE, MIN_SHARPNESS
from btsclip.signals import MIN_DETAIL, Array, Signals

# Shares of the take's median below which a picture is far darker, blurrier or emptier.
EXPOSURE_SHARE = 0.33
SHARPNESS_SHARE = 0.25
DETAIL_SHARE = 0.3
# Exposure (0..1), sharpness (see signals/quality.py) and standard deviation in gray levels from
# which on a picture is good enough, whatever the median: shots of one take differ a lot.
GOOD_EXPOSURE = 0.15
GOOD_SHARPNESS = 0.004
GOOD_DETAIL = 10.0


@dataclass(frozen=True)
class UnclearSpan:
    """A span, in seconds of the take, whose picture is far worse than usual in the `ways` darker,
    blurrier or emptier."""

    start: float
    end: float
    ways: frozenset[str]

    @property
    def why(self) -> str:
        """The reason in words."""
        return f"the picture is far {' and '.join(sorted(self.ways))} than most of the take"


def find_unclear_spans(signals: Signals, duration: float) -> list[UnclearSpan]:
    """All unclear spans, in order.

    Each reaches to the nearest clear picture or shot border on both sides, because nobody knows the
    pictures between.
    """
    times = signals.thumb_times
    step = np.clip(np.searchsorted(signals.times, times + 1e-6) - 1, 0, len(signals.times) - 1)
    exposure, sharpness = signals.exposure[step], signals.sharpness[step]
    detail = signals.thumbs.reshape(len(times), -1).astype(float).std(axis=1)
    # Black pictures do not count for the median.
    lit = exposure >= MIN_EXPOSURE
    worse = {
        "darker": exposure < _limit(exposure[lit], EXPOSURE_SHARE, MIN_EXPOSURE, GOOD_EXPOSURE),
        "blurrier": sharpness
        < _limit(sharpness[lit], SHARPNESS_SHARE, MIN_SHARPNESS, GOOD_SHARPNESS),
        "emptier": detail < _limit(detail[lit], DETAIL_SHARE, MIN_DETAIL, GOOD_DETAIL),
    }
    edges = np.array([0.0, *signals.borders, duration])
    spans: list[UnclearSpan] = []
    for i in np.flatnonzero(np.any(list(worse.values()), axis=0)):
        before = times[i - 1] if i else 0.0
        after = times[i + 1] if i + 1 < len(times) else duration
        start = max(before, edges[edges <= times[i]].max(initial=0.0))
        end = min(after, edges[edges > times[i]].min(initial=duration))
        ways = {way for way, mask in worse.items() if mask[i]}
        if spans and spans[-1].end >= start:
            last = spans.pop()
            start, ways = last.start, ways | last.ways
        spans.append(UnclearSpan(float(start), float(end), frozenset(ways)))
    return spans


def _limit(usual: Array, share: float, min_limit: float, max_limit: float) -> float:
    """`share` of the median of `usual`, between `min_limit` and `max_limit`.

    Every picture below `min_limit` shows nothing; every picture above `max_limit` is good.
    """
    median = float(np.median(usual)) if len(usual) else 0.0
    return max(min_limit, min(share * median, max_limit))
