"""What goes on where nobody works: people, someone explaining, the finished dish, or nothing."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import changes, ramp
from btsclip.moments.belief import hand_belief, running_mean, shot_edges
from btsclip.signals.model import STEP, Array, Signals

# Belief, 0..1, from which on a scene has its kind, and its shortest length in seconds.
SURE, SHORTEST = 0.5, 2.0
# Height of a face, in picture heights, from which on it is a portrait and no passer-by.
FACE_RANGE = (0.08, 0.16)
# Sharpness (see signals/quality.py) and exposure of a picture worth a close look.
SHARP_RANGE, LIT = (0.004, 0.012), (0.12, 0.85)
# Seconds over which voices and faces are taken together.
SECONDS = 3.0


def scene_beliefs(signals: Signals, process: Array) -> dict[str, Array]:
    """Belief (n,), 0..1, in each kind of scene that is no work. `process` (n,) is that in work.

    people: a large face that stays; why: a voice, while hands show something or rest; reveal: a
    sharp, well-lit, quiet picture of something, after work.
    """
    edges = shot_edges(signals)
    face, voice = _face(signals, edges), running_mean(ramp(signals.voice, 0.3, 0.7), edges, SECONDS)
    return {
        "people": face,
        "why": voice * (1 - 0.5 * face),
        "reveal": still_life(signals) * (1 - voice) * _after_work(process),
    }


def still_life(signals: Signals) -> Array:
    """Belief (n,), 0..1, that a thing is shown: a sharp, well-lit, quiet picture without people."""
    edges = shot_edges(signals)
    motion = running_mean(signals.motion, edges, SECONDS)
    quiet = (1 - ramp(motion, 0.05, 0.12)) * (
        1 - ramp(running_mean(signals.camera, edges, SECONDS), 0.15, 0.3)
    )
    sharp = running_mean(ramp(signals.sharpness, *SHARP_RANGE), edges, SECONDS)
    dark, bright = LIT
    lit = ramp(signals.exposure, dark / 2, dark) * (1 - ramp(signals.exposure, bright, 0.95))
    nobody = (1 - hand_belief(signals)) * (1 - _face(signals, edges))
    return np.asarray(quiet * sharp * lit * nobody)


def _face(signals: Signals, edges: list[int]) -> Array:
    """Belief (n,), 0..1, that a person's face is the subject."""
    return running_mean(ramp(signals.face_size, *FACE_RANGE), edges, SECONDS)


def scenes(signals: Signals, beliefs: dict[str, Array], idle: slice) -> list[tuple[slice, str]]:
    """The span `idle` in pieces of one kind each, in order and without gaps, by the `beliefs` (n,)
    in each kind of scene."""
    kinds = np.full(idle.stop - idle.start, "idle", dtype=object)
    best = np.full(len(kinds), SURE)
    for kind, belief in beliefs.items():
        better = belief[idle] >= best
        kinds[better], best[better] = kind, belief[idle][better]
    edges = [e - idle.start for e in shot_edges(signals) if idle.start < e < idle.stop]
    _drop_short(kinds, edges)
    cuts = sorted({0, len(kinds), *edges, *changes(kinds)})
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
    """Runs shorter than SHORTEST become idle."""
    cuts = sorted({0, len(kinds), *edges, *changes(kinds)})
    for first, last in itertools.pairwise(cuts):
        if (last - first) * STEP < SHORTEST:
            kinds[first:last] = "idle"


def _after_work(process: Array) -> NDArray[np.bool_]:
    """Whether somebody worked for a second or more at some time before."""
    return np.asarray(np.cumsum(process >= SURE) * STEP >= 1.0)
