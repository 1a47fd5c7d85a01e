"""What the crop has to show: the working hands, else what moves, else the middle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from btsclip.signals.series import STEP, Signals

Rung = Literal["hands", "motion", "frame"]
# Hands seen in less than this share of the time don't lead; neither does motion.
LEAST_SHARE = 0.3
# Steps for which a hand that is lost is held to be still there: half a second on either side.
HELD_STEPS = round(0.5 / STEP)

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Subject:
    """What to show at each of `times` (n,), seconds of source time.

    `box` (n, 4) is cx, cy, w, h in fractions of the picture, `weight` (n,) how much it matters at
    that time (0: not seen, filled in from its neighbours). `rung` says what it was taken from.
    """

    times: Array
    box: Array
    weight: Array
    rung: Rung


def find_subject(signals: Signals, start: float, end: float) -> Subject:
    """The subject of the span `start`..`end`, from the first rung that is seen often enough."""
    part = signals.between(start, end)
    times = signals.times[part]
    shots = np.searchsorted(np.asarray(signals.borders), times + STEP / 2)
    hands = steady_union(signals.hand_box[part], shots)
    seen = np.isfinite(hands[:, 0])
    if seen.mean() >= LEAST_SHARE:
        weight = np.where(seen, np.maximum(signals.presence[part], 0.1), 0.0)
        return Subject(times, fill(hands, seen), weight, "hands")
    centres = signals.motion_centre[part]
    moving = np.isfinite(centres[:, 0]) & (signals.motion_area[part] > 0.01)
    if moving.mean() >= LEAST_SHARE:
        # The centre of mass is a point; the area says how wide what moves may be.
        side = np.sqrt(np.clip(signals.motion_area[part], 0.01, 0.2))
        boxes = np.column_stack([centres, side, side])
        return Subject(times, fill(boxes, moving), np.where(moving, side, 0.0), "motion")
    middle = np.tile([0.5, 0.5, 0.2, 0.2], (len(times), 1))
    return Subject(times, middle, np.zeros(len(times)), "frame")


def steady_union(boxes: Array, shots: NDArray[np.int_], reach: int = HELD_STEPS) -> Array:
    """Each box (n, 4) made to hold its neighbours within `reach` steps; NaN rows count for none.

    Only neighbours of the same number in `shots` (n,) count.

    A hand that the detector loses for a moment has not left, and the crop must not jump for it.
    """
    low, high = boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2
    count = len(boxes)
    result = np.full((count, 4), np.nan)
    for i in range(count):
        near = np.arange(max(0, i - reach), min(count, i + reach + 1))
        near = near[shots[near] == shots[i]]
        if np.isfinite(low[near, 0]).any():
            first, last = np.nanmin(low[near], axis=0), np.nanmax(high[near], axis=0)
            result[i] = [*((first + last) / 2), *(last - first)]
    return result


def fill(boxes: Array, seen: NDArray[np.bool_]) -> Array:
    """`boxes` (n, 4) with unseen rows joined by straight lines between the seen ones."""
    at = np.arange(len(boxes))
    return np.column_stack([np.interp(at, at[seen], boxes[seen, k]) for k in range(boxes.shape[1])])
