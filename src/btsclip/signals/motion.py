"""Motion apart from the camera's: dense optical flow minus its best similarity transform."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import Box, corners
from btsclip.media import Frame

# Residual speed of a pixel that moves, in picture widths a second.
MIN_MOVING_SPEED = 0.05
# Share of the picture that must move for its direction to be more than noise.
MIN_MOVING_AREA = 0.01
# Seconds between two frames up to which they are compared.
MAX_STEP = 0.6
# Height in pixels up to which OpenCV's flow reads beyond a wide picture: it halves a picture of
# 160 pixels twice, whatever its height, and compares patches of 8.
MIN_FLOW_HEIGHT = 32

Field = NDArray[np.float32]
Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Motion:
    """Motion from the last frame to the frame at `time`, in picture widths a second.

    `local` is the 95th percentile of the speed without the camera's own motion, `area` the share of
    the picture that moves by itself, `camera` the speed of the camera's pan. `flow` (h, w, 2) is
    the residual velocity of each pixel of the small picture.
    """

    time: float
    local: float
    area: float
    camera: float
    flow: Field

    def inside(self, box: Box, margin: float = 0.25) -> float:
        """Mean residual speed in `box` (cx, cy, w, h in fractions), widened on each side by
        `margin` of its size."""
        part = self._flow_in(box, margin)
        return float(np.hypot(part[..., 0], part[..., 1]).mean()) if part.size else 0.0

    def drift(self, box: Box | None, margin: float = 0.25) -> tuple[float, float]:
        """Mean residual velocity (x, y) in `box`; without a box, of every pixel that moves."""
        part = self.flow if box is None else self._flow_in(box, margin)
        part = part.reshape(-1, 2)
        if box is None:
            if self.area < MIN_MOVING_AREA:
                return 0.0, 0.0
            part = part[np.hypot(part[:, 0], part[:, 1]) > MIN_MOVING_SPEED]
        if not len(part):
            return 0.0, 0.0
        mean = part.mean(0)
        return float(mean[0]), float(mean[1])

    def _flow_in(self, box: Box, margin: float) -> Field:
        height, width = self.flow.shape[:2]
        x0, y0, x1, y1 = (corners(box, margin) * [width, height, width, height]).tolist()
        return self.flow[max(0, int(y0)) : max(1, round(y1)), max(0, int(x0)) : max(1, round(x1))]


class MotionMeter:
    """Meter of the motion from each frame to the next."""

    def __init__(self) -> None:
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._last: tuple[float, NDArray[np.uint8]] | None = None

    def restart(self) -> None:
        """Forget the last frame: the next one follows a gap."""
        self._last = None

    def update(self, frame: Frame) -> Motion | None:
        """Motion since the last frame; None after a gap or at the first frame."""
        grey = grey_of(frame)
        before, self._last = self._last, (frame.time, grey)
        if before is None or not 0 < frame.time - before[0] <= MAX_STEP:
            return None
        if before[1].shape != grey.shape:
            return None
        return measure_flow(frame.time, frame.time - before[0], self._flow_between(before[1], grey))

    def _flow_between(self, first: NDArray[np.uint8], second: NDArray[np.uint8]) -> Field:
        """The shift of each pixel (h, w, 2) from one grey picture to another of its size."""
        height = first.shape[0]
        if height < MIN_FLOW_HEIGHT:
            missing = MIN_FLOW_HEIGHT - height
            first, second = (
                np.asarray(
                    cv2.copyMakeBorder(picture, 0, missing, 0, 0, cv2.BORDER_REPLICATE), np.uint8
                )
                for picture in (first, second)
            )
        # An empty array: no flow to start from.
        flow = self._flow.calc(first, second, np.empty((0, 0), np.float32))
        return np.asarray(flow, np.float32)[:height]


def grey_of(frame: Frame) -> NDArray[np.uint8]:
    """The small picture of `frame` in grey (h, w)."""
    return np.asarray(cv2.cvtColor(frame.small, cv2.COLOR_RGB2GRAY), np.uint8)


def measure_flow(time: float, step: float, flow: NDArray[np.float32]) -> Motion:
    """Split `flow` (h, w, 2), pixels between two pictures `step` seconds apart, into the camera's
    motion and the rest."""
    camera, background = camera_flow(flow)
    unit = flow.shape[1] * step
    velocity = (flow - background) / unit
    speed = cv2.magnitude(velocity[..., 0], velocity[..., 1])
    moving = speed > MIN_MOVING_SPEED
    rank = int(0.95 * speed.size)
    return Motion(
        time=time,
        local=float(np.partition(speed, rank, axis=None)[rank]),
        area=float(moving.mean()),
        camera=float(np.hypot(*camera)) / unit,
        flow=velocity,
    )


def camera_flow(flow: NDArray[np.float32]) -> tuple[Field, Field]:
    """The camera's shift (2,) and its flow field (h, w, 2), in pixels.

    A similarity (turn, zoom, shift) is fitted by iteratively reweighted least squares with Cauchy
    weights, so that moving hands do not pull the background along.
    """
    height, width = flow.shape[:2]
    basis, coarse = _similarity_basis(height, width)
    observed = flow[::4, ::4].reshape(-1)
    weight = np.ones_like(observed)
    fit = np.zeros(4, np.float32)
    for _ in range(3):
        weighted = coarse * weight[:, None]
        fit = np.linalg.lstsq(weighted.T @ coarse, weighted.T @ observed, rcond=None)[0]
        residual = np.linalg.norm((observed - coarse @ fit).reshape(-1, 2), axis=1)
        scale = max(0.15, 1.48 * float(np.median(residual)))
        weight = np.repeat(1 / (1 + (residual / scale) ** 2), 2)
    return fit[2:], (basis @ fit).reshape(height, width, 2)


@lru_cache(maxsize=4)
def _similarity_basis(height: int, width: int) -> tuple[Field, Field]:
    """Flow of unit zoom, turn and shifts, (h * w * 2, 4), and the same at every fourth pixel."""
    ys, xs = np.mgrid[:height, :width].astype(np.float32)
    x, y = (xs - width / 2) / width, (ys - height / 2) / width
    one, zero = np.ones_like(x), np.zeros_like(x)
    parts = [(x, y), (-y, x), (one, zero), (zero, one)]
    basis = np.stack([np.stack(part, -1) for part in parts], -1)
    return basis.reshape(-1, 4), np.ascontiguousarray(basis[::4, ::4]).reshape(-1, 4)
