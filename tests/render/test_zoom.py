"""A crop that changes its size, on the finished picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from media import QUADRANTS, Media
from pydantic import ValidationError
from result import PRESET, pictures, plan_of

from btsclip.media.probing import probe
from btsclip.render import render, zoom

RED, GREEN = (QUADRANTS["red"] >> 16, QUADRANTS["green"] >> 16)
WIDTH = 9 / 16 * 9 / 16


def borders_of(frames: np.ndarray) -> np.ndarray:
    """The column of the border between red and green, with parts of a pixel."""
    half, columns = (RED + GREEN) / 2, []
    for row in frames[:, 96, :, 0].astype(float):
        after = int((row < half).argmax())
        columns.append(after - 0.5 + (row[after - 1] - half) / (row[after - 1] - row[after]))
    return np.array(columns)


def test_picture_grows_around_the_middle_of_the_crop(media: Media, tmp_path: Path) -> None:
    """The border, left of the middle of a crop to its right, moves left as the crop shrinks."""
    crop = [(0.0, 0.55, 0.5, WIDTH, 1.0), (0.9, 0.55, 0.5, WIDTH * 0.8, 0.8)]
    made = render(plan_of(media("plain.mp4"), end=0.9, crop=crop), PRESET, tmp_path)[0]
    borders = borders_of(pictures(made.path))
    sizes = np.interp(np.arange(len(borders)) / 30, [0, 0.9], [WIDTH, WIDTH * 0.8])
    expected = (0.5 - 0.05 / sizes) * 216
    assert np.abs(borders - expected).max() <= 1.5
    assert (np.diff(borders) <= 0.25).all(), "it never turns back"


def test_hard_switch_of_size(media: Media, tmp_path: Path) -> None:
    near, far = (0.52, 0.5, WIDTH / 2, 0.5), (0.52, 0.5, WIDTH, 1.0)
    crop = [(0.0, *far), (0.4, *far), (0.4, *near), (0.9, *near)]
    made = render(plan_of(media("plain.mp4"), end=0.9, crop=crop), PRESET, tmp_path)[0]
    borders = borders_of(pictures(made.path))
    wide, close = ((0.5 - 0.02 / size) * 216 for size in (WIDTH, WIDTH / 2))
    assert borders[:12] == pytest.approx(wide, abs=1.5)
    assert borders[13:] == pytest.approx(close, abs=1.5)


def test_window_lies_in_the_cut_picture(media: Media) -> None:
    footage = probe(media("plain.mp4"))
    crop = [(0.0, 0.2, 0.5, WIDTH, 1.0), (1.0, 0.18, 0.45, WIDTH * 0.9, 0.9)]
    span = plan_of(media("plain.mp4"), end=1.0, crop=crop).clips[0].spans[0]
    for axis, size in zip(
        zoom.zoom_axes(footage, span, PRESET.output, span.crop), (640, 360), strict=True
    ):
        assert axis.start >= 0 and axis.start + axis.length <= size
        assert axis.largest >= axis.shown


@pytest.mark.parametrize("layout", ["fit-blur", "split"])
def test_other_layouts_keep_their_size(layout: str, media: Media) -> None:
    crop = [(0.0, 0.5, 0.5, WIDTH, 1.0), (1.0, 0.5, 0.5, WIDTH * 0.9, 0.9)]
    with pytest.raises(ValidationError, match="same width and height"):
        plan_of(media("plain.mp4"), layout=layout, crop=crop, below=crop)
