"""All signals of one take on one clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import WHOLE, Box
from btsclip.intervals import Span, windows

# Seconds between two analysis times.
STEP = 0.25

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Signals:
    """Numbers per analysis time. The first axis of each array is `times` (n,), STEP seconds apart.

    Hands: `hands` is their number, `presence` (0..1) the probability of the likeliest hand, `palm`
    (0..1) the score of the likeliest palm, with or without a hand; `hand_box` (n, 4) is the box
    around all hands, cx, cy, w, h in fractions, NaN without hands.
    Motion, as speeds in picture widths a second: `hand_motion`, `motion` (95th percentile) and
    `camera`; `drift` (n, 2) is the velocity in the box of the fastest hand, or of everything that
    moves; `rhythm` (0..1) is the regularity of `drift`, `strokes` its strokes a second.
    Sound: `sound` is a level 0..1, `onsets` a count per step; `voice`, `sizzle`, `clatter` and
    `cry` are 0..1.
    Picture: `sharpness`, `exposure` (0..1), `glow`, the share that shines like fire, and `red`, the
    share near the hands that is as red as blood; `faces` is the number of faces, `face_size` the
    height of the largest face in picture heights.
    Scene: `scene` (n, k) holds the readings of the scene network (see signals/scene.py).
    Shots: `dense` is False where only glances were read, `borders` are shot borders in seconds.
    With `exact_borders`, every frame was read for them, and `border_distances` are the distances
    (0..1) of the colors across them; otherwise it is empty.
    `thumbs` (m, 9, 16) are small grey pictures at `thumb_times` (m,).

    Everything is measured on the `picture` inside baked-in bars, and in fractions of it; `picture`
    itself is a box in the take. `channel` is the number of the only sound channel to play, -1 for
    all channels, and `channel_why` is the reason. `lost` are the spans in seconds whose pictures
    can't be read; their ends are among the `borders`.
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
    exact_borders: bool = False
    border_distances: Array = field(default_factory=lambda: np.zeros(0))
    channel: int = -1
    channel_why: str = ""
    lost: tuple[Span, ...] = ()

    @property
    def cuts(self) -> tuple[float, ...]:
        """The borders between two shots, without those at which pictures are lost."""
        ends = {end for span in self.lost for end in span}
        return tuple(border for border in self.borders if border not in ends)

    def between(self, start: float, end: float) -> slice:
        """The slice of the analysis times t with start <= t < end; never empty."""
        first = int(np.searchsorted(self.times, start - 1e-6))
        last = int(np.searchsorted(self.times, end - 1e-6))
        first = min(first, len(self.times) - 1)
        return slice(first, max(last, first + 1))


def grid(duration: float) -> Array:
    """Analysis times (n,) of footage of `duration` seconds."""
    return np.arange(max(1, int(np.ceil(duration / STEP)))) * STEP


def near(values: Array | NDArray[np.bool_], seconds: float) -> Array:
    """The maximum (n,) of `values` (n,), one per step, within `seconds` on either side."""
    reach = round(seconds / STEP)
    return np.asarray(windows(values, reach, reach).max(1))
