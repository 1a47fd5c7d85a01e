"""Fillers leave the text of speech, and everything else stays in its place and time."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from btsclip.captions.cues import speech_cues
from btsclip.captions.fillers import ANY_LANGUAGE, FILLERS, MARKS, without_fillers
from btsclip.signals.speech import Speech, SpokenText

WORD_SECONDS = 0.3


def spoken(text: str, pauses: dict[int, float] | None = None) -> list[SpokenText]:
    """The words of `text`, with seconds of silence before some of them, by their numbers."""
    words, time = [], 0.0
    for index, word in enumerate(text.split()):
        time += (pauses or {}).get(index, 0.0)
        words.append(SpokenText(word, round(time, 3), round(time + WORD_SECONDS, 3), 0.9))
        time += WORD_SECONDS
    return words


def left(text: str, language: str = "en", pauses: dict[int, float] | None = None) -> str:
    return " ".join(word.text for word in without_fillers(spoken(text, pauses), language))


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Um, we fold the dough.", "We fold the dough."),
        ("We, uh, fold the dough.", "We, fold the dough."),
        ("We fold the dough, um.", "We fold the dough."),
        ("It rests, you know, for an hour.", "It rests, for an hour."),
        ("You know, it rests.", "It rests."),
        ("You know the dough rests.", "You know the dough rests."),
        ("That is what I mean.", "That is what I mean."),
        ("It tastes like bread.", "It tastes like bread."),
        ("Is it warm, um?", "Is it warm?"),
        ("Hmm. Now we wait.", "Now we wait."),
        ("Um. Uh, you know, now.", "Now."),
        ("Fold it. Um, uh, twice.", "Fold it. Twice."),
        ("uh", ""),
    ],
)
def test_english_fillers(said: str, written: str) -> None:
    assert left(said) == written


def test_a_phrase_is_set_off_by_pauses_too() -> None:
    said = "the dough you know rests"
    assert left(said) == said
    assert left(said, pauses={2: 0.5, 4: 0.5}) == "the dough rests"


@pytest.mark.parametrize(
    ("language", "said", "written"),
    [
        ("de", "Ähm, wir falten um den Rand.", "Wir falten um den Rand."),
        ("fr", "Euh, on plie, tu vois, la pâte.", "On plie, la pâte."),
        ("es", "Eh, ¿la masa reposa?", "¿La masa reposa?"),
        ("pt", "Um pão, tipo, quente.", "Um pão, quente."),
        ("", "Uh, um den Rand er faltet.", "Um den Rand er faltet."),
    ],
)
def test_each_language_has_its_own_fillers(language: str, said: str, written: str) -> None:
    assert left(said, language) == written


@st.composite
def takes(draw: st.DrawFn) -> tuple[list[SpokenText], str]:
    language = draw(st.sampled_from(["", *FILLERS]))
    fillers = FILLERS.get(language, ANY_LANGUAGE)
    sounds = sorted(fillers.sounds) + [word for phrase in fillers.phrases for word in phrase]
    words, time = [], draw(st.floats(0, 5))
    for text in draw(st.lists(st.sampled_from([*sounds, "dough", "Flour", "20"]), max_size=25)):
        mark = draw(st.sampled_from(["", "", ",", ".", "?", "..."]))
        time = round(time + draw(st.sampled_from([0.0, 0.1, 0.5])), 3)
        end = round(time + draw(st.floats(0.04, 0.9)), 3)
        shown = text.capitalize() if draw(st.booleans()) else text
        words.append(SpokenText(shown + mark, time, end, 0.9))
        time = end
    return words, language


@given(takes(), st.integers(1, 6))
def test_what_is_left_is_in_order_and_holds_no_filler(
    take: tuple[list[SpokenText], str], max_words: int
) -> None:
    words, language = take
    kept = without_fillers(words, language)
    times = [(word.start, word.end) for word in words]
    assert [(word.start, word.end) for word in kept] == sorted(
        set(times) & {(word.start, word.end) for word in kept}
    )
    said = {(word.start, word.end): word.text for word in words}
    for word in kept:
        plain = word.text.strip(MARKS).casefold()
        assert plain == said[word.start, word.end].strip(MARKS).casefold()
        assert plain not in FILLERS.get(language, ANY_LANGUAGE).sounds
    assert all(a.end <= b.start for a, b in pairwise(kept))
    cues = speech_cues(Speech.of(kept), max_words=max_words)
    shown = [word for cue in cues for word in cue.words]
    assert [word.text for word in shown] == [word.text for word in kept]
    assert all(a.start < b.start and a.end <= b.start for a, b in pairwise(shown))
    assert all(a.end <= b.start for a, b in pairwise(cues))
