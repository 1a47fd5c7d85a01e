"""How much of the work a clip shows at each time: hands, motion in the crop, a sharp picture.

Where none of it goes on, the clip is idle: nothing moves in the crop, or the hands have left it and
little else happens. A clip neither begins nor ends there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.framing import Framing, crop_at
from btsclip.geometry import WHOLE
from btsclip.intervals import gaps, ramp, runs_of_true, windows
from btsclip.plan import CropKey
from btsclip.planning.cover import share_shown
from btsclip.signals import Looks, Signals, Tracks

# Worth of something that moves in the crop without a hand, where a certain hand has 1.
MOVING_WORTH = 0.5
# Presence of a hand that counts as certain, and one that does not count.
HAND_RANGE = (0.2, 0.6)
# Motion below this share of the clip's lively motion (its upper quartile, at most FAST_MOTION
# picture widths a second) is rest. Where hands have left, more of it is idle, too; and where a hand
# is seen, less: it may place something with care.
REST_SHARE = 0.3
EMPTY_SHARE = 0.5
CARE_SHARE = 0.1
FAST_MOTION = 0.15
MIN_MOTION = 0.01
# What is seen of hands from which on they are there, and the share of the clip that must show some
# before their absence means anything.
MIN_SUBJECT = 0.2
MIN_HANDS_SHARE = 0.25
# Seconds of a movement between two rests that does not separate them.
MAX_MOVEMENT = 0.5
# Voice from which on somebody speaks, and the times (a tenth of a second each) around it that
# belong to the speech.
MIN_VOICE = 0.3
VOICE_MARGIN = 5

Array = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class WorkInView:
    """How much of the work a clip shows at `times` (n,) seconds.

    `subject` (n,) is 1 with a certain hand in the crop and 0 with nothing; `hands` (n,) is the same
    of hands alone; `motion` (n,) is that in the crop, in picture widths a second, `sharpness` (n,)
    1 for the sharpest, `voice` (n,) 0..1.
    """

    times: Array
    subject: Array
    hands: Array
    motion: Array
    sharpness: Array
    voice: Array

    @classmethod
    def of(cls, tracks: Tracks, framing: Framing, looks: Looks, signals: Signals) -> WorkInView:
        """What the crops of `framing` show of `tracks` at the times of `looks`."""
        times, hands = looks.times, hands_shown(tracks, framing)
        shown = cls(
            times,
            np.interp(times, tracks.times, np.maximum(hands, moving_shown(tracks, framing))),
            np.interp(times, tracks.times, hands),
            motion_shown(looks, framing),
            looks.sharpness,
            np.interp(times, signals.times, signals.voice),
        )
        # What stands still is sharper than any work.
        moving = looks.sharpness[~shown.idle]
        usual = max(float(np.percentile(moving, 90)), 1e-9) if len(moving) else 1.0
        return replace(shown, sharpness=np.clip(looks.sharpness / usual, 0, 1))

    @cached_property
    def idle(self) -> Mask:
        """Mask (n,) of the times at which nobody works and nobody speaks."""
        if not len(self.times):
            return np.zeros(0, bool)
        lively = min(float(np.percentile(self.motion, 75)), FAST_MOTION)
        has_hands = float((self.hands >= MIN_SUBJECT).mean()) >= MIN_HANDS_SHARE
        here = self.hands >= MIN_SUBJECT
        share = np.where(here, CARE_SHARE, EMPTY_SHARE if has_hands else REST_SHARE)
        speech = windows(self.voice, VOICE_MARGIN, VOICE_MARGIN).max(1) >= MIN_VOICE
        return np.asarray(resting(self.times, self.motion, share * lively) & ~speech)

    @cached_property
    def idle_before(self) -> Array:
        """Idle seconds (n,) up to each time since the last work."""
        seconds = np.zeros(len(self.times))
        for first, last in runs_of_true(self.idle):
            seconds[first:last] = self.times[first:last] - self.times[max(0, first - 1)]
        return seconds

    @cached_property
    def idle_after(self) -> Array:
        """Idle seconds (n,) from each time until the next work."""
        seconds = np.zeros(len(self.times))
        for first, last in runs_of_true(self.idle):
            seconds[first:last] = self.times[min(last, len(seconds) - 1)] - self.times[first:last]
        return seconds

    def seconds_of(self, mask: Mask) -> Array:
        """Seconds (n,) from the first time to each of them in which `mask` (n,) is true."""
        return np.cumsum(np.diff(self.times, prepend=self.times[:1]) * mask)


def resting(times: Array, motion: Array, limit: Array) -> Mask:
    """Mask (n,) of the `times` at which `motion` stays below `limit` (n,), or below MIN_MOTION.

    A short movement between two rests is one of them.
    """
    rests = np.asarray(motion < np.maximum(limit, MIN_MOTION))
    for first, last in gaps(rests):
        if times[last] - times[first] <= MAX_MOVEMENT:
            rests[first:last] = True
    return rests


def hands_shown(tracks: Tracks, framing: Framing) -> Array:
    """How surely the crops of `framing` show hands at each time (n,), 0 to 1."""
    presence = ramp(tracks.presence, *HAND_RANGE)
    return np.array(
        [
            max(
                sure * _shown(box, time, framing)
                for box, sure in zip(tracks.hands[i], presence[i], strict=True)
            )
            for i, time in enumerate(tracks.times.tolist())
        ]
    )


def moving_shown(tracks: Tracks, framing: Framing) -> Array:
    """MOVING_WORTH (n,) where the crops of `framing` show all that moves, 0 where nothing of it."""
    times = tracks.times.tolist()
    return MOVING_WORTH * np.array(
        [_shown(box, time, framing) for box, time in zip(tracks.work, times, strict=True)]
    )


def motion_shown(looks: Looks, framing: Framing) -> Array:
    """The speed (n,) of what moves in the crops of `framing`, in picture widths a second."""
    crops = _crops(framing)

    def speed(i: int, time: float) -> float:
        boxes = [crop_at(keys, time) for keys in crops] or [WHOLE]
        return max(looks.motion_in(i, box) for box in boxes)

    return np.array([speed(i, time) for i, time in enumerate(looks.times.tolist())])


def _crops(framing: Framing) -> Sequence[Sequence[CropKey]]:
    return [keys for keys in (framing.keys, framing.below) if keys]


def _shown(box: Array, time: float, framing: Framing) -> float:
    """The share of `box` (4,) that is shown at `time`, 0 to 1."""
    return share_shown(box, time, _crops(framing))
