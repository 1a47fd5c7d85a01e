"""Bars baked into a take: plain strips at its edges that never change.

A dark corner, a black worktop or a white wall may be as plain and as still. But a bar ends in one
line along the whole edge, from one pixel to the next, and bars come in pairs: above and below, or
left and right.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import WHOLE, Box
from btsclip.intervals import Span
from btsclip.media import Footage, read_stills

# Pictures compared, spread over the take, and the minimum for a result.
PICTURES = 12
MIN_PICTURES = 3
# Longer side of the pictures, in pixels.
SIDE = 1280
# Pixels along an edge that are averaged against noise.
CELL_PIXELS = 16
# Levels (0..255) by which a bar may differ from its color.
MAX_NOISE = 12
# Share of a row in a bar that may differ by more.
MAX_SPECKS = 0.04
# Rows at the very edge that are ignored: scaling may leave a line there.
RIM_ROWS = 2
# Levels between the dark and the bright parts of a picture that shows something; in a fade from
# black there are fewer.
MIN_CONTRAST = 20
# Shares of the side that each bar, and the picture between two bars, must take.
MIN_BAR = 0.01
MIN_PICTURE = 0.15
# Rows within which a bar turns into the picture, even if the take was scaled.
SHARP_ROWS = 5
# Share of the edge along which it must: a dark picture hardly differs from a black bar.
MIN_CLEAR_SHARE = 0.6
# Rows of a bar beside the picture that may hold noise of the compression.
RINGING_ROWS = 12
# Differences up to which two sizes (shares of the side) and two colors (levels) count as equal.
MAX_SIZE_DIFFERENCE = 0.006
MAX_COLOR_DIFFERENCE = 10.0
# Rows of the picture left out beside a bar, whose color may have bled into them.
BLEED_ROWS = 4

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class _Strip:
    """The plain strip at an edge: its `rows` out of `count` and its color (3,).

    `picture` is the first row that is all picture, `share` the share of the edge along which the
    picture begins within SHARP_ROWS.
    """

    count: int
    rows: int
    color: NDArray[np.floating[Any]]
    picture: int
    share: float


Ends = tuple[_Strip, _Strip]


@dataclass(frozen=True)
class _Extremes:
    """The minimum and maximum levels over all pictures, (rows, cells, 3): rows from one edge to the
    opposite edge, cells along each row."""

    minimum: Picture
    maximum: Picture

    def including(self, picture: Picture) -> _Extremes:
        """The extremes with one more picture, as `_to_cells` makes it."""
        return _Extremes(np.minimum(self.minimum, picture), np.maximum(self.maximum, picture))

    def strips(self) -> Ends:
        """The plain strips at the first and at the last row."""
        first = _measure_strip(self.minimum, self.maximum)
        return first, _measure_strip(self.minimum[::-1], self.maximum[::-1])

    def between(self, first: _Strip, last: _Strip) -> _Extremes:
        """Only the cells between two strips of the other direction."""
        stop = self.minimum.shape[1] - -(-last.rows // CELL_PIXELS)
        inner = slice(-(-first.rows // CELL_PIXELS), stop)
        return _Extremes(self.minimum[:, inner], self.maximum[:, inner])


def find_picture(footage: Footage) -> Box:
    """The part of the take's upright picture between bars, as cx, cy, w, h in fractions.

    Raises FootageError when the file cannot be opened.
    """
    first, step = footage.first_picture, (footage.duration - footage.first_picture) / PICTURES
    spans = [(first + k * step, first + (k + 1) * step) for k in range(PICTURES)]
    with closing(read_stills(footage, spans, SIDE)) as stills:
        return picture_within(still.pixels for still in stills if still)


def picture_within(pictures: Iterable[Picture]) -> Box:
    """The part between bars of upright RGB pictures (h, w, 3) from all over a take.

    Stops at the first picture that rules out bars.
    """
    extremes: list[_Extremes] = []
    count = 0
    for picture in pictures:
        if np.ptp(np.percentile(picture[::4, ::4], (2, 98))) < MIN_CONTRAST:
            continue
        views = _to_cells(picture), _to_cells(picture.swapaxes(0, 1))
        known = extremes or [_Extremes(view, view) for view in views]
        extremes = [
            known_view.including(view) for known_view, view in zip(known, views, strict=True)
        ]
        count += 1
        if not any(_may_be_bars(direction.strips()) for direction in extremes):
            return WHOLE
    if count < MIN_PICTURES:
        return WHOLE
    (y0, y1), (x0, x1) = _inside_four_bars(*extremes) or (
        _between_bars(direction.strips()) for direction in extremes
    )
    return round((x0 + x1) / 2, 6), round((y0 + y1) / 2, 6), round(x1 - x0, 6), round(y1 - y0, 6)


def _to_cells(picture: Picture) -> Picture:
    """Means of `picture` (rows, n, 3) over CELL_PIXELS pixels of each row, (rows, cells, 3)."""
    size = max(1, picture.shape[1] // CELL_PIXELS), picture.shape[0]
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _measure_strip(minimum: Picture, maximum: Picture) -> _Strip:
    """The strip at the first row of the minimum and maximum levels (rows, cells, 3)."""
    count = len(minimum)
    edge = slice(RIM_ROWS, RIM_ROWS + _min_rows(count))
    color = np.median(np.concatenate([minimum[edge], maximum[edge]]).reshape(-1, 3), axis=0)
    difference = np.maximum(maximum - np.float32(color), np.float32(color) - minimum).max(2)
    differs = (difference > MAX_NOISE).mean(1)
    differs[:RIM_ROWS] = 0.0
    rows = int(np.argmax(differs > MAX_SPECKS)) if differs.max() > MAX_SPECKS else count
    near = differs[max(0, rows - 1) : rows + RINGING_ROWS + SHARP_ROWS]
    if len(near) <= SHARP_ROWS:
        return _Strip(count, rows, color, rows, 0.0)
    rises = near[SHARP_ROWS:] - near[:-SHARP_ROWS]
    steepest = int(rises.argmax())
    within = near[steepest : steepest + SHARP_ROWS + 1]
    picture = max(0, rows - 1) + steepest + int(np.argmax(within >= 0.9 * within.max()))
    return _Strip(count, rows, color, picture, float(rises[steepest]))


def _min_rows(count: int) -> int:
    """Rows of the smallest bar, out of `count` rows."""
    return max(4, round(MIN_BAR * count))


def _may_be_bars(ends: Ends) -> bool:
    """Whether both ends are large enough and of one color."""
    first, last = ends
    are_large = min(first.rows, last.rows) >= _min_rows(first.count)
    return are_large and float(np.abs(first.color - last.color).max()) <= MAX_COLOR_DIFFERENCE


def _inside_four_bars(rows: _Extremes, columns: _Extremes) -> list[Span] | None:
    """Start and end of the picture in both directions, 0..1, if there are bars on all sides: then
    one pair of bars ends where the other pair begins. None otherwise."""
    inner = (
        rows.between(*columns.strips()).strips(), columns.between(*rows.strips()).strips()
    )  # fmt: skip
    if all(_may_be_bars(ends) and _is_clear(ends) for ends in inner):
        return [_between_bars(ends) for ends in inner]
    return None


def _is_clear(ends: Ends) -> bool:
    """Whether the picture begins sharply at both ends."""
    return min(end.share for end in ends) >= MIN_CLEAR_SHARE


def _between_bars(ends: Ends) -> Span:
    """Start and end of the picture between both ends, 0..1."""
    count, bars = ends[0].count, _bar_rows(ends) if _may_be_bars(ends) else None
    start, stop = (bars[0] + BLEED_ROWS, count - bars[1] - BLEED_ROWS) if bars else (0, count)
    if stop - start < MIN_PICTURE * count:
        return 0.0, 1.0
    return start / count, stop / count


def _bar_rows(ends: Ends) -> tuple[int, int] | None:
    """Rows of the bars at both ends; None if the plain strips are not bars."""
    clearer, fainter = sorted(ends, key=lambda strip: -strip.share)
    max_difference = MAX_SIZE_DIFFERENCE * clearer.count
    if fainter.share >= MIN_CLEAR_SHARE:
        first, last = (strip.picture for strip in ends)
        larger = max(first, last)
        return (larger, larger) if abs(first - last) <= max_difference else (first, last)
    if clearer.share >= MIN_CLEAR_SHARE and fainter.rows >= clearer.rows - max_difference:
        # The picture beside the fainter bar is as dark as the bar.
        return clearer.picture, clearer.picture
    return None
