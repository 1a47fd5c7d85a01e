"""The action of a cut: the notes come before the guess from the picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from btsclip.intervals import shared_seconds
from btsclip.moments import Cut
from btsclip.notes.concepts import find_concepts
from btsclip.notes.lexicon import ACTIONS
from btsclip.notes.model import Notes, Step

# The action of work that was not recognized.
UNKNOWN = "other"


def apply_noted_action(cut: Cut, step: Step | None, notes: Notes) -> Cut:
    """`cut` with the action that `notes` allow; `step` is the step it shows, if known.

    The action of the step replaces the guess. A guess is dropped if the words of the step, or of
    every step noted for this part of the take, contradict it.
    """
    if cut.kind != "process":
        return cut
    steps = [step] if step else [noted for noted in notes.steps if is_noted_at(noted, cut)]
    allowed = [step_actions(noted) for noted in steps]
    if not allowed or any(not actions or cut.action in actions for actions in allowed):
        return cut
    action = step.action if step and step.action else UNKNOWN
    if action == cut.action:
        return cut
    return replace(cut, action=action, why=f"{cut.why}; {_reason(cut.action, action)}")


def noted_action(step: Step) -> set[str]:
    """The action noted for the step, as a set; empty without one."""
    return {step.action} if step.action else set()


def step_actions(step: Step) -> set[str]:
    """The action noted for the step, else the actions in its name."""
    return noted_action(step) or set(find_concepts(step.name)) & set(ACTIONS)


def agrees(cut: Cut, step: Step) -> bool:
    """Whether the action seen in a cut, if any, may be the action of the step."""
    actions = step_actions(step)
    return cut.action in (None, UNKNOWN) or not actions or cut.action in actions


def is_take(name: str | None, path: Path) -> bool:
    """Whether `name`, a take in the notes, is the file at `path`."""
    return name is not None and Path(name).name == path.name


def is_timed(step: Step) -> bool:
    """Whether the step has times in its take."""
    return step.start is not None or step.end is not None


def seconds_covered(step: Step, cut: Cut) -> float:
    """Seconds of `cut` within the times of `step`."""
    end = cut.end if step.end is None else step.end
    return max(0.0, shared_seconds((step.start or 0.0, end), (cut.start, cut.end)))


def is_noted_at(step: Step, cut: Cut) -> bool:
    """Whether the step is noted for the take of `cut`, and its times, if any, overlap the cut."""
    return is_take(step.take, cut.footage.path) and (
        not is_timed(step) or seconds_covered(step, cut) > 0
    )


def _reason(guess: str | None, action: str) -> str:
    if action == UNKNOWN:
        return f"it looked like {guess}, which the notes contradict"
    looked = f", though it looked like {guess}" if guess not in (None, UNKNOWN) else ""
    return f"the notes say {action}{looked}"
