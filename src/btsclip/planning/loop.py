"""A clip whose last picture leads back to its first, so that it plays in a circle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.framing import CropKey, Framing, crop_at
from btsclip.intervals import Span
from btsclip.media import Footage, read_every_frame
from btsclip.signals import POSE_SIZE, Looks

# Gray levels of difference that leaving out all of the clip costs.
SKIPPED_LEVELS = 8.0
# Share of the difference of the pictures before and after the seam: the movement must go on, too.
NEIGHBORS_SHARE = 0.5
# Seconds around both ends in which every picture is compared.
EXACT_REACH = 0.12
# Seconds over which the crop goes back to where it began.
RETURN_SECONDS = 1.5
# Keys of the way back.
RETURN_KEYS = 16

# Motion of a loop, as a share of the mean: a picture at rest is like itself, but no loop.
MIN_MOTION_SHARE = 0.6
# Gray levels of difference up to which a viewer takes the end for the start.
MAX_SEAM = 15.0
NO_LOOP = ", no two pictures are alike enough for a loop"

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Loop:
    """A span of footage and its `seam`: how many gray levels the picture at its end differs from
    that at its start."""

    start: float
    end: float
    seam: float

    @property
    def why(self) -> str:
        """Whether it closes, to be added to the clip's `why`."""
        if self.seam <= MAX_SEAM:
            return ", the end leads back to the start"
        return NO_LOOP


def close_loop(
    footage: Footage, looks: Looks, starts: Span, ends: Span, lengths: Span
) -> Loop | None:
    """The start within `starts` and the end within `ends` whose pictures are most alike.

    The picture at the end is the first one that is not shown any more. `lengths` are the minimum
    and maximum of the seconds between them. None if no two pictures are that far apart.
    """
    times = looks.times
    poses = looks.poses.reshape(len(times), -1).astype(np.float32)
    first = _inner(times, starts)
    last = _inner(times, ends)
    if not len(first) or not len(last):
        return None
    cost = _difference(poses, first, last)
    for step in (-1, 1):
        cost += NEIGHBORS_SHARE * _difference(poses, first + step, last + step)
    seconds = times[last][None, :] - times[first][:, None]
    cost += SKIPPED_LEVELS * (1 - seconds / (ends[1] - starts[0]))
    # Some room for the search among all pictures.
    low, high = lengths[0] + 2 * EXACT_REACH, lengths[1] - 2 * EXACT_REACH
    moved = np.cumsum(looks.motion)
    count = np.maximum(last[None, :] - first[:, None], 1)
    motion = (moved[last][None, :] - moved[first][:, None]) / count
    is_still = motion < MIN_MOTION_SHARE * float(looks.motion.mean())
    cost[(seconds < low) | (seconds > high) | is_still] = np.inf
    if not np.isfinite(cost).any():
        return None
    i, k = np.unravel_index(int(cost.argmin()), cost.shape)
    return _exact(footage, float(times[first[i]]), float(times[last[k]]))


def _inner(times: Array, span: Span) -> NDArray[np.int_]:
    """Indices of the times in `span` that have a time before and after them."""
    inside = np.flatnonzero((times >= span[0]) & (times <= span[1]))
    return inside[(inside > 0) & (inside < len(times) - 1)]


def _difference(poses: Array, first: NDArray[np.int_], last: NDArray[np.int_]) -> Array:
    """Mean difference in gray levels of each of the `first` and each of the `last` poses."""
    return np.array([np.abs(poses[last] - poses[i]).mean(1) for i in first])


def _exact(footage: Footage, start: float, end: float) -> Loop | None:
    """The start and end near `start` and `end`, to the frame, that are most alike."""
    first, last = _frames(footage, start), _frames(footage, end)
    best: Loop | None = None
    for at, picture in first:
        for until, other in last:
            seam = float(np.abs(picture - other).mean())
            if best is None or seam < best.seam:
                best = Loop(round(at, 3), round(until, 3), seam)
    return best


def _frames(footage: Footage, time: float) -> list[tuple[float, Array]]:
    """All pictures near `time`, small and gray, with their times."""
    span = (max(0.0, time - EXACT_REACH), time + EXACT_REACH)
    size = (2 * POSE_SIZE[0], 2 * POSE_SIZE[1])
    return [
        (
            frame.time,
            cv2.resize(
                cv2.cvtColor(frame.small, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA
            ).astype(np.float32),
        )
        for frame in read_every_frame(footage, span)
    ]


def close_framing(framing: Framing, span: Span) -> Framing:
    """`framing` whose crops are, at the end of `span`, where they were at its start."""
    return replace(
        framing, keys=_close_path(framing.keys, span), below=_close_path(framing.below, span)
    )


def _close_path(keys: Sequence[CropKey], span: Span) -> tuple[CropKey, ...]:
    """The path `keys` with an eased way back over the last RETURN_SECONDS of `span`."""
    start, end = span
    if len(keys) < 2:
        return tuple(keys)
    first, back = crop_at(keys, start), max(start, end - RETURN_SECONDS)
    times = np.linspace(back, end, RETURN_KEYS + 1)
    way = []
    for time in times.tolist():
        share = (time - back) / max(end - back, 1e-9)
        eased = share * share * (3 - 2 * share)
        now = crop_at(keys, time)
        x, y = (float(a + eased * (b - a)) for a, b in zip(now[:2], first[:2], strict=True))
        way.append((round(time, 3), round(x, 6), round(y, 6), now[2], now[3]))
    return (*(key for key in keys if key[0] < way[0][0]), *way)
