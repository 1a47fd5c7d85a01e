"""The layout of captions: sizes, fonts, places and errors."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from btsclip.captions import ass_for, check_preset, check_text, undrawable
from btsclip.captions.ass_text import direction_mark, escape
from btsclip.captions.fonts import split_by_font, text_width
from btsclip.captions.layout import SHRINK_STEPS, layout_caption, layout_captions
from btsclip.captions.safezones import ZONES, safe_box
from btsclip.errors import CaptionError
from btsclip.plan.model import Clip, Span
from btsclip.plan.texts import Caption
from btsclip.presets.load import load_preset, preset_names
from btsclip.presets.schema import Output, Preset

PRESET = load_preset("honest-kitchen")
latin = st.text(st.characters(codec="latin-1", categories=("L", "N", "P", "Zs")), min_size=1)


def clip(*captions: Caption, duration: float = 8.0) -> Clip:
    return Clip(
        id="c", kind="process", score=0.9, why="",
        spans=[Span(source="a.mp4", start=0, end=duration, crop=[(0.0, 0.5, 0.5, 0.3, 1.0)])],
        captions=list(captions),
    )  # fmt: skip


def caption(text: str, role: str = "moment") -> Caption:
    return Caption.model_validate({"text": text, "start": 0, "end": 3, "role": role})


@settings(deadline=None, max_examples=60)
@given(latin, st.sampled_from(["hook", "moment"]))
def test_any_latin_text_fits_the_safe_box_or_is_refused(text: str, role: str) -> None:
    if not text.strip():
        return
    try:
        block = layout_caption(caption(text, role), PRESET)
    except CaptionError as error:
        assert "too long" in str(error) or "no font has" in str(error)
        return
    left, top, right, bottom = safe_box(PRESET.output)
    assert block.x - block.width / 2 >= left - 1 and block.x + block.width / 2 <= right + 1
    assert block.y >= top - 1 and block.y + block.height <= bottom + 1
    assert re.sub(r"\s", "", "".join(block.lines)) == re.sub(r"\s", "", text)


def test_long_text_is_set_smaller_and_a_very_long_one_refused() -> None:
    short = layout_caption(caption("Rest"), PRESET)
    long = layout_caption(
        caption("We rest the dough for twenty minutes so that it tears less and " * 2), PRESET
    )
    assert long.size < short.size
    with pytest.raises(CaptionError, match="too long"):
        layout_caption(caption("word " * 300), PRESET)


def test_missing_characters_are_named_with_their_caption() -> None:
    with pytest.raises(CaptionError, match=r"Rice ก ✨.*ก \(U\+0E01\); .*--font"):
        ass_for(clip(caption("Rice ก ✨")), PRESET)


def test_each_script_gets_a_font_that_has_it() -> None:
    text = "Brot خبز לחם хлеб 面 ぱんパン 빵 🍞"
    runs = split_by_font(text, "Inter")
    assert [font.family for font, _ in runs] == [
        "Inter", "Noto Sans Arabic", "Noto Sans Hebrew", "Inter", "Noto Sans SC", "Noto Sans KR",
        "Noto Color Emoji",
    ]  # fmt: skip
    assert "".join(run for _, run in runs) == text


def test_word_has_one_font_and_its_brackets_have_the_same() -> None:
    runs = split_by_font("ΨΩΜΙ (きょう) 「빵」 Bread好 20% «ХЛЕБ» ok", "Anton")
    assert [(font.family, run.strip()) for font, run in runs] == [
        ("Inter", "ΨΩΜΙ"), ("Noto Sans SC", "(きょう)"), ("Noto Sans KR", "「빵」"),
        ("Anton", "Bread"), ("Noto Sans SC", "好"), ("Anton", "20%"), ("Inter", "«ХЛЕБ»"),
        ("Anton", "ok"),
    ]  # fmt: skip


def test_width_grows_with_size_and_text() -> None:
    assert text_width("salt", "Inter", 80) == pytest.approx(2 * text_width("salt", "Inter", 40))
    assert text_width("salt and", "Inter", 40) > text_width("salt", "Inter", 40)


@given(st.text(alphabet="ab{}\\Nnh ", max_size=30))
def test_no_text_becomes_a_command(text: str) -> None:
    escaped = escape(text)
    assert not re.search(r"(?<!\\)[{}]", escaped)
    assert not re.search(r"\\[Nnh]", escaped)


def test_document_has_every_caption_at_its_time() -> None:
    document = ass_for(clip(caption("One", "hook"), caption("Two")), PRESET)
    assert document is not None and "PlayResY: 1920" in document
    events = [line for line in document.splitlines() if line.startswith("Dialogue")]
    assert len(events) == 2 and all("0:00:00.00,0:00:03.00" in line for line in events)


def test_clip_without_captions_has_no_document() -> None:
    assert ass_for(clip(), PRESET) is None


def test_caption_after_the_clip_is_an_error() -> None:
    late = Caption(text="Late", start=9, end=10)
    with pytest.raises(CaptionError, match="starts at 9"):
        ass_for(clip(late), PRESET)


@pytest.mark.parametrize(
    ("start", "end", "message"), [(7.99, 9, "starts at 7.99"), (2, 2.001, "less than a frame")]
)
def test_caption_shorter_than_a_frame_is_an_error(start: float, end: float, message: str) -> None:
    with pytest.raises(CaptionError, match=message):
        ass_for(clip(Caption(text="Blink", start=start, end=end)), PRESET)


@pytest.mark.parametrize("text", [" ", "\u200b", "\x07\u200f", "\n\t"])
def test_invisible_text_is_an_error(text: str) -> None:
    with pytest.raises(CaptionError, match="has nothing to draw"):
        layout_caption(caption(text), PRESET)


def test_control_characters_never_reach_the_document() -> None:
    document = ass_for(clip(caption("Sa\x07lt\x00\r\n and\u2028oil")), PRESET)
    assert document is not None and document.strip().endswith("}Salt and oil")


def test_long_word_is_set_smaller_before_it_is_cut() -> None:
    block = layout_caption(caption("Zwetschgendatschiteigruhezeiten"), PRESET)
    assert len(block.lines) == 1 and block.size < PRESET.captions.moment_style.size * 1920
    cut = layout_caption(caption("Zwetschgendatschiteigruhezeiten" * 2), PRESET)
    smallest = PRESET.captions.moment_style.size * 1920 * SHRINK_STEPS[-1]
    assert len(cut.lines) > 1 and cut.size == pytest.approx(smallest)


roles = st.lists(st.sampled_from(["hook", "moment"]), min_size=2, max_size=5)
words = st.text("abc de", min_size=1, max_size=60).filter(str.strip)


@settings(deadline=None, max_examples=40)
@given(roles, st.data(), st.sampled_from(["top", "middle", "bottom"]))
def test_captions_shown_together_never_overlap(
    roles: list[str], data: st.DataObject, place: str
) -> None:
    preset = Preset.model_validate({"captions": {"moment_style": {"place": place}}})
    starts = [data.draw(st.floats(0, 5)) for _ in roles]
    captions = [
        Caption.model_validate(
            {"text": data.draw(words), "start": start, "end": start + 2, "role": role}
        )
        for role, start in zip(roles, starts, strict=True)
    ]
    try:
        blocks = layout_captions(captions, preset)
    except CaptionError as error:
        assert "no room" in str(error)
        return
    for a, b in itertools.combinations(blocks, 2):
        apart = abs(a.caption.start - b.caption.start) >= 2
        assert apart or a.y >= b.y + b.height or b.y >= a.y + a.height


def test_lines_run_in_the_direction_of_the_text() -> None:
    assert direction_mark("Brot 24") == ""
    assert direction_mark("24 לחם Brot") == "\u200f"
    assert direction_mark("Brot לחם") == "\u200e"


def test_every_built_in_preset_can_be_drawn() -> None:
    assert preset_names()
    for name in preset_names():
        check_preset(load_preset(name))
        check_text("A hook of your own", load_preset(name))


@pytest.mark.parametrize(
    ("captions", "message"),
    [
        ({"hook_style": {"font": "Comic Sans"}}, "Comic Sans: no such font family"),
        ({"kinds": {"mishap": "Oops ก"}}, "U\\+0E01"),
        ({"stickers": {"mishap": "oops"}}, "'o' is not an emoji"),
        ({"stickers": {"mishap": "😬" * 5}}, "has 5 emoji"),
        ({"stickers": {"mishap": "😬"}, "kinds": {"mishap": "Oops 🙈"}}, None),
        ({"actions": {"chop": "{seconds} " * 200}}, "too long"),
        ({"hooks": {"why": "Why"}, "hook_style": {"size": 0.2}}, None),
    ],
)
def test_texts_of_a_preset_are_checked(captions: object, message: str | None) -> None:
    preset = Preset.model_validate({"captions": captions})
    if message is None:
        check_preset(preset)
        return
    with pytest.raises(CaptionError, match=message):
        check_preset(preset)


def test_everything_that_can_not_be_drawn_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'extends = "honest-kitchen"\n[captions]\nhook = "Oops ก"\n'
        '[captions.hook_style]\nsize = 0.2\n[captions.moment_style]\nfont = "Comic"\n'
        '[captions.stickers]\nmishap = "oops"\n',
        "utf-8",
    )
    errors = [str(error) for error in undrawable(path)]
    for line, message in ((3, "U+0E01"), (7, "no such font family"), (9, "is not an emoji")):
        assert any(f"mine.toml:{line}: " in error and message in error for error in errors), errors
    # The size is too large for texts of the extended preset, which have no line in this file.
    inherited = [error for error in errors if "captions.hooks." in error]
    assert inherited and len(errors) == 3 + len(inherited)
    assert all("mine.toml: " in error and "too long" in error for error in inherited)


def test_common_safe_zone_is_safe_on_each_platform() -> None:
    boxes = [box for name, box in ZONES.items() if name != "all"]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    assert ZONES["all"] == (max(lefts), max(tops), min(rights), min(bottoms))


def test_safe_box_scales_with_the_picture() -> None:
    assert safe_box(Output()) == (65, 270, 930, 1248)
    assert safe_box(Output(width=540, height=960)) == (32, 135, 465, 624)
