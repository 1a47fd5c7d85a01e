"""Types and bounds of the values in a plan.

The bounds are far beyond the needs of a clip. They refuse values that can't be rendered, such as a
title of a megabyte, a caption with a lone surrogate, or `"6.0"` in place of a number.

Texts from notes, captions files and comments lose characters that can't be written or shown. In a
plan that a person edits, such a text is an error: see BY_HAND.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

# The validation context of values from a file or a request.
BY_HAND = {"by_hand": True}

# Characters of one text: the longest comment that a platform allows.
MAX_TEXT = 10_000
# Seconds of a take: eleven days.
MAX_SECONDS = 1_000_000.0
NANOSECOND = 1e-9
# Seconds of a span on the screen.
MIN_SECONDS_SHOWN = 0.1
# Width and height of a crop, as fractions of the picture.
MIN_CROP = 0.01
# Keys of one crop path: a moving crop has 12,000 in a clip of ten minutes.
MAX_KEYS = 20_000
MAX_SPEEDS = 1_000
# Face tracks of one span; a face has a new one each time it comes into the picture.
MAX_FACES = 10_000
# Spans, sounds, pictures for the cover and captions of one clip, and words of one caption. A film
# has fewer captions.
MAX_SPANS = 501
MAX_LANES = 50
MAX_COVERS = 50
MAX_CAPTIONS = 10_000
MAX_WORDS = 2_000
MAX_WARNINGS = 1_000

# Control characters except tabs and line breaks, and lone surrogates. Some of them end a text
# early, others are commands to the terminal that shows it.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def check_whole(text: str) -> str:
    """Return `text`. Raise ValueError for half a character (a lone surrogate).

    No file can hold half a character.
    """
    if _SURROGATES.search(text):
        raise ValueError("holds half a character, which can't be written")
    return text


def check_sizes(name: str, keys: Sequence[tuple[float, ...]], *, may_change: bool) -> None:
    """Raise ValueError unless all keys (time, cx, cy, w, h) of the crop `name` are MIN_CROP or more
    wide and high and, unless they `may_change`, have the same size."""
    if not may_change and len({(round(key[3], 4), round(key[4], 4)) for key in keys}) > 1:
        raise ValueError(f"all {name} keys of a clip must have the same width and height")
    if any(min(key[3:]) < MIN_CROP for key in keys):
        raise ValueError(f"{name} must be at least {MIN_CROP:g} wide and high")


def check_order(name: str, keys: Sequence[tuple[float, ...]]) -> None:
    """Raise ValueError unless `keys`, which begin with their time, are in the order of time."""
    times = [key[0] for key in keys]
    if times != sorted(times):
        raise ValueError(f"{name} must be in the order of time")


def _check_text(text: str, info: ValidationInfo) -> str:
    if not (info.context or {}).get("by_hand"):
        return _FORBIDDEN.sub("", text)[:MAX_TEXT]
    if len(text) > MAX_TEXT:
        raise ValueError(f"has {len(text):,} characters; a text may have {MAX_TEXT:,}")
    check_whole(text)
    if match := _FORBIDDEN.search(text):
        raise ValueError(f"holds the control character U+{ord(match[0]):04X}")
    return text


def _round_tiny(seconds: float) -> float:
    """`seconds`, or 0 for less than a nanosecond: a division by 1e-310 overflows."""
    return seconds if seconds >= NANOSECOND else 0.0


def _check_words(text: str, info: ValidationInfo) -> str:
    # Pydantic's own bound refuses lone surrogates, also where they are removed.
    if not text:
        raise ValueError("must not be empty")
    return _check_text(text, info)


def _check_path(path: str) -> str:
    if "\0" in path:
        raise ValueError("is not a path: it holds the control character U+0000")
    return path


Text = Annotated[str, AfterValidator(_check_text)]
# A text that must not be empty.
Words = Annotated[str, AfterValidator(_check_words)]
# Files may have any name.
FilePath = Annotated[str, AfterValidator(_check_path)]

# Strict: `"6.0"` and `true` are not numbers.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Fraction = Annotated[float, Field(strict=True, ge=0, le=1)]
Seconds = Annotated[float, Field(strict=True, ge=0, le=MAX_SECONDS), AfterValidator(_round_tiny)]
Decibels = Annotated[float, Field(strict=True, ge=-60, le=24)]
Count = Annotated[int, Field(strict=True, ge=0)]
YesNo = Annotated[bool, Field(strict=True)]
