"""Effects as pixels over time, as libass draws them."""

from __future__ import annotations

import itertools
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st
from quick import mostly_slow

from btsclip.captions import FONTS, ass_for
from btsclip.captions.effects import word_timings
from btsclip.captions.layout import layout_caption
from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.plan.model import Clip, Span
from btsclip.plan.texts import Caption, Word
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset

WIDTH = 540
HEIGHT = 960
SECONDS = 4.0
LATIN = "Fold it over and over"
ARABIC = "خبز طازج من الفرن"


def look(effect: str) -> Preset:
    base = load_preset("honest-kitchen")
    changes = {"effect": effect, "seconds": SECONDS, "fade": 0.0, "accent": "#FFC000"}
    style = base.captions.hook_style.model_copy(update=changes)
    captions = base.captions.model_copy(update={"hook_style": style})
    output = base.output.model_copy(update={"width": WIDTH, "height": HEIGHT})
    return base.model_copy(update={"captions": captions, "output": output})


def draw_frames(caption: Caption, effect: str, folder: Path) -> np.ndarray:
    """The caption over gray at 10 frames a second, (40, HEIGHT, WIDTH, 3)."""
    clip = Clip(
        id="c", kind="process", score=1, why="",
        spans=[Span(source="a", start=0, end=SECONDS, crop=[(0, 0.5, 0.5, 0.3, 1)])],
        captions=[caption],
    )  # fmt: skip
    document = ass_for(clip, look(effect))
    assert document
    (folder / "c.ass").write_text(document, "utf-8")
    raw = subprocess.run(
        [
            ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i",
            f"color=0x808080:s={WIDTH}x{HEIGHT}:d={SECONDS}:r=10,format=rgb24",
            "-vf", f"ass=f=c.ass:fontsdir={FONTS}", "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
        ],
        cwd=folder, check=True, capture_output=True,
    ).stdout  # fmt: skip
    return np.frombuffer(raw, np.uint8).reshape(-1, HEIGHT, WIDTH, 3).astype(int)


def hook_caption(text: str) -> Caption:
    return Caption(text=text, start=0, end=SECONDS, role="hook")


def accent_pixels(frames: np.ndarray) -> np.ndarray:
    """The pixels in the accent color."""
    return (frames[..., 0] > 200) & (frames[..., 2] < 90)


def white_pixels(frames: np.ndarray) -> np.ndarray:
    """The white pixels."""
    return frames.min(-1) > 220


def columns(mask: np.ndarray) -> np.ndarray:
    return np.flatnonzero(mask.any(0))


def test_karaoke_fills_from_the_left(tmp_path: Path) -> None:
    frames = draw_frames(hook_caption(LATIN), "karaoke", tmp_path)
    filled = [int(accent_pixels(frame).sum()) for frame in frames]
    assert filled[0] == 0 and filled == sorted(filled) and white_pixels(frames[-1]).sum() == 0
    middle = frames[int(SECONDS * 10 * 0.4)]
    assert columns(accent_pixels(middle)).max() <= columns(white_pixels(middle)).min() + 4


def test_karaoke_runs_from_the_right_in_arabic(tmp_path: Path) -> None:
    middle = draw_frames(hook_caption(ARABIC), "karaoke", tmp_path)[int(SECONDS * 10 * 0.4)]
    assert columns(accent_pixels(middle)).min() >= columns(white_pixels(middle)).max() - 4


@pytest.mark.parametrize("text", mostly_slow([LATIN, ARABIC], ARABIC))
def test_word_pops_without_moving_the_others(text: str, tmp_path: Path) -> None:
    frames = draw_frames(hook_caption(text), "pop", tmp_path)
    timings = word_timings(layout_caption(hook_caption(text), look("pop")))[0]
    still = white_pixels(frames[-1])
    centers = []
    for timing in timings:
        frame = frames[round((timing.start + timing.end) * 5)]
        lit = columns(accent_pixels(frame))
        centers.append(lit.mean())
        outside = np.ones(WIDTH, bool)
        outside[max(0, lit.min() - 6) : lit.max() + 7] = False
        # Tails of letters reach under the next word.
        moved = white_pixels(frame)[:, outside] != still[:, outside]
        assert moved.sum() <= 0.02 * still.sum()
    assert centers == sorted(centers, reverse=text == ARABIC)
    assert not accent_pixels(frames[-1]).any()


@pytest.mark.parametrize("text", mostly_slow([LATIN, ARABIC], LATIN))
def test_typewriter_does_not_move_written_text(text: str, tmp_path: Path) -> None:
    frames = draw_frames(hook_caption(text), "typewriter", tmp_path)
    whole = white_pixels(frames[-1])
    counts = [int(white_pixels(frame).sum()) for frame in frames]
    assert counts == sorted(counts) and counts[1] < 0.4 * counts[-1]
    for frame in frames:
        assert not (white_pixels(frame) & ~whole).any()


def test_typewriter_does_not_keep_readers_waiting() -> None:
    long = Caption(text=LATIN, start=0, end=20, role="hook")
    short = long.model_copy(update={"end": 1.0})
    ends = [word_timings(layout_caption(c, look("typewriter")))[-1][-1].end for c in (long, short)]
    assert ends == [pytest.approx(len(LATIN) / 15), pytest.approx(0.8)]


def test_slide_rises_to_its_place(tmp_path: Path) -> None:
    frames = draw_frames(hook_caption(LATIN), "slide", tmp_path)
    first, last = (np.flatnonzero(white_pixels(frames[i]).any(1)).min() for i in (0, -1))
    assert first - last == pytest.approx(0.6 * 0.04 * HEIGHT, abs=3)
    assert (white_pixels(frames[4]) == white_pixels(frames[-1])).all()


def test_words_are_highlighted_when_they_are_spoken() -> None:
    words = [
        Word(text=word, start=1 + i / 2, end=1.4 + i / 2) for i, word in enumerate(LATIN.split())
    ]
    caption = Caption(text=LATIN, start=1, end=4, role="hook", words=words)
    timings = [
        timing for line in word_timings(layout_caption(caption, look("pop"))) for timing in line
    ]
    assert [timing.start for timing in timings] == pytest.approx([0, 0.5, 1, 1.5, 2])


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=9))
def test_timings_are_in_order_and_leave_time_to_read(words: list[str]) -> None:
    timings = [
        t
        for line in word_timings(layout_caption(hook_caption(" ".join(words)), look("pop")))
        for t in line
    ]
    assert " ".join(timing.text.strip() for timing in timings) == " ".join(words)
    assert timings[0].start == 0 and timings[-1].end <= 0.8 * SECONDS + 1e-9
    for before, after in itertools.pairwise(timings):
        assert before.start < before.end == after.start
