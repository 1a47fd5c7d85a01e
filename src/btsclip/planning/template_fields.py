"""What is known about a clip from the notes, the names of its files and the clocks.

A caption must be true, so a field in doubt has no value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from btsclip.captions import Fact, duration_in_words
from btsclip.media import Footage
from btsclip.moments import ACTION_WORDS, Cut, food_seen
from btsclip.notes import (
    Notes,
    StepMatch,
    find_kitchen_words,
    match_steps,
    says_enough,
    step_actions,
)

# Kinds of moments that are about a person, who may be named.
ABOUT_PEOPLE = ("people", "why")
CLOCK = "the clocks of the takes"


def template_values(
    cut: Cut, notes: Notes | None, start: datetime | None, match: StepMatch | None = None
) -> dict[str, Fact]:
    """The known fields of `cut`, by name.

    Args:
        cut: The cut to describe.
        notes: The notes on its take.
        start: Start of the shoot's first take.
        match: The cut's step, if it was matched together with other cuts. Without it the cut is
            matched alone.
    """
    facts = take_facts(cut.footage, notes)
    facts["elapsed"] = Fact(elapsed_words(cut.footage.created, cut.start, start), CLOCK)
    facts["food"] = Fact(food_seen(cut.evidence), "seen")
    if notes:
        match = match or match_steps([cut], {cut.footage.path: notes})[0]
        facts |= dict(_step_facts(notes, match, cut)) if match else {}
        facts = {name: fact for name, fact in facts.items() if notes.may_write(fact.text)}
        # The name of a person who agreed may contain that of one who did not.
        facts["person"] = Fact(person_of(cut, notes), "notes: people")
    return {name: fact for name, fact in facts.items() if fact}


def take_facts(footage: Footage, notes: Notes | None) -> dict[str, Fact]:
    """The fields that are known of a take as a whole, by name."""
    facts = {"name": _first(name for name in _names_of(footage) if says_enough(name.text))}
    if notes:
        facts["dish"] = Fact(notes.dish, "notes: dish")
    return _known(facts, notes)


def title_facts(footage: Footage, notes: Notes | None) -> dict[str, Fact]:
    """As `take_facts`, for the title on a cover: there, one noun of the file's name is enough."""
    return _known({"name": _first(_names_of(footage))}, notes) | take_facts(footage, notes)


def _first(facts: Iterable[Fact]) -> Fact:
    """The first of `facts` with a text."""
    return next(filter(None, facts), Fact("", ""))


def _known(facts: dict[str, Fact], notes: Notes | None) -> dict[str, Fact]:
    """The `facts` that are known and may be written."""
    return {
        name: fact
        for name, fact in facts.items()
        if fact and (notes is None or notes.may_write(fact.text))
    }


def _step_facts(notes: Notes, match: StepMatch, cut: Cut) -> Iterator[tuple[str, Fact]]:
    """The fields that the step of `cut` gives, some of them empty."""
    source = "notes: what to tell"
    if match.step:
        number = notes.steps.index(match.step) + 1
        source = f"notes: step {number}"
        yield "step", Fact(match.step.name, source)
        yield "number", Fact(str(number), source)
        yield "steps", Fact(str(len(notes.steps)), source)
        if cut.action and cut.action in step_actions(match.step):
            yield "action", Fact(ACTION_WORDS.get(cut.action, ""), source)
    yield "note", Fact(match.note, source)


def _names_of(footage: Footage) -> Iterator[Fact]:
    """What the names of the file and of its folder say about the food and the work."""
    path = footage.path
    yield Fact(find_kitchen_words(path.stem), f"file name {path.name}")
    folder = path.absolute().parent.name
    yield Fact(find_kitchen_words(folder), f"folder name {folder}")


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
