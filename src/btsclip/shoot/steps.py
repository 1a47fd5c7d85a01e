"""Which of the noted steps a cut shows, and which note tells of it.

A wrong step on a clip is worse than none: where the evidence leaves a choice there is none. It is
looked for in this order: the step's own take and times, the only step of the cut's action, the only
one of its take, the words in the take's name, the words spoken, and last the order of steps, which
is that of the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from btsclip.moments.select import Cut
from btsclip.shoot.lexicon import ACTIONS
from btsclip.shoot.notes import Notes, Step
from btsclip.shoot.order import in_order
from btsclip.shoot.words import concepts, covered, found_in, terms

# A timed step is the one that a clip shows when it covers this share of the clip.
SHARE_OF_CLIP = 0.5
# A step is named by words that hold this share of its name's words, and this much more than of any
# other step's; where the action agrees, a smaller share will do.
NAMED, NAMED_AND_DONE, CLEARLY = 0.6, 0.5, 0.25
# Spoken words are many, and some always fit: so many of the step's own must be among them.
SPOKEN_WORDS = 2
# How sure each way is, 0 to 1: what was noted for just this goes before what is only likely.
SURE = {
    "time": 0.95, "action": 0.8, "take": 0.7, "name": 0.7, "doing": 0.65, "spoken": 0.65,
    "order": 0.6,
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What the notes tell of a cut: its step, a note, and by what it was found: the `time` in its
    take, its `action` (`doing`: one that only the step's words name), its `take`, that one's
    `name`, what is `spoken`, or the `order` of steps."""

    step: Step | None
    note: str
    how: str

    @property
    def sure(self) -> float:
        """How sure it is, 0 to 1."""
        return SURE[self.how]


def _nothing(cut: Cut) -> str:
    return ""


def tell(
    cuts: Sequence[Cut],
    noted: Mapping[Path, Notes],
    heard: Callable[[Cut], str] = _nothing,
) -> list[Told | None]:
    """What the notes tell of each of `cuts`, by the paths of their takes; `heard` is what is spoken
    in a cut.

    The more cuts of a shoot there are, the more their order tells.
    """
    told: list[Told | None] = [None] * len(cuts)
    for notes in {id(each): each for each in noted.values()}.values():
        mine = [i for i, cut in enumerate(cuts) if noted.get(cut.footage.path) is notes]
        found = [_step_of(cuts[i], notes, heard(cuts[i])) for i in mine]
        found = _by_order([cuts[i] for i in mine], notes, found)
        for i, one in zip(mine, found, strict=True):
            told[i] = _with_note(cuts[i], one, notes, heard(cuts[i]))
    return told


def step_of(cut: Cut, notes: Notes) -> Step | None:
    """The step that `cut` shows by itself, without others beside it."""
    found = _step_of(cut, notes, "")
    return found.step if found else None


def of_take(name: str | None, path: Path) -> bool:
    """Whether the notes' take `name` means the file at `path`."""
    return name is not None and Path(name).name == path.name


def _step_of(cut: Cut, notes: Notes, spoken: str) -> Told | None:
    here = [step for step in notes.steps if of_take(step.take, cut.footage.path)]
    timed = [step for step in here if _timed(step)]
    if timed:
        best = max(timed, key=lambda step: _shared(step, cut))
        if _shared(best, cut) >= SHARE_OF_CLIP * (cut.end - cut.start):
            return _told(best, "time")
    for how, done in (("action", _noted_action), ("doing", _doings)):
        of_action = [step for step in notes.steps if cut.action and cut.action in done(step)]
        # One that is noted for another take, or another time of this one, is not this.
        if len(of_action) == 1 and _may_be(cut, of_action[0]):
            return _told(of_action[0], how)
        if of_action:
            break
    if len(here) == 1 and not _timed(here[0]) and here[0].action in (None, cut.action):
        return _told(here[0], "take")
    named = _named_in(cut.footage.path.stem, cut, notes.steps, least=1)
    if named:
        return _told(named, "name")
    said = _named_in(spoken, cut, notes.steps, least=SPOKEN_WORDS)
    return _told(said, "spoken") if said else None


def _by_order(cuts: Sequence[Cut], notes: Notes, found: Sequence[Told | None]) -> list[Told | None]:
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
        for i, j in zip(ordered, in_order(fits, settled, len(notes.steps)), strict=True):
            if filled[i] is None and j is not None:
                filled[i] = _told(notes.steps[j], "order")
    return filled


def _with_note(cut: Cut, told: Told | None, notes: Notes, spoken: str) -> Told | None:
    """`told` with its step's note, else with the one free note that tells of the same."""
    if told and told.step and told.step.note:
        return Told(told.step, told.step.note, told.how)
    about = [text for text in notes.notes if text.strip()]
    if told and told.step:
        name = terms(told.step.name)
        fitting = [text for text in about if covered(name, terms(text)) >= NAMED]
        return Told(told.step, fitting[0], told.how) if len(fitting) == 1 else told
    named = [text for text in about if cut.action and cut.action in concepts(text)]
    if len(named) == 1 and not (concepts(named[0]) & set(ACTIONS) - {cut.action}):
        return Told(None, named[0], "doing")
    said = terms(spoken)
    fitting = [text for text in about if said and covered(terms(text), said) >= NAMED]
    return Told(None, fitting[0], "spoken") if len(fitting) == 1 else told


def _told(step: Step, how: str) -> Told:
    return Told(step, step.note, how)


def _named_in(text: str, cut: Cut, steps: Sequence[Step], least: int) -> Step | None:
    """The one of `steps` whose name's words, at least `least` of them, are in `text`."""
    words = terms(text)
    shares: list[tuple[float, Step]] = []
    for step in steps if words else []:
        name = terms(step.name)
        found = sum(found_in(term, words) > 0 for term in name)
        able = found >= least and _may_be(cut, step) and _agrees(cut, step)
        shares.append((covered(name, words) if able else 0.0, step))
    shares.sort(key=lambda each: -each[0])
    if not shares or (len(shares) > 1 and shares[0][0] - shares[1][0] < CLEARLY):
        return None
    share, best = shares[0]
    return best if share >= (NAMED_AND_DONE if cut.action in _doings(best) else NAMED) else None


def _noted_action(step: Step) -> set[str]:
    return {step.action} if step.action else set()


def _doings(step: Step) -> set[str]:
    """The step's action, or those that its name speaks of."""
    return _noted_action(step) or set(concepts(step.name)) & set(ACTIONS)


def _agrees(cut: Cut, step: Step) -> bool:
    """Whether the cut does not show something else than the step says."""
    return step.action in (None, cut.action) and (
        cut.action in (None, "other") or not _doings(step) or cut.action in _doings(step)
    )


def _may_be(cut: Cut, step: Step) -> bool:
    """Whether the step is not noted for another take, or another time of this one."""
    return step.take is None or (of_take(step.take, cut.footage.path) and not _timed(step))


def _may_follow(cut: Cut, step: Step) -> bool:
    """Whether the order may tell that the cut shows the step: it does what that says."""
    return cut.action not in (None, "other") and cut.action in _doings(step) and _may_be(cut, step)


def _clock(cut: Cut) -> tuple[float, float]:
    created = cut.footage.created
    return (created.timestamp() if created else 0.0) + cut.start, cut.end


def _timed(step: Step) -> bool:
    return step.start is not None or step.end is not None


def _shared(step: Step, cut: Cut) -> float:
    """Seconds of `cut` that `step` covers."""
    end = cut.end if step.end is None else step.end
    return max(0.0, min(end, cut.end) - max(step.start or 0.0, cut.start))
