"""What was found, in plain sentences and as a table of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from btsclip.measure.columns import PLATFORMS
from btsclip.measure.compare import (
    ERROR,
    INTERVAL,
    RETURNS,
    Comparison,
    Finding,
    Return,
    UnansweredQuestion,
)
from btsclip.measure.design import LEAST_CLIPS, Question
from btsclip.measure.join import PostMatch
from btsclip.wording import count

NAMES: dict[Return, str] = {
    "watched": "watch-through",
    "saves": "saves per view",
    "shares": "shares per view",
    "comments": "comments per view",
    "follows": "follows per view",
}
KINDS = {
    "process": "clips of work",
    "mishap": "clips with a mishap kept",
    "people": "clips with people",
    "why": "clips that say why",
    "reveal": "clips of the finished dish",
    "idle": "clips of nothing much",
}
HELD_APART = (
    "Platform, weekday, hour, age of the post and the other traits are held apart. The interval is "
    f"for one comparison alone; called sure is what is beyond chance among all {{asked}} together "
    f"(Holm, {ERROR:.1%})."
)


def describe_clips(question: Question) -> str:
    """The clips that a question is about."""
    if question.trait == "kind":
        return KINDS.get(question.name, f"clips of {question.name}")
    if question.trait == "preset":
        return f"clips in the look of {question.name}"
    if question.trait == "length":
        return (
            f"clips of {question.name}" if question.name[0].isdigit() else f"clips {question.name}"
        )
    return "clips with a hook" if question.name == "hook" else "hooks that ask something"


def describe_others(question: Question) -> str:
    """The clips that they are compared with."""
    if question.trait != "hook":
        return "your other clips"
    return "clips without" if question.name == "hook" else "hooks that state something"


def format_ratio(value: float, places: int = 2) -> str:
    """A ratio with `places`, none where there are more digits before them."""
    return f"{value:.{places}f}" if value < 9.95 else f"{value:.0f}"


def sentence(finding: Finding) -> str:
    """A difference with what is sure of it, as in "clips with people: 1.3x the saves per view of
    your other clips, 90 % interval 1.1 to 1.6, 24 clips"."""
    figures = (finding.ratio, finding.low, finding.high)
    # Near 1, or close together, one place would say something else than two.
    coarse = min(abs(figure - 1) for figure in figures) > 0.1 and finding.high - finding.low > 0.2
    ratio, low, high = (
        format_ratio(figure, 1 if coarse and finding.low > 1 else 2) for figure in figures
    )
    return (
        f"{describe_clips(finding.question)}: {ratio}x the {NAMES[finding.what]} of "
        f"{describe_others(finding.question)}, {INTERVAL * 100:.0f} % interval {low} to {high}, "
        f"{count(finding.clips, 'clip')}"
    )


def conclusions(found: Comparison) -> list[str]:
    """All that is sure, one sentence each; or that nothing is, and what would help."""
    sure = [sentence(finding) for finding in found.sure]
    if sure:
        return sure
    if found.findings:
        return [
            f"Nothing can be concluded yet: of {count(len(found.findings), 'comparison')} none is "
            "beyond chance. More posts may tell."
        ]
    return [
        "Nothing can be concluded: a trait is compared when at least "
        f"{LEAST_CLIPS} clips have it and {LEAST_CLIPS} don't."
    ]


def method(found: Comparison) -> str:
    """What was held apart, and what the intervals mean."""
    return HELD_APART.format(asked=len(found.findings))


def joins(joined: Sequence[PostMatch]) -> list[str]:
    """How posts were joined to clips, by platform."""
    lines = []
    for platform, name in PLATFORMS.items():
        posts = [each for each in joined if each.post.platform == platform]
        if not posts:
            continue
        ways = Counter(each.how for each in posts if each.clip)
        told = ", ".join(f"{number} by {how}" for how, number in ways.most_common())
        left = sum(each.clip is None for each in posts)
        parts = [part for part in (told, f"{left} not joined" if left else "") if part]
        lines.append(f"{name}: {count(len(posts), 'post')}, {', '.join(parts)}")
    return lines


def not_joined(joined: Iterable[PostMatch]) -> list[str]:
    """Each post whose clip is not known, and why."""
    return [
        f"{PLATFORMS[each.post.platform]} {each.post.id} ({each.post.name[:50]}): {each.how}"
        + (f": {', '.join(each.between)}" if each.between else "")
        for each in joined
        if each.clip is None
    ]


Answer = Finding | UnansweredQuestion
Line = tuple[Question, dict[Return, Answer]]


def table(found: Comparison) -> list[Line]:
    """All answers by question."""
    rows: dict[tuple[str, str], Line] = {}
    answers: list[Answer] = [*found.findings, *found.refusals]
    for answer in answers:
        key = (answer.question.trait, answer.question.name)
        rows.setdefault(key, (answer.question, {}))[1][answer.what] = answer
    order = list(dict.fromkeys(key for key in rows))
    order.sort(key=lambda key: ("kind", "preset", "hook", "length").index(key[0]))
    return [rows[key] for key in order]


def format_answer(answer: Answer | None) -> str:
    """An answer in a cell of the table; a star is put to what is sure."""
    if not isinstance(answer, Finding):
        return "?" if answer else ""
    star = " *" if answer.sure else ""
    low, high = format_ratio(answer.low), format_ratio(answer.high)
    return f"{format_ratio(answer.ratio)} ({low}-{high}){star}"


def head() -> tuple[str, ...]:
    """The table's columns."""
    return ("", "clips", *(NAMES[what] for what in RETURNS))


def cells(line: Line) -> tuple[str, ...]:
    """One row of the table."""
    question, answers = line
    clips = max(answer.clips for answer in answers.values())
    return (
        describe_clips(question),
        str(clips),
        *(format_answer(answers.get(what)) for what in RETURNS),
    )


def reasons(found: Comparison) -> list[str]:
    """Why questions have no answer, the same for all of a trait's returns said once."""
    said: dict[tuple[str, str], list[str]] = {}
    for refusal in found.refusals:
        said.setdefault((describe_clips(refusal.question), refusal.why), []).append(
            NAMES[refusal.what]
        )
    return [
        f"{name}: {why}" + ("" if len(whats) == len(RETURNS) else f" ({', '.join(whats)})")
        for (name, why), whats in said.items()
    ]
