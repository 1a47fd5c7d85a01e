"""A first `shoot.toml` from what lies in a folder: to be read as it stands, and to be filled in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from btsclip.analysis.analyze import Analysis, cached_analysis
from btsclip.media.footage import Footage
from btsclip.media.output import refuse_existing, write_text
from btsclip.media.paths import absolute
from btsclip.notes.concepts import find_concepts
from btsclip.notes.lexicon import ACTIONS
from btsclip.notes.model import NAME
from btsclip.takes.discover import Take, find_takes
from btsclip.takes.listing import RESULTS_FOLDER
from btsclip.wording import clock

# Names that cameras and phones give, or that only count: they name no step.
CAMERA = re.compile(
    r"(?:gopr|g[hxsl]|gp|dji|img|vid|pxl|mvi|dsc[nf]?|mov|clip|take|video|c|p|whatsapp|screen|rec)"
    r"?[\W_]*(?:video|clip|take)?[\W\d_]*[a-z]?",
    re.I,
)
# What stands behind a line that btsclip guessed; taken in, it is a comment of that line.
GUESS = "  # a guess"
# Faces that are seen for so long, in seconds, are somebody's.
SEEN_FOR = 2.0


@dataclass(frozen=True)
class NotesDraft:
    """A draft that was written, what of the shoot could not be read, and what is to be known of its
    takes."""

    path: Path
    failed: tuple[str, ...]
    warnings: tuple[str, ...]


def write_notes_template(shoot: Path, *, force: bool = False) -> NotesDraft:
    """Writes the draft of the folder `shoot` into it.

    Only probes takes; analyses are used where they are kept from before. Raises FootageError when
    there is no such folder or no take in it, and OutputError when it is written already.
    """
    path = shoot / NAME
    found = find_takes(shoot, shoot / RESULTS_FOLDER)
    takes = found.takes
    if not takes:
        raise found.no_takes(shoot)
    if not force:
        refuse_existing([path])
    write_text(
        path, notes_template(shoot, takes, [cached_analysis(take.footage) for take in takes])
    )
    return NotesDraft(path, tuple(found.failed), tuple(found.warnings))


def notes_template(shoot: Path, takes: Sequence[Take], analyses: Sequence[Analysis | None]) -> str:
    """The text of the notes on `takes`, in order of time, with what is known of each."""
    names = [take.footage.path.name for take in takes]
    faces = [n for n, a in zip(names, analyses, strict=True) if a and _shows_faces(a)]
    below = [take for take in takes if take.footage.path.parent != absolute(shoot)]
    lines = [
        "# What only you know of this shoot; every text here may stand on a clip as it is.",
        "# Lines that begin with # are not read: take that sign away to make them count. What is",
        "# called a guess may be wrong: what you write always goes before it.",
        *(
            ["# Takes in folders below are cut with these notes by --notes shoot.toml."]
            * bool(below)
        ),
        "",
        "# What was made.",
        f"# dish = {_quoted(_spoken(shoot.resolve().name) or 'Focaccia')}",
        "# The day it was filmed.",
        _dated(takes),
        '# Things worth telling, each as a text in quotes: ["The first batch went next door."]',
        "notes = []",
        '# What viewers ask, likewise: ["Why no mixer?"]',
        "questions = []",
        "",
        "# The steps in the order they were done. Of each: name (written on clips), action (chop,",
        "# knead, stir, pour, toss, plate, roll, decorate, grill, brew, shake or other), take (the",
        "# file it is seen in), start and end",
        '# in it (such as "0:40"), note (why it is done so). All but name may be left out.',
    ]
    for take, analysis in zip(takes, analyses, strict=True):
        lines += ["", *_step(take.footage, analysis)]
    return "\n".join([*lines, "", *_people(faces)]) + "\n"


def _dated(takes: Sequence[Take]) -> str:
    """The day of the first take, if its clock is known."""
    created = [take.footage.created for take in takes]
    known = [time for time in created if time is not None]
    if not known:
        return f"# date = {date.today().isoformat()}"
    return f"date = {min(known).astimezone().date().isoformat()}"


def _step(footage: Footage, analysis: Analysis | None) -> list[str]:
    """One step for a take; a comment where the take's name says nothing of it. Only the name of
    the take is a fact: what is guessed from it, or from the picture, is a comment."""
    name, guess = _spoken(footage.path.stem), _guessed(footage, analysis)
    began = f", filmed {footage.created.astimezone():%H:%M}" if footage.created else ""
    files = f", {len(footage.files)} files" if len(footage.files) > 1 else ""
    said = f"# {_quoted(footage.path.name)}: {clock(footage.duration)} long{began}{files}"
    if not _is_text(footage.path.name):
        return [f"{said}; its name is no text and can't be noted"]
    take = f"take = {_quoted(footage.path.name)}"
    action = [f'# action = "{guess}"{GUESS}'] if guess else []
    if name:
        note = '# note = "Why it is done so."'
        return [said, "[[steps]]", f"name = {_quoted(name)}", take, *action, note]
    title = f'# name = "{guess.capitalize()}"{GUESS}' if guess else '# name = "Name it"'
    return [said, "# [[steps]]", title, f"# {take}", *action]


def _guessed(footage: Footage, analysis: Analysis | None) -> str | None:
    """The take's likely action: the one its name speaks of, else the one seen longest in it."""
    named = find_concepts(_spoken(footage.path.stem)) & set(ACTIONS)
    if named:
        return min(named) if len(named) == 1 else None
    seconds: dict[str, float] = defaultdict(float)
    for moment in analysis.moments if analysis else ():
        if moment.action and moment.action != "other":
            seconds[moment.action] += moment.end - moment.start
    return max(seconds, key=lambda action: seconds[action], default=None)


def _shows_faces(analysis: Analysis) -> bool:
    signals = analysis.signals
    return float((signals.faces > 0).mean()) * analysis.footage.duration >= SEEN_FOR


def _people(faces: Sequence[str]) -> list[str]:
    """One person to be filled in, as a comment: a name must not be made up."""
    takes = ", ".join(_quoted(name) for name in faces if _is_text(name))
    seen = " Faces are seen in these takes." if takes else ""
    return [
        "# Who is seen: name, role, takes they are seen in, and consent: true only where they",
        f"# agreed that their name is written.{seen}",
        "# [[people]]",
        '# name = "Ana"',
        '# role = "baker"',
        "# consent = false",
        f"# takes = [{takes}]",
    ]


def _spoken(name: str) -> str:
    """A file's or folder's name as words; nothing where a camera gave it or it only counts."""
    words = re.sub(r"[\W_]+", " ", re.sub(r"[\d_]{2,}|^\d+|\d+$", " ", name)).strip()
    if CAMERA.fullmatch(name) or CAMERA.fullmatch(words) or len(words) < 3:
        return ""
    return words[0].upper() + words[1:]


def _is_text(name: str) -> bool:
    """Whether a name is what UTF-8 can hold: any bytes may be a file's name."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _quoted(text: str) -> str:
    """`text` as TOML on one line."""
    import tomli_w

    plain = text.encode("utf-8", "replace").decode("utf-8")
    return tomli_w.dumps({"x": plain}).partition("=")[2].strip()
