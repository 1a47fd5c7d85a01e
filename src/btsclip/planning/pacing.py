"""How fast the stretches of a clip run, after the preset's pacing."""

from __future__ import annotations

from btsclip.intervals import Span
from btsclip.moments.lulls import find_lulls
from btsclip.plan.speed import SLOWEST, TimeMap
from btsclip.presets.schema import Pacing
from btsclip.signals.model import Signals

# What happened, who did it and why is shown as it was, and a finished dish is to be looked at.
HURRIED = "process"
# What a mishap is slowed to, and for how many seconds of the footage before and after it.
SLOW, SLOW_BEFORE, SLOW_AFTER = 0.5, 0.4, 0.9

Key = tuple[float, float]


def speed_keys(
    signals: Signals,
    span: Span,
    kind: str,
    pacing: Pacing,
    least: float,
    at: float | None = None,
) -> list[Key]:
    """Keys (seconds of the footage, factor) of the speed of a clip over `span`; none for that of
    life. `at` is when a mishap happens.

    The ramps lie inside the lulls, so that the work itself runs evenly. A clip that would then be
    shown for less than `least` seconds keeps its lulls.
    """
    even = [] if pacing.speed == 1 else [(span[0], pacing.speed)]
    if kind == "mishap" and pacing.mishap == "slow" and at is not None:
        return _slowed(at, span, pacing)
    if pacing.lull_speed <= pacing.speed or kind != HURRIED:
        return even
    keys = [key for lull in find_lulls(signals, span) for key in _ramps(lull, span, pacing)]
    return keys if keys and TimeMap.of(keys, *span).seconds >= least else even


def describe_pacing(keys: list[Key], pacing: Pacing) -> str:
    """What the `keys` do to the clip, to be added to the reason why; nothing for the speed of
    life."""
    parts = [f"shown at {pacing.speed:g}x"] if keys and pacing.speed != 1 else []
    if any(factor > pacing.speed for _, factor in keys):
        parts.append(f"lulls at {pacing.lull_speed:g}x")
    if any(factor < pacing.speed for _, factor in keys):
        parts.append("slowed as it happens")
    return "".join(f", {part}" for part in parts)


def _slowed(at: float, span: Span, pacing: Pacing) -> list[Key]:
    """Keys of a clip that slows down around the mishap `at`."""
    start, end = max(span[0], at - SLOW_BEFORE), min(span[1], at + SLOW_AFTER)
    slow = max(SLOWEST, SLOW * pacing.speed)
    before, after = max(span[0], start - pacing.ease), min(span[1], end + pacing.ease)
    keys = [(before, pacing.speed)] if before < start else []
    keys += [(start, slow), (end, slow)]
    keys += [(after, pacing.speed)] if after > end else []
    return [(round(time, 3), factor) for time, factor in keys]


def _ramps(lull: Span, span: Span, pacing: Pacing) -> list[Key]:
    """Keys up to the speed of a lull and back; there is no ramp at the clip's own ends."""
    start, end = lull
    opens, closes = start <= span[0], end >= span[1]
    ease = min(pacing.ease, (end - start) / 2)
    first = start if opens else round(start + ease, 3)
    last = end if closes else max(first, round(end - ease, 3))
    keys = [] if opens else [(start, pacing.speed)]
    keys += [(first, pacing.lull_speed), (last, pacing.lull_speed)]
    return keys if closes else [*keys, (end, pacing.speed)]
