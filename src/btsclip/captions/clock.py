"""Times as text, and the cells of a running time, in which all digits have the same width.

libass can't use the tabular digits of a font, and not every font has them. So each digit is drawn
by itself, in the middle of a cell as wide as the font's widest digit, and a running time does not
move while it changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from btsclip.captions.fonts import text_width

# Hours and minutes are optional; seconds may have a decimal point or a decimal comma.
_TIME = re.compile(r"(?:(?:(\d+):)?(\d{1,3}):)?(\d+(?:[.,]\d+)?)")


@dataclass(frozen=True)
class DigitCell:
    """A digit, or a text between digits without blanks at its ends; its middle is at `x` pixels
    from the left end of the whole text."""

    text: str
    x: float


def duration_in_words(seconds: float, unit: Literal["s", "min"] = "s") -> str:
    """A duration in whole minutes that have passed.

    Less than a minute is given in seconds, or as "0 min" with the `unit` min.

    >>> duration_in_words(12_059)
    '3 h 20 min'
    >>> duration_in_words(40)
    '40 s'
    """
    # A float must not lose a minute of a clock that is exact to the microsecond.
    whole = max(0, int(seconds + 1e-3))
    if whole < 60 and unit == "s":
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    parts = [f"{hours} h"] if hours else []
    return " ".join([*parts, *([f"{minutes} min"] if minutes or not hours else [])])


def seconds_of(text: str) -> float | None:
    """Seconds of a time such as `12.5`, `0:12.5` or `1:02:03,4`; None for any other text.

    >>> seconds_of("1:02:03,4")
    3723.4
    """
    match = _TIME.fullmatch(text.strip())
    if not match:
        return None
    hours, minutes, seconds = match.groups()
    rest = float(seconds.replace(",", "."))
    if (minutes is not None and rest >= 60) or (hours is not None and int(minutes) >= 60):
        return None
    return 3600 * int(hours or 0) + 60 * int(minutes or 0) + rest


def digit_cells(text: str, family: str, size: float) -> list[DigitCell]:
    """The digits of `text`, and the texts between them, with an em of `size` pixels."""
    cells, left = [], 0.0
    for part in _split_digits(text):
        width = _cell_width(part, family, size)
        visible = part.strip()
        if visible:
            blanks = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
            before, after = (text_width(b, family, size) if b else 0.0 for b in blanks)
            cells.append(DigitCell(visible, left + before + (width - before - after) / 2))
        left += width
    return cells


def cells_width(text: str, family: str, size: float) -> float:
    """The width in pixels of `text` drawn in cells."""
    return sum(_cell_width(part, family, size) for part in _split_digits(text))


def _split_digits(text: str) -> list[str]:
    return re.findall(r"\d|\D+", text)


def _cell_width(part: str, family: str, size: float) -> float:
    if part.isdecimal():
        return max(text_width(part, family, size), _max_digit_width(family) * size)
    return text_width(part, family, size)


@lru_cache(maxsize=32)
def _max_digit_width(family: str) -> float:
    """The width of the widest digit in ems."""
    return max(text_width(digit, family, 1.0) for digit in "0123456789")
