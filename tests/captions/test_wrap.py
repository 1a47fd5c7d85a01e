from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btsclip.captions.wrap import NO_END, NO_START, breakable, clusters, wrap_text

anything = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


@given(st.lists(st.text("abcdefg", min_size=1, max_size=9), min_size=1, max_size=25))
def test_wrapping_loses_nothing_and_keeps_within_the_room(words: list[str]) -> None:
    text = " ".join(words)
    lines = wrap_text(text, 12.0, len)
    assert " ".join(lines) == text
    assert all(len(line) <= 12 for line in lines)


def test_lines_are_balanced() -> None:
    lines = wrap_text("the quick brown fox jumps over it", 30.0, len)
    assert len(lines) == 2 and abs(len(lines[0]) - len(lines[1])) <= 6


def test_a_word_wider_than_a_line_is_cut_between_letters_and_marks_stay_with_theirs() -> None:
    lines = wrap_text("e\u0301" * 10, 5.0, lambda s: len(s.replace("\u0301", "")))
    assert "".join(lines) == "e\u0301" * 10
    assert all(line.startswith("e") for line in lines)


@given(anything, st.floats(3, 30))
def test_whatever_is_wrapped_nothing_is_lost(text: str, room: float) -> None:
    lines = wrap_text(text, room, len)
    assert "".join("".join(lines).split()) == "".join(text.split())
    widest = max(map(len, clusters(text)), default=0)
    assert all(len(line) <= max(room, widest) for line in lines)


@given(anything)
def test_marks_stay_with_their_character(text: str) -> None:
    if text and not unicodedata.category(text[0]).startswith("M"):
        assert not any(unicodedata.category(p[0]).startswith("M") for p in clusters(text))


def test_without_cutting_a_wide_word_is_refused() -> None:
    assert wrap_text("a unbelievably", 8.0, len, cut=False) == ()
    assert wrap_text("a believer", 8.0, len, cut=False) == ("a", "believer")


def test_a_wide_word_is_cut_after_its_hyphens_first() -> None:
    assert wrap_text("sweet-and-sour", 10.0, len) == ("sweet-", "and-sour")


def test_a_no_break_space_holds_words_together() -> None:
    assert wrap_text("about 20\u00a0g", 8.0, len) == ("about", "20\u00a0g")


def test_scripts_without_blanks_break_between_characters_but_not_before_a_stop() -> None:
    assert breakable("麺を打つ。") == ["麺", "を", "打", "つ。"]
    assert wrap_text("麺を打つ。", 3.0, len) == ("麺を打", "つ。")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("「作る」と、っ", ["「作", "る」", "と、っ"]),
        ("チャーハンを20分", ["チャーハン", "を", "20分"]),
        ("好吃！Bread也好", ["好", "吃！", "Bread", "也", "好"]),
        ("和面😋后，醒发", ["和", "面😋", "后，", "醒", "发"]),
        ("우리는 「빵」을 굽는다.", ["우리는 ", "「빵」을 ", "굽는다."]),
        ("ab🍞cd ef", ["ab🍞cd ", "ef"]),
    ],
)
def test_lines_break_where_readers_of_the_script_expect_it(text: str, pieces: list[str]) -> None:
    assert breakable(text) == pieces


asian = st.text("麺打つっゃー、。「」（）！パン빵을20 a🍞", min_size=1, max_size=40)


@given(asian, st.integers(6, 14))
def test_no_line_begins_with_a_closing_mark_or_small_kana(text: str, room: int) -> None:
    lines = wrap_text(text, room, len, cut=False)
    assert "".join("".join(lines).split()) == "".join(text.split()) or not lines
    # What stands alone behind a blank was written so.
    alone = {word[0] for word in text.split()}
    for line in lines[1:]:
        assert line[0] not in NO_START or line[0] in alone
    for line in lines[:-1]:
        assert line[-1] not in NO_END or f"{line[-1]} " in text


def test_a_skin_tone_and_two_flag_letters_are_one_with_what_they_belong_to() -> None:
    assert clusters("a👍🏽🇩🇪🇫🇷👩🏽\u200d🍳1️⃣") == ["a", "👍🏽", "🇩🇪", "🇫🇷", "👩🏽\u200d🍳", "1️⃣"]
