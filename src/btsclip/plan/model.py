"""The cut plan as a document, for `plan.json` and for the sidecar of each clip.

Unknown keys are kept, so that a plan edited by another tool or a later version survives a round
trip. The times of a span are seconds of its source's presentation time. The times of captions and
sounds are seconds on the screen from the clip's start, so that they stay in place when a cut is
moved. Boxes are fractions of the displayed source picture.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from btsclip.plan import values
from btsclip.plan.speed import MAX_SPEED, MIN_SPEED, TimeMap
from btsclip.plan.texts import Caption, Card, Comment, Document, EndCard
from btsclip.plan.values import (
    Count,
    Decibels,
    FilePath,
    Fraction,
    Number,
    Seconds,
    Text,
    YesNo,
)
from btsclip.version import __version__

Kind = Literal["process", "mishap", "people", "why", "reveal", "idle"]
Action = Literal[
    "chop", "knead", "stir", "pour", "toss", "plate", "roll", "decorate", "grill",
    "brew", "shake", "other",
]  # fmt: skip
BlurFaces = Literal["all", "others", "none"]
# One key of a crop path: source time, then the center and size of the box.
CropKey = tuple[Seconds, Fraction, Fraction, Fraction, Fraction]
# The path of a crop, and of a face from the first time it is seen to the last.
CropPath = Annotated[list[CropKey], Field(max_length=values.MAX_KEYS)]
FaceTrack = Annotated[list[CropKey], Field(min_length=1, max_length=values.MAX_KEYS)]
FaceTracks = Annotated[list[FaceTrack], Field(max_length=values.MAX_FACES)]

# One key of a span's speed: source time and factor.
SpeedKey = tuple[Seconds, Annotated[float, Field(strict=True, ge=MIN_SPEED, le=MAX_SPEED)]]

# Size of a title in sizes of the preset's hook.
TitleScale = Annotated[float, Field(strict=True, ge=0.1, le=10)]

PLAN_VERSION: Literal[3] = 3


class Source(Document):
    """A take as it was when the plan was made, so that a swapped file is noticed.

    Attributes:
        path: The take, or the first of its `chapters`: the files into which the camera split it.
        fingerprints: Content of each file, to find files that were moved or renamed.
        channel: The only audio channel to play, counted from 0, for the reason `channel_why`.
        picture: Box of the picture between baked-in bars; None without bars.
        cuts: Hard cuts of a take that is already edited; 0 for any other.
        lost: Parts whose pictures can't be read, each from one time to another.
    """

    path: FilePath
    chapters: list[FilePath] = []
    fingerprints: list[Text] = []
    size: Count
    duration: Seconds
    created: str | None = None
    channel: Annotated[int, Field(strict=True, ge=0, lt=64)] | None = None
    channel_why: Text = ""
    picture: tuple[Fraction, Fraction, Fraction, Fraction] | None = None
    cuts: Count = 0
    lost: list[tuple[Seconds, Seconds]] = []

    @property
    def files(self) -> list[str]:
        """The paths of all files, in order."""
        return self.chapters or [self.path]


class Lane(Document):
    """Sound under a clip, such as music.

    It begins at `start` seconds of the file and `at` seconds of the clip. Without `seconds` it
    lasts to the end of the file or the clip. `gain` is relative to the clip's own sound. A sound
    that `ducks` gets quieter during speech and loud kitchen sound.
    """

    path: FilePath
    start: Seconds = 0.0
    at: Seconds = 0.0
    seconds: Annotated[Seconds, Field(gt=0)] | None = None
    gain: Decibels = -8.0
    ducks: YesNo = True


class CoverChoice(Document):
    """A picture from which the clip's cover is chosen, `at` seconds of the source, with the clip's
    `title_y` and `title_scale` if it is chosen."""

    at: Seconds
    title_y: Fraction | None = None
    title_scale: TitleScale | None = None


class Span(Document):
    """A part of one source with its framing, speed and sound.

    Keys are joined by straight lines; two keys of the same time are a hard switch.

    Attributes:
        layout: With `crop` the crop fills the clip. With `fit-blur` it is shown over its own blur,
            in any shape. With `split` it fills the upper half, and `below` the lower one.
        framing: The subject that the crop follows.
        crop: One key is a still crop; without keys, `fit-blur` shows the full picture. Its size
            may change only with the layout `crop`.
        speeds: Without keys, the speed is 1.
        cover: Source time of the clip's cover, if it is in this span.
        covers: Pictures of this span to choose the cover from, the best first.
        blur: Face tracks to blur.
        blur_faces: Unless `none`, faces in neither `blur` nor `may_be_seen` are blurred, too.
        may_be_seen: Face tracks of people with consent.
        card: Card before the span.
        enter: Transition to the span's picture.
        lead: Seconds on the screen by which the sound starts before the picture (J cut).
        tail: Seconds on the screen by which the sound goes on after the picture (L cut).
        gain: Relative to the common level of all spans.
        act: Part of the story, for the given `reason`.
    """

    source: FilePath
    start: Seconds
    end: Seconds
    layout: Literal["crop", "fit-blur", "split"] = "crop"
    framing: Literal["hands", "work", "faces", "motion", "salient", "frame"] = "frame"
    crop: CropPath = []
    below: CropPath = []
    speeds: Annotated[list[SpeedKey], Field(max_length=values.MAX_SPEEDS)] = []
    cover: Seconds | None = None
    covers: Annotated[list[CoverChoice], Field(max_length=values.MAX_COVERS)] = []
    blur: FaceTracks = []
    blur_faces: BlurFaces = "none"
    may_be_seen: FaceTracks = []
    card: Card | None = None
    enter: Literal["cut", "dissolve"] = "cut"
    lead: float = Field(0.0, strict=True, ge=0, le=2)
    tail: float = Field(0.0, strict=True, ge=0, le=2)
    gain: Decibels = 0.0
    act: Text = ""
    reason: Text = ""

    @model_validator(mode="after")
    def _is_a_span(self) -> Span:
        if self.end <= self.start:
            raise ValueError("a span must end after it starts")
        if self.layout != "fit-blur" and not self.crop:
            raise ValueError(f"layout {self.layout} needs at least one crop key")
        if self.layout == "split" and not self.below:
            raise ValueError("layout split needs at least one key in `below`")
        for name, keys in (("crop", self.crop), ("below", self.below)):
            values.check_sizes(name, keys, may_change=self.layout == "crop")
        for name, keys in (("crop", self.crop), ("below", self.below), *_tracks(self)):
            values.check_order(f"{name} keys", keys)
        values.check_order("speeds", self.speeds)
        if round(self.seconds, 6) < values.MIN_SECONDS_SHOWN:
            raise ValueError(f"a span must be shown for at least {values.MIN_SECONDS_SHOWN:g} s")
        return self

    @property
    def duration(self) -> float:
        """Seconds of the source."""
        return self.end - self.start

    @property
    def time_map(self) -> TimeMap:
        """Map of source seconds to seconds on the screen, both from the span's start."""
        return TimeMap.of(self.speeds, self.start, self.end)

    @property
    def seconds(self) -> float:
        """Seconds on the screen, without the card."""
        return self.time_map.seconds


# Keys that versions 1 and 2 had in the clip itself.
OF_SPANS = frozenset({*Span.model_fields, "then"})


class Clip(Document):
    """One clip to render: its spans in order, with texts and sounds.

    Captions, lanes and the comment have times in seconds on the screen from the clip's start.

    Attributes:
        evidence: Figures behind `why`, by name.
        lanes: Sounds under all spans.
        title_y: Middle of the cover's title in heights of the clip; None uses the hook's place.
        title_scale: Size of the title relative to hooks; None makes it as large as it fits.
        warnings: Texts that are too long to read or were left out, and other problems.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)
    enabled: YesNo = True
    kind: Kind
    action: Action | None = None
    score: Fraction
    why: Text
    evidence: dict[str, Number] = {}
    spans: Annotated[list[Span], Field(min_length=1, max_length=values.MAX_SPANS)]
    lanes: Annotated[list[Lane], Field(max_length=values.MAX_LANES)] = []
    captions: Annotated[list[Caption], Field(max_length=values.MAX_CAPTIONS)] = []
    comment: Comment | None = None
    title: Text = ""
    title_y: Fraction | None = None
    title_scale: TitleScale | None = None
    end_card: EndCard | None = None
    warnings: Annotated[list[Text], Field(max_length=values.MAX_WARNINGS)] = []

    @model_validator(mode="after")
    def _keeps_keys_of_spans_in_spans(self) -> Clip:
        # As an unknown key, it would be kept and ignored.
        if keys := sorted(OF_SPANS & set(self.model_extra or {})):
            raise ValueError(f"`{keys[0]}` belongs in one of its `spans`")
        return self

    @property
    def source_start(self) -> float:
        """The first second of the first span's source that the clip shows."""
        return min(span.start for span in self._spans_of_source)

    @property
    def source_end(self) -> float:
        """The last second of the first span's source that the clip shows."""
        return max(span.end for span in self._spans_of_source)

    @property
    def _spans_of_source(self) -> list[Span]:
        return [span for span in self.spans if span.source == self.spans[0].source]

    @property
    def seconds_shown(self) -> float:
        """Seconds of all spans and their cards on the screen, without the end card."""
        return sum(span.seconds + (span.card.seconds if span.card else 0) for span in self.spans)

    @property
    def seconds_in_all(self) -> float:
        """Seconds of the finished clip, with the end card."""
        return self.seconds_shown + (self.end_card.seconds if self.end_card else 0.0)


def _tracks(span: Span) -> list[tuple[str, list[CropKey]]]:
    """All face tracks of `span`, with the names of their keys."""
    named = (("blur", span.blur), ("may_be_seen", span.may_be_seen))
    return [(name, keys) for name, tracks in named for keys in tracks]


class Skipped(Document):
    """A span that was left out, with the reason."""

    source: FilePath
    start: Seconds
    end: Seconds
    why: Text


class CutPlan(Document):
    """Everything needed to render, except the footage, the preset and the brand over it.

    Paths are absolute in memory; see `plan.places` for paths in files. `folder` is the folder to
    which the plan's file was written, to notice that it was moved; "" in memory. The
    clips may be parts of the `series` of that name.
    """

    version: Literal[3] = PLAN_VERSION
    generator: str = f"btsclip {__version__}"
    folder: FilePath = ""
    preset: FilePath
    brand: FilePath = ""
    series: Text = ""
    sources: list[Source]
    clips: list[Clip]
    skipped: list[Skipped] = []

    @model_validator(mode="after")
    def _sources_are_listed(self) -> CutPlan:
        known = {source.path for source in self.sources}
        for clip in self.clips:
            for source in (span.source for span in clip.spans if span.source not in known):
                raise ValueError(f"clip {clip.id}: its source {source} is not in `sources`")
        if len({clip.id for clip in self.clips}) < len(self.clips):
            raise ValueError("two clips have the same id")
        return self
