"""Curves have at most one point per pixel and keep all peaks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from btsclip.pictures.axis import TimeAxis
from btsclip.pictures.curves import CurveLane, per_pixel
from btsclip.signals.model import grid
from btsclip.wording import clock


@given(st.floats(0.3, 20_000), st.integers(0, 2**32 - 1))
def test_at_most_one_point_per_pixel_and_no_peak_lost(duration: float, seed: int) -> None:
    axis = TimeAxis(100.0, 500.0, duration)
    values = np.random.default_rng(seed).random(len(grid(duration)))
    x, mean, peak = per_pixel(axis, grid(duration), values)
    assert len(x) == len(mean) == len(peak) <= axis.width + 3
    assert np.all(np.diff(x) >= 0) and (x[0], x[-1]) == (axis.left, axis.right)
    assert peak.max() == values.max() and np.all(mean <= peak + 1e-12)
    assert values.min() - 1e-12 <= mean.min() and mean.max() <= values.max() + 1e-12


def test_area_has_the_height_of_its_values() -> None:
    times = grid(100.0)
    lane = CurveLane(TimeAxis(0.0, 1000.0, 100.0), times, 10.0, 110.0)
    (area,) = lane.area(np.where((times >= 40) & (times < 60), 0.75, 0.0), "#000000")
    height = {round(x): y for x, y in area.points}
    assert height[500] == pytest.approx(35.0) and height[200] == height[800] == 110.0
    (part,) = lane.area(np.full(len(times), 0.5), "#000000", part=(20.0, 30.0))
    assert {round(x) for x, _ in part.points} <= set(range(200, 301))
    assert lane.area(np.zeros(len(times)), "#000000") == []


def test_onsets_are_drawn_at_their_times() -> None:
    times = grid(50.0)
    counts = np.where(times == 20.0, 3.0, 0.0)
    strokes = (
        CurveLane(TimeAxis(0.0, 1000.0, 50.0), times, 0.0, 60.0).onsets(counts, "#000000").strokes
    )
    assert [(x, bottom) for x, _, bottom in strokes] == [(pytest.approx(402, abs=1), 60.0)]
    assert strokes[0][1] == 0.0


@pytest.mark.parametrize(
    ("duration", "first", "number"),
    [
        (10, "0:01", 11),
        (45, "0:05", 10),
        (600, "1:00", 11),
        (10_800, "15:00", 13),
        (1, "0:00.1", 11),
    ],
)
def test_ticks_are_round_and_spaced(duration: float, first: str, number: int) -> None:
    axis = TimeAxis(168.0, 1568.0, duration)
    ticks = axis.ticks()
    assert clock(ticks[1], tenths=axis.step() % 1 > 0) == first and len(ticks) == number
    assert axis.x(ticks[1]) - axis.x(ticks[0]) >= 90
