"""What a preset may say. Every key has a default, so a preset holds only what it changes."""

from __future__ import annotations

from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

TEMPLATE_FIELDS = frozenset({"action", "seconds", "hands"})


def template_fields(template: str) -> set[str]:
    """The names in braces in `template`. Raises ValueError for braces that don't match."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise ValueError(f"{template!r}: {error}; write {{{{ for a brace") from error
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise ValueError(f"{template!r}: only a name may stand in braces, as in {{seconds}}")
    return {name for _, name, _, _ in parts if name is not None}


def _has_known_fields(template: str) -> str:
    if unknown := template_fields(template) - TEMPLATE_FIELDS:
        known = ", ".join(sorted(TEMPLATE_FIELDS))
        raise ValueError(f"{template!r} uses {min(unknown)!r}; the fields are {known}")
    return template


# #RRGGBB, or #RRGGBBAA where AA is 00 for clear to FF for solid.
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$")]
Template = Annotated[str, AfterValidator(_has_known_fields)]
Kind = Literal["process", "mishap", "people", "why", "reveal"]
Action = Literal["chop", "knead", "stir", "pour", "toss", "plate", "other"]
Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]
Effect = Literal["none", "slide", "typewriter", "karaoke", "pop"]
Speed = Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Output(_Section):
    """The picture and its encoding. `safe_zone` is the platform to keep clear for."""

    width: int = Field(1080, ge=128, le=4320, multiple_of=2)
    height: int = Field(1920, ge=128, le=7680, multiple_of=2)
    fps: int = Field(30, ge=1, le=120)
    crf: int = Field(19, ge=0, le=51)
    maxrate: str = Field("12M", pattern=r"^\d+[kM]$")
    speed: Speed = "veryfast"
    safe_zone: Literal["all", "tiktok", "reels", "shorts"] = "all"


class Length(_Section):
    """Lengths of a clip in seconds."""

    min: float = Field(4.0, ge=1, le=600)
    target: float = Field(12.0, ge=1, le=600)
    max: float = Field(20.0, ge=1, le=600)

    @model_validator(mode="after")
    def _is_ordered(self) -> Length:
        if not self.min <= self.target <= self.max:
            raise ValueError("must be min <= target <= max")
        return self


class Sound(_Section):
    """Loudness after EBU R 128, the peak in dBTP and the fades at both ends in seconds."""

    loudness: float = Field(-14.0, ge=-40, le=-5)
    peak: float = Field(-1.5, ge=-9, le=-0.5)
    fade: float = Field(0.03, ge=0, le=2)


class TextStyle(_Section):
    """How one role's captions look. Sizes (of the em, for text) are fractions of the picture's
    height.

    With a `box` the text stands on a box of that colour instead of having an outline. `place` is
    where in the safe zone the text stands; `start` and `seconds` say when, counted from the clip's
    start (0 seconds: to the clip's end). `effect` is how it comes: `slide` rises a little,
    `typewriter` writes it, `karaoke` fills its words with the `accent` colour one after the other,
    `pop` lifts the word that is spoken in that colour.
    """

    font: str = "Inter"
    size: float = Field(0.028, gt=0.005, le=0.2)
    colour: Colour = "#FFFFFF"
    outline: Colour = "#1A1512"
    outline_width: float = Field(0.0025, ge=0, le=0.02)
    box: Colour | None = None
    shadow: float = Field(0.0, ge=0, le=0.02)
    upper: bool = False
    place: Literal["top", "middle", "bottom"] = "bottom"
    start: float = Field(0.0, ge=0)
    seconds: float = Field(0.0, ge=0)
    fade: float = Field(0.15, ge=0, le=2)
    effect: Effect = "none"
    accent: Colour = "#FFC53D"


class HookStyle(TextStyle):
    """A hook's look. Its own defaults, so that a preset that changes one key keeps the others."""

    font: str = "Anton"
    size: float = Field(0.040, gt=0.005, le=0.2)
    outline_width: float = Field(0.0035, ge=0, le=0.02)
    place: Literal["top", "middle", "bottom"] = "top"
    seconds: float = Field(3.0, ge=0)


class StickerStyle(_Section):
    """How stickers look and when they are shown: `size` in heights of the picture, `tilt` in
    degrees to the left, `place` a corner of the safe zone; times as in TextStyle."""

    size: float = Field(0.08, ge=0.01, le=0.3)
    tilt: float = Field(8.0, ge=-45, le=45)
    place: Corner = "top-right"
    start: float = Field(0.3, ge=0)
    seconds: float = Field(2.5, ge=0)
    fade: float = Field(0.12, ge=0, le=2)


class Captions(_Section):
    """Templates by kind of moment and action, and the two roles' styles.

    A template may use {action}, {seconds} and {hands}; one whose field has no figure in a clip
    writes nothing there, as an empty one does everywhere. `hook` is for every clip, where it is
    empty `hooks` says it by kind. The action's own line goes before its kind's. `stickers` are one
    or a few emoji by kind.
    """

    hook: Template = ""
    hooks: dict[Kind, Template] = {}
    kinds: dict[Kind, Template] = {}
    actions: dict[Action, Template] = {}
    stickers: dict[Kind, str] = {}
    hook_style: HookStyle = HookStyle()
    moment_style: TextStyle = TextStyle()
    sticker_style: StickerStyle = StickerStyle()


class Preset(_Section):
    """One look and pacing. `weights` scale the scores of moments by kind."""

    name: str = ""
    description: str = ""
    extends: str | None = None
    count: int = Field(5, ge=1, le=200)
    output: Output = Output()
    length: Length = Length()
    sound: Sound = Sound()
    captions: Captions = Captions()
    weights: dict[Kind, Annotated[float, Field(ge=0, le=100)]] = {}
