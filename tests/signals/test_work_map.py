"""Work maps follow motion, hands and faces."""

from __future__ import annotations

import numpy as np
import pytest

from btsclip.signals.scene import CELLS, CHANNELS
from btsclip.signals.work_map import (
    MAP_SIDE,
    WorkSample,
    cells_inside,
    clue_weights,
    work_clues,
    work_maps,
)

GREY = np.full((90, 160, 3), 128, np.uint8)
SCENE = np.zeros((CHANNELS, CELLS, CELLS), np.float32)
LEFT = (0.25, 0.5, 0.2, 0.3)
RIGHT = (0.75, 0.5, 0.2, 0.3)


def sample(time: float = 0.0, shot: int = 1, hands: tuple = (), faces: tuple = ()) -> WorkSample:
    return WorkSample.of(time, shot, GREY, None, hands, faces, SCENE)


def middle(place: np.ndarray) -> float:
    """The mean x of a belief (MAP_SIDE, MAP_SIDE)."""
    return float((place.sum(0) * (np.arange(MAP_SIDE) + 0.5) / MAP_SIDE).sum())


def test_middle_is_likeliest_without_clues() -> None:
    (place,) = work_maps([sample()])
    assert place.shape == (MAP_SIDE, MAP_SIDE)
    assert place.sum() == pytest.approx(1, abs=1e-4)
    assert middle(place) == pytest.approx(0.5, abs=1e-3)


def test_hands_attract_and_faces_repel() -> None:
    (hand,) = work_maps([sample(hands=((LEFT, 0.9),))])
    (face,) = work_maps([sample(faces=(LEFT,))])
    assert middle(hand) < 0.47 < 0.5 < middle(face)


def test_motion_attracts() -> None:
    still = sample()
    speed = cells_inside(RIGHT) * 0.4
    moving = WorkSample(0.0, 1, speed, *(getattr(still, name) for name in (
        "hands", "moving_hands", "faces", "sharp", "scene"
    )))  # fmt: skip
    (place,) = work_maps([moving])
    assert middle(place) > 0.53


def test_clues_are_averaged_within_a_shot() -> None:
    hand = ((LEFT, 0.8),)
    samples = [sample(0.0, 1), sample(0.5, 1, hand), sample(1.0, 2), sample(5.0, 2, hand)]
    hands = work_clues(samples)["hands"].max((1, 2))
    assert hands[0] == pytest.approx(hands[1]) and hands[0] > 0
    assert hands[2] == 0 and hands[3] > hands[0]


def test_no_samples_give_no_maps() -> None:
    assert work_maps([]).shape == (0, MAP_SIDE, MAP_SIDE)


@pytest.mark.parametrize("box", [(0.0, 0.0, 0.001, 0.001), (1.0, 1.0, 0.0, 0.0), (0.5, 0.5, 2, 2)])
def test_every_box_has_a_cell(box: tuple[float, float, float, float]) -> None:
    assert cells_inside(box).any()


def test_fitted_clues_are_measured() -> None:
    assert set(clue_weights()) <= set(work_clues([sample()]))
    assert clue_weights()["faces"] < 0 < clue_weights()["hands"]
