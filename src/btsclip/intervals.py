"""Spans of time, and runs, windows and ramps along arrays that hold one value a step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating[Any]]
# Start and end in seconds.
Span = tuple[float, float]


class Timed(Protocol):
    """Anything with a start and an end in seconds."""

    @property
    def start(self) -> float: ...

    @property
    def end(self) -> float: ...


def overlap(a: Timed, b: Timed) -> bool:
    """Whether `a` and `b` share time; touching is not enough."""
    return a.start < b.end and b.start < a.end


def common(a: Span, b: Span) -> Span:
    """The time that `a` and `b` share; it ends before it starts where they lie apart."""
    return max(a[0], b[0]), min(a[1], b[1])


def shared_seconds(a: Span, b: Span) -> float:
    """Seconds that `a` and `b` share; where they lie apart, minus the seconds between them."""
    start, end = common(a, b)
    return end - start


def without(span: Span, others: Iterable[Span]) -> list[Span]:
    """The parts of `span` outside of all `others`, in order."""
    parts: list[Span] = []
    free, last = span
    for start, end in [*sorted(others), (last, last)]:
        until = min(last, start)
        if until > free:
            parts.append((free, until))
        free = max(free, end)
    return parts


def merge(spans: Iterable[Span], within: Span, gap: float = 0.0) -> list[Span]:
    """`spans` cut to `within`, in order, joined where at most `gap` seconds lie between them."""
    merged: list[Span] = []
    for start, end in sorted(common(span, within) for span in spans):
        if end <= start:
            continue
        if merged and start <= merged[-1][1] + gap:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def runs_of_true(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First index and the one past the last of each run of True in `mask` (n,)."""
    padded = np.concatenate([[0], mask.astype(int), [0]])
    return [(int(a), int(b)) for a, b in np.flatnonzero(np.diff(padded)).reshape(-1, 2)]


def gaps(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """As `runs_of_true`, of the runs of False between two runs of True."""
    return [(a, b) for a, b in runs_of_true(~mask) if a > 0 and b < len(mask)]


def changes(values: NDArray[Any]) -> list[int]:
    """Indices at which `values` (n,) differ from the value before."""
    return [int(i) + 1 for i in np.flatnonzero(values[1:] != values[:-1])]


def breaks(values: ArrayLike, gap: float) -> list[int]:
    """Indices at which ascending `values` (n,) are more than `gap` above the value before."""
    return [int(i) + 1 for i in np.flatnonzero(np.diff(values) > gap)]


def windows(
    values: NDArray[Any], before: int, after: int, outside: float | None = None
) -> NDArray[Any]:
    """Row i of (n, before + 1 + after) holds `values` (n,) from i - before to i + after.

    With a negative `after` it ends ahead of i. Beyond both ends of `values` stands `outside`, or
    without it the value at that end.
    """
    width = (before, max(0, after))
    if outside is None:
        padded = np.pad(values, width, mode="edge")
    else:
        padded = np.pad(values, width, constant_values=outside)
    rows = np.lib.stride_tricks.sliding_window_view(padded, before + 1 + after)
    return rows[: len(values)]


def ramp(values: Array, low: float, high: float) -> Array:
    """0 at `low` and below, 1 at `high` and above, straight between; 0 for NaN."""
    return np.asarray(np.nan_to_num(np.clip((values - low) / (high - low), 0, 1)))


def ramp_of(value: float, low: float, high: float) -> float:
    """As `ramp`, of one number."""
    return min(1.0, max(0.0, (float(value) - low) / (high - low)))
