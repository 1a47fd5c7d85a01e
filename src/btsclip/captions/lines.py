"""Text to lines: one for each speaker, broken where readers expect it, and balanced."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# A dash of any kind, or the arrows of American captions, before the words of the next speaker.
_DASH = re.compile(r"[-‐‑–—―−]|>>")
# A speaker's name before a colon.
_NAME = re.compile(r"(?:>>\s*)?([^\W\d_][\w .'’&-]{0,30})(?:：|:(?=\s|$))")

# A function that returns the width of a text in pixels.
Measure = Callable[[str], float]

# Kinsoku, the basic rules of JIS X 4051: characters that never begin a line ...
CLOSING = "、。，．・：；？！）」』】〉》〕］｝〙〗｠”’…‥｡､｣" + ",.!?:;)]}%‰℃°"
SMALL_KANA = (
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
    "ーｰ々〻ゝゞヽヾ～〜"
)
NO_START = frozenset(CLOSING + SMALL_KANA)
# ... and characters that never end one.
NO_END = frozenset("（「『【〈《〔［｛〘〖｟“‘｢([{¥￥$＄#＃")
KATAKANA_PAIR = re.compile("[\u30a1-\u30ff\u31f0-\u31ff]{2}")
HANGUL = (
    range(0x1100, 0x1200),
    range(0x3130, 0x3190),
    range(0xA960, 0xA980),
    range(0xAC00, 0xD7FC),
)
# Skin tones belong to the emoji before them, and two flag letters are one flag.
SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
FLAG_LETTERS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))


def clean_line(text: str) -> str:
    """`text` on one line, composed, without control characters; no-break spaces are kept."""
    text = unicodedata.normalize("NFC", text).replace("\u202f", "\u00a0")
    text = re.sub(r"[^\S\u00a0]+", " ", text).strip()
    return "".join(c for c in text if unicodedata.category(c) != "Cc")


def flow_lines(text: str) -> str:
    """`text` on one line, or on one line for each speaker.

    Another speaker begins at a line with a dash, or with a name and a colon, such as `ANA:`. A name
    that is not in capitals counts if at least two lines begin with a name.

    >>> flow_lines("- Is it\\nhot?\\n- Not yet")
    '- Is it hot?\\n- Not yet'
    """
    lines = [line for line in map(clean_line, text.splitlines()) if line]
    has_names = sum(_NAME.match(line) is not None for line in lines) > 1
    turns: list[str] = []
    for line in lines:
        if turns and not _begins_turn(line, any_name=has_names):
            turns[-1] += f" {line}"
        else:
            turns.append(line)
    return "\n".join(turns)


def _begins_turn(line: str, any_name: bool) -> bool:
    """Whether another speaker begins at `line`."""
    if _DASH.match(line):
        return True
    name = _NAME.match(line)
    return name is not None and (any_name or name.group(1).isupper())


def wrap_text(text: str, room: float, measure: Measure, cut: bool = True) -> tuple[str, ...]:
    """`text` in the fewest lines of at most `room` pixels, as even as possible.

    The joined lines are the text again, up to white space. A word wider than a line is cut after
    hyphens or between characters. Without `cut` such a word gives no lines; a text without words
    gives none either.

    >>> wrap_text("the dough rests for an hour", 16, len)
    ('the dough rests', 'for an hour')
    """
    words = breakable(text)
    if cut:
        words = [piece for word in words for piece in _cut_word(word, room, measure)]
    max_width = max((measure(word.rstrip()) for word in words), default=0.0)
    if not words or (max_width > room and not cut):
        return ()
    lines = _fill_lines(words, room, measure)
    # The narrowest column with the same number of lines is the most even.
    low, high = min(max_width, room), room
    for _ in range(12):
        middle = (low + high) / 2
        narrower = _fill_lines(words, middle, measure)
        if len(narrower) <= len(lines):
            high, lines = middle, narrower
        else:
            low = middle
    return tuple(lines)


def breakable(text: str) -> list[str]:
    """The pieces between which a line may break, each with the blanks after it.

    Lines break at blanks, but not at no-break spaces, and beside Han and kana, which are written
    without blanks. Korean has blanks.

    >>> breakable("rest 20\\xa0min")
    ['rest ', '20\\xa0min']
    """
    pieces: list[str] = []
    for word in re.findall(r"[\S\u00a0]+[^\S\u00a0]*", text):
        parts = clusters(word)
        start = 0
        for i in range(1, len(parts)):
            if _may_break(parts[i - 1], parts[i]):
                pieces.append("".join(parts[start:i]))
                start = i
        pieces.append("".join(parts[start:]))
    return pieces


def clusters(word: str) -> list[str]:
    """Characters with the marks and joiners that belong to them."""
    parts: list[str] = []
    for character in word:
        joins = unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf")
        joins = joins or character in SKIN_TONES
        ends_flag = character in FLAG_LETTERS and bool(parts) and parts[-1] in FLAG_LETTERS
        if parts and (joins or ends_flag or parts[-1].endswith("\u200d")):
            parts[-1] += character
        else:
            parts.append(character)
    return parts


def _may_break(before: str, after: str) -> bool:
    """Whether a line may break between two neighbors without a blank."""
    first, second = before[0], after[0]
    if not (_is_ideograph(first) or _is_ideograph(second)):
        # A line may break after a stop and before another script, except Korean, which has blanks.
        is_stop = first in CLOSING and unicodedata.east_asian_width(first) in "WF"
        return is_stop and not (second in NO_START or second.isspace() or _is_hangul(second))
    # Katakana spells whole words, such as loan words.
    if KATAKANA_PAIR.match(first + second):
        return False
    # A number stays with its unit; a symbol, such as an emoji, ends its line.
    stays = second in NO_START or first in NO_END or first.isdecimal()
    is_symbol = unicodedata.category(second) in ("So", "Sk")
    return not (stays or is_symbol or second.isspace())


def _is_ideograph(character: str) -> bool:
    """Whether `character` is Han or kana of full width."""
    is_wide = unicodedata.east_asian_width(character) in "WF" and character.isalpha()
    return is_wide and not _is_hangul(character)


def _is_hangul(character: str) -> bool:
    return any(ord(character) in hangul for hangul in HANGUL)


def _cut_word(word: str, room: float, measure: Measure) -> list[str]:
    """`word` in pieces that fit a line, cut after hyphens, or else between characters."""
    if measure(word.rstrip()) <= room:
        return [word]
    parts = re.findall(r"[^-–—/]*[-–—/]+\s*|[^-–—/]+", word)
    if len(parts) > 1:
        return [piece for part in parts for piece in _cut_word(part, room, measure)]
    pieces = [""]
    for cluster in clusters(word):
        if pieces[-1] and measure((pieces[-1] + cluster).rstrip()) > room:
            pieces.append("")
        pieces[-1] += cluster
    return pieces


def _fill_lines(words: list[str], room: float, measure: Measure) -> list[str]:
    """Fill one line after the other; a word wider than `room` gets a line of its own."""
    lines = [""]
    for word in words:
        if lines[-1] and measure((lines[-1] + word).rstrip()) > room:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += word
    lines[-1] = lines[-1].rstrip()
    return lines
