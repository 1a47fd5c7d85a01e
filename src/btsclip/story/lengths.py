"""How long each span of a story is, to the frame: the asked length in all, on beats, by shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Seconds by which a story may miss the asked length, and what a frame of that costs.
MISS, MISS_COST = 0.45, 0.02


@dataclass(frozen=True)
class TimelineSlot:
    """A span or card of a story: from `least` to `most` seconds, of which it would best have
    `weight` parts; `group` is what its share is counted with. `allowed` (n,) says for each number
    of frames whether it can be so long; without it all lengths can be had. A card is `free`: its
    end is no cut between pictures and need not fall on a beat."""

    least: float
    most: float
    weight: float
    group: str = ""
    allowed: NDArray[np.bool_] | None = None
    free: bool = False


def share_out(
    slots: Sequence[TimelineSlot], seconds: float, shares: Mapping[str, float]
) -> list[float]:
    """The best length of each slot, `seconds` in all where their limits allow it, and no group
    longer than its share of that."""
    most = [slot.most for slot in slots]
    total = seconds
    for _ in range(60):
        lengths = _poured([s.least for s in slots], most, [s.weight for s in slots], total)
        over = False
        for group, share in shares.items():
            mine = [i for i, slot in enumerate(slots) if slot.group == group]
            limit = share * min(seconds, sum(lengths))
            if sum(lengths[i] for i in mine) > limit + 1e-6:
                cut = _poured(
                    [slots[i].least for i in mine],
                    [most[i] for i in mine],
                    [slots[i].weight for i in mine],
                    limit,
                )
                for i, length in zip(mine, cut, strict=True):
                    most[i] = length
                over = True
        if not over:
            return lengths
    return lengths


def _poured(
    least: Sequence[float], most: Sequence[float], weight: Sequence[float], seconds: float
) -> list[float]:
    """`seconds` poured into vessels by their weights, none below its least or above its most."""
    low, high, parts = np.array(least), np.maximum(least, most), np.maximum(weight, 1e-6)
    if not len(low) or seconds <= low.sum():
        return [float(value) for value in low]
    if seconds >= high.sum():
        return [float(value) for value in high]
    below, above = 0.0, float((high / parts).max())
    for _ in range(80):
        level = (below + above) / 2
        if np.clip(level * parts, low, high).sum() < seconds:
            below = level
        else:
            above = level
    return [float(value) for value in np.clip(above * parts, low, high)]


def fit_frames(
    slots: Sequence[TimelineSlot],
    ideal: Sequence[float],
    seconds: float,
    fps: int,
    beats: Sequence[float] = (),
) -> list[int] | None:
    """The frames of each slot: as near to its `ideal` seconds as can be, all together within MISS
    of `seconds`, or else as much below as they have to be.

    With `beats` each span ends on the frame nearest to one, but for the last where the music is
    over. None when there is no such choice.
    """
    whole = round((seconds + MISS) * fps)
    beat_frames = np.zeros(whole + 1, bool)
    at = np.round(np.asarray(beats, float) * fps).astype(int)
    beat_frames[at[(at > 0) & (at <= whole)]] = True
    cost = np.full(whole + 1, np.inf)
    cost[0] = 0.0
    chosen: list[NDArray[np.int_]] = []
    for number, (slot, best) in enumerate(zip(slots, ideal, strict=True)):
        reached = np.full(whole + 1, np.inf)
        by = np.zeros(whole + 1, int)
        for frames in _choices(slot, fps, whole):
            here = np.full(whole + 1, np.inf)
            here[frames:] = cost[: whole + 1 - frames] + (frames / fps - best) ** 2
            better = here < reached
            reached[better], by[better] = here[better], frames
        if len(at) and not slot.free and number < len(slots) - 1:
            reached[~beat_frames] = np.inf
        cost = reached
        chosen.append(by)
    end = _best_end(cost, seconds, fps, beat_frames if len(at) else None)
    if end is None:
        return None
    lengths: list[int] = []
    for by in reversed(chosen):
        lengths.append(int(by[end]))
        end -= lengths[-1]
    return lengths[::-1]


def _choices(slot: TimelineSlot, fps: int, whole: int) -> list[int]:
    first = max(1, int(np.ceil(slot.least * fps - 1e-6)))
    last = min(whole, int(np.floor(slot.most * fps + 1e-6)))
    every = range(first, last + 1)
    if slot.allowed is None:
        return list(every)
    return [frames for frames in every if frames < len(slot.allowed) and slot.allowed[frames]]


def _best_end(
    cost: NDArray[np.floating], seconds: float, fps: int, beats: NDArray[np.bool_] | None
) -> int | None:
    """The frame to end at: that of the asked length, with `beats` one near it and if possible on a
    beat, else the last one that can be reached."""
    exact = round(seconds * fps)
    if beats is None and np.isfinite(cost[exact]):
        return exact
    at = np.arange(len(cost))
    miss = np.abs(at / fps - seconds)
    near = miss <= MISS + 1e-6
    judged = np.where(near, cost + MISS_COST * miss * fps, np.inf)
    if beats is not None:
        judged = np.where(beats, judged - MISS_COST * MISS * fps, judged)
    if np.isfinite(judged).any():
        return int(judged.argmin())
    reached = np.flatnonzero(np.isfinite(cost))
    return int(reached[-1]) if len(reached) else None
