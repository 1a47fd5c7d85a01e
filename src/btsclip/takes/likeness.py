"""Compare a few pictures and sounds of two files to learn whether they show the same moment.

Both must agree. By pictures alone, two takes of a quiet stove would be the same; by sounds alone,
two cameras in the same room.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.errors import BtsclipError
from btsclip.media import RATE, Footage, read_every_frame, read_sound, remote

# Places of the pictures and sounds in a take, as shares of its length.
PICTURES_AT = (0.1, 0.3, 0.5, 0.7, 0.9)
SOUNDS_AT = (0.2, 0.5, 0.8)
SOUND_SECONDS = 2.0
# Width and height of the pictures.
SIZE = (32, 18)
# Standard deviation of gray (0 to 255) below which a picture shows nothing.
MIN_SPREAD = 4.0
# Correlation of each pair of pictures, and of all on average. Copies of 13 clips, small, graded and
# badly compressed, were at 0.995; so are two takes of a counter on which nothing moves.
MIN_CORRELATION = 0.93
MIN_MEAN_CORRELATION = 0.96
MIN_PICTURES = 3
# RMS (of -1..1) below which there is only noise.
MIN_LOUDNESS = 0.001
# Seconds that a copy's sound may be early or late.
MAX_DELAY = 0.1
# Likeness of the sounds at their common delay: on average, and of each pair. Copies were at 0.7,
# other takes at 0.03.
MIN_MEAN_PEAK = 0.2
MIN_PEAK = 0.1

Gray = NDArray[np.float32]


@dataclass(frozen=True)
class Sketch:
    """Gray pictures (18, 32) and 16 kHz sounds from fixed places in a take; None for a picture or
    sound with nothing to compare."""

    pictures: tuple[Gray | None, ...]
    sounds: tuple[Gray | None, ...]


def sketch(footage: Footage) -> Sketch | None:
    """Read the sketch of a take in one file; None if it can't be read."""
    import av

    try:
        with remote.fetched(footage) as local:
            return Sketch(tuple(_read_pictures(local)), tuple(_read_sounds(local)))
    except (BtsclipError, OSError, av.error.FFmpegError):
        return None


def same_moment(first: Sketch, second: Sketch, same_clock: bool) -> bool:
    """Whether two takes of the same length show the same moment. Without sounds to compare, they
    also need the `same_clock`."""
    pairs = zip(first.pictures, second.pictures, strict=True)
    correlations = [correlation(a, b) for a, b in pairs if a is not None and b is not None]
    if len(correlations) < MIN_PICTURES or min(correlations) < MIN_CORRELATION:
        return False
    if np.mean(correlations) < MIN_MEAN_CORRELATION:
        return False
    pairs = zip(first.sounds, second.sounds, strict=True)
    sounds = [(a, b) for a, b in pairs if a is not None and b is not None]
    return sound_alike(sounds) if sounds else same_clock


def correlation(first: Gray, second: Gray) -> float:
    """Correlation of two pictures, -1 to 1; brightness and contrast do not matter."""
    return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])


def sound_alike(sounds: Sequence[tuple[Gray, Gray]]) -> bool:
    """Whether the two sounds of each pair are the same, with the same delay in all pairs."""
    likeness = np.stack([likeness_by_delay(a, b) for a, b in sounds])
    best = likeness[:, likeness.mean(axis=0).argmax()]
    return bool(best.mean() >= MIN_MEAN_PEAK and best.min() >= MIN_PEAK)


def likeness_by_delay(first: Gray, second: Gray) -> Gray:
    """Likeness of two sounds, 0 to 1, at each delay of up to MAX_DELAY either way, (samples,).

    All frequencies have the same weight (GCC-PHAT), so a hum in both counts little.
    """
    size = 2 * max(len(first), len(second))
    cross = np.fft.rfft(first, size) * np.conj(np.fft.rfft(second, size))
    likeness = np.abs(np.fft.irfft(cross / np.maximum(np.abs(cross), 1e-9), size))
    delay = int(MAX_DELAY * RATE)
    return np.concatenate([likeness[-delay:], likeness[:delay]]).astype(np.float32)


def _read_pictures(footage: Footage) -> Iterator[Gray | None]:
    for share in PICTURES_AT:
        start = share * footage.duration
        frame = next(read_every_frame(footage, (start, footage.duration)), None)
        if frame is None:
            yield None
            continue
        gray = cv2.cvtColor(frame.small, cv2.COLOR_RGB2GRAY)
        small = np.asarray(cv2.resize(gray, SIZE, interpolation=cv2.INTER_AREA), np.float32)
        yield small if small.std() >= MIN_SPREAD else None


def _read_sounds(footage: Footage) -> Iterator[Gray | None]:
    for share in SOUNDS_AT:
        start = max(0.0, share * footage.duration - SOUND_SECONDS / 2)
        pieces = list(islice(read_sound(footage, span=(start, start + SOUND_SECONDS)), 1))
        sound = pieces[0] if pieces else np.zeros(0, np.float32)
        loud = len(sound) > RATE // 4 and float(np.sqrt((sound**2).mean())) >= MIN_LOUDNESS
        yield sound if loud else None
