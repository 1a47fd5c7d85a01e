"""Posts as the columns of a regression: traits of their clips, and all that is to be held apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.measure.post import MadeClip, Post

Array = NDArray[np.floating[Any]]
Row = tuple[Post, MadeClip]

# Clips with a trait, and without it, below which nothing is said of it.
LEAST_CLIPS = 8
# Posts for each column from which on weekdays and hours are held apart one by one.
FINE = 12
REST = "others"
# Upper ends of the classes of length, in seconds.
LENGTHS = ((10, "under 10 s"), (20, "10 to 20 s"), (40, "20 to 40 s"), (np.inf, "40 s and longer"))
HOURS = ((5, "night"), (11, "morning"), (17, "day"), (22, "evening"), (24, "night"))


def length_class(seconds: float) -> str:
    """The class of a clip's length."""
    return next(name for most, name in LENGTHS if seconds < most)


TRAITS: dict[str, Callable[[MadeClip], str]] = {
    "kind": lambda clip: clip.kind,
    "preset": lambda clip: clip.preset,
    "hook": lambda clip: clip.hook_form,
    "length": lambda clip: length_class(clip.seconds),
}


@dataclass(frozen=True)
class Question:
    """Clips whose `trait` is one of `those` against those where it is one of `others`."""

    trait: str
    name: str
    those: tuple[str, ...]
    others: tuple[str, ...]


def questions(clips: Sequence[MadeClip]) -> list[Question]:
    """All that may be asked of `clips`: each level of a trait against all others, and of hooks
    whether there is one, and whether it asks."""
    asked = []
    for trait, level_of in TRAITS.items():
        levels = sorted({level_of(clip) for clip in clips})
        if trait == "hook":
            asked.append(Question("hook", "hook", ("question", "statement"), ("none",)))
            asked.append(Question("hook", "question", ("question",), ("statement",)))
            continue
        # Of two levels one says it for both.
        for level in levels if len(levels) > 2 else levels[:1]:
            others = tuple(other for other in levels if other != level)
            asked.append(Question(trait, level, (level,), others))
    there = {(trait, level_of(clip)) for trait, level_of in TRAITS.items() for clip in clips}
    return [
        question
        for question in asked
        if all(
            any((question.trait, level) in there for level in side)
            for side in (question.those, question.others)
        )
    ]


@dataclass
class Design:
    """The columns (n, p) for some posts; `places` are those of each trait's levels, of which one
    has no column: the first. `counts` is how many clips have each level."""

    columns: list[Array]
    places: dict[str, dict[str, int | None]] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    merged: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def matrix(self) -> Array:
        """All columns, (n, p)."""
        return np.column_stack(self.columns)

    def contrast(self, question: Question) -> Array:
        """The weights (p,) of coefficients whose sum is what `question` asks for: the mean of its
        clips less that of the others."""
        weights = np.zeros(len(self.columns))
        for levels, sign in ((question.those, 1.0), (question.others, -1.0)):
            counts = {level: self.counts[question.trait].get(level, 0) for level in levels}
            total = sum(counts.values())
            for level, count in counts.items():
                if not count:
                    continue
                place = self.places[question.trait][self.merged[question.trait][level]]
                if place is not None:
                    weights[place] += sign * count / total
        return weights

    def answers(self, contrast: Array) -> bool:
        """Whether the posts tell it apart from all else that the columns hold."""
        if not contrast.any():
            return False
        x = self.matrix
        scale = np.sqrt((x**2).sum(axis=0))
        x, wanted = x / scale, contrast / scale
        inside = np.linalg.pinv(x, rcond=1e-8) @ x @ wanted
        return bool(np.abs(inside - wanted).max() < 1e-6 * max(1.0, np.abs(wanted).max()))


def build(rows: Sequence[Row], strata: Sequence[str]) -> Design:
    """The columns for `rows`: one a platform (and way of measuring, `strata`), one a level of each
    trait, and those of when a post was published and how old it is."""
    design = Design([np.ones(len(rows))])
    _levels(design, strata)
    for trait, level_of in TRAITS.items():
        _trait(design, trait, [level_of(clip) for _, clip in rows], [clip.key for _, clip in rows])
    for column in _time(rows, fine=False):
        _if_new(design, column)
    extra = list(_time(rows, fine=True))
    if len(rows) >= FINE * (len(design.columns) + len(extra)):
        for column in extra:
            _if_new(design, column)
    return design


def _levels(design: Design, names: Sequence[str]) -> dict[str, int | None]:
    """Adds a column for each of `names` but the first, and says where each one is."""
    places: dict[str, int | None] = {}
    for name in sorted(set(names)):
        if not places:
            places[name] = None
            continue
        places[name] = len(design.columns)
        design.columns.append(np.array([float(each == name) for each in names]))
    return places


def _trait(design: Design, trait: str, levels: Sequence[str], clips: Sequence[str]) -> None:
    of_clip = dict(zip(clips, levels, strict=True))
    counts = {level: list(of_clip.values()).count(level) for level in set(levels)}
    rare = [level for level, count in counts.items() if count < LEAST_CLIPS]
    merged = {level: REST if level in rare and len(rare) > 1 else level for level in counts}
    design.counts[trait], design.merged[trait] = counts, merged
    design.places[trait] = _levels(design, [merged[level] for level in levels])


def _time(rows: Sequence[Row], *, fine: bool) -> list[Array]:
    """Columns of a post's age, its day in the account's life, its weekday and hour: coarse ones
    first, `fine` ones after them."""
    posts = [post for post, _ in rows]
    days = [post.published.weekday() if post.published else None for post in posts]
    hours = [post.published.hour if post.published and post.timed else None for post in posts]
    parts = [None if h is None else next(name for end, name in HOURS if h < end) for h in hours]
    if fine:
        flags: list[list[bool]] = [[day == each for day in days] for each in range(1, 7)]
        flags += [[part == each for part in parts] for each in ("night", "morning")]
        return [np.array(flag, float) for flag in flags]
    ages = np.array([(p.seen - p.published.date()).days if p.published else np.nan for p in posts])
    since = np.array([float(p.published.toordinal()) if p.published else np.nan for p in posts])
    age = np.log1p(np.clip(ages, 0, 365))
    flags = [[day in (5, 6) for day in days], [part == "evening" for part in parts]]
    flags += [[part is None for part in parts]]
    return [*(_filled(values) for values in (age, age**2, since)),
            *(np.array(flag, float) for flag in flags)]  # fmt: skip


def _filled(values: Array) -> Array:
    """`values` about 0 with a spread of 1; those that are not known lie in the middle."""
    known = values[~np.isnan(values)]
    if not len(known) or not known.std():
        return np.zeros(len(values))
    return np.asarray(np.nan_to_num((values - known.mean()) / known.std()))


def _if_new(design: Design, column: Array) -> None:
    """Adds `column` unless the ones there say it already."""
    if not column.any():
        return
    x = design.matrix
    left = column - x @ np.linalg.lstsq(x, column, rcond=None)[0]
    if np.linalg.norm(left) > 1e-6 * np.linalg.norm(column):
        design.columns.append(column)
