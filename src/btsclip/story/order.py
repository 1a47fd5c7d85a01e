"""In which order the takes of a shoot happened: by clock, and by name where there is no clock."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from btsclip.media.footage import Footage
from btsclip.wording import first_few

# When something happened: seconds of the clock, then the place of its take by name, then seconds
# of the take. Where clocks tell, the latter two are 0.
When = tuple[float, int, float]


@dataclass(frozen=True)
class TakeOrder:
    """When each take began and whether its clock says so; `said` is what the user should know."""

    began: dict[Path, float]
    rank: dict[Path, int]
    by_clock: frozenset[Path]
    said: tuple[str, ...]

    def when(self, footage: Footage, seconds: float) -> When:
        """When what is `seconds` into `footage` happened, to be compared with others."""
        path = footage.path
        if path in self.by_clock:
            return self.began[path] + seconds, 0, 0.0
        return self.began[path], self.rank[path], seconds


def order_takes(footages: Sequence[Footage]) -> TakeOrder:
    """The order of `footages`. A take without a clock stands behind the one before it by name.

    Takes that share their second of beginning were stamped when they were copied or exported: for
    them, too, the names decide.
    """
    named = sorted(footages, key=lambda footage: natural(footage.path.name))
    stamps = Counter(footage.created for footage in footages if footage.created)
    clocked = [f for f in named if f.created and stamps[f.created] == 1]
    began: dict[Path, float] = {}
    earliest = min((f.created.timestamp() for f in named if f.created), default=0.0)
    # Before the first clock of all; what lies there was named before it.
    last = earliest - 1.0
    for footage in named:
        if footage.created:
            began[footage.path] = footage.created.timestamp()
            last = began[footage.path] + footage.duration
        else:
            began[footage.path] = last
    rank = {footage.path: place for place, footage in enumerate(named)}
    by_clock = frozenset(f.path for f in clocked)
    return TakeOrder(began, rank, by_clock, tuple(_said(named, stamps)))


def natural(name: str) -> tuple[tuple[int, str] | tuple[int, str, int], ...]:
    """A key that sorts names as people do: take2 before take10."""
    parts = re.split(r"(\d+)", name.casefold())
    return tuple((1, "", int(part)) if part.isdecimal() else (0, part) for part in parts)


def _said(named: Sequence[Footage], stamps: Counter[datetime]) -> list[str]:
    """Which takes stand in an order that no clock tells."""
    if len(named) < 2:
        return []
    silent = [footage.path.name for footage in named if not footage.created]
    if len(silent) == len(named):
        return ["no take says when it was filmed: they follow each other by their names"]
    said = []
    if silent:
        said.append(f"{first_few(silent, 3)}: says no time, and follows the take before it by name")
    if alike := sum(count for count in stamps.values() if count > 1):
        said.append(f"{alike} takes say the same time: they follow each other by their names")
    return said
