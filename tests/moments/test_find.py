from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st
from made_signals import scene_of, signals

from btsclip.moments.belief import process_belief, running_mean
from btsclip.moments.find import Moment, fill_pauses, find_moments, hysteresis
from btsclip.signals.model import STEP

arrays = st.lists(st.floats(0, 1), min_size=1, max_size=200).map(np.asarray)


def work_spans(moments: tuple[Moment, ...]) -> list[tuple[float, float]]:
    return [(m.start, m.end) for m in moments if m.kind == "process"]


def test_work_is_found() -> None:
    found = work_spans(find_moments(signals(40, ((6, 14), (25, 33))), 40))
    assert np.allclose(found, [(6, 14), (25, 33)], atol=0.75)


def test_moments_begin_with_the_first_picture() -> None:
    moments = find_moments(signals(40, ((0, 9), (20, 30))), 40, first=2.1)
    assert moments[0].start == 2.1
    assert work_spans(moments)[0] == pytest.approx((2.1, 9), abs=0.75)


def test_moments_have_no_gaps_and_no_overlaps() -> None:
    moments = find_moments(signals(40.1, ((0, 3), (9, 20))), 40.1)
    assert moments[0].start == 0 and moments[-1].end == 40.1
    assert all(a.end == b.start for a, b in itertools.pairwise(moments))
    assert len({m.id for m in moments}) == len(moments)


@given(st.integers(0, 40))
def test_shifting_a_take_shifts_its_moments(steps: int) -> None:
    by = steps * STEP
    at_first = work_spans(find_moments(signals(60, ((5, 12),)), 60))
    later = work_spans(find_moments(signals(60, ((5 + by, 12 + by),)), 60))
    assert np.allclose(np.asarray(at_first) + by, later)


def test_border_ends_a_moment_and_a_short_pause_does_not() -> None:
    pausing = signals(40, ((5, 12), (13, 20)))
    assert len(work_spans(find_moments(pausing, 40))) == 1
    cut = replace(pausing, borders=(12.0, 13.0))
    assert len(work_spans(find_moments(cut, 40))) == 2


def test_a_moving_camera_is_not_work() -> None:
    still = signals(20)
    pan = replace(still, motion=still.motion + 0.2, camera=still.camera + 0.4)
    assert not work_spans(find_moments(pan, 20))


def test_lively_motion_is_work_without_hands() -> None:
    still = signals(20)
    works = still.times > 8
    gloved = replace(still, motion=np.where(works, 0.7, 0.0), scene=scene_of(works))
    assert work_spans(find_moments(gloved, 20))


def test_every_moment_has_a_reason_and_figures() -> None:
    for moment in find_moments(signals(30, ((5, 15),)), 30):
        assert moment.why and set(moment.evidence) >= {"hands_share", "motion", "camera"}
    busy = next(m for m in find_moments(signals(30, ((5, 15),)), 30) if m.kind == "process")
    assert "two hands" in busy.why and "steady camera" in busy.why


@given(arrays)
def test_hysteresis_keeps_complete_runs(belief: np.ndarray) -> None:
    kept = hysteresis(belief, 0.6, 0.4)
    assert not kept[belief < 0.4].any() and kept[belief >= 0.6].all()
    # Two neighbors above the low mark are kept together or dropped together.
    pairs = (belief[1:] >= 0.4) & (belief[:-1] >= 0.4)
    assert (kept[1:] == kept[:-1])[pairs].all()


@given(st.lists(st.booleans(), min_size=1, max_size=100).map(np.asarray))
def test_filling_pauses_only_adds_inside(working: np.ndarray) -> None:
    filled = fill_pauses(working, [0, len(working)])
    assert filled[working].all()
    on = np.flatnonzero(working)
    added = np.flatnonzero(filled & ~working)
    assert all(on[0] < i < on[-1] for i in added)


@given(arrays)
def test_running_mean_stays_within_the_values(values: np.ndarray) -> None:
    smoothed = running_mean(values, [0, len(values)], 1.5)
    assert smoothed.min() >= values.min() - 1e-9 and smoothed.max() <= values.max() + 1e-9


def test_belief_does_not_cross_a_border() -> None:
    made = signals(20, ((5, 10),), borders=(5.0, 10.0))
    belief = process_belief(made)
    before = belief[made.between(3, 5)]
    assert before.max() == pytest.approx(before.min())


def test_only_long_work_has_a_best_part() -> None:
    made = signals(60, ((4, 40), (48, 54)))
    motion = np.where((made.times >= 20) & (made.times < 28), 0.15, 0.04) * (made.hands > 0)
    long, short = (
        m for m in find_moments(replace(made, hand_motion=motion), 60) if m.kind == "process"
    )
    assert long.best == pytest.approx((20, 28), abs=0.5)
    assert short.best is None
