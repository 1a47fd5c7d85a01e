"""The time of day in takes, and the time that passes between them.

A number on a clip must be true. Within one take its own seconds are. Between takes only their
clocks can tell, and a clock may be missing, unset, or disagree with that of another camera.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from btsclip.captions import duration_in_words
from btsclip.media import Footage
from btsclip.planning import sort_by_clock
from btsclip.takes import NUMBERED

# Seconds by which two takes of one camera may overlap: clocks tick in seconds, and cameras stamp
# either end of a take.
MAX_OVERLAP_SECONDS = 2.0
# A longer gap in days between two takes means rather that the clock was set.
MAX_GAP_DAYS = 30
# Fewer seconds are not worth a label.
MIN_LABEL_SECONDS = 180.0


def time_of(footage: Footage, seconds: float) -> datetime | None:
    """The time of day `seconds` into a take, by its clock."""
    return footage.created + timedelta(seconds=seconds) if footage.created else None


def seconds_between(before: Footage, end: float, after: Footage, start: float) -> float | None:
    """Seconds from `end` in one take to `start` in another or the same take.

    Within a take its own time counts. None if the clocks of two takes can't be trusted.
    """
    if before.path == after.path:
        return start - end
    if clock_doubt([before, after]):
        return None
    first, second = time_of(before, end), time_of(after, start)
    return (second - first).total_seconds() if first and second else None


def elapsed_label(
    before: Footage,
    end: float,
    after: Footage,
    start: float,
    min_seconds: float = MIN_LABEL_SECONDS,
) -> str:
    """How much later `start` in one take is than `end` in another, such as "3 h 20 min later".

    Empty for less than `min_seconds`, for an earlier time, and where clocks are in doubt.
    """
    seconds = seconds_between(before, end, after, start)
    if seconds is None or seconds < min_seconds:
        return ""
    return f"{duration_in_words(seconds)} later"


def clock_doubt(footages: Sequence[Footage]) -> str | None:
    """Why the clocks of these takes don't tell the time between them, or None if they do."""
    takes = sort_by_clock(dict.fromkeys(footages))
    if len(takes) < 2:
        return None
    for take in takes:
        if take.created is None:
            return f"{take.path.name} does not say when it was recorded"
        if take.clock == "doubtful":
            return f"{take.path.name} names two times of recording that differ"
    zoned = [take for take in takes if take.clock == "zoned"]
    if zoned and len(zoned) < len(takes):
        unzoned = next(take for take in takes if take not in zoned)
        return (
            f"{zoned[0].path.name} names its time zone and {unzoned.path.name} does not: "
            "they may be hours apart"
        )
    for before, after in pairwise(takes):
        if contradiction := _contradiction(before, after):
            return contradiction
    return None


def _contradiction(before: Footage, after: Footage) -> str | None:
    """Why the clocks of two takes in the order of their clocks can't both be right."""
    ended, began = time_of(before, before.duration), after.created
    if ended is None or began is None:
        return None
    gap = (began - ended).total_seconds()
    names = f"{before.path.name} and {after.path.name}"
    if gap < -MAX_OVERLAP_SECONDS:
        return f"by their clocks {names} were recorded at the same time"
    if gap > MAX_GAP_DAYS * 86_400:
        return f"by their clocks {gap / 86_400:.0f} days lie between {names}"
    first, second = NUMBERED.match(before.path.stem), NUMBERED.match(after.path.stem)
    counted = first and second and (first[1], first[3]) == (second[1], second[3])
    if first and second and counted and int(first[2]) > int(second[2]):
        return f"{names} are numbered the other way round than their clocks say"
    return None
