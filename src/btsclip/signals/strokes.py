"""How many strokes a second a regular movement really makes.

Dense frames are about ten a second: of three sharp strokes in a second, seen so, only every third
looks the same, and chopping would count as kneading. So each regular movement is looked at once
more, for some seconds, in every frame.
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
from btsclip.media.footage import Footage
from btsclip.media.frames import read_every_frame
from btsclip.signals.motion import MotionMeter
from btsclip.signals.rhythm import GAP, WINDOW, measure_rhythm
from btsclip.signals.series import STEP, Signals

Array = NDArray[np.floating[Any]]

# From this strength on a movement is regular; rates that differ by less than this factor are of
# one movement.
REGULAR, ALIKE = 0.35, 1.25
# Seconds of one movement that a look speaks for, the fewest that are looked at, and those of a
# look.
SPEAKS_FOR, SHORTEST, LOOK = 8.0, 2.0, WINDOW + 0.4
# A movement has at least so many times the strokes before it is another count.
MORE = 1.5
# Fewer frames a second than this tell no more than the dense ones.
ENOUGH = 14.0


def count_strokes(footage: Footage, signals: Signals) -> Signals:
    """`signals` with the strokes a second (n,) counted in every frame, where a movement is
    regular."""
    if footage.fps < ENOUGH:
        return signals
    strokes = signals.strokes.copy()
    for part in _movements(signals):
        told = float(np.median(strokes[part]))
        counted = _counted(footage, signals, part)
        if counted >= MORE * told:
            strokes[part] *= counted / told
    return replace(signals, strokes=strokes)


def _movements(signals: Signals) -> Iterator[slice]:
    """Stretches of one regular movement, SPEAKS_FOR seconds long at most."""
    regular = (signals.rhythm >= REGULAR) & (signals.strokes > 0)
    for first, last in runs_of_true(regular):
        part = signals.strokes[first:last]
        ratio = part[1:] / part[:-1]
        changes = np.flatnonzero((ratio > ALIKE) | (ratio < 1 / ALIKE)) + 1
        edges = [first, *(first + int(change) for change in changes), last]
        for start, end in itertools.pairwise(edges):
            count = max(1, round((end - start) * STEP / SPEAKS_FOR))
            for piece in np.array_split(np.arange(start, end), count):
                if len(piece) * STEP >= SHORTEST:
                    yield slice(int(piece[0]), int(piece[-1]) + 1)


def _counted(footage: Footage, signals: Signals, part: slice) -> float:
    """Strokes a second in the middle of `part` by every frame; 0 where none are regular."""
    middle = (part.start + part.stop) / 2 * STEP
    start = max(0.0, middle - LOOK / 2)
    box = _box(signals, part)
    meter, times, drift = MotionMeter(), [], []
    for frame in read_every_frame(footage, (start, start + LOOK)):
        motion = meter.update(frame)
        if motion:
            times.append(motion.time)
            drift.append(motion.drift(box))
    if not times or max(np.diff(times), default=1.0) > GAP:
        return 0.0
    strength, rate = measure_rhythm(
        np.array([middle]), times, drift, (), min(footage.fps, 1 / float(np.median(np.diff(times))))
    )
    return float(rate[0]) if strength[0] >= REGULAR else 0.0


def _box(signals: Signals, part: slice) -> Box | None:
    """The usual box about the hands in `part`; None where none are seen."""
    boxes = signals.hand_box[part]
    seen = boxes[~np.isnan(boxes[:, 0])]
    if not len(seen):
        return None
    x, y, width, height = (float(value) for value in np.median(seen, axis=0))
    return x, y, width, height
