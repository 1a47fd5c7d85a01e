from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st
from made_signals import signals

from btsclip.moments.belief import process_belief
from btsclip.moments.find import Moment, find_moments
from btsclip.moments.mishaps import SECONDS_BEFORE, Mishap, find_mishaps
from btsclip.signals.model import STEP, Signals


def with_clatter(at: float = 15.0, work: tuple[tuple[float, float], ...] = ((4, 30),)) -> Signals:
    made = signals(40, work)
    clatter = made.clatter.copy()
    clatter[round(at / STEP)] = 0.9
    return replace(made, clatter=clatter)


def mishaps(made: Signals) -> list[Mishap]:
    return find_mishaps(made, process_belief(made), 40)


def test_clatter_at_work_is_a_mishap() -> None:
    (found,) = mishaps(with_clatter())
    assert found.sign == "clatter" and found.time == 15
    assert found.start == pytest.approx(15 - SECONDS_BEFORE) and found.end > 17


def test_clatter_without_work_is_not_a_mishap() -> None:
    assert mishaps(with_clatter(at=36.0)) == []


def test_jerk_and_flare_are_mishaps() -> None:
    made = signals(40, ((4, 30),))
    motion = made.motion.copy()
    motion[60:62] = 1.0
    motion[62:] = 0.03
    assert [m.sign for m in mishaps(replace(made, motion=motion))] == ["jerk"]
    glow = made.glow.copy()
    glow[60:66] = 0.3
    assert [m.sign for m in mishaps(replace(made, glow=glow))] == ["flare"]


def test_change_at_a_shot_border_is_not_a_mishap() -> None:
    made = with_clatter(at=15.0)
    glow = np.where(made.times >= 15, 0.3, 0.0)
    assert mishaps(replace(made, glow=glow, borders=(15.0,))) == []


def test_mishap_stays_within_its_shot() -> None:
    (found,) = mishaps(replace(with_clatter(), borders=(14.0, 17.0)))
    assert (found.start, found.end) == (14.0, 17.0)


@given(st.integers(24, 100))
def test_mishap_has_the_time_of_its_clatter(step: int) -> None:
    found = mishaps(with_clatter(at=step * STEP, work=((2, 38),)))
    assert [m.time for m in found] == [step * STEP]


def test_moment_names_the_mishap_and_its_time() -> None:
    moments = find_moments(with_clatter(), 40)
    (mishap,) = [m for m in moments if m.kind == "mishap"]
    assert "clatter at 15.0 s" in mishap.why and mishap.evidence["at"] == 15
    assert mishap.score > 0.9
    work: list[Moment] = [m for m in moments if m.kind == "process"]
    assert work[0].start < mishap.start and work[-1].end > mishap.end


def test_glowing_food_that_comes_into_view_is_not_a_flare() -> None:
    made = signals(40, ((4, 30),))
    slowly = np.clip((made.times - 12) / 6, 0, 1) * 0.4
    assert mishaps(replace(made, glow=slowly)) == []
    at_once = np.where(made.times > 15, 0.3, 0.0)
    panning = np.where(abs(made.times - 15) < 0.6, 0.12, 0.0)
    assert mishaps(replace(made, glow=at_once, camera=panning)) == []


def test_glances_show_no_jerk() -> None:
    made = signals(40, ((4, 30),))
    motion = made.motion.copy()
    motion[60:62], motion[62:] = 1.0, 0.03
    sparse = np.zeros(len(made.times), bool)
    assert mishaps(replace(made, motion=motion, dense=sparse)) == []
