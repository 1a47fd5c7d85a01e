"""Face tracks as the keys of a plan: what is to be covered, and surely all of it.

A box is widened to the whole head and holds where the face is on the frames before and after, so
that it does not matter which of them is on the screen. The keys are then thinned; the straight
lines between those that are left lie nowhere inside of the boxes that they stand for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.framing.crop import CropKey
from btsclip.geometry import box_between, corners, enclosing
from btsclip.signals.face_tracks import FaceTracks

# On each side of a found face, in its widths and heights: ears, hair and chin tell who it is, too.
MARGIN = 0.2
# By how much more, in the mean size of the boxes, a thinned box may cover.
LOOSE = 0.1
# Seconds beyond the footage's first and last frame for which their picture may be held.
HELD = 10.0
# Keys are written with this many digits; rounding moves an edge by up to 1.5 of the last one.
DIGITS = 4
ROUNDED = 1.5 * 10.0**-DIGITS

Array = NDArray[np.floating[Any]]


def face_cover(
    tracks: FaceTracks, column: int, near: NDArray[np.bool_] | None = None
) -> list[CropKey]:
    """The keys that cover one of `tracks`, from the frame before the first on which it is to that
    after the last; of frames that are not `near` (n,) nothing is told."""
    boxes = tracks.boxes[:, column].copy()
    if near is not None:
        boxes[~near] = np.nan
    there = np.flatnonzero(np.isfinite(boxes[:, 0]))
    if not len(there):
        return []
    edges = corners(boxes, MARGIN)
    last = len(edges) - 1
    rows = np.arange(max(there[0] - 1, 0), min(there[-1] + 1, last) + 1)
    around = np.stack([edges[np.clip(rows + step, 0, last)] for step in (-1, 0, 1)])
    whole = np.clip(enclosing(around), 0.0, 1.0)
    times = tracks.times[rows].astype(float)
    # Where the footage begins or ends, its first or last picture may be shown for longer.
    if there[0] == 0:
        times, whole = np.append(max(0.0, times[0] - HELD), times), np.vstack([whole[:1], whole])
    if there[-1] == last:
        times, whole = np.append(times, times[-1] + HELD), np.vstack([whole, whole[-1:]])
    return thin_keys(times, whole)


def thin_keys(times: Array, edges: Array) -> list[CropKey]:
    """As few keys as will do whose boxes hold `edges` (n, 4; left, top, right, bottom in 0..1) at
    all `times` (n,) and, on the straight lines, between them; none is more than LOOSE larger."""
    size = (edges[:, 2:] - edges[:, :2]).mean(0)
    slack = np.tile(np.maximum(size * LOOSE / 2, 3 * ROUNDED), 2)
    outward = np.array([-1, -1, 1, 1])
    # All counted outwards, so that a larger number is a larger box.
    whole, keys = outward * edges, np.clip(edges + outward * slack, 0.0, 1.0)
    least = np.minimum(whole + ROUNDED, outward * np.array([0, 0, 1, 1]))
    made = []
    for index in _needed(times, outward * keys, least, whole + 2 * slack):
        cx, cy, w, h = (round(value, DIGITS) for value in box_between(*keys[index].tolist()))
        made.append((round(float(times[index]), 3), cx, cy, w, h))
    return made


def _needed(times: Array, values: Array, least: Array, most: Array) -> list[int]:
    """The rows of `values` (n, k) that are enough for the straight lines between them to lie from
    `least` to `most` (n, k) at all other ones."""
    kept, parts = {0, len(times) - 1}, [(0, len(times) - 1)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        rows = slice(first + 1, last)
        share = (times[rows] - times[first]) / max(times[last] - times[first], 1e-9)
        line = values[first] + (values[last] - values[first]) * share[:, None]
        amiss = np.maximum(least[rows] - line, line - most[rows]).max(1)
        worst = int(amiss.argmax())
        if amiss[worst] > 0:
            middle = first + 1 + worst
            kept.add(middle)
            parts += [(first, middle), (middle, last)]
    return sorted(kept)
