"""Draw signals as curves with at most one point per pixel, keeping its mean and its peak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span
from btsclip.pictures.axis import TimeAxis
from btsclip.pictures.shapes import Area, Line, Point, Strokes
from btsclip.signals import STEP

Array = NDArray[np.floating[Any]]
Counts = NDArray[np.int_]
# Opacity of peaks behind means.
PEAK_OPACITY = 0.45
# Onsets in a step whose stroke is as high as the lane.
MAX_ONSETS = 3


@dataclass(frozen=True, eq=False)
class CurveLane:
    """A strip of the page, from `top` to `bottom`, for values at `times` (n,)."""

    axis: TimeAxis
    times: Array
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    def area(
        self, values: Array, fill: str, max_value: float = 1.0, part: Span | None = None
    ) -> list[Area]:
        """Values (n,) from 0 (bottom) to `max_value` (top) as a filled curve, over the complete
        time or a `part` of it."""
        x, mean, peak = per_pixel(self.axis, self.times, values)
        shapes: list[Area] = []
        if not peak.any():
            # Zeros give an empty lane, not a line along its bottom.
            return shapes
        for curve, opacity in _layers(mean, peak):
            xs, ys = _crop_curve(x, curve, *map(self.axis.x, part)) if part else (x, curve)
            upper = _points(xs, self._y(ys, max_value))
            points = ((float(xs[0]), self.bottom), *upper, (float(xs[-1]), self.bottom))
            shapes.append(Area(points, fill, opacity))
        return shapes

    def line(
        self,
        values: Array,
        stroke: str,
        max_value: float = 1.0,
        width: float = 1.5,
        part: Span | None = None,
    ) -> Line:
        """Values (n,) from 0 (bottom) to `max_value` (top) as a line through the means."""
        x, mean, _ = per_pixel(self.axis, self.times, values)
        if part:
            x, mean = _crop_curve(x, mean, *map(self.axis.x, part))
        return Line(_points(x, self._y(mean, max_value)), stroke, width)

    def stairs(self, counts: Counts, fill: str, max_value: float) -> Area:
        """Counts (n,) as a filled staircase. Of several counts in a pixel, the highest is drawn."""
        x, _, peak = per_pixel(self.axis, self.times, counts.astype(float))
        edges = np.concatenate([x[:1], (x[1:] + x[:-1]) / 2, x[-1:]])
        upper = _points(np.repeat(edges, 2)[1:-1], self._y(np.repeat(peak, 2), max_value))
        return Area(((float(x[0]), self.bottom), *upper, (float(x[-1]), self.bottom)), fill)

    def wave(self, values: Array, fill: str) -> list[Area]:
        """A level (n,), 0 to 1, drawn up and down from the middle, as editors draw sound."""
        x, mean, peak = per_pixel(self.axis, self.times, values)
        middle = (self.top + self.bottom) / 2
        shapes: list[Area] = []
        if not peak.any():
            return shapes
        for curve, opacity in _layers(mean, peak):
            reach = self.height / 2 * np.clip(curve, 0, 1)
            lower = reversed(_points(x, middle + reach))
            shapes.append(Area((*_points(x, middle - reach), *lower), fill, opacity))
        return shapes

    def onsets(self, counts: Array, stroke: str) -> Strokes:
        """A stroke up from the bottom at each onset, higher for several onsets in a step."""
        heights: dict[int, float] = {}
        for i in np.flatnonzero(counts > 0):
            # The time of a step is its start; its onsets are drawn at its middle.
            x = round(self.axis.x(float(self.times[i]) + STEP / 2))
            share = min(1.0, float(counts[i]) / MAX_ONSETS)
            heights[x] = max(heights.get(x, 0.0), 0.4 + 0.6 * share)
        strokes = (
            (float(x), self.bottom - self.height * h, self.bottom) for x, h in heights.items()
        )
        return Strokes(tuple(strokes), stroke, 1.5)

    def _y(self, values: Array, max_value: float) -> Array:
        return np.asarray(self.bottom - self.height * np.clip(values / max_value, 0, 1))


def per_pixel(axis: TimeAxis, times: Array, values: Array) -> tuple[Array, Array, Array]:
    """Reduce values (n,) to one per pixel: (x, mean, peak), each (m,).

    m is the smaller of n and the number of pixels, plus two: the first and the last value are
    repeated at the ends of the axis.
    """
    x = axis.left + axis.width * np.clip(times / max(axis.duration, 1e-9), 0, 1)
    mean = peak = np.nan_to_num(np.asarray(values, float))
    if len(times) > axis.width:
        first = np.flatnonzero(np.diff(np.floor(x), prepend=-1.0))
        number = np.diff(first, append=len(x))
        x, mean = np.floor(x[first]), np.add.reduceat(mean, first) / number
        peak = np.maximum.reduceat(peak, first)
    x = np.concatenate([[axis.left], x, [axis.right]])
    return x, np.pad(mean, 1, mode="edge"), np.pad(peak, 1, mode="edge")


def _layers(mean: Array, peak: Array) -> list[tuple[Array, float]]:
    """Curves with their opacity: peaks behind means, or one curve if both are the same."""
    return [(mean, 1.0)] if np.array_equal(mean, peak) else [(peak, PEAK_OPACITY), (mean, 1.0)]


def _crop_curve(x: Array, curve: Array, left: float, right: float) -> tuple[Array, Array]:
    """The part of a curve from `left` to `right`, with interpolated ends."""
    inside = (x > left) & (x < right)
    ends = np.interp([left, right], x, curve)
    xs = np.concatenate([[left], x[inside], [right]])
    return xs, np.concatenate([ends[:1], curve[inside], ends[1:]])


def _points(x: Array, y: Array) -> tuple[Point, ...]:
    return tuple(zip(x.tolist(), y.tolist(), strict=True))
