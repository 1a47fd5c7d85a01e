"""What kind of work it is, told from the rhythm of what the hands move and the things they work on.

Few actions are named, and seldom: on footage of makers it was not made for, calm hands were plating
in 3 of 18 cases, a flying picture was tossing in 3 of 24, and a steady flow was never pouring
(benchmarks/RESULTS.md). What the creator writes in the notes names the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import ramp_of
from btsclip.moments.things import thing_scores
from btsclip.signals.model import STEP, Array, Signals

# An action is named when its evidence, 0..1, reaches this; else it is `other`.
SURE = 0.5
# The thing that must be seen, with its least score, for an action that others look like.
ON = {"knead": ("dough", 1.0), "stir": ("pots and pans", 0.5)}
# Strokes whose regularity is below this have no rate.
REGULAR = 0.2
# Rates of two spans that differ by a factor within these are those of one movement: where every
# other stroke looks a little different, now each of them is counted and now every second.
OCTAVE = (1.8, 2.2)
# Seconds over which an action is told, and the shortest that is set apart within a moment.
WINDOW, SHORTEST = 4.0, 4.0


@dataclass(frozen=True)
class ActionFigures:
    """Figures of a span from which its action is told.

    rhythm: median regularity 0..1; strokes: of them a second; circling: 0 for to and fro, 1 for
    round and round; onsets: blows a second; hands: usual number where any is seen; seen: share of
    time with a hand; sizzle: mean.
    """

    rhythm: float
    strokes: float
    circling: float
    onsets: float
    hands: float
    seen: float
    sizzle: float


def measure_action(signals: Signals, part: slice) -> ActionFigures:
    """The figures over the analysis times in `part`."""
    seen = signals.hands[part]
    rhythm, strokes = signals.rhythm[part], signals.strokes[part]
    regular = rhythm > REGULAR
    return ActionFigures(
        rhythm=float(np.median(rhythm)),
        strokes=float(np.median(strokes[regular])) if regular.any() else 0.0,
        circling=_circling(signals.drift[part][_closely(signals, part)]),
        onsets=float(signals.onsets[part].mean() / STEP),
        hands=float(np.median(seen[seen > 0])) if (seen > 0).any() else 0.0,
        seen=float((seen > 0).mean()),
        sizzle=float(signals.sizzle[part].mean()),
    )


def _closely(signals: Signals, part: slice) -> NDArray[np.bool_]:
    """Which of the steps in `part` were looked at closely; all where none was."""
    dense = signals.dense[part]
    return dense if dense.any() else np.ones_like(dense)


def _circling(drift: Array) -> float:
    """How much the velocity turns one way: mean turn over mean size of two neighbours (n, 2)."""
    if len(drift) < 3:
        return 0.0
    before, after = drift[:-1], drift[1:]
    turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    size = np.hypot(*before.T) * np.hypot(*after.T)
    return float(abs(turn.sum()) / (size.sum() + 1e-9))


def evidence_for(h: ActionFigures) -> dict[str, float]:
    """Evidence 0..1 for each action that can be told."""
    frying = ramp_of(h.sizzle, 0.3, 0.6)
    # Frying crackles: those are no blows.
    blows = ramp_of(h.onsets, 0.8, 2.0) * (1 - frying)
    fast = ramp_of(h.strokes, 1.3, 2.0)
    regular = ramp_of(h.rhythm, 0.4, 0.6)
    slow = regular * ramp_of(h.strokes, 0.3, 0.5) * (1 - ramp_of(h.strokes, 1.8, 2.4))
    round_ = ramp_of(h.circling, 0.15, 0.4)
    handy = ramp_of(h.seen, 0.3, 0.7)
    two = ramp_of(h.hands, 1.2, 1.8)
    return {
        # Four figures a second do not tell whether strokes as fast as these go round. Without the
        # sound of blows, whisks, sieves and a trembling camera look the same.
        "chop": regular * fast * blows,
        "knead": slow * (1 - round_) * handy * (0.4 + 0.6 * two) * (1 - frying),
        "stir": slow * max(round_, 0.8 * frying),
    }


def name_action(signals: Signals, part: slice) -> str:
    """The action over `part`, `other` when none is surely told."""
    things = thing_scores(signals, part)
    found = {
        action: evidence
        for action, evidence in evidence_for(measure_action(signals, part)).items()
        if _has_its_thing(action, things)
    }
    best = max(found, key=lambda action: found[action])
    return best if found[best] >= SURE else "other"


def _has_its_thing(action: str, things: dict[str, float]) -> bool:
    """Whether what `action` is done to is seen, by the scores of `things`."""
    if action not in ON:
        return True
    thing, least = ON[action]
    return things.get(thing, 0.0) >= least


def split_by_action(signals: Signals, part: slice) -> list[tuple[slice, str]]:
    """`part` of one shot cut where its action changes, each piece with its name.

    Only pieces of at least SHORTEST seconds stand alone, so chop, chop, chop is one piece.
    """
    least = round(SHORTEST / STEP)
    half = round(WINDOW / STEP / 2)
    centres = range(part.start + half, max(part.stop - half, part.start + half + 1), 2)
    told = [name_action(signals, _clipped(part, at - half, at + half)) for at in centres]
    edges = [part.start]
    names = [told[0]]
    for at, name in zip(centres, told, strict=True):
        long_enough = at - edges[-1] >= least and part.stop - at >= least
        if name != names[-1] and long_enough and _lasts(told, centres, at, name):
            edges.append(at)
            names.append(name)
    pieces = [slice(a, b) for a, b in zip(edges, [*edges[1:], part.stop], strict=True)]
    return _joined(signals, [(piece, name_action(signals, piece)) for piece in pieces])


def _joined(signals: Signals, pieces: list[tuple[slice, str]]) -> list[tuple[slice, str]]:
    """Neighbours of the same name or the same movement are one piece."""
    joined = pieces[:1]
    for piece, name in pieces[1:]:
        before, named = joined[-1]
        both = slice(before.start, piece.stop)
        if name == named:
            joined[-1] = (both, name)
        elif is_same_movement(measure_action(signals, before), measure_action(signals, piece)):
            joined[-1] = (both, name_action(signals, both))
        else:
            joined.append((piece, name))
    return joined


def is_same_movement(a: ActionFigures, b: ActionFigures) -> bool:
    """Whether both are regular and their rates an octave apart."""
    slower, faster = sorted((a.strokes, b.strokes))
    regular = min(a.rhythm, b.rhythm) > REGULAR
    return regular and OCTAVE[0] * slower <= faster <= OCTAVE[1] * slower


def _lasts(told: list[str], centres: range, at: int, name: str) -> bool:
    """Whether `name` is what is told most from `at` on, over SHORTEST seconds."""
    ahead = [
        n for centre, n in zip(centres, told, strict=True) if 0 <= centre - at < SHORTEST / STEP
    ]
    return ahead.count(name) > len(ahead) / 2


def _clipped(part: slice, first: int, last: int) -> slice:
    return slice(max(part.start, first), min(part.stop, max(last, first + 1)))
