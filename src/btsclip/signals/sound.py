"""What is heard: level, onsets (blows, chops) and the share of high frequencies (sizzle)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.media.sound import RATE

WINDOW, HOP = 512, 256
# Sounds this far below full scale count as silence.
FLOOR_DB = -60.0
# Rise of the log spectrum, in dB averaged over its bins, that makes an onset.
ONSET_DB = 4.0

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Sound:
    """Per analysis step: `level` 0 (silence) to 1 (full scale), `onsets` as a count within the
    step, `brightness` the share of energy above 3 kHz."""

    level: Array
    onsets: Array
    brightness: Array


def measure_sound(pieces: Iterable[NDArray[np.float32]], steps: int, step: float) -> Sound:
    """Sound measured over `steps` analysis steps of `step` seconds each."""
    times, levels, bright, rises = [], [], [], []
    last, rest, offset = None, np.zeros(0, np.float32), 0
    for piece in pieces:
        samples = np.concatenate([rest, piece])
        count = max(0, (len(samples) - WINDOW) // HOP + 1)
        if count:
            frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP][:count]
            power = np.abs(np.fft.rfft(frames * np.hanning(WINDOW), axis=1)) ** 2 + 1e-9
            spectrum = np.vstack([power[:1] if last is None else last, power])
            rises.append(np.maximum(0, np.diff(10 * np.log10(spectrum), axis=0)).mean(1))
            levels.append((frames.astype(np.float64) ** 2).mean(1))
            bright.append(power[:, 96:].sum(1) / power.sum(1))
            times.append((offset + np.arange(count) * HOP + WINDOW / 2) / RATE)
            last = power[-1:]
        rest, offset = samples[count * HOP :], offset + count * HOP
    if not times:
        return Sound(np.zeros(steps), np.zeros(steps), np.zeros(steps))
    at = np.minimum((np.concatenate(times) / step).astype(int), steps - 1)
    number = np.maximum(1, np.bincount(at, minlength=steps))
    power = np.bincount(at, np.concatenate(levels), steps) / number
    level = np.clip(1 - 10 * np.log10(power + 1e-12) / FLOOR_DB, 0, 1)
    onsets = np.bincount(at, is_onset(np.concatenate(rises), np.concatenate(levels)), steps)
    brightness = np.bincount(at, np.concatenate(bright), steps) / number
    return Sound(level, onsets.astype(float), brightness)


def is_onset(rises: Array, power: Array) -> Array:
    """1.0 where the spectrum rises steeply, most so within 50 ms, and is loud enough; else 0."""
    threshold = np.maximum(ONSET_DB, 2.0 * float(np.median(rises)))
    reach = 3
    padded = np.pad(rises, reach)
    peaks = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(1)
    ahead = np.lib.stride_tricks.sliding_window_view(np.pad(power, (0, reach)), reach + 1).max(1)
    loud = 10 * np.log10(ahead + 1e-12) > FLOOR_DB + 15
    sudden = (rises == peaks) & (rises > threshold) & loud
    return np.asarray(sudden, float)
