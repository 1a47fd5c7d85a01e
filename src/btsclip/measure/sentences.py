"""Describe a comparison in plain sentences and as a table of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from btsclip.measure.columns import PLATFORMS
from btsclip.measure.compare import (
    INTERVAL,
    MAX_ERROR,
    METRICS,
    Comparison,
    Finding,
    Metric,
    UnansweredQuestion,
)
from btsclip.measure.design import MIN_CLIPS, Question
from btsclip.measure.match import PostMatch
from btsclip.wording import count

METRIC_NAMES: dict[Metric, str] = {
    "watched": "watch-through",
    "saves": "saves per view",
    "shares": "shares per view",
    "comments": "comments per view",
    "follows": "follows per view",
}
KIND_NAMES = {
    "process": "clips of work",
    "mishap": "clips with a mishap",
    "people": "clips with people",
    "why": "clips that say why",
    "reveal": "clips of the finished dish",
    "idle": "clips without work",
}
METHOD = (
    "Each comparison accounts for platform, weekday, hour, age of the post and the other traits. "
    "The interval is for that comparison alone. A difference is clear if it is beyond chance "
    f"among all {{comparisons}} together (Holm's method, {MAX_ERROR:.1%})."
)


def describe_clips(question: Question) -> str:
    """The clips that a question is about."""
    if question.trait == "kind":
        return KIND_NAMES.get(question.name, f"clips of {question.name}")
    if question.trait == "preset":
        return f"clips with the preset {question.name}"
    if question.trait == "length":
        return (
            f"clips of {question.name}" if question.name[0].isdigit() else f"clips {question.name}"
        )
    return "clips with a hook" if question.name == "hook" else "clips whose hook asks a question"


def describe_others(question: Question) -> str:
    """The clips that a question compares them with."""
    if question.trait != "hook":
        return "your other clips"
    return "clips without one" if question.name == "hook" else "clips whose hook does not"


def format_ratio(value: float, places: int = 2) -> str:
    """A ratio with `places` decimals, or without decimals from 10 on.

    >>> format_ratio(1.284), format_ratio(12.2)
    ('1.28', '12')
    """
    return f"{value:.{places}f}" if value < 9.95 else f"{value:.0f}"


def sentence(finding: Finding) -> str:
    """A finding in words, such as "clips with people: 1.3x the saves per view of your other clips,
    90% interval 1.1 to 1.6, 24 clips"."""
    figures = (finding.ratio, finding.low, finding.high)
    # Near 1, or close together, one decimal would say something else than two.
    coarse = min(abs(figure - 1) for figure in figures) > 0.1 and finding.high - finding.low > 0.2
    ratio, low, high = (
        format_ratio(figure, 1 if coarse and finding.low > 1 else 2) for figure in figures
    )
    return (
        f"{describe_clips(finding.question)}: {ratio}x the {METRIC_NAMES[finding.metric]} of "
        f"{describe_others(finding.question)}, {INTERVAL * 100:.0f}% interval {low} to {high}, "
        f"{count(finding.clips, 'clip')}"
    )


def conclusions(comparison: Comparison) -> list[str]:
    """A sentence for each clear difference, or one that says what is missing."""
    clear = [sentence(finding) for finding in comparison.sure]
    if clear:
        return clear
    if comparison.findings:
        return [
            f"Nothing can be concluded yet: in {count(len(comparison.findings), 'comparison')}, no "
            "difference is beyond chance. More posts may help."
        ]
    return [
        f"Nothing can be concluded yet: a comparison needs at least {MIN_CLIPS} clips with a trait "
        f"and {MIN_CLIPS} without it."
    ]


def describe_method(comparison: Comparison) -> str:
    """What each comparison accounts for, and what the intervals mean."""
    return METHOD.format(comparisons=count(len(comparison.findings), "comparison"))


def summarize_matches(matches: Sequence[PostMatch]) -> list[str]:
    """How posts were matched to clips, one line per platform."""
    lines = []
    for platform, name in PLATFORMS.items():
        of_platform = [match for match in matches if match.post.platform == platform]
        if not of_platform:
            continue
        ways = Counter(match.how for match in of_platform if match.clip)
        parts = [f"{number} by {how}" for how, number in ways.most_common()]
        unmatched = sum(match.clip is None for match in of_platform)
        parts += [f"{unmatched} not matched"] if unmatched else []
        lines.append(f"{name}: {count(len(of_platform), 'post')}, {', '.join(parts)}")
    return lines


def unmatched_posts(matches: Iterable[PostMatch]) -> list[str]:
    """Each post without a clip, and why."""
    return [
        f"{PLATFORMS[match.post.platform]} {match.post.id} ({match.post.name[:50]}): {match.how}"
        + (f": {', '.join(match.between)}" if match.between else "")
        for match in matches
        if match.clip is None
    ]


Answer = Finding | UnansweredQuestion
Line = tuple[Question, dict[Metric, Answer]]


def answers_by_question(comparison: Comparison) -> list[Line]:
    """All answers of a comparison, by question and metric."""
    lines: dict[tuple[str, str], Line] = {}
    answers: list[Answer] = [*comparison.findings, *comparison.unanswered]
    for answer in answers:
        key = (answer.question.trait, answer.question.name)
        lines.setdefault(key, (answer.question, {}))[1][answer.metric] = answer
    order = ("kind", "preset", "hook", "length")
    return [lines[key] for key in sorted(lines, key=lambda key: order.index(key[0]))]


def format_answer(answer: Answer | None) -> str:
    """A cell of the table: ratio and interval, with a star for a clear difference; "?" for a
    question without an answer."""
    if not isinstance(answer, Finding):
        return "?" if answer else ""
    star = " *" if answer.sure else ""
    low, high = format_ratio(answer.low), format_ratio(answer.high)
    return f"{format_ratio(answer.ratio)} ({low}-{high}){star}"


def table_header() -> tuple[str, ...]:
    """The names of the table's columns."""
    return ("", "clips", *(METRIC_NAMES[metric] for metric in METRICS))


def table_row(line: Line) -> tuple[str, ...]:
    """The cells of one row of the table."""
    question, answers = line
    clips = max(answer.clips for answer in answers.values())
    return (
        describe_clips(question),
        str(clips),
        *(format_answer(answers.get(metric)) for metric in METRICS),
    )


def unanswered_reasons(comparison: Comparison) -> list[str]:
    """Why questions have no answer; metrics with the same reason share a line."""
    metrics: dict[tuple[str, str], list[str]] = {}
    for refusal in comparison.unanswered:
        key = (describe_clips(refusal.question), refusal.why)
        metrics.setdefault(key, []).append(METRIC_NAMES[refusal.metric])
    return [
        f"{clips}: {why}" + ("" if len(names) == len(METRICS) else f" ({', '.join(names)})")
        for (clips, why), names in metrics.items()
    ]
