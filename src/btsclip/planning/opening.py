"""Where a clip of work begins and ends: in the middle of the work, and on something done.

Viewers decide in the first second. So a clip opens where the crop shows hands or what they work
on, something moves and the picture is sharp, and closes where a movement comes to rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.framing import Framing
from btsclip.intervals import Span, ramp
from btsclip.planning.cover import share_shown
from btsclip.signals import Looks, Signals, Tracks

# Seconds that decide, and those of them that count as the first picture.
FIRST_SECONDS = 1.0
FIRST_PICTURE_SECONDS = 0.3
# Worth of hands in the first picture and in the first second, of motion, and of a sharp picture.
FIRST_HANDS_WORTH = 1.0
HANDS_WORTH = 0.6
MOTION_WORTH = 0.6
SHARP_WORTH = 0.5
# Worth of something that moves in the crop without a hand, where a certain hand has 1.
MOVING_WORTH = 0.5
# Presence of a hand that counts as certain, and one that does not count.
HAND_RANGE = (0.2, 0.6)
# Motion in picture widths a second: the first begins to count, the second counts fully.
MOTION_RANGE = (0.02, 0.1)
# What leaving out all of the clip would cost, and cutting into a sentence.
SKIPPED_COST = 1.25
SPEECH_COST = 1.0
# Voice from which on somebody speaks.
MIN_VOICE = 0.3
# How much better another start must be.
MIN_GAIN = 0.15
# Seconds after the start from which on a look ahead is one.
MIN_SECONDS_AHEAD = 2.5
# Motion below this share of the mean motion near an end is a rest.
MAX_REST_MOTION = 0.7
# Seconds before an end in which something was done, and the cost of every second by which an end
# moves, where rest after full motion is worth 1.
DONE_SECONDS = 0.8
MOVED_COST = 0.15

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class WorkInView:
    """How much of the work a clip shows at `times` (n,) seconds.

    `subject` (n,) is 1 with a certain hand in the crop and 0 with nothing; `motion` (n,) is in
    picture widths a second, `sharpness` (n,) 1 for the sharpest, `voice` (n,) 0..1.
    """

    times: Array
    subject: Array
    motion: Array
    sharpness: Array
    voice: Array

    @classmethod
    def of(cls, tracks: Tracks, framing: Framing, looks: Looks, signals: Signals) -> WorkInView:
        """What the crops of `framing` show of `tracks` at the times of `looks`."""
        times = looks.times
        usual = max(float(np.percentile(looks.sharpness, 90)), 1e-9) if len(times) else 1.0
        return cls(
            times,
            np.interp(times, tracks.times, subject_shown(tracks, framing)),
            looks.motion,
            np.clip(looks.sharpness / usual, 0, 1),
            np.interp(times, signals.times, signals.voice),
        )


def subject_shown(tracks: Tracks, framing: Framing) -> Array:
    """How surely the crops of `framing` show hands or moving things at each time (n,), 0 to 1."""
    crops = [keys for keys in (framing.keys, framing.below) if keys]
    presence = ramp(tracks.presence, *HAND_RANGE)

    def shown(box: Array, time: float) -> float:
        return share_shown(box, time, crops) if crops else float(np.isfinite(box[0]))

    def surest(i: int, time: float) -> float:
        hands = zip(tracks.hands[i], presence[i], strict=True)
        moving = MOVING_WORTH * shown(tracks.work[i], time)
        return float(max(moving, *(sure * shown(box, time) for box, sure in hands)))

    return np.array([surest(i, time) for i, time in enumerate(tracks.times.tolist())])


def best_start(shown: WorkInView, clip: Span, room: Span) -> float:
    """The best time in `room` to begin a `clip` that would begin at its start.

    The start itself, unless another time is clearly better.
    """
    inside = (shown.times >= room[0]) & (shown.times <= room[1])
    start = clip[0]
    if not inside.any():
        return start
    stay = int(np.abs(shown.times - start).argmin())
    worth = np.array([_opening_worth(shown, i) for i in range(len(shown.times))])
    worth -= SKIPPED_COST * np.maximum(shown.times - start, 0.0) / (clip[1] - start)
    best = int(np.where(inside, worth, -np.inf).argmax())
    return float(shown.times[best]) if worth[best] >= worth[stay] + MIN_GAIN else start


def _opening_worth(shown: WorkInView, i: int) -> float:
    """How good the second from time `i` on is as the first of a clip."""
    time = float(shown.times[i])
    first = shown.times[i:] < time + FIRST_PICTURE_SECONDS
    second = shown.times[i:] < time + FIRST_SECONDS
    lively = ramp(np.array(shown.motion[i:][second].mean()), *MOTION_RANGE)
    cuts_speech = min(float(shown.voice[max(0, i - 2)]), float(shown.voice[i])) >= MIN_VOICE
    return (
        FIRST_HANDS_WORTH * float(shown.subject[i:][first].mean())
        + HANDS_WORTH * float(shown.subject[i:][second].mean())
        + MOTION_WORTH * float(lively)
        + SHARP_WORTH * float(shown.sharpness[i:][first].mean())
        - SPEECH_COST * cuts_speech
    )


def find_peak(
    shown: WorkInView, pieces: Sequence[Span], borders: Sequence[float], seconds: float
) -> float | None:
    """The start of the `seconds` with most of the work: hands, motion and a sharp picture.

    They lie in one of the `pieces` and in one shot, MIN_SECONDS_AHEAD after the first picture. None
    if there is no room for them.
    """
    best, best_time = 0.0, None
    for time in shown.times.tolist():
        end = time + seconds
        fits = any(start <= time and end <= last for start, last in pieces)
        if time < pieces[0][0] + MIN_SECONDS_AHEAD or not fits:
            continue
        if any(time < border < end for border in borders):
            continue
        part = (shown.times >= time) & (shown.times < end)
        lively = 0.5 + ramp(shown.motion[part], *MOTION_RANGE)
        worth = float((shown.subject[part] * lively * shown.sharpness[part]).mean())
        if worth > best:
            best, best_time = worth, round(time, 3)
    return best_time


def find_rest(looks: Looks, time: float, room: Span) -> float:
    """The time of least motion in `room`, or `time` itself where the motion is even."""
    inside = (looks.times >= room[0]) & (looks.times <= room[1])
    if not inside.any():
        return time
    best = int(np.where(inside, looks.motion, np.inf).argmin())
    is_rest = looks.motion[best] < MAX_REST_MOTION * float(looks.motion.mean())
    return float(looks.times[best]) if is_rest else time


def find_close(looks: Looks, time: float, room: Span) -> float:
    """The time in `room` at which a movement near `time` has come to rest: something is done.

    `time` itself where nothing rests after a movement.
    """
    mean = float(looks.motion.mean()) if len(looks.times) else 0.0
    best, best_time = 0.0, time
    for i, at in enumerate(looks.times.tolist()):
        if not room[0] <= at <= room[1] or looks.motion[i] >= MAX_REST_MOTION * mean:
            continue
        before = looks.motion[(looks.times >= at - DONE_SECONDS) & (looks.times < at)]
        done = float(before.max(initial=0.0)) - float(looks.motion[i])
        worth = min(1.0, done / mean) - MOVED_COST * abs(at - time)
        if worth > best:
            best, best_time = worth, at
    return best_time
