"""Which of the noted steps a cut shows, and which note tells of it.

A wrong step on a clip is worse than none: where the evidence leaves a choice there is none. What
the creator wrote goes before what was guessed from the picture, so a step is looked for in this
order: its own take and times, the only step of the take, the words in the take's name, the only
step of the cut's action, the words spoken, and last the order of steps, which is that of the clock.
A guess chooses between steps that the words leave; it never rules one out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from btsclip.moments.select import Cut
from btsclip.notes.alignment import align_in_order
from btsclip.notes.concepts import Term, covered_share, find_concepts, found_in, terms
from btsclip.notes.doings import (
    UNKNOWN,
    agrees,
    apply_noted_action,
    is_take,
    is_timed,
    noted_action,
    seconds_covered,
    step_actions,
)
from btsclip.notes.lexicon import ACTIONS
from btsclip.notes.model import Notes, Step

# A timed step is the one that a clip shows when it covers this share of the clip.
SHARE_OF_CLIP = 0.5
# A step is named by words that hold this share of its name's words, and this much more than of any
# other step's; where the action agrees, a smaller share will do.
NAMED, NAMED_AND_DONE, CLEARLY = 0.6, 0.5, 0.25
# Spoken words are many, and some always fit: so many of the step's own must be among them.
SPOKEN_WORDS = 2
# How sure each way is, 0 to 1: what was noted for just this goes before what is only likely.
SURE = {
    "time": 0.95, "take": 0.8, "name": 0.75, "action": 0.7, "doing": 0.65, "spoken": 0.65,
    "order": 0.6,
}  # fmt: skip


@dataclass(frozen=True)
class StepMatch:
    """What the notes tell of a cut: its step, a note, and by what it was found: the `time` in its
    take, its `take`, that one's `name`, its `action` (`doing`: one that only the step's words
    name), what is `spoken`, or the `order` of steps."""

    step: Step | None
    note: str
    how: str

    @property
    def sure(self) -> float:
        """How sure it is, 0 to 1."""
        return SURE[self.how]


def _nothing(cut: Cut) -> str:
    return ""


def match_steps(
    cuts: Sequence[Cut],
    noted: Mapping[Path, Notes],
    heard: Callable[[Cut], str] = _nothing,
) -> list[StepMatch | None]:
    """What the notes tell of each of `cuts`, by the paths of their takes; `heard` is what is spoken
    in a cut.

    The more cuts of a shoot there are, the more their order tells.
    """
    told: list[StepMatch | None] = [None] * len(cuts)
    for notes in {id(each): each for each in noted.values()}.values():
        mine = [i for i, cut in enumerate(cuts) if noted.get(cut.footage.path) is notes]
        found = [_step_of(cuts[i], notes, heard(cuts[i])) for i in mine]
        settled = [
            apply_noted_action(cuts[i], one.step if one else None, notes)
            for i, one in zip(mine, found, strict=True)
        ]
        found = _by_order(settled, notes, found)
        for i, cut, one in zip(mine, settled, found, strict=True):
            told[i] = _with_note(cut, one, notes, heard(cuts[i]))
    return told


def find_step(cut: Cut, notes: Notes) -> Step | None:
    """The step that `cut` shows by itself, without others beside it."""
    found = _step_of(cut, notes, "")
    return found.step if found else None


def _step_of(cut: Cut, notes: Notes, spoken: str) -> StepMatch | None:
    here = [step for step in notes.steps if is_take(step.take, cut.footage.path)]
    timed = [step for step in here if is_timed(step)]
    if timed:
        best = max(timed, key=lambda step: seconds_covered(step, cut))
        if seconds_covered(best, cut) >= SHARE_OF_CLIP * (cut.end - cut.start):
            return _told(best, "time")
    if len(here) == 1 and not timed:
        return _told(here[0], "take")
    possible = [step for step in notes.steps if _may_be(cut, step)]
    named = _named_in(cut.footage.path.stem, cut, possible, min_words=1)
    if named:
        return _told(named, "name")
    if done := _done_in(cut, possible):
        return done
    said = _named_in(spoken, cut, possible, min_words=SPOKEN_WORDS)
    return _told(said, "spoken") if said else None


def _done_in(cut: Cut, possible: Sequence[Step]) -> StepMatch | None:
    """The only step of the cut's action; those that are noted for its take go first."""
    if cut.action in (None, UNKNOWN):
        return None
    for how, done in (("action", noted_action), ("doing", step_actions)):
        of_action = [step for step in possible if cut.action in done(step)]
        own = [step for step in of_action if step.take is not None]
        if len(own or of_action) == 1:
            return _told((own or of_action)[0], how)
        if of_action:
            return None
    return None


def _by_order(
    cuts: Sequence[Cut], notes: Notes, found: Sequence[StepMatch | None]
) -> list[StepMatch | None]:
    """`found`, and the steps that the order of all others leaves no choice of."""
    filled = list(found)
    clocks = [cut.footage.created for cut in cuts]
    takes = {cut.footage.path for cut in cuts}
    groups = [list(range(len(cuts)))]
    if len(takes) > 1 and None in clocks:
        # Without clocks only what lies in one take is known to follow.
        groups = [[i for i, c in enumerate(cuts) if c.footage.path == take] for take in takes]
    for group in groups:
        ordered = sorted(group, key=lambda i: _clock(cuts[i]))
        fits = []
        for i in ordered:
            one = found[i]
            known = notes.steps.index(one.step) if one and one.step else None
            may = [j for j, s in enumerate(notes.steps) if _may_follow(cuts[i], s)]
            fits.append([known] if known is not None else may)
        settled = [found[i] is not None for i in ordered]
        for i, j in zip(ordered, align_in_order(fits, settled, len(notes.steps)), strict=True):
            if filled[i] is None and j is not None:
                filled[i] = _told(notes.steps[j], "order")
    return filled


def _with_note(cut: Cut, told: StepMatch | None, notes: Notes, spoken: str) -> StepMatch | None:
    """`told` with its step's note, else with the one free note that tells of the same; never with
    one that names somebody who did not agree."""
    if told and told.step and told.step.note:
        return replace(told, note=told.step.note if notes.may_write(told.step.note) else "")
    about = [text for text in notes.notes if text.strip() and notes.may_write(text)]
    if told and told.step:
        name = terms(told.step.name)
        fitting = [text for text in about if covered_share(name, terms(text)) >= NAMED]
        return StepMatch(told.step, fitting[0], told.how) if len(fitting) == 1 else told
    named = [text for text in about if cut.action and cut.action in find_concepts(text)]
    if len(named) == 1 and not (find_concepts(named[0]) & set(ACTIONS) - {cut.action}):
        return StepMatch(None, named[0], "doing")
    said = terms(spoken)
    fitting = [text for text in about if said and covered_share(terms(text), said) >= NAMED]
    return StepMatch(None, fitting[0], "spoken") if len(fitting) == 1 else told


def _told(step: Step, how: str) -> StepMatch:
    return StepMatch(step, step.note, how)


def _named_in(text: str, cut: Cut, steps: Sequence[Step], min_words: int) -> Step | None:
    """The one of `steps` whose name's words, at least `min_words` of them, are in `text`. The
    cut's action only chooses where the words leave a choice."""
    words = terms(text)
    share, best = _clearest(words, steps, min_words)
    if best and share >= NAMED:
        return best
    share, best = _clearest(words, [step for step in steps if agrees(cut, step)], min_words)
    needed = NAMED_AND_DONE if best and cut.action in step_actions(best) else NAMED
    return best if share >= needed else None


def _clearest(
    words: Sequence[Term], steps: Sequence[Step], min_words: int
) -> tuple[float, Step | None]:
    """The step of whose name clearly the largest share is among `words`, and that share."""
    shares: list[tuple[float, Step]] = []
    for step in steps if words else []:
        name = terms(step.name)
        if sum(found_in(term, words) > 0 for term in name) >= min_words:
            shares.append((covered_share(name, words), step))
    shares.sort(key=lambda scored: -scored[0])
    if not shares or (len(shares) > 1 and shares[0][0] - shares[1][0] < CLEARLY):
        return 0.0, None
    return shares[0]


def _may_be(cut: Cut, step: Step) -> bool:
    """Whether the step is not noted for another take, or another time of this one."""
    return step.take is None or (is_take(step.take, cut.footage.path) and not is_timed(step))


def _may_follow(cut: Cut, step: Step) -> bool:
    """Whether the order may tell that the cut shows the step: it does what that says."""
    return (
        cut.action not in (None, UNKNOWN)
        and cut.action in step_actions(step)
        and _may_be(cut, step)
    )


def _clock(cut: Cut) -> tuple[float, float]:
    created = cut.footage.created
    return (created.timestamp() if created else 0.0) + cut.start, cut.end
