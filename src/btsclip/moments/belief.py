"""Belief in work and in hands: how sure both are at each analysis time."""

from __future__ import annotations

import itertools
import json
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import ramp
from btsclip.signals import STEP, Signals, scene_heads

# Speeds, in picture widths a second: the first begins to count, the second counts fully.
MOTION_RANGE = (0.03, 0.15)
CAMERA_RANGE = (0.06, 0.21)
# Seconds over which hands are averaged: they come and go behind tools and out of the picture.
HAND_SECONDS = 4.0
# Seconds over which motion is averaged.
MOTION_SECONDS = 3.0
# Seconds over which the scene is averaged.
SCENE_SECONDS = 1.5
# Seconds of the running median over the belief.
MEDIAN_SECONDS = 2.0
# Belief, 0..1, from which on hands are taken to be in the picture.
MIN_HAND_BELIEF = 0.5

Array = NDArray[np.floating[Any]]


def process_belief(signals: Signals) -> Array:
    """Belief in work (n,), 0..1, at `signals.times`. A shot does not influence its neighbors."""
    return _belief("process", signals)


def hand_belief(signals: Signals) -> Array:
    """Belief that hands are in the picture (n,), 0..1, even where detection missed them."""
    return _belief("hands", signals)


def count_hands(signals: Signals) -> NDArray[np.int_]:
    """Number of hands (n,): at least 1 where the belief in hands is high enough, else 0."""
    return np.where(hand_belief(signals) >= MIN_HAND_BELIEF, np.maximum(signals.hands, 1), 0)


def belief_features(signals: Signals) -> dict[str, Array]:
    """Features of both beliefs, each (n,) and 0..1.

    hands: confirmed hands over some seconds, saturating (presence is squared, because flames and
    folds of cloth get middling presence); palm: score of likely palms, confirmed or not, on a log
    scale; fast: faster motion than hands at rest or a slow camera cause; still: nothing moves; pan:
    the motion comes from the camera.

    The belief in work uses neither palms nor rhythm: beside the scene, both made it worse on makers
    that were left out of the fit (benchmarks/RESULTS.md).
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
    """Log-odds (n,) that the scene adds to the belief `name`; 0 without a look at the scene."""
    names = scene_heads().names
    if signals.scene.shape[1] < 2 * len(names):
        return np.zeros(len(signals.times))
    column, edges = names.index(name), shot_edges(signals)
    odds = running_mean(signals.scene[:, column], edges, SCENE_SECONDS)
    return odds - float(signals.scene[:, len(names) + column].mean())


@lru_cache(maxsize=1)
def belief_weights() -> dict[str, dict[str, float]]:
    """Log-odds that each feature adds, by belief; `bias` is always added (tools/fit_belief.py)."""
    text = (resources.files("btsclip.moments") / "belief.json").read_text("utf-8")
    weights: dict[str, dict[str, float]] = json.loads(text)["weights"]
    return weights


def _belief(name: str, signals: Signals) -> Array:
    weights, features = belief_weights()[name], belief_features(signals)
    odds = weights["bias"] + scene_odds(signals, name)
    odds = odds + sum(w * features[key] for key, w in weights.items() if key != "bias")
    return np.asarray(1 / (1 + np.exp(-running_median(odds, shot_edges(signals)))))


def running_median(values: Array, edges: list[int]) -> Array:
    """Running median of `values` (n,) over MEDIAN_SECONDS; no window crosses a shot border."""
    reach = round(MEDIAN_SECONDS / STEP) // 2
    result = np.empty(len(values))
    for first, last in itertools.pairwise(edges):
        padded = np.pad(values[first:last], reach, mode="symmetric")
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
        result[first:last] = np.median(windows, axis=1)
    return result


def log_ramp(values: Array, low: float, high: float) -> Array:
    """As `ramp`, on a logarithmic scale."""
    return ramp(np.log(values + 1e-4), np.log(low), np.log(high))


def shot_edges(signals: Signals) -> list[int]:
    """Indices of the first step of each shot, and n at the end."""
    inner = np.searchsorted(signals.times, np.asarray(signals.borders) - STEP / 2)
    return sorted({0, len(signals.times), *(int(i) for i in inner)})


def running_mean(values: Array, edges: list[int], seconds: float) -> Array:
    """Running mean of `values` (n,) over `seconds`; no window crosses a shot border."""
    width = max(1, round(seconds / STEP)) | 1
    result = np.empty(len(values))
    for first, last in itertools.pairwise(edges):
        shot = values[first:last]
        total = np.concatenate([[0.0], np.cumsum(shot)])
        steps = np.arange(len(shot))
        start = np.maximum(steps - width // 2, 0)
        stop = np.minimum(steps + width // 2 + 1, len(shot))
        result[first:last] = (total[stop] - total[start]) / (stop - start)
    return result
