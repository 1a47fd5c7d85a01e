"""Overlays of a clip, as pixels."""

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

WIDTH = 160
HEIGHT = 240
FPS = 10
RED = (255, 0, 0, 255)


def png(color: tuple[int, int, int, int] = RED, side: int = 40) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGBA", (side, side), color).save(buffer, "PNG")
    return buffer.getvalue()


def drawn(overlays: list[Overlay], folder: Path) -> np.ndarray:
    """Frames (20, 240, 160, 3) of two seconds of gray with `overlays` over it."""
    compose.write_overlays(overlays, folder)
    gray = ffmpeg.input(f"color=0x808080:s={WIDTH}x{HEIGHT}:d=2:r={FPS}", f="lavfi")
    gray = gray.filter("format", "yuv420p").filter(
        "setparams", range="tv", color_primaries="bt709", color_trc="bt709", colorspace="bt709"
    )
    shown = compose.add_overlays(gray, overlays, FPS).filter("scale", in_color_matrix="bt709")
    rgb = shown.output("pipe:1", f="rawvideo", pix_fmt="rgb24")
    raw = subprocess.run(
        [ffmpeg_path(), "-v", "error", *rgb.get_args()],
        cwd=folder, check=True, capture_output=True,
    ).stdout  # fmt: skip
    return np.frombuffer(raw, np.uint8).reshape(-1, HEIGHT, WIDTH, 3).astype(int)


def test_overlay_has_its_place_time_and_color(tmp_path: Path) -> None:
    frames = drawn([Overlay(png(), 20, 60, 0.5, 1.5)], tmp_path)
    assert len(frames) == 20
    red = (np.abs(frames - RED[:3]).max(-1) < 14).sum((1, 2))
    assert red[5:15].min() > 1500 and red[:5].max() == red[15:].max() == 0
    rows, columns = np.nonzero(np.abs(frames[10] - 128).max(-1) > 20)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (60, 99, 20, 59)


def test_overlay_fades_and_rises(tmp_path: Path) -> None:
    frames = drawn([Overlay(png(), 20, 60, 0.0, 2.0, 0.4, rise=30, rise_seconds=1.0)], tmp_path)
    strength = np.abs(frames - 128).max((1, 2, 3))
    assert strength[0] < 20 < strength[1] < strength[3] < strength[8]
    assert strength[-1] < strength[-3] < strength[10]
    tops = [np.nonzero(np.abs(f - 128).max(-1) > 40)[0].min() for f in frames[4:12]]
    assert tops == sorted(tops, reverse=True) and tops[-1] == pytest.approx(60, abs=1)
    assert tops[0] - tops[-1] == pytest.approx(18, abs=3)


def test_later_overlays_are_on_top_and_transparency_works(tmp_path: Path) -> None:
    overlays = [Overlay(png(), 20, 60, 0, 2), Overlay(png((0, 0, 255, 255), 20), 30, 70, 0, 2)]
    frame = drawn(overlays, tmp_path)[10]
    assert frame[80, 40, 2] > 230 and frame[65, 25, 0] > 230
    half = drawn([Overlay(png((255, 255, 255, 128)), 20, 60, 0, 2)], tmp_path)[10]
    assert 180 < half[80, 40, 0] < 200


def test_overlay_has_frames_only_while_it_is_shown(tmp_path: Path) -> None:
    late = Overlay(png(), 20, 60, 50.0, 51.0, 0.2)
    compose.write_overlays([late], tmp_path)
    stream = compose._fade_overlay(ffmpeg.input("overlay00.png"), late, FPS).output(
        "-", f="framecrc"
    )
    frames = subprocess.run(
        [ffmpeg_path(), "-v", "error", *stream.get_args()],
        cwd=tmp_path, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert sum(not line.startswith("#") for line in frames.splitlines()) == FPS
