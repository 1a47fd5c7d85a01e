"""Crops of a work map: how likely the work is in each cell of the picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.framing.subject import Region

Array = NDArray[np.floating[Any]]

# Quantiles of the work in a crop between which its core lies.
CORE = (0.15, 0.85)
# Share of the work that it costs a crop to be one picture width off its desired center.
OFF_CENTER_COST = 0.02


def best_window(profile: Array, size: float, near: float) -> float:
    """The center of the window of `size` with the most of `profile` (n,), the work along one axis;
    of equal windows, the one nearest to `near`."""
    if size >= 1:
        return 0.5
    places = np.linspace(size / 2, 1 - size / 2, 201)
    shares = window_shares(profile, places, size)
    return float(places[int((shares - OFF_CENTER_COST * np.abs(places - near)).argmax())])


def window_shares(profile: Array, centers: Array, size: float) -> Array:
    """The shares (m,) of `profile` (n,) in windows of `size` at `centers` (m,)."""
    total = np.concatenate([[0.0], np.cumsum(profile)]) / max(float(profile.sum()), 1e-9)
    edges = np.linspace(0, 1, len(total))
    ends = np.interp(centers + size / 2, edges, total)
    return np.asarray(ends - np.interp(centers - size / 2, edges, total))


def best_center(work_map: Array, size: tuple[float, float], near: Array) -> Array:
    """The center (2,) of the crop of `size` with the most of `work_map` (n, h, w) over all looks;
    of equal crops, the one nearest to `near` (2,)."""
    mean = work_map.mean(0)
    return np.array([best_window(mean.sum(k), size[k], near[k]) for k in (0, 1)])


def share_in_crops(work_map: Array, centers: Array, size: tuple[float, float]) -> float:
    """Mean share of `work_map` (n, h, w) in the crops of `size` at `centers` (n, 2)."""
    shares = [
        np.prod([window_shares(look.sum(k), center[k : k + 1], size[k])[0] for k in (0, 1)])
        for look, center in zip(work_map, centers, strict=True)
    ]
    return float(np.mean(shares))


def work_region(
    work_map: Array, size: tuple[float, float], core: tuple[float, float] = CORE
) -> Region:
    """The `core` of the work in each look (n, h, w), no larger than a crop of `size`."""
    boxes = np.empty((len(work_map), 4))
    for i, look in enumerate(work_map):
        for k in (0, 1):
            profile = look.sum(k)
            center = best_window(profile, size[k], 0.5)
            low, high = _core(profile, center - size[k] / 2, center + size[k] / 2, core)
            boxes[i, k], boxes[i, k + 2] = (low + high) / 2, high - low
    return Region(boxes, np.ones(len(work_map)))


def _core(
    profile: Array, low: float, high: float, core: tuple[float, float]
) -> tuple[float, float]:
    """Start and end of the `core` of `profile` (n,), in quantiles, between `low` and `high`."""
    total = np.concatenate([[0.0], np.cumsum(profile)])
    edges = np.linspace(0, 1, len(total))
    first, last = np.interp([low, high], edges, total)
    quantiles = [first + share * (last - first) for share in core]
    ends = np.interp(quantiles, total, edges)
    return float(ends[0]), float(ends[1])
