"""What is done in a cut: what the notes say goes before what was guessed from the picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from btsclip.intervals import shared_seconds
from btsclip.moments.select import Cut
from btsclip.notes.concepts import find_concepts
from btsclip.notes.lexicon import ACTIONS
from btsclip.notes.model import Notes, Step

# The action of work that was not made out.
UNKNOWN = "other"


def apply_noted_action(cut: Cut, step: Step | None, notes: Notes) -> Cut:
    """`cut` with the action that `notes` allow; `step` is the step it shows, where that is known.

    The step's own action replaces the guessed one. A guess that the words of the step contradict,
    or every step that is noted for this part of the take, is dropped.
    """
    if cut.kind != "process":
        return cut
    steps = [step] if step else [other for other in notes.steps if is_noted_at(other, cut)]
    allowed = [step_actions(other) for other in steps]
    if not allowed or any(not named or cut.action in named for named in allowed):
        return cut
    action = step.action if step and step.action else UNKNOWN
    if action == cut.action:
        return cut
    return replace(cut, action=action, why=f"{cut.why}; {_reason(cut.action, action)}")


def noted_action(step: Step) -> set[str]:
    """The step's action as it is noted; nothing without one."""
    return {step.action} if step.action else set()


def step_actions(step: Step) -> set[str]:
    """The step's action, else the actions that its name speaks of."""
    return noted_action(step) or set(find_concepts(step.name)) & set(ACTIONS)


def agrees(cut: Cut, step: Step) -> bool:
    """Whether the picture does not look like something other than the step."""
    named = step_actions(step)
    return cut.action in (None, UNKNOWN) or not named or cut.action in named


def is_take(name: str | None, path: Path) -> bool:
    """Whether the notes' take `name` means the file at `path`."""
    return name is not None and Path(name).name == path.name


def is_timed(step: Step) -> bool:
    """Whether the notes say when the step is seen in its take."""
    return step.start is not None or step.end is not None


def seconds_covered(step: Step, cut: Cut) -> float:
    """Seconds of `cut` within the times of `step`."""
    end = cut.end if step.end is None else step.end
    return max(0.0, shared_seconds((step.start or 0.0, end), (cut.start, cut.end)))


def is_noted_at(step: Step, cut: Cut) -> bool:
    """Whether the notes place the step in the take of `cut`, and its times, if any, touch it."""
    return is_take(step.take, cut.footage.path) and (
        not is_timed(step) or seconds_covered(step, cut) > 0
    )


def _reason(guess: str | None, action: str) -> str:
    if action == UNKNOWN:
        return f"it looked like {guess}, which the notes contradict"
    looked = f", though it looked like {guess}" if guess not in (None, UNKNOWN) else ""
    return f"{action} by the notes{looked}"
