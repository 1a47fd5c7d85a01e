from __future__ import annotations

import cv2
import numpy as np
import pytest

from btsclip.signals.subject_boxes import salience, salient_box

COUNTER = (150, 140, 120)


def counter(noise: int = 6) -> np.ndarray:
    """A worktop of grainy stone, (360, 640, 3)."""
    grain = np.random.default_rng(3).integers(-noise, noise + 1, (360, 640, 1))
    return np.clip(np.full((360, 640, 3), COUNTER) + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("x", [150, 320, 500])
def test_plate_stands_out_on_a_counter(x: int) -> None:
    picture = cv2.circle(counter(), (x, 200), 70, (235, 235, 240), -1)
    found = salient_box(picture)
    assert found
    assert found[0] == pytest.approx(x / 640, abs=0.02)
    assert found[1] == pytest.approx(200 / 360, abs=0.03)
    assert found[2] == pytest.approx(140 / 640, abs=0.05)


def test_nothing_stands_out_on_an_empty_counter() -> None:
    assert salient_box(counter()) is None


def test_wall_that_touches_the_edges_is_background() -> None:
    picture = counter()
    picture[:, 420:] = (40, 60, 90)
    picture = cv2.circle(picture, (200, 180), 50, (220, 40, 30), -1)
    seen = salience(picture)
    assert seen[:, int(0.75 * seen.shape[1]) :].max() == 0
    assert seen.max() > 40
