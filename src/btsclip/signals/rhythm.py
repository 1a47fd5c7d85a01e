"""How regular a movement is, and how many strokes a second it makes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import breaks
from btsclip.signals.series import STEP

# Samples a second that the velocity is brought to, and the seconds looked at around each time.
RATE, WINDOW = 10.0, 3.2
# Points of the autocorrelation to a sample.
FINER = 4
# Slowest and fastest stroke sought, in strokes a second: RATE allows no faster one.
SLOWEST, FASTEST = 0.65, 4.5
# Samples further apart than this leave a gap in which no rhythm can be told.
GAP = 0.35
# Seconds over which a rhythm is taken to go on where the frames between were not looked at.
HOLD = 4.5
# Mean speed in widths a second below which a regular movement is the camera's tremble.
LEAST_SPEED = 0.004

Array = NDArray[np.floating[Any]]


def measure_rhythm(
    times: Array,
    at: Sequence[float],
    drift: Sequence[tuple[float, float]],
    borders: Sequence[float],
    per_second: float = RATE,
) -> tuple[Array, Array]:
    """Strength (n,) 0..1 and strokes a second (n,) of a movement at the times `times` (n,).

    `at` (m,) and `drift` (m, 2) are samples of a velocity, about `per_second` where there are any.
    Strength is the height of the autocorrelation's best peak over WINDOW seconds of the velocity
    along its principal axis: 0 where no peak is, or too few samples are.
    """
    strength, rate = np.zeros(len(times)), np.zeros(len(times))
    told, shot = np.zeros(len(times), bool), _shots(times, borders)
    moments, velocity = np.asarray(at, float), np.asarray(drift, float).reshape(-1, 2)
    for first, last in _runs(moments, borders, per_second):
        if moments[last - 1] - moments[first] < WINDOW * 0.8:
            continue
        grid = np.arange(moments[first], moments[last - 1], 1 / per_second)
        part = slice(first, last)
        even = np.stack([np.interp(grid, moments[part], velocity[part, i]) for i in (0, 1)], 1)
        width = min(int(WINDOW * per_second), len(grid))
        windows = np.lib.stride_tricks.sliding_window_view(even, width, axis=0)
        best, lag = _peaks(windows.transpose(0, 2, 1), per_second)
        near_run = (times >= grid[0] - STEP) & (times <= grid[-1] + STEP)
        inside = np.flatnonzero(near_run & (shot == _shots(grid[len(grid) // 2 :][:1], borders)))
        centre = ((times[inside] - grid[0]) * per_second).astype(int) - width // 2
        near = np.clip(centre, 0, len(best) - 1)
        strength[inside] = best[near]
        rate[inside] = np.where(best[near] > 0, per_second / np.maximum(lag[near], 1e-6), 0.0)
        told[inside] = True
    return _held(times, told, borders, strength), _held(times, told, borders, rate)


def _shots(times: Array, borders: Sequence[float]) -> NDArray[np.int_]:
    """The number of the shot that each analysis time (n,) belongs to."""
    return np.searchsorted(np.asarray(borders, float) - STEP / 2, times, side="right")


def _held(times: Array, told: NDArray[np.bool_], borders: Sequence[float], values: Array) -> Array:
    """`values`, where not `told`, as at the nearest told time within HOLD seconds and its shot."""
    result = values.copy()
    known = np.flatnonzero(told)
    if not len(known):
        return result
    shot = _shots(times, borders)
    after = np.clip(np.searchsorted(known, np.arange(len(times))), 0, len(known) - 1)
    before = np.maximum(after - 1, 0)
    nearer = np.abs(times[known[before]] - times) <= np.abs(times[known[after]] - times)
    source = known[np.where(nearer, before, after)]
    holds = ~told & (np.abs(times[source] - times) <= HOLD) & (shot[source] == shot)
    result[holds] = values[source[holds]]
    return result


def _runs(moments: Array, borders: Sequence[float], per_second: float) -> list[tuple[int, int]]:
    """Index ranges of samples that follow closely and lie in one shot."""
    if not len(moments):
        return []
    cuts = np.searchsorted(moments, np.asarray(borders, float) + 0.5 / per_second)
    edges = sorted({0, len(moments), *breaks(moments, GAP), *(int(i) for i in cuts)})
    return list(itertools.pairwise(edges))


def _peaks(windows: Array, per_second: float) -> tuple[Array, Array]:
    """Height and lag (in samples) of the autocorrelation's best peak of each of `windows`
    (k, width, 2), of so many samples `per_second`."""
    centred = windows - windows.mean(1, keepdims=True)
    axis = np.linalg.eigh(np.einsum("kwi,kwj->kij", centred, centred))[1][..., -1]
    along = np.einsum("kwi,ki->kw", centred, axis)
    width = along.shape[1]
    spectrum = np.abs(np.fft.rfft(along, 2 * width, axis=1)) ** 2
    # Between samples, too, or a fast stroke would look weaker than three of its kind.
    correlation = np.fft.irfft(spectrum, 2 * width * FINER, axis=1)[:, : (width // 2 + 2) * FINER]
    # Fewer samples meet at longer lags: without this, slow strokes would look weak.
    correlation *= width / (width - np.arange(correlation.shape[1]) / FINER)
    correlation /= np.maximum(correlation[:, :1], 1e-12)
    low = max(2 * FINER, int(np.ceil(FINER * per_second / FASTEST)))
    high = min(int(FINER * per_second / SLOWEST), correlation.shape[1] - 2)
    lags = np.arange(low, high + 1)
    left, middle, right = (correlation[:, lags + i] for i in (-1, 0, 1))
    curve = left - 2 * middle + right
    bend = np.where(curve < -1e-9, curve, -1.0)
    # A parabola through three points: strokes peak between them.
    height = middle - (left - right) ** 2 / (8 * bend)
    shift = np.clip((left - right) / (2 * bend), -0.5, 0.5)
    peak = np.where((middle >= left) & (middle > right), height, 0.0)
    # The first peak nearly as high as the highest: later ones are multiples of the same stroke.
    enough = (peak >= 0.8 * peak.max(1, keepdims=True)) & (peak > 0)
    chosen = np.argmax(enough, axis=1)
    rows = np.arange(len(peak))
    moving = np.abs(along).mean(1) > LEAST_SPEED
    lag = (lags[chosen] + shift[rows, chosen]) / FINER
    return np.clip(peak[rows, chosen], 0, 1) * moving, lag
