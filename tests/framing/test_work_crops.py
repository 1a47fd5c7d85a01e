"""Crops of the work map."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from btsclip.framing.crop import CropSpan, crop_subject
from btsclip.framing.layout import Canvas, frame_subject
from btsclip.framing.subject import find_subject, likelihood
from btsclip.framing.work_map import (
    best_center,
    best_window,
    share_in_crops,
    window_shares,
    work_region,
)
from btsclip.signals.hands import MAX_HANDS
from btsclip.signals.subject_tracks import MAX_FACES, Tracks
from btsclip.signals.work_map import MAP_SIDE, cells_inside

COUNT, SIZE = 20, (0.32, 1.0)
LEFT, RIGHT = (0.2, 0.5, 0.12, 0.2), (0.8, 0.5, 0.12, 0.2)

profiles = st.lists(st.floats(0, 1), min_size=4, max_size=32).filter(lambda p: sum(p) > 0.1)


@given(profiles, st.floats(0.05, 1.0), st.floats(0, 1))
def test_best_window_has_the_largest_share(profile: list[float], size: float, near: float) -> None:
    values = np.array(profile)
    center = best_window(values, size, near)
    assert size / 2 - 1e-9 <= center <= 1 - size / 2 + 1e-9
    others = np.linspace(size / 2, 1 - size / 2, 50)
    best = window_shares(values, np.array([center]), size)[0]
    assert best >= window_shares(values, others, size).max() - 0.05


@given(profiles, st.floats(0.1, 1.0))
def test_work_region_fits_the_crop(profile: list[float], size: float) -> None:
    work_map = np.outer(np.ones(4), profile)[None]
    box = work_region(work_map, (size, 1.0)).box[0]
    assert 0 <= box[2] <= size + 1e-9
    assert box[0] - box[2] / 2 >= -1e-9 and box[0] + box[2] / 2 <= 1 + 1e-9


def work_map_at(box: tuple[float, float, float, float]) -> np.ndarray:
    within = cells_inside(box)
    return np.tile(within / within.sum(), (COUNT, 1, 1))


def tracks(hand: tuple[float, float, float, float] | None, work_map: np.ndarray) -> Tracks:
    hands = np.full((COUNT, MAX_HANDS, 4), np.nan)
    presence = np.zeros((COUNT, MAX_HANDS))
    if hand:
        hands[:, 0], presence[:, 0] = hand, 0.9
    none = np.full((COUNT, 4), np.nan)
    faces = np.full((COUNT, MAX_FACES, 4), np.nan)
    return Tracks(
        np.arange(COUNT) * 0.2, hands, presence, presence * 0.1, faces, none, none, none, work_map
    )


def center_of(made: Tracks) -> float:
    subject = find_subject(made, at_work=True)
    return crop_subject(subject, CropSpan(0.0, 4.0), SIZE).keys[0][1]


def test_place_of_the_work_is_shown_without_hands() -> None:
    made = tracks(None, work_map_at(RIGHT))
    assert find_subject(made, at_work=True).kind == "work"
    assert find_subject(made).kind == "frame"
    assert center_of(made) == pytest.approx(0.8, abs=0.05)


def test_crop_leaves_a_hand_far_from_the_work() -> None:
    assert center_of(tracks(LEFT, work_map_at(RIGHT))) > 0.7
    assert center_of(tracks(LEFT, work_map_at(LEFT))) == pytest.approx(0.2, abs=0.05)


@pytest.mark.parametrize(("hand", "layout"), [(0.42, "fit-blur"), (0.66, "crop")])
def test_picture_is_wider_only_where_the_work_costs_the_hand(hand: float, layout: str) -> None:
    """A hand at the end of a long handle is shown beside its pan."""
    box, pan = (hand, 0.5, 0.12, 0.2), (0.78, 0.5, 0.24, 0.2)
    subject = find_subject(tracks(box, work_map_at(pan)), at_work=True)
    framing = frame_subject(subject, CropSpan(0.0, 4.0), Canvas((1920, 1080), (1080, 1920)))
    assert framing.layout == layout
    _, x, _, width, _ = framing.keys[0]
    assert x - width / 2 <= hand - 0.04 and x + width / 2 >= 0.88


def test_crop_stays_with_the_hands_if_the_work_map_is_flat() -> None:
    even = np.full((COUNT, MAP_SIDE, MAP_SIDE), MAP_SIDE**-2.0)
    assert center_of(tracks(LEFT, even)) == pytest.approx(0.2, abs=0.05)


def test_share_of_the_work_in_a_crop() -> None:
    work_map = work_map_at(LEFT)
    assert share_in_crops(work_map, np.tile([0.2, 0.5], (COUNT, 1)), SIZE) == pytest.approx(
        1, abs=1e-6
    )
    assert share_in_crops(work_map, np.tile([0.8, 0.5], (COUNT, 1)), SIZE) == pytest.approx(
        0, abs=1e-6
    )
    assert best_center(work_map, SIZE, np.array([0.2, 0.5]))[0] == pytest.approx(0.2, abs=0.03)


def test_likelihood_of_the_work_in_a_box() -> None:
    boxes = np.array([[LEFT, RIGHT, (np.nan,) * 4]])
    found = likelihood(work_map_at(LEFT)[:1], boxes)[0]
    assert found[0] == pytest.approx(1) and found[1] == 0 and found[2] == 0


def test_tight_crop_keeps_the_thing_that_a_small_hand_works_on() -> None:
    """A pan wider than a tight crop is not cut off to come closer to the hand."""
    heights = []
    for width in (0.1, 0.3):
        work_map = work_map_at((0.5, 0.5, width, 0.2))
        subject = find_subject(tracks((0.5, 0.5, 0.05, 0.08), work_map), at_work=True)
        framing = frame_subject(subject, CropSpan(0.0, 4.0), Canvas((7680, 4320), (1080, 1920)))
        _, x, y, *size = framing.keys[0]
        assert framing.layout == "crop"
        assert share_in_crops(work_map, np.tile([x, y], (COUNT, 1)), (size[0], size[1])) >= 0.94
        heights.append(size[1])
    assert heights[0] < 0.75 and heights[1] > 0.9
