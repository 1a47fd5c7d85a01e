"""Scenes between stretches of work: people, an explanation, the finished dish, or nothing."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import changes, ramp
from btsclip.moments.belief import hand_belief, running_mean, shot_edges
from btsclip.signals import STEP, Array, Signals

# Belief, 0..1, from which on a scene has its kind.
MIN_BELIEF = 0.5
# Seconds from which on a scene is one of its own.
MIN_SCENE_SECONDS = 2.0
# Height of a face in picture heights: a passer-by at the first value, a portrait at the second.
FACE_RANGE = (0.08, 0.16)
# Sharpness (see signals/quality.py): soft at the first value, sharp at the second.
SHARP_RANGE = (0.004, 0.012)
# Exposure of a well-lit picture, from the first value to the second.
LIT_RANGE = (0.12, 0.85)
# Seconds over which voices, faces and motion are averaged.
MEAN_SECONDS = 3.0


def scene_beliefs(signals: Signals, process: Array) -> dict[str, Array]:
    """Belief (n,), 0..1, in each kind of scene; `process` (n,) is the belief in work.

    people: a large face that stays; why: a voice, while hands show something or rest; reveal: a
    sharp, well-lit, quiet picture of something, after work.
    """
    edges = shot_edges(signals)
    face = _face_belief(signals, edges)
    voice = running_mean(ramp(signals.voice, 0.3, 0.7), edges, MEAN_SECONDS)
    return {
        "people": face,
        "why": voice * (1 - 0.5 * face),
        "reveal": still_life(signals) * (1 - voice) * _follows_work(process),
    }


def still_life(signals: Signals) -> Array:
    """Belief (n,), 0..1, in a sharp, well-lit, quiet picture without people: a thing is shown."""
    edges = shot_edges(signals)
    motion = running_mean(signals.motion, edges, MEAN_SECONDS)
    quiet = (1 - ramp(motion, 0.05, 0.12)) * (
        1 - ramp(running_mean(signals.camera, edges, MEAN_SECONDS), 0.15, 0.3)
    )
    sharp = running_mean(ramp(signals.sharpness, *SHARP_RANGE), edges, MEAN_SECONDS)
    dark, bright = LIT_RANGE
    lit = ramp(signals.exposure, dark / 2, dark) * (1 - ramp(signals.exposure, bright, 0.95))
    nobody = (1 - hand_belief(signals)) * (1 - _face_belief(signals, edges))
    return np.asarray(quiet * sharp * lit * nobody)


def _face_belief(signals: Signals, edges: list[int]) -> Array:
    """Belief (n,), 0..1, that a face is the subject."""
    return running_mean(ramp(signals.face_size, *FACE_RANGE), edges, MEAN_SECONDS)


def split_scenes(
    signals: Signals, beliefs: dict[str, Array], idle: slice
) -> list[tuple[slice, str]]:
    """`idle` split into pieces of one kind, in order and without gaps, by the `beliefs` (n,)."""
    kinds = np.full(idle.stop - idle.start, "idle", dtype=object)
    best = np.full(len(kinds), MIN_BELIEF)
    for kind, belief in beliefs.items():
        better = belief[idle] >= best
        kinds[better], best[better] = kind, belief[idle][better]
    edges = [e - idle.start for e in shot_edges(signals) if idle.start < e < idle.stop]
    _drop_short(kinds, edges)
    cuts = _piece_edges(kinds, edges)
    pieces: list[tuple[slice, str]] = []
    for first, last in itertools.pairwise(cuts):
        kind = str(kinds[first])
        span = slice(idle.start + first, idle.start + last)
        if pieces and kind == "idle" == pieces[-1][1]:
            pieces[-1] = (slice(pieces[-1][0].start, span.stop), kind)
        else:
            pieces.append((span, kind))
    return pieces


def _drop_short(kinds: NDArray[np.object_], edges: list[int]) -> None:
    """Turn runs shorter than MIN_SCENE_SECONDS to idle, in place."""
    for first, last in itertools.pairwise(_piece_edges(kinds, edges)):
        if (last - first) * STEP < MIN_SCENE_SECONDS:
            kinds[first:last] = "idle"


def _piece_edges(kinds: NDArray[np.object_], edges: list[int]) -> list[int]:
    """Indices at which the kind or the shot changes, with 0 and n at the ends."""
    return sorted({0, len(kinds), *edges, *changes(kinds)})


def _follows_work(process: Array) -> NDArray[np.bool_]:
    """Mask (n,) of the steps by which somebody has worked for a second or more."""
    return np.asarray(np.cumsum(process >= MIN_BELIEF) * STEP >= 1.0)
