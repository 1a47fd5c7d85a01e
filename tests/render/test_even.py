"""Spans at one level: between takes by up to 18 dB, within a moment by up to 6."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from btsclip.plan.model import Span
from btsclip.render.even import (
    MAX_EVEN_GAIN,
    MAX_MOMENT_GAIN,
    SPAN_LOUDNESS,
    bound_in_moments,
    even_gains,
)
from btsclip.render.loudness import LoudnessLevel


def levels(*loudness: float) -> list[LoudnessLevel]:
    return [LoudnessLevel(value, -3.0) for value in loudness]


def jump_cuts(*starts: float, source: str = "take") -> list[Span]:
    """Spans of two seconds."""
    return [Span(source=source, start=start, end=start + 2, layout="fit-blur") for start in starts]


def test_takes_get_one_level() -> None:
    gains = even_gains(levels(-30, -20, -25))
    assert [gain + level for gain, level in zip(gains, (-30, -20, -25), strict=True)] == (
        [SPAN_LOUDNESS] * 3
    )


def test_whisper_stays_one() -> None:
    loud, middle, quiet = even_gains(levels(-20, -20, -55))
    assert loud == middle == 0
    assert quiet == MAX_EVEN_GAIN


@given(st.lists(st.floats(-70, 0), min_size=1, max_size=9))
def test_gains_are_within_bounds_of_their_median(loudness: list[float]) -> None:
    gains = even_gains(levels(*loudness))
    assert len(gains) == len(loudness)
    assert max(gains) - min(gains) <= 2 * MAX_EVEN_GAIN + 1e-9


def test_cuts_of_a_moment_are_lifted_a_little() -> None:
    assert bound_in_moments([0, 15, 2], jump_cuts(0, 4, 8)) == [0, 2 + MAX_MOMENT_GAIN, 2]


@pytest.mark.parametrize(
    "spans",
    [
        [*jump_cuts(0), *jump_cuts(4, source="other")],
        jump_cuts(0, 100),
        jump_cuts(150, 20),
    ],
    ids=["other take", "much later", "earlier"],
)
def test_other_moments_are_evened_fully(spans: list[Span]) -> None:
    assert bound_in_moments([0, 15], spans) == [0, 15]


@given(st.lists(st.floats(-40, 40), min_size=1, max_size=9))
def test_room_does_not_jump_within_a_moment(gains: list[float]) -> None:
    bounded = bound_in_moments(gains, jump_cuts(*range(0, 4 * len(gains), 4)))
    assert len(bounded) == len(gains)
    assert max(bounded) - min(bounded) <= 2 * MAX_MOMENT_GAIN + 1e-9
