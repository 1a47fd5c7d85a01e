"""Lulls: stretches of a clip in which little happens and nobody speaks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span, gaps, runs_of_true
from btsclip.moments.belief import MOTION_RANGE, process_belief, shot_edges
from btsclip.signals import STEP, Signals, near

# Seconds from which on a pause is a lull. A shorter one belongs to the rhythm of the work.
MIN_LULL_SECONDS = 1.0
# A movement between two rests that lasts no longer than this, in seconds, does not separate them.
MAX_MOVEMENT_SECONDS = 0.5
# Belief in work below which nobody works.
MIN_WORK_BELIEF = 0.5
# Share of the shot's lively motion (its upper quartile, at most fast motion) below which the work
# rests, unless the movement is this regular.
REST_SHARE = 0.4
MIN_REGULARITY = 0.35
# Voice from which on somebody speaks, and the seconds around it that count as speech, too.
MIN_VOICE = 0.3
VOICE_MARGIN_SECONDS = 0.5


def find_lulls(signals: Signals, span: Span) -> list[Span]:
    """The lulls of a clip over `span`, in order, in seconds of the footage."""
    part = signals.between(*span)
    rests = _is_slow(signals, part) & (signals.rhythm[part] < MIN_REGULARITY)
    quiet = rests | (process_belief(signals)[part] < MIN_WORK_BELIEF)
    quiet = _fill_short_movements(quiet)
    quiet &= near(signals.voice, VOICE_MARGIN_SECONDS)[part] < MIN_VOICE
    times = signals.times[part]
    lulls = []
    for first, last in runs_of_true(quiet):
        start = max(span[0], float(times[first]))
        end = min(span[1], float(times[last - 1]) + STEP)
        if end - start >= MIN_LULL_SECONDS:
            lulls.append((round(start, 3), round(end, 3)))
    return lulls


def _is_slow(signals: Signals, part: slice) -> NDArray[np.bool_]:
    """Mask of the steps in `part` with little motion for their shot.

    Shots are compared with themselves only, so that calm work beside a wild pan is not a lull.
    """
    motion, masks = signals.motion[part], []
    for first, last in pairwise(shot_edges(signals)):
        shot = motion[max(0, first - part.start) : max(0, last - part.start)]
        if len(shot):
            limit = REST_SHARE * float(np.percentile(shot, 75))
            masks.append(shot < np.clip(limit, MOTION_RANGE[0], REST_SHARE * MOTION_RANGE[1]))
    return np.concatenate(masks)


def _fill_short_movements(quiet: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """`quiet` (n,) with short movements between two rests counted as rest.

    A clip must not speed up, slow down and speed up again within a second.
    """
    result = quiet.copy()
    for first, last in gaps(quiet):
        if (last - first) * STEP <= MAX_MOVEMENT_SECONDS:
            result[first:last] = True
    return result
