"""The best clips of a whole shoot: good ones, and not the same thing again and again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from btsclip.moments.select import Cut, Refusal, choose_cuts
from btsclip.notes.match import find_step
from btsclip.planning.clips import weights_and_quotas
from btsclip.planning.request import PlanContext
from btsclip.planning.template_fields import person_of

# What a clip is worth beside each better one that shows the same doing, and of the same take.
SAME_DOING, SAME_TAKE = 0.85, 0.95
# And beside each that is about the same person: a shoot has more people than the one filmed most.
SAME_PERSON = 0.75


def best_of_shoot(
    cuts: Sequence[Cut], brief: PlanContext, top: int
) -> tuple[list[Cut], list[Refusal]]:
    """The `top` of the `cuts` of all takes on one scale, and why the others are not among them.

    The preset's weights and quotas hold for the whole shoot.
    """
    weights, quotas = weights_and_quotas(brief.preset)
    doing, person = partial(activity_of, brief=brief), partial(person_in, brief=brief)
    return choose_cuts(cuts, top, weights, quotas, partial(vary, doing=doing, person=person))


def activity_of(cut: Cut, brief: PlanContext) -> str:
    """What is done in `cut`: the step of the notes it shows, else its kind and action."""
    notes = brief.texts.notes.get(cut.footage.path)
    step = find_step(cut, notes) if notes else None
    return step.name if step else f"{cut.kind} {cut.action}"


def person_in(cut: Cut, brief: PlanContext) -> str:
    """Whom `cut` is about, as far as the notes tell; nothing for most."""
    notes = brief.texts.notes.get(cut.footage.path)
    return person_of(cut, notes) if notes else ""


def nobody(cut: Cut) -> str:
    """Whom a cut of which nothing is noted is about."""
    return ""


def vary(
    cuts: Sequence[Cut],
    weights: Mapping[str, float],
    doing: Callable[[Cut], str],
    person: Callable[[Cut], str] = nobody,
) -> list[Cut]:
    """`cuts` in the order in which they are worth showing one after the other: each is worth its
    weighted score, less for each one before it that shows the same doing, is of the same take or
    about the same person."""
    doings = _numbered([doing(cut) for cut in cuts])
    takes = _numbered([str(cut.footage.path) for cut in cuts])
    people = [person(cut) for cut in cuts]
    same_person = _numbered(people)
    worth = np.array([cut.score * weights.get(cut.kind, 1.0) for cut in cuts])
    ordered: list[Cut] = []
    for _ in cuts:
        best = int(worth.argmax())
        ordered.append(cuts[best])
        worth[doings == doings[best]] *= SAME_DOING
        worth[takes == takes[best]] *= SAME_TAKE
        if people[best]:
            worth[same_person == same_person[best]] *= SAME_PERSON
        worth[best] = -np.inf
    return ordered


def _numbered(names: Sequence[str]) -> NDArray[np.int_]:
    """A number for each of `names`, the same for the same one."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], int)
