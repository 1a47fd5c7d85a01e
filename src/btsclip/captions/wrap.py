"""Text to lines: broken where a reader would, and balanced."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# The width of a text in pixels.
Measure = Callable[[str], float]

# Kinsoku, the basic rules of JIS X 4051: what never begins a line ...
CLOSING = "、。，．・：；？！）」』】〉》〕］｝〙〗｠”’…‥｡､｣" + ",.!?:;)]}%‰℃°"
SMALL = (
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
    "ーｰ々〻ゝゞヽヾ～〜"
)
NO_START = frozenset(CLOSING + SMALL)
# ... and what never ends one.
NO_END = frozenset("（「『【〈《〔［｛〘〖｟“‘｢([{¥￥$＄#＃")
KATAKANA_PAIR = re.compile("[\u30a1-\u30ff\u31f0-\u31ff]{2}")
HANGUL = (
    range(0x1100, 0x1200),
    range(0x3130, 0x3190),
    range(0xA960, 0xA980),
    range(0xAC00, 0xD7FC),
)
# They belong to the emoji before them; two letters are a flag.
SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
FLAG_LETTERS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))


def wrap_text(text: str, room: float, measure: Measure, cut: bool = True) -> tuple[str, ...]:
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

    At blanks, but not at no-break spaces, and beside Han and kana, which are written without them.
    Korean has blanks.
    """
    pieces: list[str] = []
    for word in re.findall(r"[\S\u00a0]+[^\S\u00a0]*", text):
        parts = clusters(word)
        start = 0
        for i in range(1, len(parts)):
            if _may_part(parts[i - 1], parts[i]):
                pieces.append("".join(parts[start:i]))
                start = i
        pieces.append("".join(parts[start:]))
    return pieces


def clusters(word: str) -> list[str]:
    """Characters with the marks and joiners that belong to them."""
    found: list[str] = []
    for character in word:
        joins = unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf")
        joins = joins or character in SKIN_TONES
        flag = character in FLAG_LETTERS and bool(found) and found[-1] in FLAG_LETTERS
        if found and (joins or flag or found[-1].endswith("\u200d")):
            found[-1] += character
        else:
            found.append(character)
    return found


def _may_part(before: str, after: str) -> bool:
    """Whether a line may break between two neighbours that no blank parts."""
    first, second = before[0], after[0]
    if not (_is_ideograph(first) or _is_ideograph(second)):
        # Before another script's word behind a stop; not before Korean, which has blanks.
        stop = first in CLOSING and unicodedata.east_asian_width(first) in "WF"
        return stop and not (second in NO_START or second.isspace() or _is_hangul(second))
    # Words written in katakana are whole words, such as loans.
    if KATAKANA_PAIR.match(first + second):
        return False
    # A number stays with what it counts; what is no letter, such as an emoji, ends its line.
    stays = second in NO_START or first in NO_END or first.isdecimal()
    symbol = unicodedata.category(second) in ("So", "Sk")
    return not (stays or symbol or second.isspace())


def _is_ideograph(character: str) -> bool:
    """Han or kana, of full width."""
    wide = unicodedata.east_asian_width(character) in "WF" and character.isalpha()
    return wide and not _is_hangul(character)


def _is_hangul(character: str) -> bool:
    return any(ord(character) in hangul for hangul in HANGUL)


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
