"""A crop of one size through a clip: still if that shows enough, else on a steady path."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.framing.path import Extent, steady_path
from btsclip.framing.subject import Region, Subject
from btsclip.framing.work_map import best_center, share_in_crops, work_region
from btsclip.geometry import corners

# A crop stays still if it shows the subject for less of the time by no more than this share.
MAX_STILL_LOSS = 0.02
# A box is inside if it sticks out of the crop by no more than this share of the crop.
TOLERANCE = 0.02
# Seconds between the points of a path while it is computed.
POINT_SECONDS = 0.1
# Seconds between the keys of a crop that moves.
KEY_SECONDS = 0.05
# Subjects to follow. Motion without hands is located too roughly, and salient things lie still.
FOLLOWED = ("hands", "faces")
# The crop stays still in shots shorter than this, in seconds.
MIN_MOVE_SECONDS = 1.0
# A path that goes no farther than this, in picture sizes, only trembles: the crop rests instead.
MIN_MOVE = 0.02
# A crop leaves the hands if it then shows more of the work map by this share.
MIN_WORK_GAIN = 0.07
# Cost of a still crop whose center is one picture width off the subject's, where sticking out by
# one width costs 1.
OFF_CENTER_COST = 0.05

Array = NDArray[np.floating[Any]]
Size = tuple[float, float]
CropKey = tuple[float, float, float, float, float]


@dataclass(frozen=True)
class CropSpan:
    """The span of footage that a clip shows, and the footage's shot borders, all in seconds."""

    start: float
    end: float
    borders: tuple[float, ...] = ()

    @property
    def shots(self) -> list[tuple[float, float]]:
        """Start and end of each shot in the span."""
        inner = [
            b for b in self.borders if self.start + POINT_SECONDS < b < self.end - POINT_SECONDS
        ]
        return list(itertools.pairwise([self.start, *inner, self.end]))


@dataclass(frozen=True)
class Crop:
    """A crop as keys of (time, cx, cy, w, h).

    Over the looks that see the required region, `inside` is the share with all of it in the crop,
    and `shown` the mean share of its area in the crop. Where the work map placed the crop instead
    of the subject, `core` is the mean share of the work's core in it; None if it did so nowhere.
    """

    keys: tuple[CropKey, ...]
    inside: float
    shown: float
    core: float | None

    def centers(self, times: Array) -> Array:
        """The crop's centers (n, 2) at `times` (n,)."""
        keys = np.array(self.keys)
        return _interpolate(times, keys[:, 0], keys[:, 1:3])

    @property
    def size(self) -> Size:
        """Width and height in fractions of the picture."""
        return self.keys[0][3:]

    @property
    def rests(self) -> bool:
        """Whether the crop never moves within a shot."""
        return all(
            first[1:] == last[1:]
            for first, last in itertools.pairwise(self.keys)
            if first[0] != last[0]
        )

    def shows(self, region: Region, times: Array) -> float:
        """Mean share of the area of a `region`, seen at `times` (n,), that the crop shows."""
        return share_shown(region, self.centers(times), self.size)


def crop_subject(subject: Subject, span: CropSpan, size: Size) -> Crop:
    """A crop of `size` (w, h in fractions) over `span`.

    Each shot gets its own crop; at a shot border the crop jumps.
    """
    keys: list[CropKey] = []
    inside = shown = total = 0.0
    at_work_looks = core_shown = 0.0
    for first, last in span.shots:
        part = np.flatnonzero((subject.times >= first - 1e-6) & (subject.times < last))
        if not len(part):
            part = np.array([int(np.abs(subject.times - first).argmin())])
        required, desired = subject.required.over(part), subject.desired.over(part)
        looks = subject.times[part]
        times, centers = looks, np.repeat(_still_center(required, desired, size), len(looks), 0)
        if subject.kind in FOLLOWED and last - first >= MIN_MOVE_SECONDS:
            times, centers = _follow(looks, centers, required, desired, (first, last), size)
        if subject.work_map is not None:
            work_map = subject.work_map[part]
            at_work = _centers_at_work(times, centers, looks, work_map, size)
            if at_work is not None:
                times, centers, core = looks, at_work, work_region(work_map, size)
                core_shown += len(looks) * share_shown(core, centers, size)
                at_work_looks += len(looks)
                if subject.kind == "work":
                    required = core
        keys.extend(_make_keys(times, centers, first, last, size))
        seen = int(required.seen.sum())
        look_centers = _interpolate(looks, times, centers)
        inside += seen * share_inside(required, look_centers, size)
        shown += seen * share_shown(required, look_centers, size)
        total += seen
    shares = (inside / total, shown / total) if total else (1.0, 1.0)
    return Crop(tuple(keys), *shares, core_shown / at_work_looks if at_work_looks else None)


def share_inside(region: Region, centers: Array, size: Size | Array) -> float:
    """Share of the looks that see `region` with all of it in the crops at `centers` (n, 2), of one
    `size` or of sizes (n, 2)."""
    if not region.seen.any():
        return 1.0
    crop = np.asarray(size)
    low, high = _clipped_corners(region)
    out = np.maximum(centers - crop / 2 - low, high - centers - crop / 2)
    return float((out <= TOLERANCE * crop)[region.seen].all(1).mean())


def share_shown(region: Region, centers: Array, size: Size | Array) -> float:
    """Mean share of the area of `region`, where it is seen, in the crops at `centers` (n, 2), of
    one `size` or of sizes (n, 2)."""
    if not region.seen.any():
        return 1.0
    low, high = _clipped_corners(region)
    half = np.asarray(size) / 2
    both = np.minimum(high, centers + half) - np.maximum(low, centers - half)
    share = np.clip(both, 0, None) / np.maximum(high - low, 1e-6)
    return float(share[region.seen].prod(1).mean())


def _clipped_corners(region: Region) -> tuple[Array, Array]:
    """Top left and bottom right (n, 2) of the part of `region` in the picture."""
    low, high = np.split(corners(region.box), 2, axis=1)
    return np.maximum(low, 0.0), np.minimum(high, 1.0)


def _still_center(required: Region, desired: Region, size: Size) -> Array:
    """The center (1, 2) of the best crop that does not move."""
    return np.array([[best_still(required, desired, axis, size[axis]) for axis in (0, 1)]])


def _interpolate(looks: Array, times: Array, centers: Array) -> Array:
    """The path `centers` (m, 2) at `times` (m,), interpolated (n, 2) at the times `looks` (n,)."""
    return np.column_stack([np.interp(looks, times, column) for column in centers.T])


def _centers_at_work(
    times: Array, centers: Array, looks: Array, work_map: Array, size: Size
) -> Array | None:
    """Centers (n, 2) of a still crop where the `work_map` (n, h, w) is largest, at the times
    `looks` (n,); None if it shows little more than the path `centers` (m, 2) at `times` (m,)."""
    path = _interpolate(looks, times, centers)
    still = np.repeat(best_center(work_map, size, path.mean(0))[None], len(looks), axis=0)
    gain = share_in_crops(work_map, still, size) - share_in_crops(work_map, path, size)
    return still if gain > MIN_WORK_GAIN else None


def _follow(
    looks: Array,
    still: Array,
    required: Region,
    desired: Region,
    shot: tuple[float, float],
    size: Size,
) -> tuple[Array, Array]:
    """Times (m,) and centers (m, 2) of a crop that follows the subject through a shot; `looks` (n,)
    and `still` (n, 2) if that shows little more."""
    still_inside = share_inside(required, still, size)
    if still_inside >= 1 - MAX_STILL_LOSS:
        return looks, still
    times, path = _find_path(looks, required, desired, shot, size)
    if np.ptp(path, axis=0).max() < MIN_MOVE:
        path = np.repeat((path.max(0) + path.min(0))[None] / 2, len(times), axis=0)
    path_inside = share_inside(required, _interpolate(looks, times, path), size)
    return (times, path) if path_inside > still_inside + MAX_STILL_LOSS else (looks, still)


def _find_path(
    looks: Array, required: Region, desired: Region, shot: tuple[float, float], size: Size
) -> tuple[Array, Array]:
    """Times (m,) in a shot, and centers (m, 2) of a steady path that shows both regions."""
    first, last = shot
    times = np.linspace(first, last, max(2, round((last - first) / POINT_SECONDS) + 1))
    step = float(times[1] - times[0])
    path = [
        steady_path(
            _extent(required, looks, times, axis),
            _extent(desired, looks, times, axis),
            size[axis],
            step,
        )
        for axis in (0, 1)
    ]
    return times, np.column_stack(path)


def _extent(region: Region, looks: Array, times: Array, axis: int) -> Extent:
    """The extent of `region` along one axis, interpolated from its `looks` (n,) at `times` (m,)."""
    center, length = (np.interp(times, looks, region.box[:, axis + k]) for k in (0, 2))
    return Extent.of(center, length, np.interp(times, looks, region.weight))


def best_still(required: Region, desired: Region, axis: int, size: float) -> float:
    """The center, along one axis, of the still crop of `size` that cuts off the least.

    What it cuts off the required region counts most, then what it cuts off the desired one, and its
    distance from the middle of the required one.
    """
    if size >= 1 or not required.seen.any():
        return 0.5
    places = np.linspace(size / 2, 1 - size / 2, 201)
    cost = np.zeros(len(places))
    for region, worth in ((required, 1.0), (desired, OFF_CENTER_COST)):
        if region.seen.any():
            center, length = region.box[:, axis], np.minimum(region.box[:, axis + 2], size)
            out = np.maximum(np.abs(places[:, None] - center) + length / 2 - size / 2, 0)
            # The mean over all looks: a region seen in a few looks counts for a few.
            cost += worth * (out * region.weight).mean(1)
    middle = float(np.average(required.box[:, axis], weights=required.weight))
    cost += OFF_CENTER_COST * required.weight.mean() * np.abs(places - middle)
    return float(places[int(cost.argmin())])


def _make_keys(
    times: Array, centers: Array, first: float, last: float, size: Size
) -> list[CropKey]:
    """Keys over one shot; only two for a still crop."""
    if np.ptp(centers, axis=0).max() < 1e-6:
        return [_key(first, centers[0], size), _key(last, centers[0], size)]
    key_times = np.linspace(first, last, round((last - first) / KEY_SECONDS) + 1)
    path = np.column_stack([_interpolate_cubic(key_times, times, column) for column in centers.T])
    low, high = np.asarray(size) / 2, 1 - np.asarray(size) / 2
    return [_key(t, c, size) for t, c in zip(key_times, np.clip(path, low, high), strict=True)]


def _interpolate_cubic(at: Array, times: Array, values: Array) -> Array:
    """Cubic Hermite curve through `values` at evenly spaced `times` (m,), sampled at `at` (n,).

    Each slope is the slope between the two neighbors (Catmull and Rom), so it has no corners.
    """
    step = times[1] - times[0]
    slope = np.gradient(values, step)
    i = np.clip(((at - times[0]) / step).astype(int), 0, len(times) - 2)
    t = np.clip((at - times[i]) / step, 0, 1)
    return np.asarray(
        values[i] * (1 + 2 * t) * (1 - t) ** 2
        + slope[i] * step * t * (1 - t) ** 2
        + values[i + 1] * t**2 * (3 - 2 * t)
        + slope[i + 1] * step * t**2 * (t - 1)
    )


def _key(time: float, center: Array, size: Size) -> CropKey:
    """A key with rounded numbers."""
    x, y = (round(float(value), 4) for value in center)
    return round(float(time), 3), x, y, round(size[0], 6), round(size[1], 6)
