"""Where a take is worth a close look, by what glances at it and its sound tell."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import runs_of_true
from btsclip.moments.belief import MOTION_SECONDS, process_belief, running_mean, shot_edges
from btsclip.signals.model import STEP, Signals, near
from btsclip.signals.rhythm import WINDOW

# Belief in work, and mean speed in widths a second, from which on its rhythm is looked for.
SURE, MOVES = 0.5, 0.02
# Seconds of work that one look at its rhythm speaks for, and the shortest that is looked at.
SPEAKS_FOR, SHORTEST = 12.0, 2.0
# Sounds of a mishap this sure are looked at for so many seconds before and after.
HEARD, AROUND = 0.5, 1.5


def needs_dense_frames(signals: Signals) -> NDArray[np.bool_]:
    """Where (n,) dense frames are wanted, from signals of glances and sound.

    Glances alone tell where work is as well as dense frames do (benchmarks/RESULTS.md). What they
    cannot tell is a rhythm, for which some seconds of every stretch of work are enough, and how
    something falls.
    """
    wanted = near(np.maximum(signals.clatter, signals.cry), AROUND) >= HEARD
    for first, last in _rhythm_windows(signals):
        wanted[first:last] = True
    return wanted


def _rhythm_windows(signals: Signals) -> Iterator[tuple[int, int]]:
    """Steps, first and one past the last, of the looks at the rhythm of lively work."""
    edges = shot_edges(signals)
    lively = process_belief(signals) >= SURE
    lively &= running_mean(signals.motion, edges, MOTION_SECONDS) >= MOVES
    width = round(0.9 * WINDOW / STEP)
    for start, end in itertools.pairwise(edges):
        for first, last in runs_of_true(lively[start:end]):
            steps = np.arange(start + first, start + last)
            if len(steps) * STEP < SHORTEST:
                continue
            for piece in np.array_split(steps, int(np.ceil(len(steps) * STEP / SPEAKS_FOR))):
                middle = int(piece[0]) + max(0, len(piece) - width) // 2
                begin = _at_glance(signals, middle, int(piece[-1]) + 1 - width)
                yield begin, min(int(piece[-1]) + 1, begin + width)


def _at_glance(signals: Signals, step: int, latest: int) -> int:
    """The step of the next glance after `step`, up to `latest`: what comes between a keyframe and
    the first frame that is wanted would be decoded for nothing."""
    after = int(np.searchsorted(signals.thumb_times, signals.times[step] - 1e-6))
    if after == len(signals.thumb_times):
        return step
    glance = int(np.ceil(signals.thumb_times[after] / STEP))
    return glance if glance <= latest else step
