"""Timelines played with melt, the player of MLT, and what they show."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from exported import plan

from btsclip.errors import FootageError
from btsclip.exchange.export import export_plan
from btsclip.exchange.formats import FileFormat
from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.media.probing import probe

needs_melt = pytest.mark.skipif(not shutil.which("melt"), reason="melt is not installed")
FORMATS: tuple[FileFormat, ...] = ("kdenlive", "shotcut")
WIDTH, HEIGHT = 180, 320
# On a busy machine, about one of a hundred runs of melt 7.12 waits forever before it has written
# anything, or leaves an unfinished file. Other runs take a few seconds.
ATTEMPTS = 3
MAX_SECONDS = 60
# Samples a second at which sounds are compared.
SOUND_RATE = 8000


def write_presets(folder: Path) -> None:
    """Small and exact presets for 25 and 30 frames a second."""
    for fps in (25, 30):
        (folder / f"{fps}.toml").write_text(
            f'extends = "honest-kitchen"\ndescription = "Small and exact."\n[output]\n'
            f"width = {WIDTH}\nheight = {HEIGHT}\nfps = {fps}\ncrf = 4\n",
            "utf-8",
        )


def write_plan(takes: Path, name: str, spans: list[dict[str, object]], fps: int = 25) -> Path:
    """A plan of one clip without texts. Its preset is that of `write_presets` for this rate."""
    used = sorted({str(values["source"]) for values in spans})
    path = plan(takes / f"{name}.json", [{"spans": spans}], *(takes / file for file in used))
    document = json.loads(path.read_text("utf-8"))
    document["preset"] = str(takes / f"{fps}.toml")
    path.write_text(json.dumps(document), "utf-8")
    return path


def play(path: Path, file_format: FileFormat, folder: Path) -> Path:
    """The exported timeline of a plan, as MLT plays it."""
    (document,) = export_plan(path, file_format, folder / file_format).files
    video = folder / f"{file_format}.mov"
    # Filters made with Qt want a display to be named, and need none.
    environment = {**os.environ, "DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}
    command = [
        "melt", document, "-consumer", f"avformat:{video}", "vcodec=libx264", "preset=ultrafast",
        "crf=2", "acodec=pcm_s16le", "real_time=-1",
    ]  # fmt: skip
    failure: Exception | None = None
    for _ in range(ATTEMPTS):
        try:
            subprocess.run(
                command, capture_output=True, env=environment, timeout=MAX_SECONDS, check=True
            )
            probe(video)
        except (subprocess.TimeoutExpired, FootageError) as error:
            failure = error
        else:
            return video
    raise AssertionError(f"melt failed {ATTEMPTS} times: {failure}")


def ffmpeg_bytes(*arguments: str | Path) -> bytes:
    command = [ffmpeg_path(), "-v", "error", *map(str, arguments), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def lumas(path: Path) -> np.ndarray[Any, Any]:
    """The luma of each picture, shape (pictures, pixels)."""
    raw = ffmpeg_bytes(
        "-i", path, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv420p"
    )
    pictures = np.frombuffer(raw, np.uint8).reshape(-1, WIDTH * HEIGHT * 3 // 2)
    return pictures[:, : WIDTH * HEIGHT]


def frame_numbers(path: Path) -> list[int]:
    """The numbers of the frames, modulo 50, that a video of a counting take shows."""
    return [round((value - 16) / 4) for value in lumas(path).mean(axis=1)]


def sound_lag(one: Path, other: Path) -> float:
    """The seconds by which the loudness of `one` is later than that of `other`."""
    loudness = []
    for path in (one, other):
        raw = ffmpeg_bytes("-i", path, "-ac", "1", "-ar", str(SOUND_RATE), "-f", "f32le")
        samples = np.abs(np.frombuffer(raw, np.float32))
        loudness.append(samples - samples.mean())
    correlation = np.correlate(loudness[0], loudness[1], "full")
    return (int(correlation.argmax()) - (len(loudness[1]) - 1)) / SOUND_RATE
