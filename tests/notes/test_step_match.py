"""Match cuts to steps on shoots whose steps are known."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from noted import BEGAN, cut_of, notes

from btsclip.moments.select import Cut
from btsclip.notes.alignment import align_in_order
from btsclip.notes.lexicon import ACTIONS
from btsclip.notes.match import StepMatch, match_steps
from btsclip.notes.model import Notes
from btsclip.plan.speed import TimeMap
from btsclip.planning.captions import write_clip_texts
from btsclip.planning.text_sources import CaptionSources
from btsclip.presets.load import load_preset

ONIONS = {"name": "Chop onions", "note": "Small, so that they melt"}
BASE = {"name": "Stir the base", "action": "stir"}
HERBS = {"name": "Chop herbs", "note": "Last, so that they stay green"}


def shot(action: str | None, minute: float, take: str = "a.mp4") -> Cut:
    return cut_of(take, action=action, start=60 * minute, end=60 * minute + 10)


def told(cuts: list[Cut], steps: list[dict[str, Any]], **more: Any) -> list[str | None]:
    found = match_steps(
        cuts, dict.fromkeys({c.footage.path for c in cuts}, notes(steps=steps, **more))
    )
    return [one.step.name if one and one.step else None for one in found]


def test_two_chops_are_separated_by_the_step_between() -> None:
    day = [shot("chop", 1), shot("stir", 5), shot("chop", 9)]
    assert told(day, [ONIONS, BASE, HERBS]) == ["Chop onions", "Stir the base", "Chop herbs"]
    found = match_steps(day, {day[0].footage.path: notes(steps=[ONIONS, BASE, HERBS])})
    assert [one and one.how for one in found] == ["order", "action", "order"]
    assert found[0] and found[1] and found[0].confidence < found[1].confidence
    assert found[2] and found[2].note == HERBS["note"]
    # The clock counts, not the order of the list.
    assert told(day[::-1], [ONIONS, BASE, HERBS]) == ["Chop herbs", "Stir the base", "Chop onions"]


@pytest.mark.parametrize(
    ("did", "expected"),
    [
        (["stir", "chop"], ["Stir the base", "Chop herbs"]),
        (["chop", "stir"], ["Chop onions", "Stir the base"]),
        (["chop"], [None]),
        (["chop", "chop"], [None, None]),
        (["chop", "chop", "stir", "pour"], ["Chop onions", "Chop onions", "Stir the base", None]),
        (["stir", "chop", "stir"], ["Stir the base", None, "Stir the base"]),
        ([None, "stir", "other"], [None, "Stir the base", None]),
    ],
)
def test_missing_steps_leave_only_certain_matches(
    did: list[str | None], expected: list[str | None]
) -> None:
    day = [shot(action, minute) for minute, action in enumerate(did)]
    assert told(day, [ONIONS, BASE, HERBS]) == expected


def test_contradicted_order_is_ignored() -> None:
    plate = {"name": "Plate it", "action": "plate"}
    day = [shot("plate", 0), shot("chop", 1), shot("stir", 2), shot("chop", 3)]
    steps = [ONIONS, BASE, HERBS, plate]
    assert told(day, steps) == ["Plate it", None, "Stir the base", None]
    assert told(day[1:], steps) == ["Chop onions", "Stir the base", "Chop herbs"]


def test_takes_are_ordered_only_by_clocks() -> None:
    def at(cut: Cut, hours: float | None) -> Cut:
        created = None if hours is None else BEGAN + timedelta(hours=hours)
        facts = cut.footage.__class__(**{**vars(cut.footage), "created": created})
        return cut_of(footage=facts, action=cut.action)

    first, then, last = (shot(a, 1, t) for a, t in (("chop", "z"), ("stir", "b"), ("chop", "c")))
    steps = [ONIONS, BASE, HERBS]
    assert told([at(first, 0), at(then, 1), at(last, 2)], steps)[0::2] == [
        "Chop onions", "Chop herbs",
    ]  # fmt: skip
    assert told([at(first, 0), at(then, None), at(last, 2)], steps) == [
        None, "Stir the base", None,
    ]  # fmt: skip


def test_step_from_name_of_take_or_speech() -> None:
    assert told([shot("chop", 1, "herbs chopping.mp4")], [ONIONS, HERBS]) == ["Chop herbs"]
    assert told([shot("stir", 1, "herbs.mp4")], [ONIONS, HERBS]) == [None]
    assert told([shot(None, 1, "IMG_001.mp4")], [ONIONS, HERBS]) == [None]
    cut = shot("chop", 1)
    noted = {cut.footage.path: notes(steps=[ONIONS, HERBS])}

    def said(text: str) -> StepMatch | None:
        return match_steps([cut], noted, lambda cut: text)[0]

    heard = said("now I chop all the herbs, because they go in last")
    assert heard and heard.step and heard.step.name == "Chop herbs" and heard.how == "spoken"
    assert said("herbs") is None and said("hello everybody") is None
    assert said("I chop the herbs and then I chop the onions") is None


@pytest.mark.parametrize(
    ("text", "action", "note"),
    [
        (["We rest the dough so it tears less"], "knead", "We rest the dough so it tears less"),
        (["Cut small it cooks evenly"], "chop", "Cut small it cooks evenly"),
        (["Cut small it cooks evenly", "A sharp knife is a safe knife"], "chop", ""),
        (["Chop and stir by hand"], "chop", ""),
        (["The first batch went next door"], "chop", ""),
        ([" "], "chop", ""),
    ],
)
def test_free_note_is_used_if_only_one_fits(text: list[str], action: str, note: str) -> None:
    steps = [{"name": "Rest the dough", "action": "knead"}]
    cut = shot(action, 1)
    (one,) = match_steps([cut], {cut.footage.path: notes(steps=steps, notes=text)})
    assert (one.note if one else "") == note


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=7), st.randoms(use_true_random=False)
)
def test_no_match_is_wrong_on_a_day_filmed_in_order(
    actions: list[str], chance: random.Random
) -> None:
    """All steps were filmed, some in several shots, with other shots between them."""
    steps = [{"name": f"Step {i}", "action": action} for i, action in enumerate(actions)]
    truth: list[int | None] = []
    for i in range(len(steps)):
        truth += [i] * chance.choice([1, 1, 2]) + [None] * chance.choice([0, 0, 1])
    day = [shot("other" if i is None else actions[i], minute) for minute, i in enumerate(truth)]
    found = match_steps(day, {day[0].footage.path: Notes.model_validate({"steps": steps})})
    for one, i in zip(found, truth, strict=True):
        assert one is None or (one.step and one.step.name == f"Step {i}")
        if i is not None and actions.count(actions[i]) == 1:
            assert one and one.how == "action"


def test_alignment_by_order() -> None:
    assert align_in_order([], [], 3) == []
    assert align_in_order([[0, 2], [1], [0, 2]], [False, True, False], 3) == [0, 1, 2]
    assert align_in_order([[0, 2]], [False], 3) == [None]
    assert align_in_order([[1], [0]], [True, True], 2) == [None, None]
    assert align_in_order([[], [1]], [False, False], 2) == [None, 1]
    assert align_in_order([[0]], [False], 0) == [None]


@given(st.lists(st.lists(st.integers(0, 4), max_size=5, unique=True), max_size=6))
def test_alignment_is_in_every_best_matching(fits: list[list[int]]) -> None:
    """Compared with all possible alignments."""
    found = align_in_order(fits, [False] * len(fits), 5)

    def ways(at: int, least: int) -> list[tuple[int | None, ...]]:
        if at == len(fits):
            return [()]
        rest: list[tuple[int | None, ...]] = [(None, *way) for way in ways(at + 1, least)]
        for j in fits[at]:
            rest += [(j, *way) for way in ways(at + 1, j)] if j >= least else []
        return rest

    every = ways(0, 0)
    most = max(sum(j is not None for j in way) for way in every)
    best = [way for way in every if sum(j is not None for j in way) == most]
    for i, place in enumerate(found):
        seen = {way[i] for way in best}
        assert place == (seen.pop() if len(seen) == 1 else None)


def test_shoots_are_matched_by_their_own_notes() -> None:
    one, two = shot("chop", 1), shot("chop", 1, "b.mp4")
    noted = {
        one.footage.path: notes(steps=[{"name": "Here", "action": "chop"}]),
        two.footage.path: notes(steps=[{"name": "There", "action": "chop"}]),
        Path("/takes/c.mp4"): notes(),
    }
    found = match_steps([one, two, shot("chop", 1, "d.mp4")], noted)
    assert [match.step.name if match and match.step else None for match in found] == [
        "Here", "There", None,
    ]  # fmt: skip


def test_clip_gets_the_step_that_the_others_leave() -> None:
    day = [shot("chop", 1), shot("stir", 5), shot("chop", 9)]
    texts = CaptionSources(notes={day[0].footage.path: notes(steps=[ONIONS, BASE, HERBS])})
    look, life = load_preset("recipe-steps"), TimeMap.of([], 0, 10)
    alone = [[c.text for c in write_clip_texts(cut, texts, look, life).captions] for cut in day]
    beside = [
        write_clip_texts(cut, texts, look, life, one).captions[0].text
        for cut, one in zip(day, texts.match_steps(day), strict=True)
    ]
    assert alone == [[], ["2. Stir the base"], []]
    assert beside == ["1. Chop onions", "2. Stir the base", "3. Chop herbs"]
