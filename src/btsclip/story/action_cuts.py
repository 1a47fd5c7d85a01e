"""Where to cut: in a movement or at rest, alike on both sides, and never within a spoken word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span
from btsclip.signals.model import STEP, Array, Signals

# Voice (0..1) from which on somebody is taken to speak, and seconds of air around that.
SPEAKS, AIR = 0.3, 0.08
# What it costs, beside showing the best part (1), to cut midway between rest and movement, and
# from rest to movement or back.
BETWEEN, MISMATCH = 0.35, 0.35
# A cut at rest is a little worse than one in the movement, which hides it.
AT_REST = 0.1


@dataclass(frozen=True)
class PlacementField:
    """Where one span of a story may lie: each (n,) figure is of a frame, `step` seconds of the
    take apart, the first at `start`.

    `quiet` says where nobody speaks; `level` is the movement, 0 at rest to 1 at its peak; `worth`
    how much the frame is worth showing. The span has to show what lies `within`.
    """

    start: float
    step: float
    quiet: NDArray[np.bool_]
    level: Array
    worth: Array
    within: Span | None = None

    def allowed(self, most: int) -> NDArray[np.bool_]:
        """For each number of frames up to `most` whether a span can be so long: (most + 1,)."""
        return np.array([bool(len(self.begins(frames))) for frames in range(most + 1)])

    def begins(self, frames: int) -> NDArray[np.int_]:
        """The frames at which a span of `frames` can begin."""
        last = len(self.quiet) - frames
        if frames < 1 or last < 1:
            return np.zeros(0, int)
        begins = np.flatnonzero(self.quiet[:last] & self.quiet[frames : frames + last])
        if self.within:
            first, final = self.within
            starts = self.start + begins * self.step
            shows = (starts <= first + 1e-6) & (starts + frames * self.step >= final - 1e-6)
            if shows.any():
                begins = begins[shows]
        return begins


def field_of(
    signals: Signals,
    belief: Array,
    room: Span,
    step: float,
    within: Span | None = None,
    said: Sequence[Span] = (),
) -> PlacementField:
    """The field of the `room`, in seconds of a take, with frames `step` seconds apart.

    `said` are spans in which words, or sentences that belong together, are known to be spoken; they
    are added to what the voice tells. Where somebody speaks all the time the quietest frames count
    as quiet: see `speaks_on`.
    """
    count = max(1, int(np.floor((room[1] - room[0]) / step + 1e-6)) + 1)
    at = room[0] + np.arange(count) * step
    quiet = voice_at(signals, at) < SPEAKS
    for first, last in said:
        quiet &= (at <= first) | (at >= last)
    moved = np.maximum(signals.hand_motion, signals.motion)
    motion = np.interp(at, signals.times, moved)
    low, high = np.quantile(motion, [0.05, 0.95])
    level = np.clip((motion - low) / max(high - low, 1e-9), 0, 1)
    if high - low < 0.2 * high:
        # Movement that is even has no peaks to cut at.
        level = np.full(count, 0.5)
    lively = belief * (0.5 + np.clip(signals.hand_motion / 0.1, 0, 1))
    return PlacementField(room[0], step, quiet, level, np.interp(at, signals.times, lively), within)


def voice_at(signals: Signals, at: Array) -> Array:
    """The voice (n,) at the times `at`: the most in AIR seconds around each."""
    around = [
        signals.voice[np.clip(((at + by) / STEP + 1e-6).astype(int), 0, len(signals.voice) - 1)]
        for by in (-AIR, 0.0, AIR)
    ]
    return np.asarray(np.max(around, axis=0))


def place_spans(fields: Sequence[PlacementField], lengths: Sequence[int]) -> list[int]:
    """The frame of its field at which each span of so many frames begins.

    All are sought together: each shows the best of its room, begins and ends at rest or in a
    movement, and goes on in the next as it ended. The lengths must be allowed.
    """
    costs: list[Array] = []
    befores: list[NDArray[np.int_]] = []
    places: list[NDArray[np.int_]] = []
    ended: Array | None = None
    for field, frames in zip(fields, lengths, strict=True):
        begins = field.begins(frames)
        cost = _cost(field, begins, frames)
        if ended is not None:
            joined = costs[-1][None, :] + MISMATCH * np.abs(
                field.level[begins][:, None] - ended[None, :]
            )
            befores.append(joined.argmin(1))
            cost = cost + joined.min(1)
        places.append(begins)
        costs.append(cost)
        ended = field.level[begins + frames]
    chosen = [int(costs[-1].argmin())]
    for before in reversed(befores):
        chosen.append(int(before[chosen[-1]]))
    return [int(begins[i]) for begins, i in zip(places, reversed(chosen), strict=True)]


def _cost(field: PlacementField, begins: NDArray[np.int_], frames: int) -> Array:
    """What it costs (n,) that a span begins at each of `begins`."""
    total = np.concatenate([[0.0], np.cumsum(field.worth)])
    shown = (total[begins + frames] - total[begins]) / frames
    best = max(float(shown.max()), 1e-9)
    ends = field.level[begins], field.level[begins + frames]
    between = sum(BETWEEN * (1 - np.abs(2 * level - 1)) + AT_REST * (1 - level) for level in ends)
    return np.asarray((1 - shown / best) + between)


def relax_field(field: PlacementField) -> PlacementField:
    """`field` with cuts wherever they look best, for where somebody speaks without a pause."""
    return replace(field, quiet=np.ones_like(field.quiet))
