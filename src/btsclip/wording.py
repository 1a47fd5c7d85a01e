"""Numbers, times and lists as messages, tables and pages write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# Spans that a message lists before it only counts them.
MAX_SPANS = 3


def count(number: int, thing: str, things: str = "") -> str:
    """A number with its noun: "1 clip" or "2 clips"; `things` is a plural that is not just an s."""
    return f"{number} {thing}" if number == 1 else f"{number} {things or thing + 's'}"


def clock(seconds: float, *, tenths: bool = False) -> str:
    """Seconds as M:SS, or M:SS.s in `tenths`, with hours as H:MM:SS when there are any."""
    minutes, rest = divmod(round(seconds, 1 if tenths else None), 60)
    hours, minutes = divmod(int(minutes), 60)
    ending = f"{rest:04.1f}" if tenths else f"{int(rest):02d}"
    return f"{hours}:{minutes:02d}:{ending}" if hours else f"{minutes}:{ending}"


def estimate(seconds: float) -> str:
    """A length of time that is not sure to the second: "25 s", "4 min" or "2 h 05 min"."""
    if seconds < 50:
        return f"{max(5, 5 * round(seconds / 5))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{max(1, minutes)} min"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def already_edited(name: str, cuts: int, seconds: float) -> str:
    """What is said of the take `name` of `seconds` with so many hard `cuts`; empty without cuts."""
    if not cuts:
        return ""
    length = f"{seconds:.0f} s" if seconds < 120 else clock(seconds)
    return f"{name} is already edited: {cuts} cuts in {length}; each shot is treated by itself"


def lost_pictures(name: str, spans: Sequence[tuple[float, float]]) -> str:
    """What is said of the take `name` whose pictures can't be read in `spans`, in seconds; empty
    without any.

    >>> lost_pictures("a.mp4", [(12.0, 14.5)])
    'a.mp4 has no readable pictures from 0:12.0 to 0:14.5'
    """
    if not spans:
        return ""
    return f"{name} {no_pictures(spans)}"


def no_pictures(spans: Sequence[tuple[float, float]]) -> str:
    """The fault of a take whose pictures can't be read in `spans`, in seconds."""
    shown = [f"{clock(start, tenths=True)} to {clock(end, tenths=True)}" for start, end in spans]
    return f"has no readable pictures from {first_few(shown, MAX_SPANS)}"


def limit(seconds: float) -> str:
    """A time limit: "90 s", or from two minutes on "10 min"."""
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:g} s"


def listed(names: Iterable[str], word: str = "and") -> str:
    """Names as "a, b and c", or with another `word` before the last; empty without names."""
    *first, last = [*names] or [""]
    return f"{', '.join(first)} {word} {last}" if first else last


def first_few(names: Sequence[str], number: int) -> str:
    """At most `number` of `names`: "a, b, c and 4 more"."""
    more = f" and {len(names) - number} more" if len(names) > number else ""
    return ", ".join(names[:number]) + more


def words_in(text: str, words: Iterable[str]) -> list[str]:
    """Those of `words` that `text` holds as whole words, in capitals or not.

    >>> words_in("Yummy bread, no yummies", ["yummy", "bread", "yum"])
    ['yummy', 'bread']
    """
    return [
        word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    ]
