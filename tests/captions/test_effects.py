"""Effects as pixels: what libass draws at which time."""

from __future__ import annotations

import itertools
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from btsclip.captions import FONTS, ass_for
from btsclip.captions.effects import word_timings
from btsclip.captions.layout import layout_caption
from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.plan.model import Caption, Clip, Word
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset

WIDE, HIGH, SECONDS = 540, 960, 4.0
LATIN, ARABIC = "Fold it over and over", "خبز طازج من الفرن"


def look(effect: str) -> Preset:
    base = load_preset("honest-kitchen")
    changes = {"effect": effect, "seconds": SECONDS, "fade": 0.0, "accent": "#FFC000"}
    style = base.captions.hook_style.model_copy(update=changes)
    captions = base.captions.model_copy(update={"hook_style": style})
    output = base.output.model_copy(update={"width": WIDE, "height": HIGH})
    return base.model_copy(update={"captions": captions, "output": output})


def drawn(caption: Caption, effect: str, folder: Path) -> np.ndarray:
    """The caption over grey at 10 frames a second, (40, HIGH, WIDE, 3)."""
    clip = Clip(
        id="c", source="a", start=0, end=SECONDS, kind="process", score=1, why="",
        crop=[(0, 0.5, 0.5, 0.3, 1)], captions=[caption],
    )  # fmt: skip
    document = ass_for(clip, look(effect))
    assert document
    (folder / "c.ass").write_text(document, "utf-8")
    raw = subprocess.run(
        [
            ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i",
            f"color=0x808080:s={WIDE}x{HIGH}:d={SECONDS}:r=10,format=rgb24",
            "-vf", f"ass=f=c.ass:fontsdir={FONTS}", "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
        ],
        cwd=folder, check=True, capture_output=True,
    ).stdout  # fmt: skip
    return np.frombuffer(raw, np.uint8).reshape(-1, HIGH, WIDE, 3).astype(int)


def hook(text: str) -> Caption:
    return Caption(text=text, start=0, end=SECONDS, role="hook")


def accented(frames: np.ndarray) -> np.ndarray:
    """Where the accent's colour stands."""
    return (frames[..., 0] > 200) & (frames[..., 2] < 90)


def plain(frames: np.ndarray) -> np.ndarray:
    """Where white stands."""
    return frames.min(-1) > 220


def columns(mask: np.ndarray) -> np.ndarray:
    return np.flatnonzero(mask.any(0))


def test_karaoke_fills_from_the_left(tmp_path: Path) -> None:
    frames = drawn(hook(LATIN), "karaoke", tmp_path)
    filled = [int(accented(frame).sum()) for frame in frames]
    assert filled[0] == 0 and filled == sorted(filled) and plain(frames[-1]).sum() == 0
    middle = frames[int(SECONDS * 10 * 0.4)]
    assert columns(accented(middle)).max() <= columns(plain(middle)).min() + 4


def test_karaoke_runs_from_the_right_in_arabic(tmp_path: Path) -> None:
    middle = drawn(hook(ARABIC), "karaoke", tmp_path)[int(SECONDS * 10 * 0.4)]
    assert columns(accented(middle)).min() >= columns(plain(middle)).max() - 4


@pytest.mark.parametrize("text", [LATIN, ARABIC])
def test_one_word_pops_and_no_other_moves(text: str, tmp_path: Path) -> None:
    frames = drawn(hook(text), "pop", tmp_path)
    turns = word_timings(layout_caption(hook(text), look("pop")))[0]
    still = plain(frames[-1])
    seen = []
    for turn in turns:
        frame = frames[round((turn.start + turn.end) * 5)]
        lit = columns(accented(frame))
        seen.append(lit.mean())
        outside = np.ones(WIDE, bool)
        outside[max(0, lit.min() - 6) : lit.max() + 7] = False
        # Tails of letters reach under the next word.
        moved = plain(frame)[:, outside] != still[:, outside]
        assert moved.sum() <= 0.02 * still.sum()
    assert seen == sorted(seen, reverse=text == ARABIC)
    assert not accented(frames[-1]).any()


@pytest.mark.parametrize("text", [LATIN, ARABIC])
def test_a_typewriter_never_moves_what_is_written(text: str, tmp_path: Path) -> None:
    frames = drawn(hook(text), "typewriter", tmp_path)
    whole = plain(frames[-1])
    counts = [int(plain(frame).sum()) for frame in frames]
    assert counts == sorted(counts) and counts[1] < 0.4 * counts[-1]
    for frame in frames:
        assert not (plain(frame) & ~whole).any()


def test_a_typewriter_keeps_nobody_waiting() -> None:
    long = Caption(text=LATIN, start=0, end=20, role="hook")
    short = long.model_copy(update={"end": 1.0})
    ends = [word_timings(layout_caption(c, look("typewriter")))[-1][-1].end for c in (long, short)]
    assert ends == [pytest.approx(len(LATIN) / 15), pytest.approx(0.8)]


def test_a_slide_rises_to_its_place(tmp_path: Path) -> None:
    frames = drawn(hook(LATIN), "slide", tmp_path)
    first, last = (np.flatnonzero(plain(frames[i]).any(1)).min() for i in (0, -1))
    assert first - last == pytest.approx(0.6 * 0.04 * HIGH, abs=3)
    assert (plain(frames[4]) == plain(frames[-1])).all()


def test_words_have_their_turn_when_they_are_spoken() -> None:
    words = [
        Word(text=word, start=1 + i / 2, end=1.4 + i / 2) for i, word in enumerate(LATIN.split())
    ]
    caption = Caption(text=LATIN, start=1, end=4, role="hook", words=words)
    turns = [turn for line in word_timings(layout_caption(caption, look("pop"))) for turn in line]
    assert [turn.start for turn in turns] == pytest.approx([0, 0.5, 1, 1.5, 2])


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=9))
def test_turns_come_in_order_and_leave_time_to_read(words: list[str]) -> None:
    turns = [
        t for line in word_timings(layout_caption(hook(" ".join(words)), look("pop"))) for t in line
    ]
    assert " ".join(turn.text.strip() for turn in turns) == " ".join(words)
    assert turns[0].start == 0 and turns[-1].end <= 0.8 * SECONDS + 1e-9
    for before, after in itertools.pairwise(turns):
        assert before.start < before.end == after.start
