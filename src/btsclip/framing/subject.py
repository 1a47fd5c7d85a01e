"""What the picture has to show: the working hands and what they move, else faces, else motion,
else what stands out."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import cells_within, from_corners, hull
from btsclip.signals.subject_tracks import Tracks

Rung = Literal["hands", "work", "faces", "motion", "salient", "frame"]
# What is seen in less than this share of the looks does not lead.
LEAST_SHARE = 0.3
# What stands out and is wider than this share of the picture is no thing in it but all of it.
WIDEST_THING = 0.6
# A hand lost for up to this many seconds is held to be between where it was and where it comes up
# again: blur and tools hide hands all the time.
HELD = 1.5
# A hand seen for fewer looks than this within HELD is likelier a pattern that looks like one.
LEAST_LOOKS = 3
# How much an interpolated hand counts beside a seen one.
HELD_WEIGHT = 0.4
# The hands that do this share of all work in a look must be shown; those that only rest may not.
WORKING = 0.8
# Speed in widths a second that a hand at rest is credited with: holding the bowl is work, too.
HOLDING = 0.03
# Places this likely, compared with the likeliest one, belong to the work.
LIKELY = 0.6
# Seconds over which a hand's work is averaged.
WORK_SECONDS = 3.0

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Region:
    """Boxes (n, 4) as cx, cy, w, h in fractions of the picture, and how much each matters (n,);
    0 where nothing was seen and the box is only filled in from its neighbours."""

    box: Array
    weight: Array

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Where (n,) there is something to show."""
        return np.asarray(self.weight > 0)

    def over(self, part: NDArray[np.int_]) -> Region:
        """The region at the times `part` only."""
        return Region(self.box[part], self.weight[part])


@dataclass(frozen=True)
class Subject:
    """What to show at `times` (n,), seconds of the footage: `required` must stay in the picture,
    `wished` should. `rung` says what the required region was taken from; `face` is the largest
    face and `beside` what moves out of the hands' reach: a split picture may show one of them."""

    times: Array
    required: Region
    wished: Region
    face: Region
    beside: Region
    rung: Rung
    place: Array | None = None


def find_subject(
    tracks: Tracks, borders: tuple[float, ...] = (), *, at_work: bool = False
) -> Subject:
    """The subject of a clip, from the first rung that is seen often enough.

    What moves near the hands is wished for beside them, and so are faces. With `at_work` the place
    of the work leads where no hands are seen.
    """
    times = tracks.times
    shots = np.searchsorted(np.asarray(borders), times, side="right")
    place = tracks.place if at_work and len(times) else None
    hands = _working_hands(tracks, shots, place)
    faces = _largest(tracks.faces)
    work, beside = (
        Region(interpolate_boxes(boxes), np.isfinite(boxes[:, 0]).astype(float))
        for boxes in (tracks.work, tracks.beside)
    )
    if hands.seen.mean() >= LEAST_SHARE:
        return Subject(times, hands, _both(work, faces), faces, beside, "hands", place)
    if place is not None:
        return Subject(times, _likeliest(place), work, faces, beside, "work", place)
    if faces.seen.mean() >= LEAST_SHARE:
        return Subject(times, faces, work, faces, beside, "faces")
    if work.seen.mean() >= LEAST_SHARE:
        return Subject(times, work, hands, faces, beside, "motion")
    thing = _thing(tracks.salient)
    if thing.seen.mean() >= LEAST_SHARE:
        return Subject(times, thing, work, faces, beside, "salient")
    middle = Region(np.tile([0.5, 0.5, 0.2, 0.2], (len(times), 1)), np.zeros(len(times)))
    return Subject(times, middle, middle, faces, beside, "frame")


def _working_hands(tracks: Tracks, shots: NDArray[np.int_], place: Array | None) -> Region:
    """The box about the hands that do most of the work, look by look; those where the work is
    likely count more."""
    boxes, weights = tracks.hands.copy(), tracks.presence.copy()
    for k in range(boxes.shape[1]):
        boxes[:, k], weights[:, k] = fill_gaps(tracks.times, boxes[:, k], weights[:, k], shots)
    effort = weights * (np.nan_to_num(tracks.speed) + HOLDING)
    if place is not None:
        effort *= likelihood(place, boxes)
    step = float(np.median(np.diff(tracks.times))) if len(tracks.times) > 1 else 1.0
    effort = np.where(weights > 0, _averaged(effort, max(1, round(WORK_SECONDS / step))), 0.0)
    box = np.full((len(boxes), 4), np.nan)
    for i in np.flatnonzero(effort.sum(1) > 0):
        box[i] = hull(boxes[i, _leading(effort[i])])
    return Region(interpolate_boxes(box), weights.max(1))


def likelihood(place: Array, boxes: Array) -> Array:
    """How likely the work is in each of `boxes` (n, m, 4), of `place` (n, h, w); 0 for NaN."""
    rows, columns = (side.astype(float) for side in cells_within(boxes, place.shape[1:]))
    return np.asarray(np.einsum("nhw,nmh,nmw->nm", place, rows, columns))


def _leading(effort: Array) -> NDArray[np.int_]:
    """The fewest columns of `effort` (m,) that hold WORKING of its sum."""
    order = np.argsort(-effort)
    done = np.cumsum(effort[order]) / effort.sum()
    return order[: int(np.searchsorted(done, WORKING - 1e-9)) + 1]


def fill_gaps(
    times: Array, boxes: Array, weights: Array, shots: NDArray[np.int_]
) -> tuple[Array, Array]:
    """One hand's `boxes` (n, 4) and `weights` (n,) without lone looks and with short gaps filled.

    Nothing is held across shots (n,).
    """
    seen = np.isfinite(boxes[:, 0])
    for i in np.flatnonzero(seen):
        near = (np.abs(times - times[i]) <= HELD) & (shots == shots[i]) & seen
        if np.count_nonzero(near) < LEAST_LOOKS:
            weights[i] = 0.0
    weights = np.where(seen, weights, 0.0)
    kept = np.flatnonzero(weights > 0)
    boxes = np.where((weights > 0)[:, None], boxes, np.nan)
    for first, last in itertools.pairwise(kept):
        if last > first + 1 and times[last] - times[first] <= HELD and shots[first] == shots[last]:
            inside = np.arange(first + 1, last)
            part = ((times[inside] - times[first]) / (times[last] - times[first]))[:, None]
            boxes[inside] = (1 - part) * boxes[first] + part * boxes[last]
            weights[inside] = HELD_WEIGHT * min(weights[first], weights[last])
    return boxes, weights


def interpolate_boxes(boxes: Array) -> Array:
    """`boxes` (n, 4) with NaN rows joined by straight lines between the others; the middle of the
    picture where there are no others."""
    at = np.arange(len(boxes))
    seen = np.isfinite(boxes[:, 0])
    if not seen.any():
        return np.tile([0.5, 0.5, 0.2, 0.2], (len(boxes), 1))
    return np.column_stack([np.interp(at, at[seen], boxes[seen, k]) for k in range(4)])


def _largest(faces: Array) -> Region:
    """The largest face of each look (n, m, 4)."""
    area = np.nan_to_num(faces[..., 2] * faces[..., 3])
    largest = faces[np.arange(len(faces)), area.argmax(1)]
    return Region(interpolate_boxes(largest), (area.max(1) > 0).astype(float))


def _likeliest(place: Array) -> Region:
    """The box about the places (n, h, w) that are as likely as the likeliest one, or nearly."""
    boxes = np.empty((len(place), 4))
    for i, look in enumerate(place):
        rows, columns = (np.flatnonzero((look >= LIKELY * look.max()).any(k)) for k in (1, 0))
        height, width = look.shape
        edges = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
        boxes[i] = from_corners(np.array(edges) / [width, height, width, height])
    return Region(boxes, np.ones(len(place)))


def _thing(salient: Array) -> Region:
    """What stands out (n, 4), where it is a thing and not the whole picture."""
    seen = np.nan_to_num(salient[:, 2], nan=1.0) <= WIDEST_THING
    return Region(interpolate_boxes(np.where(seen[:, None], salient, np.nan)), seen.astype(float))


def _both(first: Region, second: Region) -> Region:
    """The boxes about both regions where both are seen, else about the one that is."""
    boxes = np.where(first.seen[:, None], first.box, second.box)
    for i in np.flatnonzero(first.seen & second.seen):
        boxes[i] = hull(np.stack([first.box[i], second.box[i]]))
    return Region(boxes, np.maximum(first.weight, second.weight))


def _averaged(values: Array, count: int) -> Array:
    """`values` (n, m) averaged over `count` looks; at the ends over those there are."""
    ones = np.ones(min(count, len(values)))
    share = np.convolve(np.ones(len(values)), ones, "same")
    return np.column_stack([np.convolve(column, ones, "same") / share for column in values.T])
