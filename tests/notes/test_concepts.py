"""Words in four languages, and what they mean."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from btsclip.notes.concepts import covered_share, find_concepts, fold, found_in, likeness, terms
from btsclip.notes.lexicon import ACTIONS, LANGUAGES, WORDS


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("How do you chop so fast??", {"chop"}),
        ("Wie schneidest du so schnell?", {"chop"}),
        ("¿Cómo cortas tan rápido?", {"chop"}),
        ("Comment tu coupes si vite ?", {"chop"}),
        ("those choping skills tho", {"chop"}),
        ("kneeding by hand is hard", {"knead"}),
        ("Wie lange knetest du den Teig?", {"knead", "time"}),
        ("pourquoi tu pétris à la main", {"knead", "why"}),
        ("what temperature is the oven", {"temperature"}),
        ("how hot is your oven", {"temperature"}),
        ("Bake at 250 °C", {"temperature"}),
        ("480F for pizza", {"temperature"}),
        ("Rest 20 min", {"time"}),
        ("how long do you rest it", {"time"}),
        ("how many onions", {"amount"}),
        ("did you drop it?", {"mishap"}),
        ("ist dir das runtergefallen?", {"mishap"}),
        ("¿Se te cayó?", {"mishap"}),
        ("c'est tombé ?", {"mishap"}),
        ("who is the chef", {"people"}),
        ("how did it turn out", {"reveal"}),
        ("where did you buy that pan", {"shopping"}),
        ("So satisfying 😍😍", set()),
        ("", set()),
    ],
)
def test_concepts_are_found(text: str, meant: set[str]) -> None:
    assert find_concepts(text) == meant


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_has_words_in_each_language(action: str, language: str) -> None:
    for word in WORDS[action][language].split():
        assert find_concepts(word) & set(ACTIONS) >= {action}


def test_likeness_by_stem_meaning_or_misspelling() -> None:
    ovens, oven, knife, slice_, onion, onoin = (
        terms(word)[0] for word in ("ovens", "oven", "knife", "slicing", "onions", "onoins")
    )
    assert likeness(ovens, oven) == 1 > likeness(knife, slice_) > likeness(onion, onoin) > 0
    assert likeness(oven, onion) == 0
    assert found_in(oven, terms("the oven is hot")) == 1 and found_in(oven, ()) == 0
    assert covered_share(terms("rest the dough"), terms("the dough is resting")) == 1
    assert covered_share((), terms("dough")) == 0


@given(st.text(max_size=200))
def test_any_text_has_each_word_once_and_matches_itself(text: str) -> None:
    found = terms(text)
    assert len({term.word for term in found}) == len(found)
    assert all(found_in(term, found) == 1 for term in found)
    assert terms(text.upper()) == terms(text.upper().lower())


@pytest.mark.parametrize(
    ("text", "plain"),
    [("CRÈME Brûlée", "creme brulee"), ("Öl, heiß", "oel, heiss"), ("25 ºC", "25 °c"),
     ("𝓐𝓷𝓪’s œuf", "ana's oeuf")],
)  # fmt: skip
def test_texts_are_folded(text: str, plain: str) -> None:
    assert fold(text) == fold(fold(text)) == plain
