"""The path of the crop in one direction, as a linear programme.

After Grundmann, Kwatra and Essa, "Auto-directed video stabilization with robust L1 optimal camera
paths" (CVPR 2011): the path minimises the sums of the absolute values of speed, acceleration and
jerk. Such a path stands still, pans evenly or changes speed evenly, as an operator does, and does
not tremble along with its subject. Here it is bound to show the subject rather than to stay near a
shaken path, and speed and acceleration have upper limits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Fastest pan in picture widths a second and hardest start in widths a second squared: calm for the
# eye on a phone.
FASTEST, HARDEST = 0.4, 0.8
# What it costs that the required region sticks out of the crop by one width for one second, and
# the same of the wished one; the centre of the region off the crop's middle costs a little.
OUTSIDE, WISHED, OFF_CENTRE = 40.0, 0.6, 0.06
# Weights of total movement (a width), of its change (a width a second) and of that one's change.
SPEED, ACCELERATION, JERK = 0.35, 0.25, 0.1

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Extent:
    """From `low` to `high` (n,) the crop should reach in one direction, and `weight` (n,)."""

    low: Array
    high: Array
    weight: Array

    @classmethod
    def of(cls, centre: Array, length: Array, weight: Array, crop: float) -> Extent:
        """The part of something `length` long about `centre` that a crop has room for."""
        half = np.minimum(length, crop) / 2
        return cls(np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0), weight)


def steady_path(required: Extent, wished: Extent, crop: float, step: float) -> Array:
    """Centres (n,) of a crop of length `crop`, `step` seconds apart, that show both extents.

    Raises RuntimeError when the solver fails, which no input is known to cause.
    """
    count = len(required.low)
    if crop >= 1:
        return np.full(count, 0.5)
    problem = _Problem(count)
    place = problem.unknowns(crop / 2, 1 - crop / 2)
    total = max(float(required.weight.max(initial=0.0)), 1e-9)
    for extent, cost in ((required, OUTSIDE), (wished, WISHED)):
        out = problem.unknowns(0, np.inf, cost * step * extent.weight / total)
        # high - crop / 2 <= place + out and place - out <= low + crop / 2
        problem.bound({place: 1.0, out: 1.0}, extent.high - crop / 2, np.inf)
        problem.bound({place: 1.0, out: -1.0}, -np.inf, extent.low + crop / 2)
    middle = (required.low + required.high) / 2
    off = problem.unknowns(0, np.inf, OFF_CENTRE * step * (required.weight / total + 1e-3))
    problem.bound({place: 1.0, off: 1.0}, middle, np.inf)
    problem.bound({place: 1.0, off: -1.0}, -np.inf, middle)
    limits = (FASTEST * step, HARDEST * step**2, np.inf)
    costs = (SPEED, ACCELERATION / step, JERK / step**2)
    for order, (limit, cost) in enumerate(zip(limits, costs, strict=True), 1):
        if count > order:
            size = problem.unknowns(0, limit, cost, count - order)
            problem.bound_difference(place, size, order)
    return np.clip(problem.solve()[:count], crop / 2, 1 - crop / 2)


@dataclass
class _Problem:
    """A linear programme over blocks of unknowns that belong to the same `count` times."""

    count: int
    _lower: list[Array] = field(default_factory=list)
    _upper: list[Array] = field(default_factory=list)
    _cost: list[Array] = field(default_factory=list)
    _rows: list[tuple[NDArray[np.int_], Array, Array, Array]] = field(default_factory=list)

    def unknowns(
        self, low: float, high: float, cost: Array | float = 0.0, count: int | None = None
    ) -> int:
        """Adds `count` unknowns within bounds; returns the place of the first."""
        count = self.count if count is None else count
        first = sum(len(block) for block in self._lower)
        self._lower.append(np.full(count, float(low)))
        self._upper.append(np.full(count, float(high)))
        self._cost.append(np.broadcast_to(np.asarray(cost, float), (count,)))
        return first

    def bound(self, terms: dict[int, float], low: Array | float, high: Array | float) -> None:
        """low <= the sum of the terms (first unknown: factor) <= high, at every time."""
        at = np.arange(self.count)[:, None] + np.array(list(terms))
        factors = np.tile(np.array(list(terms.values())), (self.count, 1))
        self._add(at, factors, low, high)

    def bound_difference(self, place: int, size: int, order: int) -> None:
        """The absolute `order`-th difference of `place` is at most `size`."""
        binomial = [(-1.0) ** (order - k) * comb(order, k) for k in range(order + 1)]
        count = self.count - order
        at = np.arange(count)[:, None] + np.array([*(place + k for k in range(order + 1)), size])
        for sign in (1.0, -1.0):
            factors = np.tile([*(sign * b for b in binomial), -1.0], (count, 1))
            self._add(at, factors, -np.inf, 0.0)

    def _add(
        self, at: NDArray[np.int_], factors: Array, low: Array | float, high: Array | float
    ) -> None:
        shape = (len(at),)
        self._rows.append((at, factors, np.broadcast_to(low, shape), np.broadcast_to(high, shape)))

    def solve(self) -> Array:
        """The values of all unknowns. Raises RuntimeError when there is no solution."""
        import highspy

        programme = highspy.HighsLp()
        programme.col_lower_ = np.concatenate(self._lower)
        programme.col_upper_ = np.concatenate(self._upper)
        programme.col_cost_ = np.concatenate(self._cost)
        programme.num_col_ = len(programme.col_cost_)
        programme.row_lower_ = np.concatenate([row[2] for row in self._rows])
        programme.row_upper_ = np.concatenate([row[3] for row in self._rows])
        programme.num_row_ = len(programme.row_lower_)
        widths = np.concatenate([np.full(len(at), at.shape[1]) for at, *_ in self._rows])
        matrix = programme.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.concatenate([[0], np.cumsum(widths)])
        matrix.index_ = np.concatenate([at.ravel() for at, *_ in self._rows])
        matrix.value_ = np.concatenate([factors.ravel() for _, factors, *_ in self._rows])
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.silent()
        solver.passModel(programme)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"no camera path: {solver.getModelStatus()}")
        return np.asarray(solver.getSolution().col_value)
