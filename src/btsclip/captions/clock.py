"""Times as people write them."""

from __future__ import annotations

import re
from typing import Literal

# Hours and minutes are optional; a decimal point or a decimal comma.
_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d{1,3}):)?(\d+(?:[.,]\d+)?)")


def duration_in_words(seconds: float, unit: Literal["s", "min"] = "s") -> str:
    """A length of time in the whole minutes that have passed, such as "3 h 20 min"; one below a
    minute in seconds, as "40 s", or with the `unit` min as "0 min"."""
    # What clocks say to the microsecond must not lose a minute in a float.
    whole = max(0, int(seconds + 1e-3))
    if whole < 60 and unit == "s":
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    parts = [f"{hours} h"] if hours else []
    return " ".join([*parts, *([f"{minutes} min"] if minutes or not hours else [])])


def seconds_of(text: str) -> float | None:
    """Seconds of `12.5`, `0:12.5` or `1:02:03,4`; None when it is no time."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        return None
    hours, minutes, seconds = found.groups()
    rest = float(seconds.replace(",", "."))
    if (minutes is not None and rest >= 60) or (hours is not None and int(minutes) >= 60):
        return None
    return 3600 * int(hours or 0) + 60 * int(minutes or 0) + rest
