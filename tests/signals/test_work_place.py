"""Where the work is: by what moves, hands and faces."""

from __future__ import annotations

import numpy as np
import pytest

from btsclip.signals.scene import CELLS, CHANNELS
from btsclip.signals.work_place import (
    PLACES,
    PlaceLook,
    clue_weights,
    place_clues,
    places_inside,
    work_places,
)

GREY = np.full((90, 160, 3), 128, np.uint8)
SCENE = np.zeros((CHANNELS, CELLS, CELLS), np.float32)
LEFT, RIGHT = (0.25, 0.5, 0.2, 0.3), (0.75, 0.5, 0.2, 0.3)


def look(time: float = 0.0, shot: int = 1, hands: tuple = (), faces: tuple = ()) -> PlaceLook:
    return PlaceLook.of(time, shot, GREY, None, hands, faces, SCENE)


def middle(place: np.ndarray) -> float:
    """The mean x of a belief (PLACES, PLACES)."""
    return float((place.sum(0) * (np.arange(PLACES) + 0.5) / PLACES).sum())


def test_of_nothing_seen_the_middle_is_likeliest() -> None:
    (place,) = work_places([look()])
    assert place.shape == (PLACES, PLACES)
    assert place.sum() == pytest.approx(1, abs=1e-4)
    assert middle(place) == pytest.approx(0.5, abs=1e-3)


def test_hands_draw_it_to_them_and_faces_push_it_away() -> None:
    (hand,) = work_places([look(hands=((LEFT, 0.9),))])
    (face,) = work_places([look(faces=(LEFT,))])
    assert middle(hand) < 0.47 < 0.5 < middle(face)


def test_what_moves_draws_it() -> None:
    still = look()
    speed = places_inside(RIGHT) * 0.4
    moving = PlaceLook(0.0, 1, speed, *(getattr(still, name) for name in (
        "hands", "moving_hands", "faces", "sharp", "scene"
    )))  # fmt: skip
    (place,) = work_places([moving])
    assert middle(place) > 0.53


def test_clues_are_of_the_looks_nearby_in_the_same_shot() -> None:
    hand = ((LEFT, 0.8),)
    looks = [look(0.0, 1), look(0.5, 1, hand), look(1.0, 2), look(5.0, 2, hand)]
    found = place_clues(looks)["hands"]
    seen = found.max((1, 2))
    assert seen[0] == pytest.approx(seen[1]) and seen[0] > 0
    assert seen[2] == 0 and seen[3] > seen[0]


def test_no_looks_are_no_places() -> None:
    assert work_places([]).shape == (0, PLACES, PLACES)


@pytest.mark.parametrize("box", [(0.0, 0.0, 0.001, 0.001), (1.0, 1.0, 0.0, 0.0), (0.5, 0.5, 2, 2)])
def test_every_box_is_in_some_place(box: tuple[float, float, float, float]) -> None:
    assert places_inside(box).any()


def test_the_fitted_clues_are_those_that_are_measured() -> None:
    assert set(clue_weights()) <= set(place_clues([look()]))
    assert clue_weights()["faces"] < 0 < clue_weights()["hands"]
