"""Frame rates as fractions, times as whole frames, and timecode.

All times of a handed-over timeline are frames counted at an exact rate, 24000/1001 and not 23.976:
then nothing drifts, however long the take is.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentimelineio.opentime import RationalTime

# Rates that timecode is defined for.
STANDARD = (
    Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30),
    Fraction(48), Fraction(50), Fraction(60000, 1001), Fraction(60),
)  # fmt: skip
# Those whose timecode may drop numbers, to stay with the clock.
DROPPING = (Fraction(30000, 1001), Fraction(60000, 1001))
# A measured rate this near (as a share) to a standard one is that: 24 and 24000/1001 are 0.1 %
# apart.
SAME = 3e-4


def nominal(fps: float, vfr: bool) -> Fraction:
    """The exact rate of footage measured at `fps` pictures a second; for a variable rate, the
    standard one that is nearest."""
    nearest = min(STANDARD, key=lambda rate: abs(math.log(fps / float(rate))))
    if vfr or abs(fps / float(nearest) - 1) < SAME:
        return nearest
    doubled = [2 * rate for rate in STANDARD] + [4 * rate for rate in STANDARD]
    for rate in doubled:
        if abs(fps / float(rate) - 1) < SAME:
            return rate
    return Fraction(fps).limit_denominator(1001)


def timeline_rate(rate: Fraction) -> Fraction:
    """The rate of a timeline that shows footage of this `rate`: the same where timecode can count
    it; of slow-motion footage, half of it or less."""
    while rate > STANDARD[-1]:
        rate /= 2
    return min(STANDARD, key=lambda other: abs(math.log(rate / other)))


def frame_at(seconds: float | Fraction, rate: Fraction) -> int:
    """The frame nearest to a time, counted from 0."""
    return math.floor(Fraction(seconds) * rate + Fraction(1, 2))


def seconds_of(frames: int | Fraction, rate: Fraction) -> Fraction:
    """The exact time of a frame, or length of so many."""
    return Fraction(frames) / rate


def rational(frames: int | float | Fraction, rate: Fraction) -> RationalTime:
    """So many frames as OpenTimelineIO writes times."""
    from opentimelineio.opentime import RationalTime

    return RationalTime(float(frames), float(rate))


def timecode(frame: int, rate: Fraction, drop: bool) -> str:
    """HH:MM:SS:FF of a frame of a standard rate; with `drop` HH:MM:SS;FF. It starts anew after 24
    hours."""
    from opentimelineio.opentime import to_timecode

    day = 24 * (107_892 * (2 if rate > 30 else 1)) if drop else 86_400 * math.ceil(rate)
    text: str = to_timecode(rational(frame % day, rate), float(rate), drop)
    return text


def frame_of(text: str, rate: Fraction) -> int:
    """The frame that a timecode names; the inverse of `timecode`. 0 for one that can't be, such as
    a frame beyond its second."""
    from opentimelineio.opentime import from_timecode

    if is_drop(text) and rate not in DROPPING:
        text = text[:8] + ":" + text[9:]
    elif text[8:9] == ".":
        text = text[:8] + ";" + text[9:]
    try:
        return int(from_timecode(text, float(rate)).value)
    except ValueError:
        return 0


def is_drop(text: str) -> bool:
    """Whether a timecode is of the kind that drops numbers."""
    return text[8:9] in (";", ".")
