"""Notes and the moments that they explain."""

from __future__ import annotations

from typing import Any

from hypothesis import given, strategies as st
from noted import cut_of, notes

from btsclip.captions.lines import clean_line
from btsclip.captions.timing import reading_seconds
from btsclip.moments.select import Cut
from btsclip.presets.load import load_preset
from btsclip.story.why import WhyNote, card_of, notes_for

LOOK = load_preset("honest-kitchen")
LONG = "We rest the dough for twenty minutes, so that it tears less when it is shaped by hand"


def find_notes(cuts: list[Cut], **noted: Any) -> list[WhyNote | None]:
    return notes_for(cuts, {cuts[0].footage.path: notes(**noted)}, LOOK)


def test_short_note_is_a_caption_and_long_note_a_card() -> None:
    cuts = [cut_of(), cut_of(action="chop", start=60.0, end=70.0)]
    steps = [
        {"name": "Rest", "action": "knead", "note": LONG},
        {"name": "Chop", "action": "chop", "note": "So it melts"},
    ]
    rest, chop = find_notes(cuts, steps=steps)
    assert rest and rest.card and rest.card.text == LONG and rest.card.role == "why"
    assert rest.card.seconds > reading_seconds(LONG) and rest.step == "Rest"
    assert chop and chop.card is None and chop.text == "So it melts" and chop.cut == 1


def test_note_appears_once_at_its_surest_moment() -> None:
    step = {"name": "Knead", "take": "a.mp4", "start": 30, "end": 60, "action": "knead"}
    free = {"name": "Knead on", "action": "stir"}
    cuts = [cut_of(action="stir"), cut_of(start=35.0, end=45.0), cut_of(start=46.0, end=50.0)]
    whys = find_notes(cuts, steps=[{**step, "note": "Why"}, {**free, "note": "Why"}])
    assert [bool(why) for why in whys] == [False, True, False]
    assert whys[1] and (whys[1].how, whys[1].sure) == ("time", 0.95)


def test_no_note_or_a_doubtful_moment_gives_none() -> None:
    two = [{"name": n, "action": "knead", "note": "Why"} for n in "ab"]
    assert find_notes([cut_of()], steps=two) == [None]
    assert find_notes([cut_of()], steps=[{"name": "a", "action": "knead", "note": "  "}]) == [None]
    assert find_notes([cut_of()]) == [None] and notes_for([cut_of()], {}, LOOK) == [None]
    assert notes_for([], {}, LOOK) == []


def test_spoken_words_match_notes() -> None:
    cut = cut_of()
    steps = [
        {"name": "Rest the dough", "note": "It tears less"},
        {"name": "Oil the tray", "note": "x"},
    ]
    noted = {cut.footage.path: notes(steps=steps)}
    (why,) = notes_for([cut], noted, LOOK, lambda cut: "so now we let the dough rest a little")
    assert why and why.text == "It tears less" and why.how == "spoken"
    assert notes_for([cut], noted, LOOK) == [None]


@given(st.text(min_size=1, max_size=600).filter(lambda text: text.strip()))
def test_card_can_be_read_and_starts_like_the_text(text: str) -> None:
    if not clean_line(text):
        return
    card = card_of(text)
    assert card.seconds + 1e-9 >= min(reading_seconds(card.text), 8.0)
    assert clean_line(text).startswith(card.text.removesuffix("…").rstrip())


def test_long_card_ends_with_a_sentence() -> None:
    whole = "The flour drinks all of the water while it rests. " * 6
    card = card_of(whole)
    assert card.text.endswith("rests.") and card.seconds <= 8
    assert card_of("word " * 100).text.endswith("word…")
