"""Music to cut on: where its beats are, and how it is laid under a story."""

from __future__ import annotations

import subprocess
import warnings
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.errors import BtsclipError
from btsclip.extras import require
from btsclip.media.ffmpeg import INPUT_PROTOCOLS, process
from btsclip.media.paths import absolute
from btsclip.plan.model import Lane

# Samples a second at which beats are sought, and those between two figures.
RATE, HOP = 22_050, 256
# Seconds around a beat that was found within which its blow is sought, and those of one figure of
# loudness there: the tracker's own figures come some hundredths too late.
NEAR, FINE = 0.05, 110 / RATE
# Below this, as a mean over FINE seconds, nothing is heard: -60 dB.
SILENT = 1e-3
# Music shorter than this, in seconds, is a sound and no music.
SHORTEST = 4.0
# No more than an hour is looked through.
LONGEST = 3600.0
# Seconds over which music that begins again is faded into itself, as lanes come and go.
OVER = 0.4

Samples = NDArray[np.float32]
Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Music:
    """A file of music: from `start` to `end` seconds of it something is heard. `beats` (n,) are its
    beats in seconds of the file."""

    path: Path
    start: float
    end: float
    beats: Array

    def under(self, seconds: float) -> tuple[list[Lane], Array]:
        """Lanes that lay it under a clip of `seconds`, and the beats on the screen.

        Music that is too short begins again on its beat: from the last one on, its first one.
        """
        first = float(self.beats[self.beats >= self.start + OVER / 2][0])
        lanes: list[Lane] = []
        heard: list[Array] = []
        at, start = 0.0, self.start
        while at < seconds - 1e-6:
            goes_on = at + self.end - start < seconds
            end = float(self.beats[-1]) if goes_on else start + seconds - at
            inside = self.beats[(self.beats >= start - 1e-6) & (self.beats < end - 1e-6)]
            heard.append(inside - start + at)
            # Both lie over each other for a moment, so that no gap is heard.
            early, late = (OVER / 2 if lanes else 0.0), (OVER / 2 if goes_on else 0.0)
            lanes.append(
                Lane(path=str(self.path), start=round(start - early, 3), at=round(at - early, 3),
                     seconds=round(early + end - start + late, 3), ducks=True)
            )  # fmt: skip
            at, start = at + end - start, first
        beats = np.concatenate([np.zeros(0), *heard])
        return lanes, beats[beats < seconds]


def check_music(path: Path) -> None:
    """Raises ToolError when the extra `music` is missing, BtsclipError when there is no such file:
    before hours of analysis."""
    require("librosa", "music", "--music")
    if not path.is_file():
        cause = "is not a file" if path.exists() else "no such file"
        raise BtsclipError(path, cause, "name a sound file, such as song.mp3")


def read_music(path: Path) -> Music:
    """The music in the file at `path`.

    Raises BtsclipError for a file without sound, with nothing but silence, or too short, and
    ToolError when the extra `music` is missing.
    """
    check_music(path)
    samples = _decoded(path)
    if not len(samples):
        raise BtsclipError(path, "holds no sound that can be read", "name a sound file")
    loud = np.flatnonzero(loudness(samples) > SILENT)
    if not len(loud):
        raise BtsclipError(path, "is silent", "name another sound file")
    start, end = float(loud[0]) * FINE, float(loud[-1] + 1) * FINE
    if end - start < SHORTEST:
        raise BtsclipError(
            path, f"holds only {end - start:.1f} s of sound, which is no music",
            f"name one of {SHORTEST:g} s or more",
        )  # fmt: skip
    beats = beats_in(samples)
    beats = beats[(beats >= start - NEAR) & (beats < end)]
    if len(beats) < 4 or beats[-1] - beats[0] < SHORTEST / 2:
        raise BtsclipError(path, "has no beat that can be heard", "name music with a clear beat")
    # Never before the beginning, where the first beat's own blow is.
    return Music(absolute(path), min(start, max(0.0, float(beats[0]))), end, beats)


def beats_in(samples: Samples) -> Array:
    """The beats (n,) in `samples` at RATE, in seconds, also where the tempo drifts.

    The tempo is told anew for each moment, then beats are found by dynamic programming (librosa);
    each is moved to the steepest rise nearby.
    """
    librosa = import_module("librosa")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        strength = librosa.onset.onset_strength(y=samples, sr=RATE, hop_length=HOP)
        tempo = librosa.feature.tempo(
            onset_envelope=strength, sr=RATE, hop_length=HOP, aggregate=None
        )
        _, beats = librosa.beat.beat_track(
            onset_envelope=strength, sr=RATE, hop_length=HOP, bpm=tempo, units="time", trim=False
        )
    return _on_rises(np.asarray(beats, float), loudness(samples))


def loudness(samples: Samples) -> Array:
    """Root mean square of each FINE seconds of `samples`, (n,)."""
    size = round(FINE * RATE)
    count = len(samples) // size
    pieces = samples[: count * size].reshape(count, size)
    return np.asarray(np.sqrt((pieces.astype(float) ** 2).mean(1)))


def _on_rises(beats: Array, loud: Array) -> Array:
    """Each of `beats` where the sound within NEAR seconds rises most; where none does, as it is."""
    rises = np.diff(np.log(loud + SILENT), prepend=np.log(loud[:1] + SILENT))
    reach = round(NEAR / FINE)
    moved = []
    for beat in beats:
        at = round(beat / FINE)
        first = max(0, at - reach)
        near = rises[first : at + reach + 1]
        # A doubling at least: else there is no blow on this beat.
        best = int(near.argmax()) if len(near) else 0
        moved.append((first + best) * FINE if len(near) and near[best] > 0.7 else beat)
    return np.unique(np.array(moved))


def _decoded(path: Path) -> Samples:
    """The sound of any file that ffmpeg reads, as one channel at RATE; nothing when it has none."""
    arguments = [
        "-v", "error", "-protocol_whitelist", INPUT_PROTOCOLS, "-i", f"file:{path.resolve()}",
        "-t", str(LONGEST), "-map", "0:a:0", "-ac", "1", "-ar", str(RATE), "-f", "f32le", "pipe:1",
    ]  # fmt: skip
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with process(arguments, **pipes) as child:
        assert child.stdout
        raw = child.stdout.read()
        child.wait()
    return np.frombuffer(raw[: len(raw) // 4 * 4], np.float32)
