"""Crops that show where the work is likely to be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from btsclip.framing.crop import CropSpan, crop_subject
from btsclip.framing.place import best_centre, best_window, share_held, window_shares, work_region
from btsclip.framing.subject import find_subject, likelihood
from btsclip.signals.hands import MAX_HANDS
from btsclip.signals.subject_tracks import MAX_FACES, Tracks
from btsclip.signals.work_map import MAP_SIDE, cells_inside

COUNT, SIZE = 20, (0.32, 1.0)
LEFT, RIGHT = (0.2, 0.5, 0.12, 0.2), (0.8, 0.5, 0.12, 0.2)

profiles = st.lists(st.floats(0, 1), min_size=4, max_size=32).filter(lambda p: sum(p) > 0.1)


@given(profiles, st.floats(0.05, 1.0), st.floats(0, 1))
def test_no_window_holds_much_more_than_the_best_one(
    profile: list[float], size: float, near: float
) -> None:
    values = np.array(profile)
    centre = best_window(values, size, near)
    assert size / 2 - 1e-9 <= centre <= 1 - size / 2 + 1e-9
    others = np.linspace(size / 2, 1 - size / 2, 50)
    best = window_shares(values, np.array([centre]), size)[0]
    assert best >= window_shares(values, others, size).max() - 0.05


@given(profiles, st.floats(0.1, 1.0))
def test_the_middle_of_the_work_fits_the_crop(profile: list[float], size: float) -> None:
    place = np.outer(np.ones(4), profile)[None]
    box = work_region(place, (size, 1.0)).box[0]
    assert 0 <= box[2] <= size + 1e-9
    assert box[0] - box[2] / 2 >= -1e-9 and box[0] + box[2] / 2 <= 1 + 1e-9


def place_at(box: tuple[float, float, float, float]) -> np.ndarray:
    within = cells_inside(box)
    return np.tile(within / within.sum(), (COUNT, 1, 1))


def tracks(hand: tuple[float, float, float, float] | None, place: np.ndarray) -> Tracks:
    hands = np.full((COUNT, MAX_HANDS, 4), np.nan)
    presence = np.zeros((COUNT, MAX_HANDS))
    if hand:
        hands[:, 0], presence[:, 0] = hand, 0.9
    none = np.full((COUNT, 4), np.nan)
    faces = np.full((COUNT, MAX_FACES, 4), np.nan)
    return Tracks(
        np.arange(COUNT) * 0.2, hands, presence, presence * 0.1, faces, none, none, none, place
    )


def centre_of(made: Tracks) -> float:
    subject = find_subject(made, at_work=True)
    return crop_subject(subject, CropSpan(0.0, 4.0), SIZE).keys[0][1]


def test_without_hands_the_place_of_the_work_is_shown() -> None:
    made = tracks(None, place_at(RIGHT))
    assert find_subject(made, at_work=True).rung == "work"
    assert find_subject(made).rung == "frame"
    assert centre_of(made) == pytest.approx(0.8, abs=0.05)


def test_a_hand_far_from_the_work_does_not_lead() -> None:
    assert centre_of(tracks(LEFT, place_at(RIGHT))) > 0.7
    assert centre_of(tracks(LEFT, place_at(LEFT))) == pytest.approx(0.2, abs=0.05)


def test_a_belief_that_is_not_sure_stays_with_the_hands() -> None:
    even = np.full((COUNT, MAP_SIDE, MAP_SIDE), MAP_SIDE**-2.0)
    assert centre_of(tracks(LEFT, even)) == pytest.approx(0.2, abs=0.05)


def test_the_share_of_the_belief_in_a_crop() -> None:
    place = place_at(LEFT)
    assert share_held(place, np.tile([0.2, 0.5], (COUNT, 1)), SIZE) == pytest.approx(1, abs=1e-6)
    assert share_held(place, np.tile([0.8, 0.5], (COUNT, 1)), SIZE) == pytest.approx(0, abs=1e-6)
    assert best_centre(place, SIZE, np.array([0.2, 0.5]))[0] == pytest.approx(0.2, abs=0.03)


def test_how_likely_the_work_is_in_a_box() -> None:
    boxes = np.array([[LEFT, RIGHT, (np.nan,) * 4]])
    found = likelihood(place_at(LEFT)[:1], boxes)[0]
    assert found[0] == pytest.approx(1) and found[1] == 0 and found[2] == 0
