"""Where the picture of a take is far worse than the take's own normal: darker, blurrier, emptier.

A hand before the lens, a lamp that goes out, a fade from black: work may be believed there, and
nobody can see it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from btsclip.moments.select import BLURRIEST, DARKEST
from btsclip.moments.steady import FLAT
from btsclip.signals.model import Array, Signals

# Shares of what is usual in a take below which a picture is far darker, blurrier or emptier.
MIN_LIGHT, MIN_SHARPNESS, MIN_DETAIL = 0.33, 0.25, 0.3
# Light (0..1), sharpness (see signals/quality.py) and grey levels of variation from which on a
# picture is good enough, whatever is usual: shots of one take differ a lot.
GOOD_LIGHT, GOOD_SHARPNESS, GOOD_DETAIL = 0.15, 0.004, 10.0


@dataclass(frozen=True)
class UnclearSpan:
    """From `start` to `end`, in seconds of the take, the picture is far worse than usual, in these
    `ways`: darker, blurrier, emptier."""

    start: float
    end: float
    ways: frozenset[str]

    @property
    def why(self) -> str:
        """The same in words."""
        return f"the picture is far {' and '.join(sorted(self.ways))} than most of the take"


def unclear_spans(signals: Signals, duration: float) -> list[UnclearSpan]:
    """All stretches whose pictures are far worse than usual, in order. Each reaches to the nearest
    pictures that are not, or to its shot's borders: what lies between was not looked at."""
    at = signals.thumb_times
    step = np.clip(np.searchsorted(signals.times, at + 1e-6) - 1, 0, len(signals.times) - 1)
    light, sharpness = signals.exposure[step], signals.sharpness[step]
    detail = signals.thumbs.reshape(len(at), -1).astype(float).std(axis=1)
    # What shows nothing at all says nothing of what is usual.
    lit = light >= DARKEST
    worse = {
        "darker": light < _limit(light[lit], MIN_LIGHT, DARKEST, GOOD_LIGHT),
        "blurrier": sharpness < _limit(sharpness[lit], MIN_SHARPNESS, BLURRIEST, GOOD_SHARPNESS),
        "emptier": detail < _limit(detail[lit], MIN_DETAIL, FLAT, GOOD_DETAIL),
    }
    edges = np.array([0.0, *signals.borders, duration])
    found: list[UnclearSpan] = []
    for i in np.flatnonzero(np.any(list(worse.values()), axis=0)):
        before = at[i - 1] if i else 0.0
        after = at[i + 1] if i + 1 < len(at) else duration
        start = max(before, edges[edges <= at[i]].max(initial=0.0))
        end = min(after, edges[edges > at[i]].min(initial=duration))
        ways = {word for word, pictures in worse.items() if pictures[i]}
        if found and found[-1].end >= start:
            last = found.pop()
            start, ways = last.start, ways | last.ways
        found.append(UnclearSpan(float(start), float(end), frozenset(ways)))
    return found


def _limit(usual: Array, share: float, low: float, good: float) -> float:
    """The value below which a picture is far worse than `usual` ones: never below `low`, which
    shows nothing, nor above what is `good`."""
    middle = float(np.median(usual)) if len(usual) else 0.0
    return max(low, min(share * middle, good))
