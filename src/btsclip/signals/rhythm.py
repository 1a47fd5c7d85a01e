"""Regularity of a movement, and its strokes a second."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import breaks
from btsclip.signals.model import STEP

# Samples a second to which the velocity is resampled.
RATE = 10.0
# Seconds around each time over which a rhythm is measured.
WINDOW = 3.2
# Points of the autocorrelation per sample.
POINTS_PER_SAMPLE = 4
# Strokes a second; RATE allows no more.
MIN_STROKES = 0.65
MAX_STROKES = 4.5
# Seconds between two samples above which no rhythm is measured.
MAX_GAP_SECONDS = 0.35
# Seconds from a measured rhythm up to which it is assumed to continue between dense frames.
HOLD_SECONDS = 4.5
# Mean speed in picture widths a second below which a regular movement is the camera's tremble.
MIN_SPEED = 0.004
# Height of a peak, as a share of the highest, from which on it counts as the stroke.
MIN_PEAK_SHARE = 0.8

Array = NDArray[np.floating[Any]]


def measure_rhythm(
    times: Array,
    sampled_at: Sequence[float],
    drift: Sequence[tuple[float, float]],
    borders: Sequence[float],
    per_second: float = RATE,
) -> tuple[Array, Array]:
    """Strength (n,), 0..1, and strokes a second (n,) of a movement at `times` (n,).

    Strength is the height of the autocorrelation's best peak over WINDOW seconds of the velocity
    along its principal axis; 0 without a peak, or with too few samples.

    Args:
        sampled_at: seconds (m,) of the samples.
        drift: the velocity (m, 2) at these.
        borders: shot borders in seconds.
        per_second: usual number of samples a second, between gaps.
    """
    strength, rate = np.zeros(len(times)), np.zeros(len(times))
    measured, shot = np.zeros(len(times), bool), _shot_numbers(times, borders)
    moments, velocity = np.asarray(sampled_at, float), np.asarray(drift, float).reshape(-1, 2)
    for first, last in _unbroken_runs(moments, borders, per_second):
        if moments[last - 1] - moments[first] < WINDOW * 0.8:
            continue
        grid = np.arange(moments[first], moments[last - 1], 1 / per_second)
        part = slice(first, last)
        even = np.stack([np.interp(grid, moments[part], velocity[part, i]) for i in (0, 1)], 1)
        width = min(int(WINDOW * per_second), len(grid))
        windows = np.lib.stride_tricks.sliding_window_view(even, width, axis=0)
        best, lag = _best_peaks(windows.transpose(0, 2, 1), per_second)
        near_run = (times >= grid[0] - STEP) & (times <= grid[-1] + STEP)
        run_shot = _shot_numbers(grid[len(grid) // 2 :][:1], borders)
        inside = np.flatnonzero(near_run & (shot == run_shot))
        centers = ((times[inside] - grid[0]) * per_second).astype(int) - width // 2
        near = np.clip(centers, 0, len(best) - 1)
        strength[inside] = best[near]
        rate[inside] = np.where(best[near] > 0, per_second / np.maximum(lag[near], 1e-6), 0.0)
        measured[inside] = True
    return (
        _hold_values(times, measured, borders, strength),
        _hold_values(times, measured, borders, rate),
    )


def _shot_numbers(times: Array, borders: Sequence[float]) -> NDArray[np.int_]:
    """The number of the shot at each analysis time (n,)."""
    return np.searchsorted(np.asarray(borders, float) - STEP / 2, times, side="right")


def _hold_values(
    times: Array, measured: NDArray[np.bool_], borders: Sequence[float], values: Array
) -> Array:
    """`values`, where not `measured` those at the nearest measured time, if it is within
    HOLD_SECONDS and in the same shot."""
    result = values.copy()
    known = np.flatnonzero(measured)
    if not len(known):
        return result
    shot = _shot_numbers(times, borders)
    after = np.clip(np.searchsorted(known, np.arange(len(times))), 0, len(known) - 1)
    before = np.maximum(after - 1, 0)
    before_is_nearer = np.abs(times[known[before]] - times) <= np.abs(times[known[after]] - times)
    source = known[np.where(before_is_nearer, before, after)]
    holds = ~measured & (np.abs(times[source] - times) <= HOLD_SECONDS) & (shot[source] == shot)
    result[holds] = values[source[holds]]
    return result


def _unbroken_runs(
    moments: Array, borders: Sequence[float], per_second: float
) -> list[tuple[int, int]]:
    """Index ranges of samples without a gap or a shot border between them."""
    if not len(moments):
        return []
    cuts = np.searchsorted(moments, np.asarray(borders, float) + 0.5 / per_second)
    edges = sorted({0, len(moments), *breaks(moments, MAX_GAP_SECONDS), *(int(i) for i in cuts)})
    return list(itertools.pairwise(edges))


def _best_peaks(windows: Array, per_second: float) -> tuple[Array, Array]:
    """Height (k,) and lag (k,), in samples, of the autocorrelation's best peak in each of `windows`
    (k, width, 2)."""
    centered = windows - windows.mean(1, keepdims=True)
    axis = np.linalg.eigh(np.einsum("kwi,kwj->kij", centered, centered))[1][..., -1]
    along = np.einsum("kwi,ki->kw", centered, axis)
    width = along.shape[1]
    spectrum = np.abs(np.fft.rfft(along, 2 * width, axis=1)) ** 2
    # Interpolated between samples: else a fast stroke would look weaker than three of its kind.
    points, finest = (width // 2 + 2) * POINTS_PER_SAMPLE, 2 * width * POINTS_PER_SAMPLE
    correlation = np.fft.irfft(spectrum, finest, axis=1)[:, :points]
    # Longer lags have fewer samples in common: without this, slow strokes would look weak.
    correlation *= width / (width - np.arange(correlation.shape[1]) / POINTS_PER_SAMPLE)
    correlation /= np.maximum(correlation[:, :1], 1e-12)
    min_lag = max(2 * POINTS_PER_SAMPLE, int(np.ceil(POINTS_PER_SAMPLE * per_second / MAX_STROKES)))
    max_lag = min(int(POINTS_PER_SAMPLE * per_second / MIN_STROKES), correlation.shape[1] - 2)
    lags = np.arange(min_lag, max_lag + 1)
    left, middle, right = (correlation[:, lags + i] for i in (-1, 0, 1))
    curve = left - 2 * middle + right
    bend = np.where(curve < -1e-9, curve, -1.0)
    # A parabola through three points: the peak is between them.
    height = middle - (left - right) ** 2 / (8 * bend)
    shift = np.clip((left - right) / (2 * bend), -0.5, 0.5)
    peak = np.where((middle >= left) & (middle > right), height, 0.0)
    # The first peak nearly as high as the highest: later peaks are multiples of the same stroke.
    is_high = (peak >= MIN_PEAK_SHARE * peak.max(1, keepdims=True)) & (peak > 0)
    chosen = np.argmax(is_high, axis=1)
    rows = np.arange(len(peak))
    moving = np.abs(along).mean(1) > MIN_SPEED
    lag = (lags[chosen] + shift[rows, chosen]) / POINTS_PER_SAMPLE
    return np.clip(peak[rows, chosen], 0, 1) * moving, lag
