from __future__ import annotations

import cv2
import numpy as np
import pytest

from btsclip.media.frames import Frame
from btsclip.signals.motion import Motion, MotionMeter


def scene(seed: int = 3) -> np.ndarray:
    """A picture with texture at every scale, (500, 800, 3)."""
    noise = np.random.default_rng(seed).normal(size=(500, 800))
    layers = [cv2.GaussianBlur(noise, (0, 0), s) * s for s in (3, 9, 25)]
    grey = np.clip(128 + 60 * sum(layers), 0, 255).astype(np.uint8)
    return np.dstack([grey] * 3)


def look(left: int, top: int, hand: tuple[int, int] | None = None) -> np.ndarray:
    """What a camera at `left`, `top` sees of the scene (360, 640), with a patch at `hand`."""
    image = scene()[top : top + 360, left : left + 640].copy()
    if hand:
        x, y = hand
        image[y : y + 80, x : x + 80] = scene(9)[:80, :80]
    return image


def between(first: np.ndarray, second: np.ndarray, step: float = 1 / 6) -> Motion:
    meter = MotionMeter()
    assert meter.update(Frame.of(1.0, first)) is None
    motion = meter.update(Frame.of(1.0 + step, second))
    assert motion is not None
    return motion


def test_a_still_picture_does_not_move() -> None:
    motion = between(look(20, 20), look(20, 20))
    assert motion.local < 0.005 and motion.area == 0


def test_a_pan_is_the_cameras_motion_alone() -> None:
    motion = between(look(20, 20), look(36, 20))
    assert motion.camera == pytest.approx(16 / 640 * 6, rel=0.1)
    assert motion.local < 0.03


def test_a_zoom_is_the_cameras_motion_alone() -> None:
    wide = look(20, 20)
    close = cv2.resize(wide[9:351, 16:624], (640, 360), interpolation=cv2.INTER_AREA)
    assert between(wide, close).local < 0.05


def test_what_moves_before_a_moving_camera_is_found() -> None:
    motion = between(look(20, 20, (100, 140)), look(28, 20, (112, 140)))
    assert motion.area > 0
    there = motion.inside((146 / 640, 0.5, 0.12, 0.2), margin=0)
    elsewhere = motion.inside((0.75, 0.5, 0.12, 0.2), margin=0)
    assert there > 5 * elsewhere


def test_after_a_gap_nothing_is_compared() -> None:
    meter = MotionMeter()
    meter.update(Frame.of(1.0, look(20, 20)))
    assert meter.update(Frame.of(3.0, look(60, 20))) is None
    meter.restart()
    assert meter.update(Frame.of(3.1, look(60, 20))) is None
