"""Lulls: stretches in which little happens and nobody speaks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, strategies as st
from made_signals import signals

from btsclip.moments.lulls import find_lulls
from btsclip.signals.model import Signals


def at_work(*rests: tuple[float, float], voice: tuple[float, float] = (0, 0)) -> Signals:
    """30 s of work with rests in the motion, and a voice."""
    made = signals(30, ((0, 30),))
    resting = np.zeros(len(made.times), bool)
    for start, end in rests:
        resting |= (made.times >= start) & (made.times < end)
    spoken = (made.times >= voice[0]) & (made.times < voice[1])
    return replace(made, motion=np.where(resting, 0.02, 0.12), voice=np.where(spoken, 0.9, 0.0))


def test_rest_is_a_lull_and_work_is_not() -> None:
    assert find_lulls(at_work(), (5, 25)) == []
    assert find_lulls(at_work((10, 13)), (5, 25)) == [(10, 13)]
    assert find_lulls(at_work((10, 10.75)), (5, 25)) == [], "a short pause is part of the rhythm"


def test_calm_work_beside_a_wild_shot_is_not_a_lull() -> None:
    made = at_work()
    wild = made.times >= 18
    made = replace(made, motion=np.where(wild, 0.8, 0.07), borders=(18.0,))
    assert find_lulls(made, (10, 24)) == []
    still = wild & (made.times >= 20) & (made.times < 22)
    assert find_lulls(replace(made, motion=np.where(still, 0.03, made.motion)), (10, 24)) == [
        (20, 22)
    ]


def test_small_regular_movement_is_not_a_lull() -> None:
    made = at_work((10, 13))
    assert find_lulls(replace(made, rhythm=made.rhythm + 0.6), (5, 25)) == []


def test_short_movement_does_not_separate_rests() -> None:
    assert find_lulls(at_work((10, 12), (12.5, 14)), (5, 25)) == [(10, 14)]
    assert find_lulls(at_work((10, 12), (14, 16)), (5, 25)) == [(10, 12), (14, 16)]


def test_no_lull_where_somebody_speaks() -> None:
    assert find_lulls(at_work((10, 16), voice=(10, 16)), (5, 25)) == []
    found = find_lulls(at_work((10, 16), voice=(12, 13)), (5, 25))
    assert found == [(10, 11.5), (13.5, 16)]


@given(
    st.lists(st.tuples(st.floats(0, 29), st.floats(0.2, 8)), max_size=5),
    st.floats(0, 10), st.floats(4, 18), st.tuples(st.floats(0, 30), st.floats(0, 10)),
)  # fmt: skip
def test_lulls_are_in_the_clip_in_order_and_separate(
    rests: list[tuple[float, float]], start: float, length: float, voice: tuple[float, float]
) -> None:
    spoken = (voice[0], voice[0] + voice[1])
    made = at_work(*((a, a + b) for a, b in rests), voice=spoken)
    found = find_lulls(made, (start, start + length))
    flat = [time for lull in found for time in lull]
    assert flat == sorted(flat)
    for a, b in found:
        assert start - 1e-3 <= a < b <= start + length + 1e-3 and b - a >= 1 - 2e-3
        inside = (made.times >= a) & (made.times < b)
        assert made.voice[inside].max(initial=0) == 0
