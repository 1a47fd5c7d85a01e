"""The crop path: in pixels, on the finished picture, and at shot borders."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from media import QUADRANTS, Media
from result import PRESET, pictures, plan_of

from btsclip.media.probing import probe
from btsclip.render import camera, render

RED, GREEN = (QUADRANTS["red"] >> 16, QUADRANTS["green"] >> 16)
WIDTH = 9 / 16 * 9 / 16


def evaluate(expression: str, t: float) -> float:
    """The ffmpeg expression at time `t`; only if() and lt() are used."""
    names: dict[str, Callable[..., float]] = {
        "when": lambda test, yes, no: yes if test else no,
        "lt": lambda a, b: a < b,
    }
    return float(eval(expression.replace("if(", "when("), {"t": t, **names}))


# Times in tenths: a real path has a few keys a second, and hard switches are tested below.
keys = st.lists(
    st.tuples(st.integers(0, 200).map(lambda n: n / 10), st.floats(0, 2000)),
    min_size=1, max_size=40, unique_by=lambda key: key[0],
).map(sorted)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(keys, st.floats(0, 20))
def test_path_is_straight_between_keys(path: list[tuple[float, float]], t: float) -> None:
    times, values = zip(*path, strict=True)
    expression = camera.path_expression(list(times), list(values))
    assert evaluate(expression, t) == pytest.approx(np.interp(t, times, values), abs=0.6)


def test_hundreds_of_keys_nest_a_few_levels_deep() -> None:
    times = [i / 6 for i in range(600)]
    values = [500 + 400 * math.sin(i) for i in range(600)]
    expression = camera.path_expression(times, values)
    depth = deepest = 0
    for character in expression:
        depth += {"(": 1, ")": -1}.get(character, 0)
        deepest = max(deepest, depth)
    assert deepest <= 14
    assert evaluate(expression, 50.0) == pytest.approx(values[300], abs=0.5)


def test_redundant_keys_are_left_out() -> None:
    assert camera.path_expression([0, 1, 2, 3], [10, 20, 30, 40]).count("if(") == 2
    assert evaluate(camera.path_expression([1.0], [7.0]), 5.0) == 7


def test_box_of_another_shape_is_cut_not_stretched(media: Media) -> None:
    facts = probe(media("plain.mp4"))
    width, height = camera.largest_window(facts, PRESET.output, 1.0, 1.0)
    assert (width * 640) / (height * 360) == pytest.approx(9 / 16)
    assert (width, height) == (pytest.approx(WIDTH), 1.0)


def test_pan_moves_evenly(media: Media, tmp_path: Path) -> None:
    """The border between red and green crosses the picture in steps of the same size."""
    crop = [(0.0, 0.40, 0.5, WIDTH, 1.0), (0.9, 0.60, 0.5, WIDTH, 1.0)]
    made = render(plan_of(media("plain.mp4"), end=0.9, crop=crop), PRESET, tmp_path)[0]
    rows = pictures(made.path)[:, 96, :, 0].astype(int)
    border = [int((row < (RED + GREEN) // 2).argmax()) for row in rows]
    steps = np.diff(border)
    travel = 0.2 / WIDTH * 216
    assert abs((border[0] - border[-1]) - travel * 26 / 27) <= 3
    assert abs(steps + travel / 27).max() <= 1.5


@pytest.mark.parametrize("start", [0.0, 0.21, 0.4833])
def test_hard_switch_is_exact_to_the_frame(start: float, media: Media, tmp_path: Path) -> None:
    """The switch is at the flash's first picture, so that no picture has the wrong crop."""
    left, right = (0.2, 0.5, WIDTH, 1.0), (0.8, 0.5, WIDTH, 1.0)
    crop = [(0.0, *left), (1.0, *left), (1.0, *right), (2.5, *right)]
    made = render(plan_of(media("plain.mp4"), start=start, crop=crop), PRESET, tmp_path)[0]
    frames = pictures(made.path)
    flash = int((frames.mean((1, 2, 3)) > 215).argmax())
    assert frames[flash - 1, 96, 108, 0] > frames[flash - 1, 96, 108, 1], "red before the flash"
    after = frames[flash + 8, 96, 108]
    assert after[1] > after[0], "green after it"
    # The wrong crop would show the other side's color in the last picture before the flash.
    assert abs(int(frames[flash - 1, 96, 108, 0]) - RED) <= 8


def test_keys_outside_a_shortened_span_are_ignored(media: Media, tmp_path: Path) -> None:
    crop = [(i / 4, 0.2 + 0.6 * (i % 2), 0.5, WIDTH, 1.0) for i in range(10)]
    plan = plan_of(media("plain.mp4"), start=1.3, end=1.4, crop=crop)
    assert len(pictures(render(plan, PRESET, tmp_path)[0].path)) == 3


def color(name: str) -> np.ndarray:
    return np.array([(QUADRANTS[name] >> shift) & 255 for shift in (16, 8, 0)])


def test_split_shows_one_crop_above_the_other(media: Media, tmp_path: Path) -> None:
    """Above the picture's upper left, below its lower right, each of a half's shape."""
    size = (0.3, 0.3 * 16 / 9 / (216 / 192))
    plan = plan_of(
        media("plain.mp4"), end=0.4, layout="split",
        crop=[(0.0, 0.25, 0.25, *size)], below=[(0.0, 0.75, 0.75, *size)],
    )  # fmt: skip
    frame = pictures(render(plan, PRESET, tmp_path)[0].path)[3].astype(int)
    assert np.abs(frame[10:180, 10:200] - color("red")).max() <= 8
    assert np.abs(frame[204:374, 10:200] - color("yellow")).max() <= 8


def test_wide_crop_is_shown_whole_over_its_blur(media: Media, tmp_path: Path) -> None:
    """A square about the middle: the four quadrants meet in the middle of the clip."""
    crop = [(0.0, 0.5, 0.5, 9 / 16, 1.0)]
    plan = plan_of(media("plain.mp4"), end=0.4, layout="fit-blur", crop=crop)
    frame = pictures(render(plan, PRESET, tmp_path)[0].path)[3].astype(int)
    for y, x, name in (
        (90, 50, "red"),
        (90, 160, "green"),
        (290, 50, "blue"),
        (290, 160, "yellow"),
    ):
        assert np.abs(frame[y, x] - color(name)).max() <= 8
    assert frame[40, 50, 0] < 0.75 * color("red")[0]


def test_wide_crop_pans(media: Media, tmp_path: Path) -> None:
    crop = [(0.0, 0.3, 0.5, 9 / 16, 1.0), (0.9, 0.7, 0.5, 9 / 16, 1.0)]
    plan = plan_of(media("plain.mp4"), end=0.9, layout="fit-blur", crop=crop)
    rows = pictures(render(plan, PRESET, tmp_path)[0].path)[:, 96 + 40, :, 0].astype(int)
    border = [int((row < (RED + GREEN) // 2).argmax()) for row in rows]
    assert border[0] - border[-1] == pytest.approx(0.4 * 16 / 9 * 216 * 26 / 27, abs=3)
