"""The time of day in takes, and how much of it passes between them.

A number on a clip must be true. Within one take its own seconds are; between takes only their
clocks can tell, and those may be missing, unset, or of two cameras that disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from btsclip.captions.clock import duration_in_words
from btsclip.media.footage import Footage
from btsclip.planning.template_fields import sort_by_clock
from btsclip.takes.chapter_files import COUNTED

# Seconds by which two takes of one camera may overlap: clocks tick in seconds, and cameras stamp
# either end of a take.
OVERLAP = 2.0
# Days between two takes beyond which a clock was rather set anew.
MOST_DAYS = 30
# Seconds that must have passed to be worth telling.
LEAST = 180.0


def time_of(footage: Footage, seconds: float) -> datetime | None:
    """The time of day `seconds` into a take, by its clock."""
    return footage.created + timedelta(seconds=seconds) if footage.created else None


def seconds_between(before: Footage, end: float, after: Footage, start: float) -> float | None:
    """Seconds from `end` in one take to `start` in another, or in the same one, which its own time
    tells; None where their clocks can't be trusted."""
    if before.path == after.path:
        return start - end
    if clock_doubt([before, after]):
        return None
    first, second = time_of(before, end), time_of(after, start)
    return (second - first).total_seconds() if first and second else None


def elapsed_label(
    before: Footage, end: float, after: Footage, start: float, least: float = LEAST
) -> str:
    """How much later than `end` in one take `start` in another is, such as "3 h 20 min later";
    nothing for less than `least` seconds, for what was before, and where clocks are in doubt."""
    seconds = seconds_between(before, end, after, start)
    return f"{duration_in_words(seconds)} later" if seconds is not None and seconds >= least else ""


def clock_doubt(footages: Sequence[Footage]) -> str | None:
    """Why the clocks of these takes don't tell the time between them; None where they do."""
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
        other = next(take for take in takes if take not in zoned)
        return (
            f"{zoned[0].path.name} names its time zone and {other.path.name} does not: "
            "they may be hours apart"
        )
    for before, after in pairwise(takes):
        if said := _contradiction(before, after):
            return said
    return None


def _contradiction(before: Footage, after: Footage) -> str | None:
    """Why the clocks of two takes, the first by clock first, can't both be right."""
    ended, began = time_of(before, before.duration), after.created
    if ended is None or began is None:
        return None
    gap = (began - ended).total_seconds()
    names = f"{before.path.name} and {after.path.name}"
    if gap < -OVERLAP:
        return f"by their clocks {names} were recorded at the same time"
    if gap > MOST_DAYS * 86_400:
        return f"by their clocks {gap / 86_400:.0f} days lie between {names}"
    first, second = COUNTED.match(before.path.stem), COUNTED.match(after.path.stem)
    counted = first and second and (first[1], first[3]) == (second[1], second[3])
    if first and second and counted and int(first[2]) > int(second[2]):
        return f"{names} are numbered the other way round than their clocks say"
    return None
