"""What clips with a trait returned against the others, platform and time held apart.

For each return one regression holds all traits, the platform, the post's age and when it was
published at once, so that a difference is not another one's in disguise. A difference is called
sure where it is beyond chance with all that was asked taken together (Holm's method over all
comparisons, at 2.5 %): of made years with much scatter, less than one in twenty hears of
anything that is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from btsclip.measure.design import LEAST_CLIPS, TRAITS, Design, Question, Row, build, questions
from btsclip.measure.fit import Fit, fit_counts, fit_shares, holm_adjust
from btsclip.measure.join import PostMatch

Return = Literal["watched", "saves", "shares", "comments", "follows"]
RETURNS: tuple[Return, ...] = ("watched", "saves", "shares", "comments", "follows")
# Events in all, with the trait and without it, below which a rate is not known at all.
LEAST_EVENTS = 20
# Clips beyond the columns of the regression that there must be.
LEAST_SPARE = 10
# The chance that anything at all is called sure wrongly; and what the intervals hold.
ERROR, INTERVAL = 0.025, 0.9
# What may be ten times as much, or a tenth, is not told.
WIDEST = float(np.log(10))
# Differences of more than 1.5 times are rare: the spread of their logarithm before looking.
USUAL = float(np.log(1.5) / 1.645)


@dataclass(frozen=True)
class Finding:
    """The answer to one question: how many times the others' return it is, with the interval for
    it alone. `p` is its chance if there were no difference, `adjusted` the same among all that
    was asked; `shrunk` the ratio to go by, drawn to 1 the more the less is known."""

    question: Question
    what: Return
    clips: int
    others: int
    posts: int
    ratio: float
    low: float
    high: float
    p: float
    shrunk: float
    adjusted: float = 1.0

    @property
    def sure(self) -> bool:
        """Whether it is beyond chance."""
        return self.adjusted < ERROR


@dataclass(frozen=True)
class UnansweredQuestion:
    """A question that the posts can't answer, and why."""

    question: Question
    what: Return
    clips: int
    why: str


@dataclass(frozen=True)
class Comparison:
    """All answers, and all that had none."""

    findings: tuple[Finding, ...]
    refusals: tuple[UnansweredQuestion, ...]

    @property
    def sure(self) -> list[Finding]:
        """What is beyond chance, the clearest first."""
        return sorted((f for f in self.findings if f.sure), key=lambda f: f.p)


def compare(joined: Sequence[PostMatch]) -> Comparison:
    """Compares the posts whose clips are known. Raises ToolError without SciPy."""
    rows = [(each.post, each.clip) for each in joined if each.clip and each.post.views > 0]
    asked = questions([clip for _, clip in rows])
    findings: list[Finding] = []
    refusals: list[UnansweredQuestion] = []
    for what in RETURNS:
        found, refused = _one(what, rows, asked)
        findings += found
        refusals += refused
    return Comparison(tuple(_among_all(findings)), tuple(refusals))


def value(row: Row, what: Return) -> float | None:
    """What a post returned: a count, or the share that is watched; None where it is not told."""
    post, clip = row
    if what != "watched":
        count = post.counts.get(what)
        return None if count is None else float(count)
    if post.watched:
        return post.watched
    if post.watch_seconds:
        return post.watch_seconds / (post.seconds or clip.seconds)
    return post.finished or None


def _stratum(row: Row, what: Return) -> str:
    """What may be compared directly: posts of a platform, where it measured in the same way."""
    post, _ = row
    if what != "watched":
        return post.platform
    how = "watched" if post.watched else "seconds" if post.watch_seconds else "finished"
    return f"{post.platform} {how}"


def _one(
    what: Return, rows: Sequence[Row], asked: Sequence[Question]
) -> tuple[list[Finding], list[UnansweredQuestion]]:
    pairs = [(row, number) for row in rows if (number := value(row, what)) is not None]
    rows, told = [row for row, _ in pairs], np.array([number for _, number in pairs])

    def refuse(question: Question, why: str) -> UnansweredQuestion:
        return UnansweredQuestion(question, what, _clips(question.those, question, rows), why)

    few = {question: _too_few(question, what, rows, told) for question in asked}
    refusals = [refuse(question, why) for question, why in few.items() if why]
    open_ = [question for question, why in few.items() if not why]
    if not open_:
        return [], refusals
    design = build(rows, [_stratum(row, what) for row in rows])
    clips = np.unique([clip.key for _, clip in rows], return_inverse=True)[1]
    spare = int(clips.max()) + 1 - len(design.columns)
    if spare < LEAST_SPARE:
        why = f"{LEAST_SPARE - spare} more clips are needed to hold platform, time and traits apart"
        return [], [*refusals, *(refuse(question, why) for question in open_)]
    fit = _fit(what, rows, told, design, clips)
    findings = []
    for question in open_:
        contrast = design.contrast(question)
        finding, why = None, "can't be told apart from a trait or platform that goes with it"
        if design.answers(contrast):
            finding = _finding(question, what, rows, fit.along(contrast))
            why = "its interval is too wide to say anything"
        if finding:
            findings.append(finding)
        else:
            refusals.append(refuse(question, why))
    return findings, refusals


def _fit(
    what: Return, rows: Sequence[Row], told: NDArray[Any], design: Design, clips: NDArray[Any]
) -> Fit:
    if what == "watched":
        return fit_shares(told, design.matrix, clips)
    views = np.array([float(post.views) for post, _ in rows])
    return fit_counts(told, views, design.matrix, clips)


def _finding(
    question: Question, what: Return, rows: Sequence[Row], along: tuple[float, float]
) -> Finding | None:
    """The answer from the `along` of a fit; None where it may be nearly anything."""
    from scipy.stats import t

    effect, error = along
    ours, others = (_clips(side, question, rows) for side in (question.those, question.others))
    # The smaller side decides how well its own scatter is known.
    freedom = min(ours, others) - 1
    reach = float(t.ppf((1 + INTERVAL) / 2, freedom)) * error
    if reach > WIDEST:
        return None
    kept = USUAL**2 / (USUAL**2 + error**2)
    return Finding(
        question, what, ours, others, _posts(question, rows),
        ratio=float(np.exp(effect)),
        low=float(np.exp(effect - reach)),
        high=float(np.exp(effect + reach)),
        p=float(2 * t.sf(abs(effect) / error, freedom)) if error else 1.0,
        shrunk=float(np.exp(kept * effect)),
    )  # fmt: skip


def _among_all(findings: list[Finding]) -> list[Finding]:
    adjusted = holm_adjust([finding.p for finding in findings])
    return [replace(f, adjusted=p) for f, p in zip(findings, adjusted, strict=True)]


def _too_few(
    question: Question, what: Return, rows: Sequence[Row], told: NDArray[Any]
) -> str | None:
    if not rows:
        return "no platform tells it"
    for levels, which in ((question.those, ""), (question.others, "other ")):
        clips = _clips(levels, question, rows)
        if clips < LEAST_CLIPS:
            return f"only {clips} {which}clips, {LEAST_CLIPS} are needed"
        if what == "watched":
            continue
        inside = [TRAITS[question.trait](clip) in levels for _, clip in rows]
        events = int(told[inside].sum())
        if events < LEAST_EVENTS:
            return f"only {events} {what} of {which}clips, {LEAST_EVENTS} are needed"
    return None


def _clips(levels: Sequence[str], question: Question, rows: Sequence[Row]) -> int:
    return len({clip.key for _, clip in rows if TRAITS[question.trait](clip) in levels})


def _posts(question: Question, rows: Sequence[Row]) -> int:
    return sum(TRAITS[question.trait](clip) in question.those for _, clip in rows)
