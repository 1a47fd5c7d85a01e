"""The ends of clips moved to where the motion rests: a clip neither begins nor ends amid a stroke.

The analysis of a take only glances at most of it, so the motion about each end is read anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from btsclip.analysis.cache import SignalCache
from btsclip.media.footage import Footage
from btsclip.moments.select import Cut
from btsclip.moments.trim import BORDER_REACH
from btsclip.signals.model import Signals
from btsclip.signals.motion import MotionAbout, measure_motion_about

# Seconds by which an end may move, and share of the usual motion about it below which it rests.
REACH, RESTS = 0.6, 0.7

Lengths = tuple[float, float, float]


def align_to_rests(
    cuts: Sequence[Cut], signals: Mapping[Footage, Signals], lengths: Lengths
) -> list[Cut]:
    """`cuts` with those ends that lie at no border of a shot moved to a rest in the motion, where
    there is one near; each stays within `lengths` (least, target, most seconds)."""
    return [_at_rests(cut, signals[cut.footage].borders, lengths) for cut in cuts]


def _at_rests(cut: Cut, borders: Sequence[float], lengths: Lengths) -> Cut:
    least, _, most = lengths
    start, end, take = cut.start, cut.end, cut.footage
    if not _taken((take.first_picture, *borders), start):
        low = max(take.first_picture, start - REACH, end - most)
        start = _rest(take, start, low, min(start + REACH, end - least))
    if not _taken((*borders, take.duration), end):
        low = max(end - REACH, start + least)
        end = _rest(take, end, low, min(take.duration, end + REACH, start + most))
    return replace(cut, start=round(start, 3), end=round(end, 3))


def _taken(borders: Sequence[float], time: float) -> bool:
    """Whether one of `borders` is so near that the end is there, or would reach across it."""
    return any(abs(border - time) <= BORDER_REACH + REACH for border in borders)


def _rest(take: Footage, time: float, low: float, high: float) -> float:
    """The time of least motion in low..high; `time` itself where the motion is even."""
    about = _motion_about(take, time)
    inside = (about.times >= low) & (about.times <= high)
    if not inside.any():
        return time
    best = int(np.where(inside, about.local, np.inf).argmin())
    rests = about.local[best] < RESTS * float(about.local.mean())
    return float(about.times[best]) if rests else time


def _motion_about(take: Footage, time: float) -> MotionAbout:
    """Motion within REACH of `time`. What was seen before is kept."""
    parameters = {"time": round(time, 3), "picture": take.picture}
    return SignalCache().get_or_make(
        take, parameters, MotionAbout, lambda: measure_motion_about(take, time, REACH)
    )
