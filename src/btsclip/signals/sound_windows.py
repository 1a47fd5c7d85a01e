"""Short windows of sound, and figures over the windows around each analysis step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.media import RATE

# Samples of a window: 32 ms, the usual length for speech.
WINDOW = 512
# Samples from window to window. 16 hops are exactly one step of 0.25 s, so that a shift of the
# sound by whole steps shifts the figures.
HOP = 250
# Windows or steps measured at once: as many as fit into the processor's cache.
BATCH = 256
# Mean square of digital silence: -90 dBFS, the last of 16 bits.
SILENCE = 1e-9

Array = NDArray[np.floating[Any]]
Samples = NDArray[np.float32]
Steps = NDArray[np.int_]


class Windows:
    """Windows of WINDOW samples, HOP apart, cut from pieces of sound of any length.

    Window i is centered on hop i: samples before the beginning count as silence.
    """

    def __init__(self) -> None:
        self._rest: Samples = np.zeros((WINDOW - HOP) // 2, np.float32)

    def cut(self, piece: Samples) -> Iterator[Samples]:
        """Yield the windows that `piece` completes, (k, WINDOW) with k up to BATCH."""
        samples = np.concatenate([self._rest, piece])
        count = max(0, (len(samples) - WINDOW) // HOP + 1)
        self._rest = samples[count * HOP :]
        if count:
            windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP][:count]
            for first in range(0, count, BATCH):
                yield windows[first : first + BATCH]

    def last(self) -> Iterator[Samples]:
        """Yield the windows that begin before the end, filled up with silence."""
        return self.cut(np.zeros(WINDOW - 1, np.float32))


def steps_of(count: int, step: float) -> Steps:
    """The analysis step, of `step` seconds, of each of `count` windows (count,)."""
    return np.asarray((np.arange(count) + 0.5) * HOP / RATE / step, int)


def windows_around(values: Array, steps: Steps, step: float, seconds: float) -> Array:
    """The `values` (m,) of the windows up to `seconds` from the middle of each of `steps` (n,), as
    (n, k); NaN beyond both ends."""
    reach = round(seconds * RATE / HOP)
    middle = np.asarray((steps + 0.5) * step * RATE / HOP, int)
    index = middle[:, None] + np.arange(-reach, reach)
    inside = (index >= 0) & (index < len(values))
    return np.where(inside, np.append(values, np.nan)[np.where(inside, index, -1)], np.nan)


def in_batches(measure: Callable[[Steps], Array], steps: int) -> Array:
    """`measure` of all steps (steps,), called for BATCH of them at once to bound the memory."""
    parts = [measure(np.arange(a, min(a + BATCH, steps))) for a in range(0, steps, BATCH)]
    return np.concatenate([np.zeros(0), *parts])


def percentile(rows: Array, share: float) -> Array:
    """The quantile `share`, 0..1, of each row (n, k) without its NaN; NaN if a row is all NaN.

    >>> percentile(np.array([[3.0, 1.0, np.nan, 2.0]]), 0.5)
    array([2.])
    """
    order = np.sort(rows, axis=1)
    count = np.isfinite(rows).sum(1)
    return np.asarray(order[np.arange(len(rows)), (share * np.maximum(0, count - 1)).astype(int)])


def decibels(power: Array) -> Array:
    """`power` in dB, at least -120."""
    return np.asarray(10 * np.log10(power + 1e-12))
