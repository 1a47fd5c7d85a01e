"""Numbers as exports write them, in several languages' ways."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Literal

Mark = Literal[".", ","]

# What stands for nothing.
NOTHING = frozenset({"", "-", "--", "–", "—", "n/a", "na", "null", "none", "nan"})
SCALES = {
    "k": 1e3, "tsd": 1e3, "mil": 1e3, "mila": 1e3, "th": 1e3,
    "m": 1e6, "mio": 1e6, "mln": 1e6, "mill": 1e6, "mi": 1e6,
    "b": 1e9, "bn": 1e9, "mrd": 1e9, "bi": 1e9,
}  # fmt: skip
_NUMBER = re.compile(r"([+-]?)(\d[\d.,]*|[.,]\d+)([a-z]*)\.?%?")
_GROUPED = re.compile(r"\d{1,3}([.,])(?:\d{2,3}\1)*\d{3}")


def plain(text: str) -> str:
    """`text` in lower case without accents, invisible characters and odd spaces."""
    letters = unicodedata.normalize("NFKD", text)
    kept = (c for c in letters if unicodedata.category(c) not in ("Cf", "Mn"))
    return " ".join("".join(kept).casefold().split())


def number(text: str, mark: Mark = ".", *, whole: bool = False) -> float | None:
    """`1.2K`, `1,234`, `12,5`, `38%` as a number; None for nothing or no number.

    Where it may be either, `1.234` is one and a bit with the decimal `mark` ".", else a thousand
    and some; a `whole` number is always the latter.
    """
    squeezed = re.sub(r"[\s'’]", "", plain(text).replace("\u2212", "-"))
    found = _NUMBER.fullmatch(squeezed)
    if squeezed in NOTHING or not found or (found[3] and found[3] not in SCALES):
        return None
    digits = _decimal(found[2], mark, whole and not found[3])
    if digits is None:
        return None
    value = float(digits) * SCALES.get(found[3], 1.0)
    if not math.isfinite(value):
        return None
    return -value if found[1] == "-" else value


def _decimal(digits: str, mark: Mark, whole: bool) -> str | None:
    """`digits` with no grouping and a decimal point; None when the marks make no sense."""
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
