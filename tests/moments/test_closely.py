from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_signals import signals

from btsclip.intervals import runs_of_true
from btsclip.moments.closely import AROUND, SPEAKS_FOR, needs_dense_frames
from btsclip.signals.model import STEP
from btsclip.signals.rhythm import WINDOW


def test_where_nobody_works_nothing_is_looked_at_closely() -> None:
    assert not needs_dense_frames(signals(60)).any()


def test_a_part_of_long_work_is_looked_at_closely() -> None:
    made = signals(120, ((10.0, 110.0),))
    wanted = needs_dense_frames(made)
    assert 0.15 < wanted[(made.times >= 12) & (made.times < 108)].mean() < 0.4
    assert not wanted[made.times < 8].any() and not wanted[made.times > 112].any()


def test_work_in_which_nothing_moves_has_no_rhythm_to_look_for() -> None:
    made = signals(60, ((10.0, 50.0),), motion=np.full(240, 0.005))
    assert not needs_dense_frames(made).any()


def test_what_is_heard_to_fall_is_looked_at_on_both_sides() -> None:
    clatter = np.zeros(240)
    clatter[100] = 0.9
    made = signals(60, clatter=clatter)
    (run,) = runs_of_true(needs_dense_frames(made))
    assert run[0] * STEP == pytest.approx(25 - AROUND, abs=STEP)
    assert run[1] * STEP == pytest.approx(25 + AROUND + STEP, abs=STEP)


@given(st.floats(0, 40), st.floats(3, 60), st.floats(0.3, 1.2))
def test_every_long_stretch_of_work_has_a_look_that_begins_with_a_glance(
    start: float, length: float, apart: float
) -> None:
    made = signals(110, ((start, start + length),), thumb_times=np.arange(0, 110, apart))
    wanted = runs_of_true(needs_dense_frames(made))
    assert wanted
    for first, last in wanted:
        assert start - 3 <= first * STEP and last * STEP <= start + length + 3
        assert (last - first) * STEP <= WINDOW
    middles = [0.0, *((first + last) / 2 * STEP for first, last in wanted)]
    inside = [time for time in middles if start <= time <= start + length]
    assert all(b - a <= SPEAKS_FOR + 2 for a, b in itertools.pairwise(inside))
