"""Moments that nobody should see unasked: what looks like an injury, or like somebody in distress.

They are offered switched off, so that only whoever was there switches them on. A camera can't tell
a cut from a scare, so everything is switched off that may be one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from btsclip.intervals import ramp, ramp_of, windows
from btsclip.moments.actions import ActionFigures, evidence_for, measure_action
from btsclip.moments.scenes import FACE_RANGE
from btsclip.signals.model import STEP, Array, Signals

# Evidence, 0..1, from which on a cue counts, and that of a knife at work: chopping that only may be
# chopping counts, too.
SURE, MAYBE_CHOPPING = 0.5, 0.3
# Seconds before in which a knife was at work, in which a hand jerks about the time, and in which a
# face is seen and red spreads afterwards.
KNIFE, JERK, AFTER = 6.0, 1.0, 4.0
# A hand jerks when it moves so many times faster than it did, and at least so many widths a second.
JERK_RATIO, JERK_SPEED = (2.5, 5.0), (0.15, 0.4)
# A hand that was seen for this share of the seconds before and for this one at most of those after
# is gone.
THERE, GONE = 0.6, 0.2
# Share of the picture near the hand by which red spreads.
SPREADS = (0.01, 0.04)
# A shout is a voice that sets in so much louder (of the level's 60 dB) than all of these seconds
# before: no laughter after a clatter.
LOUDER, PAST = (0.1, 0.2), 3.0
# Seconds before and after that are not shown; a shot that begins after so many is another matter.
BEFORE, LATER, ANOTHER = 2.0, 8.0, 2.0
# Two within so many seconds are one.
APART = 3.0


@dataclass(frozen=True)
class Danger:
    """What may be an injury or distress at `time`, with the figures that say so, each 0..1, in a
    clip that shows any of `start`..`end`; all in seconds."""

    time: float
    start: float
    end: float
    figures: dict[str, float]
    why: str

    def within(self, start: float, end: float) -> bool:
        """Whether a clip of start..end shows any of it."""
        return self.start < end and start < self.end


def find_dangers(signals: Signals) -> list[Danger]:
    """All that may be an injury or distress, in the order of time."""
    found: list[Danger] = []
    for time in _suspected(signals):
        if found and time - found[-1].time < APART:
            continue
        figures = danger_cues(signals, time)
        if said := _said(figures, time):
            later = [b for b in signals.borders if b >= time + ANOTHER]
            found.append(
                Danger(
                    time=time,
                    start=max(0.0, time - BEFORE),
                    end=min([time + LATER, *later]),
                    figures={name: round(value, 3) for name, value in figures.items()},
                    why=said,
                )
            )
    return found


def first_danger(dangers: Iterable[Danger], start: float, end: float) -> Danger | None:
    """The first of `dangers` that a clip of start..end shows."""
    return next((danger for danger in dangers if danger.within(start, end)), None)


def danger_cues(signals: Signals, time: float) -> dict[str, float]:
    """Evidence, 0..1, of each cue at `time`.

    cry: somebody cries out; shout: a voice is suddenly loud; knife: something was chopped, or hit
    again and again, just before; hand_jerk: a hand jerks away or is suddenly gone; face: a large
    face is seen; red: red spreads near the hand.
    """
    about = signals.between(max(0.0, time - JERK), time + JERK)
    after = signals.between(time, time + AFTER)
    before = signals.between(max(0.0, time - KNIFE), time)
    red = float(np.median(signals.red[after])) - float(np.median(signals.red[before]))
    return {
        "cry": float(signals.cry[about].max()),
        "shout": float(shouts(signals)[about].max()),
        "knife": _knife(measure_action(signals, before)),
        "hand_jerk": max(_jerk(signals, before, about), _gone(signals, time)),
        "face": ramp_of(signals.face_size[after].max(), *FACE_RANGE),
        "red": ramp_of(red, *SPREADS),
    }


def shouts(signals: Signals) -> Array:
    """How much (n,), 0..1, a voice sets in far louder than all that was heard just before."""
    past = windows(signals.sound, round(PAST / STEP), -1, outside=np.inf).max(1)
    return np.asarray(ramp(signals.sound - past, *LOUDER) * ramp(signals.voice, 0.2, 0.5))


def _said(figures: dict[str, float], time: float) -> str:
    """What it may be, in words; nothing when the cues don't go together."""
    knife, jerk = figures["knife"] >= MAYBE_CHOPPING, figures["hand_jerk"] >= SURE
    if max(figures["cry"], figures["shout"]) >= SURE and knife and jerk:
        return f"a cry at {time:.1f} s while a knife is at work and a hand jerks away"
    if figures["red"] >= SURE and knife and jerk:
        return f"red spreads near a hand that jerks away from the knife at {time:.1f} s"
    if figures["cry"] >= SURE and figures["face"] >= SURE:
        return f"a face and a cry at {time:.1f} s"
    return ""


def _suspected(signals: Signals) -> list[float]:
    """Times at which somebody cries out, and at which red spreads, in order."""
    cries = np.maximum(signals.cry, shouts(signals)) >= SURE
    late = round(AFTER / STEP)
    red = np.zeros(len(signals.times), bool)
    if len(red) > late:
        grows = signals.red[late:] - signals.red[:-late] >= SPREADS[0]
        red[:-late] = grows & (signals.hands[:-late] > 0)
    return [float(time) for time in signals.times[cries | red]]


def _knife(doing: ActionFigures) -> float:
    """How likely a knife is at work: chopping, or any regular blows. A camera may miss every other
    stroke, and then chopping has no name."""
    blows = ramp_of(doing.rhythm, 0.2, 0.5) * ramp_of(doing.onsets, 0.8, 2.0)
    return max(evidence_for(doing)["chop"], blows * (1 - ramp_of(doing.sizzle, 0.3, 0.6)))


def _jerk(signals: Signals, before: slice, about: slice) -> float:
    """How suddenly a hand moves."""
    fastest = float(max(signals.hand_motion[about].max(), signals.motion[about].max()))
    usual = float(np.median(np.maximum(signals.hand_motion, signals.motion)[before]))
    return ramp_of(fastest / (usual + 0.02), *JERK_RATIO) * ramp_of(fastest, *JERK_SPEED)


def _gone(signals: Signals, time: float) -> float:
    """1 where hands that worked are gone all at once."""
    seen = signals.hands > 0
    before = signals.between(max(0.0, time - 2.0), time)
    after = signals.between(time + 0.5, time + 2.5)
    return float(seen[before].mean() >= THERE and seen[after].mean() <= GONE)
