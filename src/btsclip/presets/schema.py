"""The keys of a preset. Every key has a default, so a preset holds only its changes."""

from __future__ import annotations

import re
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

# Letters of a name on a platform: Instagram and YouTube allow 30, TikTok 24.
MAX_HANDLE = 30
TEMPLATE_FIELDS = frozenset(
    {
        "action", "dish", "elapsed", "food", "hands", "name", "note", "number", "person",
        "seconds", "step", "steps",
    }
)  # fmt: skip


def template_fields(template: str) -> set[str]:
    """The names in braces in `template`. Raises ValueError for unmatched braces.

    >>> sorted(template_fields("{dish}, {seconds} s"))
    ['dish', 'seconds']
    """
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise ValueError(f"{template!r}: {error}; write {{{{ for a brace") from error
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise ValueError(f"{template!r}: only a name may be in braces, as in {{seconds}}")
    return {name for _, name, _, _ in parts if name is not None}


def alternatives(templates: str | list[str]) -> list[str]:
    """`templates` as a list. The first one whose fields all have a value is used."""
    return [templates] if isinstance(templates, str) else templates


def _check_texts(value: object) -> object:
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("should be a text or a list of texts")
    return value


def _check_fields(templates: str | list[str]) -> str | list[str]:
    for template in alternatives(templates):
        if unknown := template_fields(template) - TEMPLATE_FIELDS:
            known = ", ".join(sorted(TEMPLATE_FIELDS))
            raise ValueError(f"{template!r} uses {min(unknown)!r}; the fields are {known}")
    return templates


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


def _check_words(words: str) -> str:
    if not words.strip():
        raise ValueError("is empty")
    return " ".join(words.split())


# #RRGGBB, or #RRGGBBAA with AA from 00 (transparent) to FF (opaque).
Color = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$")]
Template = Annotated[str | list[str], BeforeValidator(_check_texts), AfterValidator(_check_fields)]
Handle = Annotated[str, AfterValidator(_check_handle)]
Words = Annotated[str, AfterValidator(_check_words)]
Kind = Literal["process", "mishap", "people", "why", "reveal"]
Action = Literal[
    "chop", "knead", "stir", "pour", "toss", "plate", "roll", "decorate", "grill",
    "brew", "shake", "other",
]  # fmt: skip
Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]
Effect = Literal["none", "slide", "typewriter", "karaoke", "pop", "highlight"]
Layout = Literal["crop", "fit-blur", "split"]
# Seconds of the shortest look ahead that anybody understands.
MIN_COLD_OPEN = 0.5
Speed = Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Output(_Section):
    """The picture and its encoding. `safe_zone` is the platform whose controls captions avoid."""

    width: int = Field(1080, ge=128, le=4320, multiple_of=2)
    height: int = Field(1920, ge=128, le=7680, multiple_of=2)
    fps: int = Field(30, ge=1, le=120)
    crf: int = Field(19, ge=0, le=51)
    maxrate: str = Field("12M", pattern=r"^\d+[kM]$")
    speed: Speed = "veryfast"
    safe_zone: Literal["all", "tiktok", "reels", "shorts"] = "all"


class Length(_Section):
    """Length of a clip in seconds."""

    min: float = Field(4.0, ge=CLIP_SECONDS.min, le=CLIP_SECONDS.max)
    target: float = Field(12.0, ge=CLIP_SECONDS.min, le=CLIP_SECONDS.max)
    max: float = Field(20.0, ge=CLIP_SECONDS.min, le=CLIP_SECONDS.max)

    @model_validator(mode="after")
    def _is_ordered(self) -> Length:
        if not self.min <= self.target <= self.max:
            raise ValueError("must be min <= target <= max")
        return self


class Sound(_Section):
    """Loudness in LUFS (EBU R 128), peak in dBTP, and fades at both ends in seconds.

    With `noise_reduction`, noise in rests is lowered where the loudness would bring it up.
    """

    loudness: float = Field(-14.0, ge=-40, le=-5)
    peak: float = Field(-1.5, ge=-9, le=-0.5)
    fade: float = Field(0.03, ge=0, le=2)
    noise_reduction: bool = True


class TextStyle(_Section):
    """The look of one role of captions. Sizes are fractions of the picture height; the size of text
    is that of its em.

    With a `box`, the text has a box of that color instead of an outline. `place` is its position in
    the safe zone. It appears at `start` seconds of the clip for `seconds` (0: to the end of the
    clip). `effect` is its animation: `slide` moves it up a little, `typewriter` types it, `karaoke`
    fills word after word with the `accent` color, `pop` enlarges the spoken word in that color, and
    `highlight` shows it in that color, on a box of the color `accent_box` if there is one. It needs
    the times of the words.
    """

    font: str = "Inter"
    size: float = Field(0.028, gt=0.005, le=0.2)
    colour: Color = "#FFFFFF"
    outline: Color = "#1A1512"
    outline_width: float = Field(0.0025, ge=0, le=0.02)
    box: Color | None = None
    shadow: float = Field(0.0, ge=0, le=0.02)
    upper: bool = False
    place: Literal["top", "middle", "bottom"] = "bottom"
    start: float = Field(0.0, ge=0)
    seconds: float = Field(0.0, ge=0)
    fade: float = Field(0.15, ge=0, le=2)
    effect: Effect = "none"
    accent: Color = "#FFC53D"
    accent_box: Color | None = None


class HookStyle(TextStyle):
    """The look of a hook. It has its own defaults, so that a preset can change a single key."""

    font: str = "Anton"
    size: float = Field(0.040, gt=0.005, le=0.2)
    outline_width: float = Field(0.0035, ge=0, le=0.02)
    place: Literal["top", "middle", "bottom"] = "top"
    seconds: float = Field(3.0, ge=0)


class SpeechStyle(TextStyle):
    """The look of speech and of texts from a captions file, which have their own times: `start` and
    `seconds` have no effect. Of speech, at most `words` are shown at a time; with 0 as many as fit.
    """

    size: float = Field(0.030, gt=0.005, le=0.2)
    outline_width: float = Field(0.003, ge=0, le=0.02)
    fade: float = Field(0.08, ge=0, le=2)
    effect: Effect = "highlight"
    words: int = Field(6, ge=0, le=20)


class PersonStyle(TextStyle):
    """The look of a lower third: the name of a person, and their role on a second line."""

    size: float = Field(0.026, gt=0.005, le=0.2)
    outline_width: float = Field(0.0025, ge=0, le=0.02)
    start: float = Field(0.5, ge=0)
    seconds: float = Field(4.0, ge=0)
    fade: float = Field(0.2, ge=0, le=2)
    effect: Effect = "slide"


class ClockStyle(TextStyle):
    """The look of the running clock of a time-lapse, which is always shown and never animated:
    `start`, `seconds`, `fade` and `effect` have no effect."""

    size: float = Field(0.046, gt=0.005, le=0.2)
    outline_width: float = Field(0.0035, ge=0, le=0.02)


class StickerStyle(_Section):
    """The look and the times of stickers: `size` in picture heights, `tilt` in degrees to the left,
    `place` a corner of the safe zone, and times as in TextStyle."""

    size: float = Field(0.08, ge=0.01, le=0.3)
    tilt: float = Field(8.0, ge=-45, le=45)
    place: Corner = "top-right"
    start: float = Field(0.3, ge=0)
    seconds: float = Field(2.5, ge=0)
    fade: float = Field(0.12, ge=0, le=2)


class CommentStyle(_Section):
    """The look of the card with a viewer's comment. The size of text, that of its em, is a fraction
    of the picture height.

    `author` is the color of the author's name. The round avatar with the first letter of the name
    has one of the colors in `avatars`, always the same for an author; its letter has the color
    `initial`. The card appears at `start` for `seconds` (0: long enough to read it).
    """

    font: str = "Inter"
    size: float = Field(0.024, gt=0.005, le=0.1)
    panel: Color = "#FFFFFFF5"
    colour: Color = "#1A1512"
    author: Color = "#7A6F66"
    avatars: Annotated[tuple[Color, ...], Field(min_length=1)] = (
        "#B5533C", "#3C7A57", "#3A6EA5", "#8A5AA8", "#B0812A", "#4B6470",
    )  # fmt: skip
    initial: Color = "#FFFFFF"
    lines: int = Field(4, ge=1, le=8)
    place: Literal["top", "middle", "bottom"] = "top"
    start: float = Field(0.0, ge=0)
    seconds: float = Field(0.0, ge=0)
    fade: float = Field(0.2, ge=0, le=2)


class Captions(_Section):
    """Caption templates by kind of moment and by action, and the styles of the roles.

    A template may use {action}, {food}, {seconds}, {hands}, {elapsed} and {name}, and from the
    notes {dish}, {step}, {number}, {steps}, {note} and {person}. A template with a field that has
    no value in a clip gives no caption, and so does an empty one. Of a list of templates, the first
    one whose fields all have a value is used. `hook` is for all clips; if it is empty, `hooks` has
    one per kind. A template in `actions` takes precedence over that in `kinds`; `note` comes after
    it. `stickers` are one or a few emoji per kind. `clock` is shown over a time-lapse, where
    {elapsed} is the time since its start; `replay` is shown during a replay. With `introduce`,
    people are named when they first appear. A template that would say one of the words in `avoid`,
    in capitals or not, is not used.
    """

    avoid: tuple[Words, ...] = ()
    hook: Template = ""
    hooks: dict[Kind, Template] = {}
    kinds: dict[Kind, Template] = {}
    actions: dict[Action, Template] = {}
    note: Template = "{note}"
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


class Quota(_Section):
    """Minimum (if the footage has them) and maximum number of clips of a kind."""

    least: int = Field(0, ge=0, le=200)
    most: int | None = Field(None, ge=0, le=200)

    @model_validator(mode="after")
    def _is_ordered(self) -> Quota:
        if self.most is not None and self.least > self.most:
            raise ValueError("must be least <= most")
        return self


class FramingStyle(_Section):
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


class Cover(_Section):
    """The cover: its picture at a share of the clip, or the sharpest of the work at its height, and
    its title."""

    at: Annotated[
        Annotated[float, Field(ge=0, le=1)] | Literal["best"], WrapValidator(_check_share_or_best)
    ] = "best"
    title: bool = True


class Logo(_Section):
    """A picture in a corner of the safe zone during the whole clip."""

    image: str = ""
    width: float = Field(0.14, ge=0.02, le=0.6)
    place: Corner = "bottom-right"
    opacity: float = Field(0.8, gt=0, le=1)


class Watermark(Logo):
    """A logo, and beside it a `handle` such as "@anas_bread"; one of them is enough."""

    handle: Handle = ""


class EndCard(_Section):
    """A card of `seconds` after a clip: `text` over `image`, or over the last picture darkened by
    `dim`. There is no card without text and image."""

    text: Template = ""
    seconds: float = Field(1.5, ge=0.5, le=5)
    image: str = ""
    dim: float = Field(0.5, ge=0, le=1)


class Preset(_Section):
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
