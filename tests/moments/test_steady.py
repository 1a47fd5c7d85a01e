from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_signals import signals

from btsclip.moments.steady import SAME_PLACE, find_steady_spans
from btsclip.signals.damage import with_lost_spans
from btsclip.signals.model import Signals
from btsclip.signals.quality import likeness


def pot(duration: float, work: tuple[tuple[float, float], ...] = ()) -> Signals:
    """One unchanging picture, with work in the spans `work`."""
    made = signals(duration, work)
    thumbs = np.repeat(made.thumbs[:1], len(made.thumbs), axis=0)
    return replace(made, thumbs=thumbs)


def spans(made: Signals, duration: float, min_seconds: float = 20.0) -> list[tuple[float, float]]:
    return [(s.start, s.end) for s in find_steady_spans(made, duration, min_seconds)]


def test_unchanging_picture_is_one_span() -> None:
    assert spans(pot(600), 600) == [(0, 600)]


def test_span_begins_with_the_first_picture() -> None:
    (found,) = find_steady_spans(pot(600), 600, 20, first_picture=2.1)
    assert (found.start, found.end) == (2.1, 600)


def test_lost_pictures_are_no_steady_ones() -> None:
    made = with_lost_spans(pot(600), ((200.1, 300.2),))
    assert spans(made, 600) == [(0, 200), (300.25, 600)]


def test_brief_stirring_does_not_end_a_span() -> None:
    made = pot(600, ((200, 212),))
    (found,) = find_steady_spans(made, 600, 20)
    assert (found.start, found.end) == (0, 600)
    assert 0.01 < found.disturbed < 0.05


def test_long_work_and_another_picture_end_a_span() -> None:
    long_work = spans(pot(600, ((200, 300),)), 600)
    assert len(long_work) == 2
    assert long_work[0][1] == pytest.approx(200, abs=4)
    assert long_work[1][0] == pytest.approx(300, abs=4)
    made = pot(600, ((200, 212),))
    thumbs = made.thumbs.copy()
    thumbs[made.thumb_times > 205] = np.random.default_rng(7).integers(0, 255, (9, 16))
    assert len(spans(replace(made, thumbs=thumbs), 600)) == 2


def test_moving_camera_lively_picture_and_darkness_are_not_steady() -> None:
    made = pot(100)
    full = np.ones(len(made.times))
    for change in ({"camera": 0.2 * full}, {"motion": 0.4 * full}, {"exposure": 0.01 * full}):
        assert spans(replace(made, **change), 100) == []


def test_shot_borders_end_spans_and_short_spans_are_dropped() -> None:
    assert spans(replace(pot(100), borders=(30.0, 45.0)), 100) == [(0, 30), (45, 100)]


def test_bubbles_are_steady_without_hands() -> None:
    made = pot(100)
    assert spans(replace(made, motion=0.1 + 0 * made.times), 100) == [(0, 100)]


def test_likeness_ignores_light() -> None:
    picture = np.random.default_rng(3).integers(0, 200, (9, 16)).astype(float)
    assert likeness(picture, picture * 0.5 + 20) > SAME_PLACE
    assert likeness(picture, picture[::-1]) < 0.5
    assert likeness(np.full((9, 16), 9.0), picture) == 0
