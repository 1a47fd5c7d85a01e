"""Times as people write them."""

from __future__ import annotations

import re

# Hours and minutes are optional; a decimal point or a decimal comma.
_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d{1,3}):)?(\d+(?:[.,]\d+)?)")


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
