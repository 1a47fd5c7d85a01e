"""Digits that all take the same room, so that a time that runs stands still while it changes.

libass can't be told to use a font's own tabular digits, and not every font has them: each digit is
drawn by itself, in the middle of as much room as the font's widest one takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from btsclip.captions.fonts import text_width


@dataclass(frozen=True)
class Cell:
    """A part of a text without blanks at its ends; its middle is at `x` pixels from the text's
    left end."""

    text: str
    x: float


def cells(text: str, family: str, size: float) -> list[Cell]:
    """`text`, set with an em of `size` pixels: each digit by itself, what is between in one."""
    found, left = [], 0.0
    for part in _parts(text):
        room = _room(part, family, size)
        seen = part.strip()
        if seen:
            blanks = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
            before, after = (text_width(b, family, size) if b else 0.0 for b in blanks)
            found.append(Cell(seen, left + before + (room - before - after) / 2))
        left += room
    return found


def width(text: str, family: str, size: float) -> float:
    """Pixels that `text` takes when it is drawn as its cells."""
    return sum(_room(part, family, size) for part in _parts(text))


def _parts(text: str) -> list[str]:
    return re.findall(r"\d|\D+", text)


def _room(part: str, family: str, size: float) -> float:
    if part.isdecimal():
        return max(text_width(part, family, size), _widest(family) * size)
    return text_width(part, family, size)


@lru_cache(maxsize=32)
def _widest(family: str) -> float:
    """Ems of the widest digit."""
    return max(text_width(digit, family, 1.0) for digit in "0123456789")
