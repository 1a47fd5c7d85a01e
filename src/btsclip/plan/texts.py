"""The texts of a clip in a plan: captions, cards and the comment that it answers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from btsclip.plan import values
from btsclip.plan.values import Fraction, Seconds, Text, Words

Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]


class Document(BaseModel):
    """A part of a plan. It keeps keys that it does not know."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Word(Document):
    """One spoken word of a caption, in seconds from the clip's start."""

    text: Words
    start: Seconds
    end: Seconds

    @model_validator(mode="after")
    def _ends_after_start(self) -> Word:
        if self.end < self.start:
            raise ValueError("a word can't end before it starts")
        return self


class Caption(Document):
    """One text on the picture.

    Attributes:
        text: The text. For a `person`, a second line is the person's role.
        role: The preset's style. A `clock` is one state of a running time, a `sticker` is emoji.
        words: The words of the text, if their times are known.
        y: Middle of the text in heights of the clip; None uses the place of the style.
        corner: Corner of a sticker; None uses the preset's.
        evidence: What the text is known from, such as "notes: step 3".
    """

    text: Words
    start: Seconds
    end: Seconds
    role: Literal["hook", "moment", "speech", "person", "clock", "sticker"] = "moment"
    words: Annotated[list[Word], Field(max_length=values.MAX_WORDS)] = []
    y: Fraction | None = None
    corner: Corner | None = None
    evidence: Text = ""

    @model_validator(mode="after")
    def _ends_after_start(self) -> Caption:
        if self.end <= self.start:
            raise ValueError("a caption must end after it starts")
        return self


class EndCard(Document):
    """The end of a clip: its last picture, or the preset's image, with `text` for `seconds`."""

    text: Text = ""
    seconds: float = Field(strict=True, ge=0.5, le=5)


class Card(Document):
    """A text over a span's blurred first picture, shown for `seconds` before the span.

    `role` is its purpose: to say why, that time has passed, or what comes next.
    """

    text: Words
    seconds: float = Field(2.0, strict=True, ge=0.5, le=8)
    role: Literal["why", "time", "title"] = "why"


class Comment(Document):
    """A viewer's comment that the clip answers, as a card from `start` to `end` on the screen.

    `y` is the middle of the card in heights of the clip; None uses the preset's place.
    """

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
