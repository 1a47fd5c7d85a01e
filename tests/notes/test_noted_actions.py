"""The notes come before guesses from the picture."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from noted import cut_of, notes

from btsclip.moments.select import Cut
from btsclip.notes.match import match_steps
from btsclip.plan.speed import TimeMap
from btsclip.planning.captions import write_clip_texts
from btsclip.planning.request import ClipRequest, PlanContext
from btsclip.planning.selection import activity_of
from btsclip.planning.text_sources import CaptionSources
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset
from btsclip.story.why import notes_for

LIFE = TimeMap.of([], 0, 10)
STIR = {"name": "Stir the noodles", "action": "stir", "note": "So that none sticks"}
POUR = {"name": "Pour the sauce", "action": "pour"}
TOSS = {"name": "Toss it", "action": "toss"}
HERE = {"take": "x.mp4"}
TIMED = {**HERE, "start": "0:05", "end": "0:30"}


def toss(take: str = "x.mp4", **changes: Any) -> Cut:
    """Ten seconds of a take with the guess that someone tosses."""
    return cut_of(take, **{"action": "toss", **changes})


def noted(cut: Cut, steps: list[dict[str, Any]], **more: Any) -> tuple[str | None, str | None]:
    """The step and the action of `cut`."""
    texts = CaptionSources(notes={cut.footage.path: notes(steps=steps, **more)})
    (told,) = texts.match_steps([cut])
    return told.step.name if told and told.step else None, texts.as_noted(cut, told).action


@pytest.mark.parametrize(
    ("take", "steps", "expected"),
    [
        ("x.mp4", [STIR | HERE], ("Stir the noodles", "stir")),
        ("x.mp4", [STIR | TIMED], ("Stir the noodles", "stir")),
        ("stir noodles.mp4", [STIR], ("Stir the noodles", "stir")),
        ("x.mp4", [STIR | HERE, TOSS], ("Stir the noodles", "stir")),
        ("x.mp4", [STIR | HERE, POUR | {"take": "y.mp4"}], ("Stir the noodles", "stir")),
        # The step's words only show that the guess is wrong.
        ("x.mp4", [{"name": "Stir the noodles"} | HERE], ("Stir the noodles", "other")),
        ("x.mp4", [{"name": "Stir and toss"} | HERE], ("Stir and toss", "toss")),
        ("x.mp4", [{"name": "Salsa macha"} | HERE], ("Salsa macha", "toss")),
        ("x.mp4", [{"name": "Bake", "action": "other"} | HERE], ("Bake", "other")),
        # It may be either step, but neither is tossing.
        ("x.mp4", [STIR | HERE, POUR | HERE], (None, "other")),
        ("x.mp4", [STIR | HERE, {"name": "Rest"} | HERE], (None, "toss")),
        ("x.mp4", [STIR | HERE, TOSS | HERE], ("Toss it", "toss")),
        # There are no notes on this part, or on this take.
        ("x.mp4", [STIR | TIMED | {"start": "1:00", "end": "2:00"}], (None, "toss")),
        ("x.mp4", [STIR | TIMED | {"start": "0:17"}], (None, "other")),
        ("y.mp4", [STIR | HERE], (None, "toss")),
        ("x.mp4", [STIR], (None, "toss")),
        ("x.mp4", [], (None, "toss")),
    ],
)  # fmt: skip
def test_guess_never_overrules_the_notes(
    take: str, steps: list[dict[str, Any]], expected: tuple[str | None, str | None]
) -> None:
    assert noted(toss(take), steps) == expected


def test_guess_chooses_between_fitting_steps() -> None:
    steps = [STIR, {"name": "Toss the noodles", "action": "toss"}]
    assert noted(toss("noodles stir, toss.mp4"), steps) == ("Toss the noodles", "toss")
    assert noted(toss("noodles stir, toss.mp4", action="pour"), steps) == (None, "pour")


def test_moments_of_a_take_get_their_own_steps() -> None:
    steps = [STIR | HERE, POUR | HERE, STIR | {"name": "Stir the soup", "take": "soup.mp4"}]
    guesses = ("stir", "pour", "toss", "other")
    found = [noted(toss(action=guess, start=20.0 * i, end=20.0 * i + 9), steps)
             for i, guess in enumerate(guesses)]  # fmt: skip
    assert found == [
        ("Stir the noodles", "stir"), ("Pour the sauce", "pour"), (None, "other"), (None, "other"),
    ]  # fmt: skip


def test_spoken_words_come_before_the_guess() -> None:
    cut = toss()
    noted_by = {cut.footage.path: notes(steps=[STIR, POUR])}
    (told,) = match_steps([cut], noted_by, lambda cut: "now you stir the noodles well")
    assert told and told.step and told.step.name == "Stir the noodles"
    assert CaptionSources(notes=noted_by).as_noted(cut, told).action == "stir"


@pytest.mark.parametrize("kind", ["mishap", "people", "why", "reveal"])
def test_other_kinds_are_unchanged(kind: str) -> None:
    cut = toss(kind=kind, action=None)
    assert noted(cut, [STIR | HERE]) == ("Stir the noodles", None)


def test_why_names_the_source_of_the_action() -> None:
    def why(steps: list[dict[str, Any]], **changes: Any) -> str:
        cut = toss(why="two hands", **changes)
        return CaptionSources(notes={cut.footage.path: notes(steps=steps)}).as_noted(cut).why

    assert why([STIR | HERE]) == "two hands; the notes say stir, though it looked like toss"
    assert why([STIR | HERE], action="other") == "two hands; the notes say stir"
    contradicted = "two hands; it looked like toss, which the notes contradict"
    assert why([STIR | HERE, POUR | HERE]) == contradicted
    assert why([STIR | HERE], action="stir") == "two hands"


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        ("recipe-steps", "1. Stir the noodles"), ("honest-kitchen", "Stir the noodles"),
        ("street-food-fast", "Stir the noodles"), ("bakery-slow", "Stir the noodles"),
    ],
)  # fmt: skip
def test_no_text_shows_the_guess(look: str, expected: str) -> None:
    preset, cut = load_preset(look), toss(evidence={"hands_share": 1.0, "hands": 2.0})
    texts = CaptionSources(notes={cut.footage.path: notes(steps=[STIR | HERE])})
    made = write_clip_texts(cut, texts, preset, LIFE)
    guessed = write_clip_texts(cut, CaptionSources(), preset, LIFE)
    assert expected in [caption.text for caption in made.captions]
    assert "toss" not in " ".join(c.text.lower() for c in made.captions) + made.title.lower()
    assert guessed.captions != made.captions


def test_hooks_and_end_cards_follow_the_notes() -> None:
    preset = Preset.model_validate(
        {"captions": {"hooks": {"process": "{action} it"}}, "end_card": {"text": "{action} done"}}
    )
    cut = toss()
    texts = CaptionSources(notes={cut.footage.path: notes(steps=[STIR | HERE])})
    made = write_clip_texts(cut, texts, preset, LIFE)
    assert made.captions[0].text == made.title == "Stirring it"
    assert made.end_card and made.end_card.text == "Stirring done"


def test_clips_are_ranked_by_noted_action() -> None:
    cuts = [toss(), toss(action="stir", start=30.0, end=40.0)]
    texts = CaptionSources(notes={cuts[0].footage.path: notes(steps=[STIR | HERE])})
    brief = PlanContext(load_preset("honest-kitchen"), "honest-kitchen", ClipRequest(), texts)
    assert [activity_of(cut, brief) for cut in cuts] == ["Stir the noodles"] * 2


def test_note_of_a_take_goes_with_its_work() -> None:
    cuts = [toss(kind="reveal", action=None), toss(start=30.0, end=40.0)]
    found = notes_for(
        cuts, {cuts[0].footage.path: notes(steps=[STIR | HERE])}, load_preset("honest-kitchen")
    )
    assert found[0] is None and found[1] and found[1].text == STIR["note"]


def test_applying_twice_changes_nothing() -> None:
    for steps in itertools.combinations(
        [STIR | HERE, POUR | HERE, STIR, POUR | TIMED, {"name": "Bake", "action": "other"}], 2
    ):
        texts = CaptionSources(notes={Path("/takes/x.mp4"): notes(steps=list(steps))})
        once = texts.as_noted(toss())
        assert texts.as_noted(once) is once
