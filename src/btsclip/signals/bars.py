"""Bars baked into a take: plain strips at its edges that stay as they are over all of it.

A dark corner, a black worktop or a white wall may be plain and steady, too. But bars end on one
line along the whole edge, from one pixel to the next, and come in pairs: above and below, or left
and right.
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
from btsclip.media.footage import Footage
from btsclip.media.stills import read_stills

# Pictures that are compared, spread over the take, and the fewest that tell anything.
PICTURES, MIN_PICTURES = 12, 3
# Longer side in pixels of the pictures, and pixels along an edge that are taken together: their
# mean has little noise.
SIDE, CELL = 1280, 16
# Levels (0..255) by which a bar may differ from its color.
NOISE = 12
# Share of a row that may differ more where it still belongs to a bar, and the rows at the very edge
# that may hold anything: programs that scale leave a line there.
MAX_SPECKS, RIM = 0.04, 2
# Levels that a picture must vary by to show anything: one that fades from black does not.
MIN_CONTRAST = 20
# Shares of the side that each bar must take, and that the picture between two must keep.
MIN_BAR, MIN_PICTURE = 0.01, 0.15
# Rows within which a bar gives way to the picture, scaled as it may be, and the share of the edge
# at which it must: a dark picture hardly differs from a black bar. Compression leaves a noise in
# some rows before that.
SHARP, CLEAR, RINGING = 5, 0.6, 12
# Differences of two sizes, as a share of the side, and of two colors, that count as none.
SAME_SIZE, SAME_COLOR = 0.006, 10.0
# Rows left out beside a bar, where its color may have bled into the picture.
BLED = 4

Picture = NDArray[np.uint8]
Span = tuple[float, float]


@dataclass(frozen=True)
class _Strip:
    """What is plain at an edge: its `rows` of the `count` there are, its color (3,), the first row
    that is all `picture`, and the `share` of the edge at which the picture sets in so soon."""

    count: int
    rows: int
    color: NDArray[np.floating[Any]]
    picture: int
    share: float


Ends = tuple[_Strip, _Strip]


@dataclass(frozen=True)
class _Extremes:
    """The lowest and highest levels of all pictures: rows from one edge to the other, in cells
    along them (rows, cells, 3)."""

    low: Picture
    high: Picture

    def including(self, picture: Picture) -> _Extremes:
        """Those of one more picture, as `_in_cells` gives it."""
        return _Extremes(np.minimum(self.low, picture), np.maximum(self.high, picture))

    def strips(self) -> Ends:
        """What is plain at the first row and at the last."""
        return _strip(self.low, self.high), _strip(self.low[::-1], self.high[::-1])

    def beside(self, first: _Strip, last: _Strip) -> _Extremes:
        """Only the cells between two strips of the other direction."""
        inner = slice(-(-first.rows // CELL), self.low.shape[1] - -(-last.rows // CELL))
        return _Extremes(self.low[:, inner], self.high[:, inner])


def find_picture(footage: Footage) -> Box:
    """The part of the take's upright picture within bars, as cx, cy, w, h in fractions.

    Raises FootageError when the file can't be opened.
    """
    first, step = footage.first_picture, (footage.duration - footage.first_picture) / PICTURES
    spans = [(first + k * step, first + (k + 1) * step) for k in range(PICTURES)]
    with closing(read_stills(footage, spans, SIDE)) as found:
        return picture_within(still.pixels for still in found if still)


def picture_within(pictures: Iterable[Picture]) -> Box:
    """The part within bars of upright RGB pictures (h, w, 3) from all over a take.

    No more pictures are taken than it takes to see that there are no bars.
    """
    levels: list[_Extremes] = []
    seen = 0
    for picture in pictures:
        if np.ptp(np.percentile(picture[::4, ::4], (2, 98))) < MIN_CONTRAST:
            continue
        views = _in_cells(picture), _in_cells(picture.swapaxes(0, 1))
        known = levels or [_Extremes(view, view) for view in views]
        levels = [each.including(view) for each, view in zip(known, views, strict=True)]
        seen += 1
        if not any(_may_be_bars(each.strips()) for each in levels):
            return WHOLE
    if seen < MIN_PICTURES:
        return WHOLE
    (y0, y1), (x0, x1) = _on_all_sides(*levels) or (_between(each.strips()) for each in levels)
    return round((x0 + x1) / 2, 6), round((y0 + y1) / 2, 6), round(x1 - x0, 6), round(y1 - y0, 6)


def _in_cells(picture: Picture) -> Picture:
    """The picture (rows, n, 3) as means over CELL pixels of each row, (rows, cells, 3)."""
    size = max(1, picture.shape[1] // CELL), picture.shape[0]
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _strip(low: Picture, high: Picture) -> _Strip:
    """The strip at the first row of the lowest and highest levels (rows, cells, 3)."""
    count = len(low)
    edge = slice(RIM, RIM + _min_rows(count))
    color = np.median(np.concatenate([low[edge], high[edge]]).reshape(-1, 3), axis=0)
    apart = np.maximum(high - np.float32(color), np.float32(color) - low).max(2)
    differs = (apart > NOISE).mean(1)
    differs[:RIM] = 0.0
    rows = int(np.argmax(differs > MAX_SPECKS)) if differs.max() > MAX_SPECKS else count
    near = differs[max(0, rows - 1) : rows + RINGING + SHARP]
    if len(near) <= SHARP:
        return _Strip(count, rows, color, rows, 0.0)
    rises = near[SHARP:] - near[:-SHARP]
    steepest = int(rises.argmax())
    within = near[steepest : steepest + SHARP + 1]
    picture = max(0, rows - 1) + steepest + int(np.argmax(within >= 0.9 * within.max()))
    return _Strip(count, rows, color, picture, float(rises[steepest]))


def _min_rows(count: int) -> int:
    """The rows of the smallest bar among `count` rows."""
    return max(4, round(MIN_BAR * count))


def _may_be_bars(ends: Ends) -> bool:
    """Whether both ends are plain and of one color."""
    first, last = ends
    wide = min(first.rows, last.rows) >= _min_rows(first.count)
    return wide and float(np.abs(first.color - last.color).max()) <= SAME_COLOR


def _on_all_sides(rows: _Extremes, columns: _Extremes) -> list[Span] | None:
    """From where to where in 0..1 the picture lies in both directions where there are bars on all
    sides: those of one pair end where the other pair begins."""
    inner = (
        rows.beside(*columns.strips()).strips(), columns.beside(*rows.strips()).strips()
    )  # fmt: skip
    if all(_may_be_bars(ends) and min(end.share for end in ends) >= CLEAR for ends in inner):
        return [_between(ends) for ends in inner]
    return None


def _between(ends: Ends) -> Span:
    """From where to where in 0..1 the picture lies between both ends."""
    count, bars = ends[0].count, _bars(ends) if _may_be_bars(ends) else None
    start, stop = (bars[0] + BLED, count - bars[1] - BLED) if bars else (0, count)
    if stop - start < MIN_PICTURE * count:
        return 0.0, 1.0
    return start / count, stop / count


def _bars(ends: Ends) -> tuple[int, int] | None:
    """The rows of the bars at both ends; None where what is plain there are no bars."""
    clear, other = sorted(ends, key=lambda strip: -strip.share)
    same = SAME_SIZE * clear.count
    if other.share >= CLEAR:
        first, last = (strip.picture for strip in ends)
        wider = max(first, last)
        return (wider, wider) if abs(first - last) <= same else (first, last)
    if clear.share >= CLEAR and other.rows >= clear.rows - same:
        # The picture is as dark as the other bar beside it.
        return clear.picture, clear.picture
    return None
