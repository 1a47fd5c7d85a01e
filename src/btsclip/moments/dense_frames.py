"""Choose where a take needs dense frames, from the signals of glances and sound."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import runs_of_true
from btsclip.moments.belief import MOTION_SECONDS, process_belief, running_mean, shot_edges
from btsclip.signals import STEP, WINDOW, Signals, near

# Belief in work, and mean motion in picture widths a second, from which on rhythm is measured.
MIN_BELIEF = 0.5
MIN_MOTION = 0.02
# Seconds of work that one window of dense frames stands for.
SECONDS_PER_WINDOW = 12.0
# Work shorter than this, in seconds, gets no window.
MIN_WORK_SECONDS = 2.0
# Sounds of a mishap this sure get dense frames for this many seconds before and after.
MIN_SOUND = 0.5
SOUND_MARGIN_SECONDS = 1.5


def needs_dense_frames(signals: Signals) -> NDArray[np.bool_]:
    """Mask (n,) of the steps that need dense frames.

    Glances find work as well as dense frames do (benchmarks/RESULTS.md). They do not show rhythm,
    for which some seconds of each stretch of work are enough, nor how something falls.
    """
    needed = near(np.maximum(signals.clatter, signals.cry), SOUND_MARGIN_SECONDS) >= MIN_SOUND
    for first, last in _rhythm_windows(signals):
        needed[first:last] = True
    return needed


def _rhythm_windows(signals: Signals) -> Iterator[tuple[int, int]]:
    """Windows of lively work in which to measure rhythm: first step, and the one past the last."""
    edges = shot_edges(signals)
    lively = process_belief(signals) >= MIN_BELIEF
    lively &= running_mean(signals.motion, edges, MOTION_SECONDS) >= MIN_MOTION
    width = round(0.9 * WINDOW / STEP)
    for start, end in itertools.pairwise(edges):
        for first, last in runs_of_true(lively[start:end]):
            steps = np.arange(start + first, start + last)
            if len(steps) * STEP < MIN_WORK_SECONDS:
                continue
            count = int(np.ceil(len(steps) * STEP / SECONDS_PER_WINDOW))
            for piece in np.array_split(steps, count):
                middle = int(piece[0]) + max(0, len(piece) - width) // 2
                begin = _next_glance(signals, middle, int(piece[-1]) + 1 - width)
                yield begin, min(int(piece[-1]) + 1, begin + width)


def _next_glance(signals: Signals, step: int, latest: int) -> int:
    """The step of the next glance after `step`, else `step` if that is later than `latest`.

    A window that begins at a glance begins at a keyframe, so that no frame is decoded for nothing.
    """
    after = int(np.searchsorted(signals.thumb_times, signals.times[step] - 1e-6))
    if after == len(signals.thumb_times):
        return step
    glance = int(np.ceil(signals.thumb_times[after] / STEP))
    return glance if glance <= latest else step
