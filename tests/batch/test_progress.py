"""The forecast of a batch, with a fake clock."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from btsclip.batch.progress import Forecast
from btsclip.batch.scheduler import Event, Task


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def task(kind: str, take: str, number: int = 0) -> Task:
    return Task(f"{kind}{take}{number}", kind, take, take, print, ())


def finish(forecast: Forecast, clock: Clock, task: Task, seconds: float) -> None:
    for state in ("queued", "begun"):
        forecast.update(Event(state, task))
    clock.now += seconds
    forecast.update(Event("done", task))


def finish_take(forecast: Forecast, clock: Clock, take: str, look: float, render: float) -> None:
    """Analyze a take, plan it in 0.5 s, and render its two clips."""
    finish(forecast, clock, task("analyse", take), look)
    finish(forecast, clock, task("plan", take), 0.5)
    for number in range(2):
        finish(forecast, clock, task("render", take, number), render)


@given(st.floats(1, 50), st.floats(0.1, 90), st.integers(2, 30))
def test_equal_takes_need_equal_times(look: float, render: float, takes: int) -> None:
    """Also if rendering takes most of the time."""
    clock = Clock()
    forecast = Forecast({f"t{i}": 60.0 for i in range(takes)}, clock)
    per_take = look + 0.5 + 2 * render
    for done in range(takes):
        finish_take(forecast, clock, f"t{done}", look, render)
        remaining = forecast.remaining()
        if done * per_take > 2:
            assert remaining == pytest.approx((takes - done - 1) * per_take, abs=1e-6, rel=0.01)


def test_no_forecast_before_the_first_result() -> None:
    clock = Clock()
    forecast = Forecast({"a": 60.0, "b": 60.0}, clock)
    assert forecast.remaining() is None and forecast.speed() is None
    clock.now += 100
    assert forecast.remaining() is None and forecast.speed() is None


def test_waiting_clips_count_and_failed_ones_do_not() -> None:
    clock = Clock()
    forecast = Forecast({"a": 60.0}, clock)
    finish(forecast, clock, task("analyse", "a"), 10)
    clips = [task("render", "a", number) for number in range(4)]
    for clip in clips:
        forecast.update(Event("queued", clip))
    forecast.update(Event("begun", clips[0]))
    clock.now += 20
    forecast.update(Event("done", clips[0]))
    assert forecast.remaining() == pytest.approx(60) and forecast.clip_counts == (1, 4)
    forecast.update(Event("begun", clips[1]))
    forecast.update(Event("failed", clips[1]))
    assert forecast.clip_counts == (2, 4) and forecast.remaining() < 60
