"""Comments and the moments that answer them, in two kitchens."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from btsclip.reply.match import MIN_SURE, MomentFacts, comment_terms, matches

BAKERY = (
    MomentFacts(
        {"step": "Chop the onions", "note": "A sharp knife, its tip stays on the board"},
        "chop",
        "process",
        0.9,
    ),
    MomentFacts(
        {
            "step": "Knead the dough",
            "take": "dough",
            "note": "Ten minutes by hand: no mixer feels when it's done",
        },
        "knead",
        "process",
        0.8,
    ),
    MomentFacts(
        {"step": "Rest the dough", "note": "We rest the dough 20 min so it tears less"},
        None,
        "why",
        0.7,
    ),
    MomentFacts({"step": "Bake", "note": "Oven at 250 °C on a stone"}, "other", "process", 0.6),
    MomentFacts({}, None, "mishap", 0.8),
    MomentFacts({}, None, "people", 0.8),
    MomentFacts({}, "toss", "process", 0.9),
    MomentFacts({"take": "finished"}, None, "reveal", 0.8),
)
BAKERY_ASKED = [
    ("how do you chop so fast", 0), ("those knife skills omg 😍 how??", 0),
    ("how do you not cut your fingers", 0), ("wie schneidest du so schnell?", 0),
    ("¿cómo cortas tan rápido la cebolla?", 0), ("comment tu coupes les oignons si vite", 0),
    ("choping onions always makes me cry", 0), ("what temperature is the oven", 3),
    ("how hot is your oven?", 3), ("oven temp pls", 3), ("how long do you rest the dough?", 2),
    ("why do you let it rest", 2), ("why knead by hand and not with a mixer", 1),
    ("do you ever use a mixer", 1), ("how long do you knead", 1), ("pourquoi pétrir à la main", 1),
    ("did you drop it?", 4), ("what happened at the end 😂", 4), ("se te cayó jajaja", 4),
    ("lol you spilled everything", 4), ("who is that guy", 5), ("quien es la chica", 5),
    ("how do you flip it without a spoon", 6), ("show us how you toss the pan", 6),
    ("how did it turn out??", 7), ("show the final result", 7),
    ("where did you buy that pan", None), ("what's the song", None), ("is it gluten free", None),
    ("first!", None), ("love from Brazil ❤️", None), ("how much flour", None),
    ("what camera do you use", None), ("price of the knife?", None), ("why", None), ("", None),
    ("how many onions do you chop a day", None), ("does it taste good", None),
    ("how long do you chop", None), ("can you make sushi next", None), ("I have a dog", None),
    ("how much did the oven cost", None), ("why is the sky blue", None),
]  # fmt: skip
SPAIN = (
    MomentFacts(
        {"step": "Slice the potatoes", "note": "Thin as a coin, so they crisp"},
        "chop",
        "process",
        0.9,
    ),
    MomentFacts(
        {
            "step": "Whisk the eggs",
            "note": "With a fork: a whisk makes them too airy",
            "take": "eggs",
        },
        "stir",
        "process",
        0.8,
    ),
    MomentFacts({"step": "Pour it into the pan", "take": "pan"}, "pour", "process", 0.7),
    MomentFacts(
        {"step": "Flip the tortilla", "note": "Wet the plate first and it slides"},
        "toss",
        "process",
        0.9,
    ),
    MomentFacts(
        {
            "speech": "my grandmother taught me to salt the potatoes before frying so the water"
            " comes out"
        },
        None,
        "why",
        0.7,
    ),
    MomentFacts({}, None, "mishap", 0.8),
    MomentFacts({"step": "Serve"}, "plate", "process", 0.5),
)
SPAIN_ASKED = [
    ("how thin do you slice them?", 0), ("What knife is that, do you use a mandoline?", 0),
    ("My potatoes never come out that thin!", 0), ("Wie dünn schneidest du die Kartoffeln?", 0),
    ("why a fork and not a whisk?", 1), ("how do you beat the eggs", 1),
    ("¿por qué bates con tenedor?", 1), ("how do you flip it without breaking it??", 3),
    ("the flip!! teach me", 3), ("comment vous retournez la tortilla", 3),
    ("do you salt the potatoes before or after", 4), ("who taught you this", 4),
    ("did it stick? looks like it broke 😅", 5), ("hast du das fallen lassen? 😂", 5),
    ("ça a brûlé non ?", 5), ("can you pour it slower", 2), ("how do you plate it", 6),
    ("what oil do you use", None), ("how long do you fry them", None), ("at what heat", None),
    ("which pan brand is this", None), ("I'm hungry now", None), ("this made my day", None),
    ("cuántos huevos", None), ("is this in Madrid?", None), ("no onion?? heresy", None),
    ("how many eggs", None), ("how much salt", None), ("what's the background music", None),
    ("calories?", None), ("subscribe to my channel", None), ("how old are you", None),
    ("grandma vibes", None),
]  # fmt: skip


def answered(comment: str, moments: tuple[MomentFacts, ...]) -> int | None:
    best = matches(comment, moments)[0]
    return best.moment if best.answers and comment_terms(comment) else None


@pytest.mark.parametrize(("comment", "moment"), BAKERY_ASKED)
def test_comment_finds_its_moment_or_none(comment: str, moment: int | None) -> None:
    assert answered(comment, BAKERY) == moment


@pytest.mark.parametrize(("comment", "moment"), SPAIN_ASKED)
def test_comment_finds_its_moment_in_another_kitchen(comment: str, moment: int | None) -> None:
    assert answered(comment, SPAIN) == moment


@pytest.mark.xfail(reason="what a comment asks beside the things it names is not understood")
def test_question_about_another_fact_of_a_thing_has_no_answer() -> None:
    assert answered("Eggs in the fridge or not?", SPAIN) is None


def test_moment_without_the_asked_fact_is_not_sure() -> None:
    (answered_by_note,) = matches(
        "how hot is the oven", [MomentFacts({"note": "Oven at 480 F"}, None, "process", 1)]
    )
    (unanswered,) = matches(
        "how hot is the oven", [MomentFacts({"step": "The oven"}, None, "process", 1)]
    )
    assert answered_by_note.answers and not unanswered.answers
    assert answered_by_note.by == ("note",)
    assert 0 < unanswered.sure < MIN_SURE


def test_of_equally_sure_moments_the_better_comes_first() -> None:
    two = [MomentFacts({}, "chop", "process", score) for score in (0.6, 0.9)]
    assert [match.moment for match in matches("how do you chop", two)] == [1, 0]
    assert matches("how do you chop", []) == []


@given(st.text(max_size=120), st.text(max_size=60))
def test_sureness_is_from_0_to_1_for_any_comment(comment: str, note: str) -> None:
    moments = [*BAKERY, MomentFacts({"note": note}, None, "process", 0.5)]
    ranked = matches(comment, moments)
    assert sorted(match.moment for match in ranked) == list(range(len(moments)))
    assert all(0 <= match.sure <= 1 for match in ranked)
    assert ranked == sorted(ranked, key=lambda match: -match.sure)
