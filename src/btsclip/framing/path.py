"""The path of the crop along one axis, as a linear program.

After Grundmann, Kwatra and Essa, "Auto-directed video stabilization with robust L1 optimal camera
paths" (CVPR 2011): the path minimizes the sums of the absolute values of speed, acceleration and
jerk. Like an operator, it rests, pans evenly or changes speed evenly, and does not tremble with its
subject. Unlike theirs, it must show the subject instead of staying near a shaken path, and its
speed and acceleration are limited.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Limits that are calm for the eye on a phone, in picture widths a second and a second squared.
MAX_SPEED = 0.4
MAX_ACCELERATION = 0.8
# Costs of sticking out of the crop by one width for one second, for each region.
REQUIRED_COST = 40.0
DESIRED_COST = 0.6
# Cost of a required region that is off the crop's center by one width for one second.
OFF_CENTER_COST = 0.06
# Costs of movement (a width), of its change (a width a second) and of the change of that.
SPEED_COST = 0.35
ACCELERATION_COST = 0.25
JERK_COST = 0.1

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Extent:
    """Along one axis, the crop should reach from `low` to `high` (n,), with `weight` (n,)."""

    low: Array
    high: Array
    weight: Array

    @classmethod
    def of(cls, center: Array, length: Array, weight: Array) -> Extent:
        """The extent of a thing of `length` (n,) around `center` (n,) in the picture."""
        half = length / 2
        return cls(np.maximum(center - half, 0.0), np.minimum(center + half, 1.0), weight)


def steady_path(required: Extent, desired: Extent, crop: float, step: float) -> Array:
    """Centers (n,) of a crop of length `crop`, `step` seconds apart, that shows both extents.

    Raises RuntimeError when the solver fails, which no input is known to cause.
    """
    count = len(required.low)
    if crop >= 1:
        return np.full(count, 0.5)
    problem = _Problem(count)
    center = problem.add_unknowns(crop / 2, 1 - crop / 2)
    total = max(float(required.weight.max(initial=0.0)), 1e-9)
    for extent, cost in ((required, REQUIRED_COST), (desired, DESIRED_COST)):
        # What sticks out on either side counts for itself. So a thing larger than the crop costs
        # the same wherever it fills the crop, and the crop rests instead of keeping its middle.
        below, above = (
            problem.add_unknowns(0, np.inf, cost * step * extent.weight / total) for _ in range(2)
        )
        problem.bound({center: 1.0, below: -1.0}, -np.inf, extent.low + crop / 2)
        problem.bound({center: 1.0, above: 1.0}, extent.high - crop / 2, np.inf)
    middle = (required.low + required.high) / 2
    off = problem.add_unknowns(0, np.inf, OFF_CENTER_COST * step * (required.weight / total + 1e-3))
    problem.bound({center: 1.0, off: 1.0}, middle, np.inf)
    problem.bound({center: 1.0, off: -1.0}, -np.inf, middle)
    limits = (MAX_SPEED * step, MAX_ACCELERATION * step**2, np.inf)
    costs = (SPEED_COST, ACCELERATION_COST / step, JERK_COST / step**2)
    for order, (limit, cost) in enumerate(zip(limits, costs, strict=True), 1):
        if count > order:
            size = problem.add_unknowns(0, limit, cost, count - order)
            problem.bound_difference(center, size, order)
    return np.clip(problem.solve()[:count], crop / 2, 1 - crop / 2)


@dataclass
class _Problem:
    """A linear program over blocks of unknowns, one unknown for each of `count` times."""

    count: int
    _lower: list[Array] = field(default_factory=list)
    _upper: list[Array] = field(default_factory=list)
    _cost: list[Array] = field(default_factory=list)
    _rows: list[tuple[NDArray[np.int_], Array, Array, Array]] = field(default_factory=list)

    def add_unknowns(
        self, low: float, high: float, cost: Array | float = 0.0, count: int | None = None
    ) -> int:
        """Add `count` unknowns from `low` to `high`, and return the index of the first."""
        count = self.count if count is None else count
        first = sum(len(block) for block in self._lower)
        self._lower.append(np.full(count, float(low)))
        self._upper.append(np.full(count, float(high)))
        self._cost.append(np.broadcast_to(np.asarray(cost, float), (count,)))
        return first

    def bound(self, terms: dict[int, float], low: Array | float, high: Array | float) -> None:
        """Require low <= sum of `terms` (first unknown: factor) <= high, at every time."""
        columns = np.arange(self.count)[:, None] + np.array(list(terms))
        factors = np.tile(np.array(list(terms.values())), (self.count, 1))
        self._add(columns, factors, low, high)

    def bound_difference(self, first: int, size: int, order: int) -> None:
        """Require |`order`-th difference of the block at `first`| <= the block at `size`."""
        binomial = [(-1.0) ** (order - k) * comb(order, k) for k in range(order + 1)]
        count = self.count - order
        block = np.array([*(first + k for k in range(order + 1)), size])
        columns = np.arange(count)[:, None] + block
        for sign in (1.0, -1.0):
            factors = np.tile([*(sign * b for b in binomial), -1.0], (count, 1))
            self._add(columns, factors, -np.inf, 0.0)

    def _add(
        self, columns: NDArray[np.int_], factors: Array, low: Array | float, high: Array | float
    ) -> None:
        """Add the rows low <= sum of `factors` (n, k) times the unknowns at `columns` <= high."""
        shape = (len(columns),)
        bounds = np.broadcast_to(low, shape), np.broadcast_to(high, shape)
        self._rows.append((columns, factors, *bounds))

    def solve(self) -> Array:
        """The values of all unknowns. Raises RuntimeError when there is no solution."""
        import highspy

        program = highspy.HighsLp()
        program.col_lower_ = np.concatenate(self._lower)
        program.col_upper_ = np.concatenate(self._upper)
        program.col_cost_ = np.concatenate(self._cost)
        program.num_col_ = len(program.col_cost_)
        program.row_lower_ = np.concatenate([row[2] for row in self._rows])
        program.row_upper_ = np.concatenate([row[3] for row in self._rows])
        program.num_row_ = len(program.row_lower_)
        widths = np.concatenate(
            [np.full(len(columns), columns.shape[1]) for columns, *_ in self._rows]
        )
        matrix = program.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.concatenate([[0], np.cumsum(widths)])
        matrix.index_ = np.concatenate([columns.ravel() for columns, *_ in self._rows])
        matrix.value_ = np.concatenate([factors.ravel() for _, factors, *_ in self._rows])
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.silent()
        solver.passModel(program)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"no camera path: {solver.getModelStatus()}")
        return np.asarray(solver.getSolution().col_value)
