"""Sound cut into short windows, and figures over the windows around each analysis step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.media.sound import RATE

# 32 ms, the usual length for speech. 16 hops make a step of 0.25 s exactly: so nothing changes when
# the same sound begins some steps later.
WINDOW, HOP = 512, 250
# Windows handed on at a time: what is measured on them stays within the processor's cache.
TOGETHER = 256
# Mean square below which a window is digital silence: -90 dBFS, the last bit of 16.
SILENCE = 1e-9

Array = NDArray[np.floating[Any]]
Samples = NDArray[np.float32]
Steps = NDArray[np.int_]


class Windows:
    """Windows of WINDOW samples, HOP apart, out of pieces of any length.

    Window i is centred on the i-th hop: samples before the beginning count as silence.
    """

    def __init__(self) -> None:
        self._rest: Samples = np.zeros((WINDOW - HOP) // 2, np.float32)

    def cut(self, piece: Samples) -> Iterator[Samples]:
        """The windows that `piece` completes, (k, WINDOW) with k at most TOGETHER."""
        samples = np.concatenate([self._rest, piece])
        count = max(0, (len(samples) - WINDOW) // HOP + 1)
        self._rest = samples[count * HOP :]
        if count:
            windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP][:count]
            for first in range(0, count, TOGETHER):
                yield windows[first : first + TOGETHER]

    def last(self) -> Iterator[Samples]:
        """The windows that begin before the end, filled up with silence."""
        return self.cut(np.zeros(WINDOW - 1, np.float32))


def steps_of(count: int, step: float) -> Steps:
    """Which analysis step of `step` seconds each of `count` windows lies in."""
    return np.asarray((np.arange(count) + 0.5) * HOP / RATE / step, int)


def windows_around(values: Array, at: Steps, step: float, seconds: float) -> Array:
    """The `values` of windows up to `seconds` from the middle of each of the steps `at` (n,), as
    (n, k); NaN where there are none."""
    reach = round(seconds * RATE / HOP)
    middle = np.asarray((at + 0.5) * step * RATE / HOP, int)
    index = middle[:, None] + np.arange(-reach, reach)
    inside = (index >= 0) & (index < len(values))
    return np.where(inside, np.append(values, np.nan)[np.where(inside, index, -1)], np.nan)


def per_step(judge: Callable[[Steps], Array], steps: int) -> Array:
    """`judge` of all steps (steps,), asked for some at a time: windows around each take room."""
    parts = [judge(np.arange(a, min(a + TOGETHER, steps))) for a in range(0, steps, TOGETHER)]
    return np.concatenate([np.zeros(0), *parts])


def percentile(rows: Array, share: float) -> Array:
    """The value of each row (n, k) which `share` of it, NaN left out, lies below; NaN if it is all
    NaN."""
    order = np.sort(rows, axis=1)
    heard = np.isfinite(rows).sum(1)
    return np.asarray(order[np.arange(len(rows)), (share * np.maximum(0, heard - 1)).astype(int)])


def decibels(power: Array) -> Array:
    """`power` in dB, at least -120."""
    return np.asarray(10 * np.log10(power + 1e-12))
