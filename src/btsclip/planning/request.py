"""What the user asks for, and the context that every planning step shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from btsclip import limits
from btsclip.analysis import Report, report_nothing
from btsclip.captions import check_preset, check_text, look_warnings
from btsclip.errors import UsageError
from btsclip.media import Footage
from btsclip.moments import Mishaps
from btsclip.plan import BlurFaces, Clip, named_preset
from btsclip.planning.people import KnownPeople, know_people
from btsclip.planning.text_sources import CaptionSources, read_sources, series_line
from btsclip.presets import Preset
from btsclip.wording import listed, words_in

# The largest number of a part that its text is checked with.
MAX_PART = 99
# Minimum, target and maximum seconds of a clip.
Lengths = tuple[float, float, float]
# Called with the clip that is being rendered and the share that is done, 0 to 1.
RenderReport = Callable[[Clip, float], None]


def _report_nothing(subject: Clip | str, share: float) -> None:
    """Ignore the progress of a clip or a step."""


@dataclass(frozen=True)
class RenderOptions:
    """How results are written.

    `force` replaces existing files, a `dry_run` writes nothing, and `encoder` is ffmpeg's name for
    the video encoder.
    """

    force: bool = False
    dry_run: bool = False
    encoder: str = "libx264"


@dataclass(frozen=True)
class Progress:
    """Callbacks with the share done, 0 to 1: of a take being analyzed, of a clip being rendered,
    and of any other step, by its name."""

    analysis: Report = report_nothing
    rendering: RenderReport = _report_nothing
    step: Callable[[str, float], None] = _report_nothing


@dataclass(frozen=True)
class ClipRequest:
    """What the user asks for on top of the preset. None leaves a value to the preset.

    Attributes:
        count: Maximum number of clips.
        min_length: Seconds.
        max_length: Seconds.
        hook: Text at the start of each clip.
        series: Name of the series whose parts the clips are, numbered in the order of time.
        captions: File of timed texts for the only take.
        notes: A shoot.toml.
        brand: A brand.toml; None leaves the preset as it is, or finds one beside the takes.
        speech: Whether to transcribe speech and write it as captions.
        language: Code of the spoken language, such as "en"; None detects it.
        fillers: Whether words such as "um" stay in the text of the speech; the sound keeps them.
        mishaps: Whether mishaps are shown like other moments, not at all, or alone.
        audio_track: Number of the audio track to use, from 1; None uses the track that is heard.
        blur_faces: Faces to blur. None blurs everybody without consent if the notes list people.
    """

    count: int | None = None
    min_length: float | None = None
    max_length: float | None = None
    hook: str | None = None
    series: str | None = None
    captions: Path | None = None
    notes: Path | None = None
    brand: Path | None = None
    speech: bool = False
    language: str | None = None
    fillers: bool = True
    mishaps: Mishaps = "keep"
    blur_faces: BlurFaces | None = None
    audio_track: int | None = None

    def __post_init__(self) -> None:
        """Raise UsageError for a request that no footage can meet."""
        limits.COUNT.check("--count", self.count)
        limits.AUDIO_TRACK.check("--audio-track", self.audio_track)
        limits.MIN_CLIP_SECONDS.check("--min-length", self.min_length)
        limits.CLIP_SECONDS.check("--max-length", self.max_length)
        low, high = self.min_length, self.max_length
        if low is not None and high is not None and low > high:
            raise UsageError(
                f"--min-length {low:g}", f"is more than --max-length {high:g}", "swap them"
            )
        if self.series is not None and not self.series.strip():
            raise UsageError("--series", "is empty", "give the name of the series")
        check_speech_options(self.language, self.fillers, self.speech)

    def lengths(self, preset: Preset) -> Lengths:
        """Minimum, target and maximum seconds of a clip."""
        low = preset.length.min if self.min_length is None else self.min_length
        high = preset.length.max if self.max_length is None else self.max_length
        # If the user gave only one bound, the preset's other bound gives way.
        if self.max_length is None:
            high = max(high, low)
        if self.min_length is None:
            low = min(low, high)
        return low, min(max(preset.length.target, low), high), high


def check_speech_options(language: str | None, fillers: bool, speech: bool) -> None:
    """Raise UsageError for options of speech without speech."""
    given = f"--language {language}" if language is not None else "" if fillers else "--no-fillers"
    if given and not speech:
        raise UsageError(given, f"{given.split()[0]} belongs to --speech", "add that too")


@dataclass(frozen=True)
class PlanContext:
    """Everything that planning needs except the footage. It can be pickled."""

    preset: Preset
    preset_name: str
    request: ClipRequest
    texts: CaptionSources
    known_people: KnownPeople = field(default_factory=KnownPeople)

    @property
    def lengths(self) -> Lengths:
        """Minimum, target and maximum seconds of a clip on the screen."""
        return self.request.lengths(self.preset)

    @property
    def source_lengths(self) -> Lengths:
        """`lengths` in seconds of the footage: at double speed, a clip uses twice as much of it."""
        low, target, high = self.lengths
        speed = self.preset.pacing.speed
        return low * speed, target * speed, high * speed

    @property
    def count(self) -> int:
        """Maximum number of clips."""
        return self.preset.count if self.request.count is None else self.request.count


def prepare_context(
    footages: Sequence[Footage], preset: Preset, preset_name: str, request: ClipRequest
) -> PlanContext:
    """Read and check the user's texts and notes, before hours of analysis.

    Raises CaptionError for texts that can't be drawn, NotesError for notes with mistakes and
    ToolError if speech can't be transcribed.
    """
    check_preset(preset)
    if request.hook and request.hook.strip():
        check_text(request.hook, preset)
    if request.series:
        request = replace(request, series=" ".join(request.series.split()))
        check_text(series_line(request.series or "", MAX_PART), preset)
    texts = read_sources(
        footages, preset, hook=request.hook, captions=request.captions, notes=request.notes,
        speech=request.speech, language=request.language, fillers=request.fillers,
    )  # fmt: skip
    warnings = (
        *look_warnings(preset, request.hook or request.series),
        *_notes_to_avoid(texts, preset),
        *texts.warnings,
    )
    texts = replace(texts, warnings=warnings, series=request.series)
    people = know_people(texts.notes, request.blur_faces)
    return PlanContext(preset, named_preset(preset_name), request, texts, people)


def _notes_to_avoid(texts: CaptionSources, preset: Preset) -> Iterator[str]:
    """A warning for each text of the notes that is not written for its words."""
    every = (text for notes in texts.notes.values() for text in notes.about_the_work())
    for text in dict.fromkeys(every):
        if words := words_in(text, preset.captions.avoid):
            named = listed(map(repr, words))
            yield f"the notes say {text!r}: it is not written, since your brand avoids {named}"
