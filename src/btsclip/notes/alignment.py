"""Align two sequences in the same order, where the order leaves only one choice."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Items by which the best alignment must beat the best one with another place.
MIN_LEAD = 0.5


def align_in_order(
    fits: Sequence[Sequence[int]], settled: Sequence[bool], count: int
) -> list[int | None]:
    """The place (0 to `count` - 1) of each item that follows from the order of items, or None.

    An alignment gives as many items as possible a place. Places never decrease from item to item,
    and items may share a place. An item gets a place only if every alignment without this place
    leaves more items without one. All are None if the settled places decrease: the order is then
    unreliable.

    Args:
        fits: The possible places of each item.
        settled: Whether the first possible place of an item is known to be right.
        count: Number of places.

    >>> align_in_order([[0], [0, 1, 2], [1]], [True, False, True], 3)
    [0, None, 1]
    >>> align_in_order([[0], [1], [2]], [True, False, True], 3)
    [0, 1, 2]
    """
    places: list[int | None] = [None] * len(fits)
    known = [fit[0] for fit, sure in zip(fits, settled, strict=True) if sure and fit]
    if not count or any(b < a for a, b in itertools.pairwise(known)):
        return places
    before = _count_placed(fits, count)
    after = _count_placed([_mirror(fit, count) for fit in reversed(fits)], count)
    for i, fit in enumerate(fits):
        first, rest = before[i], after[len(fits) - 1 - i][::-1]
        without = float((first + rest).max())
        scores = sorted(((float(first[j] + rest[j]) + 1, j) for j in fit), reverse=True)
        alternatives = [without, *(score for score, _ in scores[1:])]
        if scores and scores[0][0] - max(alternatives) >= MIN_LEAD:
            places[i] = scores[0][1]
    return places


def _count_placed(fits: Sequence[Sequence[int]], count: int) -> list[NDArray[np.float64]]:
    """The maximum number of items with a place, before each item and after the last, if no place
    is beyond each of `count`, (count,)."""
    best = [np.zeros(count)]
    for fit in fits:
        row = best[-1].copy()
        for j in fit:
            row[j] = max(row[j], best[-1][j] + 1)
        best.append(np.maximum.accumulate(row))
    return best


def _mirror(fit: Sequence[int], count: int) -> list[int]:
    return [count - 1 - j for j in fit]
