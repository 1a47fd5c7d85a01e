"""Lower thirds: captions that name a person, shown once, when the person is first seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from btsclip.captions import MIN_SECONDS, BusyArea, clean_line, place_captions, reading_seconds
from btsclip.errors import CaptionError
from btsclip.notes import Person
from btsclip.plan import Caption
from btsclip.planning.people import KnownPeople
from btsclip.planning.text_sources import lower_third
from btsclip.presets import Preset
from btsclip.signals import SAMPLE_RATE

# Somebody who is on the screen for a shorter time is not introduced.
MIN_SECONDS_ON_SCREEN = 0.5


def introductions(
    faces: Iterable[tuple[Person, Sequence[BusyArea]]], seconds: float, preset: Preset
) -> list[Caption]:
    """One lower third for each person who is seen on the screen for long enough.

    `faces` are the people with the areas of their faces, in a clip of `seconds` on the screen.
    """
    if not preset.captions.introduce:
        return []
    captions = []
    style = preset.captions.person_style
    for person, areas in faces:
        visible = [area for area in areas if area.end > 0 and area.start < seconds]
        if len(visible) / SAMPLE_RATE < MIN_SECONDS_ON_SCREEN:
            continue
        text = lower_third(person)
        min_seconds = max(reading_seconds(clean_line(text)), MIN_SECONDS)
        start = min(max(style.start, visible[0].start), seconds - min_seconds)
        if start < 0:
            continue
        end = min(seconds, start + max(style.seconds or seconds, min_seconds))
        captions.append(
            Caption(
                text=text, start=round(start, 3), end=round(end, 3), role="person",
                evidence="notes: people",
            )
        )  # fmt: skip
    return captions


def place_lower_thirds(
    captions: Sequence[Caption],
    lower_thirds: Sequence[Caption],
    preset: Preset,
    busy: Sequence[BusyArea],
) -> tuple[tuple[Caption, ...], list[str]]:
    """Place all captions. A lower third without room is left out, with a warning."""
    kept: list[Caption] = []
    warnings = []
    for caption in lower_thirds:
        try:
            place_captions([*captions, *kept, caption], preset, busy)
            kept.append(caption)
        except CaptionError as error:
            warnings.append(str(error))
    return place_captions([*captions, *kept], preset, busy), warnings


def takes_of_introductions(known_people: KnownPeople, takes: Sequence[Path]) -> dict[str, str]:
    """The take in which each lower third belongs, by its text.

    It is the first take that the notes list for the person, otherwise the first of all `takes`,
    which are in the order in which they were filmed.
    """
    take_of_text: dict[str, str] = {}
    for take in takes:
        for person in known_people.people(take):
            own_takes = [path for path in takes if person.is_in(path)]
            take_of_text.setdefault(lower_third(person), str((own_takes or list(takes))[0]))
    return take_of_text
