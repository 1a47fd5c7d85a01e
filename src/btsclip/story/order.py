"""The order in which takes and their pieces happened: by clock, or by name without a clock."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from btsclip.media import Footage
from btsclip.story.pieces import STILL, StoryPiece, When
from btsclip.wording import first_few

# Place in the shoot, 0 to 1, from which on a quiet picture may be of the finished dish.
MIN_DISH_PLACE = 0.5


@dataclass(frozen=True)
class TakeOrder:
    """When each take began in seconds of the clock, its rank by name, the takes that are ordered by
    clock, and warnings on the others."""

    began: dict[Path, float]
    rank: dict[Path, int]
    by_clock: frozenset[Path]
    warnings: tuple[str, ...]

    def when(self, footage: Footage, seconds: float) -> When:
        """When the moment `seconds` into `footage` happened."""
        path = footage.path
        if path in self.by_clock:
            return self.began[path] + seconds, 0, 0.0
        return self.began[path], self.rank[path], seconds


def order_takes(footages: Sequence[Footage]) -> TakeOrder:
    """The order of `footages`. A take without a clock follows the one before it by name.

    Takes that name the same second of recording got it when they were copied or exported, so they
    too follow each other by name.
    """
    named = sorted(footages, key=lambda footage: natural(footage.path.name))
    stamps = Counter(footage.created for footage in footages if footage.created)
    by_clock = frozenset(f.path for f in named if f.created and stamps[f.created] == 1)
    began: dict[Path, float] = {}
    earliest = min((f.created.timestamp() for f in named if f.created), default=0.0)
    # Takes named before the first one with a clock come before it.
    last = earliest - 1.0
    for footage in named:
        if footage.created:
            began[footage.path] = footage.created.timestamp()
            last = began[footage.path] + footage.duration
        else:
            began[footage.path] = last
    rank = {footage.path: i for i, footage in enumerate(named)}
    return TakeOrder(began, rank, by_clock, tuple(_clock_warnings(named, stamps)))


def natural(name: str) -> tuple[tuple[int, str] | tuple[int, str, int], ...]:
    """A key that sorts names as people do.

    >>> sorted(["take10", "take2"], key=natural)
    ['take2', 'take10']
    """
    parts = re.split(r"(\d+)", name.casefold())
    return tuple((1, "", int(part)) if part.isdecimal() else (0, part) for part in parts)


def _clock_warnings(named: Sequence[Footage], stamps: Counter[datetime]) -> list[str]:
    """Warnings on takes that are not ordered by clock."""
    if len(named) < 2:
        return []
    without_clock = [footage.path.name for footage in named if not footage.created]
    if len(without_clock) == len(named):
        return ["no take says when it was filmed: they follow each other by their names"]
    warnings = []
    if without_clock:
        names = first_few(without_clock, 3)
        warnings.append(f"{names}: says no time, and follows the take before it by name")
    if alike := sum(count for count in stamps.values() if count > 1):
        warnings.append(f"{alike} takes say the same time: they follow each other by their names")
    return warnings


def order_pieces(pieces: Sequence[StoryPiece], order: TakeOrder) -> list[StoryPiece]:
    """`pieces` in the order in which they happened, with `when` and `place`, and with the figure
    `change`: how much the picture differs from the picture of the piece before.

    A quiet picture without people shows the finished dish only late in the shoot and after work,
    even if the work is in another take; otherwise it shows things.
    """
    timed = [replace(p, when=order.when(p.cut.footage, p.cut.start)) for p in pieces]
    timed.sort(key=lambda p: (p.when, str(p.cut.footage.path), p.cut.start))
    takes = list(dict.fromkeys(piece.cut.footage for piece in timed))
    takes.sort(key=lambda footage: order.when(footage, 0.0))
    total = sum(take.duration for take in takes)
    before, passed = {}, 0.0
    for take in takes:
        before[take.path], passed = passed, passed + take.duration
    ordered: list[StoryPiece] = []
    for piece in timed:
        cut = piece.cut
        last = ordered[-1].cut.thumb if ordered else cut.thumb
        change = 0.0 if last.shape != cut.thumb.shape else float(np.abs(last - cut.thumb).mean())
        figures = piece.figures | {"change": round(change, 2)}
        middle = before[cut.footage.path] + (cut.start + cut.end) / 2
        place = middle / max(total, 1e-9)
        if cut.kind in STILL:
            has_work = any(earlier.kind == "process" for earlier in ordered)
            cut = replace(cut, kind="reveal" if has_work and place >= MIN_DISH_PLACE else "idle")
        ordered.append(replace(piece, cut=cut, figures=figures, place=place))
    return ordered
