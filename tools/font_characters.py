"""Which characters the two large fonts are shipped for, read out of Python's own codecs."""

from __future__ import annotations

from collections.abc import Iterable

# Sets of 94 rows of 94: two bytes from A1 to FE. Big5 has second bytes from 40 to 7E besides.
ROWS = range(0xA1, 0xFF)
BIG5_SECOND = (*range(0x40, 0x7F), *ROWS)
# Big5's first level: the 5,401 most used characters.
BIG5_LEVEL_1 = range(0xA440, 0xC67F)

ASCII = frozenset(map(chr, range(0x20, 0x7F)))
# Marks of both worlds: dashes, quotes, ellipsis, middle dot, degrees, won and yen.
SHARED = frozenset("–—‘’“”…‥·•※°×±₩¥→←↑↓")
# CJK punctuation, and full-width and half-width forms.
CJK_MARKS = frozenset(map(chr, (*range(0x3000, 0x3040), *range(0xFF01, 0xFF61))))
HALF_WIDTH_KANA = frozenset(map(chr, range(0xFF61, 0xFFA0)))
KANA = frozenset(map(chr, (*range(0x3041, 0x3100), *range(0x31F0, 0x3200))))
HANGUL = frozenset(map(chr, range(0xAC00, 0xD7A4)))
JAMO = frozenset(map(chr, (*range(0x1100, 0x1200), *range(0x3131, 0x318F), *range(0xA960, 0xA97D))))
# The width of a blank is read from the first, and the others must not be boxes.
BLANKS = frozenset("\u00a0\u2002\u2003\u2009")


def decoded(codec: str, pairs: Iterable[tuple[int, int]]) -> frozenset[str]:
    """The characters that `codec` has for these pairs of bytes."""
    found = (bytes(pair).decode(codec, "ignore") for pair in pairs)
    return frozenset(character for character in found if len(character) == 1)


def chinese_and_japanese() -> frozenset[str]:
    """GB 2312, JIS X 0208 and Big5's first level, kana, and their punctuation.

    Without the Greek, Cyrillic and Latin beyond ASCII of these sets, which other fonts draw.
    """
    square = [(row, cell) for row in ROWS for cell in ROWS]
    big5 = [(row, cell) for row in ROWS for cell in BIG5_SECOND]
    level_1 = [pair for pair in big5 if int.from_bytes(bytes(pair), "big") in BIG5_LEVEL_1]
    found = decoded("gb2312", square) | decoded("euc_jp", square) | decoded("big5", level_1)
    letters = {c for c in found if c.isalpha() and ord(c) < 0x2E80}
    marks = ASCII | SHARED | CJK_MARKS | HALF_WIDTH_KANA | BLANKS
    return (found - letters) | KANA | marks


def korean() -> frozenset[str]:
    """All 11,172 syllables, the letters they are made of, and their punctuation."""
    return HANGUL | JAMO | ASCII | SHARED | CJK_MARKS | BLANKS
