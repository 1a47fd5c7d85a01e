"""Texts flow to one line or a line for each speaker, and wrap where readers expect it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, strategies as st

from btsclip.captions.layout import layout_caption
from btsclip.captions.lines import (
    NO_END,
    NO_START,
    breakable,
    clean_line,
    clusters,
    flow_lines,
    wrap_text,
)
from btsclip.plan.texts import Caption
from btsclip.presets.load import load_preset


@pytest.mark.parametrize(
    "text",
    [
        "- Is it hot?\n- Not yet",
        "– Is it hot?\n– Not yet",
        "—Is it hot?\n—Not yet",
        "Is it hot?\n-Not yet",
        "ANA: Is it hot?\nBEN: Not yet",
        "Is it hot?\nCHEF 2: Not yet",
        ">> ANA: Is it hot?\n>> Not yet",
        "Ana: Is it hot?\nDr. O'Neil: Not yet",
        "安娜：热吗？\n本：还没有",
        "- One\n- Two\n- Three",
    ],
)
def test_each_speaker_has_a_line(text: str) -> None:
    assert flow_lines(text) == text
    assert flow_lines(f"\n {text}\r\n\n") == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We fold it\nin the bowl", "We fold it in the bowl"),
        ("- Is it\nhot?\n- Not\nyet", "- Is it hot?\n- Not yet"),
        ("- Is it\nhot?", "- Is it hot?"),
        ("The trick: cold\nbutter", "The trick: cold butter"),
        ("We do this\nRemember: slowly", "We do this Remember: slowly"),
        ("At\n10:30 we bake", "At 10:30 we bake"),
        ("", ""),
    ],
)
def test_other_lines_flow_together(text: str, expected: str) -> None:
    assert flow_lines(text) == expected


@given(st.text(st.sampled_from("ab-:> \n—A."), max_size=40))
def test_flowing_twice_changes_nothing_and_keeps_all_text(text: str) -> None:
    assert flow_lines(flow_lines(text)) == flow_lines(text)
    assert clean_line(flow_lines(text)) == clean_line(text)


@pytest.mark.parametrize("role", ["speech", "moment", "hook"])
def test_speakers_are_drawn_on_separate_lines(role: str) -> None:
    caption = Caption.model_validate(
        {"text": "- Hot?\n- Not yet", "role": role, "start": 0, "end": 2}
    )
    assert layout_caption(caption, load_preset("honest-kitchen")).lines == ("- Hot?", "- Not yet")


any_text = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


@given(st.lists(st.text("abcdefg", min_size=1, max_size=9), min_size=1, max_size=25))
def test_wrapped_lines_keep_all_text_and_fit(words: list[str]) -> None:
    text = " ".join(words)
    lines = wrap_text(text, 12.0, len)
    assert " ".join(lines) == text
    assert all(len(line) <= 12 for line in lines)


def test_lines_are_balanced() -> None:
    lines = wrap_text("the quick brown fox jumps over it", 30.0, len)
    assert len(lines) == 2 and abs(len(lines[0]) - len(lines[1])) <= 6


def test_word_wider_than_a_line_is_cut_between_letters_with_their_marks() -> None:
    lines = wrap_text("e\u0301" * 10, 5.0, lambda s: len(s.replace("\u0301", "")))
    assert "".join(lines) == "e\u0301" * 10
    assert all(line.startswith("e") for line in lines)


@given(any_text, st.floats(3, 30))
def test_wrapping_any_text_keeps_all_of_it(text: str, room: float) -> None:
    lines = wrap_text(text, room, len)
    assert "".join("".join(lines).split()) == "".join(text.split())
    max_cluster = max(map(len, clusters(text)), default=0)
    assert all(len(line) <= max(room, max_cluster) for line in lines)


@given(any_text)
def test_marks_stay_with_their_character(text: str) -> None:
    if text and not unicodedata.category(text[0]).startswith("M"):
        assert not any(unicodedata.category(p[0]).startswith("M") for p in clusters(text))


def test_wide_word_is_refused_without_cut() -> None:
    assert wrap_text("a unbelievably", 8.0, len, cut=False) == ()
    assert wrap_text("a believer", 8.0, len, cut=False) == ("a", "believer")


def test_wide_word_is_cut_after_hyphens_first() -> None:
    assert wrap_text("sweet-and-sour", 10.0, len) == ("sweet-", "and-sour")


def test_no_break_space_holds_words_together() -> None:
    assert wrap_text("about 20\u00a0g", 8.0, len) == ("about", "20\u00a0g")


def test_scripts_without_blanks_break_between_characters_except_before_a_stop() -> None:
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
    # A mark after a blank is at the start of a word in the text itself.
    word_starts = {word[0] for word in text.split()}
    for line in lines[1:]:
        assert line[0] not in NO_START or line[0] in word_starts
    for line in lines[:-1]:
        assert line[-1] not in NO_END or f"{line[-1]} " in text


def test_skin_tones_and_flag_letters_stay_in_their_emoji() -> None:
    assert clusters("a👍🏽🇩🇪🇫🇷👩🏽\u200d🍳1️⃣") == ["a", "👍🏽", "🇩🇪", "🇫🇷", "👩🏽\u200d🍳", "1️⃣"]
