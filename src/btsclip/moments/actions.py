"""Name the kind of work from the rhythm of the movement and the things in the scene.

Few actions get a name, and seldom. On footage that nobody tuned for, calm hands were plating in 3
of 18 cases, a picture that moves all over was tossing in 3 of 24, and a steady flow was never
pouring (benchmarks/RESULTS.md). The creator's notes name the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import ramp_of
from btsclip.moments.things import thing_scores
from btsclip.signals import STEP, Array, Signals

# An unknown action has no word, so that no text claims one.
ACTION_WORDS = {
    "chop": "chopping",
    "knead": "kneading",
    "stir": "stirring",
    "pour": "pouring",
    "toss": "tossing",
    "plate": "plating",
    "roll": "rolling",
    "decorate": "decorating",
    "grill": "grilling",
    "brew": "brewing",
    "shake": "shaking",
}
# Evidence, 0..1, from which on an action gets its name; below, it is `other`.
MIN_EVIDENCE = 0.5
# Some movements look alike. These actions also need a thing in the scene, with this score.
REQUIRED_THINGS = {"knead": ("dough", 1.0), "stir": ("pots and pans", 0.5)}
# Regularity from which on strokes have a rate.
MIN_REGULARITY = 0.2
# Two spans whose rates differ by a factor in this range show one movement: where every other stroke
# looks a little different, either each stroke is counted or every second one.
OCTAVE_RANGE = (1.8, 2.2)
# Seconds that one look at the action covers.
WINDOW_SECONDS = 4.0
# Seconds from which on an action is a piece of its own within a moment.
MIN_ACTION_SECONDS = 4.0


@dataclass(frozen=True)
class ActionFigures:
    """Figures of a span that tell its action.

    rhythm: median regularity, 0..1; strokes: regular strokes a second; circling: 0 for to and fro,
    1 for round and round; onsets: blows a second; hands: median number where any is seen; seen:
    share of time with a hand; sizzle: mean, 0..1.
    """

    rhythm: float
    strokes: float
    circling: float
    onsets: float
    hands: float
    seen: float
    sizzle: float


def measure_action(signals: Signals, part: slice) -> ActionFigures:
    """The figures of the analysis times in `part`."""
    hands = signals.hands[part]
    rhythm, strokes = signals.rhythm[part], signals.strokes[part]
    regular = rhythm > MIN_REGULARITY
    return ActionFigures(
        rhythm=float(np.median(rhythm)),
        strokes=float(np.median(strokes[regular])) if regular.any() else 0.0,
        circling=_measure_circling(signals.drift[part][_dense_steps(signals, part)]),
        onsets=float(signals.onsets[part].mean() / STEP),
        hands=float(np.median(hands[hands > 0])) if (hands > 0).any() else 0.0,
        seen=float((hands > 0).mean()),
        sizzle=float(signals.sizzle[part].mean()),
    )


def _dense_steps(signals: Signals, part: slice) -> NDArray[np.bool_]:
    """Mask of the steps in `part` with dense frames; all steps if none has them."""
    dense = signals.dense[part]
    return dense if dense.any() else np.ones_like(dense)


def _measure_circling(drift: Array) -> float:
    """How much velocities (n, 2) turn one way: mean turn over mean size of two neighbors."""
    if len(drift) < 3:
        return 0.0
    before, after = drift[:-1], drift[1:]
    turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    size = np.hypot(*before.T) * np.hypot(*after.T)
    return float(abs(turn.sum()) / (size.sum() + 1e-9))


def evidence_for(figures: ActionFigures) -> dict[str, float]:
    """Evidence, 0..1, for each action that has a name."""
    frying = ramp_of(figures.sizzle, 0.3, 0.6)
    # Frying crackles, which sounds like blows.
    blows = ramp_of(figures.onsets, 0.8, 2.0) * (1 - frying)
    fast = ramp_of(figures.strokes, 1.3, 2.0)
    regular = ramp_of(figures.rhythm, 0.4, 0.6)
    slow = regular * ramp_of(figures.strokes, 0.3, 0.5) * (1 - ramp_of(figures.strokes, 1.8, 2.4))
    circling = ramp_of(figures.circling, 0.15, 0.4)
    hands_seen = ramp_of(figures.seen, 0.3, 0.7)
    two_hands = ramp_of(figures.hands, 1.2, 1.8)
    return {
        # Four figures a second are too few to see fast strokes go round. Without the sound of
        # blows, whisks, sieves and a trembling camera look the same.
        "chop": regular * fast * blows,
        "knead": slow * (1 - circling) * hands_seen * (0.4 + 0.6 * two_hands) * (1 - frying),
        "stir": slow * max(circling, 0.8 * frying),
    }


def name_action(signals: Signals, part: slice) -> str:
    """The action over `part`; `other` if the evidence is weak."""
    things = thing_scores(signals, part)
    candidates = {
        action: evidence
        for action, evidence in evidence_for(measure_action(signals, part)).items()
        if _has_required_thing(action, things)
    }
    best = max(candidates, key=lambda action: candidates[action])
    return best if candidates[best] >= MIN_EVIDENCE else "other"


def _has_required_thing(action: str, scores: dict[str, float]) -> bool:
    """Whether the scene shows the thing that `action` needs, if it needs one."""
    if action not in REQUIRED_THINGS:
        return True
    thing, min_score = REQUIRED_THINGS[action]
    return scores.get(thing, 0.0) >= min_score


def split_by_action(signals: Signals, part: slice) -> list[tuple[slice, str]]:
    """`part` of one shot, split where its action changes; each piece with its name.

    A piece lasts at least MIN_ACTION_SECONDS, so that chop, chop, chop is one piece.
    """
    min_steps = round(MIN_ACTION_SECONDS / STEP)
    half = round(WINDOW_SECONDS / STEP / 2)
    centers = range(part.start + half, max(part.stop - half, part.start + half + 1), 2)
    window_names = [
        name_action(signals, _clip_slice(part, center - half, center + half)) for center in centers
    ]
    edges = [part.start]
    names = [window_names[0]]
    for center, name in zip(centers, window_names, strict=True):
        long_enough = center - edges[-1] >= min_steps and part.stop - center >= min_steps
        if name != names[-1] and long_enough and _lasts(window_names, centers, center, name):
            edges.append(center)
            names.append(name)
    pieces = [slice(a, b) for a, b in zip(edges, [*edges[1:], part.stop], strict=True)]
    return _join_same(signals, [(piece, name_action(signals, piece)) for piece in pieces])


def _join_same(signals: Signals, pieces: list[tuple[slice, str]]) -> list[tuple[slice, str]]:
    """`pieces` with neighbors of the same name or the same movement joined."""
    joined = pieces[:1]
    for piece, name in pieces[1:]:
        last, last_name = joined[-1]
        both = slice(last.start, piece.stop)
        if name == last_name:
            joined[-1] = (both, name)
        elif is_same_movement(measure_action(signals, last), measure_action(signals, piece)):
            joined[-1] = (both, name_action(signals, both))
        else:
            joined.append((piece, name))
    return joined


def is_same_movement(a: ActionFigures, b: ActionFigures) -> bool:
    """Whether both are regular and their rates an octave apart."""
    slower, faster = sorted((a.strokes, b.strokes))
    regular = min(a.rhythm, b.rhythm) > MIN_REGULARITY
    return regular and OCTAVE_RANGE[0] * slower <= faster <= OCTAVE_RANGE[1] * slower


def _lasts(window_names: list[str], centers: range, start: int, name: str) -> bool:
    """Whether most windows in the MIN_ACTION_SECONDS after `start` have this `name`."""
    ahead = [
        window_name
        for center, window_name in zip(centers, window_names, strict=True)
        if 0 <= center - start < MIN_ACTION_SECONDS / STEP
    ]
    return ahead.count(name) > len(ahead) / 2


def _clip_slice(part: slice, first: int, last: int) -> slice:
    """The steps first..last within `part`, at least one."""
    return slice(max(part.start, first), min(part.stop, max(last, first + 1)))
