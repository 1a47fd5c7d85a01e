from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_signals import signals

from btsclip.moments.find import find_moments
from btsclip.signals.model import Signals


def kinds(made: Signals, duration: float = 40) -> list[str]:
    return [m.kind for m in find_moments(made, duration)]


def sharpen(made: Signals, start: float, end: float) -> Signals:
    inside = (made.times >= start) & (made.times < end)
    return replace(made, sharpness=np.where(inside, 0.05, 0.003))


def test_sharp_quiet_picture_after_work_is_a_reveal() -> None:
    made = sharpen(signals(40, ((5, 20),)), 28, 40)
    moments = find_moments(made, 40)
    assert [m.kind for m in moments][-1] == "reveal"
    assert moments[-1].start == pytest.approx(28, abs=1.5)


def test_no_reveal_before_work() -> None:
    assert "reveal" not in kinds(sharpen(signals(40, ((30, 40),)), 0, 20))


def test_large_face_is_people_and_small_face_is_not() -> None:
    made = signals(40, ((5, 15),))
    face = np.where(made.times >= 25, 0.3, 0.0)
    assert "people" in kinds(replace(made, face_size=face))
    assert "people" not in kinds(replace(made, face_size=face * 0.1))


def test_voice_without_work_is_a_why() -> None:
    made = signals(40, ((5, 15),))
    moments = find_moments(replace(made, voice=np.where(made.times >= 25, 0.9, 0.0)), 40)
    why = next(m for m in moments if m.kind == "why")
    assert why.start == pytest.approx(25, abs=1.5) and "speaks" in why.why


def test_voice_over_work_stays_work() -> None:
    made = signals(40, ((5, 35),))
    assert kinds(replace(made, voice=made.voice + 0.9)).count("process") == 1
