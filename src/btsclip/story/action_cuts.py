"""Where to cut: in a movement or at rest, alike on both sides, and never within a spoken word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span
from btsclip.signals import STEP, Array, Signals

# A voice (0..1) from here on is speech.
MIN_SPEECH_VOICE = 0.3
# Seconds around a cut in which nobody may speak.
SPEECH_MARGIN_SECONDS = 0.08
# Cost of a cut midway between rest and movement, where showing the best part of the room costs 0
# and showing nothing of it costs 1.
MIDWAY_COST = 0.35
# Cost of a cut from rest to movement or back.
MISMATCH_COST = 0.35
# Cost of a cut at rest: a movement hides a cut a little better.
AT_REST_COST = 0.1
# Movement that varies by less than this share of its top is even: it has no peaks to cut at.
MIN_MOVEMENT_RANGE = 0.2


@dataclass(frozen=True)
class PlacementField:
    """Where a span of a story may be placed in its take.

    The arrays are (n,), one value a frame. Frames are `step` seconds of the take apart, the first
    at `start`. `quiet` is where nobody speaks, `level` the movement from 0 (rest) to 1 (peak),
    `worth` how much a frame is worth showing. If `within` is set, the span has to show it where it
    is long enough.
    """

    start: float
    step: float
    quiet: NDArray[np.bool_]
    level: Array
    worth: Array
    within: Span | None = None

    def allowed(self, max_frames: int) -> NDArray[np.bool_]:
        """Whether a span can have each number of frames up to `max_frames`: (max_frames + 1,)."""
        return np.array([bool(len(self.begins(frames))) for frames in range(max_frames + 1)])

    def begins(self, frames: int) -> NDArray[np.int_]:
        """The frames at which a span of `frames` can begin, (m,)."""
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


def make_field(
    signals: Signals,
    belief: Array,
    room: Span,
    step: float,
    within: Span | None = None,
    spoken: Sequence[Span] = (),
) -> PlacementField:
    """The field of the `room`, in seconds of the take, with frames `step` seconds apart.

    Args:
        spoken: Known words, or sentences that belong together, in seconds of the take. No cut falls
            into them, even where the voice signal is silent.
    """
    count = max(1, int(np.floor((room[1] - room[0]) / step + 1e-6)) + 1)
    times = room[0] + np.arange(count) * step
    quiet = voice_at(signals, times) < MIN_SPEECH_VOICE
    for first, last in spoken:
        quiet &= (times <= first) | (times >= last)
    movement = np.maximum(signals.hand_motion, signals.motion)
    motion = np.interp(times, signals.times, movement)
    low, high = np.quantile(motion, [0.05, 0.95])
    level = np.clip((motion - low) / max(high - low, 1e-9), 0, 1)
    if high - low < MIN_MOVEMENT_RANGE * high:
        level = np.full(count, 0.5)
    lively = belief * (0.5 + np.clip(signals.hand_motion / 0.1, 0, 1))
    worth = np.interp(times, signals.times, lively)
    return PlacementField(room[0], step, quiet, level, worth, within)


def voice_at(signals: Signals, times: Array) -> Array:
    """The loudest voice (n,) within SPEECH_MARGIN_SECONDS of each of `times` (n,)."""
    nearby = [
        signals.voice[
            np.clip(((times + shift) / STEP + 1e-6).astype(int), 0, len(signals.voice) - 1)
        ]
        for shift in (-SPEECH_MARGIN_SECONDS, 0.0, SPEECH_MARGIN_SECONDS)
    ]
    return np.asarray(np.max(nearby, axis=0))


def place_spans(fields: Sequence[PlacementField], lengths: Sequence[int]) -> list[int]:
    """The frame of its field at which each span of `lengths` frames begins.

    All spans are placed together. Each shows the best of its room, and begins and ends at rest or
    in a movement, like the span it meets there. The fields must allow the lengths.
    """
    costs: list[Array] = []
    best_before: list[NDArray[np.int_]] = []
    begins_of: list[NDArray[np.int_]] = []
    end_levels: Array | None = None
    for field, frames in zip(fields, lengths, strict=True):
        begins = field.begins(frames)
        cost = _cost(field, begins, frames)
        if end_levels is not None:
            joined = costs[-1][None, :] + MISMATCH_COST * np.abs(
                field.level[begins][:, None] - end_levels[None, :]
            )
            best_before.append(joined.argmin(1))
            cost = cost + joined.min(1)
        begins_of.append(begins)
        costs.append(cost)
        end_levels = field.level[begins + frames]
    indices = [int(costs[-1].argmin())]
    for before in reversed(best_before):
        indices.append(int(before[indices[-1]]))
    return [int(begins[i]) for begins, i in zip(begins_of, reversed(indices), strict=True)]


def _cost(field: PlacementField, begins: NDArray[np.int_], frames: int) -> Array:
    """The cost (m,) of a span of `frames` that begins at each of `begins` (m,)."""
    total = np.concatenate([[0.0], np.cumsum(field.worth)])
    shown = (total[begins + frames] - total[begins]) / frames
    best = max(float(shown.max()), 1e-9)
    levels = field.level[begins], field.level[begins + frames]
    cuts = sum(
        MIDWAY_COST * (1 - np.abs(2 * level - 1)) + AT_REST_COST * (1 - level) for level in levels
    )
    return np.asarray((1 - shown / best) + cuts)


def ignore_speech(field: PlacementField) -> PlacementField:
    """`field` with cuts allowed into speech, for takes in which somebody speaks without a pause."""
    return replace(field, quiet=np.ones_like(field.quiet))
