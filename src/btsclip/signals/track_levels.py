"""Measure the audio tracks of a take: how loud each is, how noisy, and whether somebody speaks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span
from btsclip.media import MIN_LEVEL_DBFS, RATE, AudioTrack, Footage, read_track_sounds
from btsclip.signals.model import STEP
from btsclip.signals.voice import voice_meter

# Seconds of a take that are read, in parts of PART_SECONDS spread over the whole of it.
MAX_SECONDS = 120.0
PART_SECONDS = 5.0
# Seconds of a window of loudness: shorter than the pauses between words, in which noise is heard.
WINDOW_SECONDS = 0.1
# Percentiles of the windows: how loud a track gets, and how quiet.
LOUD_PERCENTILE = 99
QUIET_PERCENTILE = 10
# dBFS below which noise does not matter.
MIN_FLOOR_DBFS = -70.0
# Share of full scale from which a sample counts as clipped.
MIN_CLIPPED = 0.97
# Probability of speech from which a step counts as spoken.
MIN_VOICE = 0.5
# Two microphones are a stereo pair if they hear the same at most this long after one another: 17 cm
# of air, as far as ears are apart. A lavalier and a boom are farther apart.
MAX_PAIR_DELAY = 0.0005
# Correlation of a pair: less is another sound; more, without a delay, is the same sound twice.
MIN_PAIR_CORRELATION = 0.5
MIN_COPY_CORRELATION = 0.995
# dB by which the level and the noise of a pair may differ.
MAX_PAIR_DIFFERENCE = 4.0
# Seconds of the windows in which tracks are correlated, and of the longest delay looked for.
CORRELATION_SECONDS = 1.0
MAX_DELAY = 0.05

Array = NDArray[np.floating[Any]]
Samples = NDArray[np.float32]


@dataclass(frozen=True)
class TrackLevels:
    """Figures of the tracks that can be decoded, (n,) each.

    `numbers` are those of the tracks; `level` and `floor` are the loudest and the quietest sound in
    dBFS, `speech` the share of time in which somebody speaks, `clipped` the share of samples at
    full scale. `same_as` is the number of the first track with the same sound, such as a safety
    track that is only quieter. `pairs` (m, 2) holds the numbers of tracks that are left and right
    of one sound.
    """

    numbers: NDArray[np.int_]
    level: Array
    floor: Array
    speech: Array
    clipped: Array
    same_as: NDArray[np.int_]
    pairs: NDArray[np.int_]


def measure_tracks(footage: Footage) -> TrackLevels:
    """Measure all tracks of `footage` that can be decoded, in parts of the take."""
    sounds = read_track_sounds(footage, parts_of(footage.duration))
    levels = {number: _level_and_floor(sound) for number, sound in sounds.items()}
    heard = [
        track
        for track in footage.audio_tracks
        if track.is_readable and levels[track.number][0] >= MIN_LEVEL_DBFS
    ]
    speech = {}
    if len(heard) > 1:
        speech = {track.number: _speech_share(sounds[track.number]) for track in heard}
    heard_sounds = {track.number: sounds[track.number] for track in heard}
    same_as = {number: _first_alike(number, heard_sounds) for number in heard_sounds}
    return TrackLevels(
        numbers=np.array(list(sounds), int),
        level=np.array([level for level, _ in levels.values()]),
        floor=np.array([floor for _, floor in levels.values()]),
        speech=np.array([speech.get(number, 0.0) for number in sounds]),
        clipped=np.array([_clipped_share(sound) for sound in sounds.values()]),
        same_as=np.array([same_as.get(number, number) for number in sounds], int),
        pairs=np.array(find_pairs(heard, sounds, levels), int).reshape(-1, 2),
    )


def parts_of(duration: float) -> list[Span]:
    """The parts of a take of `duration` seconds that are read."""
    if duration <= MAX_SECONDS:
        return [(0.0, duration)]
    count = round(MAX_SECONDS / PART_SECONDS)
    starts = np.linspace(0.0, duration - PART_SECONDS, count)
    return [(float(start), float(start) + PART_SECONDS) for start in starts]


def find_pairs(
    tracks: Sequence[AudioTrack],
    sounds: Mapping[int, Samples],
    levels: Mapping[int, tuple[float, float]],
) -> list[tuple[int, int]]:
    """The numbers of neighboring mono tracks that are the left and the right side of one sound.

    Their layouts or titles say so, or they sound like two microphones in one place. `levels` are
    the level and the floor of each track in dBFS.
    """
    return [
        (left.number, right.number)
        for left, right in itertools.pairwise(tracks)
        if right.number == left.number + 1
        and left.channels == right.channels == 1
        and left.rate == right.rate
        and _is_pair(left, right, sounds, levels)
    ]


def _is_pair(
    left: AudioTrack,
    right: AudioTrack,
    sounds: Mapping[int, Samples],
    levels: Mapping[int, tuple[float, float]],
) -> bool:
    """Whether two mono tracks are the left and the right side of one sound."""
    sides = _side(left), _side(right)
    if any(sides):
        return sides == ("left", "right")
    differences = np.abs(np.subtract(levels[left.number], levels[right.number]))
    return bool(
        # Cameras write pairs as tracks 1 and 2, 3 and 4.
        left.number % 2
        and differences.max() <= MAX_PAIR_DIFFERENCE
        and _sounds_like_pair(sounds[left.number], sounds[right.number])
    )


def _side(track: AudioTrack) -> str:
    """The side that a track is, by its layout or title: "left" or "right", else ""."""
    for side, channel in (("left", "FL"), ("right", "FR")):
        named = re.fullmatch(rf"(.*\W)?({side}|{side[0]})", track.title.strip(), re.IGNORECASE)
        if named or f"({channel})" in track.layout or track.layout == channel:
            return side
    return ""


def _sounds_like_pair(left: Samples, right: Samples) -> bool:
    """Whether two sounds are alike as those of two microphones in one place are, and not the same
    sound twice."""
    size = round(CORRELATION_SECONDS * RATE)
    count = min(len(left), len(right)) // size
    if not count:
        return False
    first, second = (sound[: count * size].reshape(count, size) for sound in (left, right))
    # The rumble of a room is alike in all of its microphones.
    spectra = [np.fft.rfft(np.diff(part, axis=1), 2 * size, axis=1) for part in (first, second)]
    cross = np.fft.irfft((spectra[0] * np.conj(spectra[1])).sum(0))
    powers = [(np.abs(spectrum) ** 2).sum(0) for spectrum in spectra]
    energy = np.prod([np.sqrt(np.fft.irfft(power)[0]) for power in powers])
    reach = round(MAX_DELAY * RATE)
    near = np.concatenate([cross[-reach:], cross[: reach + 1]]) / max(float(energy), 1e-12)
    delay = abs(int(near.argmax()) - reach)
    likeness = float(near.max())
    is_copy = delay == 0 and likeness >= MIN_COPY_CORRELATION
    return delay <= MAX_PAIR_DELAY * RATE and likeness >= MIN_PAIR_CORRELATION and not is_copy


def _first_alike(number: int, sounds: Mapping[int, Samples]) -> int:
    """The first track whose sound is that of track `number`, whatever its level; sounds must not be
    empty or all zero."""
    sound = sounds[number]

    def likeness(other: Samples) -> float:
        count = min(len(sound), len(other))
        first, second = sound[:count], other[:count]
        return float(first @ second / np.sqrt((first @ first) * (second @ second)))

    alike = (first for first in sounds if likeness(sounds[first]) >= MIN_COPY_CORRELATION)
    return next(alike, number)


def _level_and_floor(sound: Samples) -> tuple[float, float]:
    """The loudest and the quietest sound in dBFS."""
    size = round(WINDOW_SECONDS * RATE)
    count = max(1, len(sound) // size)
    padded = np.pad(sound, (0, max(0, size - len(sound))))
    squares = padded[: count * size].astype(np.float64).reshape(count, size) ** 2
    windows = 10 * np.log10(squares.mean(1) + 1e-12)
    level, floor = np.percentile(windows, (LOUD_PERCENTILE, QUIET_PERCENTILE)).tolist()
    return level, max(floor, MIN_FLOOR_DBFS)


def _clipped_share(sound: Samples) -> float:
    return float((np.abs(sound) >= MIN_CLIPPED).mean()) if len(sound) else 0.0


def _speech_share(sound: Samples) -> float:
    meter = voice_meter()
    meter.add(sound)
    steps = max(1, int(len(sound) / RATE / STEP))
    return float((meter.voice(steps, STEP) > MIN_VOICE).mean())
