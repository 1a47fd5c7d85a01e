"""A span's sound in a file of its own: measured, and cleaned of noise that its gain would bring up.

A gain brings up the noise with the sound. So the noise is lowered first, by no more than the gain
calls for, and the gain is bounded by what is left of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ffmpeg

from btsclip.render import loudness, noise
from btsclip.render.loudness import NEAR_SILENCE, LoudnessLevel, RestNoise


@dataclass(frozen=True)
class SpanSound:
    """The sound of a span in the file `name` of the temp folder.

    `noise` is the noise as it was recorded, None if there is none or if it is the sound of work;
    `noise_left` is its level in dBFS now.
    """

    name: str
    level: LoudnessLevel
    noise: noise.Noise | None
    noise_left: float

    @property
    def max_gain(self) -> float:
        """dB by which the sound may be raised until its noise gets too loud; 0 or more, since noise
        is no reason to make a sound quieter than it was recorded."""
        return math.inf if self.noise is None else max(0.0, noise.MAX_NOISE - self.noise_left)

    def figures(self, gain: float) -> RestNoise:
        """The noise as recorded, as it is now, and in a clip that raises it by `gain` dB."""
        recorded = self.noise.level if self.noise else -math.inf
        return RestNoise(recorded, self.noise_left, self.noise_left + gain)


def write_sound(stream: Any, name: str, folder: Path) -> SpanSound:
    """Write the stream of a span to the WAV file `name` in the temp folder, and measure it."""
    level = loudness.write_and_measure(stream, name, folder)
    found = noise.measure_noise(folder / name)
    if found is None or not noise.is_unwanted(found, level.loudness):
        return SpanSound(name, level, None, -math.inf)
    return SpanSound(name, level, found, found.level)


def clean_sound(sound: SpanSound, gain: float, folder: Path) -> SpanSound:
    """The sound with less noise, if a gain of `gain` dB would bring up too much of it."""
    reduction = noise.reduction_for(sound.noise_left, gain)
    if sound.noise is None or not reduction:
        return sound
    name = f"clean-{sound.name}"
    stream = noise.reduce_noise(ffmpeg.input(sound.name)["a"], sound.noise, reduction)
    level = loudness.write_and_measure(stream, name, folder)
    if level.loudness < NEAR_SILENCE:
        # It was nothing but noise.
        return sound
    left = noise.noise_level(folder / name, sound.noise.rests)
    return replace(sound, name=name, level=level, noise_left=left)
