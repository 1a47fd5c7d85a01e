"""The texts of a clip, from all their sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from noted import BEGAN, FOLD, cut_of, footage, notes

from btsclip.captions.cues import Cue
from btsclip.captions.timing import CHARACTERS_PER_SECOND
from btsclip.errors import BtsclipError, CaptionError
from btsclip.moments.select import Cut
from btsclip.plan.speed import TimeMap
from btsclip.plan.texts import Word
from btsclip.planning.captions import ClipTexts, write_clip_texts
from btsclip.planning.text_sources import CaptionSources, read_sources
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset

KITCHEN = load_preset("honest-kitchen")
TAKE = cut_of().footage.path


def clip_texts(
    cut: Cut, texts: CaptionSources, look: Preset, *speeds: tuple[float, float]
) -> ClipTexts:
    return write_clip_texts(cut, texts, look, TimeMap.of(speeds, cut.start, cut.end))


def preset(**captions: Any) -> Preset:
    return Preset.model_validate({"captions": captions})


def test_first_text_with_known_fields_is_taken() -> None:
    look = preset(actions={"knead": ["{step}, {elapsed} in", "{step}", "By hand"]}, note="")
    cut = cut_of()
    plain = CaptionSources()
    noted = CaptionSources(notes={TAKE: notes(steps=[FOLD])})
    timed = CaptionSources(notes={TAKE: notes(steps=[FOLD])}, shoot_start=BEGAN.replace(hour=6))
    texts = [clip_texts(cut, t, look).captions for t in (plain, noted, timed)]
    # Nobody saw hands in this clip.
    assert [[c.text for c in captions] for captions in texts] == [[], ["Fold"], ["Fold, 2 h in"]]


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("recipe-steps", "process", "1. Fold"),
        ("bakery-slow", "process", "Focaccia, 2 h in"),
        ("chef-portrait", "people", "Meet Ana"),
        ("honest-kitchen", "why", "It tears less"),
        ("honest-kitchen", "reveal", "Focaccia"),
    ],
)
def test_built_in_presets_show_the_notes(name: str, kind: str, expected: str) -> None:
    ana = {"name": "Ana", "consent": True, "takes": ["a.mp4"]}
    noted = notes(dish="Focaccia", steps=[FOLD], people=[ana])
    action = "knead" if kind == "process" else None
    cut = cut_of(kind=kind, action=action)
    texts = CaptionSources(notes={TAKE: noted}, shoot_start=BEGAN.replace(hour=6))
    assert expected in [c.text for c in clip_texts(cut, texts, load_preset(name)).captions]


def test_cues_replace_the_line_but_not_the_hook() -> None:
    cut = cut_of(kind="mishap", action=None)
    cues = [Cue("It slipped", 11, 13), Cue("We kept it", 18, 26), Cue("Later", 30, 31)]
    result = clip_texts(cut, CaptionSources({TAKE: cues}, hook="Oops"), KITCHEN)
    assert [(c.role, c.text, c.start, c.end) for c in result.captions] == [
        ("hook", "Oops", 0, 1), ("speech", "It slipped", 1, 3), ("speech", "We kept it", 8, 10),
    ]  # fmt: skip
    assert result.title == "Oops" and result.warnings == ()
    look = preset(kinds={"mishap": "Mine"})
    late = clip_texts(cut, CaptionSources({TAKE: cues[1:2]}), look)
    assert [c.text for c in late.captions] == ["Mine", "We kept it"]
    none = clip_texts(cut, CaptionSources({TAKE: cues[2:]}), look)
    assert [c.text for c in none.captions] == ["Mine"]


def test_words_under_the_hook_are_named_in_a_warning() -> None:
    cues = [Cue("It slipped", 10, 11.5), Cue("We kept it", 14, 16)]
    hook = "A hook that is read in two seconds, more"
    result = clip_texts(cut_of(action=None), CaptionSources({TAKE: cues}, hook=hook), KITCHEN)
    assert [c.text for c in result.captions] == [hook, "We kept it"]
    assert result.warnings == ("'It slipped' is not shown: the hook is on the picture then",)


def test_long_hook_is_kept_with_a_warning() -> None:
    hook = "A hook that says far too much to be read by anyone in no time at all, really"
    result = clip_texts(cut_of(end=12.0), CaptionSources(hook=hook), preset())
    assert [c.text for c in result.captions] == [hook]
    assert result.captions[0].end == 2.0
    need = len(hook) / CHARACTERS_PER_SECOND
    assert result.warnings == (
        f"the hook {hook!r} is shown for 2.0 s; reading it takes {need:.1f} s",
    )
    long = clip_texts(cut_of(), CaptionSources(hook=hook), preset())
    assert (
        long.captions[0].end == pytest.approx(len(hook) / CHARACTERS_PER_SECOND)
        and not long.warnings
    )


def test_long_note_is_split_or_shortened_with_a_warning() -> None:
    why = "We fold it three times, so that it holds the air. Kneading would press all of it out."
    texts = CaptionSources(notes={TAKE: notes(steps=[{**FOLD, "start": 10, "note": why}])})
    look = preset(kinds={"why": "{note}"})
    parts = clip_texts(cut_of(kind="why"), texts, look)
    assert " ".join(c.text for c in parts.captions) == why and len(parts.captions) == 2
    short = clip_texts(cut_of(kind="why", end=12.0), texts, look)
    assert short.captions[-1].text.endswith("…") and why in short.warnings[0]


def test_texts_are_checked_before_any_work(tmp_path: Path) -> None:
    takes = [footage(tmp_path / "a.mp4"), footage(tmp_path / "b.mp4")]
    srt = tmp_path / "a.srt"
    srt.write_text("1\n00:20:00,000 --> 00:20:02,000\nToo late\n")
    with pytest.raises(CaptionError, match="'Too late' at 1200 s: starts after the footage's end"):
        read_sources(takes[:1], KITCHEN, captions=srt)
    with pytest.raises(BtsclipError, match="texts of one take, but there are 2"):
        read_sources(takes, KITCHEN, captions=srt)
    srt.write_text("1\n00:00:00,000 --> 00:00:02,000\nA \U000f0000 sign\n")
    with pytest.raises(CaptionError, match=r"U\+F0000"):
        read_sources(takes[:1], KITCHEN, captions=srt)
    (tmp_path / "shoot.toml").write_text('dish = "A \U000f0000 sign"', "utf-8")
    with pytest.raises(CaptionError, match=r"U\+F0000"):
        read_sources(takes, KITCHEN)


def test_first_cue_is_the_title_without_a_line() -> None:
    result = clip_texts(cut_of(), CaptionSources({TAKE: [Cue("It slipped", 11, 13)]}), preset())
    assert result.title == "It slipped"
    assert clip_texts(cut_of(), CaptionSources(), preset()).title == ""


def test_double_speed_halves_the_times_of_texts() -> None:
    cut = cut_of()
    word = Word(text="Oops", start=cut.start + 4, end=cut.start + 5)
    cue = Cue("Oops", cut.start + 4, cut.start + 8, (word,))
    result = clip_texts(cut, CaptionSources({TAKE: [cue]}), preset(), (cut.start, 2.0))
    (spoken,) = [caption for caption in result.captions if caption.role == "speech"]
    assert spoken.start == pytest.approx(2.0) and spoken.words[0].end == pytest.approx(2.5)


def test_end_card_shows_the_notes() -> None:
    look = Preset.model_validate({"end_card": {"text": "{dish}, {seconds} s of work"}})
    result = clip_texts(
        cut_of(end=20.0), CaptionSources(notes={TAKE: notes(dish="Focaccia")}), look
    )
    assert result.end_card and result.end_card.text.startswith("Focaccia, ")
    assert clip_texts(cut_of(), CaptionSources(), look).end_card is None


@pytest.mark.parametrize(
    ("name", "written", "title"),
    [
        ("sourdough pizza.mp4", ["Sourdough pizza"], "Sourdough pizza"),
        ("pizza.mp4", [], "Pizza"),
        ("pizza dough/pizza.mp4", ["Pizza dough"], "Pizza dough"),
        ("IMG_2041.mp4", [], ""),
    ],
)
def test_one_noun_of_a_name_is_a_title_and_no_caption(
    name: str, written: list[str], title: str
) -> None:
    texts = clip_texts(cut_of(name, action=None), CaptionSources(), KITCHEN)
    assert [caption.text for caption in texts.captions] == written
    assert texts.title == title
    without = clip_texts(cut_of(name, action=None), CaptionSources(hook=""), KITCHEN)
    assert (without.captions, without.title) == ((), "")
