"""Posts as columns of a regression: the traits of their clips, the platform and the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.measure.post import MadeClip, Post

Array = NDArray[np.floating[Any]]
Row = tuple[Post, MadeClip]

# Clips needed with a trait, and without it.
MIN_CLIPS = 8
# Posts per column from which weekdays and hours get columns of their own.
MIN_POSTS_PER_COLUMN = 12
# The level that rare levels of a trait are merged into.
REST = "others"
# Upper ends of the length classes, in seconds.
LENGTHS = ((10, "under 10 s"), (20, "10 to 20 s"), (40, "20 to 40 s"), (np.inf, "40 s and longer"))
# Upper ends of the parts of the day, in hours.
HOURS = ((5, "night"), (11, "morning"), (17, "day"), (22, "evening"), (24, "night"))


def length_class(seconds: float) -> str:
    """The length class of a clip.

    >>> length_class(12.5)
    '10 to 20 s'
    """
    return next(name for end, name in LENGTHS if seconds < end)


TRAITS: dict[str, Callable[[MadeClip], str]] = {
    "kind": lambda clip: clip.kind,
    "preset": lambda clip: clip.preset,
    "hook": lambda clip: clip.hook_form,
    "length": lambda clip: length_class(clip.seconds),
}


@dataclass(frozen=True)
class Question:
    """Clips whose `trait` has one of `levels` against clips where it has one of `other_levels`."""

    trait: str
    name: str
    levels: tuple[str, ...]
    other_levels: tuple[str, ...]


def list_questions(clips: Sequence[MadeClip]) -> list[Question]:
    """All questions about `clips`: each level of a trait against all others and, for hooks, whether
    there is one and whether it asks something."""
    questions = []
    for trait, level_of in TRAITS.items():
        levels = sorted({level_of(clip) for clip in clips})
        if trait == "hook":
            questions.append(Question("hook", "hook", ("question", "statement"), ("none",)))
            questions.append(Question("hook", "question", ("question",), ("statement",)))
            continue
        # With two levels, the answer for the first is also the answer for the second.
        for level in levels if len(levels) > 2 else levels[:1]:
            other_levels = tuple(other for other in levels if other != level)
            questions.append(Question(trait, level, (level,), other_levels))
    existing = {(trait, level_of(clip)) for trait, level_of in TRAITS.items() for clip in clips}
    return [
        question
        for question in questions
        if all(
            any((question.trait, level) in existing for level in side)
            for side in (question.levels, question.other_levels)
        )
    ]


@dataclass
class Design:
    """The columns (n, p) for n posts.

    By trait and level: `column_of` is the level's column, None for the first level, which has no
    column; `counts` is the number of clips; `merged` is the level it was merged into, or itself.
    """

    columns: list[Array]
    column_of: dict[str, dict[str, int | None]] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    merged: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def matrix(self) -> Array:
        """All columns, (n, p)."""
        return np.column_stack(self.columns)

    def contrast(self, question: Question) -> Array:
        """The weights (p,) of coefficients that answer `question`: the mean of its clips minus the
        mean of the other clips."""
        weights = np.zeros(len(self.columns))
        for levels, sign in ((question.levels, 1.0), (question.other_levels, -1.0)):
            counts = {level: self.counts[question.trait].get(level, 0) for level in levels}
            total = sum(counts.values())
            for level, count in counts.items():
                if not count:
                    continue
                column = self.column_of[question.trait][self.merged[question.trait][level]]
                if column is not None:
                    weights[column] += sign * count / total
        return weights

    def identifies(self, contrast: Array) -> bool:
        """Whether the posts separate a contrast (p,) from everything else in the columns."""
        if not contrast.any():
            return False
        x = self.matrix
        scale = np.sqrt((x**2).sum(axis=0))
        x, wanted = x / scale, contrast / scale
        projected = np.linalg.pinv(x, rcond=1e-8) @ x @ wanted
        return bool(np.abs(projected - wanted).max() < 1e-6 * max(1.0, np.abs(wanted).max()))


def build_design(rows: Sequence[Row], strata: Sequence[str]) -> Design:
    """The columns for `rows`: one per stratum (a platform and its way of measuring), one per level
    of each trait, then columns for the publishing time and age of the posts."""
    design = Design([np.ones(len(rows))])
    _add_levels(design, strata)
    for trait, level_of in TRAITS.items():
        levels = [level_of(clip) for _, clip in rows]
        _add_trait(design, trait, levels, [clip.key for _, clip in rows])
    for column in _time_columns(rows, fine=False):
        _add_if_independent(design, column)
    fine = list(_time_columns(rows, fine=True))
    if len(rows) >= MIN_POSTS_PER_COLUMN * (len(design.columns) + len(fine)):
        for column in fine:
            _add_if_independent(design, column)
    return design


def _add_levels(design: Design, levels: Sequence[str]) -> dict[str, int | None]:
    """Add a column for every level but the first, and return the column of each level."""
    column_of: dict[str, int | None] = {}
    for level in sorted(set(levels)):
        if not column_of:
            column_of[level] = None
            continue
        column_of[level] = len(design.columns)
        design.columns.append(np.array([float(name == level) for name in levels]))
    return column_of


def _add_trait(design: Design, trait: str, levels: Sequence[str], clips: Sequence[str]) -> None:
    level_of_clip = dict(zip(clips, levels, strict=True))
    counts = {level: list(level_of_clip.values()).count(level) for level in set(levels)}
    rare = [level for level, count in counts.items() if count < MIN_CLIPS]
    merged = {level: REST if level in rare and len(rare) > 1 else level for level in counts}
    design.counts[trait], design.merged[trait] = counts, merged
    design.column_of[trait] = _add_levels(design, [merged[level] for level in levels])


def _time_columns(rows: Sequence[Row], *, fine: bool) -> list[Array]:
    """Columns for a post's age, its day in the account's life, weekend and evening; with `fine`,
    columns for single weekdays and parts of the day instead."""
    posts = [post for post, _ in rows]
    days = [post.published.weekday() if post.published else None for post in posts]
    hours = [post.published.hour if post.published and post.timed else None for post in posts]
    parts = [None if h is None else next(name for end, name in HOURS if h < end) for h in hours]
    if fine:
        flags: list[list[bool]] = [[day == weekday for day in days] for weekday in range(1, 7)]
        flags += [[part == name for part in parts] for name in ("night", "morning")]
        return [np.array(flag, float) for flag in flags]
    ages = np.array([(p.seen - p.published.date()).days if p.published else np.nan for p in posts])
    since = np.array([float(p.published.toordinal()) if p.published else np.nan for p in posts])
    age = np.log1p(np.clip(ages, 0, 365))
    flags = [[day in (5, 6) for day in days], [part == "evening" for part in parts]]
    flags += [[part is None for part in parts]]
    return [*(_standardize(values) for values in (age, age**2, since)),
            *(np.array(flag, float) for flag in flags)]  # fmt: skip


def _standardize(values: Array) -> Array:
    """Values with mean 0 and spread 1; unknown values (NaN) become 0."""
    known = values[~np.isnan(values)]
    if not len(known) or not known.std():
        return np.zeros(len(values))
    return np.asarray(np.nan_to_num((values - known.mean()) / known.std()))


def _add_if_independent(design: Design, column: Array) -> None:
    """Add a column unless it is a combination of the present ones."""
    if not column.any():
        return
    x = design.matrix
    residual = column - x @ np.linalg.lstsq(x, column, rcond=None)[0]
    if np.linalg.norm(residual) > 1e-6 * np.linalg.norm(column):
        design.columns.append(column)
