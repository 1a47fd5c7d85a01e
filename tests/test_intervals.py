"""Spans of time, and runs, windows and ramps along arrays."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, strategies as st

from btsclip.intervals import (
    Span,
    breaks,
    changes,
    common,
    gaps,
    merge,
    overlap,
    ramp,
    ramp_of,
    runs_of_true,
    shared_seconds,
    windows,
    without,
)

# Whole numbers: what holds for them holds for seconds, and no rounding hides a fault.
spans = st.tuples(st.integers(0, 20), st.integers(0, 6)).map(lambda s: (s[0], s[0] + s[1]))
masks = st.lists(st.booleans(), max_size=30).map(lambda values: np.array(values, bool))
numbers = st.lists(st.integers(-9, 9), min_size=1, max_size=20).map(lambda v: np.array(v, float))


@dataclass(frozen=True)
class Shown:
    """Something with a start and an end."""

    start: float
    end: float


def instants(*many: Span) -> set[int]:
    """The whole seconds that lie in any of the spans; each stands for the second after it."""
    return {second for start, end in many for second in range(int(start), int(end))}


@given(spans, spans)
def test_overlapping_spans_share_time_symmetrically(a: Span, b: Span) -> None:
    if a[0] == a[1] or b[0] == b[1]:
        return
    both = instants(a) & instants(b)
    assert overlap(Shown(*a), Shown(*b)) == overlap(Shown(*b), Shown(*a)) == bool(both)
    assert instants(common(a, b)) == both
    assert max(0, shared_seconds(a, b)) == len(both)


def test_separate_spans_share_negative_time() -> None:
    assert shared_seconds((0, 1), (3, 5)) == -2


@given(spans, st.lists(spans, max_size=5))
def test_without_keeps_the_time_outside_other_spans(span: Span, others: list[Span]) -> None:
    parts = without(span, others)
    assert instants(*parts) == instants(span) - instants(*others)
    assert parts == sorted(parts) and all(start < end for start, end in parts)


@given(st.lists(spans, max_size=6), st.integers(0, 3))
def test_merged_spans_are_separate_and_cover_the_same_time(many: list[Span], gap: int) -> None:
    merged = merge(many, (2, 18), gap)
    assert instants(*many) & instants((2, 18)) <= instants(*merged) <= instants((2, 18))
    for before, after in itertools.pairwise(merged):
        assert after[0] - before[1] > gap


@given(masks)
def test_runs_are_true_and_gaps_are_between_them(mask: np.ndarray) -> None:
    runs, holes = runs_of_true(mask), gaps(mask)
    assert instants(*runs) == set(np.flatnonzero(mask))
    assert all(first < last for first, last in (*runs, *holes))
    assert holes == [(a[1], b[0]) for a, b in itertools.pairwise(runs)]


@given(numbers)
def test_between_changes_nothing_changes(values: np.ndarray) -> None:
    parts = np.split(values, changes(values))
    assert all(len(set(part)) == 1 for part in parts)
    assert all(a[-1] != b[0] for a, b in itertools.pairwise(parts))


@given(numbers, st.integers(0, 4))
def test_breaks_are_where_values_lie_far_apart(values: np.ndarray, gap: int) -> None:
    parts = np.split(np.sort(values), breaks(np.sort(values), gap))
    assert all((np.diff(part) <= gap).all() for part in parts)
    assert all(b[0] - a[-1] > gap for a, b in itertools.pairwise(parts))


@given(numbers, st.integers(0, 5), st.integers(0, 5))
def test_window_has_the_values_around_its_step(values: np.ndarray, before: int, after: int) -> None:
    inside = windows(values, before, after)
    largest = windows(values, before, after, outside=-np.inf).max(1)
    for i in range(len(values)):
        part = values[max(0, i - before) : i + after + 1]
        assert largest[i] == part.max() == inside[i].max()
        assert inside[i][before] == values[i]


@given(numbers, st.integers(2, 5))
def test_a_window_may_end_ahead_of_its_step(values: np.ndarray, before: int) -> None:
    rows = windows(values, before, -1, outside=7.0)
    assert rows.shape == (len(values), before)
    assert (rows[0] == 7.0).all() and (rows[1:, -1] == values[:-1]).all()


@given(st.floats(-9, 9), st.floats(-5, 5), st.floats(0.1, 5))
def test_a_ramp_of_one_number_is_that_of_an_array(value: float, low: float, rise: float) -> None:
    high = low + rise
    assert ramp_of(value, low, high) == ramp(np.array([value]), low, high)[0]
    assert 0 <= ramp_of(value, low, high) <= 1


def test_ramp_rises_from_low_to_high_and_is_0_for_nan() -> None:
    assert ramp(np.array([0, 1, 2, 3, 9, np.nan]), 1, 3) == pytest.approx([0, 0, 0.5, 1, 1, 0])
    assert ramp_of(float("nan"), 1, 3) == 0
