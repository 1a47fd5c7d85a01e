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


def view(left: int, top: int, hand: tuple[int, int] | None = None) -> np.ndarray:
    """The scene (360, 640) from a camera at `left`, `top`, with a patch at `hand`."""
    image = scene()[top : top + 360, left : left + 640].copy()
    if hand:
        x, y = hand
        image[y : y + 80, x : x + 80] = scene(9)[:80, :80]
    return image


def motion_between(first: np.ndarray, second: np.ndarray, step: float = 1 / 6) -> Motion:
    meter = MotionMeter()
    assert meter.update(Frame.of(1.0, first)) is None
    motion = meter.update(Frame.of(1.0 + step, second))
    assert motion is not None
    return motion


def test_still_picture_has_no_motion() -> None:
    motion = motion_between(view(20, 20), view(20, 20))
    assert motion.local < 0.005 and motion.area == 0


def test_pan_is_motion_of_the_camera() -> None:
    motion = motion_between(view(20, 20), view(36, 20))
    assert motion.camera == pytest.approx(16 / 640 * 6, rel=0.1)
    assert motion.local < 0.03


def test_zoom_is_motion_of_the_camera() -> None:
    wide = view(20, 20)
    close = cv2.resize(wide[9:351, 16:624], (640, 360), interpolation=cv2.INTER_AREA)
    assert motion_between(wide, close).local < 0.05


def test_moving_hand_is_found_during_a_pan() -> None:
    motion = motion_between(view(20, 20, (100, 140)), view(28, 20, (112, 140)))
    assert motion.area > 0
    at_hand = motion.inside((146 / 640, 0.5, 0.12, 0.2), margin=0)
    elsewhere = motion.inside((0.75, 0.5, 0.12, 0.2), margin=0)
    assert at_hand > 5 * elsewhere


def test_frames_are_not_compared_after_a_gap() -> None:
    meter = MotionMeter()
    meter.update(Frame.of(1.0, view(20, 20)))
    assert meter.update(Frame.of(3.0, view(60, 20))) is None
    meter.restart()
    assert meter.update(Frame.of(3.1, view(60, 20))) is None


@pytest.mark.parametrize("height", [16, 31, 60])
def test_motion_of_a_very_wide_picture_is_measured(height: int) -> None:
    """OpenCV reads beyond the end of a picture that is 160 wide and less than 32 high."""
    rows = height * 4
    motion = motion_between(view(20, 20)[:rows], view(36, 20)[:rows])
    assert motion.flow.shape == (height, 160, 2)
    assert motion.camera == pytest.approx(16 / 640 * 6, rel=0.2)
