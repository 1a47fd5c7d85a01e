"""Trim moments: the best parts of a long one, and in and out points at shot borders."""

from __future__ import annotations

import numpy as np

from btsclip.intervals import Span
from btsclip.media import Footage
from btsclip.signals import STEP, Array, Signals, refine

# An end this close to a shot border, in seconds, moves to the border.
BORDER_REACH = 1.0
# Parts of one long moment, at most: more of the same is padding.
MAX_PARTS = 3
# How good every part must be, as a share of the best part.
MIN_PART_SHARE = 0.9
# Belief from which on more belief makes a part no better: then the liveliest part is the best.
FULL_BELIEF = 0.6


def best_part(scene: Span, belief: Array, signals: Signals, seconds: float) -> Span:
    """The `seconds` of `scene` with the surest and liveliest work, or all of a shorter scene."""
    means = _window_worth(scene, belief, signals, seconds)
    start = scene[0] + int(means.argmax()) * STEP
    return start, min(scene[1], start + seconds)


def best_parts(
    scene: Span, belief: Array, signals: Signals, lengths: tuple[float, float, float]
) -> list[Span]:
    """`scene` itself, or its best spans of the target length if it is longer than the maximum.

    `lengths` are the minimum, target and maximum in seconds.
    """
    _, target, max_seconds = lengths
    if scene[1] - scene[0] <= max_seconds:
        return [scene]
    means = _window_worth(scene, belief, signals, target)
    width = max(1, round(target / STEP))
    first = best = float(means.max())
    spans: list[Span] = []
    while len(spans) < MAX_PARTS and best >= MIN_PART_SHARE * first > 0:
        step = int(means.argmax())
        start = scene[0] + step * STEP
        spans.append((start, min(scene[1], start + width * STEP)))
        # Parts lie a clip's length apart. Closer ones would be one clip in two pieces.
        means[max(0, step - 2 * width + 1) : step + 2 * width] = -1.0
        best = float(means.max())
    return sorted(spans)


def _window_worth(scene: Span, belief: Array, signals: Signals, seconds: float) -> Array:
    """Mean worth (k,) of each window of `seconds` in `scene`, one window a step: belief in work,
    more with moving hands."""
    part = signals.between(*scene)
    worth = np.minimum(belief[part] / FULL_BELIEF, 1.0) * (
        0.5 + np.clip(signals.hand_motion[part] / 0.1, 0, 1)
    )
    width = min(len(worth), max(1, round(seconds / STEP)))
    total = np.concatenate([[0.0], np.cumsum(worth)])
    return np.asarray((total[width:] - total[:-width]) / width)


def settle_ends(
    footage: Footage, signals: Signals, span: Span, lengths: tuple[float, float, float]
) -> Span:
    """`span` with its ends moved to near shot borders, and widened to the minimum length if it is
    slightly too short.

    Ends never cross a shot border, because another scene begins there. `lengths` are the minimum,
    target and maximum; all times are in seconds.
    """
    start, end = _widen(signals, span, lengths[0], footage)
    inner = [b for b in signals.borders if start - STEP < b < end + STEP]
    opening = [b for b in inner if b <= min(start + BORDER_REACH, (start + end) / 2)]
    closing = [b for b in inner if b >= max(end - BORDER_REACH, (start + end) / 2)]
    if opening:
        start = _exact(footage, signals, opening[-1])
    if closing:
        # The shot's last frame ends where the next shot's first frame begins.
        end = _exact(footage, signals, closing[0])
    start = max(start, footage.first_picture)
    end = min(end, footage.duration, start + lengths[2])
    return round(start, 3), round(end, 3)


def _exact(footage: Footage, signals: Signals, border: float) -> float:
    """The exact time of a `border`."""
    is_exact = signals.exact_borders or border not in signals.cuts
    return border if is_exact else refine(footage, border)


def _widen(signals: Signals, span: Span, min_seconds: float, footage: Footage) -> Span:
    """`span` widened on both sides to `min_seconds`, within its shot, if it is slightly shorter."""
    missing = min_seconds - (span[1] - span[0])
    if missing <= 0 or missing > 0.4 * min_seconds:
        return span
    first, last = footage.first_picture, footage.duration
    before = max((b for b in signals.borders if b <= span[0] + STEP), default=first)
    after = min((b for b in signals.borders if b >= span[1] - STEP), default=last)
    start = max(before, span[0] - missing / 2, first)
    end = min(after, start + min_seconds, last)
    return max(before, end - min_seconds, first), end
