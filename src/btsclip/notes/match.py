"""Match cuts to the steps and notes of shoot.toml.

A wrong step on a clip is worse than no step, so doubtful matches are dropped. The creator's words
come before guesses from the picture. A step is found by, in this order: its take and times, being
the only step of the take, words in the take's name, being the only step of the cut's action, spoken
words, and the order of steps by the clock. A guess may choose between steps with fitting words, but
never rules a step out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from btsclip.moments import Cut
from btsclip.notes.alignment import align_in_order
from btsclip.notes.concepts import Term, covered_share, find_concepts, found_in, terms
from btsclip.notes.lexicon import ACTIONS
from btsclip.notes.model import Notes, Step
from btsclip.notes.noted_actions import (
    UNKNOWN,
    agrees,
    apply_noted_action,
    is_take,
    is_timed,
    noted_action,
    seconds_covered,
    step_actions,
)

# Share of a cut that the times of its step must cover.
MIN_TIME_SHARE = 0.5
# Share of a name's words that a text must have to name a step.
MIN_NAME_SHARE = 0.6
# The same for a step with the action of the cut.
MIN_NAME_SHARE_WITH_ACTION = 0.5
# Lead of that share over the share of any other step.
MIN_NAME_LEAD = 0.25
# Words of a step's name that must be spoken. Speech is long, so some words always fit.
MIN_SPOKEN_WORDS = 2
# Confidence of a match, 0 to 1, by how it was found.
CONFIDENCE = {
    "time": 0.95, "take": 0.8, "name": 0.75, "action": 0.7, "doing": 0.65, "spoken": 0.65,
    "order": 0.6,
}  # fmt: skip


@dataclass(frozen=True)
class StepMatch:
    """The step and note for a cut, and how they were found.

    `how` is `time` (in its take), `take`, `name` (of the take), `action` (noted for the step),
    `doing` (an action in the step's words), `spoken` or `order` (of steps).
    """

    step: Step | None
    note: str
    how: str

    @property
    def confidence(self) -> float:
        """Confidence of the match, 0 to 1."""
        return CONFIDENCE[self.how]


def _no_speech(cut: Cut) -> str:
    return ""


def match_steps(
    cuts: Sequence[Cut],
    noted: Mapping[Path, Notes],
    speech: Callable[[Cut], str] = _no_speech,
) -> list[StepMatch | None]:
    """The step and note of each cut; None where there is no clear match.

    More cuts of a shoot allow more matches by the order of steps.

    Args:
        cuts: The cuts of one or more shoots.
        noted: The notes by path of a take.
        speech: Returns the words spoken in a cut.
    """
    results: list[StepMatch | None] = [None] * len(cuts)
    for notes in {id(notes): notes for notes in noted.values()}.values():
        indexes = [i for i, cut in enumerate(cuts) if noted.get(cut.footage.path) is notes]
        matches = [_match_alone(cuts[i], notes, speech(cuts[i])) for i in indexes]
        settled = [
            apply_noted_action(cuts[i], match.step if match else None, notes)
            for i, match in zip(indexes, matches, strict=True)
        ]
        matches = _match_by_order(settled, notes, matches)
        for i, cut, match in zip(indexes, settled, matches, strict=True):
            results[i] = _add_note(cut, match, notes, speech(cuts[i]))
    return results


def find_step(cut: Cut, notes: Notes) -> Step | None:
    """The step of a single cut, without the order of other cuts; None without a clear match."""
    match = _match_alone(cut, notes, "")
    return match.step if match else None


def _match_alone(cut: Cut, notes: Notes, spoken: str) -> StepMatch | None:
    of_take = [step for step in notes.steps if is_take(step.take, cut.footage.path)]
    timed = [step for step in of_take if is_timed(step)]
    if timed:
        best = max(timed, key=lambda step: seconds_covered(step, cut))
        if seconds_covered(best, cut) >= MIN_TIME_SHARE * (cut.end - cut.start):
            return _step_match(best, "time")
    if len(of_take) == 1 and not timed:
        return _step_match(of_take[0], "take")
    possible = [step for step in notes.steps if _may_show(cut, step)]
    named = _find_named_step(cut.footage.path.stem, cut, possible, min_words=1)
    if named:
        return _step_match(named, "name")
    if match := _match_by_action(cut, possible):
        return match
    named = _find_named_step(spoken, cut, possible, min_words=MIN_SPOKEN_WORDS)
    return _step_match(named, "spoken") if named else None


def _match_by_action(cut: Cut, possible: Sequence[Step]) -> StepMatch | None:
    """The only step with the cut's action; steps noted for the take come first."""
    if cut.action in (None, UNKNOWN):
        return None
    for how, actions_of in (("action", noted_action), ("doing", step_actions)):
        of_action = [step for step in possible if cut.action in actions_of(step)]
        of_take = [step for step in of_action if step.take is not None]
        if len(of_take or of_action) == 1:
            return _step_match((of_take or of_action)[0], how)
        if of_action:
            return None
    return None


def _match_by_order(
    cuts: Sequence[Cut], notes: Notes, matches: Sequence[StepMatch | None]
) -> list[StepMatch | None]:
    """`matches`, with the steps added that follow from the order of the other cuts."""
    filled = list(matches)
    clocks = [cut.footage.created for cut in cuts]
    takes = {cut.footage.path for cut in cuts}
    groups = [list(range(len(cuts)))]
    if len(takes) > 1 and None in clocks:
        # Without clocks, only the order within a take is known.
        groups = [[i for i, c in enumerate(cuts) if c.footage.path == take] for take in takes]
    for group in groups:
        ordered = sorted(group, key=lambda i: _clock(cuts[i]))
        fits = []
        for i in ordered:
            match = matches[i]
            known = notes.steps.index(match.step) if match and match.step else None
            possible = [j for j, step in enumerate(notes.steps) if _may_follow(cuts[i], step)]
            fits.append([known] if known is not None else possible)
        settled = [matches[i] is not None for i in ordered]
        for i, j in zip(ordered, align_in_order(fits, settled, len(notes.steps)), strict=True):
            if filled[i] is None and j is not None:
                filled[i] = _step_match(notes.steps[j], "order")
    return filled


def _add_note(cut: Cut, match: StepMatch | None, notes: Notes, spoken: str) -> StepMatch | None:
    """`match` with the note of its step, else with the only free note about the same; never with a
    note that names a person without consent."""
    if match and match.step and match.step.note:
        return replace(match, note=match.step.note if notes.may_write(match.step.note) else "")
    free = [text for text in notes.notes if text.strip() and notes.may_write(text)]
    if match and match.step:
        name = terms(match.step.name)
        fitting = [text for text in free if covered_share(name, terms(text)) >= MIN_NAME_SHARE]
        return StepMatch(match.step, fitting[0], match.how) if len(fitting) == 1 else match
    of_action = [text for text in free if cut.action and cut.action in find_concepts(text)]
    if len(of_action) == 1 and not (find_concepts(of_action[0]) & set(ACTIONS) - {cut.action}):
        return StepMatch(None, of_action[0], "doing")
    words = terms(spoken)
    fitting = [
        text for text in free if words and covered_share(terms(text), words) >= MIN_NAME_SHARE
    ]
    return StepMatch(None, fitting[0], "spoken") if len(fitting) == 1 else match


def _step_match(step: Step, how: str) -> StepMatch:
    return StepMatch(step, step.note, how)


def _find_named_step(text: str, cut: Cut, steps: Sequence[Step], min_words: int) -> Step | None:
    """The step whose name has at least `min_words` words in `text`. The cut's action only chooses
    between steps that the words allow."""
    words = terms(text)
    share, best = _find_leading_step(words, steps, min_words)
    if best and share >= MIN_NAME_SHARE:
        return best
    agreeing = [step for step in steps if agrees(cut, step)]
    share, best = _find_leading_step(words, agreeing, min_words)
    has_action = best and cut.action in step_actions(best)
    min_share = MIN_NAME_SHARE_WITH_ACTION if has_action else MIN_NAME_SHARE
    return best if share >= min_share else None


def _find_leading_step(
    words: Sequence[Term], steps: Sequence[Step], min_words: int
) -> tuple[float, Step | None]:
    """The step whose name clearly has the largest share of its words among `words`, and that share;
    0 and None without a clear lead."""
    shares: list[tuple[float, Step]] = []
    for step in steps if words else []:
        name = terms(step.name)
        if sum(found_in(term, words) > 0 for term in name) >= min_words:
            shares.append((covered_share(name, words), step))
    shares.sort(key=lambda scored: -scored[0])
    if not shares or (len(shares) > 1 and shares[0][0] - shares[1][0] < MIN_NAME_LEAD):
        return 0.0, None
    return shares[0]


def _may_show(cut: Cut, step: Step) -> bool:
    """Whether the step is noted for no take, or for this take without times."""
    return step.take is None or (is_take(step.take, cut.footage.path) and not is_timed(step))


def _may_follow(cut: Cut, step: Step) -> bool:
    """Whether the cut may show the step by its order: the cut must have the step's action."""
    return (
        cut.action not in (None, UNKNOWN)
        and cut.action in step_actions(step)
        and _may_show(cut, step)
    )


def _clock(cut: Cut) -> tuple[float, float]:
    created = cut.footage.created
    return (created.timestamp() if created else 0.0) + cut.start, cut.end
