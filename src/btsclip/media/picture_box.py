"""The true picture of a take that has bars baked in, and boxes in the one and in the other."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating[Any]]
# cx, cy, w, h in fractions of the upright take.
Box = tuple[float, float, float, float]
# That of a take without bars.
WHOLE: Box = (0.5, 0.5, 1.0, 1.0)
# Of a pixel, by which fractions may be off.
ROUNDING = 0.01


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
