"""Belief to moments: spans of work by hysteresis, and the idle spans between them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.moments.belief import process_belief, shot_edges
from btsclip.moments.evidence import describe, weigh
from btsclip.signals.series import STEP, Signals

# A moment begins where belief passes HIGH and goes on while it stays above LOW.
HIGH, LOW = 0.6, 0.4
# Work may pause this long, to reach for salt, without ending the moment.
PAUSE = 1.5
SHORTEST = 1.0

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Moment:
    """A span of footage in seconds with its kind, its score (0..1) and the figures behind it."""

    id: str
    kind: str
    action: str | None
    start: float
    end: float
    score: float
    evidence: dict[str, float]
    why: str

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.end - self.start


def find_moments(signals: Signals, duration: float) -> tuple[Moment, ...]:
    """All moments of one footage in the order of time: work, and what is idle between."""
    belief = process_belief(signals)
    found: list[Moment] = []
    for start, end, working in _spans(belief, signals, duration):
        part = signals.between(start, end)
        evidence = weigh(signals, part)
        found.append(
            Moment(
                id=f"m{len(found) + 1:03d}",
                kind="process" if working else "idle",
                action="other" if working else None,
                start=start,
                end=end,
                score=round(float(belief[part].mean()), 3),
                evidence=evidence,
                why=describe(evidence, end - start),
            )
        )
    return tuple(found)


def _spans(belief: Array, signals: Signals, duration: float) -> list[tuple[float, float, bool]]:
    """(start, end, working) without gaps from 0 to `duration`."""
    working = fill_pauses(hysteresis(belief), shot_edges(signals))
    edges = np.flatnonzero(np.diff(working.astype(int))) + 1
    cuts = [0, *(int(edge) for edge in edges), len(working)]
    spans: list[tuple[float, float, bool]] = []
    for first, last in itertools.pairwise(cuts):
        end = min(duration, last * STEP)
        if end <= first * STEP:
            continue
        work = bool(working[first]) and (last - first) * STEP >= SHORTEST
        if spans and spans[-1][2] == work:
            spans[-1] = (spans[-1][0], end, work)
        else:
            spans.append((first * STEP, end, work))
    return spans


def hysteresis(belief: Array, high: float = HIGH, low: float = LOW) -> NDArray[np.bool_]:
    """True in each run above `low` that somewhere reaches `high`."""
    above = belief >= low
    runs = np.cumsum(np.diff(above.astype(int), prepend=0) == 1) * above
    strong = np.unique(runs[belief >= high])
    return np.isin(runs, strong[strong > 0])


def fill_pauses(working: NDArray[np.bool_], edges: list[int]) -> NDArray[np.bool_]:
    """Closes gaps of up to PAUSE seconds, unless a shot border lies in them."""
    result = working.copy()
    changes = np.flatnonzero(np.diff(working.astype(int)))
    for last, first in itertools.pairwise(changes):
        gap = (int(last) + 1, int(first) + 1)
        is_gap = not working[gap[0]]
        short = (gap[1] - gap[0]) * STEP <= PAUSE
        if is_gap and short and not any(gap[0] <= edge <= gap[1] for edge in edges):
            result[gap[0] : gap[1]] = True
    return result
