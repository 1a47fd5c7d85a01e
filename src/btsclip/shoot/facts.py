"""What the notes and the clocks tell about one clip: the fields that templates may use.

A caption must be true, so a field that is in doubt has no value.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from btsclip.media.probe import Footage
from btsclip.moments.select import Cut
from btsclip.shoot.notes import Notes, Step

# A timed step is the one that a clip shows when it covers this share of the clip.
SHARE_OF_CLIP = 0.5
# Kinds of moments in which a person is the subject and may be named.
ABOUT_PEOPLE = ("people", "why")


def facts_of(cut: Cut, notes: Notes | None, began: datetime | None) -> dict[str, str]:
    """The fields that are known of `cut`; `began` is when the shoot's first take began."""
    facts = {"elapsed": elapsed(cut.footage.created, cut.start, began)}
    if notes:
        step = step_of(cut, notes)
        facts["dish"] = notes.dish
        facts["step"] = step.name if step else ""
        facts["note"] = step.note if step else ""
        facts["person"] = person_of(cut, notes)
    return {name: " ".join(text.split()) for name, text in facts.items() if text.strip()}


def began(footages: Iterable[Footage]) -> datetime | None:
    """When the first of the takes began; None unless all of their times are known."""
    times = [footage.created for footage in footages]
    known = [time for time in times if time is not None]
    return min(known) if known and len(known) == len(times) else None


def elapsed(created: datetime | None, seconds: float, began: datetime | None) -> str:
    """The time from `began` to `seconds` into a take, such as "3 h 20 min"; nothing when it is not
    known or less than a minute."""
    if created is None or began is None:
        return ""
    passed = created + timedelta(seconds=seconds) - began
    minutes = int(passed.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours else []
    return " ".join([*parts, *([f"{rest} min"] if rest > 0 else [])])


def step_of(cut: Cut, notes: Notes) -> Step | None:
    """The step that `cut` shows: by its take and times, else the only one of its action, else the
    only one of its take."""
    here = [step for step in notes.steps if _names(step.take, cut.footage.path)]
    timed = [step for step in here if _timed(step)]
    if timed:
        best = max(timed, key=lambda step: _shared(step, cut))
        if _shared(best, cut) >= SHARE_OF_CLIP * (cut.end - cut.start):
            return best
    of_action = [step for step in notes.steps if step.action and step.action == cut.action]
    if len(of_action) == 1:
        only = of_action[0]
        # One that is noted for another take, or another time of this one, is not this.
        if only.take is None or (only in here and not _timed(only)):
            return only
    if len(here) == 1 and not _timed(here[0]) and here[0].action in (None, cut.action):
        return here[0]
    return None


def person_of(cut: Cut, notes: Notes) -> str:
    """The name of the person in a clip about people: of the only one noted for its take, and only
    with consent."""
    seen = [person for person in notes.people if person.is_in(cut.footage.path)]
    if cut.kind not in ABOUT_PEOPLE or len(seen) != 1 or not seen[0].consent:
        return ""
    return seen[0].name


def _names(take: str | None, path: Path) -> bool:
    """Whether the notes' `take` means the file at `path`."""
    return take is not None and Path(take).name == path.name


def _timed(step: Step) -> bool:
    return step.start is not None or step.end is not None


def _shared(step: Step, cut: Cut) -> float:
    """Seconds of `cut` that `step` covers."""
    end = cut.end if step.end is None else step.end
    return max(0.0, min(end, cut.end) - max(step.start or 0.0, cut.start))
