from __future__ import annotations

import numpy as np
from hypothesis import given, strategies as st

from btsclip.signals.assemble import REACH, hand_series, nearest, per_step
from btsclip.signals.hands import Hand
from btsclip.signals.model import STEP, grid

fractions = st.floats(0.05, 0.95)
boxes = st.tuples(fractions, fractions, st.floats(0.01, 0.3), st.floats(0.01, 0.3))
moments = st.lists(st.floats(0, 60), min_size=1, max_size=40, unique=True).map(sorted)


@given(st.floats(0.01, 20_000))
def test_grid_covers_the_footage(duration: float) -> None:
    times = grid(duration)
    assert times[0] == 0 and times[-1] < duration <= times[-1] + STEP + 1e-6


@given(moments)
def test_nearest_finds_the_nearest_moment(at: list[float]) -> None:
    times = grid(60)
    index = nearest(times, np.asarray(at))
    distances = np.abs(times[:, None] - np.asarray(at))
    assert np.allclose(distances[np.arange(len(times)), index], distances.min(1))


@given(moments, st.floats(-5, 5))
def test_constant_stays_constant_within_reach(at: list[float], value: float) -> None:
    times = grid(60)
    series = per_step(times, at, [value] * len(at))
    near = np.abs(times[:, None] - np.asarray(at)).min(1)
    assert np.allclose(series[near <= REACH - STEP], value)
    assert np.all(series[near > REACH + STEP] == 0)


def test_hands_move_on_a_line_between_two_samples() -> None:
    samples = [(Hand((0.2, 0.5, 0.1, 0.1), 0.9, 0.8),), (Hand((0.6, 0.5, 0.1, 0.1), 0.9, 0.8),)]
    count, presence, box = hand_series(grid(2), [0.0, 1.0], samples, 0.8)
    assert np.allclose(box[:5, 0], [0.2, 0.3, 0.4, 0.5, 0.6])
    assert count.tolist() == [1] * 8 and np.allclose(presence, 0.8)


def test_sample_without_hands_ends_them() -> None:
    samples = [(Hand((0.2, 0.5, 0.1, 0.1), 0.9, 0.8),), ()]
    count, _, box = hand_series(grid(2), [0.0, 1.0], samples, 0.8)
    assert count.tolist() == [1, 1, 1, 0, 0, 0, 0, 0]
    assert np.isnan(box[4:]).all()
