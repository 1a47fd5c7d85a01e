"""Where the texts of clips come from: hook and series, notes, clocks, captions files, speech."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from btsclip.captions import (
    MAX_NAMED,
    Cue,
    Fact,
    Role,
    check_text,
    clean_line,
    cues_between,
    read_captions,
    room_for,
    split_text,
)
from btsclip.errors import BtsclipError, CaptionError
from btsclip.media import Footage
from btsclip.moments import Cut
from btsclip.notes import Notes, Person, StepMatch, apply_noted_action, find_notes, match_steps
from btsclip.planning.speech import max_words_shown, spoken_cues
from btsclip.planning.template_fields import shoot_start
from btsclip.presets import Preset
from btsclip.signals import load_model
from btsclip.wording import first_few

# Evidence for the user's own hook and series, and for transcribed words.
USERS_HOOK = "your hook"
SERIES = "your series"
SPEECH = "the words spoken"


@dataclass(frozen=True)
class CaptionSources:
    """The texts of a shoot.

    Attributes:
        cues: Timed texts from a captions file, by footage.
        notes: Notes by footage.
        shoot_start: Start of the first take, if every take's clock is known.
        hook: The user's own hook.
        series: The name of the series that the clips are parts of.
        speech: Whether timed texts are transcribed speech, in `language`.
        language: Code of the spoken language; None detects it.
        fillers: Whether words such as "um" stay in the texts.
        warnings: Texts of the captions file that were left out.
        cues_evidence: Where the timed texts come from.
    """

    cues: Mapping[Path, Sequence[Cue]] = field(default_factory=dict)
    notes: Mapping[Path, Notes] = field(default_factory=dict)
    shoot_start: datetime | None = None
    hook: str | None = None
    speech: bool = False
    language: str | None = None
    fillers: bool = True
    warnings: tuple[str, ...] = ()
    cues_evidence: str = SPEECH
    series: str | None = None

    @property
    def users_hook(self) -> Fact | None:
        """The user's own hook, or else the line of the series, with its evidence.

        The parts of a series are numbered later, when all of them are known.
        """
        if self.hook is not None:
            return Fact(self.hook, USERS_HOOK)
        return Fact(series_line(self.series, 1), SERIES) if self.series else None

    def renamed(self, path: Path, new_path: Path) -> CaptionSources:
        """The same texts, with the footage at `path` moved to `new_path`."""
        cues = {new_path if key == path else key: value for key, value in self.cues.items()}
        notes = {new_path if key == path else key: value for key, value in self.notes.items()}
        return replace(self, cues=cues, notes=notes)

    def match_steps(self, cuts: Sequence[Cut]) -> list[StepMatch | None]:
        """Match `cuts` with the steps of the notes, with `speech` also by the spoken words."""
        if self.speech:
            return match_steps(cuts, self.notes, self.spoken_text)
        return match_steps(cuts, self.notes)

    def as_noted(self, cut: Cut, match: StepMatch | None = None) -> Cut:
        """`cut` with the action that the notes allow.

        `match` is the cut's step if it was matched together with other cuts; without it the cut is
        matched alone.
        """
        notes = self.notes.get(cut.footage.path)
        if notes is None:
            return cut
        match = match or match_steps([cut], {cut.footage.path: notes})[0]
        return apply_noted_action(cut, match.step if match else None, notes)

    def spoken_text(self, cut: Cut) -> str:
        """The words spoken in `cut`; "" without `speech`."""
        if not self.speech:
            return ""
        return " ".join(
            cue.text for cue in spoken_cues(cut.footage, cut.start, cut.end, language=self.language)
        )

    def cues_in(self, footage: Footage, start: float, end: float, preset: Preset) -> Sequence[Cue]:
        """The timed texts from `start` to `end` of `footage`, in its seconds."""
        if self.speech:
            cues: Sequence[Cue] = spoken_cues(
                footage, start, end, language=self.language, max_words=max_words_shown(preset),
                fillers=self.fillers,
            )  # fmt: skip
        else:
            cues = self.cues.get(footage.path, ())
        return cues_between(cues, start, end)


def read_sources(
    footages: Sequence[Footage],
    preset: Preset,
    *,
    hook: str | None = None,
    captions: Path | None = None,
    notes: Path | None = None,
    speech: bool = False,
    language: str | None = None,
    fillers: bool = True,
) -> CaptionSources:
    """Read all texts and check that they can be drawn, before hours of analysis.

    Raises CaptionError and NotesError for files with mistakes, ToolError if speech can't be
    transcribed, and BtsclipError for a captions file with several takes or with `speech`.
    """
    if captions and speech:
        raise BtsclipError("--captions", "can't be combined with --speech", "give only one of them")
    if speech:
        # Fails for a missing model before the analysis, not after it.
        load_model(language=language)
    cues: dict[Path, Sequence[Cue]] = {}
    warnings: tuple[str, ...] = ()
    if captions:
        if len(footages) > 1:
            raise BtsclipError(
                "--captions", f"holds the texts of one take, but there are {len(footages)}",
                "cut each take with its own captions",
            )  # fmt: skip
        captions_file = read_captions(captions)
        in_time, late = before_end(captions_file.cues, footages[0].duration)
        check_cues(in_time, preset)
        cues[footages[0].path], warnings = in_time, (*captions_file.warnings, *late)
    all_notes = find_notes([footage.path for footage in footages], notes)
    for take_notes in all_notes.values():
        for text in take_notes.texts():
            _check_drawable(clean_line(text), preset, "moment")
        for person in take_notes.people:
            if person.consent and preset.captions.introduce:
                check_text(lower_third(person), preset, "person")
    start = shoot_start(footages)
    evidence = f"captions file {captions.name}" if captions else SPEECH
    return CaptionSources(
        cues, all_notes, start, hook, speech, language, fillers, warnings, evidence
    )


def series_line(name: str, number: int) -> str:
    """The text on part `number` of the series `name`, without the number of all parts: they may not
    all be posted."""
    return f"{name}, part {number}"


def lower_third(person: Person) -> str:
    """The person's name and, on a second line, their role."""
    return "\n".join(text for text in (person.name.strip(), person.role.strip()) if text)


def before_end(cues: Sequence[Cue], duration: float) -> tuple[tuple[Cue, ...], tuple[str, ...]]:
    """The cues that begin within footage of `duration` seconds, and a warning about the others.

    Raises CaptionError if all cues begin after the end.
    """
    late_cues = [f"{cue.text!r} at {cue.start:g} s" for cue in cues if cue.start >= duration]
    late = first_few(late_cues, MAX_NAMED)
    in_time = tuple(cue for cue in cues if cue.start < duration)
    if late and not in_time:
        raise CaptionError(
            f"caption {late}", f"starts after the footage's end at {duration:g} s",
            "correct its time or take it out",
        )  # fmt: skip
    return in_time, (f"left out {late}: the footage ends at {duration:g} s",) if late else ()


def check_cues(cues: Sequence[Cue], preset: Preset) -> None:
    """Raise CaptionError for cues that can't be drawn."""
    for cue in cues:
        _check_drawable(cue.text, preset, "speech")


def _check_drawable(text: str, preset: Preset, role: Role) -> None:
    for piece in split_text(text, room_for(role, preset)):
        check_text(piece, preset, role)
