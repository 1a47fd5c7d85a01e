from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_signals import scene_of, signals

from btsclip.moments.actions import name_action, split_by_action
from btsclip.moments.find import find_moments
from btsclip.signals.model import STEP, Signals

ALL = slice(0, 80)


def handled(**figures: float) -> Signals:
    """20 s of two hands at work, with signals of one value each; `drift` is left at rest."""
    made = signals(20, ((0, 20),))
    changes = {name: np.full(len(made.times), value) for name, value in figures.items()}
    changes["hands"] = changes.get("hands", made.hands).astype(int)
    return replace(made, **changes)


def on(made: Signals, **things: float) -> Signals:
    """The same with the scores of `things` in the scene."""
    return replace(made, scene=scene_of(made.dense, **things))


def circling(made: Signals, strokes: float) -> Signals:
    turn = 2 * np.pi * strokes * made.times
    return replace(made, drift=0.1 * np.stack([np.cos(turn), np.sin(turn)], 1))


def test_fast_regular_strokes_with_blows_are_chopping() -> None:
    made = handled(rhythm=0.6, strokes=3.0, onsets=0.75, motion=0.08)
    assert name_action(made, ALL) == "chop"


def test_slow_regular_strokes_of_two_hands_to_and_fro_are_kneading_where_dough_is_seen() -> None:
    made = handled(rhythm=0.8, strokes=0.9, motion=0.06)
    swing = 0.1 * np.sin(2 * np.pi * 0.9 * made.times)
    made = replace(made, drift=np.stack([swing, swing], 1))
    assert name_action(on(made, dough=1.5), ALL) == "knead"
    assert name_action(on(made, dough=0.5), ALL) == "other"


@pytest.mark.parametrize("hands", [0, 1])
def test_round_and_round_in_a_pot_is_stirring_with_and_without_a_hand(hands: int) -> None:
    made = circling(handled(rhythm=0.8, strokes=0.9, motion=0.15, hands=hands), 0.9)
    assert name_action(on(made, pots_and_pans=1.0), ALL) == "stir"
    assert name_action(on(made, pots_and_pans=-0.5), ALL) == "other"


@pytest.mark.parametrize(
    "figures",
    [
        {"motion": 0.7, "hands": 0},
        {"motion": 0.2, "hands": 1},
        {"motion": 0.06, "rhythm": 0.05},
    ],
    ids=["all of the picture flies", "a flow", "calm hands"],
)
def test_what_looks_like_many_things_has_no_name(figures: dict[str, float]) -> None:
    made = replace(handled(**figures), drift=np.tile([0.01, 0.08], (80, 1)))
    assert name_action(on(made, dough=3.0, pots_and_pans=3.0), ALL) == "other"


def test_what_is_not_told_is_other() -> None:
    assert name_action(handled(motion=0.2, rhythm=0.3, strokes=1.1, hands=1), ALL) == "other"


def test_a_change_of_action_splits_and_pauses_between_chops_do_not() -> None:
    made = handled(rhythm=0.7, strokes=3.0, onsets=0.75, motion=0.06)
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
def test_counting_every_second_stroke_is_no_other_action(early: float, names: list[str]) -> None:
    """The same chops at three a second, of which at first only every second is counted; strokes
    at a third of that rate are another movement."""
    made = handled(rhythm=0.6, strokes=3.0, onsets=0.75, motion=0.06)
    first = made.times < 8
    swing = np.where(first, np.sin(2 * np.pi * 0.9 * made.times), 0.1)
    made = replace(
        made,
        strokes=np.where(first, early, 3.0),
        onsets=np.where(first & (early < 1.2), 0.2, 0.75),
        drift=0.1 * np.stack([swing, swing], 1),
    )
    assert [name for _, name in split_by_action(on(made, dough=1.5), ALL)] == names


def test_moments_carry_their_action_and_why() -> None:
    found = find_moments(handled(rhythm=0.6, strokes=3.0, onsets=0.75, motion=0.08), 20)
    assert [moment.action for moment in found] == ["chop"]
    assert "fast regular strokes" in found[0].why


def test_a_thing_is_named_only_when_it_is_sure() -> None:
    made = signals(20, ((0, 20),))
    (sure,) = find_moments(on(made, pizza=3.4, a_burger=3.1), 20)
    assert "something like pizza" in sure.why and sure.evidence["looks_like pizza"] == 3.4
    (unsure,) = find_moments(on(made, pizza=2.5, dough=5.0), 20)
    assert "something like" not in unsure.why
