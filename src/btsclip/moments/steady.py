"""Find steady spans: something simmers, proofs or bakes in front of a still camera.

Cuts leave them out; time-lapses are made of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import runs_of_true
from btsclip.moments.belief import (
    CAMERA_RANGE,
    MIN_HAND_BELIEF,
    MOTION_RANGE,
    hand_belief,
    running_mean,
    shot_edges,
)
from btsclip.moments.select import MAX_EXPOSURE, MIN_EXPOSURE
from btsclip.signals import STEP, Array, Signals, likeness

# Seconds over which motion is averaged: bubbles burst, steam drifts by.
MEAN_SECONDS = 3.0
# A break does not end a span if the picture is the same afterwards: somebody stirs or looks in.
MAX_BREAK_SECONDS = 20.0
# Likeness of two small pictures from which on they show the same thing from the same place.
SAME_THING = 0.6
# Likeness from which on only the thing itself has changed.
SAME_PLACE = 0.85


@dataclass(frozen=True, eq=False)
class SteadySpan:
    """A steady span, in seconds of its footage.

    `motion` and `camera` are median speeds in picture widths a second, `disturbed` the share of the
    span that is not calm, `first` and `last` (9, 16) the small gray pictures at its ends.
    """

    start: float
    end: float
    motion: float
    camera: float
    disturbed: float
    first: Array
    last: Array

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.end - self.start


def find_steady_spans(
    signals: Signals, duration: float, min_seconds: float, first_picture: float = 0.0
) -> list[SteadySpan]:
    """All steady spans of at least `min_seconds`, in order, each within one shot.

    `first_picture` is the time of the footage's first picture in seconds.
    """
    calm = _is_calm(signals)
    spans = []
    for first, last in pairwise(shot_edges(signals)):
        runs = [(first + start, first + stop) for start, stop in runs_of_true(calm[first:last])]
        for start, stop in _join_over_breaks(runs, signals):
            part = slice(start, stop)
            begin, end = max(first_picture, start * STEP), min(duration, stop * STEP)
            if end - begin >= min_seconds:
                spans.append(
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
    return spans


def picture_at(signals: Signals, time: float) -> Array:
    """The small picture (9, 16) nearest to `time`."""
    nearest = int(np.abs(signals.thumb_times - time).argmin())
    return np.asarray(signals.thumbs[nearest], float)


def _is_calm(signals: Signals) -> NDArray[np.bool_]:
    """Mask (n,) of the steps with little motion, no work, a still camera and a visible picture,
    nothing of which is lost."""
    edges = shot_edges(signals)
    lost = np.zeros(len(signals.times), bool)
    for start, end in signals.lost:
        lost |= (signals.times + STEP > start) & (signals.times < end)
    motion = running_mean(signals.motion, edges, MEAN_SECONDS)
    at_work = (hand_belief(signals) >= MIN_HAND_BELIEF) & (motion > MOTION_RANGE[0])
    return np.asarray(
        ~at_work
        & ~lost
        & (motion < MOTION_RANGE[1])
        & (running_mean(signals.camera, edges, MEAN_SECONDS) < CAMERA_RANGE[0])
        & (signals.exposure >= MIN_EXPOSURE)
        & (signals.exposure <= MAX_EXPOSURE)
    )


def _join_over_breaks(runs: list[tuple[int, int]], signals: Signals) -> list[tuple[int, int]]:
    """`runs` of steps joined over short breaks after which the picture is the same as before."""
    joined: list[tuple[int, int]] = []
    for start, stop in runs:
        if joined:
            before = picture_at(signals, (joined[-1][1] - 1) * STEP)
            short = (start - joined[-1][1]) * STEP <= MAX_BREAK_SECONDS
            if short and likeness(before, picture_at(signals, start * STEP)) >= SAME_PLACE:
                joined[-1] = (joined[-1][0], stop)
                continue
        joined.append((start, stop))
    return joined
