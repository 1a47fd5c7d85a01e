"""Read `shoot.toml`: the creator's notes on a shoot."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from btsclip.captions import seconds_of
from btsclip.errors import NotesError
from btsclip.plan import Action
from btsclip.presets import explain_fault, read_toml

NAME = "shoot.toml"


def _as_seconds(value: object) -> object:
    """Seconds from a time as people write it."""
    if not isinstance(value, str):
        return value
    seconds = seconds_of(value)
    if seconds is None:
        raise ValueError(f'{value!r} is not a time; write seconds or "1:02:03"')
    return seconds


# Seconds in a take; in the file a number or a text such as "0:12.5" or "1:02:03".
Time = Annotated[float, Field(ge=0, allow_inf_nan=False), BeforeValidator(_as_seconds)]
Text = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Section):
    """One step of the dish. `take`, with `start` and `end` in it, shows the step; `note` is the
    reason for it."""

    name: Text
    action: Action | None = None
    take: str | None = None
    start: Time | None = None
    end: Time | None = None
    note: str = ""

    @model_validator(mode="after")
    def _check_times(self) -> Step:
        if self.take is None and (self.start is not None or self.end is not None):
            raise ValueError("start and end are times in a take: name it with `take`")
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ValueError("a step must end after it starts")
        return self


class FacePick(_Section):
    """A face that the creator picked: in the file `take`, `at` a time, within `box` (cx, cy, w, h
    in fractions of the picture)."""

    take: Text
    at: Time
    box: tuple[Share, Share, Share, Share]


class Person(_Section):
    """A person seen or heard in `takes`. Without `consent` the name is never written and the face
    may be blurred. `picture`, a file beside the notes, and `faces` show the person."""

    name: Text
    role: str = ""
    consent: bool = False
    takes: list[str] = []
    picture: Text | None = None
    faces: list[FacePick] = []

    def is_in(self, take: Path) -> bool:
        """Whether the notes place the person in the file at `take`."""
        named = [*self.takes, *(pick.take for pick in self.faces)]
        return any(Path(name).name == take.name for name in named)


class Notes(_Section):
    """All notes on a shoot: `notes` are things worth telling, `questions` those of viewers."""

    dish: str = ""
    date: datetime.date | None = None
    steps: list[Step] = []
    people: list[Person] = []
    notes: list[str] = []
    questions: list[str] = []
    _folder: Path = PrivateAttr(Path())

    @property
    def folder(self) -> Path:
        """The folder of the notes file; pictures are relative to it."""
        return self._folder

    def takes(self) -> list[str]:
        """All takes named in the notes."""
        steps = [step.take for step in self.steps if step.take]
        picked = [pick.take for person in self.people for pick in person.faces]
        return [*steps, *(take for person in self.people for take in person.takes), *picked]

    def texts(self) -> list[str]:
        """All texts that may be written on a clip."""
        steps = [text for step in self.steps for text in (step.name, step.note)]
        people = [text for person in self.people for text in (person.name, person.role)]
        return [text for text in (self.dish, *steps, *people) if text]

    def may_write(self, text: str) -> bool:
        """Whether `text` is free of names of people without consent."""
        agreed = {person.name for person in self.people if person.consent}
        hidden = {person.name for person in self.people} - agreed
        return not any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in hidden)

    def withheld(self) -> list[str]:
        """The texts that are not written because they name a person without consent."""
        return [text for text in self.about_the_work() if not self.may_write(text)]

    def about_the_work(self) -> list[str]:
        """All texts but those about people, without repeats."""
        steps = [text for step in self.steps for text in (step.name, step.note)]
        return list(dict.fromkeys([self.dish, *steps, *self.notes, *self.questions]))


def read_notes(path: Path) -> Notes:
    """The notes in the file at `path`.

    Raises NotesError naming the file, line and key at fault and the nearest right key.
    """
    text, values = read_toml(path, NotesError)
    try:
        notes = Notes.model_validate(values)
        notes._folder = path.parent
        return notes
    except ValidationError as error:
        # A misspelled key also makes the right key missing: report the misspelling.
        faults = sorted(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
        raise explain_fault(path, text, faults[0], Notes, NotesError) from error


def find_notes(takes: Iterable[Path], named: Path | None = None) -> dict[Path, Notes]:
    """The notes on each of `takes`: from the file `named`, else from the shoot.toml beside a take.
    Takes without notes are left out."""
    takes = list(takes)
    if named:
        return dict.fromkeys(takes, read_notes(named))
    files = {take: take.parent / NAME for take in takes}
    read = {path: read_notes(path) for path in set(files.values()) if path.is_file()}
    return {take: read[path] for take, path in files.items() if path in read}


def missing_takes(noted: Mapping[Path, Notes]) -> list[str]:
    """The takes in the notes that are not files beside the noted takes. Their names are probably
    misspelled, and their notes are never used."""
    folders = {take.parent for take in noted}
    names = dict.fromkeys(name for notes in noted.values() for name in notes.takes())
    return [name for name in names if not any(_has_file(folder, name) for folder in folders)]


def _has_file(folder: Path, take: str) -> bool:
    try:
        return (folder / Path(take).name).exists()
    except (OSError, ValueError):
        # The text is too long for a file name.
        return False
