"""Motion that is not the camera's: dense optical flow less its best similarity transform."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import Box, corners
from btsclip.media.frames import Frame

# Residual speed, in picture widths a second, above which a place counts as moving.
MOVING = 0.05
# Share of the picture that must move for its direction to be more than noise.
LEAST_AREA = 0.01
# Two frames further apart than this say nothing about speed.
LONGEST_STEP = 0.6

Field = NDArray[np.float32]


@dataclass(frozen=True)
class Motion:
    """What moved between the last frame and the one at `time`.

    Speeds are picture widths a second. `local` is the 95th percentile of speed after the camera's
    own motion is taken away, `area` the share of the picture that moves so, `camera` the speed of
    the camera's pan. `flow` (h, w, 2) is the residual velocity at each place of the small picture.
    """

    time: float
    local: float
    area: float
    camera: float
    flow: Field

    def inside(self, box: Box, margin: float = 0.25) -> float:
        """Mean residual speed in `box` (cx, cy, w, h in fractions), widened by `margin` of it."""
        part = self._part(box, margin)
        return float(np.hypot(part[..., 0], part[..., 1]).mean()) if part.size else 0.0

    def drift(self, box: Box | None, margin: float = 0.25) -> tuple[float, float]:
        """Mean residual velocity (x, y) in `box`, or of all that moves when there is none."""
        part = self.flow if box is None else self._part(box, margin)
        part = part.reshape(-1, 2)
        if box is None:
            if self.area < LEAST_AREA:
                return 0.0, 0.0
            part = part[np.hypot(part[:, 0], part[:, 1]) > MOVING]
        if not len(part):
            return 0.0, 0.0
        mean = part.mean(0)
        return float(mean[0]), float(mean[1])

    def _part(self, box: Box, margin: float) -> Field:
        high, wide = self.flow.shape[:2]
        x0, y0, x1, y1 = (corners(box, margin) * [wide, high, wide, high]).tolist()
        return self.flow[max(0, int(y0)) : max(1, round(y1)), max(0, int(x0)) : max(1, round(x1))]


class MotionMeter:
    """Compares each frame with the one before it."""

    def __init__(self) -> None:
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._last: tuple[float, NDArray[np.uint8]] | None = None

    def restart(self) -> None:
        """Forgets the last frame: the next one follows a gap."""
        self._last = None

    def update(self, frame: Frame) -> Motion | None:
        """Motion since the last frame; None after a gap or at the first frame."""
        grey = grey_of(frame)
        before, self._last = self._last, (frame.time, grey)
        if before is None or not 0 < frame.time - before[0] <= LONGEST_STEP:
            return None
        if before[1].shape != grey.shape:
            return None
        step = frame.time - before[0]
        # An empty flow says that there is none to start from.
        flow = self._flow.calc(before[1], grey, np.empty((0, 0), np.float32))
        return measure_flow(frame.time, step, np.asarray(flow, np.float32))


def grey_of(frame: Frame) -> NDArray[np.uint8]:
    """The small picture of `frame` in grey (h, w)."""
    return np.asarray(cv2.cvtColor(frame.small, cv2.COLOR_RGB2GRAY), np.uint8)


def measure_flow(time: float, step: float, flow: NDArray[np.float32]) -> Motion:
    """Splits `flow` (h, w, 2; pixels between two pictures `step` seconds apart)."""
    camera, background = camera_flow(flow)
    unit = flow.shape[1] * step
    velocity = (flow - background) / unit
    speed = cv2.magnitude(velocity[..., 0], velocity[..., 1])
    moving = speed > MOVING
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
    high, wide = flow.shape[:2]
    basis, coarse = _similarity_basis(high, wide)
    seen = flow[::4, ::4].reshape(-1)
    weight = np.ones_like(seen)
    fit = np.zeros(4, np.float32)
    for _ in range(3):
        weighted = coarse * weight[:, None]
        fit = np.linalg.lstsq(weighted.T @ coarse, weighted.T @ seen, rcond=None)[0]
        rest = np.linalg.norm((seen - coarse @ fit).reshape(-1, 2), axis=1)
        scale = max(0.15, 1.48 * float(np.median(rest)))
        weight = np.repeat(1 / (1 + (rest / scale) ** 2), 2)
    return fit[2:], (basis @ fit).reshape(high, wide, 2)


@lru_cache(maxsize=4)
def _similarity_basis(high: int, wide: int) -> tuple[Field, Field]:
    """Flow of unit zoom, turn and shifts, (h * w * 2, 4), and the same at every fourth place."""
    ys, xs = np.mgrid[:high, :wide].astype(np.float32)
    x, y = (xs - wide / 2) / wide, (ys - high / 2) / wide
    one, zero = np.ones_like(x), np.zeros_like(x)
    parts = [(x, y), (-y, x), (one, zero), (zero, one)]
    basis = np.stack([np.stack(part, -1) for part in parts], -1)
    return basis.reshape(-1, 4), np.ascontiguousarray(basis[::4, ::4]).reshape(-1, 4)
