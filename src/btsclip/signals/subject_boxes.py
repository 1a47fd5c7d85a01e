"""Boxes around the subject of a picture: things that move, or that stand out from the background.

Salience follows the boundary prior of Wei, Wen, Zhu and Sun, "Geodesic saliency using background
priors" (ECCV 2012): the edges of a picture most likely show its background, so a plate on a counter
or a pan on a stove stands out by a color unlike that of any edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import Box, box_between, cells_within, hull
from btsclip.signals.motion import MIN_MOVING_AREA, MIN_MOVING_SPEED, Motion

# Longer side in pixels of the picture in which salience is measured.
SIDE = 64
# Blur in pixels of that picture, against textures.
BLUR = 1.5
# Depth of an edge, as a share of the picture's side.
EDGE_DEPTH = 0.06
# Distance in CIE Lab up to which two colors count as equal.
MAX_EDGE_COLOR_DISTANCE = 12.0
# The hands work on things within their box widened by this share of it on each side.
REACH_OF_HANDS = 0.5
# Share of the moving or salient pixels left out at each end of a box, against strays.
STRAY_SHARE = 0.05

Array = NDArray[np.floating[Any]]


def salience(image: NDArray[np.uint8]) -> Array:
    """Salience of the RGB `image` (h, w, 3), as a small picture (m, n); 0 where the color is that
    of an edge."""
    scale = SIDE / max(image.shape[:2])
    size = [max(8, round(side * scale)) for side in image.shape[1::-1]]
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    lab = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2Lab), (0, 0), BLUR)
    rows, columns = (max(1, round(side * EDGE_DEPTH)) for side in lab.shape[:2])
    edges = [lab[:rows], lab[-rows:], lab[:, :columns], lab[:, -columns:]]
    colors = [np.median(edge.reshape(-1, 3), axis=0) for edge in edges]
    distance = np.min([np.linalg.norm(lab - color, axis=-1) for color in colors], axis=0)
    return np.asarray(np.maximum(distance - MAX_EDGE_COLOR_DISTANCE, 0.0))


def moving_box(motion: Motion, hands: Sequence[Box], beyond: bool = False) -> Box | None:
    """The box around things that move by themselves, within reach of `hands` if there are any, or
    `beyond` their reach; None if nothing moves."""
    speed = np.hypot(motion.flow[..., 0], motion.flow[..., 1])
    moving = np.where(speed > MIN_MOVING_SPEED, np.minimum(speed, 1.0), 0.0)
    if hands:
        rows, columns = cells_within(hull(hands), moving.shape, REACH_OF_HANDS)
        moving *= (rows[:, None] & columns) != beyond
    if np.count_nonzero(moving) < MIN_MOVING_AREA * moving.size:
        return None
    return _box_around(moving)


def salient_box(image: NDArray[np.uint8]) -> Box | None:
    """The box around things that stand out in the RGB `image` (h, w, 3); None if nothing does."""
    weight = salience(image)
    if np.count_nonzero(weight) < MIN_MOVING_AREA * weight.size:
        return None
    return _box_around(weight)


def _box_around(weight: Array) -> Box:
    """The box around nearly all of `weight` (h, w)."""
    x0, x1 = _middle_part(weight.sum(0))
    y0, y1 = _middle_part(weight.sum(1))
    return box_between(x0, y0, x1, y1)


def _middle_part(weight: Array) -> tuple[float, float]:
    """Start and end in 0..1 of `weight` (n,) without STRAY_SHARE of it at each end."""
    share = np.cumsum(weight) / weight.sum()
    first, last = np.searchsorted(share, [STRAY_SHARE, 1 - STRAY_SHARE])
    return float(first) / len(weight), float(last + 1) / len(weight)
