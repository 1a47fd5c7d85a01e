"""Parse numbers as exports write them, in the formats of several languages."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Literal

Mark = Literal[".", ","]

# Texts that mean "no value".
EMPTY = frozenset({"", "-", "--", "–", "—", "n/a", "na", "null", "none", "nan"})
SCALES = {
    "k": 1e3, "tsd": 1e3, "mil": 1e3, "mila": 1e3, "th": 1e3,
    "m": 1e6, "mio": 1e6, "mln": 1e6, "mill": 1e6, "mi": 1e6,
    "b": 1e9, "bn": 1e9, "mrd": 1e9, "bi": 1e9,
}  # fmt: skip
_NUMBER = re.compile(r"([+-]?)(\d[\d.,]*|[.,]\d+)([a-z]*)\.?%?")
_GROUPED = re.compile(r"\d{1,3}([.,])(?:\d{2,3}\1)*\d{3}")


def plain(text: str) -> str:
    """`text` in lower case without accents, invisible characters and odd spaces.

    >>> plain("  Visualizações ")
    'visualizacoes'
    """
    letters = unicodedata.normalize("NFKD", text)
    visible = (c for c in letters if unicodedata.category(c) not in ("Cf", "Mn"))
    return " ".join("".join(visible).casefold().split())


def number(text: str, mark: Mark = ".", *, whole: bool = False) -> float | None:
    """The number in a text such as `1.2K`, `1,234`, `12,5` or `38%`; None without one.

    `mark` is the decimal mark that decides ambiguous texts such as `1.234`; in a `whole` number,
    the mark there always groups thousands.

    >>> number("1.2K"), number("1.234"), number("1.234", ","), number("n/a")
    (1200.0, 1.234, 1234.0, None)
    """
    compact = re.sub(r"[\s'’]", "", plain(text).replace("\u2212", "-"))
    match = _NUMBER.fullmatch(compact)
    if compact in EMPTY or not match or (match[3] and match[3] not in SCALES):
        return None
    digits = _decimal(match[2], mark, whole and not match[3])
    if digits is None:
        return None
    value = float(digits) * SCALES.get(match[3], 1.0)
    if not math.isfinite(value):
        return None
    return -value if match[1] == "-" else value


def _decimal(digits: str, mark: Mark, whole: bool) -> str | None:
    """`digits` without grouping and with a decimal point; None for impossible marks."""
    kinds = {c for c in digits if c in ".,"}
    if len(kinds) == 2:
        last = max(digits.rfind("."), digits.rfind(","))
        front, back = digits[:last], digits[last + 1 :]
        if digits[last] in front or not _GROUPED.fullmatch(front):
            return None
        return re.sub(r"[.,]", "", front) + "." + back
    if not kinds:
        return digits
    (kind,) = kinds
    grouped = _GROUPED.fullmatch(digits) and not digits.startswith("0")
    if digits.count(kind) > 1:
        return digits.replace(kind, "") if grouped else None
    if grouped and (whole or kind != mark):
        return digits.replace(kind, "")
    return digits.replace(kind, ".")
