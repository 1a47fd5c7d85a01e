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
from btsclip.media import remote
from btsclip.media.footage import Footage
from btsclip.media.frames import read_every_frame
from btsclip.media.sound import RATE, read_sound

# Where in a take pictures and sounds are taken, as shares of its length; seconds of each sound.
PICTURES_AT = (0.1, 0.3, 0.5, 0.7, 0.9)
SOUNDS_AT = (0.2, 0.5, 0.8)
SOUND_SECONDS = 2.0
# Width and height of the pictures, and the spread of gray below which one shows nothing.
SIZE, MIN_SPREAD = (32, 18), 4.0
# Correlation of each pair of pictures, their mean, and the number of pairs. Copies of 13 clips,
# small, graded and badly compressed, were at 0.995; so are two takes of a counter on which nothing
# moves.
MIN_ALIKE, MIN_MEAN_ALIKE, MIN_PICTURES = 0.93, 0.96, 3
# RMS (of -1..1) below which there is only noise; seconds by which a copy's sound may be early or
# late; how alike the sounds are at their common delay, on average and each pair. Copies were at
# 0.7, other takes at 0.03.
MIN_LOUDNESS, MAX_DELAY = 0.001, 0.1
MIN_MEAN_PEAK, MIN_PEAK = 0.2, 0.1

Gray = NDArray[np.float32]


@dataclass(frozen=True)
class Sketch:
    """Gray pictures (18, 32) and 16 kHz sounds from set places in a take; None for a picture or
    sound that holds nothing to compare."""

    pictures: tuple[Gray | None, ...]
    sounds: tuple[Gray | None, ...]


def sketch(footage: Footage) -> Sketch | None:
    """Read the sketch of a take in one file; None when it can't be read."""
    import av

    try:
        with remote.fetched(footage) as near:
            return Sketch(tuple(_pictures(near)), tuple(_sounds(near)))
    except (BtsclipError, OSError, av.error.FFmpegError):
        return None


def same_moment(first: Sketch, second: Sketch, same_clock: bool) -> bool:
    """Whether two takes of the same length show the same moment. Without a sound to compare,
    `same_clock` must say that they began together."""
    pairs = zip(first.pictures, second.pictures, strict=True)
    likeness = [correlation(a, b) for a, b in pairs if a is not None and b is not None]
    if len(likeness) < MIN_PICTURES or min(likeness) < MIN_ALIKE:
        return False
    if np.mean(likeness) < MIN_MEAN_ALIKE:
        return False
    pairs = zip(first.sounds, second.sounds, strict=True)
    sounds = [(a, b) for a, b in pairs if a is not None and b is not None]
    return sound_alike(sounds) if sounds else same_clock


def correlation(first: Gray, second: Gray) -> float:
    """Likeness of two pictures, -1 to 1, whatever their brightness and contrast."""
    return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])


def sound_alike(sounds: Sequence[tuple[Gray, Gray]]) -> bool:
    """Whether the two sounds of each pair are the same, at a delay that all pairs share."""
    found = np.stack([likeness_by_delay(a, b) for a, b in sounds])
    best = found[:, found.mean(axis=0).argmax()]
    return bool(best.mean() >= MIN_MEAN_PEAK and best.min() >= MIN_PEAK)


def likeness_by_delay(first: Gray, second: Gray) -> Gray:
    """Likeness of two sounds, 0 to 1, at each delay up to MAX_DELAY either way, (samples,).

    Every frequency counts the same (GCC-PHAT), so that a hum in both says nothing.
    """
    size = 2 * max(len(first), len(second))
    cross = np.fft.rfft(first, size) * np.conj(np.fft.rfft(second, size))
    found = np.abs(np.fft.irfft(cross / np.maximum(np.abs(cross), 1e-9), size))
    delay = int(MAX_DELAY * RATE)
    return np.concatenate([found[-delay:], found[:delay]]).astype(np.float32)


def _pictures(footage: Footage) -> Iterator[Gray | None]:
    for share in PICTURES_AT:
        start = share * footage.duration
        frame = next(read_every_frame(footage, (start, footage.duration)), None)
        if frame is None:
            yield None
            continue
        gray = cv2.cvtColor(frame.small, cv2.COLOR_RGB2GRAY)
        small = np.asarray(cv2.resize(gray, SIZE, interpolation=cv2.INTER_AREA), np.float32)
        yield small if small.std() >= MIN_SPREAD else None


def _sounds(footage: Footage) -> Iterator[Gray | None]:
    for share in SOUNDS_AT:
        start = max(0.0, share * footage.duration - SOUND_SECONDS / 2)
        pieces = list(islice(read_sound(footage, span=(start, start + SOUND_SECONDS)), 1))
        sound = pieces[0] if pieces else np.zeros(0, np.float32)
        loud = len(sound) > RATE // 4 and float(np.sqrt((sound**2).mean())) >= MIN_LOUDNESS
        yield sound if loud else None
