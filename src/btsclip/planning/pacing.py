"""The speed of a clip over time, from the preset's pacing."""

from __future__ import annotations

from btsclip.intervals import Span
from btsclip.moments import find_lulls
from btsclip.plan import MIN_SPEED, TimeMap
from btsclip.presets import Pacing
from btsclip.signals import Signals

# The only kind with fast lulls: other moments keep their speed, and a finished dish needs time.
HURRIED_KIND = "process"
# Speed of a mishap, and the seconds of the footage before and after it that are slowed.
MISHAP_SPEED = 0.5
SLOW_BEFORE = 0.4
SLOW_AFTER = 0.9

# Seconds of the footage and the speed factor.
Key = tuple[float, float]


def speed_keys(
    signals: Signals,
    span: Span,
    kind: str,
    pacing: Pacing,
    min_seconds: float,
    at: float | None = None,
) -> list[Key]:
    """Speed keys (seconds of the footage, factor) of a clip over `span`; empty for normal speed.

    `at` is the time of a mishap. Ramps are inside the lulls, so that the work itself runs at an
    even speed. A clip that would become shorter than `min_seconds` keeps its lulls.
    """
    even = [] if pacing.speed == 1 else [(span[0], pacing.speed)]
    if kind == "mishap" and pacing.mishap == "slow" and at is not None:
        return _slow_down(at, span, pacing)
    if pacing.lull_speed <= pacing.speed or kind != HURRIED_KIND:
        return even
    keys = [key for lull in find_lulls(signals, span) for key in _ramps(lull, span, pacing)]
    return keys if keys and TimeMap.of(keys, *span).seconds >= min_seconds else even


def describe_pacing(keys: list[Key], pacing: Pacing) -> str:
    """A description of the `keys`, to be added to the clip's `why`; "" for normal speed."""
    parts = [f"shown at {pacing.speed:g}x"] if keys and pacing.speed != 1 else []
    if any(factor > pacing.speed for _, factor in keys):
        parts.append(f"lulls at {pacing.lull_speed:g}x")
    if any(factor < pacing.speed for _, factor in keys):
        parts.append("slowed as it happens")
    return "".join(f", {part}" for part in parts)


def _slow_down(at: float, span: Span, pacing: Pacing) -> list[Key]:
    """Keys of a clip that slows down around the mishap at `at`."""
    start, end = max(span[0], at - SLOW_BEFORE), min(span[1], at + SLOW_AFTER)
    slow = max(MIN_SPEED, MISHAP_SPEED * pacing.speed)
    before, after = max(span[0], start - pacing.ease), min(span[1], end + pacing.ease)
    keys = [(before, pacing.speed)] if before < start else []
    keys += [(start, slow), (end, slow)]
    keys += [(after, pacing.speed)] if after > end else []
    return [(round(time, 3), factor) for time, factor in keys]


def _ramps(lull: Span, span: Span, pacing: Pacing) -> list[Key]:
    """Keys up to the speed of a lull and back, without a ramp at the ends of the clip."""
    start, end = lull
    opens, closes = start <= span[0], end >= span[1]
    ease = min(pacing.ease, (end - start) / 2)
    first = start if opens else round(start + ease, 3)
    last = end if closes else max(first, round(end - ease, 3))
    keys = [] if opens else [(start, pacing.speed)]
    keys += [(first, pacing.lull_speed), (last, pacing.lull_speed)]
    return keys if closes else [*keys, (end, pacing.speed)]
