"""What a run is asked for: the preset, the user's wishes, and what is told of the shoot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from btsclip import limits
from btsclip.analysis.analyze import Report, report_nothing
from btsclip.captions import check_preset, check_text
from btsclip.errors import UsageError
from btsclip.media.footage import Footage
from btsclip.moments.select import Mishaps
from btsclip.plan.model import BlurFaces, Clip
from btsclip.plan.places import named_preset
from btsclip.planning.captions import CaptionSources, read_sources
from btsclip.planning.people import KnownPeople, know_people
from btsclip.presets.schema import Preset

# Least, target and most seconds of a clip.
Lengths = tuple[float, float, float]
# A clip that is being rendered, and the share of it that is done, 0 to 1.
RenderReport = Callable[[Clip, float], None]


def _silent(subject: Clip | str, share: float) -> None:
    """A report that goes nowhere."""


@dataclass(frozen=True)
class RenderOptions:
    """How results are written: `force` replaces older files, a `dry_run` writes nothing, and
    `encoder` is a name that ffmpeg knows."""

    force: bool = False
    dry_run: bool = False
    encoder: str = "libx264"


@dataclass(frozen=True)
class Progress:
    """Callbacks with the share done, 0 to 1: of a take in analysis, of a clip in rendering, and of
    any other step by its name."""

    analysis: Report = report_nothing
    rendering: RenderReport = _silent
    step: Callable[[str, float], None] = _silent


@dataclass(frozen=True)
class ClipRequest:
    """What the user asked for beside the preset; None leaves it to the preset. Seconds.

    `captions` is a file of texts in the time of the only take, `notes` a shoot.toml; `speech`
    writes what is said, in `language` (None: found out) as a code such as "en"; `mishaps` says
    whether those are shown like everything else, not at all, or alone. `blur_faces` says
    whose faces are made unknowable (None: where people are noted, all but theirs who agreed).
    """

    count: int | None = None
    min_length: float | None = None
    max_length: float | None = None
    hook: str | None = None
    captions: Path | None = None
    notes: Path | None = None
    speech: bool = False
    language: str | None = None
    mishaps: Mishaps = "keep"
    blur_faces: BlurFaces | None = None

    def __post_init__(self) -> None:
        """Raises UsageError for a request that no footage could meet."""
        limits.COUNT.check("--count", self.count)
        limits.MIN_CLIP_SECONDS.check("--min-length", self.min_length)
        limits.CLIP_SECONDS.check("--max-length", self.max_length)
        shortest, longest = self.min_length, self.max_length
        if shortest is not None and longest is not None and shortest > longest:
            raise UsageError(
                f"--min-length {shortest:g}", f"is more than --max-length {longest:g}", "swap them"
            )
        check_language(self.language, self.speech)

    def lengths(self, preset: Preset) -> Lengths:
        """The shortest, best and longest seconds of a clip."""
        least = preset.length.min if self.min_length is None else self.min_length
        most = preset.length.max if self.max_length is None else self.max_length
        # Only one of them given: the other one of the preset gives way.
        if self.max_length is None:
            most = max(most, least)
        if self.min_length is None:
            least = min(least, most)
        return least, min(max(preset.length.target, least), most), most


def check_language(language: str | None, speech: bool) -> None:
    """Raises UsageError when a language is named and nobody listens."""
    if language is not None and not speech:
        raise UsageError(f"--language {language}", "--language belongs to --speech", "add that too")


@dataclass(frozen=True)
class PlanContext:
    """All that planning needs to know but the footage itself. It can be sent to another process."""

    preset: Preset
    preset_name: str
    wishes: ClipRequest
    texts: CaptionSources
    guests: KnownPeople = field(default_factory=KnownPeople)

    @property
    def lengths(self) -> Lengths:
        """Least, target and most seconds of a clip as it is shown."""
        return self.wishes.lengths(self.preset)

    @property
    def taken(self) -> Lengths:
        """The same in seconds of the footage: twice as fast takes twice as much."""
        least, target, most = self.lengths
        speed = self.preset.pacing.speed
        return least * speed, target * speed, most * speed

    @property
    def count(self) -> int:
        """At most so many clips."""
        return self.preset.count if self.wishes.count is None else self.wishes.count


def prepare_context(
    footages: Sequence[Footage], preset: Preset, preset_name: str, wishes: ClipRequest
) -> PlanContext:
    """Checks everything that was asked for against the footage: before hours of analysis.

    Raises CaptionError for texts that can't be drawn, NotesError for notes with mistakes and
    ToolError when speech can't be heard.
    """
    check_preset(preset)
    if wishes.hook and wishes.hook.strip():
        check_text(wishes.hook, preset)
    texts = read_sources(
        footages, preset, hook=wishes.hook, captions=wishes.captions, notes=wishes.notes,
        speech=wishes.speech, language=wishes.language,
    )  # fmt: skip
    guests = know_people(texts.notes, wishes.blur_faces)
    return PlanContext(preset, named_preset(preset_name), wishes, texts, guests)
