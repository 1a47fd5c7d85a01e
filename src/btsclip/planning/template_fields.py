"""The fields of caption templates for one clip, from the notes and the clocks.

A caption must be true, so a field in doubt has no value.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from btsclip.captions import duration_in_words
from btsclip.media import Footage
from btsclip.moments import Cut
from btsclip.notes import Notes, StepMatch, match_steps

# Kinds of moments that are about a person, who may be named.
ABOUT_PEOPLE = ("people", "why")


def template_values(
    cut: Cut, notes: Notes | None, start: datetime | None, match: StepMatch | None = None
) -> dict[str, str]:
    """The known fields of `cut`, by name.

    Args:
        cut: The cut to describe.
        notes: The notes on its take.
        start: Start of the shoot's first take.
        match: The cut's step, if it was matched together with other cuts. Without it the cut is
            matched alone.
    """
    values = {"elapsed": elapsed_words(cut.footage.created, cut.start, start)}
    if notes:
        match = match or match_steps([cut], {cut.footage.path: notes})[0]
        values["dish"] = notes.dish
        values["step"] = match.step.name if match and match.step else ""
        values["note"] = match.note if match else ""
        values = {name: text for name, text in values.items() if notes.may_write(text)}
        values["person"] = person_of(cut, notes)
    return {name: " ".join(text.split()) for name, text in values.items() if text.strip()}


def shoot_start(footages: Iterable[Footage]) -> datetime | None:
    """The start of the first take; None unless the clocks of all takes are known."""
    times = [footage.created for footage in footages]
    known = [time for time in times if time is not None]
    return min(known) if known and len(known) == len(times) else None


def sort_by_clock(footages: Iterable[Footage]) -> list[Footage]:
    """Takes in the order of their clocks; in the given order if one has no clock."""
    takes = list(footages)
    if any(take.created is None for take in takes):
        return takes
    return sorted(takes, key=lambda take: take.created.timestamp() if take.created else 0)


def elapsed_words(created: datetime | None, seconds: float, start: datetime | None) -> str:
    """The time from `start` to `seconds` into a take that was `created` at its start.

    Such as "3 h 20 min"; "" if the time is unknown or less than a minute.
    """
    if created is None or start is None:
        return ""
    elapsed = (created + timedelta(seconds=seconds) - start).total_seconds()
    return duration_in_words(elapsed) if elapsed >= 60 else ""


def person_of(cut: Cut, notes: Notes) -> str:
    """The name of the only person that the notes list for the take, in a clip about people.

    "" without that person's consent.
    """
    people = [person for person in notes.people if person.is_in(cut.footage.path)]
    if cut.kind not in ABOUT_PEOPLE or len(people) != 1 or not people[0].consent:
        return ""
    return people[0].name
