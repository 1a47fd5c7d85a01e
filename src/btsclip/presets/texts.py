"""The texts of a preset: their templates, and the styles in which they are drawn."""

from __future__ import annotations

from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

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


def _check_words(words: str) -> str:
    if not words.strip():
        raise ValueError("is empty")
    return " ".join(words.split())


# #RRGGBB, or #RRGGBBAA with AA from 00 (transparent) to FF (opaque).
Color = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$")]


Template = Annotated[str | list[str], BeforeValidator(_check_texts), AfterValidator(_check_fields)]


Words = Annotated[str, AfterValidator(_check_words)]


Kind = Literal["process", "mishap", "people", "why", "reveal"]


Action = Literal[
    "chop", "knead", "stir", "pour", "toss", "plate", "roll", "decorate", "grill",
    "brew", "shake", "other",
]  # fmt: skip


Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]


Effect = Literal["none", "slide", "typewriter", "karaoke", "pop", "highlight"]


class Section(BaseModel):
    """A table of a preset: its keys are fixed, and so are its values once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TextStyle(Section):
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


class StickerStyle(Section):
    """The look and the times of stickers: `size` in picture heights, `tilt` in degrees to the left,
    `place` a corner of the safe zone, and times as in TextStyle."""

    size: float = Field(0.08, ge=0.01, le=0.3)
    tilt: float = Field(8.0, ge=-45, le=45)
    place: Corner = "top-right"
    start: float = Field(0.3, ge=0)
    seconds: float = Field(2.5, ge=0)
    fade: float = Field(0.12, ge=0, le=2)


class CommentStyle(Section):
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


class Captions(Section):
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
