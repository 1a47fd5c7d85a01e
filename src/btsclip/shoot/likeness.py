"""Whether two files show the same moment, whatever they are called: by a few pictures and sounds.

Both must agree. Pictures alone would take two takes of a quiet stove for one, sounds alone two
cameras that stand in one room.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.errors import BtsclipError
from btsclip.media.frames import every_frame
from btsclip.media.probe import Footage
from btsclip.media.sound import RATE, read_sound
from btsclip.shoot import stores

# Where in a take pictures and sounds are taken, as shares of its length; seconds of each sound.
PICTURES_AT = (0.1, 0.3, 0.5, 0.7, 0.9)
SOUNDS_AT = (0.2, 0.5, 0.8)
SOUND_SECONDS = 2.0
# Width and height of the pictures, and the spread of gray below which one shows nothing.
SIZE, MIN_SPREAD = (32, 18), 4.0
# How alike (correlation) each pair of pictures must be, all of them on average, and how many pairs:
# copies of 13 clips, small, graded and badly compressed, were at 0.995; so are two takes of a
# counter on which nothing moves.
MIN_ALIKE, MIN_MEAN_ALIKE, MIN_PICTURES = 0.93, 0.96, 3
# Loudness (-1..1) below which there is only noise; seconds by which one sound may be later; how
# alike sounds are at the delay at which they fall together, on average and each: copies were at
# 0.7, other takes at 0.03.
MIN_LOUDNESS, MAX_DELAY = 0.001, 0.1
MIN_MEAN_PEAK, MIN_PEAK = 0.2, 0.1

Gray = NDArray[np.float32]


@dataclass(frozen=True)
class Sketch:
    """A take in little: gray pictures (18, 32), and sounds at 16 kHz; none where nothing is seen or
    heard."""

    pictures: tuple[Gray | None, ...]
    sounds: tuple[Gray | None, ...]


def sketch(footage: Footage) -> Sketch | None:
    """Takes a few pictures and sounds of a take in one file; None where that fails."""
    try:
        with stores.fetched(footage) as near:
            return Sketch(tuple(_pictures(near)), tuple(_sounds(near)))
    except (BtsclipError, OSError):
        return None


def alike(one: Sketch, other: Sketch, same_clock: bool) -> bool:
    """Whether two takes of the same length are one moment. Where one has no sound, only when it is
    also known that they began together."""
    pairs = zip(one.pictures, other.pictures, strict=True)
    seen = [correlation(a, b) for a, b in pairs if a is not None and b is not None]
    if len(seen) < MIN_PICTURES or min(seen) < MIN_ALIKE or np.mean(seen) < MIN_MEAN_ALIKE:
        return False
    heard = zip(one.sounds, other.sounds, strict=True)
    sounds = [(a, b) for a, b in heard if a is not None and b is not None]
    return sound_alike(sounds) if sounds else same_clock


def correlation(one: Gray, other: Gray) -> float:
    """How alike two pictures are, -1 to 1, whatever their brightness and contrast."""
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def sound_alike(sounds: Sequence[tuple[Gray, Gray]]) -> bool:
    """Whether pairs of sounds are one sound each, all of them at the same delay."""
    found = np.stack([by_delay(a, b) for a, b in sounds])
    best = found[:, found.mean(axis=0).argmax()]
    return bool(best.mean() >= MIN_MEAN_PEAK and best.min() >= MIN_PEAK)


def by_delay(one: Gray, other: Gray) -> Gray:
    """How alike two sounds are, 0 to 1, at each delay up to MAX_DELAY either way (samples,): by
    what share of their tones falls together (GCC-PHAT), so that a hum in both says nothing."""
    size = 2 * max(len(one), len(other))
    cross = np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size))
    found = np.abs(np.fft.irfft(cross / np.maximum(np.abs(cross), 1e-9), size))
    delay = int(MAX_DELAY * RATE)
    return np.concatenate([found[-delay:], found[:delay]]).astype(np.float32)


def _pictures(footage: Footage) -> Iterator[Gray | None]:
    for share in PICTURES_AT:
        start = share * footage.duration
        frame = next(every_frame(footage, (start, footage.duration)), None)
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
