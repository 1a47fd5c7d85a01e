"""The characters for which the two large fonts are shipped, from Python's own codecs."""

from __future__ import annotations

from collections.abc import Iterable

# Sets of 94 rows of 94: two bytes from A1 to FE. Big5 also has second bytes from 40 to 7E.
ROWS = range(0xA1, 0xFF)
BIG5_SECOND = (*range(0x40, 0x7F), *ROWS)
# Big5's first level: the 5,401 most used characters.
BIG5_LEVEL_1 = range(0xA440, 0xC67F)

ASCII = frozenset(map(chr, range(0x20, 0x7F)))
# Marks used everywhere: dashes, quotes, ellipsis, middle dot, degrees, won and yen.
SHARED = frozenset("–—‘’“”…‥·•※°×±₩¥→←↑↓")
# CJK punctuation, and full-width and half-width forms.
CJK_MARKS = frozenset(map(chr, (*range(0x3000, 0x3040), *range(0xFF01, 0xFF61))))
HALF_WIDTH_KANA = frozenset(map(chr, range(0xFF61, 0xFFA0)))
KANA = frozenset(map(chr, (*range(0x3041, 0x3100), *range(0x31F0, 0x3200))))
HANGUL = frozenset(map(chr, range(0xAC00, 0xD7A4)))
JAMO = frozenset(map(chr, (*range(0x1100, 0x1200), *range(0x3131, 0x318F), *range(0xA960, 0xA97D))))
# The width of a blank is read from the first; the others must not be drawn as boxes.
BLANKS = frozenset("\u00a0\u2002\u2003\u2009")


def decode(pairs: Iterable[tuple[int, int]], codec: str) -> frozenset[str]:
    """The characters of `codec` for these pairs of bytes."""
    characters = (bytes(pair).decode(codec, "ignore") for pair in pairs)
    return frozenset(character for character in characters if len(character) == 1)


def chinese_and_japanese() -> frozenset[str]:
    """GB 2312, JIS X 0208 and the first level of Big5, kana, and their punctuation.

    Without the Greek, the Cyrillic and the Latin beyond ASCII in these sets: other fonts draw them.
    """
    square = [(row, cell) for row in ROWS for cell in ROWS]
    big5 = [(row, cell) for row in ROWS for cell in BIG5_SECOND]
    level_1 = [pair for pair in big5 if int.from_bytes(bytes(pair), "big") in BIG5_LEVEL_1]
    characters = decode(square, "gb2312") | decode(square, "euc_jp") | decode(level_1, "big5")
    letters = {c for c in characters if c.isalpha() and ord(c) < 0x2E80}
    marks = ASCII | SHARED | CJK_MARKS | HALF_WIDTH_KANA | BLANKS
    return (characters - letters) | KANA | marks


def korean() -> frozenset[str]:
    """All 11,172 syllables, their letters, and their punctuation."""
    return HANGUL | JAMO | ASCII | SHARED | CJK_MARKS | BLANKS
