"""From signals to moments: work, the scenes between stretches of work, and mishaps."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span, changes, common, gaps, runs_of_true, without
from btsclip.moments.actions import split_by_action
from btsclip.moments.belief import HAND_SECONDS, hand_belief, process_belief, shot_edges
from btsclip.moments.evidence import describe_evidence, measure_evidence
from btsclip.moments.mishaps import Mishap, find_mishaps
from btsclip.moments.scenes import scene_beliefs, split_scenes
from btsclip.moments.trim import best_part
from btsclip.signals import STEP, Array, Signals

# Work lasts while belief stays at this value or above, and must somewhere reach the next one.
LOW_BELIEF = 0.4
HIGH_BELIEF = 0.55
# Longest pause, in seconds, that does not end a moment: somebody reaches for salt.
MAX_PAUSE_SECONDS = 1.5
MIN_WORK_SECONDS = 1.0
# Motion, in picture widths a second, below which a step without hands is quiet.
MIN_MOTION = 0.03
# Quiet steps to drop at each end of work, at most.
MAX_TRIMMED_STEPS = round(0.5 * HAND_SECONDS / STEP)
# Work longer than this, in seconds, gets a best part of the next length.
LONG_WORK_SECONDS = 15.0
BEST_PART_SECONDS = 8.0
# Shots shorter than this, in seconds, stay with the next shot. Cuts drop them from their ends.
MIN_SHOT_SECONDS = 0.5


@dataclass(frozen=True)
class Moment:
    """A span of footage in seconds, with its kind, its score (0..1) and the figures behind it.

    `best` is the best part of long work, else None.
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
    """All moments of one footage, in order of time; `first` is the time of its first picture.

    Work and scenes cover all that can be read of the footage, without overlaps. Mishaps overlap
    them, because they happen at work. All times are in seconds.
    """
    belief = process_belief(signals)
    beliefs = scene_beliefs(signals, belief)
    hands = hand_belief(signals)
    pictures = (first, duration)
    spans = [
        (span, kind, action)
        for part, kind, action in _split_into_kinds(signals, belief, beliefs)
        for span in without(common(pictures, (part.start * STEP, part.stop * STEP)), signals.lost)
    ]
    moments = [
        _make_moment(
            signals, hands, span, kind, action, _mean_belief(signals, span, kind, belief, beliefs)
        )
        for span, kind, action in spans
    ]
    for mishap in find_mishaps(signals, belief, duration):
        span = common(pictures, (mishap.start, mishap.end))
        if span[1] > span[0] and without(span, signals.lost) == [span]:
            moments.append(_make_mishap(signals, hands, span, mishap))
    moments = [
        replace(m, best=best_part((m.start, m.end), belief, signals, BEST_PART_SECONDS))
        if m.kind == "process" and m.duration > LONG_WORK_SECONDS
        else m
        for m in moments
    ]
    moments.sort(key=lambda moment: (moment.start, moment.end))
    return tuple(replace(moment, id=f"m{i:03d}") for i, moment in enumerate(moments, 1))


def _split_into_kinds(
    signals: Signals, belief: Array, beliefs: dict[str, Array]
) -> Iterator[tuple[slice, str, str | None]]:
    """Slices that cover the analysis times without gaps, each with its kind and action."""
    shots = shot_edges(signals)
    masks = [hysteresis(belief[a:b]) for a, b in itertools.pairwise(shots)]
    working = fill_pauses(trim_quiet_ends(np.concatenate(masks), signals), shots)
    edges = [0, *changes(working), len(working)]
    runs = [(slice(a, b), bool(working[a])) for a, b in itertools.pairwise(edges)]
    for part, is_work in _drop_short_work(runs):
        if not is_work:
            yield from ((piece, kind, None) for piece, kind in split_scenes(signals, beliefs, part))
            continue
        span = (part.start * STEP, part.stop * STEP)
        for start, end in split_at_borders(span, [edge * STEP for edge in shots], MIN_SHOT_SECONDS):
            shot = slice(round(start / STEP), round(end / STEP))
            yield from ((piece, "process", name) for piece, name in split_by_action(signals, shot))


def _drop_short_work(runs: list[tuple[slice, bool]]) -> list[tuple[slice, bool]]:
    """Slices with whether they are work; work shorter than MIN_WORK_SECONDS joins its neighbors."""
    joined: list[tuple[slice, bool]] = []
    for part, works in runs:
        is_work = works and (part.stop - part.start) * STEP >= MIN_WORK_SECONDS
        if joined and joined[-1][1] == is_work:
            joined[-1] = (slice(joined[-1][0].start, part.stop), is_work)
        else:
            joined.append((part, is_work))
    return joined


def _make_mishap(signals: Signals, hands: Array, span: Span, mishap: Mishap) -> Moment:
    score = round(0.5 + 0.5 * mishap.strength, 3)
    moment = _make_moment(signals, hands, span, "mishap", None, score)
    evidence = {**moment.evidence, "at": mishap.time, mishap.sign: mishap.strength}
    if mishap.recovery is not None:
        evidence["recovery"] = mishap.recovery
    why = describe_evidence(evidence, moment.duration, "mishap")
    return replace(moment, evidence=evidence, why=why)


def _make_moment(
    signals: Signals, hands: Array, span: Span, kind: str, action: str | None, score: float
) -> Moment:
    """A moment without a number; `hands` (n,) is the belief in hands."""
    part = signals.between(*span)
    evidence = {
        **measure_evidence(signals, part),
        "hand_belief": round(float(hands[part].mean()), 4),
    }
    why = describe_evidence(evidence, span[1] - span[0], kind)
    return Moment("", kind, action, *span, score, evidence, why)


def _mean_belief(
    signals: Signals, span: Span, kind: str, belief: Array, beliefs: dict[str, Array]
) -> float:
    """Mean belief in the kind over `span`, a score that means the same in every file."""
    values = beliefs.get(kind, belief)[signals.between(*span)]
    return round(float(values.mean()), 3)


def split_at_borders(span: Span, borders: Sequence[float], min_seconds: float) -> list[Span]:
    """`span` split at each of the `borders` that leaves `min_seconds` on both sides.

    >>> split_at_borders((10, 40), (12, 20, 30), 4)
    [(10, 20), (20, 30), (30, 40)]
    """
    pieces: list[Span] = []
    start, end = span
    for border in borders:
        if border - start >= min_seconds and end - border >= min_seconds:
            pieces.append((start, border))
            start = border
    return [*pieces, (start, end)]


def hysteresis(
    belief: Array, high: float = HIGH_BELIEF, low: float = LOW_BELIEF
) -> NDArray[np.bool_]:
    """Mask (n,) of the runs of `belief` at `low` or above that somewhere reach `high`."""
    mask = np.zeros(len(belief), bool)
    for first, last in runs_of_true(belief >= low):
        mask[first:last] = (belief[first:last] >= high).any()
    return mask


def trim_quiet_ends(working: NDArray[np.bool_], signals: Signals) -> NDArray[np.bool_]:
    """`working` (n,) without the quiet steps at both ends of each run.

    Belief is averaged over some seconds, so it starts before the first hand and ends after the
    last.
    """
    quiet = (signals.hands == 0) & (
        (signals.motion < MIN_MOTION) | (signals.motion < signals.camera)
    )
    result = working.copy()
    for first, last in runs_of_true(working):
        lively = np.flatnonzero(~quiet[first:last])
        if len(lively):
            before = min(lively[0], MAX_TRIMMED_STEPS)
            after = min(last - first - 1 - lively[-1], MAX_TRIMMED_STEPS)
            result[first : max(first, first + before)] = False
            result[min(last, last - after) : last] = False
    return result


def fill_pauses(working: NDArray[np.bool_], edges: list[int]) -> NDArray[np.bool_]:
    """`working` (n,) with gaps of up to MAX_PAUSE_SECONDS closed, except at shot `edges`."""
    result = working.copy()
    for first, last in gaps(working):
        short = (last - first) * STEP <= MAX_PAUSE_SECONDS
        if short and not any(first <= edge <= last for edge in edges):
            result[first:last] = True
    return result
