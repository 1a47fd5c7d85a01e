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

from btsclip.media import Footage, read_frames
from btsclip.signals.motion import MotionMeter, grey_of
from btsclip.signals.quality import sharpness

# Pictures a second, and those over which motion is averaged: a single picture may be still in the
# middle of a stroke.
LOOKS_A_SECOND = 10.0
AVERAGED_LOOKS = 3
# Width and height in pixels of a pose: enough to see where hands and tools are.
POSE_SIZE = (32, 32)
# Pixels of a pose by which the camera may have moved between two that are compared.
MAX_SHIFT = 3

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Looks:
    """What the pictures at `times` (n,) seconds show.

    `motion` (n,) is the mean speed around each of them, without the camera's, in picture widths a
    second; `sharpness` (n,) as `quality.sharpness`; `poses` (n, 32, 32) are small gray pictures.
    """

    times: Array
    motion: Array
    sharpness: Array
    poses: NDArray[np.uint8]

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
    times, moved, focus, poses = [], [], [], []
    span = (max(0.0, start - margin), end + margin)
    for frame in read_frames(footage, [span], rate=LOOKS_A_SECOND):
        motion = meter.update(frame)
        times.append(frame.time)
        moved.append(motion.local if motion else np.nan)
        focus.append(sharpness(frame.image))
        poses.append(cv2.resize(grey_of(frame), POSE_SIZE, interpolation=cv2.INTER_AREA))
    at = np.array(times)
    inside = (at >= start - 1e-3) & (at <= end + 1e-3)
    pictures = np.array(poses, np.uint8).reshape(-1, *POSE_SIZE)
    return Looks(
        at[inside], _average(np.array(moved))[inside], np.array(focus)[inside], pictures[inside]
    )


def _average(values: Array) -> Array:
    """Mean (n,) of AVERAGED_LOOKS values around each of `values` (n,), NaN left out."""
    known = np.isfinite(values).astype(float)
    taps = np.ones(AVERAGED_LOOKS)
    if not len(values):
        return values
    total = np.convolve(np.nan_to_num(values), taps, "same")[: len(values)]
    return np.asarray(total / np.maximum(np.convolve(known, taps, "same")[: len(values)], 1))
