"""Where the work is: by what moves, hands and faces."""

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
LEFT, RIGHT = (0.25, 0.5, 0.2, 0.3), (0.75, 0.5, 0.2, 0.3)


def look(time: float = 0.0, shot: int = 1, hands: tuple = (), faces: tuple = ()) -> WorkSample:
    return WorkSample.of(time, shot, GREY, None, hands, faces, SCENE)


def middle(place: np.ndarray) -> float:
    """The mean x of a belief (MAP_SIDE, MAP_SIDE)."""
    return float((place.sum(0) * (np.arange(MAP_SIDE) + 0.5) / MAP_SIDE).sum())


def test_of_nothing_seen_the_middle_is_likeliest() -> None:
    (place,) = work_maps([look()])
    assert place.shape == (MAP_SIDE, MAP_SIDE)
    assert place.sum() == pytest.approx(1, abs=1e-4)
    assert middle(place) == pytest.approx(0.5, abs=1e-3)


def test_hands_draw_it_to_them_and_faces_push_it_away() -> None:
    (hand,) = work_maps([look(hands=((LEFT, 0.9),))])
    (face,) = work_maps([look(faces=(LEFT,))])
    assert middle(hand) < 0.47 < 0.5 < middle(face)


def test_what_moves_draws_it() -> None:
    still = look()
    speed = cells_inside(RIGHT) * 0.4
    moving = WorkSample(0.0, 1, speed, *(getattr(still, name) for name in (
        "hands", "moving_hands", "faces", "sharp", "scene"
    )))  # fmt: skip
    (place,) = work_maps([moving])
    assert middle(place) > 0.53


def test_clues_are_of_the_looks_nearby_in_the_same_shot() -> None:
    hand = ((LEFT, 0.8),)
    looks = [look(0.0, 1), look(0.5, 1, hand), look(1.0, 2), look(5.0, 2, hand)]
    found = work_clues(looks)["hands"]
    seen = found.max((1, 2))
    assert seen[0] == pytest.approx(seen[1]) and seen[0] > 0
    assert seen[2] == 0 and seen[3] > seen[0]


def test_no_looks_are_no_places() -> None:
    assert work_maps([]).shape == (0, MAP_SIDE, MAP_SIDE)


@pytest.mark.parametrize("box", [(0.0, 0.0, 0.001, 0.001), (1.0, 1.0, 0.0, 0.0), (0.5, 0.5, 2, 2)])
def test_every_box_is_in_some_place(box: tuple[float, float, float, float]) -> None:
    assert cells_inside(box).any()


def test_the_fitted_clues_are_those_that_are_measured() -> None:
    assert set(clue_weights()) <= set(work_clues([look()]))
    assert clue_weights()["faces"] < 0 < clue_weights()["hands"]
