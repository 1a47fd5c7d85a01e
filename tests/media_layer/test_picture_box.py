from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from media import Media, ffmpeg

from btsclip.media.frames import read_frames
from btsclip.media.picture_box import WHOLE, pixels_of, to_picture, to_take
from btsclip.media.probe import probe

fraction = st.floats(0.05, 0.95)
PILLARBOXED = (0.5, 0.5, 0.25, 1.0)


@given(fraction, fraction, fraction, fraction)
def test_boxes_come_back_as_they_were(x: float, y: float, width: float, height: float) -> None:
    boxes = np.array([[0.3, 0.6, 0.2, 0.1], [np.nan] * 4])
    picture = (x, y, width, height)
    assert to_picture(to_take(boxes, picture), picture) == pytest.approx(boxes, nan_ok=True)
    assert (to_take(boxes[0], WHOLE) == boxes[0]).all()


def test_a_box_of_the_picture_stands_within_its_bars() -> None:
    assert to_take(WHOLE, PILLARBOXED) == pytest.approx(PILLARBOXED)
    assert to_take((0.0, 1.0), PILLARBOXED) == pytest.approx((0.375, 1.0))
    assert to_take((0.5, 0.5, 0.4, 0.4), PILLARBOXED) == pytest.approx((0.5, 0.5, 0.1, 0.4))


def test_pixels_lie_wholly_in_the_picture() -> None:
    rows, columns = pixels_of((0.5, 0.5, 0.333, 1.0), (90, 160, 3))
    assert (rows, columns) == (slice(0, 90), slice(54, 106))


def test_frames_show_the_picture_alone_as_large_as_any(media: Media, tmp_path: Path) -> None:
    path = tmp_path / "bars.mp4"
    ffmpeg(
        "-i", media("portrait.mp4"), "-vf", "scale=-2:720,pad=1280:720:(ow-iw)/2:0:white", "-an",
        "-c:v", "libx264", "-preset", "ultrafast", path,
    )  # fmt: skip
    footage = probe(path)
    barred = replace(footage, picture=(0.5, 0.5, 400 / 1280, 1.0))
    (frame,) = read_frames(barred, [(0.2, 0.3)], rate=1)
    assert max(frame.small.shape) == 160 and max(frame.image.shape) == 640
    for image in (frame.small, frame.image):
        assert image.shape[1] / image.shape[0] == pytest.approx(400 / 720, abs=0.01)
        assert image.max(2).min() < 250 and not (image.min(2) > 240).any()
