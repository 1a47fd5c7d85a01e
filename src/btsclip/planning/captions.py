"""What is written on each clip of a shoot: from the preset, notes, clocks and captions files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from btsclip.captions import check_text
from btsclip.captions.cues import Cue, captions_of, cue_on_screen, cues_between
from btsclip.captions.files import MAX_NAMED, read_captions
from btsclip.captions.layout import Role, room_for
from btsclip.captions.lines import clean_line
from btsclip.captions.text import captions_for, end_card, make_readable
from btsclip.captions.timing import fit_reading_time, split_text
from btsclip.errors import BtsclipError, CaptionError
from btsclip.intervals import overlap
from btsclip.media.footage import Footage
from btsclip.moments.select import Cut
from btsclip.notes.doings import apply_noted_action
from btsclip.notes.match import StepMatch, match_steps
from btsclip.notes.model import Notes, Person, find_notes
from btsclip.plan.model import Caption, EndCard
from btsclip.plan.speed import TimeMap
from btsclip.planning.speech import max_words_shown, spoken_cues
from btsclip.planning.template_fields import began, template_values
from btsclip.presets.schema import Preset
from btsclip.signals.whisper import load_model
from btsclip.wording import first_few


@dataclass(frozen=True)
class CaptionSources:
    """The texts of a shoot by footage: timed ones, and the notes; `began` is when its first take
    began and `hook` the user's own. With `speech` timed texts are what is said, in `language`.
    `warnings` name the texts of a captions file that were left out."""

    cues: Mapping[Path, Sequence[Cue]] = field(default_factory=dict)
    notes: Mapping[Path, Notes] = field(default_factory=dict)
    began: datetime | None = None
    hook: str | None = None
    speech: bool = False
    language: str | None = None
    warnings: tuple[str, ...] = ()

    def renamed(self, path: Path, other: Path) -> CaptionSources:
        """The same where the footage at `path` lies at `other`."""
        cues = {other if at == path else at: each for at, each in self.cues.items()}
        notes = {other if at == path else at: each for at, each in self.notes.items()}
        return replace(self, cues=cues, notes=notes)

    def told(self, cuts: Sequence[Cut]) -> list[StepMatch | None]:
        """What the notes tell of each of `cuts`, with `speech` also by what is said in it."""
        return (
            match_steps(cuts, self.notes, self.heard)
            if self.speech
            else match_steps(cuts, self.notes)
        )

    def as_noted(self, cut: Cut, told: StepMatch | None = None) -> Cut:
        """`cut` with the action that the notes allow; `told` is what they tell of it beside other
        cuts, else it is found by the cut alone."""
        notes = self.notes.get(cut.footage.path)
        if notes is None:
            return cut
        told = told or match_steps([cut], {cut.footage.path: notes})[0]
        return apply_noted_action(cut, told.step if told else None, notes)

    def heard(self, cut: Cut) -> str:
        """What is said in `cut`; nothing without `speech`."""
        if not self.speech:
            return ""
        return " ".join(
            cue.text for cue in spoken_cues(cut.footage, cut.start, cut.end, language=self.language)
        )

    def timed(self, footage: Footage, start: float, end: float, preset: Preset) -> Sequence[Cue]:
        """The timed texts from `start` to `end` of `footage`, in its seconds."""
        if self.speech:
            cues: Sequence[Cue] = spoken_cues(
                footage, start, end, language=self.language, most_words=max_words_shown(preset)
            )
        else:
            cues = self.cues.get(footage.path, ())
        return cues_between(cues, start, end)


@dataclass(frozen=True)
class ClipTexts:
    """What is written on one clip, its title, and what of it can't be read or was left out."""

    captions: tuple[Caption, ...]
    title: str
    end_card: EndCard | None
    warnings: tuple[str, ...]


def read_sources(
    footages: Sequence[Footage],
    preset: Preset,
    *,
    hook: str | None = None,
    captions: Path | None = None,
    notes: Path | None = None,
    speech: bool = False,
    language: str | None = None,
) -> CaptionSources:
    """Reads all texts and checks that they can be drawn: before hours of analysis.

    Raises CaptionError and NotesError for files with mistakes, ToolError when speech can't be
    heard, and BtsclipError when one captions file is given for several takes or beside `speech`.
    """
    if captions and speech:
        raise BtsclipError(
            "--captions", "says what is written, and so does --speech", "give one of them"
        )
    if speech:
        # A missing model is named before the analysis, not after it.
        load_model(language=language)
    cues: dict[Path, Sequence[Cue]] = {}
    warnings: tuple[str, ...] = ()
    if captions:
        if len(footages) > 1:
            raise BtsclipError(
                "--captions", f"holds the texts of one take, but there are {len(footages)}",
                "cut each take with its own captions",
            )  # fmt: skip
        read = read_captions(captions)
        in_time, late = before_end(read.cues, footages[0].duration)
        check_cues(in_time, preset)
        cues[footages[0].path], warnings = in_time, (*read.warnings, *late)
    found = find_notes([footage.path for footage in footages], notes)
    for each in found.values():
        for text in each.texts():
            _check(clean_line(text), preset, "moment")
        for person in each.people:
            if person.consent and preset.captions.introduce:
                check_text(lower_third(person), preset, "person")
    return CaptionSources(cues, found, began(footages), hook, speech, language, warnings)


def lower_third(person: Person) -> str:
    """Who somebody is and, on a second line, what they do."""
    return "\n".join(text for text in (person.name.strip(), person.role.strip()) if text)


def before_end(cues: Sequence[Cue], duration: float) -> tuple[tuple[Cue, ...], tuple[str, ...]]:
    """The cues that begin before the end of footage of `duration` seconds, and a warning that names
    the others. Raises CaptionError when all of them begin after it."""
    after = [f"{cue.text!r} at {cue.start:g} s" for cue in cues if cue.start >= duration]
    late = first_few(after, MAX_NAMED)
    in_time = tuple(cue for cue in cues if cue.start < duration)
    if late and not in_time:
        raise CaptionError(
            f"caption {late}", f"starts after the footage's end at {duration:g} s",
            "correct its time or take it out",
        )  # fmt: skip
    return in_time, (f"left out {late}: the footage ends at {duration:g} s",) if late else ()


def check_cues(cues: Sequence[Cue], preset: Preset) -> None:
    """Raises CaptionError for cues that can't be drawn."""
    for cue in cues:
        _check(cue.text, preset, "speech")


def write_clip_texts(
    cut: Cut,
    texts: CaptionSources,
    preset: Preset,
    time_map: TimeMap,
    told: StepMatch | None = None,
) -> ClipTexts:
    """What is written on one clip, at its times on the screen; `told` as in facts_of.

    Cues that fall in it take the place of the preset's lines that they overlap; hooks stay.
    """
    cut = texts.as_noted(cut, told)
    shown, worked = time_map.seconds, cut.end - cut.start
    facts = template_values(cut, texts.notes.get(cut.footage.path), texts.began, told)
    # A mishap's line must not tell of it before it happens.
    at = cut.evidence.get("at", cut.start) if cut.kind == "mishap" else cut.start
    own = captions_for(
        cut.kind, cut.action, shown, cut.evidence, preset, texts.hook, facts, worked,
        happens=time_map.shown(max(0.0, at - cut.start)),
    )  # fmt: skip
    cues = [
        cue_on_screen(cue, time_map) for cue in texts.timed(cut.footage, cut.start, cut.end, preset)
    ]
    timed = fit_reading_time(cues, 0.0, shown, room_for("speech", preset))
    said = captions_of(timed.cues, "speech")
    lines = make_readable(own, shown, preset).captions
    overlapped = {c.role for c in lines if any(overlap(c, s) for s in said)} - {"hook", "sticker"}
    kept = make_readable([c for c in own if c.role not in overlapped], shown, preset)
    named = [c for c in own if c.role != "sticker"][-1:] or cues[:1]
    return ClipTexts(
        captions=(*kept.captions, *said),
        title=texts.hook or (clean_line(named[0].text) if named else cut.footage.path.stem),
        end_card=end_card(cut.action, worked, cut.evidence, preset, facts),
        warnings=(*kept.warnings, *timed.warnings),
    )


def _check(text: str, preset: Preset, role: Role) -> None:
    for piece in split_text(text, room_for(role, preset)):
        check_text(piece, preset, role)
