"""Count the strokes of a regular movement in every frame.

Dense frames come about ten a second. Of three sharp strokes a second only every third looks the
same in them, and chopping would count as kneading. So every frame of some seconds of each regular
movement is read.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import Box
from btsclip.intervals import runs_of_true
from btsclip.media import Footage, read_every_frame
from btsclip.signals.model import STEP, Signals
from btsclip.signals.motion import MotionMeter
from btsclip.signals.rhythm import MAX_GAP_SECONDS, WINDOW, measure_rhythm

Array = NDArray[np.floating[Any]]

# Strength of a regular movement.
MIN_STRENGTH = 0.35
# Factor between two successive rates up to which both are of one movement.
MAX_RATE_RATIO = 1.25
# Seconds of a movement for which one count is made.
COUNTED_FOR_SECONDS = 8.0
# Seconds of the shortest movement that is counted.
MIN_MOVEMENT_SECONDS = 2.0
# Seconds in which every frame is read for a count.
READ_SECONDS = WINDOW + 0.4
# Ratio to the count in dense frames from which on the count in every frame replaces it.
MIN_COUNT_RATIO = 1.5
# Frames a second of a take; with fewer, reading all of them shows no more than the dense ones.
MIN_FPS = 14.0


def count_strokes(footage: Footage, signals: Signals) -> Signals:
    """`signals` with the strokes a second (n,) of regular movements counted in every frame."""
    if footage.fps < MIN_FPS:
        return signals
    strokes = signals.strokes.copy()
    for part in _movements(signals):
        dense_count = float(np.median(strokes[part]))
        full_count = _count_in_every_frame(footage, signals, part)
        if full_count >= MIN_COUNT_RATIO * dense_count:
            strokes[part] *= full_count / dense_count
    return replace(signals, strokes=strokes)


def _movements(signals: Signals) -> Iterator[slice]:
    """Parts with one regular movement, each of about COUNTED_FOR_SECONDS at most."""
    regular = (signals.rhythm >= MIN_STRENGTH) & (signals.strokes > 0)
    for first, last in runs_of_true(regular):
        part = signals.strokes[first:last]
        ratio = part[1:] / part[:-1]
        changes = np.flatnonzero((ratio > MAX_RATE_RATIO) | (ratio < 1 / MAX_RATE_RATIO)) + 1
        edges = [first, *(first + int(change) for change in changes), last]
        for start, end in itertools.pairwise(edges):
            count = max(1, round((end - start) * STEP / COUNTED_FOR_SECONDS))
            for piece in np.array_split(np.arange(start, end), count):
                if len(piece) * STEP >= MIN_MOVEMENT_SECONDS:
                    yield slice(int(piece[0]), int(piece[-1]) + 1)


def _count_in_every_frame(footage: Footage, signals: Signals, part: slice) -> float:
    """Strokes a second in the middle of `part`, by every frame; 0 if they are not regular."""
    middle = (part.start + part.stop) / 2 * STEP
    start = max(0.0, middle - READ_SECONDS / 2)
    box = _usual_hand_box(signals, part)
    meter, times, drift = MotionMeter(), [], []
    for frame in read_every_frame(footage, (start, start + READ_SECONDS)):
        motion = meter.update(frame)
        if motion:
            times.append(motion.time)
            drift.append(motion.drift(box))
    if not times or max(np.diff(times), default=1.0) > MAX_GAP_SECONDS:
        return 0.0
    strength, rate = measure_rhythm(
        np.array([middle]), times, drift, (), min(footage.fps, 1 / float(np.median(np.diff(times))))
    )
    return float(rate[0]) if strength[0] >= MIN_STRENGTH else 0.0


def _usual_hand_box(signals: Signals, part: slice) -> Box | None:
    """The median box around the hands in `part`; None without hands."""
    boxes = signals.hand_box[part]
    known = boxes[~np.isnan(boxes[:, 0])]
    if not len(known):
        return None
    x, y, width, height = (float(value) for value in np.median(known, axis=0))
    return x, y, width, height
