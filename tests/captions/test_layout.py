from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btsclip.captions import ass_for
from btsclip.captions.ass import escape
from btsclip.captions.fonts import split_by_font, text_width
from btsclip.captions.layout import lay_out, wrap
from btsclip.captions.safezones import safe_box
from btsclip.captions.text import captions_for
from btsclip.errors import CaptionError
from btsclip.plan.model import Caption, Clip
from btsclip.presets.load import load
from btsclip.presets.schema import Preset

PRESET = load("honest-kitchen")
latin = st.text(st.characters(codec="latin-1", categories=("L", "N", "P", "Zs")), min_size=1)


def clip(*captions: Caption, duration: float = 8.0) -> Clip:
    return Clip(
        id="c", source="a.mp4", start=0, end=duration, kind="process", score=0.9, why="",
        crop=[(0.0, 0.5, 0.5, 0.3, 1.0)], captions=list(captions),
    )  # fmt: skip


def caption(text: str, role: str = "moment") -> Caption:
    return Caption.model_validate({"text": text, "start": 0, "end": 3, "role": role})


@given(st.lists(st.text("abcdefg", min_size=1, max_size=9), min_size=1, max_size=25))
def test_wrapping_loses_nothing_and_keeps_within_the_room(words: list[str]) -> None:
    text = " ".join(words)
    lines = wrap(text, 12.0, len)
    assert " ".join(lines) == text
    assert all(len(line) <= 12 for line in lines)


def test_lines_are_balanced() -> None:
    lines = wrap("the quick brown fox jumps over it", 30.0, len)
    assert len(lines) == 2 and abs(len(lines[0]) - len(lines[1])) <= 6


def test_a_word_wider_than_a_line_is_cut_between_letters_and_marks_stay_with_theirs() -> None:
    lines = wrap("e\u0301" * 10, 5.0, lambda s: len(s.replace("\u0301", "")))
    assert "".join(lines) == "e\u0301" * 10
    assert all(line.startswith("e") for line in lines)


@settings(deadline=None, max_examples=60)
@given(latin, st.sampled_from(["hook", "moment"]))
def test_any_latin_text_fits_the_safe_box_or_is_refused(text: str, role: str) -> None:
    if not text.strip():
        return
    try:
        block = lay_out(caption(text, role), PRESET)
    except CaptionError as error:
        assert "too long" in str(error) or "no font has" in str(error)
        return
    left, top, right, bottom = safe_box(PRESET.output)
    assert block.x - block.width / 2 >= left - 1 and block.x + block.width / 2 <= right + 1
    assert block.y >= top - 1 and block.y + block.height <= bottom + 1
    assert re.sub(r"\s", "", "".join(block.lines)) == re.sub(r"\s", "", text)


def test_a_long_text_is_set_smaller_and_a_very_long_one_refused() -> None:
    short = lay_out(caption("Rest"), PRESET)
    long = lay_out(
        caption("We rest the dough for twenty minutes so that it tears less and " * 2), PRESET
    )
    assert long.size < short.size
    with pytest.raises(CaptionError, match="too long"):
        lay_out(caption("word " * 300), PRESET)


def test_missing_characters_are_named_with_their_caption() -> None:
    with pytest.raises(CaptionError, match=r"Shiny ✨.*✨ \(U\+2728\)"):
        ass_for(clip(caption("Shiny ✨")), PRESET)


def test_each_script_gets_a_font_that_has_it() -> None:
    runs = split_by_font("Brot خبز לחם хлеб", "Inter")
    assert [font.family for font, _ in runs] == [
        "Inter", "Noto Sans Arabic", "Noto Sans Hebrew", "Inter",
    ]  # fmt: skip
    assert "".join(run for _, run in runs) == "Brot خبز לחם хлеб"


def test_width_grows_with_size_and_text() -> None:
    assert text_width("salt", "Inter", 80) == pytest.approx(2 * text_width("salt", "Inter", 40))
    assert text_width("salt and", "Inter", 40) > text_width("salt", "Inter", 40)


@given(st.text(alphabet="ab{}\\Nnh ", max_size=30))
def test_no_text_becomes_a_command(text: str) -> None:
    shown = escape(text)
    assert not re.search(r"(?<!\\)[{}]", shown)
    assert not re.search(r"\\[Nnh]", shown)


def test_a_document_has_every_caption_at_its_time() -> None:
    document = ass_for(clip(caption("One", "hook"), caption("Two")), PRESET)
    assert document is not None and "PlayResY: 1920" in document
    events = [line for line in document.splitlines() if line.startswith("Dialogue")]
    assert len(events) == 2 and all("0:00:00.00,0:00:03.00" in line for line in events)


def test_no_captions_no_document() -> None:
    assert ass_for(clip(), PRESET) is None


def test_a_caption_that_would_never_be_seen_is_an_error() -> None:
    late = Caption(text="Late", start=9, end=10)
    with pytest.raises(CaptionError, match="starts at 9"):
        ass_for(clip(late), PRESET)


@given(st.floats(1, 60), st.floats(0, 1), st.sampled_from([None, "other", "knead"]))
def test_captions_lie_within_their_clip(duration: float, share: float, action: str | None) -> None:
    for made in captions_for("process", action, duration, {"hands_share": share}, PRESET, "Hook"):
        assert 0 <= made.start < made.end <= duration + 1e-3


def test_hands_are_only_claimed_where_they_were_seen() -> None:
    seen = captions_for("process", "knead", 8, {"hands_share": 0.9}, PRESET)
    unseen = captions_for("process", "knead", 8, {"hands_share": 0.1}, PRESET)
    assert [c.text for c in seen] == ["Kneaded by hand"]
    assert not any("hand" in c.text for c in unseen)


def test_the_users_hook_goes_before_the_presets() -> None:
    preset = Preset.model_validate({"captions": {"hook": "Preset {seconds}"}})
    assert captions_for("process", None, 8.2, {}, preset)[0].text == "Preset 8"
    assert captions_for("process", None, 8.2, {}, preset, "Mine")[0].text == "Mine"
