"""Boxes in a picture: corners, hulls, shared areas, pixels, and the true picture within bars."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating[Any]]
# cx, cy, w, h in fractions of the upright picture.
Box = tuple[float, float, float, float]
# All of a picture: that of a take without bars.
WHOLE: Box = (0.5, 0.5, 1.0, 1.0)
# Of a pixel, by which fractions may be off.
ROUNDING = 0.01


def corners(boxes: ArrayLike, margin: float = 0.0) -> Array:
    """Left, top, right and bottom of `boxes` (..., 4), each side moved outward by `margin` of the
    box's own width or height."""
    values = np.asarray(boxes, float)
    half = values[..., 2:] * (0.5 + margin)
    return np.concatenate([values[..., :2] - half, values[..., :2] + half], axis=-1)


def from_corners(edges: ArrayLike) -> Array:
    """The boxes (..., 4) whose left, top, right and bottom are `edges` (..., 4)."""
    values = np.asarray(edges, float)
    low, high = values[..., :2], values[..., 2:]
    return np.concatenate([(low + high) / 2, high - low], axis=-1)


def box_between(left: float, top: float, right: float, bottom: float) -> Box:
    """As `from_corners`, of one box in plain numbers."""
    return (left + right) / 2, (top + bottom) / 2, right - left, bottom - top


def box_in(left: float, top: float, width: float, height: float, size: tuple[float, float]) -> Box:
    """The box of a part of a picture of `size` (width, height), all in pixels."""
    across, down = size
    return (left + width / 2) / across, (top + height / 2) / down, width / across, height / down


def enclosing(edges: Array) -> Array:
    """The corners (..., 4) about all `edges` (n, ..., 4); NaN counts only where all are NaN."""
    low, high = np.fmin.reduce(edges[..., :2]), np.fmax.reduce(edges[..., 2:])
    return np.concatenate([low, high], axis=-1)


def hull(boxes: ArrayLike) -> Array:
    """The smallest box (4,) about all `boxes` (n, 4), those of NaN left out."""
    return from_corners(enclosing(corners(boxes)))


def shared_area(a: Box, b: Box) -> float:
    """The area that lies in both boxes."""
    width = min(a[0] + a[2] / 2, b[0] + b[2] / 2) - max(a[0] - a[2] / 2, b[0] - b[2] / 2)
    height = min(a[1] + a[3] / 2, b[1] + b[3] / 2) - max(a[1] - a[3] / 2, b[1] - b[3] / 2)
    return max(0.0, width) * max(0.0, height)


def share_within(box: Box, other: Box) -> float:
    """Share of the area of `box`, 0..1, that lies in `other`."""
    return shared_area(box, other) / max(box[2] * box[3], 1e-9)


def box_overlap(a: Box, b: Box) -> float:
    """Shared area over the smaller area, so that a part inside a whole counts as the same."""
    return shared_area(a, b) / max(1e-9, min(a[2] * a[3], b[2] * b[3]))


def cells_within(
    boxes: ArrayLike, shape: tuple[int, ...], margin: float = 0.0
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which rows (..., h) and columns (..., w) of a grid of `shape` (h, w) over the picture have
    their middle in `boxes` (..., 4), widened by `margin` as by `corners`; none for NaN."""
    values = np.asarray(boxes, float)
    rows, columns = (
        np.abs((np.arange(count) + 0.5) / count - values[..., k, None])
        <= values[..., k + 2, None] * (0.5 + margin)
        for k, count in ((1, shape[0]), (0, shape[1]))
    )
    return rows, columns


def nearest_pixels(edges: Array, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom in pixels of corners (4,) in an image of this `shape`."""
    height, width = shape[:2]
    x0, y0, x1, y1 = (round(value) for value in (edges * [width, height, width, height]).tolist())
    return x0, y0, x1, y1


def to_take(places: ArrayLike, picture: Box) -> Array:
    """Boxes (..., 4) or points (..., 2) in fractions of the `picture`, in fractions of the take."""
    values, scale = np.asarray(places, float), np.array(picture[2:])
    result: Array = values * np.tile(scale, values.shape[-1] // 2)
    result[..., :2] += np.array(picture[:2]) - scale / 2
    return result


def to_picture(places: ArrayLike, picture: Box) -> Array:
    """Boxes (..., 4) or points (..., 2) in fractions of the take, in fractions of the `picture`."""
    values, scale = np.array(places, float), np.array(picture[2:])
    values[..., :2] -= np.array(picture[:2]) - scale / 2
    return np.asarray(values / np.tile(scale, values.shape[-1] // 2))


def pixels_of(picture: Box, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """The rows and columns of an image of this `shape` that lie wholly in the `picture`."""
    sides = []
    for middle, length, count in zip(picture[1::-1], picture[:1:-1], shape, strict=False):
        start = math.ceil((middle - length / 2) * count - ROUNDING)
        stop = math.floor((middle + length / 2) * count + ROUNDING)
        sides.append(slice(start, max(stop, start + 1)))
    return sides[0], sides[1]
