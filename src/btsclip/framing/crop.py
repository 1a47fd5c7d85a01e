"""A crop of one size through a clip: still where that shows as much, else on a steady path."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.framing.path import Extent, steady_path
from btsclip.framing.place import best_centre, share_held, work_region
from btsclip.framing.subject import Region, Subject
from btsclip.geometry import corners

# A still crop is kept when it shows the subject at most this much less of the time.
STILL_COST = 0.02
# A box counts as inside when it sticks out of the crop by no more than this share of it.
TOLERANCE = 0.02
# Seconds between the points of a path, and between the keys it is written with.
NODE, KEY = 0.1, 0.05
# Subjects that are worth moving for: what moves by itself is found too roughly to be followed, and
# what stands out lies still.
FOLLOWED = ("hands", "faces")
# Shots shorter than this are not worth a move.
SHORTEST_MOVE = 1.0
# By how much more of the belief in where the work is a crop must show to leave the hands.
ELSEWHERE = 0.07
# What it costs a still crop to be one width off the subject's middle, against sticking out by one.
OFF_CENTRE = 0.05

Array = NDArray[np.floating[Any]]
Size = tuple[float, float]
CropKey = tuple[float, float, float, float, float]


@dataclass(frozen=True)
class CropSpan:
    """The part of the footage that a clip shows, in seconds, and the footage's shot borders."""

    start: float
    end: float
    borders: tuple[float, ...] = ()

    @property
    def shots(self) -> list[tuple[float, float]]:
        """Start and end of each shot in the span."""
        inner = [b for b in self.borders if self.start + NODE < b < self.end - NODE]
        return list(itertools.pairwise([self.start, *inner, self.end]))


@dataclass(frozen=True)
class Crop:
    """Keys of (time, cx, cy, w, h). Of the time that the required region was seen, `inside` is the
    share in which it lies wholly in the crop, and `shown` how much of it is in the crop on average.
    """

    keys: tuple[CropKey, ...]
    inside: float
    shown: float

    def shows(self, region: Region, times: Array) -> float:
        """Mean share of the area of another `region`, seen at `times` (n,), that it shows."""
        keys = np.array(self.keys)
        centres = _at(times, keys[:, 0], keys[:, 1:3])
        return share_shown(region, centres, (keys[0, 3], keys[0, 4]))


def crop_subject(subject: Subject, span: CropSpan, size: Size) -> Crop:
    """A crop of `size` (w, h in fractions) over `span`. Each shot is framed by itself and joined
    to the next by a hard switch."""
    keys: list[CropKey] = []
    whole = shown = total = 0.0
    for first, last in span.shots:
        part = np.flatnonzero((subject.times >= first - 1e-6) & (subject.times < last))
        if not len(part):
            part = np.array([int(np.abs(subject.times - first).argmin())])
        required, wished = subject.required.over(part), subject.wished.over(part)
        times = subject.times[part]
        centres = np.repeat(_still(required, wished, size), len(times), axis=0)
        if subject.rung in FOLLOWED and last - first >= SHORTEST_MOVE:
            times, centres = _moving(times, centres, required, wished, (first, last), size)
        if subject.place is not None:
            place, looks = subject.place[part], subject.times[part]
            elsewhere = _elsewhere(times, centres, looks, place, size)
            if elsewhere is not None:
                times, centres, required = looks, elsewhere, work_region(place, size)
        keys.extend(_keys(times, centres, first, last, size))
        seen = int(required.seen.sum())
        at = _at(subject.times[part], times, centres)
        whole += seen * share_inside(required, at, size)
        shown += seen * share_shown(required, at, size)
        total += seen
    return Crop(tuple(keys), *((whole / total, shown / total) if total else (1.0, 1.0)))


def share_inside(region: Region, centres: Array, size: Size) -> float:
    """Share of the times at which `region` is seen that it lies in the crop at `centres` (n, 2)."""
    if not region.seen.any():
        return 1.0
    crop = np.asarray(size)
    low, high = _edges(region)
    out = np.maximum(centres - crop / 2 - low, high - centres - crop / 2)
    return float((out[region.seen] <= TOLERANCE * crop).all(1).mean())


def share_shown(region: Region, centres: Array, size: Size) -> float:
    """Mean share of the area of `region`, where it is seen, that the crop at `centres` shows."""
    if not region.seen.any():
        return 1.0
    low, high = _edges(region)
    half = np.asarray(size) / 2
    both = np.minimum(high, centres + half) - np.maximum(low, centres - half)
    share = np.clip(both, 0, None) / np.maximum(high - low, 1e-6)
    return float(share[region.seen].prod(1).mean())


def _edges(region: Region) -> tuple[Array, Array]:
    """Corners (n, 2) of the region within the picture."""
    low, high = np.split(corners(region.box), 2, axis=1)
    return np.maximum(low, 0.0), np.minimum(high, 1.0)


def _still(required: Region, wished: Region, size: Size) -> Array:
    """The centre (1, 2) of the best crop that does not move."""
    return np.array([[best_still(required, wished, axis, size[axis]) for axis in (0, 1)]])


def _at(looks: Array, times: Array, centres: Array) -> Array:
    """The centres (n, 2) at the times `looks` (n,) of the path `centres` (m, 2) at `times` (m,)."""
    return np.column_stack([np.interp(looks, times, column) for column in centres.T])


def _elsewhere(
    times: Array, centres: Array, looks: Array, place: Array, size: Size
) -> Array | None:
    """Centres (n, 2) at the times `looks` (n,) of a crop that stands where the work is, `place`
    (n, h, w), if that shows much more of it than the path (m, 2) at `times` (m,)."""
    path = _at(looks, times, centres)
    still = np.repeat(best_centre(place, size, path.mean(0))[None], len(looks), axis=0)
    more = share_held(place, still, size) - share_held(place, path, size)
    return still if more > ELSEWHERE else None


def _moving(
    looks: Array,
    still: Array,
    required: Region,
    wished: Region,
    shot: tuple[float, float],
    size: Size,
) -> tuple[Array, Array]:
    """Times (m,) and centres (m, 2) of the crop on its path in a shot; `looks` (n,) and `still`
    (n, 2) where moving would not show more."""
    kept = share_inside(required, still, size)
    if kept >= 1 - STILL_COST:
        return looks, still
    times, path = _path(looks, required, wished, shot, size)
    better = share_inside(required, _at(looks, times, path), size) > kept + STILL_COST
    return (times, path) if better else (looks, still)


def _path(
    looks: Array, required: Region, wished: Region, shot: tuple[float, float], size: Size
) -> tuple[Array, Array]:
    """Times (m,) in a shot and the centres (m, 2) of a steady path that shows both regions."""
    first, last = shot
    times = np.linspace(first, last, max(2, round((last - first) / NODE) + 1))
    step = float(times[1] - times[0])
    path = [
        steady_path(
            _extent(required, looks, times, axis, size[axis]),
            _extent(wished, looks, times, axis, size[axis]),
            size[axis],
            step,
        )
        for axis in (0, 1)
    ]
    return times, np.column_stack(path)


def _extent(region: Region, looks: Array, times: Array, axis: int, size: float) -> Extent:
    """What `region` reaches in one axis at `times`; a weight lies at the times of its looks."""
    centre, length = (np.interp(times, looks, region.box[:, axis + k]) for k in (0, 2))
    return Extent.of(centre, length, np.interp(times, looks, region.weight), size)


def best_still(required: Region, wished: Region, axis: int, size: float) -> float:
    """The centre in one axis from which a crop of `size` holds most of the required region for
    longest; among equals the one that holds more of the wished one, and then the nearest to the
    middle of what is required."""
    if size >= 1 or not required.seen.any():
        return 0.5
    places = np.linspace(size / 2, 1 - size / 2, 201)
    cost = np.zeros(len(places))
    for region, worth in ((required, 1.0), (wished, OFF_CENTRE)):
        if region.seen.any():
            centre, length = region.box[:, axis], np.minimum(region.box[:, axis + 2], size)
            out = np.maximum(np.abs(places[:, None] - centre) + length / 2 - size / 2, 0)
            # Over all looks: what was seen only in a few of them is wished for only in those.
            cost += worth * (out * region.weight).mean(1)
    middle = float(np.average(required.box[:, axis], weights=required.weight))
    cost += OFF_CENTRE * required.weight.mean() * np.abs(places - middle)
    return float(places[int(cost.argmin())])


def _keys(times: Array, centres: Array, first: float, last: float, size: Size) -> list[CropKey]:
    """Keys over one shot; only its ends where nothing moves."""
    if np.ptp(centres, axis=0).max() < 1e-6:
        return [_key(first, centres[0], size), _key(last, centres[0], size)]
    at = np.linspace(first, last, round((last - first) / KEY) + 1)
    path = np.column_stack([_smooth(at, times, column) for column in centres.T])
    low, high = np.asarray(size) / 2, 1 - np.asarray(size) / 2
    return [_key(t, c, size) for t, c in zip(at, np.clip(path, low, high), strict=True)]


def _smooth(at: Array, times: Array, values: Array) -> Array:
    """A cubic Hermite curve through evenly spaced `values`, without the corners of straight lines;
    its slopes are those of the neighbours (Catmull and Rom)."""
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


def _key(time: float, centre: Array, size: Size) -> CropKey:
    x, y = (round(float(value), 4) for value in centre)
    return round(float(time), 3), x, y, round(size[0], 6), round(size[1], 6)
