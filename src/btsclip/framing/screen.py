"""Where on the clip's screen something in the source's picture is seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from btsclip.framing.crop import CropKey
from btsclip.framing.layout import Canvas, Framing
from btsclip.geometry import WHOLE, Box, box_between
from btsclip.signals.subject_tracks import Tracks


def busy_boxes(tracks: Tracks, framing: Framing, canvas: Canvas) -> Iterator[tuple[float, Box]]:
    """Time (seconds of the footage) and box, in fractions of the clip's screen, of every hand and
    face that is seen on it, and of the dish where it is what is shown; each is where it is until
    the next look."""
    dish = framing.rung == "salient"
    for i, time in enumerate(tracks.times):
        for box in (*tracks.hands[i], *tracks.faces[i], *tracks.salient[i : i + dish]):
            if np.isfinite(box[0]):
                for seen in on_screen(tuple(box), float(time), framing, canvas):
                    yield float(time), seen


def on_screen(box: Box, time: float, framing: Framing, canvas: Canvas) -> list[Box]:
    """The parts of `box` (fractions of the source's picture) that are shown at `time`, in
    fractions of the screen: none, one, or with two crops up to two."""
    areas = _areas(time, framing, canvas)
    return [seen for window, area in areas if (seen := _through(box, window, area))]


def in_source(seen: Box, time: float, framing: Framing, canvas: Canvas) -> Box | None:
    """Where in the source's picture lies what is `seen` on the screen at `time`; None where the
    screen shows none of it there. The inverse of `on_screen`."""
    for window, (left, top, wide, high) in _areas(time, framing, canvas):
        if left <= seen[0] <= left + wide and top <= seen[1] <= top + high:
            x = window[0] + ((seen[0] - left) / wide - 0.5) * window[2]
            y = window[1] + ((seen[1] - top) / high - 0.5) * window[3]
            return x, y, seen[2] / wide * window[2], seen[3] / high * window[3]
    return None


def crop_at(keys: Sequence[CropKey], time: float) -> Box:
    """The crop at `time`, as cx, cy, w, h."""
    path = np.array(keys)
    x, y = (float(np.interp(time, path[:, 0], path[:, k])) for k in (1, 2))
    return x, y, float(path[0, 3]), float(path[0, 4])


def _areas(time: float, framing: Framing, canvas: Canvas) -> list[tuple[Box, Box]]:
    """Each crop at `time`, and the left, top, width and height of the screen's part that shows
    it."""
    if framing.layout == "split":
        halves = ((framing.keys, 0.0), (framing.below, 0.5))
        return [(crop_at(keys, time), (0.0, top, 1.0, 0.5)) for keys, top in halves]
    window = crop_at(framing.keys, time) if framing.keys else WHOLE
    return [(window, _area(window, canvas))]


def _area(window: Box, canvas: Canvas) -> Box:
    """Left, top, width and height of the screen's part that shows `window`, as large as it can
    be in the middle."""
    across, down = window[2] * canvas.picture[0], window[3] * canvas.picture[1]
    factor = min(canvas.output[0] / across, canvas.output[1] / down)
    width, height = across * factor / canvas.output[0], down * factor / canvas.output[1]
    return (1 - width) / 2, (1 - height) / 2, width, height


def _through(box: Box, window: Box, area: Box) -> Box | None:
    """`box` cut to the crop `window` and put into `area` of the screen; None when outside."""
    edges = []
    for k in (0, 1):
        start = window[k] - window[k + 2] / 2
        low, high = ((box[k] + side * box[k + 2] / 2 - start) / window[k + 2] for side in (-1, 1))
        low, high = max(low, 0.0), min(high, 1.0)
        if high <= low:
            return None
        edges.append((area[k] + low * area[k + 2], area[k] + high * area[k + 2]))
    (x0, x1), (y0, y1) = edges
    return box_between(x0, y0, x1, y1)
