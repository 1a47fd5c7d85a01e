"""Motion, sharpness and pose of the pictures in a short span, ten a second.

The analysis samples most of a take only sparsely. Where a clip begins, ends or jumps, a tenth of a
second matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import Box, cells_within
from btsclip.media import Footage, read_frames
from btsclip.signals.motion import Motion, MotionMeter, grey_of
from btsclip.signals.quality import sharpness

# Pictures a second, and those over which motion is averaged: a single picture may be still in the
# middle of a stroke.
LOOKS_A_SECOND = 10.0
AVERAGED_LOOKS = 3
# Width and height in pixels of a pose: enough to see where hands and tools are.
POSE_SIZE = (32, 32)
# Rows and columns of the parts of a picture whose motion is known: a crop shows at least some of
# them, and a hand covers several.
MOTION_CELLS = (9, 16)
# Of the cells in a crop, this percentile of their speeds is the crop's motion: a hand may fill only
# a tenth of it.
MOVING_PERCENTILE = 90
# Pixels of a pose by which the camera may have moved between two that are compared.
MAX_SHIFT = 3

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Looks:
    """What the pictures at `times` (n,) seconds show.

    `motion` (n,) is the mean speed around each of them, without the camera's, in picture widths a
    second; `sharpness` (n,) as `quality.sharpness`; `poses` (n, 32, 32) are small gray pictures;
    `cells` (n, rows, columns) is the mean speed in each part of the picture, as `motion`.
    """

    times: Array
    motion: Array
    sharpness: Array
    poses: NDArray[np.uint8]
    cells: Array

    def motion_in(self, i: int, box: Box) -> float:
        """The speed of what moves in `box` at time `i`, in picture widths a second."""
        rows, columns = cells_within(box, self.cells.shape[1:])
        part = self.cells[i][rows][:, columns]
        return float(np.percentile(part, MOVING_PERCENTILE)) if part.size else 0.0

    def difference(self, i: int, other: Looks, k: int) -> float:
        """Mean difference in gray levels of pose `i` and pose `k` of `other` looks.

        It is the least one with a pose shifted by up to MAX_SHIFT pixels: a hand-held camera never
        comes back to the same place.
        """
        side = POSE_SIZE[0] - 2 * MAX_SHIFT
        middle = self.poses[i][MAX_SHIFT:-MAX_SHIFT, MAX_SHIFT:-MAX_SHIFT].astype(np.float32)
        shifted = np.lib.stride_tricks.sliding_window_view(other.poses[k], (side, side))
        return float(np.abs(shifted - middle).mean((2, 3)).min())


def measure_looks(footage: Footage, start: float, end: float) -> Looks:
    """Looks from `start` to `end` seconds. Raises FootageError when nothing can be decoded."""
    meter, margin = MotionMeter(), AVERAGED_LOOKS / LOOKS_A_SECOND
    times, moved, focus, poses, cells = [], [], [], [], []
    span = (max(0.0, start - margin), end + margin)
    for frame in read_frames(footage, [span], rate=LOOKS_A_SECOND):
        motion = meter.update(frame)
        times.append(frame.time)
        moved.append(motion.local if motion else np.nan)
        cells.append(_cell_speeds(motion) if motion else np.full(MOTION_CELLS, np.nan))
        focus.append(sharpness(frame.image))
        poses.append(cv2.resize(grey_of(frame), POSE_SIZE, interpolation=cv2.INTER_AREA))
    at = np.array(times)
    inside = (at >= start - 1e-3) & (at <= end + 1e-3)
    pictures = np.array(poses, np.uint8).reshape(-1, *POSE_SIZE)
    speeds = np.array(cells).reshape(-1, *MOTION_CELLS)
    return Looks(
        at[inside], _average(np.array(moved))[inside], np.array(focus)[inside], pictures[inside],
        _average(speeds)[inside].astype(np.float32),
    )  # fmt: skip


def _cell_speeds(motion: Motion) -> Array:
    """The mean speed in each of MOTION_CELLS."""
    speed = np.hypot(motion.flow[..., 0], motion.flow[..., 1])
    return np.asarray(cv2.resize(speed, MOTION_CELLS[::-1], interpolation=cv2.INTER_AREA))


def _average(values: Array) -> Array:
    """Mean (n, ...) of AVERAGED_LOOKS values around each of `values` (n, ...), NaN left out."""
    if not len(values):
        return values
    reach = AVERAGED_LOOKS // 2
    edge = np.full((reach, *values.shape[1:]), np.nan)
    padded = np.concatenate([edge, values, edge])
    near = np.stack([padded[k : k + len(values)] for k in range(AVERAGED_LOOKS)])
    known = np.isfinite(near)
    return np.asarray(np.nan_to_num(near).sum(0) / np.maximum(known.sum(0), 1))
