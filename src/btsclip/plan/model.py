"""The cut plan as a document: what `plan.json` and each clip's sidecar hold.

Unknown keys are kept, so that a plan edited by another tool or a later version survives a round
trip. Times are seconds of the source's presentation time, except captions, whose times count on the
screen from the clip's start, so that they stay in place when the cut is moved. Boxes are fractions
of the displayed source picture.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from btsclip.plan.speed import FASTEST, SLOWEST, TimeMap
from btsclip.version import __version__

Kind = Literal["process", "mishap", "people", "why", "reveal", "idle"]
Action = Literal["chop", "knead", "stir", "pour", "toss", "plate", "other"]
Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]
Fraction = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
# One key of the crop path: source time, then the box's centre and size.
CropKey = tuple[Seconds, Fraction, Fraction, Fraction, Fraction]

# One key of a clip's speed: source time, then how many times faster than life it runs.
SpeedKey = tuple[Seconds, Annotated[float, Field(ge=SLOWEST, le=FASTEST)]]

PLAN_VERSION: Literal[1] = 1


class _Document(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)


class Source(_Document):
    """A take as it was when the plan was made, so that a swapped file is noticed. `chapters` are
    all its files, `path` being the first, where the camera wrote it in several ones."""

    path: str
    chapters: list[str] = []
    size: int
    duration: Seconds
    created: str | None = None


class Word(_Document):
    """One spoken word of a caption, in seconds from the clip's start."""

    text: str = Field(min_length=1)
    start: Seconds
    end: Seconds


class Caption(_Document):
    """One text on the picture; `role` names the preset's style to draw it with.

    `words` are the text's words where their times are known. `y` is where the middle of the text
    stands, in heights of the clip; without it the style's place is used. A `sticker` is emoji set
    as a picture of their own in `corner`, else in the preset's.
    """

    text: str = Field(min_length=1)
    start: Seconds
    end: Seconds
    role: Literal["hook", "moment", "speech", "sticker"] = "moment"
    words: list[Word] = []
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

    text: str = ""
    seconds: float = Field(ge=0.5, le=5)


class Clip(_Document):
    """One clip to render: a span of one source, how to frame it and what to write on it.

    `crop` has one key for a still crop; keys are joined by straight lines, and two keys of the
    same time are a hard switch. With layout `crop` it fills the clip; with `fit-blur` it may have
    another shape and stands over its own blur, and without keys the whole picture does; with
    `split` it fills the upper half and `below` the lower one. `framing` names what it follows.
    `warnings` say what of its texts can't be read in time or had to be left out.
    `speeds` are joined by straight lines, two of the same time are a jump, none is the speed of
    life. `cover` is the source time of the cover's picture, else the preset says which. `title_y`
    is the middle of the cover's title in heights of the clip, else it stands where hooks do, and
    `title_scale` its size in sizes of the preset's hook, else it is as large as it fits.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)
    enabled: bool = True
    source: str
    start: Seconds
    end: Seconds
    kind: Kind
    action: Action | None = None
    score: Fraction
    why: str
    evidence: dict[str, float] = {}
    layout: Literal["crop", "fit-blur", "split"] = "crop"
    framing: Literal["hands", "faces", "motion", "salient", "frame"] = "frame"
    crop: list[CropKey] = []
    below: list[CropKey] = []
    speeds: list[SpeedKey] = []
    captions: list[Caption] = []
    title: str = ""
    title_y: Fraction | None = None
    title_scale: Annotated[float, Field(ge=0.1, le=10)] | None = None
    cover: Seconds | None = None
    end_card: EndCard | None = None
    warnings: list[str] = []

    @model_validator(mode="after")
    def _is_consistent(self) -> Clip:
        if self.end <= self.start:
            raise ValueError("a clip must end after it starts")
        if self.layout != "fit-blur" and not self.crop:
            raise ValueError(f"layout {self.layout} needs at least one crop key")
        if self.layout == "split" and not self.below:
            raise ValueError("layout split needs at least one key in `below`")
        for name, keys in (("crop", self.crop), ("below", self.below)):
            times = [key[0] for key in keys]
            if times != sorted(times):
                raise ValueError(f"{name} keys must be in the order of time")
            if len({(round(key[3], 4), round(key[4], 4)) for key in keys}) > 1:
                raise ValueError(f"all {name} keys of a clip must have the same width and height")
        times = [time for time, _ in self.speeds]
        if times != sorted(times):
            raise ValueError("speeds must be in the order of time")
        return self

    @property
    def duration(self) -> float:
        """Seconds of source time that the clip shows."""
        return self.end - self.start

    @property
    def time_map(self) -> TimeMap:
        """Source seconds to seconds on the screen, both from the clip's start."""
        return TimeMap.of(self.speeds, self.start, self.end)

    @property
    def seconds_shown(self) -> float:
        """Seconds on the screen of the span, without the end card."""
        return self.time_map.seconds

    @property
    def seconds_in_all(self) -> float:
        """Seconds of the finished clip, with the end card."""
        return self.seconds_shown + (self.end_card.seconds if self.end_card else 0.0)


class Skipped(_Document):
    """A span that was looked at and left out, with the reason."""

    source: str
    start: Seconds
    end: Seconds
    why: str


class CutPlan(_Document):
    """Everything needed to render, apart from the footage and the preset's look."""

    version: Literal[1] = PLAN_VERSION
    generator: str = f"btsclip {__version__}"
    preset: str
    sources: list[Source]
    clips: list[Clip]
    skipped: list[Skipped] = []

    @model_validator(mode="after")
    def _sources_are_listed(self) -> CutPlan:
        known = {source.path for source in self.sources}
        for clip in self.clips:
            if clip.source not in known:
                raise ValueError(f"clip {clip.id}: its source {clip.source} is not in `sources`")
        if len({clip.id for clip in self.clips}) < len(self.clips):
            raise ValueError("two clips have the same id")
        return self
