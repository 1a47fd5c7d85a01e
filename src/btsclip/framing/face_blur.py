"""Turn face tracks into the plan's keys of boxes to blur, which always cover the whole face.

A box is widened to the whole head and includes the face on the frames before and after, because
the screen may show any of them. Then keys are dropped, as long as the straight lines between the
rest still enclose every box.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.framing.crop import CropKey
from btsclip.geometry import box_between, corners, enclosing
from btsclip.signals import FaceTracks

# Margin on each side of a face, in its widths and heights: ears, hair and chin identify it, too.
MARGIN = 0.2
# How much larger than needed a box may be, as a share of the mean size of the boxes.
MAX_EXCESS = 0.1
# Seconds for which a clip may freeze the footage's first or last frame.
FREEZE_SECONDS = 10.0
# Digits of a key.
DIGITS = 4
# How far rounding may move an edge.
MAX_ROUNDING = 1.5 * 10.0**-DIGITS

Array = NDArray[np.floating[Any]]


def face_blur_keys(
    tracks: FaceTracks, column: int, near: NDArray[np.bool_] | None = None
) -> list[CropKey]:
    """Keys that cover the face in one `column` of `tracks`, from the frame before its first to the
    frame after its last; [] without a face. `near` (n,) masks the frames to use, all if None."""
    boxes = tracks.boxes[:, column].copy()
    if near is not None:
        boxes[~near] = np.nan
    seen = np.flatnonzero(np.isfinite(boxes[:, 0]))
    if not len(seen):
        return []
    face_edges = corners(boxes, MARGIN)
    last = len(face_edges) - 1
    rows = np.arange(max(seen[0] - 1, 0), min(seen[-1] + 1, last) + 1)
    around = np.stack([face_edges[np.clip(rows + step, 0, last)] for step in (-1, 0, 1)])
    edges = np.clip(enclosing(around), 0.0, 1.0)
    times = tracks.times[rows].astype(float)
    # A clip may freeze the footage's first or last frame.
    if seen[0] == 0:
        times = np.append(max(0.0, times[0] - FREEZE_SECONDS), times)
        edges = np.vstack([edges[:1], edges])
    if seen[-1] == last:
        times = np.append(times, times[-1] + FREEZE_SECONDS)
        edges = np.vstack([edges, edges[-1:]])
    return thin_keys(times, edges)


def thin_keys(times: Array, edges: Array) -> list[CropKey]:
    """Few keys whose boxes enclose `edges` (n, 4) at all `times` (n,) and on the straight lines
    between, no more than MAX_EXCESS larger. `edges` are left, top, right, bottom in 0..1."""
    size = (edges[:, 2:] - edges[:, :2]).mean(0)
    slack = np.tile(np.maximum(size * MAX_EXCESS / 2, 3 * MAX_ROUNDING), 2)
    # Times the direction, every edge grows with its box.
    outward = np.array([-1, -1, 1, 1])
    grown, key_edges = outward * edges, np.clip(edges + outward * slack, 0.0, 1.0)
    min_grown = np.minimum(grown + MAX_ROUNDING, outward * np.array([0, 0, 1, 1]))
    keys = []
    for row in _needed_rows(times, outward * key_edges, min_grown, grown + 2 * slack):
        cx, cy, w, h = (round(value, DIGITS) for value in box_between(*key_edges[row].tolist()))
        keys.append((round(float(times[row]), 3), cx, cy, w, h))
    return keys


def _needed_rows(times: Array, values: Array, min_values: Array, max_values: Array) -> list[int]:
    """Few rows of `values` (n, k) between which straight lines stay from `min_values` to
    `max_values` (n, k) at all other rows."""
    kept, parts = {0, len(times) - 1}, [(0, len(times) - 1)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        rows = slice(first + 1, last)
        share = (times[rows] - times[first]) / max(times[last] - times[first], 1e-9)
        line = values[first] + (values[last] - values[first]) * share[:, None]
        excess = np.maximum(min_values[rows] - line, line - max_values[rows]).max(1)
        worst = int(excess.argmax())
        if excess[worst] > 0:
            middle = first + 1 + worst
            kept.add(middle)
            parts += [(first, middle), (middle, last)]
    return sorted(kept)
