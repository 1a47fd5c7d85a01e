from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_signals import scene_of, signals

from btsclip.moments.actions import name_action, split_by_action
from btsclip.moments.find import find_moments
from btsclip.signals.model import STEP, Signals

ALL = slice(0, 80)


def work_signals(**figures: float) -> Signals:
    """20 s of two hands at work, with signals of one value each; `drift` is left at rest."""
    made = signals(20, ((0, 20),))
    arrays = {name: np.full(len(made.times), value) for name, value in figures.items()}
    arrays["hands"] = arrays.get("hands", made.hands).astype(int)
    return replace(made, **arrays)


def with_things(made: Signals, **things: float) -> Signals:
    """`made` with the scores of `things` in the scene."""
    return replace(made, scene=scene_of(made.dense, **things))


def with_circling(made: Signals, strokes: float) -> Signals:
    turn = 2 * np.pi * strokes * made.times
    return replace(made, drift=0.1 * np.stack([np.cos(turn), np.sin(turn)], 1))


def test_fast_strokes_with_blows_are_chopping() -> None:
    made = work_signals(rhythm=0.6, strokes=3.0, onsets=0.75, motion=0.08)
    assert name_action(made, ALL) == "chop"


def test_slow_strokes_of_two_hands_on_dough_are_kneading() -> None:
    made = work_signals(rhythm=0.8, strokes=0.9, motion=0.06)
    swing = 0.1 * np.sin(2 * np.pi * 0.9 * made.times)
    made = replace(made, drift=np.stack([swing, swing], 1))
    assert name_action(with_things(made, dough=1.5), ALL) == "knead"
    assert name_action(with_things(made, dough=0.5), ALL) == "other"


@pytest.mark.parametrize("hands", [0, 1])
def test_circles_in_a_pot_are_stirring_with_and_without_a_hand(hands: int) -> None:
    made = with_circling(work_signals(rhythm=0.8, strokes=0.9, motion=0.15, hands=hands), 0.9)
    assert name_action(with_things(made, pots_and_pans=1.0), ALL) == "stir"
    assert name_action(with_things(made, pots_and_pans=-0.5), ALL) == "other"


@pytest.mark.parametrize(
    "figures",
    [
        {"motion": 0.7, "hands": 0},
        {"motion": 0.2, "hands": 1},
        {"motion": 0.06, "rhythm": 0.05},
    ],
    ids=["the whole picture moves", "a flow", "calm hands"],
)
def test_ambiguous_movement_has_no_name(figures: dict[str, float]) -> None:
    made = replace(work_signals(**figures), drift=np.tile([0.01, 0.08], (80, 1)))
    assert name_action(with_things(made, dough=3.0, pots_and_pans=3.0), ALL) == "other"


def test_weak_evidence_is_other() -> None:
    assert name_action(work_signals(motion=0.2, rhythm=0.3, strokes=1.1, hands=1), ALL) == "other"


def test_action_change_splits_and_pauses_do_not() -> None:
    made = work_signals(rhythm=0.7, strokes=3.0, onsets=0.75, motion=0.06)
    pausing = made.rhythm.copy()
    pausing[[20, 21, 44, 45]] = 0
    whole = replace(made, rhythm=pausing)
    assert [name for _, name in split_by_action(whole, ALL)] == ["chop"]
    later = made.times >= 10
    changed = replace(
        made,
        rhythm=np.where(later, 0.0, 0.7),
        onsets=np.where(later, 0.0, 0.75),
    )
    pieces = split_by_action(changed, ALL)
    assert [name for _, name in pieces] == ["chop", "other"]
    assert pieces[1][0].start * STEP == pytest.approx(10, abs=2.1)
    assert pieces[0][0].start == 0 and pieces[-1][0].stop == 80


@pytest.mark.parametrize(("early", "names"), [(1.5, ["chop"]), (1.0, ["knead", "chop"])])
def test_counting_every_second_stroke_does_not_change_the_action(
    early: float, names: list[str]
) -> None:
    """Chops at three a second, of which at first every second one is counted, are one action.
    Strokes at a third of that rate are another movement."""
    made = work_signals(rhythm=0.6, strokes=3.0, onsets=0.75, motion=0.06)
    first = made.times < 8
    swing = np.where(first, np.sin(2 * np.pi * 0.9 * made.times), 0.1)
    made = replace(
        made,
        strokes=np.where(first, early, 3.0),
        onsets=np.where(first & (early < 1.2), 0.2, 0.75),
        drift=0.1 * np.stack([swing, swing], 1),
    )
    assert [name for _, name in split_by_action(with_things(made, dough=1.5), ALL)] == names


def test_moments_have_their_action_and_reason() -> None:
    moments = find_moments(work_signals(rhythm=0.6, strokes=3.0, onsets=0.75, motion=0.08), 20)
    assert [moment.action for moment in moments] == ["chop"]
    assert "fast regular strokes" in moments[0].why


def test_only_a_sure_thing_is_named() -> None:
    made = signals(20, ((0, 20),))
    (sure,) = find_moments(with_things(made, pizza=3.4, a_burger=3.1), 20)
    assert "something like pizza" in sure.why and sure.evidence["looks_like pizza"] == 3.4
    (unsure,) = find_moments(with_things(made, pizza=2.5, dough=5.0), 20)
    assert "something like" not in unsure.why
