"""Find the columns of exports by the names in columns.toml, in any order.

Headers are compared in lower case, without accents, soft hyphens, odd spaces and "(%)".
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Literal

from btsclip.media import plain

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Platform = Literal["youtube", "instagram", "tiktok"]
PLATFORMS: dict[Platform, str] = {
    "youtube": "YouTube", "instagram": "Instagram", "tiktok": "TikTok",
}  # fmt: skip

# Columns that only one platform has: they identify its exports.
PLATFORM_FIELDS: dict[Platform, frozenset[str]] = {
    "youtube": frozenset({"content", "watch_hours", "ctr", "watched", "stayed"}),
    "instagram": frozenset({"post_id", "permalink", "account", "post_type", "data_comment"}),
    "tiktok": frozenset({"video_link", "finished", "play_time"}),
}
TOTALS = frozenset({"total", "totale", "totals", "gesamt", "gesamtwert", "gesamtwerte", "totales"})


def _fold(name: str) -> str:
    """A header in the form that is compared."""
    return re.sub(r"\s*\(\s*%\s*\)", "", plain(name)).strip(" \"'*:")


def _load_names() -> tuple[dict[str, str], frozenset[str]]:
    """Fields by column name, and the English names."""
    text = (resources.files("btsclip.measure") / "columns.toml").read_text("utf-8")
    fields: dict[str, str] = {}
    english: set[str] = set()
    for language, columns in tomllib.loads(text).items():
        for field, names in columns.items():
            folded = [_fold(name) for name in names]
            fields = dict.fromkeys(folded, field) | fields
            english |= set(folded) if language == "en" else set()
    return fields, frozenset(english)


_FIELDS, _ENGLISH = _load_names()


@dataclass(frozen=True)
class Columns:
    """The column of each field: `indexes` by name. `percent` are the fields with "%" in their
    header, `unknown` the unknown headers. `english` is True if all known headers are English."""

    indexes: dict[str, int]
    percent: frozenset[str]
    unknown: tuple[str, ...]
    english: bool

    def platform(self) -> Platform | None:
        """The platform with these columns; None if they don't single one out."""
        votes = {
            name: len(fields & self.indexes.keys()) for name, fields in PLATFORM_FIELDS.items()
        }
        best = max(votes, key=lambda name: votes[name])
        clear = votes[best] > 0 and list(votes.values()).count(votes[best]) == 1
        return best if clear else None


def count_known(headers: Sequence[str]) -> int:
    """The number of known names in `headers`."""
    return sum(_fold(header) in _FIELDS for header in headers)


def find_columns(headers: Sequence[str]) -> Columns:
    """The columns named by `headers`; if two have the same name, the first counts."""
    indexes: dict[str, int] = {}
    percent, unknown, english = set(), [], True
    for index, header in enumerate(headers):
        name = _fold(header)
        field = _FIELDS.get(name)
        if field is None:
            if name:
                unknown.append(" ".join(header.split()))
            continue
        english = english and name in _ENGLISH
        if field not in indexes:
            indexes[field] = index
            percent |= {field} if "%" in header else set()
    return Columns(indexes, frozenset(percent), tuple(unknown), english)
