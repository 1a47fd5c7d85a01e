"""Two sequences side by side: which of the one's members the order of both leaves no choice of."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# A match counts one. The best way to match all must be better by this than the best other way.
CLEARLY = 0.5


def align_in_order(
    fits: Sequence[Sequence[int]], settled: Sequence[bool], count: int
) -> list[int | None]:
    """For each item the one of `count` places that its order among the others leaves, or None.

    `fits` are the places that each item may have; those that are `settled` have their only one.
    Places never go down from item to item, several items may share one, and as many items as
    possible have one. An item gets its place only where each other place, and none, would leave
    fewer with one. Where the settled ones go down, the order is not to be relied on: all are None.
    """
    nothing: list[int | None] = [None] * len(fits)
    known = [fit[0] for fit, sure in zip(fits, settled, strict=True) if sure and fit]
    if not count or any(b < a for a, b in itertools.pairwise(known)):
        return nothing
    before, after = _best(fits, count), _best([_turned(f, count) for f in reversed(fits)], count)
    found = nothing
    for i, fit in enumerate(fits):
        first, rest = before[i], after[len(fits) - 1 - i][::-1]
        without = float((first + rest).max())
        ways = sorted(((float(first[j] + rest[j]) + 1, j) for j in fit), reverse=True)
        others = [without, *(way for way, _ in ways[1:])]
        if ways and ways[0][0] - max(others) >= CLEARLY:
            found[i] = ways[0][1]
    return found


def _best(fits: Sequence[Sequence[int]], count: int) -> list[NDArray[np.float64]]:
    """Before each item, and after all: the most items that have a place when none is beyond each
    of `count`, (count,)."""
    best = [np.zeros(count)]
    for fit in fits:
        row = best[-1].copy()
        for j in fit:
            row[j] = max(row[j], best[-1][j] + 1)
        best.append(np.maximum.accumulate(row))
    return best


def _turned(fit: Sequence[int], count: int) -> list[int]:
    return [count - 1 - j for j in fit]
