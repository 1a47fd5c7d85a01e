from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from made_signals import signals

from btsclip.moments.unclear import find_unclear_spans
from btsclip.signals.model import Signals

SECONDS = 40.0
# Usual figures, and far worse ones.
USUAL = {"exposure": 0.4, "sharpness": 0.02}
WORSE = {"exposure": 0.06, "sharpness": 0.002}


def take(where: tuple[float, float], what: str, every: float = 0.25, **changes: Any) -> Signals:
    """A take whose `what` is far worse during `where`, with a small picture `every` few seconds."""
    made = signals(SECONDS, ((0, SECONDS),))
    bad = (made.times >= where[0]) & (made.times < where[1])
    values = {name: np.where(bad & (name == what), WORSE[name], USUAL[name]) for name in USUAL}
    thumbs = made.thumbs.copy()
    if what == "detail":
        thumbs[bad] = 128
    step = round(every / 0.25)
    seen = {"thumbs": thumbs[::step], "thumb_times": made.times[::step]}
    return signals(SECONDS, ((0, SECONDS),), **{**values, **seen, **changes})


@pytest.mark.parametrize(
    ("what", "word"), [("exposure", "darker"), ("sharpness", "blurrier"), ("detail", "emptier")]
)
def test_unclear_span_is_found_with_its_reason(what: str, word: str) -> None:
    (found,) = find_unclear_spans(take((10, 14), what), SECONDS)
    assert found.start <= 10 and found.end >= 14
    assert found.start >= 9.5 and found.end <= 14.5
    assert found.why == f"the picture is far {word} than most of the take"


def test_unclear_span_reaches_to_the_nearest_clear_pictures() -> None:
    (found,) = find_unclear_spans(take((10, 14), "exposure", every=2), SECONDS)
    assert (found.start, found.end) == (8, 14)
    (found,) = find_unclear_spans(take((10, 14), "exposure", every=2, borders=(9.5,)), SECONDS)
    assert (found.start, found.end) == (9.5, 14)


def test_take_that_is_always_dark_or_soft_is_clear() -> None:
    for exposure, sharpness in ((0.08, 0.02), (0.4, 0.002)):
        made = take((0, 0), "", exposure=np.full(160, exposure), sharpness=np.full(160, sharpness))
        assert find_unclear_spans(made, SECONDS) == []


def test_slightly_darker_or_softer_shot_is_clear() -> None:
    made = take((0, 0), "")
    late = made.times >= 30
    made = take(
        (0, 0), "", exposure=np.where(late, 0.16, 0.6), sharpness=np.where(late, 0.006, 0.1)
    )
    assert find_unclear_spans(made, SECONDS) == []


def test_black_pictures_do_not_count_as_usual() -> None:
    made = take((12, SECONDS), "", exposure=np.where(signals(SECONDS).times < 12, 0.4, 0.01))
    (found,) = find_unclear_spans(made, SECONDS)
    assert found.start == pytest.approx(12, abs=0.5) and found.end == SECONDS
