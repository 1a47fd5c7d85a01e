"""Write a first `shoot.toml` for a folder of takes: valid as it is, and ready to fill in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from btsclip.analysis import Analysis, cached_analysis
from btsclip.media import Footage, absolute, refuse_existing, write_text
from btsclip.notes import ACTIONS, NAME, find_concepts
from btsclip.takes.discover import Take, find_takes
from btsclip.takes.listing import RESULTS_FOLDER
from btsclip.wording import clock

# Names given by cameras and phones, or only numbered: they say nothing about a step.
CAMERA_NAME = re.compile(
    r"(?:gopr|g[hxsl]|gp|dji|img|vid|pxl|mvi|dsc[nf]?|mov|clip|take|video|c|p|whatsapp|screen|rec)"
    r"?[\W_]*(?:video|clip|take)?[\W\d_]*[a-z]?",
    re.I,
)
# Comment at the end of a guessed line; it remains valid TOML if the line is uncommented.
GUESS = "  # a guess"
# Seconds with faces from which a take is listed as showing people.
MIN_FACE_SECONDS = 2.0


@dataclass(frozen=True)
class NotesDraft:
    """The path of a written draft, a line for each file that can't be read, and warnings about
    takes."""

    path: Path
    failed: tuple[str, ...]
    warnings: tuple[str, ...]


def write_notes_template(shoot: Path, *, force: bool = False) -> NotesDraft:
    """Write a draft for the folder `shoot` into it.

    Takes are probed, not analyzed; cached analyses are used. Raises FootageError if there is no
    such folder or no take in it, and OutputError if the file already exists and not `force`.
    """
    path = shoot / NAME
    discovery = find_takes(shoot, shoot / RESULTS_FOLDER)
    takes = discovery.takes
    if not takes:
        raise discovery.no_takes_error(shoot)
    if not force:
        refuse_existing([path])
    write_text(
        path, notes_template(shoot, takes, [cached_analysis(take.footage) for take in takes])
    )
    return NotesDraft(path, tuple(discovery.failed), tuple(discovery.warnings))


def notes_template(shoot: Path, takes: Sequence[Take], analyses: Sequence[Analysis | None]) -> str:
    """The text of a draft for `takes`, in their order, with guesses from names and analyses."""
    names = [take.footage.path.name for take in takes]
    faces = [n for n, a in zip(names, analyses, strict=True) if a and _shows_faces(a)]
    in_subfolders = any(take.footage.path.parent != absolute(shoot) for take in takes)
    lines = [
        "# What only you know about this shoot. Any text here may appear on a clip.",
        "# Lines that start with # are ignored: remove the # to use them. Lines that end with",
        '# "a guess" may be wrong. What you write always comes first.',
        *(["# For takes in subfolders, add --notes shoot.toml."] if in_subfolders else []),
        "",
        "# The dish.",
        f"# dish = {_quote(_name_words(shoot.resolve().name) or 'Focaccia')}",
        "# The day of filming.",
        _date_line(takes),
        '# Things worth telling, each in quotes: ["The first batch went next door."]',
        "notes = []",
        '# Questions that viewers ask, each in quotes: ["Why no mixer?"]',
        "questions = []",
        "",
        "# The steps, in order. Only name is required.",
        "#   name: shown on clips",
        "#   action: chop, knead, stir, pour, toss, plate, roll, decorate, grill, brew, shake or",
        "#     other",
        "#   take: the file that shows the step",
        '#   start, end: times in that file, such as "0:40"',
        "#   note: why you do it this way",
    ]
    for take, analysis in zip(takes, analyses, strict=True):
        lines += ["", *_step_lines(take.footage, analysis)]
    return "\n".join([*lines, "", *_people_lines(faces)]) + "\n"


def _date_line(takes: Sequence[Take]) -> str:
    """The day of the first take; a comment with today's date if no clock is known."""
    created = [take.footage.created for take in takes]
    known = [time for time in created if time is not None]
    if not known:
        return f"# date = {date.today().isoformat()}"
    return f"date = {min(known).astimezone().date().isoformat()}"


def _step_lines(footage: Footage, analysis: Analysis | None) -> list[str]:
    """The step for a take. Guesses from the file name or the picture are comments, and so is the
    complete step if the file name says nothing about it."""
    name, guess = _name_words(footage.path.stem), _guess_action(footage, analysis)
    began = f", filmed {footage.created.astimezone():%H:%M}" if footage.created else ""
    files = f", {len(footage.files)} files" if len(footage.files) > 1 else ""
    facts = f"# {_quote(footage.path.name)}: {clock(footage.duration)} long{began}{files}"
    take = f"take = {_quote(footage.path.name)}"
    action = [f'# action = "{guess}"{GUESS}'] if guess else []
    if name:
        note = '# note = "Why you do it this way."'
        return [facts, "[[steps]]", f"name = {_quote(name)}", take, *action, note]
    title = f'# name = "{guess.capitalize()}"{GUESS}' if guess else '# name = "Name this step"'
    return [facts, "# [[steps]]", title, f"# {take}", *action]


def _guess_action(footage: Footage, analysis: Analysis | None) -> str | None:
    """The likely action of a take: by its file name, else the action seen longest in it."""
    named = find_concepts(_name_words(footage.path.stem)) & set(ACTIONS)
    if named:
        return min(named) if len(named) == 1 else None
    seconds: dict[str, float] = defaultdict(float)
    for moment in analysis.moments if analysis else ():
        if moment.action and moment.action != "other":
            seconds[moment.action] += moment.end - moment.start
    return max(seconds, key=lambda action: seconds[action], default=None)


def _shows_faces(analysis: Analysis) -> bool:
    signals = analysis.signals
    seconds = float((signals.faces > 0).mean()) * analysis.footage.duration
    return seconds >= MIN_FACE_SECONDS


def _people_lines(faces: Sequence[str]) -> list[str]:
    """A person to fill in, as a comment: names must not be invented."""
    takes = ", ".join(_quote(name) for name in faces)
    return [
        "# The people who appear.",
        "#   name, role: shown on clips",
        "#   consent: true only if they agreed to be named",
        "#   takes: the files they appear in" + ("; faces were seen in these" if takes else ""),
        "# [[people]]",
        '# name = "Ana"',
        '# role = "baker"',
        "# consent = false",
        f"# takes = [{takes}]",
    ]


def _name_words(name: str) -> str:
    """The words of a file or folder name; empty for names by cameras and for numbers.

    >>> _name_words("01_chop onions"), _name_words("IMG_2041")
    ('Chop onions', '')
    """
    words = re.sub(r"[\W_]+", " ", re.sub(r"[\d_]{2,}|^\d+|\d+$", " ", name)).strip()
    if CAMERA_NAME.fullmatch(name) or CAMERA_NAME.fullmatch(words) or len(words) < 3:
        return ""
    return words[0].upper() + words[1:]


def _quote(text: str) -> str:
    """A TOML string on one line."""
    import tomli_w

    return tomli_w.dumps({"x": text}).partition("=")[2].strip()
