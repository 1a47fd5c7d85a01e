"""The best clips of a whole shoot: good ones, and not the same thing again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from btsclip.moments.select import Cut, Refusal, choose
from btsclip.shoot.brief import Brief
from btsclip.shoot.facts import person_of
from btsclip.shoot.planning import ranking
from btsclip.shoot.steps import step_of

# What a clip is worth beside each better one that shows the same doing, and of the same take.
SAME_DOING, SAME_TAKE = 0.85, 0.95
# And beside each that is about the same person: a shoot has more people than the one filmed most.
SAME_PERSON = 0.75


def best_of_shoot(cuts: Sequence[Cut], brief: Brief, top: int) -> tuple[list[Cut], list[Refusal]]:
    """The `top` of the `cuts` of all takes on one scale, and why the others are not among them.

    The preset's weights and quotas hold for the whole shoot.
    """
    weights, quotas = ranking(brief.preset)
    doing, person = partial(doing_of, brief=brief), partial(person_in, brief=brief)
    return choose(cuts, top, weights, quotas, partial(varied, doing=doing, person=person))


def doing_of(cut: Cut, brief: Brief) -> str:
    """What is done in `cut`: the step of the notes it shows, else its kind and action."""
    notes = brief.texts.notes.get(cut.footage.path)
    step = step_of(cut, notes) if notes else None
    return step.name if step else f"{cut.kind} {cut.action}"


def person_in(cut: Cut, brief: Brief) -> str:
    """Whom `cut` is about, as far as the notes tell; nothing for most."""
    notes = brief.texts.notes.get(cut.footage.path)
    return person_of(cut, notes) if notes else ""


def nobody(cut: Cut) -> str:
    """Whom a cut of which nothing is noted is about."""
    return ""


def varied(
    cuts: Sequence[Cut],
    weights: Mapping[str, float],
    doing: Callable[[Cut], str],
    person: Callable[[Cut], str] = nobody,
) -> list[Cut]:
    """`cuts` in the order in which they are worth showing one after the other: each is worth its
    weighted score, less for each one before it that shows the same doing, is of the same take or
    about the same person."""
    left = list(cuts)
    doings, takes, people = Counter[str](), Counter[str](), Counter[str]()
    ordered: list[Cut] = []

    def worth(cut: Cut) -> float:
        repeats = SAME_DOING ** doings[doing(cut)] * SAME_TAKE ** takes[str(cut.footage.path)]
        repeats *= SAME_PERSON ** people[person(cut)]
        return cut.score * weights.get(cut.kind, 1.0) * repeats

    while left:
        best = max(left, key=worth)
        left = [cut for cut in left if cut is not best]
        ordered.append(best)
        doings[doing(best)] += 1
        takes[str(best.footage.path)] += 1
        if known := person(best):
            people[known] += 1
    return ordered
