"""Waits in the middle of work, cut out so that the clip jumps from one movement to the next.

A wait is a stretch in which nothing moves, or in which the hands have left the picture and little
else happens. It is left and entered again at two pictures that look alike, in rests of the sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.analysis import look_at
from btsclip.intervals import Span, runs_of_true, without
from btsclip.media import RATE, Footage, read_sound
from btsclip.moments import Cut
from btsclip.planning.work_in_view import (
    EMPTY_SHARE,
    FAST_MOTION,
    MIN_HANDS_SHARE,
    MIN_MOTION,
    MIN_VOICE,
    REST_SHARE,
    resting,
)
from btsclip.signals import Looks, Signals, Tracks, near, refine
from btsclip.wording import count

# Seconds of the shortest wait: without hands, and where hands rest or are seldom seen. Hands that
# pick something up rest for a second, too, and a hand behind a pot is lost for one.
MIN_WAIT = 1.5
MIN_REST = 2.0
# Seconds of the shortest jump. A shorter one looks like a fault.
MIN_JUMP = 1.0
# Seconds of the shortest piece that stays. The first and the last are never shorter.
MIN_PIECE = 1.2
# Presence of a hand in the picture.
MIN_PRESENCE = 0.2
# Regularity from which on a movement is work, however small.
MIN_REGULARITY = 0.35
# Frying from which on a stretch is no wait, and the seconds around voices and blows.
MIN_SIZZLE = 0.4
VOICE_MARGIN = 0.5
BLOW_MARGIN = 0.25
# Seconds by which a cut may move into the wait and out of it to find two pictures that look alike.
REACH_IN = 1.0
REACH_OUT = 0.1
# Seconds of sound around a cut, and the dB above the quietest moment near it that cost as much as
# POSE_LEVELS gray levels of difference between the pictures.
SOUND_WINDOW = 0.05
LOUD_DB = 20.0
POSE_LEVELS = 5.0
# What mean motion at a cut costs, and every second of the wait that stays.
UNREST_COST = 0.3
KEPT_COST = 0.3

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class JumpCuts:
    """The `pieces` of a cut that its clip shows, in seconds of the take, in order."""

    pieces: tuple[Span, ...]

    @property
    def seconds(self) -> float:
        """Seconds that are cut out between the pieces."""
        start, end = self.pieces[0][0], self.pieces[-1][1]
        return end - start - sum(last - first for first, last in self.pieces)

    @property
    def evidence(self) -> dict[str, float]:
        """The seconds that are cut out, for the clip's evidence; empty for none."""
        return {"seconds_cut_out": round(self.seconds, 3)} if len(self.pieces) > 1 else {}

    @property
    def why(self) -> str:
        """What is cut out, to be added to the clip's `why`; "" for nothing."""
        number = len(self.pieces) - 1
        return f", {count(number, 'wait')} cut out, {self.seconds:.0f} s" if number else ""


def cut_out_waits(cut: Cut, tracks: Tracks, signals: Signals, min_seconds: float) -> JumpCuts:
    """The pieces of `cut` without its waits; at least `min_seconds` of it are left."""
    looks = look_at(cut.footage, cut.start, cut.end)
    left_out: list[Span] = []
    spare = cut.end - cut.start - min_seconds
    waits = find_waits((cut.start, cut.end), looks, tracks, signals)
    for wait in sorted(waits, key=lambda wait: wait[0] - wait[1]):
        jump = best_jump(wait, looks, cut.footage)
        if jump is None:
            continue
        # The ends of the cut may be borders, too, and are none to jump to.
        inner = [border for border in signals.cuts if cut.start < border < cut.end]
        jump = _to_borders(jump, inner, cut.footage)
        if jump[1] - jump[0] > spare:
            continue
        pieces = without((cut.start, cut.end), [*left_out, jump])
        if min(last - first for first, last in pieces) >= MIN_PIECE:
            left_out.append(jump)
            spare -= jump[1] - jump[0]
    return JumpCuts(tuple(without((cut.start, cut.end), left_out)))


def find_waits(span: Span, looks: Looks, tracks: Tracks, signals: Signals) -> list[Span]:
    """The waits of a clip over `span`, in order, in seconds of the take."""
    if len(looks.times) < 2:
        return []
    times = looks.times
    lively = min(float(np.percentile(looks.motion, 75)), FAST_MOTION)
    presence = np.interp(times, tracks.times, tracks.presence.max(1))
    has_hands = float((tracks.presence.max(1) >= MIN_PRESENCE).mean()) >= MIN_HANDS_SHARE
    empty = (presence < MIN_PRESENCE) & has_hands
    limit = lively * np.where(empty, EMPTY_SHARE, REST_SHARE)
    waits = resting(times, looks.motion, limit) & ~_is_heard(times, signals)
    regular = np.interp(times, signals.times, signals.rhythm) >= MIN_REGULARITY
    waits &= ~(regular & (looks.motion >= MIN_MOTION))
    found = []
    for first, last in runs_of_true(waits):
        start = max(float(times[first]), span[0] + MIN_PIECE + REACH_OUT)
        end = min(float(times[min(last, len(times) - 1)]), span[1] - MIN_PIECE - REACH_OUT)
        if end - start >= (MIN_WAIT if empty[first:last].mean() > 0.5 else MIN_REST):
            found.append((start, end))
    return found


def _is_heard(times: Array, signals: Signals) -> NDArray[np.bool_]:
    """Mask (n,) of `times` at which work is heard or somebody speaks."""
    busy = (
        (near(signals.onsets, BLOW_MARGIN) > 0)
        | (near(signals.voice, VOICE_MARGIN) >= MIN_VOICE)
        | (signals.sizzle >= MIN_SIZZLE)
    )
    return np.asarray(np.interp(times, signals.times, busy.astype(float)) > 0)


def best_jump(wait: Span, looks: Looks, footage: Footage) -> Span | None:
    """The jump over `wait` between two pictures that look alike, in rests of the sound.

    None if no two pictures are MIN_JUMP apart.
    """
    leave = _within(looks.times, wait[0] - REACH_OUT, wait[0] + REACH_IN)
    enter = _within(looks.times, wait[1] - REACH_IN, wait[1] + REACH_OUT)
    loudness = {
        int(i): loud
        for part in (leave, enter)
        for i, loud in zip(part, _loudness(looks.times[part], footage), strict=True)
    }
    unrest = UNREST_COST * looks.motion / max(float(looks.motion.mean()), 1e-9)
    best: tuple[float, Span] | None = None
    for i in leave.tolist():
        for k in enter.tolist():
            jump = float(looks.times[i]), float(looks.times[k])
            if jump[1] - jump[0] < MIN_JUMP:
                continue
            cost = (
                looks.difference(i, looks, k) / POSE_LEVELS
                + loudness[i] + loudness[k] + unrest[i] + unrest[k]
                + KEPT_COST * (wait[1] - wait[0] - (jump[1] - jump[0]))
            )  # fmt: skip
            if best is None or cost < best[0]:
                best = cost, (round(jump[0], 3), round(jump[1], 3))
    return best[1] if best else None


def _to_borders(jump: Span, borders: Sequence[float], footage: Footage) -> Span:
    """`jump`, moved to borders of shots that it nearly reaches, so that no shot flashes up."""
    start, end = jump
    for border in borders:
        if start - MIN_PIECE < border < start:
            start = refine(footage, border)
        if end < border < end + MIN_PIECE:
            end = refine(footage, border)
            break
    return round(start, 3), round(end, 3)


def _within(times: Array, first: float, last: float) -> NDArray[np.int_]:
    return np.flatnonzero((times >= first) & (times <= last))


def _loudness(times: Array, footage: Footage) -> Sequence[float]:
    """How much louder it is at each of `times` than at the quietest of them, in LOUD_DB."""
    if not len(times) or footage.audio_stream is None:
        return [0.0] * len(times)
    start = max(0.0, float(times[0]) - SOUND_WINDOW)
    pieces = list(read_sound(footage, span=(start, float(times[-1]) + SOUND_WINDOW)))
    sound = np.concatenate(pieces) if pieces else np.zeros(1, np.float32)
    reach = round(SOUND_WINDOW * RATE)
    levels = []
    for time in times:
        middle = round((float(time) - start) * RATE)
        part = sound[max(0, middle - reach) : middle + reach]
        power = float((part.astype(float) ** 2).mean()) if len(part) else 0.0
        levels.append(10 * np.log10(power + 1e-9))
    quietest = min(levels)
    return [float(level - quietest) / LOUD_DB for level in levels]
