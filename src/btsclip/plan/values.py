"""What the values of a plan may be: numbers, texts and how many of them.

The bounds are far beyond what a clip needs. They keep out what could never be rendered, such as a
title of a megabyte, a caption with half a character, or `"6.0"` where a number belongs.

Texts that btsclip takes over from notes, captions files and comments lose what can't be written or
shown. In a plan that a person edits, such a text is an error: see BY_HAND.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

# The context in which values from a file or a request are validated.
BY_HAND = {"by_hand": True}

# Characters of one text: the longest comment that a platform takes.
MAX_TEXT = 10_000
# Seconds of a take: eleven days.
MAX_SECONDS = 1_000_000.0
NANOSECOND = 1e-9
# Shortest time in seconds that a span is on the screen.
MIN_SHOWN = 0.1
# Smallest width and height of a crop, as a fraction of the picture.
MIN_CROP = 0.01
# Keys of one path: a crop that moves through a clip of ten minutes has 12,000.
MAX_KEYS = 20_000
MAX_SPEEDS = 1_000
# Faces to be covered in one span, each time that one comes into the picture.
MAX_FACES = 10_000
# Spans, sounds, texts of one clip, and words of one text: a whole film has fewer texts.
MAX_SPANS = 501
MAX_LANES = 50
MAX_CAPTIONS = 10_000
MAX_WORDS = 2_000
MAX_WARNINGS = 1_000

# Control characters but for tabs and the ends of lines, and halves of characters. Some of them end
# a text early, others are commands to the terminal that shows it.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_HALVES = re.compile("[\ud800-\udfff]")


def check_whole(text: str) -> str:
    """`text`, which may hold any whole characters.

    Raises ValueError for half a character (a lone surrogate), which no file can hold.
    """
    if _HALVES.search(text):
        raise ValueError("holds half a character, which can't be written")
    return text


def check_sizes(name: str, keys: Sequence[tuple[float, ...]]) -> None:
    """Raises ValueError unless all keys (time, cx, cy, w, h) of the crop called `name` have one
    size that can be cut."""
    if len({(round(key[3], 4), round(key[4], 4)) for key in keys}) > 1:
        raise ValueError(f"all {name} keys of a clip must have the same width and height")
    if any(min(key[3:]) < MIN_CROP for key in keys):
        raise ValueError(f"{name} must be at least {MIN_CROP:g} wide and high")


def check_order(name: str, keys: Sequence[tuple[float, ...]]) -> None:
    """Raises ValueError unless `keys`, which begin with their time, are in its order."""
    times = [key[0] for key in keys]
    if times != sorted(times):
        raise ValueError(f"{name} must be in the order of time")


def _check_text(text: str, info: ValidationInfo) -> str:
    if not (info.context or {}).get("by_hand"):
        return _UNFIT.sub("", text)[:MAX_TEXT]
    if len(text) > MAX_TEXT:
        raise ValueError(f"has {len(text):,} characters; a text may have {MAX_TEXT:,}")
    check_whole(text)
    if found := _UNFIT.search(text):
        raise ValueError(f"holds the control character U+{ord(found[0]):04X}")
    return text


def _without_nothing(seconds: float) -> float:
    """`seconds`, 0 for less than a nanosecond: one can't divide by 1e-310."""
    return seconds if seconds >= NANOSECOND else 0.0


def _check_words(text: str, info: ValidationInfo) -> str:
    # Not by pydantic's own bound, which halves of characters do not pass even where they are lost.
    if not text:
        raise ValueError("must not be empty")
    return _check_text(text, info)


def _check_path(path: str) -> str:
    if "\0" in path:
        raise ValueError("is not a path: it holds the control character U+0000")
    return path


Text = Annotated[str, AfterValidator(_check_text)]
# A text that must say something.
Words = Annotated[str, AfterValidator(_check_words)]
# Files may have any name.
FilePath = Annotated[str, AfterValidator(_check_path)]

# JSON knows numbers: `"6.0"` and `true` are none.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Fraction = Annotated[float, Field(strict=True, ge=0, le=1)]
Seconds = Annotated[
    float, Field(strict=True, ge=0, le=MAX_SECONDS), AfterValidator(_without_nothing)
]
Decibels = Annotated[float, Field(strict=True, ge=-60, le=24)]
Count = Annotated[int, Field(strict=True, ge=0)]
YesNo = Annotated[bool, Field(strict=True)]
