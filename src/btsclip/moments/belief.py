"""How sure it is, at each analysis time, that work goes on."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.signals.series import STEP, Signals

# Log-odds. Hands that are surely there nearly decide; motion that is not the camera's lifts gloves,
# tools and close-ups to about even odds; a moving camera speaks against. Set by hand from how
# often each is seen in work and in b-roll, not fitted.
BIAS, HANDS, MOTION, CAMERA = -2.2, 4.5, 2.8, -3.5
# From the first figure on a speed (picture widths a second) begins to count; at the second, fully.
MOTION_RANGE = (0.03, 0.15)
CAMERA_RANGE = (0.06, 0.21)
# Hands come and go behind tools and out of the picture: one look speaks for its neighbours.
SMOOTH_SECONDS = 1.5

Array = NDArray[np.floating[Any]]


def process_belief(signals: Signals) -> Array:
    """Belief in work (n,), 0..1, at `signals.times`. Shots don't colour each other."""
    borders = shot_edges(signals)
    presence = smooth(signals.presence, borders)
    motion = smooth(ramp(signals.motion, *MOTION_RANGE), borders)
    camera = smooth(ramp(signals.camera, *CAMERA_RANGE), borders)
    odds = BIAS + HANDS * presence + MOTION * motion + CAMERA * camera
    return np.asarray(1 / (1 + np.exp(-odds)))


def ramp(values: Array, low: float, high: float) -> Array:
    """0 below `low`, 1 above `high`, straight in between."""
    return np.asarray(np.clip((values - low) / (high - low), 0, 1))


def shot_edges(signals: Signals) -> list[int]:
    """Indices at which shots begin, with 0 and n at the ends."""
    inner = np.searchsorted(signals.times, np.asarray(signals.borders) - STEP / 2)
    return sorted({0, len(signals.times), *(int(i) for i in inner)})


def smooth(values: Array, edges: list[int], seconds: float = SMOOTH_SECONDS) -> Array:
    """Running mean over `seconds`, within each shot alone."""
    width = max(1, round(seconds / STEP)) | 1
    result = np.empty(len(values))
    for first, last in itertools.pairwise(edges):
        part = values[first:last]
        total = np.concatenate([[0.0], np.cumsum(part)])
        at = np.arange(len(part))
        low, high = np.maximum(at - width // 2, 0), np.minimum(at + width // 2 + 1, len(part))
        result[first:last] = (total[high] - total[low]) / (high - low)
    return result
