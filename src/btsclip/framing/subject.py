"""Find the subject of a clip: working hands, else the place of the work, faces, motion, or a
salient thing."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import cells_within, from_corners, hull
from btsclip.signals import Tracks

SubjectKind = Literal["hands", "work", "faces", "motion", "salient", "frame"]
# Share of the looks in which a subject must be seen.
MIN_SEEN_SHARE = 0.3
# Width, as a share of the picture, beyond which something salient is the whole picture.
MAX_SALIENT_WIDTH = 0.6
# A hand lost for up to this many seconds is interpolated: blur and tools hide hands all the time.
MAX_GAP_SECONDS = 1.5
# Looks within MAX_GAP_SECONDS that must see a hand. With fewer it is likelier a mere pattern.
MIN_HAND_LOOKS = 3
# Weight of an interpolated hand, compared with a seen one.
INTERPOLATED_WEIGHT = 0.4
# Share of the effort in a look that the shown hands must do. Hands that only rest may be left out.
MIN_EFFORT_SHARE = 0.8
# Speed, in picture widths a second, that every hand gets on top: holding the bowl is work, too.
HOLDING_SPEED = 0.03
# The same for the choice of the leading hand: a hand that moves little leads one that rests.
RESTING_SPEED = 0.005
# Cells of the work map this likely, compared with the likeliest one, belong to the work.
MIN_WORK_SHARE = 0.6
# Seconds over which a hand's effort is averaged.
EFFORT_SECONDS = 3.0
# Box of a region that shows nothing.
MIDDLE = (0.5, 0.5, 0.2, 0.2)

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Region:
    """Boxes (n, 4) as cx, cy, w, h in fractions of the picture, each with its weight (n,).

    Weight 0 means that nothing was seen and the box is interpolated.
    """

    box: Array
    weight: Array

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Mask (n,) of the boxes with a weight."""
        return np.asarray(self.weight > 0)

    def over(self, part: NDArray[np.int_]) -> Region:
        """The region at the indices `part` only."""
        return Region(self.box[part], self.weight[part])


@dataclass(frozen=True)
class Subject:
    """The subject of a clip at `times` (n,), in seconds of the footage.

    `required` must stay in the picture, `desired` should. A split picture may show `face`, the
    largest face, or `beside`, motion out of the hands' reach. `work_map` (n, h, w) is how likely
    the work is in each cell of the picture, None unless the clip shows work. `leading` is the one
    hand that does most of the work, None unless hands are the subject.
    """

    times: Array
    required: Region
    desired: Region
    face: Region
    beside: Region
    kind: SubjectKind
    work_map: Array | None = None
    leading: Region | None = None


def find_subject(
    tracks: Tracks, borders: tuple[float, ...] = (), *, at_work: bool = False
) -> Subject:
    """The subject of a clip: the first kind that is seen often enough.

    With hands, motion near them and faces are desired. With `at_work`, the place of the work
    replaces hands that are not seen. `borders` are shot borders in seconds.
    """
    times = tracks.times
    shots = np.searchsorted(np.asarray(borders), times, side="right")
    work_map = tracks.place if at_work and len(times) else None
    hands, leading = _working_hands(tracks, shots, work_map)
    faces = _largest_face(tracks.faces)
    motion, beside = (
        Region(interpolate_boxes(boxes), np.isfinite(boxes[:, 0]).astype(float))
        for boxes in (tracks.work, tracks.beside)
    )
    if hands.seen.mean() >= MIN_SEEN_SHARE:
        return Subject(
            times, hands, join_regions(motion, faces), faces, beside, "hands", work_map, leading
        )
    if work_map is not None:
        return Subject(times, _likeliest(work_map), motion, faces, beside, "work", work_map)
    if faces.seen.mean() >= MIN_SEEN_SHARE:
        return Subject(times, faces, motion, faces, beside, "faces")
    if motion.seen.mean() >= MIN_SEEN_SHARE:
        return Subject(times, motion, hands, faces, beside, "motion")
    thing = _salient_thing(tracks.salient)
    if thing.seen.mean() >= MIN_SEEN_SHARE:
        return Subject(times, thing, motion, faces, beside, "salient")
    middle = Region(np.tile(MIDDLE, (len(times), 1)), np.zeros(len(times)))
    return Subject(times, middle, middle, faces, beside, "frame")


def _working_hands(
    tracks: Tracks, shots: NDArray[np.int_], work_map: Array | None
) -> tuple[Region, Region]:
    """The box around the hands that do most of the work in each look, and the box of the one that
    does more than any other. Hands where the `work_map` is high count more."""
    boxes, weights = tracks.hands.copy(), tracks.presence.copy()
    for k in range(boxes.shape[1]):
        boxes[:, k], weights[:, k] = fill_gaps(tracks.times, boxes[:, k], weights[:, k], shots)
    worth = weights if work_map is None else weights * likelihood(work_map, boxes)
    speed = np.nan_to_num(tracks.speed)
    effort, leading_effort = (
        np.where(weights > 0, _mean_effort(tracks.times, worth * (speed + rest)), 0.0)
        for rest in (HOLDING_SPEED, RESTING_SPEED)
    )
    several, leading = np.full((2, len(boxes), 4), np.nan)
    for i in np.flatnonzero(effort.sum(1) > 0):
        several[i] = hull(boxes[i, _leading_hands(effort[i])])
        leading[i] = boxes[i, leading_effort[i].argmax()]
    weight = weights.max(1)
    return Region(interpolate_boxes(several), weight), Region(interpolate_boxes(leading), weight)


def _mean_effort(times: Array, effort: Array) -> Array:
    """Mean of `effort` (n, m) over EFFORT_SECONDS."""
    step = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    return _running_mean(effort, max(1, round(EFFORT_SECONDS / step)))


def likelihood(work_map: Array, boxes: Array) -> Array:
    """Sum (n, m) of `work_map` (n, h, w) within each of `boxes` (n, m, 4); 0 for NaN."""
    rows, columns = (side.astype(float) for side in cells_within(boxes, work_map.shape[1:]))
    return np.asarray(np.einsum("nhw,nmh,nmw->nm", work_map, rows, columns))


def _leading_hands(effort: Array) -> NDArray[np.int_]:
    """The fewest hands that do MIN_EFFORT_SHARE of all `effort` (m,)."""
    order = np.argsort(-effort)
    done = np.cumsum(effort[order]) / effort.sum()
    return order[: int(np.searchsorted(done, MIN_EFFORT_SHARE - 1e-9)) + 1]


def fill_gaps(
    times: Array, boxes: Array, weights: Array, shots: NDArray[np.int_]
) -> tuple[Array, Array]:
    """One hand's `boxes` (n, 4) and `weights` (n,), without lone looks and with short gaps filled.

    `shots` (n,) are the numbers of the shots. No gap is filled across a shot border.
    """
    seen = np.isfinite(boxes[:, 0])
    for i in np.flatnonzero(seen):
        near = (np.abs(times - times[i]) <= MAX_GAP_SECONDS) & (shots == shots[i]) & seen
        if np.count_nonzero(near) < MIN_HAND_LOOKS:
            weights[i] = 0.0
    weights = np.where(seen, weights, 0.0)
    kept = np.flatnonzero(weights > 0)
    boxes = np.where((weights > 0)[:, None], boxes, np.nan)
    for first, last in itertools.pairwise(kept):
        if (
            last > first + 1
            and times[last] - times[first] <= MAX_GAP_SECONDS
            and shots[first] == shots[last]
        ):
            inside = np.arange(first + 1, last)
            part = ((times[inside] - times[first]) / (times[last] - times[first]))[:, None]
            boxes[inside] = (1 - part) * boxes[first] + part * boxes[last]
            weights[inside] = INTERPOLATED_WEIGHT * min(weights[first], weights[last])
    return boxes, weights


def interpolate_boxes(boxes: Array) -> Array:
    """`boxes` (n, 4) with NaN rows interpolated linearly; the picture's middle if all are NaN."""
    rows = np.arange(len(boxes))
    seen = np.isfinite(boxes[:, 0])
    if not seen.any():
        return np.tile(MIDDLE, (len(boxes), 1))
    return np.column_stack([np.interp(rows, rows[seen], boxes[seen, k]) for k in range(4)])


def _largest_face(faces: Array) -> Region:
    """The largest of the `faces` (n, m, 4) in each look."""
    area = np.nan_to_num(faces[..., 2] * faces[..., 3])
    largest = faces[np.arange(len(faces)), area.argmax(1)]
    return Region(interpolate_boxes(largest), (area.max(1) > 0).astype(float))


def _likeliest(work_map: Array) -> Region:
    """The box around the likeliest cells of `work_map` (n, h, w) in each look."""
    boxes = np.empty((len(work_map), 4))
    for i, look in enumerate(work_map):
        likely = look >= MIN_WORK_SHARE * look.max()
        rows, columns = (np.flatnonzero(likely.any(k)) for k in (1, 0))
        height, width = look.shape
        edges = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
        boxes[i] = from_corners(np.array(edges) / [width, height, width, height])
    return Region(boxes, np.ones(len(work_map)))


def _salient_thing(salient: Array) -> Region:
    """The boxes `salient` (n, 4) that show a thing and not the whole picture."""
    seen = np.nan_to_num(salient[:, 2], nan=1.0) <= MAX_SALIENT_WIDTH
    return Region(interpolate_boxes(np.where(seen[:, None], salient, np.nan)), seen.astype(float))


def join_regions(first: Region, second: Region) -> Region:
    """The boxes around both regions where both are seen, else the box of the one that is seen."""
    boxes = np.where(first.seen[:, None], first.box, second.box)
    for i in np.flatnonzero(first.seen & second.seen):
        boxes[i] = hull(np.stack([first.box[i], second.box[i]]))
    return Region(boxes, np.maximum(first.weight, second.weight))


def _running_mean(values: Array, count: int) -> Array:
    """Mean of `values` (n, m) over `count` looks, over fewer at both ends."""
    ones = np.ones(min(count, len(values)))
    share = np.convolve(np.ones(len(values)), ones, "same")
    return np.column_stack([np.convolve(column, ones, "same") / share for column in values.T])
