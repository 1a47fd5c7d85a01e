"""A look ahead at the height of the work, before the clip begins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from btsclip.captions.placement import BusyArea
from btsclip.moments.select import Cut
from btsclip.plan.speed import TimeMap
from btsclip.plan.texts import Caption
from btsclip.planning.framing import FramedCut
from btsclip.planning.jumps import JumpCuts
from btsclip.planning.opening import MIN_SECONDS_AHEAD, find_peak
from btsclip.planning.people import PeopleInClip
from btsclip.planning.spans import AHEAD, screen_of
from btsclip.planning.work_in_view import WorkInView
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Pacing

TIMES = np.arange(0, 12, 0.1)
WHOLE = [(0.0, 12.0)]
FAST = load_preset("street-food-fast")
SECONDS = FAST.pacing.cold_open


def shown(motion: np.ndarray) -> WorkInView:
    even = np.ones(len(TIMES))
    return WorkInView(TIMES, even, even, motion, even, 0 * even)


def lively(first: float, last: float) -> WorkInView:
    return shown(np.where((first <= TIMES) & (last > TIMES), 0.2, 0.02))


def framed(peak: float | None) -> FramedCut:
    values = {
        "source": "a.mp4", "start": 0.0, "end": 8.0, "layout": "crop", "framing": "hands",
        "crop": [(0.0, 0.4, 0.5, 0.3, 1.0), (4.0, 0.6, 0.5, 0.3, 1.0)], "below": [], "speeds": [],
        "cover": 2.0, "covers": [], "blur": [], "blur_faces": "none", "may_be_seen": [],
    }  # fmt: skip
    box = (0.5, 0.5, 0.2, 0.2)
    return FramedCut(
        values, JumpCuts(((0.0, 8.0),)), TimeMap.of([], 0.0, 8.0), ((1.0, box), (5.2, box)),
        (BusyArea(1.0, 1.2, box), BusyArea(5.2, 5.4, box)), (), peak, 1.0, "", PeopleInClip(), (),
    )  # fmt: skip


CUT = Cut(None, 0.0, 8.0, "process", "chop", 0.9, {}, "", np.zeros((9, 16)))  # type: ignore[arg-type]
TEXTS = (
    Caption(text="Hook", start=0.0, end=2.0, role="hook"),
    Caption(text="Line", start=2.0, end=4.0),
)


def test_peak_is_where_most_of_the_work_is_done() -> None:
    assert find_peak(lively(7.0, 8.5), WHOLE, (), 1.0) == pytest.approx(7.2, abs=0.3)


def test_peak_is_in_one_shot_and_in_one_piece() -> None:
    assert find_peak(lively(7.0, 8.0), WHOLE, (7.5,), 1.0) != pytest.approx(7.0, abs=0.4)
    pieces = [(0.0, 7.3), (7.7, 12.0)]
    peak = find_peak(lively(7.0, 8.0), pieces, (), 1.0)
    assert peak is not None and any(a <= peak and peak + 1 <= b for a, b in pieces)


def test_short_clip_has_no_peak() -> None:
    assert find_peak(lively(1.0, 2.0), [(0.0, 3.0)], (), 1.0) is None


@given(st.lists(st.floats(0, 0.3), min_size=120, max_size=120), st.floats(0.5, 2))
def test_peak_comes_later_than_the_first_picture(motion: list[float], seconds: float) -> None:
    peak = find_peak(shown(np.array(motion)), WHOLE, (), seconds)
    assert peak is not None and MIN_SECONDS_AHEAD <= peak <= 12 - seconds + 1e-3


def test_look_ahead_comes_first_and_texts_later() -> None:
    screen = screen_of(CUT, framed(5.0), TEXTS, FAST, 10.0)
    ahead, whole = screen.spans
    assert (ahead.start, ahead.end, ahead.reason) == (5.0, 5.0 + SECONDS, AHEAD)
    assert (whole.start, whole.end, whole.cover, ahead.cover) == (0.0, 8.0, 2.0, None)
    hook, line = screen.captions
    assert (hook.start, hook.end) == (0.0, 2.0)
    assert (line.start, line.end) == (2.0 + SECONDS, 4.0 + SECONDS)
    starts = [area.start for area in screen.busy]
    assert starts == pytest.approx([0.2, 1.0 + SECONDS, 5.2 + SECONDS])


def test_clip_that_would_be_too_long_has_no_look_ahead() -> None:
    assert len(screen_of(CUT, framed(5.0), TEXTS, FAST, 8.5).spans) == 1


def test_clip_without_a_peak_is_as_it_was() -> None:
    screen = screen_of(CUT, framed(None), TEXTS, FAST, 10.0)
    assert (screen.captions, screen.seconds) == (TEXTS, 8.0)


def test_look_ahead_of_a_fast_clip_lasts_as_long_on_the_screen() -> None:
    fast = FAST.model_copy(update={"pacing": Pacing(speed=2.0, cold_open=0.8)})
    half = replace(framed(5.0), values=framed(5.0).values | {"speeds": [(0.0, 2.0)]})
    assert screen_of(CUT, half, TEXTS, fast, 10.0).spans[0].seconds == pytest.approx(0.8)


def test_tiny_look_ahead_is_refused() -> None:
    with pytest.raises(ValueError, match="cold_open must be 0 or at least"):
        Pacing(cold_open=0.2)
