"""The speed of a clip over time, from the preset's pacing."""

from __future__ import annotations

from collections.abc import Sequence

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
    spans: Sequence[Span],
    kind: str,
    pacing: Pacing,
    min_seconds: float,
    at: float | None = None,
) -> list[Key]:
    """Speed keys (seconds of the footage, factor) of a clip of `spans`; empty for normal speed.

    `at` is the time of a mishap. Ramps are inside the lulls, so that the work itself runs at an
    even speed. A clip that would become shorter than `min_seconds` keeps its lulls.
    """
    even = [] if pacing.speed == 1 else [(spans[0][0], pacing.speed)]
    if kind == "mishap" and pacing.mishap == "slow" and at is not None:
        return _slow_down(at, (spans[0][0], spans[-1][1]), pacing)
    if pacing.lull_speed <= pacing.speed or kind != HURRIED_KIND:
        return even
    keys = [key for span in spans for key in _hurry(find_lulls(signals, span), span, spans, pacing)]
    hurries = any(factor != pacing.speed for _, factor in keys)
    return keys if hurries and TimeMap.joined(keys, spans).seconds >= min_seconds else even


def _hurry(lulls: Sequence[Span], span: Span, spans: Sequence[Span], pacing: Pacing) -> list[Key]:
    """Keys that hurry through the `lulls` of `span`, one of the `spans` of a clip."""
    keys = [key for lull in lulls for key in _ramps(lull, span, pacing)]
    if len(spans) > 1:
        # No ramp may run on through what is left out between two spans.
        if not keys or keys[0][0] > span[0]:
            keys.insert(0, (span[0], pacing.speed))
        if keys[-1][0] < span[1]:
            keys.append((span[1], keys[-1][1]))
    return keys


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
