"""Text to lines: broken where a reader would, and balanced."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# The width of a text in pixels.
Measure = Callable[[str], float]


def wrap(text: str, room: float, measure: Measure, cut: bool = True) -> tuple[str, ...]:
    """`text` in the fewest lines that `room` pixels allow, as even as they can be.

    The joined lines are the text again, up to white space. Empty when there is nothing to set or,
    without `cut`, when a word is wider than a line; with it such a word is cut between characters.
    """
    words = breakable(text)
    if cut:
        words = [piece for word in words for piece in _fit(word, room, measure)]
    widest = max((measure(word.rstrip()) for word in words), default=0.0)
    if not words or (widest > room and not cut):
        return ()
    lines = _fill(words, room, measure)
    # The narrowest column with as few lines is the most even one.
    low, high = min(widest, room), room
    for _ in range(12):
        middle = (low + high) / 2
        narrower = _fill(words, middle, measure)
        if len(narrower) <= len(lines):
            high, lines = middle, narrower
        else:
            low = middle
    return tuple(lines)


def breakable(text: str) -> list[str]:
    """Pieces between which a line may break; each keeps the blank that ends it.

    At blanks, but not at no-break spaces, and between characters of scripts written without them.
    """
    pieces: list[str] = []
    for word in re.findall(r"[\S\u00a0]+[^\S\u00a0]*", text):
        start = 0
        for i in range(1, len(word)):
            if _is_wide(word[i - 1]) and _is_wide(word[i]):
                pieces.append(word[start:i])
                start = i
        pieces.append(word[start:])
    return pieces


def clusters(word: str) -> list[str]:
    """Characters with the marks and joiners that belong to them."""
    found: list[str] = []
    for character in word:
        joins = unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf")
        if found and (joins or found[-1].endswith("\u200d")):
            found[-1] += character
        else:
            found.append(character)
    return found


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) == "W" and character.isalnum()


def _fit(word: str, room: float, measure: Measure) -> list[str]:
    """`word`, cut after hyphens or else between characters where it is wider than a line."""
    if measure(word.rstrip()) <= room:
        return [word]
    parts = re.findall(r"[^-–—/]*[-–—/]+\s*|[^-–—/]+", word)
    if len(parts) > 1:
        return [piece for part in parts for piece in _fit(part, room, measure)]
    pieces = [""]
    for cluster in clusters(word):
        if pieces[-1] and measure((pieces[-1] + cluster).rstrip()) > room:
            pieces.append("")
        pieces[-1] += cluster
    return pieces


def _fill(words: list[str], room: float, measure: Measure) -> list[str]:
    """Lines filled one after the other; a word wider than `room` has a line of its own."""
    lines = [""]
    for word in words:
        if lines[-1] and measure((lines[-1] + word).rstrip()) > room:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += word
    lines[-1] = lines[-1].rstrip()
    return lines
