"""How long each span of a story is, to the frame: the asked total, on beats, within shares."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Seconds by which a story may miss the asked length.
MAX_MISS_SECONDS = 0.45
# Cost of each frame by which it does, in squared seconds off the ideal lengths.
MISS_COST_PER_FRAME = 0.02
# Rounds and halvings after which a search for seconds is exact enough.
MAX_ROUNDS = 60
MAX_HALVINGS = 80


@dataclass(frozen=True)
class TimelineSlot:
    """A span or a card of a story, as long as its limits and its `weight` beside the others allow.

    Slots of one `group` share its part of the story. `allowed` (n,) says for each number of frames
    whether a span can have it; None allows all. A card is `free`: it need not end on a beat,
    because no picture cuts to another there.
    """

    min_seconds: float
    max_seconds: float
    weight: float
    group: str = ""
    allowed: NDArray[np.bool_] | None = None
    free: bool = False


def share_out(
    slots: Sequence[TimelineSlot], seconds: float, shares: Mapping[str, float]
) -> list[float]:
    """The ideal seconds of each slot.

    They add up to `seconds` where the limits of the slots allow it, and no group gets more than its
    share of that.
    """
    max_seconds = [slot.max_seconds for slot in slots]
    for _ in range(MAX_ROUNDS):
        lengths = _fill_by_weight(slots, max_seconds, seconds)
        over = False
        for group, share in shares.items():
            members = [i for i, slot in enumerate(slots) if slot.group == group]
            limit = share * min(seconds, sum(lengths))
            if sum(lengths[i] for i in members) > limit + 1e-6:
                shorter = _fill_by_weight(
                    [slots[i] for i in members], [max_seconds[i] for i in members], limit
                )
                for i, length in zip(members, shorter, strict=True):
                    max_seconds[i] = length
                over = True
        if not over:
            return lengths
    return lengths


def _fill_by_weight(
    slots: Sequence[TimelineSlot], max_seconds: Sequence[float], seconds: float
) -> list[float]:
    """`seconds` divided among slots by weight, each within its minimum and its `max_seconds`."""
    low = np.array([slot.min_seconds for slot in slots])
    high = np.maximum(low, max_seconds)
    weights = np.maximum([slot.weight for slot in slots], 1e-6)
    if not len(low) or seconds <= low.sum():
        return [float(value) for value in low]
    if seconds >= high.sum():
        return [float(value) for value in high]
    below, above = 0.0, float((high / weights).max())
    for _ in range(MAX_HALVINGS):
        level = (below + above) / 2
        if np.clip(level * weights, low, high).sum() < seconds:
            below = level
        else:
            above = level
    return [float(value) for value in np.clip(above * weights, low, high)]


def fit_frames(
    slots: Sequence[TimelineSlot],
    ideal: Sequence[float],
    seconds: float,
    fps: int,
    beats: Sequence[float] = (),
) -> list[int] | None:
    """The frames of each slot, as near as possible to its `ideal` seconds.

    The total is within MAX_MISS_SECONDS of `seconds`, or else as little below as possible. With
    `beats`, in seconds, each span ends on the frame nearest to a beat; the last span may end after
    the music. None if there is no such choice.
    """
    max_frames = round((seconds + MAX_MISS_SECONDS) * fps)
    is_beat = np.zeros(max_frames + 1, bool)
    beat_frames = np.round(np.asarray(beats, float) * fps).astype(int)
    is_beat[beat_frames[(beat_frames > 0) & (beat_frames <= max_frames)]] = True
    # cost[f]: the lowest cost of the slots so far when they end at frame f.
    cost = np.full(max_frames + 1, np.inf)
    cost[0] = 0.0
    choices: list[NDArray[np.int_]] = []
    for number, (slot, best) in enumerate(zip(slots, ideal, strict=True)):
        new_cost = np.full(max_frames + 1, np.inf)
        choice = np.zeros(max_frames + 1, int)
        for frames in _possible_frames(slot, fps, max_frames):
            candidate = np.full(max_frames + 1, np.inf)
            candidate[frames:] = cost[: max_frames + 1 - frames] + (frames / fps - best) ** 2
            better = candidate < new_cost
            new_cost[better], choice[better] = candidate[better], frames
        if len(beat_frames) and not slot.free and number < len(slots) - 1:
            new_cost[~is_beat] = np.inf
        cost = new_cost
        choices.append(choice)
    end = _best_end(cost, seconds, fps, is_beat if len(beat_frames) else None)
    if end is None:
        return None
    lengths: list[int] = []
    for choice in reversed(choices):
        lengths.append(int(choice[end]))
        end -= lengths[-1]
    return lengths[::-1]


def _possible_frames(slot: TimelineSlot, fps: int, max_frames: int) -> list[int]:
    first = max(1, int(np.ceil(slot.min_seconds * fps - 1e-6)))
    last = min(max_frames, int(np.floor(slot.max_seconds * fps + 1e-6)))
    numbers = range(first, last + 1)
    if slot.allowed is None:
        return list(numbers)
    return [frames for frames in numbers if frames < len(slot.allowed) and slot.allowed[frames]]


def _best_end(
    cost: NDArray[np.floating], seconds: float, fps: int, is_beat: NDArray[np.bool_] | None
) -> int | None:
    """The frame at which the story ends.

    Without beats it is the asked length if that can be reached. Else it is a frame near the asked
    length, on a beat if possible, or the last frame that can be reached.
    """
    exact = round(seconds * fps)
    if is_beat is None and np.isfinite(cost[exact]):
        return exact
    miss = np.abs(np.arange(len(cost)) / fps - seconds)
    near = miss <= MAX_MISS_SECONDS + 1e-6
    total = np.where(near, cost + MISS_COST_PER_FRAME * miss * fps, np.inf)
    if is_beat is not None:
        total = np.where(is_beat, total - MISS_COST_PER_FRAME * MAX_MISS_SECONDS * fps, total)
    if np.isfinite(total).any():
        return int(total.argmin())
    reached = np.flatnonzero(np.isfinite(cost))
    return int(reached[-1]) if len(reached) else None


def longest_story(rooms: Mapping[str, float], max_shares: Mapping[str, float]) -> float:
    """Seconds of the longest story of groups with `rooms` seconds, each within its largest share.

    >>> round(longest_story({"process": 30.0, "product": 20.0}, {"product": 0.25}), 3)
    40.0
    """
    total = math.fsum(rooms.values())
    # Each round cuts a group that exceeds its share of the total, so the total shrinks.
    for _ in range(MAX_ROUNDS):
        shorter = math.fsum(
            min(room, max_shares.get(name, 1.0) * total) for name, room in rooms.items()
        )
        if total - shorter < 1e-6:
            break
        total = shorter
    return total
