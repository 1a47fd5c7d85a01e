from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btsclip.framing.path import FASTEST, HARDEST, Extent, steady_path

CROP, STEP = 0.316, 0.1


def path_of(centres: np.ndarray, width: float = 0.1, crop: float = CROP) -> np.ndarray:
    weight = np.ones(len(centres))
    extent = Extent.of(centres, np.full(len(centres), width), weight, crop)
    return steady_path(extent, extent, crop, STEP)


def test_hands_that_stay_leave_the_crop_still() -> None:
    path = path_of(0.6 + 0.05 * np.sin(np.arange(80)))
    assert np.ptp(path) < 1e-6 and path[0] == pytest.approx(0.6, abs=0.05)


def test_hands_that_wander_once_are_followed_in_one_move() -> None:
    path = path_of(np.linspace(0.2, 0.8, 80))
    assert (np.diff(path) >= -1e-9).all()
    assert (np.abs(np.linspace(0.2, 0.8, 80) - path) + 0.05 <= CROP / 2 + 1e-6).all()


def test_trembling_hands_do_not_make_the_crop_tremble() -> None:
    random = np.random.default_rng(2)
    centres = np.clip(np.linspace(0.25, 0.75, 100) + random.normal(0, 0.03, 100), 0, 1)
    turns = np.count_nonzero(np.diff(np.sign(np.diff(path_of(centres).round(6)))) > 1)
    assert turns == 0
    jerk = np.abs(np.diff(path_of(centres), 3)).sum()
    assert jerk <= np.abs(np.diff(np.clip(centres, CROP / 2, 1 - CROP / 2), 3)).sum() / 20


def test_a_jump_is_not_followed_faster_than_an_operator_would() -> None:
    path = path_of(np.repeat([0.2, 0.8], 40))
    assert np.abs(np.diff(path)).max() <= FASTEST * STEP + 1e-9
    assert path[0] < 0.35 and path[-1] > 0.65


def test_something_wished_for_moves_the_crop_only_as_far_as_the_required_stays() -> None:
    ones = np.ones(40)
    required = Extent.of(0.5 * ones, 0.1 * ones, ones, CROP)
    face = Extent.of(0.62 * ones, 0.1 * ones, ones, CROP)
    path = steady_path(required, face, CROP, STEP)
    assert (path + CROP / 2 >= 0.67 - 1e-6).all() and (path - CROP / 2 <= 0.45 + 1e-6).all()
    far = Extent.of(0.95 * ones, 0.1 * ones, ones, CROP)
    assert (steady_path(required, far, CROP, STEP) - CROP / 2 <= 0.45 + 1e-6).all()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=50),
    st.floats(0.01, 1),
    st.floats(0.1, 1),
)
def test_the_path_keeps_to_its_limits(xs: list[float], width: float, crop: float) -> None:
    path = path_of(np.array(xs), width, crop)
    assert ((path >= crop / 2 - 1e-6).all() and (path <= 1 - crop / 2 + 1e-6).all()) or crop >= 1
    assert np.abs(np.diff(path)).max(initial=0) <= FASTEST * STEP + 1e-6
    assert np.abs(np.diff(path, 2)).max(initial=0) <= HARDEST * STEP**2 + 1e-6


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.1, 0.9), min_size=2, max_size=40))
def test_a_mirrored_subject_gets_a_mirrored_path(xs: list[float]) -> None:
    centres = np.array(xs)
    # Paths of the same cost may differ; what they cost and show may not.
    there, back = path_of(centres), 1 - path_of(1 - centres)
    for path in (there, back):
        assert path.shape == centres.shape
    outside = [np.maximum(np.abs(p - centres) + 0.05 - CROP / 2, 0).sum() for p in (there, back)]
    assert outside[0] == pytest.approx(outside[1], abs=0.05)
