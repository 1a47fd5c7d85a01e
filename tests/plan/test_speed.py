"""Time on the screen and time in the source are exact inverses."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, strategies as st
from plans import clip_values
from pydantic import ValidationError

from btsclip.plan.model import Clip
from btsclip.plan.speed import MAX_SPEED, MIN_SPEED, TimeMap
from btsclip.plan.texts import EndCard

Key = tuple[float, float]


@st.composite
def maps(draw: st.DrawFn) -> tuple[TimeMap, float]:
    """A map of any keys, inside and outside the clip, and the clip's length."""
    start, length = draw(st.floats(0, 1000, allow_subnormal=False)), draw(st.floats(0.1, 60))
    around = st.floats(start - 5, start + length + 5, allow_subnormal=False).map(
        lambda t: max(0.0, t)
    )
    times = sorted(draw(st.lists(around, max_size=8)))
    keys = [(t, draw(st.floats(MIN_SPEED, MAX_SPEED))) for t in times]
    return TimeMap.of(keys, start, start + length), length


@given(
    maps(), st.lists(st.floats(-5, 70, allow_subnormal=False), min_size=2, max_size=10).map(sorted)
)
def test_time_map_is_monotonic_and_has_an_inverse(
    made: tuple[TimeMap, float], times: list[float]
) -> None:
    time_map, length = made
    shown = [time_map.shown(t) for t in times]
    for (t0, s0), (t1, s1) in pairwise(zip(times, shown, strict=True)):
        assert (t1 - t0) / MAX_SPEED - 1e-6 <= s1 - s0 <= (t1 - t0) / MIN_SPEED + 1e-6
    assert [time_map.source(s) for s in shown] == pytest.approx(times, abs=1e-6)
    assert time_map.shown(0) == 0
    assert time_map.shown(length) == pytest.approx(time_map.seconds)


@given(maps())
def test_seconds_are_the_sum_of_small_steps(made: tuple[TimeMap, float]) -> None:
    """Compare with the integral of 1 / speed, by the midpoint rule over steps of even ratio."""
    time_map, _ = made
    total = 0.0
    for part in time_map.stretches:
        edges = np.linspace(0, 1, 2001)
        if part.slope:
            factors = np.geomspace(part.first, part.last, 2001)
            edges = (factors - part.first) / (part.last - part.first)
        middle = part.first + (part.last - part.first) * (edges[1:] + edges[:-1]) / 2
        total += float((np.diff(edges) / middle).sum()) * (part.end - part.start)
    assert time_map.seconds == pytest.approx(total, rel=1e-3)


def test_known_figures() -> None:
    assert TimeMap.of([], 3, 8).seconds == 5 and TimeMap.of([], 3, 8).plain
    assert TimeMap.of([(3, 2.0)], 3, 8).seconds == 2.5
    # A jump at 4: one second as it was, four at double speed.
    jump = TimeMap.of([(3, 1.0), (4, 1.0), (4, 2.0)], 3, 8)
    assert jump.seconds == 3 and jump.shown(2) == 1.5 and jump.source(1.5) == 2
    # A ramp from 1 to 3 over 2 s takes log(3) s of screen.
    ramp = TimeMap.of([(0, 1.0), (2, 3.0)], 0, 2)
    assert ramp.seconds == pytest.approx(np.log(3))


@given(maps(), st.floats(0.05, 0.95))
def test_shortened_clip_keeps_its_speed(made: tuple[TimeMap, float], share: float) -> None:
    time_map, length = made
    keys = [key for p in time_map.stretches for key in ((p.start, p.first), (p.end, p.last))]
    rest = TimeMap.of(keys, share * length, length)
    assert rest.seconds == pytest.approx(time_map.seconds - time_map.shown(share * length))


def clip(**changes: object) -> Clip:
    values = {
        "id": "c", "source": "a.mp4", "start": 1, "end": 5, "kind": "process", "score": 0.5,
        "why": "", "crop": [(1, 0.5, 0.5, 0.3, 1)],
    }  # fmt: skip
    return Clip.model_validate(clip_values(values | changes))


def test_clip_has_its_seconds_on_the_screen() -> None:
    assert clip().seconds_in_all == clip().seconds_shown == clip().spans[0].duration == 4
    fast = clip(speeds=[(1, 2.0)], end_card=EndCard(text="Bye", seconds=1.5))
    assert (fast.spans[0].duration, fast.seconds_shown, fast.seconds_in_all) == (4, 2, 3.5)


@pytest.mark.parametrize(
    "changes",
    [
        {"speeds": [(3, 1.0), (2, 1.0)]},
        {"speeds": [(1, MAX_SPEED + 1)]},
        {"speeds": [(1, 0.1)]},
        {"end_card": {"text": "x", "seconds": 9}},
    ],
)
def test_impossible_speed_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        clip(**changes)
