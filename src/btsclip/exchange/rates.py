"""Frame rates as fractions, times as whole frames, and timecode.

All times of an exported timeline are frames at an exact rate: 24000/1001, not 23.976. So nothing
drifts, even over long takes.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentimelineio.opentime import RationalTime

# The rates that have a timecode.
STANDARD_RATES = (
    Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30),
    Fraction(48), Fraction(50), Fraction(60000, 1001), Fraction(60),
)  # fmt: skip
# The rates whose timecode may drop numbers to keep up with the clock.
DROP_FRAME_RATES = (Fraction(30000, 1001), Fraction(60000, 1001))
# A measured rate this near to a standard rate (as a share) is that rate: 24 and 24000/1001 differ
# by 0.1 %.
MAX_RATE_ERROR = 3e-4


def exact_rate(fps: float, vfr: bool) -> Fraction:
    """The exact rate of footage measured at `fps` pictures a second.

    A variable rate becomes the nearest standard rate.
    """
    nearest = min(STANDARD_RATES, key=lambda rate: abs(math.log(fps / float(rate))))
    if vfr or abs(fps / float(nearest) - 1) < MAX_RATE_ERROR:
        return nearest
    multiples = [2 * rate for rate in STANDARD_RATES] + [4 * rate for rate in STANDARD_RATES]
    for rate in multiples:
        if abs(fps / float(rate) - 1) < MAX_RATE_ERROR:
            return rate
    return Fraction(fps).limit_denominator(1001)


def timeline_rate(rate: Fraction) -> Fraction:
    """The rate of a timeline that shows footage of this `rate`.

    It is the same rate if timecode can count it; for slow-motion footage half of it, or less.
    """
    while rate > STANDARD_RATES[-1]:
        rate /= 2
    return min(STANDARD_RATES, key=lambda standard: abs(math.log(rate / standard)))


def frame_at(seconds: float | Fraction, rate: Fraction) -> int:
    """The number of the frame nearest to a time, from 0.

    >>> frame_at(1.02, Fraction(25))
    26
    """
    return math.floor(Fraction(seconds) * rate + Fraction(1, 2))


def seconds_of(frames: int | Fraction, rate: Fraction) -> Fraction:
    """The exact time of a frame, or the length of a number of frames, in seconds."""
    return Fraction(frames) / rate


def rational_time(frames: int | float | Fraction, rate: Fraction) -> RationalTime:
    """A number of frames as a time of OpenTimelineIO."""
    from opentimelineio.opentime import RationalTime

    return RationalTime(float(frames), float(rate))


def timecode(frame: int, rate: Fraction, drop_frame: bool) -> str:
    """The timecode of a frame at a standard rate: HH:MM:SS:FF, or HH:MM:SS;FF with `drop_frame`.

    After 24 hours it starts again from zero.
    """
    from opentimelineio.opentime import to_timecode

    day = 24 * (107_892 * (2 if rate > 30 else 1)) if drop_frame else 86_400 * math.ceil(rate)
    text: str = to_timecode(rational_time(frame % day, rate), float(rate), drop_frame)
    return text


def parse_timecode(text: str, rate: Fraction) -> int:
    """The frame of a timecode, the inverse of `timecode`.

    An invalid timecode, such as a frame beyond its second, gives 0.
    """
    from opentimelineio.opentime import from_timecode

    if is_drop_frame(text) and rate not in DROP_FRAME_RATES:
        text = text[:8] + ":" + text[9:]
    elif text[8:9] == ".":
        text = text[:8] + ";" + text[9:]
    try:
        return int(from_timecode(text, float(rate)).value)
    except ValueError:
        return 0


def is_drop_frame(text: str) -> bool:
    """Whether a timecode drops numbers: its frames follow a semicolon or a point."""
    return text[8:9] in (";", ".")
