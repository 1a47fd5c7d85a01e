"""Find moments that may show an injury or somebody in distress.

Their clips are offered switched off, for somebody who was there to decide. A camera can't tell a
cut from a scare, so both are switched off.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from btsclip.intervals import ramp, ramp_of, windows
from btsclip.moments.actions import ActionFigures, evidence_for, measure_action
from btsclip.moments.scenes import FACE_RANGE
from btsclip.signals import STEP, Array, Signals

# Evidence, 0..1, from which on a cue counts, and from which on a knife may be at work.
MIN_EVIDENCE = 0.5
MIN_KNIFE_EVIDENCE = 0.3
# Seconds before a cue in which a knife is at work.
KNIFE_SECONDS = 6.0
# Seconds around a cue in which a hand jerks.
JERK_SECONDS = 1.0
# Seconds after a cue in which a face is seen or red spreads.
AFTER_SECONDS = 4.0
# Of each range, evidence is 0 at the first value and 1 at the second.
# How many times faster a hand moves than before, and its speed in picture widths a second.
JERK_RATIO_RANGE = (2.5, 5.0)
JERK_SPEED_RANGE = (0.15, 0.4)
# Growth of red near the hand, as a share of the picture.
RED_RANGE = (0.01, 0.04)
# How much louder a shout is, on the level's scale of 60 dB, than all sound of the seconds before.
# Laughter after a clatter is not.
SHOUT_RANGE = (0.1, 0.2)
SHOUT_PAST_SECONDS = 3.0
# A hand disappears: it is seen for at least the first share of the seconds before, and for at most
# the second share of those after.
MIN_SEEN_BEFORE = 0.6
MAX_SEEN_AFTER = 0.2
# Seconds before and after a cue that no clip shows unasked.
HIDDEN_BEFORE_SECONDS = 2.0
HIDDEN_AFTER_SECONDS = 8.0
# A shot that begins this many seconds after a cue shows something else.
MIN_NEW_SHOT_SECONDS = 2.0
# Cues less than this many seconds apart are one danger.
MIN_GAP_SECONDS = 3.0


@dataclass(frozen=True)
class Danger:
    """A possible injury or distress at `time`, seen by a clip that shows any of `start`..`end`, all
    in seconds. `figures` are the cues, each 0..1."""

    time: float
    start: float
    end: float
    figures: dict[str, float]
    why: str

    def within(self, start: float, end: float) -> bool:
        """Whether a clip from `start` to `end` shows any of it."""
        return self.start < end and start < self.end


def find_dangers(signals: Signals) -> list[Danger]:
    """All possible injuries and distress, in order of time."""
    dangers: list[Danger] = []
    for time in _suspect_times(signals):
        if dangers and time - dangers[-1].time < MIN_GAP_SECONDS:
            continue
        figures = danger_cues(signals, time)
        if why := _describe_danger(figures, time):
            new_shots = [b for b in signals.borders if b >= time + MIN_NEW_SHOT_SECONDS]
            dangers.append(
                Danger(
                    time=time,
                    start=max(0.0, time - HIDDEN_BEFORE_SECONDS),
                    end=min([time + HIDDEN_AFTER_SECONDS, *new_shots]),
                    figures={name: round(value, 3) for name, value in figures.items()},
                    why=why,
                )
            )
    return dangers


def first_danger(dangers: Iterable[Danger], start: float, end: float) -> Danger | None:
    """The first of `dangers` that a clip from `start` to `end` shows, else None."""
    return next((danger for danger in dangers if danger.within(start, end)), None)


def danger_cues(signals: Signals, time: float) -> dict[str, float]:
    """Evidence, 0..1, of each cue at `time`.

    cry: somebody cries out; shout: a voice is suddenly loud; knife: chopping or repeated blows just
    before; hand_jerk: a hand jerks away or suddenly disappears; face: a large face; red: red
    spreads near the hand.
    """
    around = signals.between(max(0.0, time - JERK_SECONDS), time + JERK_SECONDS)
    after = signals.between(time, time + AFTER_SECONDS)
    before = signals.between(max(0.0, time - KNIFE_SECONDS), time)
    red = float(np.median(signals.red[after])) - float(np.median(signals.red[before]))
    return {
        "cry": float(signals.cry[around].max()),
        "shout": float(shouts(signals)[around].max()),
        "knife": _knife_evidence(measure_action(signals, before)),
        "hand_jerk": max(_jerk_evidence(signals, before, around), _disappears(signals, time)),
        "face": ramp_of(signals.face_size[after].max(), *FACE_RANGE),
        "red": ramp_of(red, *RED_RANGE),
    }


def shouts(signals: Signals) -> Array:
    """Evidence (n,), 0..1, of a voice far louder than any sound just before."""
    past = windows(signals.sound, round(SHOUT_PAST_SECONDS / STEP), -1, outside=np.inf).max(1)
    return np.asarray(ramp(signals.sound - past, *SHOUT_RANGE) * ramp(signals.voice, 0.2, 0.5))


def _describe_danger(figures: dict[str, float], time: float) -> str:
    """A possible injury or distress in words; empty if the cues don't fit together."""
    knife = figures["knife"] >= MIN_KNIFE_EVIDENCE
    jerk = figures["hand_jerk"] >= MIN_EVIDENCE
    if max(figures["cry"], figures["shout"]) >= MIN_EVIDENCE and knife and jerk:
        return f"a cry at {time:.1f} s while a knife is at work and a hand jerks away"
    if figures["red"] >= MIN_EVIDENCE and knife and jerk:
        return f"red spreads near a hand that jerks away from the knife at {time:.1f} s"
    if figures["cry"] >= MIN_EVIDENCE and figures["face"] >= MIN_EVIDENCE:
        return f"a face and a cry at {time:.1f} s"
    return ""


def _suspect_times(signals: Signals) -> list[float]:
    """Times at which somebody cries out or red spreads, in order."""
    cries = np.maximum(signals.cry, shouts(signals)) >= MIN_EVIDENCE
    ahead = round(AFTER_SECONDS / STEP)
    red = np.zeros(len(signals.times), bool)
    if len(red) > ahead:
        grows = signals.red[ahead:] - signals.red[:-ahead] >= RED_RANGE[0]
        red[:-ahead] = grows & (signals.hands[:-ahead] > 0)
    return [float(time) for time in signals.times[cries | red]]


def _knife_evidence(figures: ActionFigures) -> float:
    """Evidence, 0..1, of a knife at work: chopping or any regular blows.

    Blows count because a camera may miss every other stroke, which leaves chopping without a name.
    """
    blows = ramp_of(figures.rhythm, 0.2, 0.5) * ramp_of(figures.onsets, 0.8, 2.0)
    return max(evidence_for(figures)["chop"], blows * (1 - ramp_of(figures.sizzle, 0.3, 0.6)))


def _jerk_evidence(signals: Signals, before: slice, around: slice) -> float:
    """Evidence, 0..1, of a hand that suddenly moves fast."""
    fastest = float(max(signals.hand_motion[around].max(), signals.motion[around].max()))
    usual = float(np.median(np.maximum(signals.hand_motion, signals.motion)[before]))
    ratio = ramp_of(fastest / (usual + 0.02), *JERK_RATIO_RANGE)
    return ratio * ramp_of(fastest, *JERK_SPEED_RANGE)


def _disappears(signals: Signals, time: float) -> float:
    """1 if hands are seen before `time` and suddenly not after it, else 0."""
    seen = signals.hands > 0
    before = signals.between(max(0.0, time - 2.0), time)
    after = signals.between(time + 0.5, time + 2.5)
    return float(seen[before].mean() >= MIN_SEEN_BEFORE and seen[after].mean() <= MAX_SEEN_AFTER)
