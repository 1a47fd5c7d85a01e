"""What the notes and the clocks tell about one clip: the fields that templates may use.

A caption must be true, so a field that is in doubt has no value.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from btsclip.captions.clock import duration_in_words
from btsclip.media.footage import Footage
from btsclip.moments.select import Cut
from btsclip.notes.match import StepMatch, match_steps
from btsclip.notes.model import Notes

# Kinds of moments in which a person is the subject and may be named.
ABOUT_PEOPLE = ("people", "why")


def template_values(
    cut: Cut, notes: Notes | None, began: datetime | None, told: StepMatch | None = None
) -> dict[str, str]:
    """The fields that are known of `cut`; `began` is when the shoot's first take began. `told` is
    what the notes tell of it beside other cuts, else it is found by the cut alone."""
    facts = {"elapsed": elapsed_words(cut.footage.created, cut.start, began)}
    if notes:
        told = told or match_steps([cut], {cut.footage.path: notes})[0]
        facts["dish"] = notes.dish
        facts["step"] = told.step.name if told and told.step else ""
        facts["note"] = told.note if told else ""
        facts = {name: text for name, text in facts.items() if notes.may_write(text)}
        facts["person"] = person_of(cut, notes)
    return {name: " ".join(text.split()) for name, text in facts.items() if text.strip()}


def began(footages: Iterable[Footage]) -> datetime | None:
    """When the first of the takes began; None unless all of their times are known."""
    times = [footage.created for footage in footages]
    known = [time for time in times if time is not None]
    return min(known) if known and len(known) == len(times) else None


def sort_by_clock(footages: Iterable[Footage]) -> list[Footage]:
    """Takes in the order of their clocks; as they are where one has none."""
    found = list(footages)
    times = [footage.created for footage in found]
    if any(time is None for time in times):
        return found
    return sorted(found, key=lambda footage: footage.created.timestamp() if footage.created else 0)


def elapsed_words(created: datetime | None, seconds: float, began: datetime | None) -> str:
    """The time from `began` to `seconds` into a take, such as "3 h 20 min"; nothing when it is not
    known or less than a minute."""
    if created is None or began is None:
        return ""
    passed = (created + timedelta(seconds=seconds) - began).total_seconds()
    return duration_in_words(passed) if passed >= 60 else ""


def person_of(cut: Cut, notes: Notes) -> str:
    """The name of the person in a clip about people: of the only one noted for its take, and only
    with consent."""
    seen = [person for person in notes.people if person.is_in(cut.footage.path)]
    if cut.kind not in ABOUT_PEOPLE or len(seen) != 1 or not seen[0].consent:
        return ""
    return seen[0].name
