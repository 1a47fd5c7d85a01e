"""Music to cut on: its beats, and the lanes that put it under a story."""

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
from btsclip.media import INPUT_PROTOCOLS, absolute, music_stream, process
from btsclip.plan import Lane

# Samples a second for the beat tracker, and samples between two of its figures.
RATE = 22_050
HOP = 256
# Seconds around a tracked beat to search for its blow: the tracker is some hundredths late.
BLOW_REACH_SECONDS = 0.05
# Seconds of one figure of loudness.
LOUDNESS_SECONDS = 110 / RATE
# A quieter root mean square is silence: -60 dB.
MIN_LOUDNESS = 1e-3
# The logarithm of loudness has to rise by this for a blow: by a doubling.
MIN_BLOW_RISE = 0.7
# Shorter sounds, in seconds, are no music.
MIN_MUSIC_SECONDS = 4.0
# Only this much of a file is read: an hour.
MAX_MUSIC_SECONDS = 3600.0
# Beats that music has at least.
MIN_BEATS = 4
# Seconds of the crossfade where music begins again.
CROSSFADE_SECONDS = 0.4

Samples = NDArray[np.float32]
Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Music:
    """A file of music that sounds from `start` to `end`, with its `beats` (n,), in its seconds."""

    path: Path
    start: float
    end: float
    beats: Array

    def under(self, seconds: float) -> tuple[list[Lane], Array]:
        """The lanes of the music under a clip of `seconds`, and the beats in seconds of the clip.

        Music that is too short begins again: its first beat falls on its last.
        """
        half_fade = CROSSFADE_SECONDS / 2
        first = float(self.beats[self.beats >= self.start + half_fade][0])
        lanes: list[Lane] = []
        beats_by_lane: list[Array] = []
        at, start = 0.0, self.start
        while at < seconds - 1e-6:
            repeats = at + self.end - start < seconds
            end = float(self.beats[-1]) if repeats else start + seconds - at
            inside = self.beats[(self.beats >= start - 1e-6) & (self.beats < end - 1e-6)]
            beats_by_lane.append(inside - start + at)
            # Lanes overlap, so that there is no gap.
            early, late = (half_fade if lanes else 0.0), (half_fade if repeats else 0.0)
            lanes.append(
                Lane(path=str(self.path), start=round(start - early, 3), at=round(at - early, 3),
                     seconds=round(early + end - start + late, 3), ducks=True)
            )  # fmt: skip
            at, start = at + end - start, first
        beats = np.concatenate([np.zeros(0), *beats_by_lane])
        return lanes, beats[beats < seconds]


def check_music(path: Path) -> None:
    """Check the file and the extra before hours of analysis.

    Raises ToolError if the extra `music` is missing, BtsclipError if there is no file at `path`.
    """
    require("librosa", "music", "--music")
    if not path.is_file():
        cause = "is not a file" if path.exists() else "no such file"
        raise BtsclipError(path, cause, "name a sound file, such as song.mp3")


def read_music(path: Path) -> Music:
    """The music in the file at `path`.

    Raises BtsclipError for a file without sound, a silent or short one, and one without a beat, and
    ToolError if the extra `music` is missing.
    """
    check_music(path)
    samples = _decode(path)
    if not len(samples):
        raise BtsclipError(path, "holds no sound that can be read", "name a sound file")
    loud = np.flatnonzero(loudness(samples) > MIN_LOUDNESS)
    if not len(loud):
        raise BtsclipError(path, "is silent", "name another sound file")
    start, end = float(loud[0]) * LOUDNESS_SECONDS, float(loud[-1] + 1) * LOUDNESS_SECONDS
    if end - start < MIN_MUSIC_SECONDS:
        raise BtsclipError(
            path, f"holds only {end - start:.1f} s of sound, which is too short for music",
            f"name a file of {MIN_MUSIC_SECONDS:g} s or more",
        )  # fmt: skip
    beats = beats_in(samples)
    beats = beats[(beats >= start - BLOW_REACH_SECONDS) & (beats < end)]
    if len(beats) < MIN_BEATS or beats[-1] - beats[0] < MIN_MUSIC_SECONDS / 2:
        raise BtsclipError(path, "has no beat that can be heard", "name music with a clear beat")
    # The blow of the first beat may come before the first loud figure.
    return Music(absolute(path), min(start, max(0.0, float(beats[0]))), end, beats)


def beats_in(samples: Samples) -> Array:
    """The beats (n,) in `samples` at RATE, in seconds, even if the tempo drifts.

    librosa estimates the tempo at each moment and finds the beats by dynamic programming. Then each
    beat moves to the steepest rise of loudness nearby.
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
    return _move_to_rises(np.asarray(beats, float), loudness(samples))


def loudness(samples: Samples) -> Array:
    """Root mean square (n,) of each LOUDNESS_SECONDS of `samples`."""
    size = round(LOUDNESS_SECONDS * RATE)
    count = len(samples) // size
    pieces = samples[: count * size].reshape(count, size)
    return np.asarray(np.sqrt((pieces.astype(float) ** 2).mean(1)))


def _move_to_rises(beats: Array, loud: Array) -> Array:
    """`beats` (n,), in seconds, moved to the steepest rise of `loud` (m,) within reach.

    A beat without a blow stays where it is.
    """
    levels = np.log(loud + MIN_LOUDNESS)
    rises = np.diff(levels, prepend=levels[:1])
    reach = round(BLOW_REACH_SECONDS / LOUDNESS_SECONDS)
    moved = []
    for beat in beats:
        index = round(beat / LOUDNESS_SECONDS)
        first = max(0, index - reach)
        near = rises[first : index + reach + 1]
        best = int(near.argmax()) if len(near) else 0
        has_blow = len(near) and near[best] > MIN_BLOW_RISE
        moved.append((first + best) * LOUDNESS_SECONDS if has_blow else beat)
    return np.unique(np.array(moved))


def _decode(path: Path) -> Samples:
    """The sound of any file that ffmpeg reads, as one channel at RATE; empty if there is none."""
    arguments = [
        "-v", "error", "-protocol_whitelist", INPUT_PROTOCOLS, "-i", f"file:{path.resolve()}",
        "-t", str(MAX_MUSIC_SECONDS), "-map", f"0:{music_stream(path)}",
        "-ac", "1", "-ar", str(RATE), "-f", "f32le", "pipe:1",
    ]  # fmt: skip
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with process(arguments, **pipes) as child:
        assert child.stdout
        raw = child.stdout.read()
        child.wait()
    return np.frombuffer(raw[: len(raw) // 4 * 4], np.float32)
