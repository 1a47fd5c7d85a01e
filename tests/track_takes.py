"""Takes with several audio tracks, and one that ffmpeg cannot decode."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from media import ffmpeg
from numpy.typing import NDArray
from spoken_takes import SPOKEN

from btsclip.media.ffmpeg import ffmpeg_path

RATE = 48_000
Samples = NDArray[np.float32]


def with_tracks(path: Path, picture: Path, *graphs: str, codec: str = "aac") -> Path:
    """The picture of a take with a track for each of the lavfi `graphs`; "" is its own sound."""
    inputs: list[str | Path] = ["-i", picture]
    maps = ["-map", "0:v"]
    made = 0
    for graph in graphs:
        if graph:
            made += 1
            inputs += ["-f", "lavfi", "-i", graph]
        maps += ["-map", f"{made}:a" if graph else "0:a"]
    ffmpeg(*inputs, *maps, "-c:v", "copy", "-c:a", codec, "-shortest", path)
    return path


def as_apac(path: Path, *numbers: int) -> Path:
    """Writes the code of Apple's spatial sound into the AAC tracks `numbers` of an MP4 or MOV, as
    phones write it beside a plain track: its own box takes the place of the one of AAC."""
    data = bytearray(path.read_bytes())
    at, number = 0, 0
    while (at := data.find(b"stsd", at + 1)) >= 0:
        entry = at + 16
        if data[entry : entry + 4] != b"mp4a":
            continue
        number += 1
        if number in numbers:
            data[entry : entry + 4] = b"apac"
            box = data.find(b"esds", entry)
            data[box : box + 4] = b"dapa"
            wave = data.find(b"wave", entry, box)
            if wave >= 0:
                data[wave : wave + 4] = b"free"
    assert number >= max(numbers)
    path.write_bytes(data)
    return path


@cache
def voice() -> Samples:
    """A sentence of a voice near a microphone, with pauses around it, at RATE."""
    command = [ffmpeg_path(), "-v", "error", "-t", "4.8", "-i", str(SPOKEN), "-af", "volume=20dB"]
    raw = subprocess.run(
        [*command, "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"], capture_output=True
    )
    return np.frombuffer(raw.stdout, np.float32)


def microphone(gain: float = 0.0, delay: int = 0, noise: float = 0.001, seed: int = 1) -> Samples:
    """The voice as a microphone hears it: `gain` in dB, `delay` in samples, its own noise."""
    late = np.concatenate([np.zeros(delay, np.float32), voice()])[: len(voice())]
    hiss = np.random.default_rng(seed).normal(0, noise, len(late))
    return np.asarray(late * 10 ** (gain / 20) + hiss, np.float32)


def recorded(path: Path, sounds: Sequence[Samples], *options: str) -> Path:
    """A take with a mono track for each of `sounds`, under a still picture."""
    seconds = len(sounds[0]) / RATE
    inputs: list[str | Path] = ["-f", "lavfi", "-i", f"color=c=gray:s=64x36:r=5:d={seconds}"]
    maps = ["-map", "0:v"]
    for number, sound in enumerate(sounds, 1):
        raw = path.with_suffix(f".{number}.f32")
        sound.tofile(raw)
        inputs += ["-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", raw]
        maps += ["-map", f"{number}:a"]
    ffmpeg(*inputs, *maps, "-c:v", "mpeg4", "-c:a", "pcm_s16le", *options, path)
    return path
