"""Where a clip ends: on something done, and not long after it; others at rests in the motion.

A movement that has come to rest says that something is done. The rest is shown for a moment; a
finished dish that stands still for seconds, or a place that the hands have left, is no end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span, windows
from btsclip.planning.opening import FIRST_SECONDS
from btsclip.planning.work_in_view import WorkInView
from btsclip.signals import Looks

# Motion below this share of the mean motion near an end is a rest.
MAX_REST_MOTION = 0.7
# Times (a tenth of a second each) before an end in which something was done.
DONE_STEPS = 8
# Worth of rest after full motion: as much as a second and a half of work.
DONE_WORTH = 0.6
# What every second of work costs that is left out or added, and every idle second that is shown,
# except for the first SHOWN_REST of each rest. They cost the same: a movement after a long rest is
# shown if it lasts longer.
WORK_COST = 0.4
IDLE_COST = 0.4
SHOWN_REST = 1.0


def best_end(shown: WorkInView, clip: Span, room: Span, borders: Sequence[float] = ()) -> float:
    """The best time in `room` to end a `clip` that would end at its end.

    A movement has come to rest there, and what is idle afterwards is left out. The end itself where
    nothing is better. Of a shot that begins at one of the `borders`, FIRST_SECONDS are shown or
    nothing.
    """
    times, end = shown.times, clip[1]
    inside = (times >= room[0]) & (times <= room[1])
    for border in borders:
        inside &= (times <= border) | (times >= border + FIRST_SECONDS)
    if not inside.any():
        return end
    stay = int(np.abs(times - end).argmin())
    idle = IDLE_COST * shown.seconds_of(shown.idle_before > SHOWN_REST)
    worked = shown.seconds_of(~shown.idle)
    worth = DONE_WORTH * _done(shown) - WORK_COST * np.abs(worked - worked[stay]) - idle
    best = int(np.where(inside, worth, -np.inf).argmax())
    return float(times[best]) if worth[best] > -idle[stay] else end


def _done(shown: WorkInView) -> NDArray[np.floating[Any]]:
    """How surely a movement has come to rest at each time (n,), 0 to 1."""
    motion = shown.motion
    mean = float(motion[~shown.idle].mean()) if not shown.idle.all() else 0.0
    if not mean:
        return np.zeros(len(motion))
    before = windows(motion, DONE_STEPS, -1, 0.0).max(1)
    rests = motion < MAX_REST_MOTION * mean
    return np.asarray(rests * np.clip((before - motion) / mean, 0, 1))


def find_rest(looks: Looks, time: float, room: Span) -> float:
    """The time of least motion in `room`, or `time` itself where the motion is even."""
    inside = (looks.times >= room[0]) & (looks.times <= room[1])
    if not inside.any():
        return time
    best = int(np.where(inside, looks.motion, np.inf).argmin())
    is_rest = looks.motion[best] < MAX_REST_MOTION * float(looks.motion.mean())
    return float(looks.times[best]) if is_rest else time
