"""A slow push-in: over long work, a still crop shrinks a little around the place of the work."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from btsclip.framing.crop import Array, CropKey, CropSpan, share_inside, share_shown
from btsclip.framing.layout import MAX_ENLARGEMENT, Canvas, Framing
from btsclip.framing.subject import Subject
from btsclip.framing.work_map import best_center

# Shorter shots stay still: a push-in of a few seconds looks like a jerk.
MIN_SECONDS = 5.0
# The smallest push-in worth its name, as a share of the crop.
MIN_SHARE = 0.02
# Shares of the push-in that are tried until one keeps the hands.
PARTS = (1.0, 0.5)
# How much less of the subject the crop may show for it, as a share.
MAX_LOSS = 0.005
# Seconds between two keys: between them, the eased path is off its straight line by less than a
# fifth of a pixel.
KEY_SECONDS = 0.25
# Digits of a key. Fewer would make the picture tremble.
DIGITS = 6


def push_in(
    framing: Framing, subject: Subject, span: CropSpan, canvas: Canvas, share: float
) -> Framing:
    """`framing` with a crop that shrinks by up to `share` of its size from the start of `span` to
    its end, with an even start and stop.

    It is returned as it is unless it is one still crop over one long shot of work, and the crop can
    shrink without losing the hands or enlarging the source's pixels too much.
    """
    keys = framing.keys
    if framing.layout != "crop" or subject.work_map is None or len(span.shots) > 1:
        return framing
    is_still = len({key[1:] for key in keys}) == 1
    if not is_still or span.end - span.start < MIN_SECONDS:
        return framing
    share = min(share, 1 - canvas.min_width(MAX_ENLARGEMENT) / keys[0][3])
    for part in PARTS:
        if part * share >= MIN_SHARE:
            pushed = _shrink(keys[0], subject, span, part * share)
            if _keeps(framing.keys, pushed, subject):
                inside = share_inside(subject.required, *_windows(pushed, subject.times))
                return replace(framing, keys=pushed, inside=inside)
    return framing


def _shrink(key: CropKey, subject: Subject, span: CropSpan, share: float) -> tuple[CropKey, ...]:
    """Keys of the crop of `key` that shrinks by `share` over `span` around the work."""
    assert subject.work_map is not None
    start_center, start_size = np.array(key[1:3]), np.array(key[3:])
    size = start_size * (1 - share)
    middle = np.average(subject.required.box[:, :2], axis=0, weights=_weights(subject))
    aim = best_center(subject.work_map, (float(size[0]), float(size[1])), middle)
    # Toward the middle or to an edge, but nothing between: there, both edges move, each in whole
    # pixels of its own, and the picture would tremble.
    slack = (start_size - size) / 2
    center = start_center + np.clip(np.round((aim - start_center) / slack), -1, 1) * slack
    count = math.ceil((span.end - span.start) / KEY_SECONDS)
    keys = []
    for k in range(count + 1):
        eased = _ease(k / count)
        box = [*(start_center + eased * (center - start_center)),
               *(start_size + eased * (size - start_size))]  # fmt: skip
        x, y, width, height = (round(float(value), DIGITS) for value in box)
        time = span.start + (span.end - span.start) * k / count
        keys.append((round(time, 3), x, y, width, height))
    return tuple(keys)


def _weights(subject: Subject) -> Array:
    """The weights (n,) of the required region; all 1 if it is never seen."""
    weight = subject.required.weight
    return weight if weight.any() else np.ones(len(weight))


def _ease(share: float) -> float:
    """`share` of the time, 0 to 1, as a share of the way that starts and stops gently."""
    return share * share * (3 - 2 * share)


def _keeps(still: tuple[CropKey, ...], pushed: tuple[CropKey, ...], subject: Subject) -> bool:
    """Whether the crops `pushed` show about as much of the subject as those that are `still`."""
    regions = [region for region in (subject.required, subject.leading) if region is not None]
    return all(
        share_shown(region, *_windows(pushed, subject.times))
        >= share_shown(region, *_windows(still, subject.times)) - MAX_LOSS
        for region in regions
    )


def _windows(keys: tuple[CropKey, ...], times: Array) -> tuple[Array, Array]:
    """Centers and sizes (n, 2) of the crops at `times` (n,)."""
    path = np.array(keys)
    columns = np.column_stack([np.interp(times, path[:, 0], path[:, k]) for k in range(1, 5)])
    return columns[:, :2], columns[:, 2:]
