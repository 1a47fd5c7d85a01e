"""From moments to cuts: which spans may become clips, and why the others do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span, without
from btsclip.media import Footage
from btsclip.moments.belief import process_belief
from btsclip.moments.evidence import describe_evidence, measure_evidence
from btsclip.moments.find import Moment
from btsclip.moments.one_action import (
    NONE_IS_LONG_ENOUGH,
    IsAlike,
    count_shots,
    describe_shots,
    ends_of_action,
    join_scenes,
    join_short_work,
    likeness_tests,
)
from btsclip.moments.safety import find_dangers, first_danger
from btsclip.moments.trim import best_parts, settle_ends
from btsclip.signals import STEP, Signals, count_cuts

# Whether mishaps are kept beside everything else, dropped, or the only moments to cut.
Mishaps = Literal["keep", "drop", "only"]

# Medians beyond which a picture is of no use (see signals/quality.py).
MIN_EXPOSURE = 0.03
MAX_EXPOSURE = 0.97
MIN_SHARPNESS = 0.0015
# Mean difference of two clips' thumbnails, in gray levels, below which they look alike.
MAX_LOOK_ALIKE_DIFFERENCE = 4.0
# Score, for work its mean belief, below which a clip is not shown.
MIN_SCORE = 0.5
# Kinds as refusals call them.
KIND_NAMES = {
    "process": "work",
    "mishap": "a mishap",
    "why": "an explanation",
    "reveal": "a finished dish",
}


@dataclass(frozen=True)
class Cut:
    """A span of footage to show, in seconds, with its reason.

    `thumb` (9, 16) is the mean of its small pictures. `danger` says why it is offered switched off:
    it may show an injury or distress.
    """

    footage: Footage
    start: float
    end: float
    kind: str
    action: str | None
    score: float
    evidence: dict[str, float]
    why: str
    thumb: NDArray[np.floating[Any]]
    danger: str = ""


@dataclass(frozen=True)
class Refusal:
    """A span of footage that is left out, in seconds, with the reason.

    `option` names the command line option that would show it, if there is one.
    """

    footage: Footage
    start: float
    end: float
    why: str
    option: str = ""


def find_candidates(
    footage: Footage,
    signals: Signals,
    moments: Sequence[Moment],
    lengths: tuple[float, float, float],
    mishaps: Mishaps = "keep",
) -> tuple[list[Cut], list[Refusal]]:
    """Cuts that one footage offers, and refusals.

    `lengths` are the minimum, target and maximum of a cut in seconds. Cuts that may show an injury
    or distress are marked with it.
    """
    if mishaps == "drop":
        moments = _without_mishaps(moments)
    is_one_look, is_one_scene = likeness_tests(footage, signals)
    joined = join_short_work(moments, signals, lengths[0], is_one_look)
    cuts, refused = _cut_moments(footage, signals, joined, lengths, mishaps, is_one_look)
    if cuts or not count_cuts(signals.cuts, footage.duration):
        return cuts, refused
    # An edited reel whose shots are all too short still shows its scenes.
    scenes = join_scenes(moments, signals, lengths[0], is_one_scene)
    return _cut_moments(footage, signals, scenes, lengths, mishaps, is_one_scene, is_montage=True)


def _cut_moments(
    footage: Footage,
    signals: Signals,
    moments: Sequence[Moment],
    lengths: tuple[float, float, float],
    mishaps: Mishaps,
    is_alike: IsAlike,
    *,
    is_montage: bool = False,
) -> tuple[list[Cut], list[Refusal]]:
    """The cuts that `moments` offer, and refusals."""
    cuts: list[Cut] = []
    refused: list[Refusal] = []
    belief = process_belief(signals)
    dangers = find_dangers(signals)
    for moment in moments:
        if moment.kind == "idle":
            refused.append(Refusal(footage, moment.start, moment.end, f"no work: {moment.why}"))
            continue
        if unwanted := _mishap_objection(moment, mishaps):
            option = "--mishaps" if moment.duration >= lengths[0] else ""
            refused.append(Refusal(footage, moment.start, moment.end, unwanted, option))
            continue
        for span in _spans_to_cut(moment, belief, signals, lengths):
            ends = ends_of_action(signals, span, is_alike)
            start, end = settle_ends(footage, ends, span, lengths)
            cut = _with_shots(
                make_cut(footage, signals, belief, moment, (start, end)), signals, is_montage
            )
            if end - start < lengths[0] - 1e-6:
                refused.append(_refuse_short(cut, lengths[0]))
                continue
            if danger := first_danger(dangers, start, end):
                cut = replace(cut, danger=danger.why, evidence={**cut.evidence, **danger.figures})
            fault = fault_of(cut)
            if fault:
                refused.append(Refusal(footage, start, end, fault))
            else:
                cuts.append(cut)
    return cuts, refused


def _with_shots(cut: Cut, signals: Signals, is_montage: bool) -> Cut:
    """`cut` with the number of its shots in its evidence and its reason, if it has several."""
    shots = count_shots(signals, cut.start, cut.end)
    if shots < 2:
        return cut
    why = cut.why + describe_shots(shots, cut.action, is_montage=is_montage)
    return replace(cut, why=why, evidence={**cut.evidence, "shots": float(shots)})


def move_cut(cut: Cut, span: Span, signals: Signals) -> Cut:
    """`cut` over another `span`, with its figures and its reason; what the notes say of it, after a
    semicolon, stays."""
    kept = {name: value for name, value in cut.evidence.items() if name != "shots"}
    evidence = {**kept, **measure_evidence(signals, signals.between(*span))}
    why = describe_evidence(evidence, span[1] - span[0], cut.kind)
    moved = replace(cut, start=span[0], end=span[1], evidence=evidence, why=why)
    moved = _with_shots(moved, signals, is_montage=NONE_IS_LONG_ENOUGH in cut.why)
    _, mark, noted = cut.why.partition("; ")
    return replace(moved, why=moved.why + mark + noted)


def _refuse_short(cut: Cut, min_seconds: float) -> Refusal:
    """The refusal of a cut shorter than `min_seconds`; `--min-length` helps if that is its only
    fault."""
    name = KIND_NAMES.get(cut.kind, cut.kind)
    why = f"only {cut.end - cut.start:.1f} s of {name}, less than {min_seconds:g} s"
    option = "" if fault_of(cut) else "--min-length"
    return Refusal(cut.footage, cut.start, cut.end, why, option)


def _mishap_objection(moment: Moment, mishaps: Mishaps) -> str | None:
    """Why the user's choice of `mishaps` leaves a moment out, else None."""
    if mishaps == "drop" and moment.kind == "mishap":
        return f"a mishap, left out by --mishaps drop: {moment.why}"
    if mishaps == "only" and moment.kind != "mishap":
        return "not a mishap, left out by --mishaps only"
    return None


def _without_mishaps(moments: Sequence[Moment]) -> list[Moment]:
    """`moments` with mishaps cut out of the work around them, so that no clip shows a mishap."""
    kept: list[Moment] = []
    mishaps = [(moment.start, moment.end) for moment in moments if moment.kind == "mishap"]
    for moment in moments:
        if moment.kind != "process":
            kept.append(moment)
            continue
        pieces = without((moment.start, moment.end), mishaps)
        kept += [replace(moment, start=a, end=b) for a, b in pieces if b - a >= STEP]
    return kept


def _spans_to_cut(
    moment: Moment,
    belief: NDArray[np.floating[Any]],
    signals: Signals,
    lengths: tuple[float, float, float],
) -> list[Span]:
    """The best spans of a moment; of a mishap that is too long, the span around its time."""
    max_seconds = lengths[2]
    if moment.kind == "mishap" and moment.duration > max_seconds and "at" in moment.evidence:
        share = (moment.evidence["at"] - moment.start) / moment.duration
        start = moment.evidence["at"] - max_seconds * share
        return [(start, start + max_seconds)]
    return best_parts((moment.start, moment.end), belief, signals, lengths)


def make_cut(
    footage: Footage,
    signals: Signals,
    belief: NDArray[np.floating[Any]],
    moment: Moment,
    span: Span,
) -> Cut:
    """The `span` of `moment` as a cut; `belief` (n,) is the belief in work."""
    part = signals.between(*span)
    # Keep figures that only the whole moment has, such as the time of a mishap.
    evidence = {**moment.evidence, **measure_evidence(signals, part)}
    inside = (signals.thumb_times >= span[0]) & (signals.thumb_times <= span[1])
    if not inside.any():
        inside[int(np.abs(signals.thumb_times - sum(span) / 2).argmin())] = True
    return Cut(
        footage=footage,
        start=span[0],
        end=span[1],
        kind=moment.kind,
        action=moment.action,
        score=moment.score if moment.kind != "process" else round(float(belief[part].mean()), 3),
        evidence=evidence,
        why=describe_evidence(evidence, span[1] - span[0], moment.kind),
        thumb=signals.thumbs[inside].astype(float).mean(0),
    )


def fault_of(cut: Cut) -> str | None:
    """The fault of `cut` that nobody would want to see, else None."""
    if cut.kind == "mishap":
        # It happened, even if the picture is shaky, dark or blurred.
        return None
    if cut.score < MIN_SCORE:
        return f"may not be {KIND_NAMES.get(cut.kind, cut.kind)} (score {cut.score:.2f}): {cut.why}"
    if cut.evidence["exposure"] < MIN_EXPOSURE:
        return "too dark to see anything"
    if cut.evidence["exposure"] > MAX_EXPOSURE:
        return "washed out to white"
    if cut.evidence["sharpness"] < MIN_SHARPNESS:
        return "out of focus"
    return None


def look_alike(a: Cut, b: Cut) -> bool:
    """Whether both cuts look the same."""
    if a.thumb.shape != b.thumb.shape:
        return False
    return float(np.abs(a.thumb - b.thumb).mean()) < MAX_LOOK_ALIKE_DIFFERENCE
