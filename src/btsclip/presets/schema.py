"""The keys of a preset. Every key has a default, so a preset holds only its changes."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from btsclip.limits import CLIP_SECONDS, COUNT
from btsclip.presets.texts import Captions, Corner, Kind, Section, Template

# Letters of a name on a platform: Instagram and YouTube allow 30, TikTok 24.
MAX_HANDLE = 30


def _fit_every_clip(layouts: tuple[str, ...]) -> tuple[str, ...]:
    if not {"crop", "fit-blur"} & set(layouts):
        raise ValueError("must hold crop or fit-blur, since not every clip can be split")
    return layouts


def _check_share_or_best(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Raise one plain error for an invalid value, instead of one per type."""
    try:
        return handler(value)
    except ValidationError as error:
        raise ValueError('must be a share of the clip from 0 to 1, or "best"') from error


def _check_handle(handle: str) -> str:
    name = handle.removeprefix("@")
    if len(name) > MAX_HANDLE:
        raise ValueError(f"has {len(name)} letters, more than {MAX_HANDLE}; no platform allows it")
    if handle and not re.fullmatch(r"[\w.-]+", name):
        raise ValueError("may hold letters, digits, dots, dashes and underscores after the @")
    return handle


Handle = Annotated[str, AfterValidator(_check_handle)]
Layout = Literal["crop", "fit-blur", "split"]
# Seconds of the shortest look ahead that anybody understands.
MIN_COLD_OPEN = 0.5
Speed = Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"]


class Output(Section):
    """The picture and its encoding. `safe_zone` is the platform whose controls captions avoid."""

    width: int = Field(1080, ge=128, le=4320, multiple_of=2)
    height: int = Field(1920, ge=128, le=7680, multiple_of=2)
    fps: int = Field(30, ge=1, le=120)
    crf: int = Field(19, ge=0, le=51)
    maxrate: str = Field("12M", pattern=r"^\d+[kM]$")
    speed: Speed = "veryfast"
    safe_zone: Literal["all", "tiktok", "reels", "shorts"] = "all"


class Length(Section):
    """Length of a clip in seconds."""

    min: float = Field(4.0, ge=CLIP_SECONDS.min, le=CLIP_SECONDS.max)
    target: float = Field(12.0, ge=CLIP_SECONDS.min, le=CLIP_SECONDS.max)
    max: float = Field(20.0, ge=CLIP_SECONDS.min, le=CLIP_SECONDS.max)

    @model_validator(mode="after")
    def _is_ordered(self) -> Length:
        if not self.min <= self.target <= self.max:
            raise ValueError("must be min <= target <= max")
        return self


class Sound(Section):
    """Loudness in LUFS (EBU R 128), peak in dBTP, and fades at both ends in seconds.

    With `noise_reduction`, noise in rests is lowered where the loudness would bring it up.
    """

    loudness: float = Field(-14.0, ge=-40, le=-5)
    peak: float = Field(-1.5, ge=-9, le=-0.5)
    fade: float = Field(0.03, ge=0, le=2)
    noise_reduction: bool = True


class Pacing(Section):
    """The speed of clips. `speed` is for the clip, `lull_speed` for parts of it without much
    action; a change of speed takes `ease` seconds of the footage. A `mishap` may be slowed down, or
    replayed slowly afterwards. With `jump_cuts`, waits within work are cut out. A `cold_open` shows
    the height of the work for these seconds before a clip of it begins (0: none). A clip of
    work with `loop` ends where its picture looks as at its start."""

    speed: float = Field(1.0, ge=0.25, le=4)
    lull_speed: float = Field(1.0, ge=1, le=8)
    ease: float = Field(0.4, ge=0, le=3)
    mishap: Literal["none", "slow", "replay"] = "none"
    jump_cuts: bool = True
    cold_open: float = Field(0.0, ge=0, le=2)
    loop: bool = False

    @model_validator(mode="after")
    def _shows_enough(self) -> Pacing:
        if 0 < self.cold_open < MIN_COLD_OPEN:
            raise ValueError(f"cold_open must be 0 or at least {MIN_COLD_OPEN:g} seconds")
        return self


class Quota(Section):
    """Minimum (if the footage has them) and maximum number of clips of a kind."""

    least: int = Field(0, ge=0, le=200)
    most: int | None = Field(None, ge=0, le=200)

    @model_validator(mode="after")
    def _is_ordered(self) -> Quota:
        if self.most is not None and self.least > self.most:
            raise ValueError("must be least <= most")
        return self


class FramingStyle(Section):
    """The layouts of clips. `zoom` is the smallest crop, as a share of the largest crop that fills
    the screen; `backdrop` is the background of a picture that does not fill it. `push_in` is the
    share by which a still crop slowly shrinks over long work; with `punch_in`, a close crop takes
    turns with it where the footage has the pixels."""

    layouts: Annotated[tuple[Layout, ...], AfterValidator(_fit_every_clip)] = (
        "crop", "fit-blur", "split",
    )  # fmt: skip
    zoom: float = Field(0.7, ge=0.7, le=1)
    push_in: float = Field(0.06, ge=0, le=0.15)
    punch_in: bool = False
    backdrop: str = Field("blur", pattern=r"^(blur|#[0-9a-fA-F]{6})$")


class Cover(Section):
    """The cover: its picture at a share of the clip, or the sharpest of the work at its height, and
    its title."""

    at: Annotated[
        Annotated[float, Field(ge=0, le=1)] | Literal["best"], WrapValidator(_check_share_or_best)
    ] = "best"
    title: bool = True


class Logo(Section):
    """A picture in a corner of the safe zone during the whole clip."""

    image: str = ""
    width: float = Field(0.14, ge=0.02, le=0.6)
    place: Corner = "bottom-right"
    opacity: float = Field(0.8, gt=0, le=1)


class Watermark(Logo):
    """A logo, and beside it a `handle` such as "@anas_bread"; one of them is enough."""

    handle: Handle = ""


class EndCard(Section):
    """A card of `seconds` after a clip: `text` over `image`, or over the last picture darkened by
    `dim`. There is no card without text and image."""

    text: Template = ""
    seconds: float = Field(1.5, ge=0.5, le=5)
    image: str = ""
    dim: float = Field(0.5, ge=0, le=1)


class Preset(Section):
    """The look and pacing of clips. `weights` multiply the scores of moments by kind, and `quotas`
    limit the number of clips of a kind."""

    name: str = ""
    description: str = ""
    extends: str | None = None
    count: int = Field(5, ge=COUNT.min, le=COUNT.max)
    output: Output = Output()
    length: Length = Length()
    sound: Sound = Sound()
    captions: Captions = Captions()
    weights: dict[Kind, Annotated[float, Field(ge=0, le=100)]] = {}
    quotas: dict[Kind, Quota] = {}
    pacing: Pacing = Pacing()
    framing: FramingStyle = FramingStyle()
    cover: Cover = Cover()
    watermark: Watermark = Watermark()
    end_card: EndCard = EndCard()
