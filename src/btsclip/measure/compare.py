"""Compare the returns of clips with a trait and of clips without it.

One regression per metric holds all traits, the platform, the post's age and its publishing time, so
that a difference is not due to another trait in disguise. A difference is sure if it is beyond
chance among all comparisons together (Holm's method, at 2.5 %). In simulated years with much
scatter, fewer than one in twenty shows any difference that does not exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from btsclip.measure.design import (
    MIN_CLIPS,
    TRAITS,
    Design,
    Question,
    Row,
    build_design,
    list_questions,
)
from btsclip.measure.fit import Fit, fit_counts, fit_shares, holm_adjust
from btsclip.measure.match import PostMatch
from btsclip.wording import count

Metric = Literal["watched", "saves", "shares", "comments", "follows"]
METRICS: tuple[Metric, ...] = ("watched", "saves", "shares", "comments", "follows")
# Events (such as saves) needed on either side of a comparison.
MIN_EVENTS = 20
# Clips needed beyond the number of columns of the regression.
MIN_SPARE_CLIPS = 10
# Chance that any comparison at all is wrongly called sure.
MAX_ERROR = 0.025
# Share of intervals that hold the true ratio.
INTERVAL = 0.9
# An interval that reaches further than ten times the estimate, or a tenth of it, is not reported.
MAX_LOG_REACH = float(np.log(10))
# Differences of more than 1.5 times are rare: the spread of their logarithm before looking.
USUAL_LOG_SPREAD = float(np.log(1.5) / 1.645)


@dataclass(frozen=True)
class Finding:
    """The answer to one question for one metric.

    `ratio` compares the clips with the other clips; `low` and `high` are the ends of its interval,
    for this question alone. `p` is the chance of such a ratio if there were no difference,
    `adjusted` the same among all questions. `shrunk` is the ratio drawn to 1: the less is known,
    the closer.
    """

    question: Question
    metric: Metric
    clips: int
    other_clips: int
    posts: int
    ratio: float
    low: float
    high: float
    p: float
    shrunk: float
    adjusted: float = 1.0

    @property
    def sure(self) -> bool:
        """Whether the difference is beyond chance."""
        return self.adjusted < MAX_ERROR


@dataclass(frozen=True)
class UnansweredQuestion:
    """A question that the posts can't answer for a metric, and why."""

    question: Question
    metric: Metric
    clips: int
    why: str


@dataclass(frozen=True)
class Comparison:
    """All answers, and the questions without an answer."""

    findings: tuple[Finding, ...]
    unanswered: tuple[UnansweredQuestion, ...]

    @property
    def sure(self) -> list[Finding]:
        """The findings that are beyond chance, the clearest first."""
        return sorted((f for f in self.findings if f.sure), key=lambda f: f.p)


def compare(matches: Sequence[PostMatch]) -> Comparison:
    """Compare the posts whose clips are known.

    Raises ToolError without SciPy.
    """
    rows = [(match.post, match.clip) for match in matches if match.clip and match.post.views > 0]
    questions = list_questions([clip for _, clip in rows])
    findings: list[Finding] = []
    unanswered: list[UnansweredQuestion] = []
    for metric in METRICS:
        answers, refusals = _compare_metric(metric, rows, questions)
        findings += answers
        unanswered += refusals
    return Comparison(tuple(_adjust_chances(findings)), tuple(unanswered))


def metric_value(row: Row, metric: Metric) -> float | None:
    """The count or share watched of a post; None if its platform does not report it."""
    post, clip = row
    if metric != "watched":
        events = post.counts.get(metric)
        return None if events is None else float(events)
    if post.watched:
        return post.watched
    if post.watch_seconds:
        return post.watch_seconds / (post.seconds or clip.seconds)
    return post.finished or None


def _stratum(row: Row, metric: Metric) -> str:
    """The group of posts that compare directly: the platform and its way of measuring."""
    post, _ = row
    if metric != "watched":
        return post.platform
    way = "watched" if post.watched else "seconds" if post.watch_seconds else "finished"
    return f"{post.platform} {way}"


def _compare_metric(
    metric: Metric, rows: Sequence[Row], questions: Sequence[Question]
) -> tuple[list[Finding], list[UnansweredQuestion]]:
    pairs = [(row, value) for row in rows if (value := metric_value(row, metric)) is not None]
    rows, values = [row for row, _ in pairs], np.array([value for _, value in pairs])

    def refuse(question: Question, why: str) -> UnansweredQuestion:
        return UnansweredQuestion(
            question, metric, _count_clips(question.levels, question, rows), why
        )

    shortages = {question: _shortage(question, metric, rows, values) for question in questions}
    unanswered = [refuse(question, why) for question, why in shortages.items() if why]
    answerable = [question for question, why in shortages.items() if not why]
    if not answerable:
        return [], unanswered
    design = build_design(rows, [_stratum(row, metric) for row in rows])
    clips = np.unique([clip.key for _, clip in rows], return_inverse=True)[1]
    spare = int(clips.max()) + 1 - len(design.columns)
    if spare < MIN_SPARE_CLIPS:
        missing = MIN_SPARE_CLIPS - spare
        why = f"{missing} more clips are needed to separate platform, time and traits"
        return [], [*unanswered, *(refuse(question, why) for question in answerable)]
    fit = _fit_metric(metric, rows, values, design, clips)
    findings = []
    for question in answerable:
        contrast = design.contrast(question)
        finding, why = (
            None,
            "always goes with another trait or platform, so they can't be separated",
        )
        if design.identifies(contrast):
            finding = _finding(question, metric, rows, fit.estimate(contrast))
            why = "the interval is too wide to be useful"
        if finding:
            findings.append(finding)
        else:
            unanswered.append(refuse(question, why))
    return findings, unanswered


def _fit_metric(
    metric: Metric,
    rows: Sequence[Row],
    values: NDArray[Any],
    design: Design,
    clips: NDArray[Any],
) -> Fit:
    if metric == "watched":
        return fit_shares(values, design.matrix, clips)
    views = np.array([float(post.views) for post, _ in rows])
    return fit_counts(values, views, design.matrix, clips)


def _finding(
    question: Question, metric: Metric, rows: Sequence[Row], estimate: tuple[float, float]
) -> Finding | None:
    """The finding for an `estimate` of a fit; None if its interval is too wide."""
    from scipy.stats import t

    effect, error = estimate
    clips = _count_clips(question.levels, question, rows)
    other_clips = _count_clips(question.other_levels, question, rows)
    # The smaller side decides how well its own scatter is known.
    freedom = min(clips, other_clips) - 1
    reach = float(t.ppf((1 + INTERVAL) / 2, freedom)) * error
    if reach > MAX_LOG_REACH:
        return None
    weight = USUAL_LOG_SPREAD**2 / (USUAL_LOG_SPREAD**2 + error**2)
    return Finding(
        question, metric, clips, other_clips, _count_posts(question, rows),
        ratio=float(np.exp(effect)),
        low=float(np.exp(effect - reach)),
        high=float(np.exp(effect + reach)),
        p=float(2 * t.sf(abs(effect) / error, freedom)) if error else 1.0,
        shrunk=float(np.exp(weight * effect)),
    )  # fmt: skip


def _adjust_chances(findings: list[Finding]) -> list[Finding]:
    """The findings with `adjusted` set from the chances of all of them."""
    adjusted = holm_adjust([finding.p for finding in findings])
    return [replace(f, adjusted=p) for f, p in zip(findings, adjusted, strict=True)]


def _shortage(
    question: Question, metric: Metric, rows: Sequence[Row], values: NDArray[Any]
) -> str | None:
    """The sentence on what is missing to answer a question; None if nothing is."""
    if not rows:
        return "no platform reports it"
    for levels, which in ((question.levels, ""), (question.other_levels, "other ")):
        clips = _count_clips(levels, question, rows)
        if clips < MIN_CLIPS:
            return f"only {count(clips, f'{which}clip')}; {MIN_CLIPS} are needed"
        if metric == "watched":
            continue
        inside = [TRAITS[question.trait](clip) in levels for _, clip in rows]
        events = int(values[inside].sum())
        if events < MIN_EVENTS:
            return f"only {events} {metric} of {which}clips; {MIN_EVENTS} are needed"
    return None


def _count_clips(levels: Sequence[str], question: Question, rows: Sequence[Row]) -> int:
    return len({clip.key for _, clip in rows if TRAITS[question.trait](clip) in levels})


def _count_posts(question: Question, rows: Sequence[Row]) -> int:
    return sum(TRAITS[question.trait](clip) in question.levels for _, clip in rows)
