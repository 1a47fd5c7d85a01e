"""Moments to cuts: which spans become clips, and why the others do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.media.probe import Footage
from btsclip.moments.belief import process_belief
from btsclip.moments.evidence import describe, weigh
from btsclip.moments.find import Moment
from btsclip.moments.trim import settle
from btsclip.signals.series import STEP, Signals

Span = tuple[float, float]

# Medians below or above which a picture is of no use (see signals/quality.py).
DARKEST, BRIGHTEST, BLURRIEST = 0.03, 0.97, 0.0015
# Mean difference of two clips' thumbnails, in grey levels, up to which they look the same.
SAME_PICTURE = 4.0
# A later part of one long moment must be nearly as good as its best part, and there are at most
# this many of them: more of the same is padding.
SECOND_BEST, MOST_PARTS = 0.9, 3
# Work that is not sure to be work in the mean over the clip is not shown.
LEAST_SCORE = 0.5


@dataclass(frozen=True)
class Cut:
    """A span of footage to show, with the reason. `thumbs` (9, 16) is its mean small picture."""

    footage: Footage
    start: float
    end: float
    kind: str
    action: str | None
    score: float
    evidence: dict[str, float]
    why: str
    thumb: NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Refusal:
    """A span that was looked at and left out, with the reason."""

    footage: Footage
    start: float
    end: float
    why: str


def candidates(
    footage: Footage,
    signals: Signals,
    moments: Sequence[Moment],
    lengths: tuple[float, float, float],
) -> tuple[list[Cut], list[Refusal]]:
    """Cuts that one footage offers, of `lengths` (least, target, most seconds), and refusals."""
    cuts: list[Cut] = []
    refused: list[Refusal] = []
    belief = process_belief(signals)
    for moment in moments:
        if moment.kind == "idle":
            refused.append(Refusal(footage, moment.start, moment.end, f"no work: {moment.why}"))
            continue
        scenes = split_at_borders((moment.start, moment.end), signals.borders, lengths[0])
        parts = (part for scene in scenes for part in best_parts(scene, belief, signals, lengths))
        for span in parts:
            start, end = settle(footage, signals, span, lengths)
            if end - start < lengths[0] - 1e-6:
                why = f"only {end - start:.1f} s of work, less than {lengths[0]:g} s"
                refused.append(Refusal(footage, start, end, why))
                continue
            cut = _cut(footage, signals, belief, moment, (start, end))
            fault = _fault(cut)
            if fault:
                refused.append(Refusal(footage, start, end, fault))
            else:
                cuts.append(cut)
    return cuts, refused


def choose(
    cuts: Sequence[Cut], count: int, weights: dict[str, float] | None = None
) -> tuple[list[Cut], list[Refusal]]:
    """The `count` best of all files' cuts, without look-alikes, in the order of file and time."""
    weights = weights or {}
    ranked = sorted(cuts, key=lambda cut: -cut.score * weights.get(cut.kind, 1.0))
    order = {id(cut): place for place, cut in enumerate(cuts)}
    chosen: list[Cut] = []
    refused: list[Refusal] = []
    for cut in ranked:
        twin = next((other for other in chosen if _alike(cut, other)), None)
        if twin:
            why = f"looks like the clip at {twin.start:.1f} s of {twin.footage.path.name}"
        elif len(chosen) >= count:
            why = f"{count} clips score higher (this one {cut.score:.2f})"
        else:
            chosen.append(cut)
            continue
        refused.append(Refusal(cut.footage, cut.start, cut.end, why))
    return sorted(chosen, key=lambda cut: order[id(cut)]), refused


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


def best_parts(
    scene: Span,
    belief: NDArray[np.floating[Any]],
    signals: Signals,
    lengths: tuple[float, float, float],
) -> list[Span]:
    """`scene` itself, or its best spans of the target length when it is longer than the most."""
    _, target, most = lengths
    if scene[1] - scene[0] <= most:
        return [scene]
    part = signals.between(*scene)
    worth = belief[part] * (0.5 + np.clip(signals.hand_motion[part] / 0.1, 0, 1))
    width = min(len(worth), max(1, round(target / STEP)))
    total = np.concatenate([[0.0], np.cumsum(worth)])
    means = (total[width:] - total[:-width]) / width
    first = best = float(means.max())
    spans: list[Span] = []
    while len(spans) < MOST_PARTS and best >= SECOND_BEST * first > 0:
        at = int(means.argmax())
        start = scene[0] + at * STEP
        spans.append((start, min(scene[1], start + width * STEP)))
        # Parts of one action lie a whole clip apart, or they would be one clip in two pieces.
        means[max(0, at - 2 * width + 1) : at + 2 * width] = -1.0
        best = float(means.max())
    return sorted(spans)


def _cut(
    footage: Footage,
    signals: Signals,
    belief: NDArray[np.floating[Any]],
    moment: Moment,
    span: Span,
) -> Cut:
    part = signals.between(*span)
    evidence = weigh(signals, part)
    inside = (signals.thumb_times >= span[0]) & (signals.thumb_times <= span[1])
    if not inside.any():
        inside[int(np.abs(signals.thumb_times - sum(span) / 2).argmin())] = True
    return Cut(
        footage=footage,
        start=span[0],
        end=span[1],
        kind=moment.kind,
        action=moment.action,
        score=round(float(belief[part].mean()), 3),
        evidence=evidence,
        why=describe(evidence, span[1] - span[0]),
        thumb=signals.thumbs[inside].astype(float).mean(0),
    )


def _fault(cut: Cut) -> str | None:
    if cut.score < LEAST_SCORE:
        return f"not surely work (score {cut.score:.2f}): {cut.why}"
    if cut.evidence["exposure"] < DARKEST:
        return "too dark to see anything"
    if cut.evidence["exposure"] > BRIGHTEST:
        return "washed out to white"
    if cut.evidence["sharpness"] < BLURRIEST:
        return "out of focus"
    return None


def _alike(a: Cut, b: Cut) -> bool:
    if a.thumb.shape != b.thumb.shape:
        return False
    return float(np.abs(a.thumb - b.thumb).mean()) < SAME_PICTURE
