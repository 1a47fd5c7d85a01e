from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, strategies as st
from made_signals import signals

from btsclip.intervals import runs_of_true
from btsclip.moments.dense_frames import (
    SECONDS_PER_WINDOW,
    SOUND_MARGIN_SECONDS,
    needs_dense_frames,
)
from btsclip.signals.model import STEP
from btsclip.signals.rhythm import WINDOW


def test_idle_footage_needs_no_dense_frames() -> None:
    assert not needs_dense_frames(signals(60)).any()


def test_long_work_needs_some_dense_frames() -> None:
    made = signals(120, ((10.0, 110.0),))
    needed = needs_dense_frames(made)
    assert 0.15 < needed[(made.times >= 12) & (made.times < 108)].mean() < 0.4
    assert not needed[made.times < 8].any() and not needed[made.times > 112].any()


def test_still_work_needs_no_dense_frames() -> None:
    made = signals(60, ((10.0, 50.0),), motion=np.full(240, 0.005))
    assert not needs_dense_frames(made).any()


def test_clatter_needs_dense_frames_on_both_sides() -> None:
    clatter = np.zeros(240)
    clatter[100] = 0.9
    made = signals(60, clatter=clatter)
    (run,) = runs_of_true(needs_dense_frames(made))
    assert run[0] * STEP == pytest.approx(25 - SOUND_MARGIN_SECONDS, abs=STEP)
    assert run[1] * STEP == pytest.approx(25 + SOUND_MARGIN_SECONDS + STEP, abs=STEP)


@given(st.floats(0, 40), st.floats(3, 60), st.floats(0.3, 1.2))
def test_long_work_has_regular_windows_of_dense_frames(
    start: float, length: float, apart: float
) -> None:
    made = signals(110, ((start, start + length),), thumb_times=np.arange(0, 110, apart))
    needed = runs_of_true(needs_dense_frames(made))
    assert needed
    for first, last in needed:
        assert start - 3 <= first * STEP and last * STEP <= start + length + 3
        assert (last - first) * STEP <= WINDOW
    middles = [0.0, *((first + last) / 2 * STEP for first, last in needed)]
    inside = [time for time in middles if start <= time <= start + length]
    assert all(b - a <= SECONDS_PER_WINDOW + 2 for a, b in itertools.pairwise(inside))
