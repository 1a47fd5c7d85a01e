"""Crops that show where the work is likely to be."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.framing.subject import Region

Array = NDArray[np.floating[Any]]

# Shares of the belief within a crop that lie on either side of the middle of the work.
CORE = (0.15, 0.85)
# Of two crops with the same belief the one nearer to a wished centre: a width off costs this share.
OFF = 0.02


def best_window(profile: Array, size: float, near: float) -> float:
    """The centre of the window of `size` that has the most of `profile` (n,), shares along one
    side of the picture in 0..1; among equals the one nearest to `near`."""
    if size >= 1:
        return 0.5
    places = np.linspace(size / 2, 1 - size / 2, 201)
    held = window_shares(profile, places, size)
    return float(places[int((held - OFF * np.abs(places - near)).argmax())])


def window_shares(profile: Array, centres: Array, size: float) -> Array:
    """The share of `profile` (n,) in windows of `size` at `centres` (m,)."""
    total = np.concatenate([[0.0], np.cumsum(profile)]) / max(float(profile.sum()), 1e-9)
    edges = np.linspace(0, 1, len(total))
    ends = np.interp(centres + size / 2, edges, total)
    return np.asarray(ends - np.interp(centres - size / 2, edges, total))


def best_centre(place: Array, size: tuple[float, float], near: Array) -> Array:
    """The centre (2,) of the crop of `size` with the most of `place` (n, h, w) over all looks;
    `near` (2,) is where it may as well be."""
    mean = place.mean(0)
    return np.array([best_window(mean.sum(k), size[k], near[k]) for k in (0, 1)])


def share_held(place: Array, centres: Array, size: tuple[float, float]) -> float:
    """Mean share of `place` (n, h, w) in the crops of `size` at `centres` (n, 2)."""
    held = [
        np.prod([window_shares(look.sum(k), centre[k : k + 1], size[k])[0] for k in (0, 1)])
        for look, centre in zip(place, centres, strict=True)
    ]
    return float(np.mean(held))


def work_region(place: Array, size: tuple[float, float]) -> Region:
    """The box (n, 4) about the middle of the work in each look, no larger than a crop of `size`."""
    boxes = np.empty((len(place), 4))
    for i, look in enumerate(place):
        for k in (0, 1):
            profile = look.sum(k)
            centre = best_window(profile, size[k], 0.5)
            low, high = _core(profile, centre - size[k] / 2, centre + size[k] / 2)
            boxes[i, k], boxes[i, k + 2] = (low + high) / 2, high - low
    return Region(boxes, np.ones(len(place)))


def _core(profile: Array, low: float, high: float) -> tuple[float, float]:
    """From where to where CORE of the belief between `low` and `high` lies."""
    total = np.concatenate([[0.0], np.cumsum(profile)])
    edges = np.linspace(0, 1, len(total))
    first, last = np.interp([low, high], edges, total)
    asked = [first + share * (last - first) for share in CORE]
    ends = np.interp(asked, total, edges)
    return float(ends[0]), float(ends[1])
