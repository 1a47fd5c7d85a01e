"""The camera path of the crop: still when that is enough, else one smooth move a shot."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from btsclip.framing.subject import Rung, Subject
from btsclip.signals.series import STEP

# A still crop is kept when it shows the subject at most this much less of the time than a moving
# one does.
STILL_COST = 0.08
# Above this ratio of the subject's usual width to the crop's, the crop would cut the work in two.
TOO_WIDE = 1.3
# A crop that shows the hands for less of the time than this gives way to the whole picture.
LEAST_INSIDE = 0.5
# How much a change of acceleration costs against a second of being off the subject, in widths.
SMOOTHNESS = 40.0
# Fastest pan in picture widths a second: calm for the eye at 1080 pixels wide.
FASTEST = 0.25

Array = NDArray[np.floating[Any]]
CropKey = tuple[float, float, float, float, float]


@dataclass(frozen=True)
class Framing:
    """How a clip is framed: the layout, what it follows, and keys of (time, cx, cy, w, h)."""

    layout: Literal["crop", "fit-blur"]
    rung: Rung
    keys: tuple[CropKey, ...]
    inside: float


def crop_size(width: int, height: int, out_width: int, out_height: int) -> tuple[float, float]:
    """The largest crop of the output's shape, as fractions of a `width` x `height` picture."""
    shape = (out_width / out_height) / (width / height)
    return (shape, 1.0) if shape < 1 else (1.0, 1 / shape)


def frame_subject(
    subject: Subject, start: float, end: float, borders: Sequence[float], size: tuple[float, float]
) -> Framing:
    """Frames `subject` over `start`..`end` with a crop of `size` (w, h in fractions).

    Each shot between `borders` is framed by itself and joined by a hard switch. `inside` is the
    share of the subject's time in which its box lies within the crop.
    """
    if is_too_wide(subject, size):
        return Framing("fit-blur", subject.rung, (), 1.0)
    edges = [start, *(b for b in borders if start + STEP < b < end - STEP), end]
    keys: list[CropKey] = []
    shown = total = 0.0
    for first, last in itertools.pairwise(edges):
        part = np.flatnonzero((subject.times >= first - STEP / 2) & (subject.times < last))
        if not len(part):
            part = np.array([int(np.abs(subject.times - first).argmin())])
        box, weight = subject.box[part], subject.weight[part]
        centres, kept = shot_path(box, weight, size)
        total += float((weight > 0).sum())
        shown += kept * float((weight > 0).sum())
        keys.extend(_keys(subject.times[part], centres, first, last, size))
    inside = shown / total if total else 1.0
    if subject.rung == "hands" and inside < LEAST_INSIDE:
        return Framing("fit-blur", subject.rung, (), 1.0)
    return Framing("crop", subject.rung, tuple(keys), inside)


def is_too_wide(subject: Subject, size: tuple[float, float]) -> bool:
    """Whether the hands are so far apart that a crop would cut the work in two."""
    if subject.rung != "hands":
        return False
    seen = subject.weight > 0
    return bool(np.median(subject.box[seen, 2]) > TOO_WIDE * size[0])


def shot_path(box: Array, weight: Array, size: tuple[float, float]) -> tuple[Array, float]:
    """Centres (n, 2) of the crop in one shot, and the share of weighted time it holds `box`."""
    still = np.tile(
        [best_still(box[:, k], box[:, k + 2], weight, size[k]) for k in (0, 1)], (len(box), 1)
    )
    kept = coverage(box, weight, still, size)
    if len(box) < 4 or kept >= 1 - STILL_COST:
        return still, kept
    moving = np.column_stack([follow(box[:, k], weight, size[k]) for k in (0, 1)])
    better = coverage(box, weight, moving, size)
    return (moving, better) if better > kept + STILL_COST else (still, kept)


def best_still(centre: Array, extent: Array, weight: Array, size: float) -> float:
    """The centre in one axis from which a crop of `size` holds most of the subject for longest.

    Each candidate is judged by how far the subject sticks out of the crop; among equals the one
    nearest to the weighted mean wins, so that the hands sit in the middle.
    """
    if size >= 1:
        return 0.5
    if not weight.any():
        return 0.5
    mean = float(np.average(centre, weights=weight))
    places = np.linspace(size / 2, 1 - size / 2, 101)
    out = np.maximum(np.abs(places[:, None] - centre) + extent / 2 - size / 2, 0)
    cost = (out * weight).sum(1) / weight.sum() + 0.05 * np.abs(places - mean)
    return float(places[int(cost.argmin())])


def follow(centre: Array, weight: Array, size: float) -> Array:
    """A smooth path (n,) along `centre`: least squares with a penalty on change of acceleration.

    The path stays within the picture and below FASTEST.
    """
    if size >= 1:
        return np.full(len(centre), 0.5)
    third = np.diff(np.eye(len(centre)), 3, axis=0)
    # A little weight where nothing was seen keeps the system solvable and the path near.
    pull = np.diag(weight + 0.01)
    path = np.linalg.solve(pull + SMOOTHNESS * third.T @ third, pull @ centre)
    path = np.clip(path, size / 2, 1 - size / 2)
    limit = FASTEST * STEP
    for i in range(1, len(path)):
        path[i] = np.clip(path[i], path[i - 1] - limit, path[i - 1] + limit)
    return np.asarray(path)


def coverage(box: Array, weight: Array, centres: Array, size: tuple[float, float]) -> float:
    """Share of the times with weight in which `box` lies inside the crop, a twentieth aside.

    Of a box larger than the crop, as much must be inside as there is room for.
    """
    seen = weight > 0
    if not seen.any():
        return 1.0
    crop = np.asarray(size)
    out = np.abs(box[:, :2] - centres) + np.minimum(box[:, 2:], crop) / 2 - crop / 2
    return float((out[seen] <= 0.05 * crop).all(1).mean())


def _keys(
    times: Array, centres: Array, first: float, last: float, size: tuple[float, float]
) -> list[CropKey]:
    """Keys at the analysis times, and at both ends of the shot; one key where nothing moves."""
    if np.ptp(centres, axis=0).max() < 1e-6:
        ends = [first] if first == last else [first, last]
        return [(round(t, 3), *_box(centres[0], size)) for t in ends]
    at = np.concatenate([[first], times[(times > first) & (times < last)], [last]])
    path = np.column_stack([np.interp(at, times, centres[:, k]) for k in (0, 1)])
    return [(round(float(t), 3), *_box(c, size)) for t, c in zip(at, path, strict=True)]


def _box(centre: Array, size: tuple[float, float]) -> tuple[float, float, float, float]:
    return (
        round(float(centre[0]), 4),
        round(float(centre[1]), 4),
        round(size[0], 6),
        round(size[1], 6),
    )
