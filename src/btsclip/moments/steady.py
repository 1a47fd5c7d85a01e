"""Steady stretches: something simmers, proofs or bakes before a camera that stands still.

They are what the cuts leave out, and what a time-lapse is made of.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import runs_of_true
from btsclip.moments.belief import CAMERA_RANGE, MOTION_RANGE, hand_belief, running_mean, shot_edges
from btsclip.moments.select import BRIGHTEST, DARKEST
from btsclip.signals.model import STEP, Array, Signals

# Seconds over which motion is taken: bubbles burst, steam drifts by.
SECONDS = 3.0
# Somebody who stirs or looks in for no longer than this, in seconds, does not end a stretch, if the
# picture is the same afterwards.
BREAK = 20.0
# Likeness of two small pictures from which on they show the same thing from the same place, and
# that from which on nothing but what it shows has changed.
SAME_THING, SAME_PLACE = 0.6, 0.85
# Grey levels by which a small picture must vary to show anything.
FLAT = 3.0


@dataclass(frozen=True, eq=False)
class SteadySpan:
    """A steady stretch in seconds of its footage. `disturbed` is the share of it in which somebody
    reached in; `first` and `last` (9, 16) are small grey pictures of its ends."""

    start: float
    end: float
    motion: float
    camera: float
    disturbed: float
    first: Array
    last: Array

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.end - self.start


def steady_stretches(
    signals: Signals, duration: float, least: float, first_picture: float = 0.0
) -> list[SteadySpan]:
    """All stretches of at least `least` seconds, in order, from the `first_picture` of the footage
    on. Each lies within one shot."""
    calm = _calm(signals)
    found = []
    for first, last in pairwise(shot_edges(signals)):
        for start, stop in _joined(_runs(calm, first, last), signals):
            part = slice(start, stop)
            begin, end = max(first_picture, start * STEP), min(duration, stop * STEP)
            if end - begin >= least:
                found.append(
                    SteadySpan(
                        start=round(begin, 3),
                        end=round(end, 3),
                        motion=round(float(np.median(signals.motion[part])), 4),
                        camera=round(float(np.median(signals.camera[part])), 4),
                        disturbed=round(float(1 - calm[part].mean()), 3),
                        first=picture_at(signals, begin),
                        last=picture_at(signals, end),
                    )
                )
    return found


def likeness(a: Array, b: Array) -> float:
    """How alike two small grey pictures are, -1..1, whatever their brightness and contrast."""
    flat = [float(each.std()) < FLAT for each in (a, b)]
    if any(flat):
        return 1.0 if all(flat) else 0.0
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def picture_at(signals: Signals, time: float) -> Array:
    """The small picture (9, 16) that was taken nearest to `time`."""
    nearest = int(np.abs(signals.thumb_times - time).argmin())
    return np.asarray(signals.thumbs[nearest], float)


def _calm(signals: Signals) -> NDArray[np.bool_]:
    """Where (n,) little moves, nobody works, the camera stands still and something is seen."""
    edges = shot_edges(signals)
    motion = running_mean(signals.motion, edges, SECONDS)
    worked = (hand_belief(signals) >= 0.5) & (motion > MOTION_RANGE[0])
    return np.asarray(
        ~worked
        & (motion < MOTION_RANGE[1])
        & (running_mean(signals.camera, edges, SECONDS) < CAMERA_RANGE[0])
        & (signals.exposure >= DARKEST)
        & (signals.exposure <= BRIGHTEST)
    )


def _runs(calm: NDArray[np.bool_], first: int, last: int) -> list[tuple[int, int]]:
    """From where to where in first..last it is `calm`."""
    return [(first + start, first + stop) for start, stop in runs_of_true(calm[first:last])]


def _joined(runs: list[tuple[int, int]], signals: Signals) -> list[tuple[int, int]]:
    """`runs` without short breaks between them after which all is as it was."""
    joined: list[tuple[int, int]] = []
    for start, stop in runs:
        if joined:
            before = picture_at(signals, (joined[-1][1] - 1) * STEP)
            brief = (start - joined[-1][1]) * STEP <= BREAK
            if brief and likeness(before, picture_at(signals, start * STEP)) >= SAME_PLACE:
                joined[-1] = (joined[-1][0], stop)
                continue
        joined.append((start, stop))
    return joined
