"""Where a clip of work begins: in the middle of the work; and which second of it is the best.

Viewers decide in the first second. So a clip opens where the crop shows hands or what they work
on, something moves and the picture is sharp.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from btsclip.intervals import Span, ramp
from btsclip.planning.work_in_view import MIN_VOICE, WorkInView

# Seconds that decide, and those of them that count as the first picture.
FIRST_SECONDS = 1.0
FIRST_PICTURE_SECONDS = 0.3
# Worth of hands in the first picture and in the first second, of motion, and of a sharp picture.
FIRST_HANDS_WORTH = 1.0
HANDS_WORTH = 0.6
MOTION_WORTH = 0.6
SHARP_WORTH = 0.5
# Motion in picture widths a second: the first begins to count, the second counts fully.
MOTION_RANGE = (0.02, 0.1)
# What leaving out all of the work would cost; a part costs this times the cube of its share. So a
# few seconds are cheap, and half of the work is worth more than any first picture.
SKIPPED_COST = 14.0
# What every idle second costs that a clip begins with, and what it costs to cut into a sentence.
IDLE_COST = 0.4
SPEECH_COST = 1.0
# How much better another start must be.
MIN_GAIN = 0.15
# Seconds after the start from which on a look ahead is one.
MIN_SECONDS_AHEAD = 2.5


def best_start(shown: WorkInView, clip: Span, room: Span, borders: Sequence[float] = ()) -> float:
    """The best time in `room` to begin a `clip` that would begin at its start.

    The start itself, unless another time is clearly better. Only work that is left out costs
    something: an idle start may be left as far as it goes. Of a shot that ends at one of the
    `borders`, FIRST_SECONDS are shown or nothing.
    """
    times, start = shown.times, clip[0]
    inside = (times >= room[0]) & (times <= room[1])
    for border in borders:
        inside &= (times <= border - FIRST_SECONDS) | (times >= border)
    if not inside.any():
        return start
    stay = int(np.abs(times - start).argmin())
    worked = shown.seconds_of(~shown.idle)
    skipped = np.maximum(0.0, worked - worked[stay])
    # A clip with little work lasts for its least length anyway.
    last = int(np.abs(times - clip[1]).argmin())
    share = skipped / max(float(skipped[last]), clip[1] - room[1], FIRST_SECONDS)
    worth = np.array([_opening_worth(shown, i) for i in range(len(times))])
    worth -= SKIPPED_COST * share**3
    best = int(np.where(inside, worth, -np.inf).argmax())
    return float(times[best]) if worth[best] >= worth[stay] + MIN_GAIN else start


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
        - IDLE_COST * float(shown.idle_after[i])
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
