"""Signals to moments: spans of work by hysteresis, what lies between them, and mishaps."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span, changes, common, gaps, runs_of_true
from btsclip.moments.actions import split_by_action
from btsclip.moments.belief import HAND_SECONDS, hand_belief, process_belief, shot_edges
from btsclip.moments.evidence import describe_evidence, measure_evidence
from btsclip.moments.mishaps import find_mishaps
from btsclip.moments.scenes import scene_beliefs, scenes
from btsclip.moments.trim import best_part
from btsclip.signals.model import STEP, Array, Signals

# A moment begins where belief passes HIGH and goes on while it stays above LOW.
HIGH, LOW = 0.55, 0.4
# Work may pause this long, to reach for salt, without ending the moment.
PAUSE = 1.5
SHORTEST = 1.0
# Motion in widths a second below which a step is quiet, and the most steps of slack at each end.
MOVES, SLACK = 0.03, round(0.5 * HAND_SECONDS / STEP)
# Work longer than LONG seconds also has a best part of BEST seconds.
LONG, BEST = 15.0, 8.0
# Shots shorter than this, in seconds, stay with their neighbours.
SCENE = 1.5


@dataclass(frozen=True)
class Moment:
    """A span of footage in seconds with its kind, its score (0..1) and the figures behind it.

    `best` is the best part of long work.
    """

    id: str
    kind: str
    action: str | None
    start: float
    end: float
    score: float
    evidence: dict[str, float]
    why: str
    best: Span | None = None

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.end - self.start


def find_moments(signals: Signals, duration: float, first: float = 0.0) -> tuple[Moment, ...]:
    """All moments of one footage in the order of time, whose pictures begin at `first`.

    Work and what lies between leave no gaps; mishaps lie upon them, for they happen at work.
    """
    belief = process_belief(signals)
    beliefs = scene_beliefs(signals, belief)
    hands = hand_belief(signals)
    pictures = (first, duration)
    spans = [
        (common(pictures, (part.start * STEP, part.stop * STEP)), kind, action)
        for part, kind, action in _parts(signals, belief, beliefs)
    ]
    found = [
        _moment(signals, hands, span, kind, action, _score(signals, span, kind, belief, beliefs))
        for span, kind, action in spans
        if span[1] > span[0]
    ]
    for mishap in find_mishaps(signals, belief, duration):
        span = common(pictures, (mishap.start, mishap.end))
        if span[1] <= span[0]:
            continue
        score = round(0.5 + 0.5 * mishap.strength, 3)
        moment = _moment(signals, hands, span, "mishap", None, score)
        evidence = {**moment.evidence, "at": mishap.time, mishap.sign: mishap.strength}
        if mishap.recovery is not None:
            evidence["recovery"] = mishap.recovery
        found.append(
            replace(
                moment,
                evidence=evidence,
                why=describe_evidence(evidence, moment.duration, "mishap"),
            )
        )
    found = [
        replace(m, best=best_part((m.start, m.end), belief, signals, BEST))
        if m.kind == "process" and m.duration > LONG
        else m
        for m in found
    ]
    found.sort(key=lambda moment: (moment.start, moment.end))
    return tuple(replace(moment, id=f"m{i:03d}") for i, moment in enumerate(found, 1))


def _parts(
    signals: Signals, belief: Array, beliefs: dict[str, Array]
) -> Iterator[tuple[slice, str, str | None]]:
    """Slices of the analysis times without gaps, each with its kind and action."""
    shots = shot_edges(signals)
    alone = [hysteresis(belief[a:b]) for a, b in itertools.pairwise(shots)]
    working = fill_pauses(trim_quiet_ends(np.concatenate(alone), signals), shots)
    edges = [0, *changes(working), len(working)]
    runs = [(slice(a, b), bool(working[a])) for a, b in itertools.pairwise(edges)]
    for part, works in _long_enough(runs):
        if not works:
            yield from ((piece, kind, None) for piece, kind in scenes(signals, beliefs, part))
            continue
        inner = [edge * STEP for edge in shots]
        for start, end in split_at_borders((part.start * STEP, part.stop * STEP), inner, SCENE):
            scene = slice(round(start / STEP), round(end / STEP))
            yield from ((piece, "process", name) for piece, name in split_by_action(signals, scene))


def _long_enough(runs: list[tuple[slice, bool]]) -> list[tuple[slice, bool]]:
    """Runs in which work shorter than SHORTEST is none, neighbours alike joined."""
    joined: list[tuple[slice, bool]] = []
    for part, works in runs:
        lasting = works and (part.stop - part.start) * STEP >= SHORTEST
        if joined and joined[-1][1] == lasting:
            joined[-1] = (slice(joined[-1][0].start, part.stop), lasting)
        else:
            joined.append((part, lasting))
    return joined


def _moment(
    signals: Signals, hands: Array, span: Span, kind: str, action: str | None, score: float
) -> Moment:
    part = signals.between(*span)
    evidence = {
        **measure_evidence(signals, part),
        "hand_belief": round(float(hands[part].mean()), 4),
    }
    why = describe_evidence(evidence, span[1] - span[0], kind)
    return Moment("", kind, action, *span, score, evidence, why)


def _score(
    signals: Signals, span: Span, kind: str, belief: Array, beliefs: dict[str, Array]
) -> float:
    """Mean belief in the kind over `span`: the same figure means the same in every file."""
    values = beliefs.get(kind, belief)[signals.between(*span)]
    return round(float(values.mean()), 3)


def split_at_borders(span: Span, borders: Sequence[float], least: float) -> list[Span]:
    """`span` cut at the shot borders within it, where both pieces keep `least` seconds.

    Another shot is another scene; shots too short to stand alone stay with their neighbours.
    """
    pieces: list[Span] = []
    start, end = span
    for border in borders:
        if border - start >= least and end - border >= least:
            pieces.append((start, border))
            start = border
    return [*pieces, (start, end)]


def hysteresis(belief: Array, high: float = HIGH, low: float = LOW) -> NDArray[np.bool_]:
    """True in each run above `low` that somewhere reaches `high`."""
    strong = np.zeros(len(belief), bool)
    for first, last in runs_of_true(belief >= low):
        strong[first:last] = (belief[first:last] >= high).any()
    return strong


def trim_quiet_ends(working: NDArray[np.bool_], signals: Signals) -> NDArray[np.bool_]:
    """Runs of work without the quiet steps at their ends.

    Belief is taken over some seconds, so it begins before the first hand and ends after the last.
    """
    quiet = (signals.hands == 0) & ((signals.motion < MOVES) | (signals.motion < signals.camera))
    result = working.copy()
    for first, last in runs_of_true(working):
        lively = np.flatnonzero(~quiet[first:last])
        if len(lively):
            result[first : max(first, first + min(lively[0], SLACK))] = False
            result[min(last, last - min(last - first - 1 - lively[-1], SLACK)) : last] = False
    return result


def fill_pauses(working: NDArray[np.bool_], edges: list[int]) -> NDArray[np.bool_]:
    """Closes gaps of up to PAUSE seconds, unless a shot border lies in them."""
    result = working.copy()
    for first, last in gaps(working):
        short = (last - first) * STEP <= PAUSE
        if short and not any(first <= edge <= last for edge in edges):
            result[first:last] = True
    return result
