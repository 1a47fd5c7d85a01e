"""Convert between boxes in the source's picture and boxes on the clip's screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from btsclip.framing.crop import CropKey
from btsclip.framing.layout import Canvas, Framing
from btsclip.geometry import WHOLE, Box, box_between
from btsclip.signals import Tracks


def busy_boxes(tracks: Tracks, framing: Framing, canvas: Canvas) -> Iterator[tuple[float, Box]]:
    """Time and box of each hand and face on the screen, and of the dish if that is the subject.

    Times are seconds of the footage, boxes fractions of the screen. A box is valid until the next
    look.
    """
    dish = framing.subject_kind == "salient"
    for i, time in enumerate(tracks.times):
        for box in (*tracks.hands[i], *tracks.faces[i], *tracks.salient[i : i + dish]):
            if np.isfinite(box[0]):
                for screen_box in on_screen(tuple(box), float(time), framing, canvas):
                    yield float(time), screen_box


def on_screen(box: Box, time: float, framing: Framing, canvas: Canvas) -> list[Box]:
    """The visible parts of `box` at `time`: none or one, with two crops up to two.

    `box` is in fractions of the source's picture, the result in fractions of the screen.
    """
    parts = (_map_to_area(box, crop, area) for crop, area in _crop_areas(time, framing, canvas))
    return [part for part in parts if part]


def in_source(box: Box, time: float, framing: Framing, canvas: Canvas) -> Box | None:
    """The place in the source's picture of a `box` on the screen at `time`; None if the center of
    the box shows no source, such as a backdrop. The inverse of `on_screen`."""
    for crop, (left, top, width, height) in _crop_areas(time, framing, canvas):
        if left <= box[0] <= left + width and top <= box[1] <= top + height:
            x = crop[0] + ((box[0] - left) / width - 0.5) * crop[2]
            y = crop[1] + ((box[1] - top) / height - 0.5) * crop[3]
            return x, y, box[2] / width * crop[2], box[3] / height * crop[3]
    return None


def crop_at(keys: Sequence[CropKey], time: float) -> Box:
    """The crop at `time`, as cx, cy, w, h."""
    path = np.array(keys)
    x, y, w, h = (float(np.interp(time, path[:, 0], path[:, k])) for k in range(1, 5))
    return x, y, w, h


def _crop_areas(time: float, framing: Framing, canvas: Canvas) -> list[tuple[Box, Box]]:
    """Each crop at `time`, with the left, top, width and height of its area on the screen."""
    if framing.layout == "split":
        halves = ((framing.keys, 0.0), (framing.below, 0.5))
        return [(crop_at(keys, time), (0.0, top, 1.0, 0.5)) for keys, top in halves]
    crop = crop_at(framing.keys, time) if framing.keys else WHOLE
    return [(crop, _fit_area(crop, canvas))]


def _fit_area(crop: Box, canvas: Canvas) -> Box:
    """Left, top, width and height of the largest area in the screen's middle that fits `crop`."""
    crop_width, crop_height = crop[2] * canvas.picture[0], crop[3] * canvas.picture[1]
    scale = min(canvas.output[0] / crop_width, canvas.output[1] / crop_height)
    width = crop_width * scale / canvas.output[0]
    height = crop_height * scale / canvas.output[1]
    return (1 - width) / 2, (1 - height) / 2, width, height


def _map_to_area(box: Box, crop: Box, area: Box) -> Box | None:
    """The part of `box` in the `crop`, mapped to its `area` on the screen; None if outside."""
    edges = []
    for k in (0, 1):
        start = crop[k] - crop[k + 2] / 2
        low, high = ((box[k] + side * box[k + 2] / 2 - start) / crop[k + 2] for side in (-1, 1))
        low, high = max(low, 0.0), min(high, 1.0)
        if high <= low:
            return None
        edges.append((area[k] + low * area[k + 2], area[k] + high * area[k + 2]))
    (x0, x1), (y0, y1) = edges
    return box_between(x0, y0, x1, y1)
