"""All signals of one footage on one clock, and how irregular samples are put on it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import WHOLE, Box, hull
from btsclip.intervals import windows
from btsclip.signals.hands import Hand

STEP = 0.25
# A sample speaks for the times up to this far from it, in seconds.
REACH = 0.8

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Signals:
    """Numbers per analysis time; each array's first axis is `times` (n,), STEP seconds apart.

    Hands: `hands` counts them, `presence` (0..1) is how sure the surest one is, `palm` the score of
    the likeliest palm, hand or not; `hand_box` (n, 4) holds the box about all hands as cx, cy, w, h
    in fractions, NaN where there is none.
    Motion, as speeds in picture widths a second: `hand_motion`, `motion` (95th percentile) and
    `camera`; `drift` (n, 2) is the velocity in the liveliest hand's box, or of all that moves;
    `rhythm` (0..1) says how regular that is and `strokes` how many it makes a second.
    Sound: `sound` is a level 0..1, `onsets` a count per step; `voice`, `sizzle`, `clatter` and
    `cry` are 0..1.
    Picture: `sharpness`, `exposure` (0..1), `glow`, the share that shines like fire, and `red`, the
    share near the hands that is as red as blood; `faces` counts faces, `face_size` is the largest
    one's height in picture heights.
    `scene` (n, k) is what a scene network says of the picture (see signals/scene.py).
    `dense` is False where only glances were had. `borders` are shot borders in seconds. `thumbs`
    (m, 9, 16) are small grey pictures at `thumb_times` (m,).

    All of it is measured on the `picture` within bars baked in, and in fractions of that; its own
    box is one in the take. `channel` is the number of the only sound channel to play, -1 for all of
    them, and `channel_why` says why.
    """

    times: Array
    hands: NDArray[np.int_]
    presence: Array
    palm: Array
    hand_box: Array
    hand_motion: Array
    rhythm: Array
    strokes: Array
    drift: Array
    motion: Array
    camera: Array
    sound: Array
    onsets: Array
    voice: Array
    sizzle: Array
    clatter: Array
    cry: Array
    sharpness: Array
    exposure: Array
    glow: Array
    red: Array
    faces: NDArray[np.int_]
    face_size: Array
    scene: Array
    dense: NDArray[np.bool_]
    borders: tuple[float, ...]
    thumb_times: Array
    thumbs: NDArray[np.uint8]
    picture: Box = WHOLE
    channel: int = -1
    channel_why: str = ""

    def between(self, start: float, end: float) -> slice:
        """The slice of analysis times that lie in start <= t < end; never empty."""
        first = int(np.searchsorted(self.times, start - 1e-6))
        last = int(np.searchsorted(self.times, end - 1e-6))
        first = min(first, len(self.times) - 1)
        return slice(first, max(last, first + 1))


def grid(duration: float) -> Array:
    """The analysis times of footage of `duration` seconds."""
    return np.arange(max(1, int(np.ceil(duration / STEP)))) * STEP


def near(values: Array | NDArray[np.bool_], seconds: float) -> Array:
    """Largest of `values` (n,), one a step, within `seconds` on either side."""
    reach = round(seconds / STEP)
    return np.asarray(windows(values, reach, reach).max(1))


def per_step(
    times: Array, at: Sequence[float], values: Sequence[float] | Array, reach: float = REACH
) -> Array:
    """`values` sampled at `at`, as means per step; steps without a sample take the nearest one
    within `reach` seconds and are 0 elsewhere. Values of shape (k, ...) give (n, ...)."""
    samples = np.asarray(values, float)
    shape = (len(times), *samples.shape[1:])
    if not len(at):
        return np.zeros(shape)
    moments = np.asarray(at, float)
    step = np.minimum((moments / STEP + 0.5).astype(int), len(times) - 1)
    total, count = np.zeros(shape), np.zeros(len(times))
    np.add.at(total, step, samples)
    np.add.at(count, step, 1)
    near = nearest(times, moments)
    within = np.abs(moments[near] - times) <= reach
    spread = (count if samples.ndim == 1 else count[:, None], within)
    mean = total / np.maximum(spread[0], 1)
    filled = np.where(within if samples.ndim == 1 else within[:, None], samples[near], 0.0)
    return np.where(spread[0] > 0, mean, filled)


def nearest(times: Array, at: Array) -> NDArray[np.int_]:
    """For each of `times` the index of the nearest of `at` (sorted, not empty)."""
    after = np.clip(np.searchsorted(at, times), 0, len(at) - 1)
    before = np.maximum(after - 1, 0)
    return np.where(np.abs(at[before] - times) <= np.abs(at[after] - times), before, after)


def hand_series(
    times: Array, at: Sequence[float], seen: Sequence[tuple[Hand, ...]], reach: float
) -> tuple[NDArray[np.int_], Array, Array]:
    """Count (n,), presence (n,) and box (n, 4) of hands from looks at the times `at`.

    Between two looks that both saw hands the box moves on a straight line; otherwise the nearest
    look within `reach` seconds speaks.
    """
    count, presence = np.zeros(len(times), int), np.zeros(len(times))
    boxes = np.full((len(times), 4), np.nan)
    if not len(at):
        return count, presence, boxes
    moments = np.asarray(at, float)
    near = nearest(times, moments)
    for i in np.flatnonzero(np.abs(moments[near] - times) <= reach):
        hands = seen[near[i]]
        if hands:
            count[i] = len(hands)
            presence[i] = max(hand.presence for hand in hands)
            boxes[i] = hull([hand.box for hand in hands])
    with_hands = [k for k, hands in enumerate(seen) if hands]
    for k, following in itertools.pairwise(with_hands):
        if following == k + 1 and moments[following] - moments[k] <= 2 * reach:
            inside = (times > moments[k]) & (times < moments[following])
            part = ((times[inside] - moments[k]) / (moments[following] - moments[k]))[:, None]
            ends = [hull([hand.box for hand in seen[j]]) for j in (k, following)]
            boxes[inside] = (1 - part) * ends[0] + part * ends[1]
    return count, presence, boxes
