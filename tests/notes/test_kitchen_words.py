"""Kitchen words in the names of files and folders."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from btsclip.notes.kitchen_words import FOOD, LINKS, find_kitchen_words, says_enough


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("brioche-fold-2", "Brioche fold"),
        ("NonnasTiramisu", "Tiramisu"),
        ("01_chop onions", "Chop onions"),
        ("CHOCOLATE CAKE final", "Chocolate cake"),
        ("tarte aux pommes", "Tarte aux pommes"),
        ("Zwiebeln schneiden", "Zwiebeln schneiden"),
        ("Sunday bread", "Bread"),
        ("kneading", "Kneading"),
        # Nobody agreed to be named.
        ("anna_brioche", "Brioche"),
        # Words of cameras and editors, also where they mean work in a kitchen.
        ("IMG_2041", ""),
        ("final cut v2", ""),
        ("B-roll", ""),
        ("camera rolling", ""),
        ("stock footage", ""),
        # Words that only resemble kitchen words.
        ("main_street_glass", ""),
        ("polling station", ""),
        ("", ""),
    ],
)
def test_only_kitchen_words_are_taken(name: str, words: str) -> None:
    assert find_kitchen_words(name) == words


@pytest.mark.parametrize(
    ("words", "enough"),
    [
        ("Brioche fold", True), ("Kneading", True), ("Chocolate cake", True),
        ("Tarte aux pommes", True), ("Pizza", False), ("Burger", False), ("", False),
    ],
)  # fmt: skip
def test_one_noun_says_little(words: str, enough: bool) -> None:
    assert says_enough(words) is enough


@given(st.text(st.characters(categories=["L", "N", "P", "Z"]), max_size=40))
def test_words_come_from_the_name_and_end_with_kitchen_words(name: str) -> None:
    words = find_kitchen_words(name)
    assert all(word.casefold() in name.casefold() for word in words.split())
    assert not words or words.split()[-1].casefold() not in LINKS


def test_foods_are_listed_once_and_in_lower_case() -> None:
    for words in FOOD.values():
        listed = words.split()
        assert len(listed) == len(set(listed)) and all(word == word.lower() for word in listed)
