"""Stretches inside a clip in which little goes on."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span, gaps, runs_of_true
from btsclip.moments.belief import MOTION_RANGE, process_belief, shot_edges
from btsclip.signals.model import STEP, Signals, near

# A pause in the work shorter than this, in seconds, is part of its rhythm.
SHORTEST = 1.0
# A movement between two rests that is no longer than this, in seconds, does not part them.
GAP = 0.5
# Below this belief nothing is worked on; below this share of the shot's lively motion (its upper
# quartile, at most what counts as fast), and without a regular movement, it rests.
UNSURE, AT_REST, REGULAR = 0.5, 0.4, 0.35
# A voice this sure is speech, and so is what lies within this many seconds of it.
VOICE, NEAR_VOICE = 0.3, 0.5


def find_lulls(signals: Signals, span: Span) -> list[Span]:
    """The lulls of a clip over `span`, in seconds of the footage and in order. No voice is heard in
    them."""
    part = signals.between(*span)
    rests = _slow(signals, part) & (signals.rhythm[part] < REGULAR)
    quiet = rests | (process_belief(signals)[part] < UNSURE)
    quiet = _without_gaps(quiet)
    quiet &= near(signals.voice, NEAR_VOICE)[part] < VOICE
    times = signals.times[part]
    found = []
    for first, last in runs_of_true(quiet):
        start = max(span[0], float(times[first]))
        end = min(span[1], float(times[last - 1]) + STEP)
        if end - start >= SHORTEST:
            found.append((round(start, 3), round(end, 3)))
    return found


def _slow(signals: Signals, part: slice) -> NDArray[np.bool_]:
    """Where in `part` little moves, beside what moves in the same shot: calm work is no lull for
    being cut together with a wild pan."""
    motion, slow = signals.motion[part], []
    for first, last in pairwise(shot_edges(signals)):
        shot = motion[max(0, first - part.start) : max(0, last - part.start)]
        if len(shot):
            lively = AT_REST * float(np.percentile(shot, 75))
            slow.append(shot < np.clip(lively, MOTION_RANGE[0], AT_REST * MOTION_RANGE[1]))
    return np.concatenate(slow)


def _without_gaps(quiet: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """`quiet` (n,) with short movements between two rests taken for rest, too: a clip must not
    hurry, slow down and hurry again within a second."""
    result = quiet.copy()
    for first, last in gaps(quiet):
        if (last - first) * STEP <= GAP:
            result[first:last] = True
    return result
