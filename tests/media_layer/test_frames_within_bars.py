from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from media import Media, ffmpeg

from btsclip.media.frames import read_frames
from btsclip.media.probing import probe


def test_frames_show_the_picture_without_bars_at_full_size(media: Media, tmp_path: Path) -> None:
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
