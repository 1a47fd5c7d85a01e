"""Pictures laid over a clip, as pixels."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import ffmpeg
import numpy as np
import pytest
from PIL import Image

from btsclip.captions.overlays import Overlay
from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.render import compose

WIDE, HIGH, FPS = 160, 240, 10
RED = (255, 0, 0, 255)


def png(colour: tuple[int, int, int, int] = RED, side: int = 40) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGBA", (side, side), colour).save(buffer, "PNG")
    return buffer.getvalue()


def drawn(laid: list[Overlay], folder: Path) -> np.ndarray:
    """Frames (20, 240, 160, 3) of two seconds of grey with the overlays on it."""
    compose.write_overlays(laid, folder)
    grey = ffmpeg.input(f"color=0x808080:s={WIDE}x{HIGH}:d=2:r={FPS}", f="lavfi")
    grey = grey.filter("format", "yuv420p").filter(
        "setparams", range="tv", color_primaries="bt709", color_trc="bt709", colorspace="bt709"
    )
    shown = compose.add_overlays(grey, laid, FPS).filter("scale", in_color_matrix="bt709")
    made = shown.output("pipe:1", f="rawvideo", pix_fmt="rgb24")
    raw = subprocess.run(
        [ffmpeg_path(), "-v", "error", *made.get_args()],
        cwd=folder, check=True, capture_output=True,
    ).stdout  # fmt: skip
    return np.frombuffer(raw, np.uint8).reshape(-1, HIGH, WIDE, 3).astype(int)


def test_a_picture_is_seen_at_its_place_and_time_in_its_colour(tmp_path: Path) -> None:
    frames = drawn([Overlay(png(), 20, 60, 0.5, 1.5)], tmp_path)
    assert len(frames) == 20
    red = (np.abs(frames - RED[:3]).max(-1) < 14).sum((1, 2))
    assert red[5:15].min() > 1500 and red[:5].max() == red[15:].max() == 0
    rows, columns = np.nonzero(np.abs(frames[10] - 128).max(-1) > 20)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (60, 99, 20, 59)


def test_it_fades_and_rises(tmp_path: Path) -> None:
    frames = drawn([Overlay(png(), 20, 60, 0.0, 2.0, 0.4, rise=30, rise_seconds=1.0)], tmp_path)
    strength = np.abs(frames - 128).max((1, 2, 3))
    assert strength[0] < 20 < strength[1] < strength[3] < strength[8]
    assert strength[-1] < strength[-3] < strength[10]
    tops = [np.nonzero(np.abs(f - 128).max(-1) > 40)[0].min() for f in frames[4:12]]
    assert tops == sorted(tops, reverse=True) and tops[-1] == pytest.approx(60, abs=1)
    assert tops[0] - tops[-1] == pytest.approx(18, abs=3)


def test_later_pictures_lie_on_top_and_clear_ones_let_through(tmp_path: Path) -> None:
    laid = [Overlay(png(), 20, 60, 0, 2), Overlay(png((0, 0, 255, 255), 20), 30, 70, 0, 2)]
    frame = drawn(laid, tmp_path)[10]
    assert frame[80, 40, 2] > 230 and frame[65, 25, 0] > 230
    half = drawn([Overlay(png((255, 255, 255, 128)), 20, 60, 0, 2)], tmp_path)[10]
    assert 180 < half[80, 40, 0] < 200


def test_a_late_picture_is_repeated_only_while_it_is_shown(tmp_path: Path) -> None:
    late = Overlay(png(), 20, 60, 50.0, 51.0, 0.2)
    compose.write_overlays([late], tmp_path)
    alone = compose._fade_overlay(ffmpeg.input("overlay00.png"), late, FPS).output(
        "-", f="framecrc"
    )
    said = subprocess.run(
        [ffmpeg_path(), "-v", "error", *alone.get_args()],
        cwd=tmp_path, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert sum(not line.startswith("#") for line in said.splitlines()) == FPS
