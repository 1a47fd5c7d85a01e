"""Emoji in a text, and their pictures in the gaps of the text."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from caption_drawing import SECONDS, caption, changed_pixels, clip_of, draw, look
from hypothesis import given, settings, strategies as st
from PIL import Image
from quick import mostly_slow

from btsclip.captions import emoji, overlays_for
from btsclip.captions.fonts import EMOJI, split_by_font, text_width
from btsclip.captions.layout import layout_captions
from btsclip.captions.overlays import Overlay
from btsclip.captions.subtitles import format_subtitles
from btsclip.errors import CaptionError

EMOJI_CLUSTERS = [
    "😬", "👍🏽", "👩🏽‍🍳", "👨‍👩‍👧‍👦", "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "#⃣", "❤️",
    "❤️‍🔥", "©️", "☕", "🏴‍☠️", "🫱🏻‍🫲🏿",
]  # fmt: skip
TEXT_CHARACTERS = [
    "©",
    "™",
    "®",
    "1",
    "#",
    "a",
    "麺",
    "빵",
    "〰",
    "❤\ufe0e",
    "✓",
    "♥",
    "ی",
    "\u200d",
]


@pytest.mark.parametrize("cluster", EMOJI_CLUSTERS)
def test_emoji_with_its_modifiers_is_one_picture(cluster: str) -> None:
    assert emoji.pieces(f"a{cluster}b{cluster}{cluster}") == ["a", cluster, "b", cluster, cluster]
    data = emoji.picture(cluster)
    assert data and Image.open(io.BytesIO(data)).size == (emoji.STRIKE_WIDTH, emoji.STRIKE_HEIGHT)
    assert text_width(cluster, "Inter", 100) == pytest.approx(115, abs=0.1)


@pytest.mark.parametrize("text", TEXT_CHARACTERS)
def test_text_characters_stay_text(text: str) -> None:
    assert not any(emoji.is_emoji(piece) for piece in emoji.pieces(f"a{text}b"))


characters = st.characters(exclude_categories=("Cs",)) | st.sampled_from(EMOJI_CLUSTERS)


@given(st.lists(characters, max_size=20).map("".join))
def test_pieces_hold_the_complete_text(text: str) -> None:
    assert "".join(emoji.pieces(text)) == text


@given(
    st.lists(st.sampled_from([*EMOJI_CLUSTERS, "a", " ", "خ", "麺", "\u200f", "🌶"]), max_size=12)
)
def test_runs_hold_the_complete_text_and_separate_emoji(parts: list[str]) -> None:
    runs = split_by_font("".join(parts), "Inter")
    assert "".join(run for _, run in runs) == "".join(parts)
    for font, run in runs:
        assert font is not EMOJI or (emoji.picture(run) and len(emoji.pieces(run)) == 1)


def test_emoji_missing_from_the_font_is_named() -> None:
    with pytest.raises(CaptionError, match=r"U\+1F468 U\+200D U\+1F355"):
        overlays_for(clip_of(caption("So 👨\u200d🍕")), look())


LINES = [
    "今天手工和面😋，醒发二十分钟🍞",
    "きょうは🍳パンを焼く🔥",
    "오늘은 손으로 🥖 굽습니다 🔥",
    "خبز طازج 🍞 من الفرن 🔥",
    "לחם טרי 🍞 מהתנור 🔥!",
    "🍞 Fold it 🔥 over and over, it takes time 👩🏽‍🍳",
    "Salt 24h 🇩🇪 خبز 🍞 x",
    "خبز sourdough 🍞 24h 🔥",
    "🍞🔥🥖",
]


def covered_box(overlay: Overlay) -> tuple[slice, slice]:
    """The rows and columns of the clip in which the picture is not transparent."""
    with Image.open(io.BytesIO(overlay.png)) as picture:
        left, top, right, bottom = picture.getchannel("A").getbbox()
    x, y = round(overlay.x), round(overlay.y)
    return slice(y + top, y + bottom), slice(x + left, x + right)


@pytest.mark.parametrize("preset", ["honest-kitchen", "recipe-steps"])
@pytest.mark.parametrize("text", mostly_slow(LINES, *list(LINES)[::5]))
def test_each_emoji_is_in_a_gap_of_its_text(text: str, preset: str, tmp_path: Path) -> None:
    style = look(preset, fade=0.0, box=None, outline_width=0.0, effect="none")
    clip = clip_of(caption(text))
    plain = changed_pixels(draw(clip, style, tmp_path, pictures=False))
    whole = changed_pixels(draw(clip, style, tmp_path))
    # The emoji of one text are one picture.
    (sheet,) = overlays_for(clip, style)
    with Image.open(io.BytesIO(sheet.png)) as picture:
        solid = np.asarray(picture.getchannel("A")) > 128
    rows, columns = np.nonzero(solid)
    over = plain[rows + round(sheet.y), columns + round(sheet.x)]
    assert over.sum() < 0.002 * over.size
    assert whole[rows + round(sheet.y), columns + round(sheet.x)].mean() > 0.85


def test_emoji_is_centered_on_the_height_of_capitals(tmp_path: Path) -> None:
    style = look(fade=0.0, outline_width=0.0)
    letters = np.flatnonzero(changed_pixels(draw(clip_of(caption("HHH")), style, tmp_path)).any(1))
    (sheet,) = overlays_for(clip_of(caption("HHH 🟥")), style)
    rows, _ = covered_box(sheet)
    assert (rows.start + rows.stop) / 2 == pytest.approx(letters.mean(), abs=4)


def test_emoji_is_typed_in_order() -> None:
    text = "Fold 🔥 it 🍞"
    clip = clip_of(caption(text))
    first, second = overlays_for(clip, look(effect="typewriter"))
    assert 0.3 < first.start < second.start < len(text) / 15 and second.end == SECONDS
    (both,) = overlays_for(clip, look(effect="karaoke"))
    assert (both.start, both.end, both.rise) == (0, SECONDS, 0)


def test_emoji_slides_with_its_text(tmp_path: Path) -> None:
    style = look(effect="slide", fade=0.0)
    clip = clip_of(caption("Fold 🔥 it"))
    early, late = (draw(clip, style, tmp_path, at) for at in (0.1, 2.0))
    (block,) = layout_captions(clip.captions, style)
    rise = 0.6 * block.size * 0.6
    moved = np.roll(late, round(rise), 0)
    assert np.abs(moved - early).max(-1).mean() < 0.3
    assert np.abs(late - early).max(-1).mean() > 1


def test_subtitles_keep_emoji() -> None:
    assert "Fold 🔥 it" in format_subtitles([caption("Fold 🔥 it")], "srt")


@settings(deadline=None, max_examples=60)
@given(st.lists(characters, min_size=1, max_size=12).map("".join))
def test_any_text_is_drawn_or_refused_with_a_cure(text: str) -> None:
    clip, style = clip_of(caption(text)), look(effect="typewriter")
    try:
        overlays = overlays_for(clip, style)
    except CaptionError as error:
        assert error.cure
        return
    lines = layout_captions(clip.captions, style)[0].lines
    runs = [run for line in lines for run in split_by_font(line, "Anton")]
    assert bool(overlays) == any(font is EMOJI for font, _ in runs)
