"""Motion frame by frame about one time of a take, most of which was only glanced at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.media.footage import Footage
from btsclip.media.frames import read_frames
from btsclip.signals.motion import MotionMeter

# Frames a second, and frames over which motion is averaged: one alone may stand still amid a
# stroke.
RATE, FRAMES = 10.0, 3

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class MotionAbout:
    """Mean motion `local` (n,) in widths a second, beside the camera's, about `times` (n,)."""

    times: Array
    local: Array


def measure_motion_about(footage: Footage, time: float, reach: float) -> MotionAbout:
    """Motion within `reach` seconds of `time`. Raises FootageError when nothing can be decoded."""
    meter, wider = MotionMeter(), reach + FRAMES / RATE
    span = (max(0.0, time - wider), time + wider)
    found = (meter.update(frame) for frame in read_frames(footage, [span], rate=RATE))
    seen = [motion for motion in found if motion]
    if len(seen) < FRAMES:
        return MotionAbout(np.zeros(0), np.zeros(0))
    local = np.convolve([motion.local for motion in seen], np.ones(FRAMES) / FRAMES, "valid")
    times = np.array([motion.time for motion in seen])[FRAMES // 2 :][: len(local)]
    return MotionAbout(times, local)
