"""What a preset may say. Every key has a default, so a preset holds only what it changes."""

from __future__ import annotations

from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from btsclip.limits import CLIP_SECONDS, COUNT

TEMPLATE_FIELDS = frozenset(
    {"action", "seconds", "hands", "dish", "step", "note", "person", "elapsed"}
)


def template_fields(template: str) -> set[str]:
    """The names in braces in `template`. Raises ValueError for braces that don't match."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise ValueError(f"{template!r}: {error}; write {{{{ for a brace") from error
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise ValueError(f"{template!r}: only a name may stand in braces, as in {{seconds}}")
    return {name for _, name, _, _ in parts if name is not None}


def alternatives(templates: str | list[str]) -> list[str]:
    """A template, or several of which the first is taken whose fields are all known, as a list."""
    return [templates] if isinstance(templates, str) else templates


def _is_text_or_texts(value: object) -> object:
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("should be a text or a list of texts")
    return value


def _has_known_fields(templates: str | list[str]) -> str | list[str]:
    for template in alternatives(templates):
        if unknown := template_fields(template) - TEMPLATE_FIELDS:
            known = ", ".join(sorted(TEMPLATE_FIELDS))
            raise ValueError(f"{template!r} uses {min(unknown)!r}; the fields are {known}")
    return templates


def _has_one_for_all(layouts: tuple[str, ...]) -> tuple[str, ...]:
    if not {"crop", "fit-blur"} & set(layouts):
        raise ValueError("must hold crop or fit-blur, for not every clip can be split")
    return layouts


def _share_or_best(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """One error in words for what is neither a share nor "best", rather than one for each."""
    try:
        return handler(value)
    except ValidationError as error:
        raise ValueError('must be a share of the clip from 0 to 1, or "best"') from error


# #RRGGBB, or #RRGGBBAA where AA is 00 for clear to FF for solid.
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$")]
Template = Annotated[
    str | list[str], BeforeValidator(_is_text_or_texts), AfterValidator(_has_known_fields)
]
Kind = Literal["process", "mishap", "people", "why", "reveal"]
Action = Literal[
    "chop", "knead", "stir", "pour", "toss", "plate", "roll", "decorate", "grill",
    "brew", "shake", "other",
]  # fmt: skip
Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]
Effect = Literal["none", "slide", "typewriter", "karaoke", "pop"]
Layout = Literal["crop", "fit-blur", "split"]
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

    min: float = Field(4.0, ge=CLIP_SECONDS.min, le=CLIP_SECONDS.max)
    target: float = Field(12.0, ge=CLIP_SECONDS.min, le=CLIP_SECONDS.max)
    max: float = Field(20.0, ge=CLIP_SECONDS.min, le=CLIP_SECONDS.max)

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


class SpeechStyle(TextStyle):
    """The look of what is said and of texts from a captions file, which bring their own times:
    `start` and `seconds` say nothing here."""

    size: float = Field(0.030, gt=0.005, le=0.2)
    outline_width: float = Field(0.003, ge=0, le=0.02)
    fade: float = Field(0.08, ge=0, le=2)


class PersonStyle(TextStyle):
    """The look of a lower third: who is seen, and on a second line what they do."""

    size: float = Field(0.026, gt=0.005, le=0.2)
    outline_width: float = Field(0.0025, ge=0, le=0.02)
    start: float = Field(0.5, ge=0)
    seconds: float = Field(4.0, ge=0)
    fade: float = Field(0.2, ge=0, le=2)
    effect: Effect = "slide"


class ClockStyle(TextStyle):
    """The look of the time that runs over a time-lapse. It has times of its own and no movement but
    the running: `start`, `seconds`, `fade` and `effect` say nothing here."""

    size: float = Field(0.046, gt=0.005, le=0.2)
    outline_width: float = Field(0.0035, ge=0, le=0.02)


class StickerStyle(_Section):
    """How stickers look and when they are shown: `size` in heights of the picture, `tilt` in
    degrees to the left, `place` a corner of the safe zone; times as in TextStyle."""

    size: float = Field(0.08, ge=0.01, le=0.3)
    tilt: float = Field(8.0, ge=-45, le=45)
    place: Corner = "top-right"
    start: float = Field(0.3, ge=0)
    seconds: float = Field(2.5, ge=0)
    fade: float = Field(0.12, ge=0, le=2)


class CommentStyle(_Section):
    """How the card of a viewer's comment looks. Sizes (of the em) are fractions of the picture's
    height.

    `author` is the colour of the author's name; the round picture with its first letter has one of
    the colours in `avatars`, the same one for the same author, and its letter is `initial`. `start`
    and `seconds` say when it is shown (0 seconds: as long as reading takes).
    """

    font: str = "Inter"
    size: float = Field(0.024, gt=0.005, le=0.1)
    panel: Colour = "#FFFFFFF5"
    colour: Colour = "#1A1512"
    author: Colour = "#7A6F66"
    avatars: Annotated[tuple[Colour, ...], Field(min_length=1)] = (
        "#B5533C", "#3C7A57", "#3A6EA5", "#8A5AA8", "#B0812A", "#4B6470",
    )  # fmt: skip
    initial: Colour = "#FFFFFF"
    lines: int = Field(4, ge=1, le=8)
    place: Literal["top", "middle", "bottom"] = "top"
    start: float = Field(0.0, ge=0)
    seconds: float = Field(0.0, ge=0)
    fade: float = Field(0.2, ge=0, le=2)


class Captions(_Section):
    """Templates by kind of moment and action, and the roles' styles.

    A template may use {action}, {seconds}, {hands} and {elapsed}, and from the notes on a shoot
    {dish}, {step}, {note} and {person}; one whose field has no value in a clip writes nothing
    there, as an empty one does everywhere. Of a list of templates the first one is taken whose
    fields all have a value. `hook` is for every clip, where it is empty `hooks` says it by kind.
    The action's own line goes before its kind's. `stickers` are one or a few emoji by kind. `clock`
    runs over a time-lapse, where {elapsed} is the time since it began; `replay` is on what is shown
    again. With `introduce` people are named the first time they are seen.
    """

    hook: Template = ""
    hooks: dict[Kind, Template] = {}
    kinds: dict[Kind, Template] = {}
    actions: dict[Action, Template] = {}
    stickers: dict[Kind, str] = {}
    clock: Template = "{elapsed}"
    replay: Template = "Again, slowly"
    hook_style: HookStyle = HookStyle()
    moment_style: TextStyle = TextStyle()
    speech_style: SpeechStyle = SpeechStyle()
    introduce: bool = True
    person_style: PersonStyle = PersonStyle()
    clock_style: ClockStyle = ClockStyle()
    sticker_style: StickerStyle = StickerStyle()
    comment_style: CommentStyle = CommentStyle()


class Pacing(_Section):
    """How fast clips run. `speed` is for whole clips, `lull_speed` for stretches inside one in
    which little goes on; from one to the other takes `ease` seconds of the footage. A `mishap` may
    be slowed down as it happens, or shown again slowly afterwards."""

    speed: float = Field(1.0, ge=0.25, le=4)
    lull_speed: float = Field(1.0, ge=1, le=8)
    ease: float = Field(0.4, ge=0, le=3)
    mishap: Literal["none", "slow", "replay"] = "none"


class Quota(_Section):
    """How many clips of one kind there are to be at least, where there are any, and at most."""

    least: int = Field(0, ge=0, le=200)
    most: int | None = Field(None, ge=0, le=200)

    @model_validator(mode="after")
    def _is_ordered(self) -> Quota:
        if self.most is not None and self.least > self.most:
            raise ValueError("must be least <= most")
        return self


class FramingStyle(_Section):
    """How clips may be laid out. `zoom` is the tightest crop, as a share of the largest one that
    fills the screen; `backdrop` is what is behind a picture that does not fill it."""

    layouts: Annotated[tuple[Layout, ...], AfterValidator(_has_one_for_all)] = (
        "crop", "fit-blur", "split",
    )  # fmt: skip
    zoom: float = Field(0.7, ge=0.7, le=1)
    backdrop: str = Field("blur", pattern=r"^(blur|#[0-9a-fA-F]{6})$")


class Cover(_Section):
    """The cover's picture: at a share of the clip, or where hands are best seen; with its title."""

    at: Annotated[
        Annotated[float, Field(ge=0, le=1)] | Literal["best"], WrapValidator(_share_or_best)
    ] = 0.4
    title: bool = True


class Watermark(_Section):
    """A picture, such as a logo, in a corner of the safe box over the whole clip."""

    image: str = ""
    width: float = Field(0.14, ge=0.02, le=0.6)
    place: Corner = "bottom-right"
    opacity: float = Field(0.8, gt=0, le=1)


class EndCard(_Section):
    """What follows a clip for `seconds`: the last picture, darkened by `dim`, or `image`, with
    `text`. Without text and image there is none."""

    text: Template = ""
    seconds: float = Field(1.5, ge=0.5, le=5)
    image: str = ""
    dim: float = Field(0.5, ge=0, le=1)


class Preset(_Section):
    """One look and pacing. `weights` scale the scores of moments by kind, `quotas` bound how many
    of a kind there are."""

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
