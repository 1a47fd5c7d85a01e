"""How sure it is, at each analysis time, that work goes on and that hands are seen."""

from __future__ import annotations

import itertools
import json
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import ramp
from btsclip.signals.model import STEP, Signals
from btsclip.signals.scene import scene_heads

# From the first figure on a speed (picture widths a second) counts; at the second, fully.
MOTION_RANGE = (0.03, 0.15)
CAMERA_RANGE = (0.06, 0.21)
# Hands come and go behind tools and out of the picture: each look speaks for its neighbours.
HAND_SECONDS, MOTION_SECONDS = 4.0, 3.0
# Seconds over which what the scene shows is averaged, and those over which belief is steadied.
SCENE_SECONDS, STEADY_SECONDS = 1.5, 2.0

Array = NDArray[np.floating[Any]]


def process_belief(signals: Signals) -> Array:
    """Belief in work (n,), 0..1, at `signals.times`. Shots don't color each other."""
    return _belief("process", signals)


def hand_belief(signals: Signals) -> Array:
    """Belief that hands are in the picture (n,), 0..1, also where a look missed them."""
    return _belief("hands", signals)


def count_hands(signals: Signals) -> NDArray[np.int_]:
    """Number of hands (n,): at least one where hands are believed to be, none elsewhere."""
    return np.where(hand_belief(signals) >= 0.5, np.maximum(signals.hands, 1), 0)


def belief_features(signals: Signals) -> dict[str, Array]:
    """What the beliefs are made of, each (n,) and 0..1.

    hands: hands confirmed within some seconds, saturating (presence squared: flames and folds of
    cloth get middling presence); palm: score of likely palms, confirmed or not, on a log scale;
    fast: motion beyond what hands at rest or a slow camera bring; still: nothing moves; pan: what
    moves, moves with the camera.

    Palms say nothing of work beyond what the scene says, and a regular movement hardly does: with
    them makers left out came out worse (benchmarks/RESULTS.md).
    """
    edges = shot_edges(signals)
    motion = running_mean(signals.motion, edges, MOTION_SECONDS)
    camera = running_mean(signals.camera, edges, MOTION_SECONDS)
    return {
        "hands": 1 - np.exp(-3 * running_mean(signals.presence**2, edges, HAND_SECONDS)),
        "palm": log_ramp(running_mean(signals.palm, edges, HAND_SECONDS), 0.03, 0.5),
        "fast": log_ramp(motion, 0.15, 0.6),
        "still": 1 - log_ramp(motion, 0.005, 0.03),
        "pan": ramp(camera / (camera + motion + 0.01), 0.3, 0.6),
    }


def scene_odds(signals: Signals, name: str) -> Array:
    """Log-odds (n,) that the scene adds to what the head `name` tells; 0 where it was never looked
    at."""
    names = scene_heads().names
    if signals.scene.shape[1] < 2 * len(names):
        return np.zeros(len(signals.times))
    at, edges = names.index(name), shot_edges(signals)
    odds = running_mean(signals.scene[:, at], edges, SCENE_SECONDS)
    return odds - float(signals.scene[:, len(names) + at].mean())


@lru_cache(maxsize=1)
def belief_weights() -> dict[str, dict[str, float]]:
    """Log-odds a feature adds, by belief; `bias` is that of nothing (tools/fit_belief.py)."""
    text = (resources.files("btsclip.moments") / "belief.json").read_text("utf-8")
    fitted: dict[str, dict[str, float]] = json.loads(text)["weights"]
    return fitted


def _belief(name: str, signals: Signals) -> Array:
    weight, values = belief_weights()[name], belief_features(signals)
    odds = weight["bias"] + scene_odds(signals, name)
    odds = odds + sum(w * values[key] for key, w in weight.items() if key != "bias")
    return np.asarray(1 / (1 + np.exp(-running_median(odds, shot_edges(signals)))))


def running_median(values: Array, edges: list[int]) -> Array:
    """Running median over STEADY_SECONDS, within each shot alone."""
    reach = round(STEADY_SECONDS / STEP) // 2
    result = np.empty(len(values))
    for first, last in itertools.pairwise(edges):
        padded = np.pad(values[first:last], reach, mode="symmetric")
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
        result[first:last] = np.median(windows, axis=1)
    return result


def log_ramp(values: Array, low: float, high: float) -> Array:
    """As `ramp`, on a logarithmic scale: twice as much is a step everywhere."""
    return ramp(np.log(values + 1e-4), np.log(low), np.log(high))


def shot_edges(signals: Signals) -> list[int]:
    """Indices at which shots begin, with 0 and n at the ends."""
    inner = np.searchsorted(signals.times, np.asarray(signals.borders) - STEP / 2)
    return sorted({0, len(signals.times), *(int(i) for i in inner)})


def running_mean(values: Array, edges: list[int], seconds: float) -> Array:
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
