"""The best parts of a long span, and in and out points: at shot borders where there are any."""

from __future__ import annotations

import numpy as np

from btsclip.intervals import Span
from btsclip.media.footage import Footage
from btsclip.signals.model import STEP, Array, Signals
from btsclip.signals.shots import refine

# Seconds within which a border takes an end to itself.
BORDER_REACH = 1.0
# A later part of one long moment must be nearly as good as its best part, and there are at most
# this many of them: more of the same is padding.
SECOND_BEST, MOST_PARTS = 0.9, 3
# Belief from which on it is work enough: among such parts the liveliest one is the best.
SURE = 0.6


def best_part(scene: Span, belief: Array, signals: Signals, seconds: float) -> Span:
    """The `seconds` of `scene` with the surest and liveliest work; all of a shorter one."""
    means = _worth(scene, belief, signals, seconds)
    start = scene[0] + int(means.argmax()) * STEP
    return start, min(scene[1], start + seconds)


def best_parts(
    scene: Span, belief: Array, signals: Signals, lengths: tuple[float, float, float]
) -> list[Span]:
    """`scene` itself, or its best spans of the target length when it is longer than the most."""
    _, target, most = lengths
    if scene[1] - scene[0] <= most:
        return [scene]
    means = _worth(scene, belief, signals, target)
    width = max(1, round(target / STEP))
    first = best = float(means.max())
    spans: list[Span] = []
    while len(spans) < MOST_PARTS and best >= SECOND_BEST * first > 0:
        at = int(means.argmax())
        start = scene[0] + at * STEP
        spans.append((start, min(scene[1], start + width * STEP)))
        # Parts of one action lie a whole clip apart, or they would be one clip in two pieces.
        means[max(0, at - 2 * width + 1) : at + 2 * width] = -1.0
        best = float(means.max())
    return sorted(spans)


def _worth(scene: Span, belief: Array, signals: Signals, seconds: float) -> Array:
    """Mean belief, more with moving hands, over each `seconds` (k,) that begin a step apart."""
    part = signals.between(*scene)
    worth = np.minimum(belief[part] / SURE, 1.0) * (
        0.5 + np.clip(signals.hand_motion[part] / 0.1, 0, 1)
    )
    width = min(len(worth), max(1, round(seconds / STEP)))
    total = np.concatenate([[0.0], np.cumsum(worth)])
    return np.asarray((total[width:] - total[:-width]) / width)


def settle_ends(
    footage: Footage, signals: Signals, span: Span, lengths: tuple[float, float, float]
) -> Span:
    """Moves both ends of `span` to near borders; widens it to the least length where it can.

    Ends never reach across a shot border: what lies beyond it is another scene. All in seconds.
    """
    start, end = _widen(signals, span, lengths[0], footage)
    inner = [b for b in signals.borders if start - STEP < b < end + STEP]
    opening = [b for b in inner if b <= min(start + BORDER_REACH, (start + end) / 2)]
    closing = [b for b in inner if b >= max(end - BORDER_REACH, (start + end) / 2)]
    if opening:
        start = refine(footage, opening[-1])
    if closing:
        # The last frame of the shot ends where the next shot's first frame begins.
        end = refine(footage, closing[0])
    start = max(start, footage.first_picture)
    end = min(end, footage.duration, start + lengths[2])
    return round(start, 3), round(end, 3)


def _widen(signals: Signals, span: Span, least: float, footage: Footage) -> Span:
    """Takes a little from before and after a moment that is slightly too short, within its shot."""
    missing = least - (span[1] - span[0])
    if missing <= 0 or missing > 0.4 * least:
        return span
    first, last = footage.first_picture, footage.duration
    before = max((b for b in signals.borders if b <= span[0] + STEP), default=first)
    after = min((b for b in signals.borders if b >= span[1] - STEP), default=last)
    start = max(before, span[0] - missing / 2, first)
    end = min(after, start + least, last)
    return max(before, end - least, first), end
