from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from btsclip.signals.model import STEP, grid
from btsclip.signals.rhythm import MAX_STROKES, MIN_STROKES, measure_rhythm


def swing(strokes: float, seconds: float = 12.0, start: float = 0.0) -> tuple:
    times = start + np.arange(0, seconds, 0.1)
    velocity = 0.1 * np.sin(2 * np.pi * strokes * times)
    return times, np.stack([0.6 * velocity, 0.8 * velocity], 1)


@given(st.floats(MIN_STROKES + 0.1, MAX_STROKES - 1.0))
def test_strokes_are_counted(strokes: float) -> None:
    at, drift = swing(strokes)
    strength, rate = measure_rhythm(grid(12), at, drift, ())
    middle = slice(8, 40)
    assert strength[middle].min() > 0.6
    assert np.median(rate[middle]) == pytest.approx(strokes, rel=0.12)


def test_noise_and_a_steady_flow_have_no_rhythm() -> None:
    at, _ = swing(1.0)
    noise = np.random.default_rng(2).normal(0, 0.1, (len(at), 2))
    assert np.median(measure_rhythm(grid(12), at, noise, ())[0]) < 0.45
    flow = np.tile([0.0, 0.1], (len(at), 1))
    assert measure_rhythm(grid(12), at, flow, ())[0].max() < 0.1


def test_small_tremble_has_no_rhythm() -> None:
    at, drift = swing(1.0)
    assert measure_rhythm(grid(12), at, drift * 0.01, ())[0].max() == 0


def test_rhythm_does_not_cross_a_border() -> None:
    at, drift = swing(1.0, 6.0, start=6.0)
    still = np.arange(0, 6, 0.1)
    times = grid(12)
    strength, _ = measure_rhythm(
        times, [*still, *at], np.concatenate([np.zeros((len(still), 2)), drift]), (6.0,)
    )
    assert strength[times < 6 - STEP].max() == 0 and strength[times > 7].min() > 0.5


def test_rhythm_is_held_for_some_seconds_without_samples() -> None:
    first, drift = swing(1.0, 4.0)
    times = grid(20)
    strength, _ = measure_rhythm(times, first, drift, ())
    assert strength[(times > 4.5) & (times < 6)].min() > 0.5
    assert strength[times > 9].max() == 0


@given(st.integers(1, 40))
def test_shifting_in_time_shifts_the_rhythm(steps: int) -> None:
    at, drift = swing(1.3, 6.0)
    strength, _ = measure_rhythm(grid(20), at, drift, ())
    later, _ = measure_rhythm(grid(20), at + steps * STEP, drift, ())
    # Samples within a tenth of a second of each other may fall on either side of a step.
    assert later[steps : steps + 20] == pytest.approx(strength[:20], abs=0.1)
