"""The cut plan as a document: what `plan.json` and each clip's sidecar hold.

Unknown keys are kept, so that a plan edited by another tool or a later version survives a round
trip. A span's times are seconds of its source's presentation time; those of what is laid over a
whole clip, such as captions, count on the screen from the clip's start, so that they stay in place
when a cut is moved. Boxes are fractions of the displayed source picture.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from btsclip.plan import values
from btsclip.plan.speed import FASTEST, SLOWEST, TimeMap
from btsclip.plan.values import (
    Count,
    Decibels,
    FilePath,
    Fraction,
    Number,
    Seconds,
    Text,
    Words,
    YesNo,
)
from btsclip.version import __version__

Kind = Literal["process", "mishap", "people", "why", "reveal", "idle"]
Action = Literal[
    "chop", "knead", "stir", "pour", "toss", "plate", "roll", "decorate", "grill",
    "brew", "shake", "other",
]  # fmt: skip
Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]
BlurFaces = Literal["all", "others", "none"]
# One key of the crop path: source time, then the box's centre and size.
CropKey = tuple[Seconds, Fraction, Fraction, Fraction, Fraction]
# The path of a crop, and that of a face, which is there from its first key to its last.
CropPath = Annotated[list[CropKey], Field(max_length=values.MAX_KEYS)]
FaceTrack = Annotated[list[CropKey], Field(min_length=1, max_length=values.MAX_KEYS)]
FaceTracks = Annotated[list[FaceTrack], Field(max_length=values.MAX_FACES)]

# One key of a clip's speed: source time, then how many times faster than life it runs.
SpeedKey = tuple[Seconds, Annotated[float, Field(strict=True, ge=SLOWEST, le=FASTEST)]]

PLAN_VERSION: Literal[3] = 3


class _Document(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)


class Source(_Document):
    """A take as it was when the plan was made, so that a swapped file is noticed. `chapters` are
    all its files, `path` being the first, where the camera wrote it in several ones. `channel` is
    the only channel of its sound to play, counted from 0, and `channel_why` says why; without it
    all are played. `picture` is the box of its picture within bars baked in, where it has some.
    `fingerprints` say what each file holds, so that one that was moved or renamed is found again.
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

    @property
    def files(self) -> list[str]:
        """The paths of all its files, in order."""
        return self.chapters or [self.path]


class Word(_Document):
    """One spoken word of a caption, in seconds from the clip's start."""

    text: Words
    start: Seconds
    end: Seconds

    @model_validator(mode="after")
    def _ends_after_start(self) -> Word:
        if self.end < self.start:
            raise ValueError("a word can't end before it starts")
        return self


class Caption(_Document):
    """One text on the picture; `role` names the preset's style to draw it with, `clock` being one
    state of a time that runs. That of a `person` may have a second line, what they do.

    `words` are the text's words where their times are known. `y` is where the middle of the text
    stands, in heights of the clip; without it the style's place is used. A `sticker` is emoji set
    as a picture of their own in `corner`, else in the preset's.
    """

    text: Words
    start: Seconds
    end: Seconds
    role: Literal["hook", "moment", "speech", "person", "clock", "sticker"] = "moment"
    words: Annotated[list[Word], Field(max_length=values.MAX_WORDS)] = []
    y: Fraction | None = None
    corner: Corner | None = None

    @model_validator(mode="after")
    def _ends_after_start(self) -> Caption:
        if self.end <= self.start:
            raise ValueError("a caption must end after it starts")
        return self


class EndCard(_Document):
    """What follows the clip: its last picture, or the preset's image, is held for `seconds` with
    `text` on it."""

    text: Text = ""
    seconds: float = Field(strict=True, ge=0.5, le=5)


class Card(_Document):
    """A text that fills the screen for `seconds` over the blurred first picture of the span it
    stands before. `role` says what it tells: why, that time has passed, or what comes."""

    text: Words
    seconds: float = Field(2.0, strict=True, ge=0.5, le=8)
    role: Literal["why", "time", "title"] = "why"


class Lane(_Document):
    """Sound laid under a clip, such as music: the file at `path` from `start` in it, heard from
    `at` on the screen for `seconds` (None: to its or the clip's end).

    `gain` is in dB beside the clip's own sound. One that `ducks` gets quieter while somebody speaks
    or the kitchen is well heard.
    """

    path: FilePath
    start: Seconds = 0.0
    at: Seconds = 0.0
    seconds: Annotated[Seconds, Field(gt=0)] | None = None
    gain: Decibels = -8.0
    ducks: YesNo = True


class Comment(_Document):
    """A viewer's comment that the clip answers, as a card on the picture from `start` to `end` on
    the screen. `y` is where the card's middle stands, in heights of the clip; without it the
    preset's place is used."""

    text: Words
    author: Text = ""
    start: Seconds = 0.0
    end: Seconds
    y: Fraction | None = None

    @model_validator(mode="after")
    def _ends_after_start(self) -> Comment:
        if self.end <= self.start:
            raise ValueError("a comment must end after it starts")
        return self


class Span(_Document):
    """A stretch of one source: how it is framed, how fast it runs and what is heard of it.

    Its times are those of the source. `crop` has one key for a still crop; keys are joined by
    straight lines, and two keys of the same time are a hard switch. With layout `crop` it fills the
    clip; with `fit-blur` it may have another shape and stands over its own blur, and without keys
    the whole picture does; with `split` it fills the upper half and `below` the lower one.
    `framing` names what it follows. `speeds` are joined by straight lines, two of the same time are
    a jump, none is the speed of life. `cover` is the time of the clip's cover, where this span has
    it. `blur` are faces to make unknowable, each as keys from when it is first to when it is last
    to be covered; `may_be_seen` are those of people who agreed. With `blur_faces` other than
    `none`, a face on the finished clip that is neither is blurred as well.

    Before the span stands its `card`, and `enter` says how its picture comes in. Its sound begins
    `lead` seconds of the screen before its picture and goes on for `tail` after it (J and L cuts),
    at `gain` dB beside the level that all spans are brought to. `act` names its place in a story,
    `reason` why it has it.
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
            values.check_sizes(name, keys)
        for name, keys in (("crop", self.crop), ("below", self.below), *_tracks(self)):
            values.check_order(f"{name} keys", keys)
        values.check_order("speeds", self.speeds)
        if round(self.seconds, 6) < values.MIN_SHOWN:
            raise ValueError(f"a span must be shown for at least {values.MIN_SHOWN:g} s")
        return self

    @property
    def duration(self) -> float:
        """Seconds of source time that the span shows."""
        return self.end - self.start

    @property
    def time_map(self) -> TimeMap:
        """Source seconds to seconds on the screen, both from the span's start."""
        return TimeMap.of(self.speeds, self.start, self.end)

    @property
    def seconds(self) -> float:
        """Seconds on the screen of the span, without its card."""
        return self.time_map.seconds


# What versions 1 and 2 wrote in the clip itself.
OF_SPANS = frozenset({*Span.model_fields, "then"})


class Clip(_Document):
    """One clip to render: the spans that it shows in order, and what is written on it.

    `lanes` are sounds laid under all spans. Captions, lanes, the comment and the end card count in
    seconds on the screen from the clip's start. `warnings` say what of its texts can't be read in
    time or had to be left out. `title_y` is the middle of the cover's title in heights of the
    clip, else it stands where hooks do, and `title_scale` its size in sizes of the preset's hook,
    else it is as large as it fits.
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
    title_scale: Annotated[float, Field(strict=True, ge=0.1, le=10)] | None = None
    end_card: EndCard | None = None
    warnings: Annotated[list[Text], Field(max_length=values.MAX_WARNINGS)] = []

    @model_validator(mode="after")
    def _keeps_keys_of_spans_in_spans(self) -> Clip:
        # Kept as an unknown key, it would be passed over without a word.
        if found := sorted(OF_SPANS & set(self.model_extra or {})):
            raise ValueError(f"`{found[0]}` must stand in one of its `spans`")
        return self

    @property
    def seconds_shown(self) -> float:
        """Seconds on the screen of all spans and their cards, without the end card."""
        return sum(span.seconds + (span.card.seconds if span.card else 0) for span in self.spans)

    @property
    def seconds_in_all(self) -> float:
        """Seconds of the finished clip, with the end card."""
        return self.seconds_shown + (self.end_card.seconds if self.end_card else 0.0)


def _tracks(span: Span) -> list[tuple[str, list[CropKey]]]:
    """Each track of a face in `span`, with its key's name."""
    named = (("blur", span.blur), ("may_be_seen", span.may_be_seen))
    return [(name, keys) for name, tracks in named for keys in tracks]


class Skipped(_Document):
    """A span that was looked at and left out, with the reason."""

    source: FilePath
    start: Seconds
    end: Seconds
    why: Text


class CutPlan(_Document):
    """Everything needed to render, apart from the footage and the preset's look.

    Paths are absolute in memory; `plan.places` says how they are written. `folder` is the one that
    the plan's file was written in, by which it is known that it was moved; "" in memory.
    """

    version: Literal[3] = PLAN_VERSION
    generator: str = f"btsclip {__version__}"
    folder: FilePath = ""
    preset: FilePath
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
