"""Which cuts become clips: the best ones, without too much of the same work, take or person."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from btsclip.analysis import Analysis
from btsclip.errors import NothingFound
from btsclip.limits import MIN_CLIP_SECONDS
from btsclip.media import Footage
from btsclip.moments import Cut, Refusal, choose_cuts, find_candidates
from btsclip.notes import find_step
from btsclip.planning.apart import keep_apart
from btsclip.planning.request import PlanContext
from btsclip.planning.template_fields import person_of
from btsclip.presets import Preset, Quota
from btsclip.signals import Signals
from btsclip.wording import lost_pictures

# A cut's worth is multiplied by these for each better cut of the same activity or take.
SAME_ACTIVITY_FACTOR = 0.85
SAME_TAKE_FACTOR = 0.95
# And by this for each better cut about the same person, so that others are shown, too.
SAME_PERSON_FACTOR = 0.75


def select_cuts(
    analyses: Sequence[Analysis], context: PlanContext, count: int
) -> tuple[list[Cut], list[Refusal]]:
    """The best `count` cuts of all `analyses`, and the refused ones.

    Both are in the order of files and time. Cuts of one take share no seconds. Dangerous cuts are
    chosen on top, also within others: they become clips that are switched off.
    """
    cuts: list[Cut] = []
    refused: list[Refusal] = []
    for analysis in analyses:
        candidates, left_out = find_candidates(
            analysis.footage, analysis.signals, analysis.moments, context.source_lengths,
            context.request.mishaps,
        )  # fmt: skip
        cuts += map(context.texts.as_noted, candidates)
        refused += left_out
    signals = {analysis.footage: analysis.signals for analysis in analyses}
    safe = [cut for cut in cuts if not cut.danger]
    apart, left_out = choose_apart(safe, signals, context, count)
    weights, _ = weights_and_quotas(context.preset)
    risky, risky_left_out = choose_cuts([cut for cut in cuts if cut.danger], count, weights)
    refused += [*left_out, *risky_left_out]
    refused.sort(key=lambda refusal: (str(refusal.footage.path), refusal.start))
    takes = {analysis.footage: number for number, analysis in enumerate(analyses)}
    chosen = sorted([*apart, *risky], key=lambda cut: (takes[cut.footage], cut.start, cut.end))
    return chosen, refused


def choose_apart(
    cuts: Sequence[Cut], signals: Mapping[Footage, Signals], context: PlanContext, count: int
) -> tuple[list[Cut], list[Refusal]]:
    """The best `count` of `cuts`, kept apart, and the refused ones.

    Where a better cut leaves too little of one, the next best takes its place.
    """
    weights, quotas = weights_and_quotas(context.preset)
    offered, refused = list(cuts), list[Refusal]()
    while True:
        chosen, left_out = choose_cuts(offered, count, weights, quotas)
        apart, overlapping = keep_apart(chosen, signals, context.source_lengths[0], weights)
        if not overlapping:
            return apart, [*refused, *left_out]
        refused += overlapping.values()
        too_short = {id(chosen[index]) for index in overlapping}
        offered = [cut for cut in offered if id(cut) not in too_short]


def weights_and_quotas(preset: Preset) -> tuple[dict[str, float], dict[str, Quota]]:
    """The preset's weights and quotas, by kind."""
    weights = {str(kind): weight for kind, weight in preset.weights.items()}
    return weights, {str(kind): quota for kind, quota in preset.quotas.items()}


def best_of_shoot(
    cuts: Sequence[Cut], context: PlanContext, top: int
) -> tuple[list[Cut], list[Refusal]]:
    """The best `top` of the `cuts` of all takes, and the refused ones.

    The preset's weights and quotas apply to the complete shoot.
    """
    weights, quotas = weights_and_quotas(context.preset)
    activity, person = partial(activity_of, context=context), partial(person_in, context=context)
    return choose_cuts(cuts, top, weights, quotas, partial(vary, activity=activity, person=person))


def activity_of(cut: Cut, context: PlanContext) -> str:
    """The activity in `cut`: the step of the notes that it shows, otherwise its kind and action."""
    notes = context.texts.notes.get(cut.footage.path)
    step = find_step(cut, notes) if notes else None
    return step.name if step else f"{cut.kind} {cut.action}"


def person_in(cut: Cut, context: PlanContext) -> str:
    """The name of the person that `cut` is about, or "" if the notes do not say."""
    notes = context.texts.notes.get(cut.footage.path)
    return person_of(cut, notes) if notes else ""


def vary(
    cuts: Sequence[Cut],
    weights: Mapping[str, float],
    activity: Callable[[Cut], str],
    person: Callable[[Cut], str],
) -> list[Cut]:
    """Order `cuts` by their worth after the cuts before them.

    A cut is worth its score times the weight of its kind, less for each cut before it of the same
    activity, take or person.
    """
    activities = _numbers_of([activity(cut) for cut in cuts])
    takes = _numbers_of([str(cut.footage.path) for cut in cuts])
    people = [person(cut) for cut in cuts]
    people_numbers = _numbers_of(people)
    worth = np.array([cut.score * weights.get(cut.kind, 1.0) for cut in cuts])
    ordered: list[Cut] = []
    for _ in cuts:
        best = int(worth.argmax())
        ordered.append(cuts[best])
        worth[activities == activities[best]] *= SAME_ACTIVITY_FACTOR
        worth[takes == takes[best]] *= SAME_TAKE_FACTOR
        if people[best]:
            worth[people_numbers == people_numbers[best]] *= SAME_PERSON_FACTOR
        worth[best] = -np.inf
    return ordered


def _numbers_of(names: Sequence[str]) -> NDArray[np.int_]:
    """A number for each of `names`; equal names have the same number."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], int)


def nothing_found_error(
    footages: Sequence[Footage], refused: Sequence[Refusal], context: PlanContext
) -> NothingFound:
    """The error for takes without any cut. It names the longest refused span and why, and takes
    that can't be read completely.

    It names an option only if that option would give a clip.
    """
    subject = footages[0].path if len(footages) == 1 else f"{len(footages)} takes"
    cause, cure = _too_short_message(refused, context) or _cause_and_cure(refused, context)
    damaged = [lost_pictures(footage.path.name, footage.lost) for footage in footages]
    return NothingFound(subject, ", and ".join([cause, *filter(None, damaged)]), cure)


def _cause_and_cure(refused: Sequence[Refusal], context: PlanContext) -> tuple[str, str]:
    only_mishaps = context.request.mishaps == "only"
    cause = "no mishap that can be shown" if only_mishaps else "nothing worth cutting"
    if any(refusal.option == "--mishaps" for refusal in refused):
        return cause, "--mishaps keep shows what else there is"
    if nearest := max(refused, key=lambda r: r.end - r.start, default=None):
        cause += f" ({nearest.start:.1f}-{nearest.end:.1f} s: {nearest.why})"
    return cause, "`btsclip analyze` shows what was seen in a take"


def _too_short_message(refused: Sequence[Refusal], context: PlanContext) -> tuple[str, str] | None:
    """Cause and cure if the longest moment is only too short; None if no option would help."""
    short = [refusal for refusal in refused if refusal.option == "--min-length"]
    longest = max(short, key=lambda r: r.end - r.start, default=None)
    if longest is None:
        return None
    seconds = (longest.end - longest.start) / context.preset.pacing.speed
    # Rounded down, so that a clip of this length fits.
    min_length = math.floor(seconds * 10 + 1e-6) / 10
    if min_length < MIN_CLIP_SECONDS.min:
        return None
    cause = (
        f"nothing worth cutting: the longest moment lasts {min_length:g} s (at"
        f" {longest.start:.1f} s of {longest.footage.path.name}), a clip"
        f" {context.lengths[0]:g} s or more"
    )
    return cause, f"--min-length {min_length:g} shows it"
