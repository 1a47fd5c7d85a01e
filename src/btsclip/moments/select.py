"""Moments to cuts: which spans become clips, and why the others do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span, without
from btsclip.media.footage import Footage
from btsclip.moments.belief import process_belief
from btsclip.moments.evidence import describe_evidence, measure_evidence
from btsclip.moments.find import Moment
from btsclip.moments.safety import find_dangers, first_danger
from btsclip.moments.trim import best_parts, settle_ends
from btsclip.presets.schema import Quota
from btsclip.signals.model import STEP, Signals

# Whether mishaps are offered like everything else, not at all, or alone.
Mishaps = Literal["keep", "drop", "only"]

# Medians below or above which a picture is of no use (see signals/quality.py).
DARKEST, BRIGHTEST, BLURRIEST = 0.03, 0.97, 0.0015
# Mean difference of two clips' thumbnails, in grey levels, up to which they look the same.
SAME_PICTURE = 4.0
# Work that is not sure to be work in the mean over the clip is not shown.
LEAST_SCORE = 0.5
# Share of a clip that may be in another clip too.
MAX_SHARED = 0.25
# Clips of work without which a finished dish is only another perfect plate.
WORK_BEFORE_REVEAL = 4
_NAMES = {"process": "work", "why": "an explanation", "reveal": "a finished dish"}


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
    # Why it is offered switched off: it may show an injury or distress.
    danger: str = ""


@dataclass(frozen=True)
class Refusal:
    """A span that was looked at and left out, with the reason. `option` names the option of the
    command line with which it would be shown, where there is one."""

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
    """Cuts that one footage offers, of `lengths` (least, target, most seconds), and refusals. What
    may show an injury or distress is marked. `mishaps` says whether those are among them."""
    cuts: list[Cut] = []
    refused: list[Refusal] = []
    belief = process_belief(signals)
    dangers = find_dangers(signals)
    if mishaps == "drop":
        moments = _without_mishaps(moments)
    for moment in _together(moments, lengths[0]):
        if moment.kind == "idle":
            refused.append(Refusal(footage, moment.start, moment.end, f"no work: {moment.why}"))
            continue
        if unwanted := _unwanted(moment, mishaps):
            option = "--mishaps" if moment.duration >= lengths[0] else ""
            refused.append(Refusal(footage, moment.start, moment.end, unwanted, option))
            continue
        for span in _spans(moment, belief, signals, lengths):
            start, end = settle_ends(footage, signals, span, lengths)
            cut = make_cut(footage, signals, belief, moment, (start, end))
            if end - start < lengths[0] - 1e-6:
                refused.append(_too_short(cut, lengths[0]))
                continue
            if danger := first_danger(dangers, start, end):
                cut = replace(cut, danger=danger.why, evidence={**cut.evidence, **danger.figures})
            fault = fault_of(cut)
            if fault:
                refused.append(Refusal(footage, start, end, fault))
            else:
                cuts.append(cut)
    return cuts, refused


def _too_short(cut: Cut, least: float) -> Refusal:
    """The refusal of what is shorter than `least` seconds, which may be its only fault."""
    why = f"only {cut.end - cut.start:.1f} s of {cut.kind}, less than {least:g} s"
    option = "" if fault_of(cut) else "--min-length"
    return Refusal(cut.footage, cut.start, cut.end, why, option)


def _unwanted(moment: Moment, mishaps: Mishaps) -> str | None:
    """Why the user does not want a moment."""
    if mishaps == "drop" and moment.kind == "mishap":
        return f"a mishap, and none are wanted (--mishaps drop): {moment.why}"
    if mishaps == "only" and moment.kind != "mishap":
        return "no mishap, and nothing else is wanted (--mishaps only)"
    return None


def _without_mishaps(moments: Sequence[Moment]) -> list[Moment]:
    """`moments`, work being cut where mishaps lie upon it: what is dropped must not be seen."""
    kept: list[Moment] = []
    mishaps = [(moment.start, moment.end) for moment in moments if moment.kind == "mishap"]
    for moment in moments:
        if moment.kind != "process":
            kept.append(moment)
            continue
        pieces = without((moment.start, moment.end), mishaps)
        kept += [replace(moment, start=a, end=b) for a, b in pieces if b - a >= STEP]
    return kept


def _spans(
    moment: Moment,
    belief: NDArray[np.floating[Any]],
    signals: Signals,
    lengths: tuple[float, float, float],
) -> list[Span]:
    """The parts of a moment to cut; a mishap too long to be shown whole is shown as it happens."""
    span, most = (moment.start, moment.end), lengths[2]
    if moment.kind == "mishap" and moment.duration > most and "at" in moment.evidence:
        share = (moment.evidence["at"] - moment.start) / moment.duration
        start = moment.evidence["at"] - most * share
        return [(start, start + most)]
    return best_parts(span, belief, signals, lengths)


def _together(moments: Sequence[Moment], least: float) -> list[Moment]:
    """Moments of work that touch as one, where one of them is too short to stand alone: shots of
    edited footage and actions that change quickly."""
    joined: list[Moment] = []
    for moment in moments:
        last = joined[-1] if joined else None
        if (
            last
            and last.kind == moment.kind == "process"
            and moment.start <= last.end + STEP
            and min(last.duration, moment.duration) < least
        ):
            longer = max(last, moment, key=lambda m: m.duration)
            joined[-1] = replace(longer, start=last.start, end=max(last.end, moment.end))
        else:
            joined.append(moment)
    return joined


def choose_cuts(
    cuts: Sequence[Cut],
    count: int,
    weights: Mapping[str, float] | None = None,
    quotas: Mapping[str, Quota] | None = None,
    order: Callable[[Sequence[Cut], Mapping[str, float]], list[Cut]] | None = None,
) -> tuple[list[Cut], list[Refusal]]:
    """The `count` best of all files' cuts, without look-alikes, in the order of file and time.

    Scores mean the same in every file, so a dull file's best does not beat a good file's worst.
    A finished dish is shown last and once, after enough of how it was made. `quotas` by kind are
    filled first up to their least and never go beyond their most. `order` says which are better
    where it is not the score alone.
    """
    weights, quotas = weights or {}, quotas or {}
    ranked = (order or sort_by_score)(cuts, weights)
    work = [cut for cut in ranked if cut.kind != "reveal"]
    dish = [cut for cut in ranked if cut.kind == "reveal"]
    least = {kind: quota.least for kind, quota in quotas.items()}
    most = {kind: quota.most for kind, quota in quotas.items() if quota.most is not None}
    kept_free = 1 if dish and least.get("reveal") else 0
    chosen: list[Cut] = []
    taken: set[int] = set()
    clashes = _Clashes(cuts)
    objections: dict[int, str] = {}
    for offered, room, caps in (
        ([cut for cut in work if least.get(cut.kind)], count, least),
        (work, count - kept_free, most),
        ([*dish, *work], count, most),
    ):
        for cut in offered:
            if id(cut) not in taken:
                why = clashes.of(cut) or _objection(cut, chosen, room, caps)
                if why:
                    objections[id(cut)] = why
                else:
                    chosen.append(cut)
                    clashes.add(cut)
                    taken.add(id(cut))
    refused = [
        Refusal(cut.footage, cut.start, cut.end, objections[id(cut)])
        for cut in [*work, *dish]
        if id(cut) not in taken
    ]
    return [cut for cut in cuts if id(cut) in taken], refused


def sort_by_score(cuts: Sequence[Cut], weights: Mapping[str, float]) -> list[Cut]:
    """`cuts`, the best first, each score scaled by the weight of its kind."""
    return sorted(cuts, key=lambda cut: -cut.score * weights.get(cut.kind, 1.0))


class _Clashes:
    """Which of the chosen cuts share time with another one or look like it. All cuts are held as
    arrays: a long take offers thousands."""

    def __init__(self, cuts: Sequence[Cut]) -> None:
        self._cuts = list(cuts)
        self._number = {id(cut): number for number, cut in enumerate(self._cuts)}
        self._start = np.array([cut.start for cut in cuts])
        self._end = np.array([cut.end for cut in cuts])
        takes: dict[Path, int] = {}
        self._take = np.array([takes.setdefault(cut.footage.path, len(takes)) for cut in cuts])
        size = max((cut.thumb.size for cut in cuts), default=0)
        # What is NaN looks like nothing: pictures of another size are never alike.
        self._thumb = np.full((len(self._cuts), size), np.nan, np.float32)
        for number, cut in enumerate(self._cuts):
            if cut.thumb.size == size:
                self._thumb[number] = cut.thumb.reshape(-1)
        self._chosen: list[int] = []

    def add(self, cut: Cut) -> None:
        """Counts `cut` among the chosen ones."""
        self._chosen.append(self._number[id(cut)])

    def of(self, cut: Cut) -> str | None:
        """What speaks against `cut` beside the first chosen one that it clashes with."""
        if not self._chosen:
            return None
        at, chosen = self._number[id(cut)], np.array(self._chosen)
        shared = np.minimum(self._end[at], self._end[chosen]) - np.maximum(
            self._start[at], self._start[chosen]
        )
        length = self._end - self._start
        overlaps = (self._take[chosen] == self._take[at]) & (
            shared > MAX_SHARED * np.minimum(length[at], length[chosen])
        )
        alike = np.abs(self._thumb[chosen] - self._thumb[at]).mean(1) < SAME_PICTURE
        clashing = np.flatnonzero(overlaps | alike)
        if not len(clashing):
            return None
        other = self._cuts[chosen[clashing[0]]]
        if overlaps[clashing[0]]:
            return f"part of it is in the {other.kind} clip at {other.start:.1f} s"
        return f"looks like the clip at {other.start:.1f} s of {other.footage.path.name}"


def _objection(cut: Cut, chosen: Sequence[Cut], count: int, caps: Mapping[str, int]) -> str | None:
    """What speaks against showing `cut` beside those `chosen` before it, of which there are to be
    no more than `count`, and of each kind no more than its cap."""
    cap = caps.get(cut.kind)
    if cap is not None and sum(other.kind == cut.kind for other in chosen) >= cap:
        return f"no more than {cap} of kind {cut.kind} are wanted (quotas.{cut.kind}.most)"
    if len(chosen) >= count:
        return f"{count} clips score higher (this one {cut.score:.2f})"
    if cut.kind == "reveal":
        if len(chosen) < WORK_BEFORE_REVEAL:
            return f"a finished dish, but fewer than {WORK_BEFORE_REVEAL} clips show its making"
        if any(other.kind == "reveal" for other in chosen):
            return "another clip shows the finished dish better"
    return None


def make_cut(
    footage: Footage,
    signals: Signals,
    belief: NDArray[np.floating[Any]],
    moment: Moment,
    span: Span,
) -> Cut:
    """The `span` of `moment` as a cut; `belief` (n,) is that in work."""
    part = signals.between(*span)
    # Figures that only the moment as a whole has, such as when the mishap was, stay.
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
    """Why nobody would want to see `cut`; None for one worth showing."""
    if cut.kind == "mishap":
        # Shaky, dark and blurred as it may be: it happened.
        return None
    if cut.score < LEAST_SCORE:
        return f"not surely {_NAMES.get(cut.kind, cut.kind)} (score {cut.score:.2f}): {cut.why}"
    if cut.evidence["exposure"] < DARKEST:
        return "too dark to see anything"
    if cut.evidence["exposure"] > BRIGHTEST:
        return "washed out to white"
    if cut.evidence["sharpness"] < BLURRIEST:
        return "out of focus"
    return None


def look_alike(a: Cut, b: Cut) -> bool:
    """Whether both look the same."""
    if a.thumb.shape != b.thumb.shape:
        return False
    return float(np.abs(a.thumb - b.thumb).mean()) < SAME_PICTURE
