"""Signals as shapes: one point a pixel at most, with what is highest and what is usual there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span
from btsclip.pictures.axis import TimeAxis
from btsclip.pictures.shapes import Area, Line, Point, Strokes
from btsclip.signals.model import STEP

Array = NDArray[np.floating[Any]]
Counts = NDArray[np.int_]
# Opacity of peaks behind means.
PEAK = 0.45
# An onset's stroke is as high as the lane where a step holds this many.
MOST_ONSETS = 3


@dataclass(frozen=True, eq=False)
class CurveLane:
    """A strip of the page from `top` to `bottom` for values at `times` (n,)."""

    axis: TimeAxis
    times: Array
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    def area(
        self, values: Array, fill: str, most: float = 1.0, part: Span | None = None
    ) -> list[Area]:
        """0 (bottom) to `most` (top) as a filled curve over the whole time or a `part` of it."""
        x, mean, peak = per_pixel(self.axis, self.times, values)
        shapes: list[Area] = []
        if not peak.any():
            # Nothing at all is an empty lane, not a line along its bottom.
            return shapes
        for curve, opacity in _layers(mean, peak):
            at, cut = _between(x, curve, *map(self.axis.x, part)) if part else (x, curve)
            upper = _points(at, self._y(cut, most))
            points = ((float(at[0]), self.bottom), *upper, (float(at[-1]), self.bottom))
            shapes.append(Area(points, fill, opacity))
        return shapes

    def line(
        self,
        values: Array,
        stroke: str,
        most: float = 1.0,
        width: float = 1.5,
        part: Span | None = None,
    ) -> Line:
        """0 (bottom) to `most` (top) as a line through the means."""
        x, mean, _ = per_pixel(self.axis, self.times, values)
        if part:
            x, mean = _between(x, mean, *map(self.axis.x, part))
        return Line(_points(x, self._y(mean, most)), stroke, width)

    def stairs(self, counts: Counts, fill: str, most: float) -> Area:
        """Counts as a filled staircase; the highest one counts where several share a pixel."""
        x, _, peak = per_pixel(self.axis, self.times, counts.astype(float))
        edges = np.concatenate([x[:1], (x[1:] + x[:-1]) / 2, x[-1:]])
        upper = _points(np.repeat(edges, 2)[1:-1], self._y(np.repeat(peak, 2), most))
        return Area(((float(x[0]), self.bottom), *upper, (float(x[-1]), self.bottom)), fill)

    def wave(self, values: Array, fill: str) -> list[Area]:
        """A level 0..1 to both sides of the middle, the way editors draw sound."""
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
        """A stroke up from the bottom where onsets were heard, higher for more of them."""
        tallest: dict[int, float] = {}
        for i in np.flatnonzero(counts > 0):
            # A step's onsets are counted from its time on.
            x = round(self.axis.x(float(self.times[i]) + STEP / 2))
            share = min(1.0, float(counts[i]) / MOST_ONSETS)
            tallest[x] = max(tallest.get(x, 0.0), 0.4 + 0.6 * share)
        strokes = (
            (float(x), self.bottom - self.height * v, self.bottom) for x, v in tallest.items()
        )
        return Strokes(tuple(strokes), stroke, 1.5)

    def _y(self, values: Array, most: float) -> Array:
        return np.asarray(self.bottom - self.height * np.clip(values / most, 0, 1))


def per_pixel(axis: TimeAxis, times: Array, values: Array) -> tuple[Array, Array, Array]:
    """(x, mean, peak), each (m,): m is the number of values or, if less, that of pixels, plus two.

    The first and the last value are held to both ends of the axis.
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
    """Curves with their opacity: one where every pixel has one value, else peaks behind means."""
    return [(mean, 1.0)] if np.array_equal(mean, peak) else [(peak, PEAK), (mean, 1.0)]


def _between(x: Array, curve: Array, low: float, high: float) -> tuple[Array, Array]:
    inside = (x > low) & (x < high)
    ends = np.interp([low, high], x, curve)
    at = np.concatenate([[low], x[inside], [high]])
    return at, np.concatenate([ends[:1], curve[inside], ends[1:]])


def _points(x: Array, y: Array) -> tuple[Point, ...]:
    return tuple(zip(x.tolist(), y.tolist(), strict=True))
