from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from btsclip.framing.path import MAX_ACCELERATION, MAX_SPEED, Extent, steady_path

CROP, STEP = 0.316, 0.1


def path_of(centers: np.ndarray, width: float = 0.1, crop: float = CROP) -> np.ndarray:
    weight = np.ones(len(centers))
    extent = Extent.of(centers, np.full(len(centers), width), weight)
    return steady_path(extent, extent, crop, STEP)


def test_still_hands_get_a_still_crop() -> None:
    path = path_of(0.6 + 0.05 * np.sin(np.arange(80)))
    assert np.ptp(path) < 1e-6 and path[0] == pytest.approx(0.6, abs=0.05)


def test_wandering_hands_are_followed_in_one_move() -> None:
    path = path_of(np.linspace(0.2, 0.8, 80))
    assert (np.diff(path) >= -1e-9).all()
    assert (np.abs(np.linspace(0.2, 0.8, 80) - path) + 0.05 <= CROP / 2 + 1e-6).all()


def test_crop_does_not_tremble_with_the_hands() -> None:
    random = np.random.default_rng(2)
    centers = np.clip(np.linspace(0.25, 0.75, 100) + random.normal(0, 0.03, 100), 0, 1)
    turns = np.count_nonzero(np.diff(np.sign(np.diff(path_of(centers).round(6)))) > 1)
    assert turns == 0
    jerk = np.abs(np.diff(path_of(centers), 3)).sum()
    assert jerk <= np.abs(np.diff(np.clip(centers, CROP / 2, 1 - CROP / 2), 3)).sum() / 20


def test_jump_is_followed_within_the_speed_limit() -> None:
    path = path_of(np.repeat([0.2, 0.8], 40))
    assert np.abs(np.diff(path)).max() <= MAX_SPEED * STEP + 1e-9
    assert path[0] < 0.35 and path[-1] > 0.65


def test_desired_region_moves_the_crop_only_while_the_required_one_stays_inside() -> None:
    ones = np.ones(40)
    required = Extent.of(0.5 * ones, 0.1 * ones, ones)
    face = Extent.of(0.62 * ones, 0.1 * ones, ones)
    path = steady_path(required, face, CROP, STEP)
    assert (path + CROP / 2 >= 0.67 - 1e-6).all() and (path - CROP / 2 <= 0.45 + 1e-6).all()
    far = Extent.of(0.95 * ones, 0.1 * ones, ones)
    assert (steady_path(required, far, CROP, STEP) - CROP / 2 <= 0.45 + 1e-6).all()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=50),
    st.floats(0.01, 1),
    st.floats(0.1, 1),
)
def test_path_keeps_to_its_limits(xs: list[float], width: float, crop: float) -> None:
    path = path_of(np.array(xs), width, crop)
    assert ((path >= crop / 2 - 1e-6).all() and (path <= 1 - crop / 2 + 1e-6).all()) or crop >= 1
    assert np.abs(np.diff(path)).max(initial=0) <= MAX_SPEED * STEP + 1e-6
    assert np.abs(np.diff(path, 2)).max(initial=0) <= MAX_ACCELERATION * STEP**2 + 1e-6


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.1, 0.9), min_size=2, max_size=40))
def test_mirrored_subject_gets_a_path_of_the_same_cost(xs: list[float]) -> None:
    centers = np.array(xs)
    # Paths may differ, but not in how much of the subject they cut off.
    paths = path_of(centers), 1 - path_of(1 - centers)
    for path in paths:
        assert path.shape == centers.shape
    outside = [np.maximum(np.abs(p - centers) + 0.05 - CROP / 2, 0).sum() for p in paths]
    assert outside[0] == pytest.approx(outside[1], abs=0.05)
