"""The sounds of spans: cleaned of noise that their gains would bring up, and evened in level: quiet
work is lifted within a moment, and each span against the others.

A gain brings up the noise with the sound. So the noise is lowered first, by no more than the gain
calls for, and the gain is bounded by what is left of it.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ffmpeg

from btsclip.plan import Clip, Span
from btsclip.presets import Sound
from btsclip.render import lift, loudness, noise
from btsclip.render.loudness import NEAR_SILENCE, LoudnessLevel, RestNoise

# LUFS of every span and lane before the mix is leveled.
SPAN_LOUDNESS = -20.0
# dB by which a span may be raised or lowered against the others, so that a whisper stays one.
MAX_EVEN_GAIN = 18.0
# The same within one moment, whose spans share a room: more would make the room jump at every cut.
MAX_MOMENT_GAIN = 3.0
# Seconds between spans of one moment in their take.
MAX_MOMENT_GAP = 30.0


@dataclass(frozen=True)
class SpanSound:
    """The sound of a span in the file `name` of the temp folder.

    `noise` is the noise as it was recorded, None if there is none or if it is the sound of work;
    `noise_left` is its level in dBFS now. `lifted` is the gain in dB of its quietest work.
    """

    name: str
    level: LoudnessLevel
    noise: noise.Noise | None
    noise_left: float
    lifted: float = 0.0

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


def find_lifts(spans: Sequence[SpanSound], clip: Clip, folder: Path) -> list[noise.Samples]:
    """dB for each window of each span by which to lift quiet work; none where nothing is lifted."""
    curves: list[noise.Samples] = []
    for moment in _moments(clip.spans):
        own = spans[len(curves) : len(curves) + len(moment)]
        found = lift.lift_curves([folder / span.name for span in own], [span.noise for span in own])
        needed = max(curve.max(initial=0.0) for curve in found) >= lift.MIN_LIFT
        curves += [curve if needed else curve[:0] for curve in found]
    return curves


def lift_sound(sound: SpanSound, curve: noise.Samples, folder: Path) -> SpanSound:
    """The sound with its quiet work lifted by `curve`, if that has any windows."""
    if not len(curve) or not curve.max():
        return sound
    name, samples = f"lifted-{sound.name}", loudness.wav_samples(folder / sound.name)
    stream = lift.lift_stream(ffmpeg.input(sound.name)["a"], curve, f"{name}.gain", samples, folder)
    level = loudness.write_and_measure(stream, name, folder)
    (folder / f"{name}.gain").unlink()
    left = sound.noise_left + _lift_in_rests(sound, curve)
    return replace(sound, name=name, level=level, noise_left=left, lifted=float(curve.max()))


def _lift_in_rests(sound: SpanSound, curve: noise.Samples) -> float:
    return lift.lift_in_rests(curve, sound.noise) if sound.noise else 0.0


def even_sounds(
    spans: Sequence[SpanSound],
    clip: Clip,
    sound: Sound,
    folder: Path,
    lifts: Sequence[noise.Samples],
    extra: float = 0.0,
) -> tuple[list[SpanSound], list[float]]:
    """The spans with less noise where they need it, and dB for each that give them one level.

    The mix will be raised from SPAN_LOUDNESS to its target, and noise must not get too loud on the
    way; so a noisy span stays quieter than the others. A span without others and without lanes
    needs no evening: its mix is raised from its own level, unless that is near silence.

    Args:
        lifts: dB for each window of each span by which quiet work is lifted, from `find_lifts`.
        extra: dB by which the mix is likely to be raised further, as its peaks are limited.
    """
    alone = len(spans) == 1 and not clip.lanes
    level = spans[0].level.loudness if alone else SPAN_LOUDNESS
    rise = sound.loudness - level if level >= NEAR_SILENCE else 0.0
    gains = [0.0] if alone else _wanted_gains(spans, clip)
    if sound.noise_reduction:
        spans = [
            clean_sound(span, gain + rise + extra + _lift_in_rests(span, curve), folder)
            for span, gain, curve in zip(spans, gains, lifts, strict=True)
        ]
    spans = [lift_sound(*both, folder) for both in zip(spans, lifts, strict=True)]
    if alone:
        return spans, gains
    gains = _wanted_gains(spans, clip)
    bounds = [span.max_gain - rise for span in spans]
    return spans, [min(gain, bound) for gain, bound in zip(gains, bounds, strict=True)]


def _wanted_gains(spans: Sequence[SpanSound], clip: Clip) -> list[float]:
    even = even_gains([span.level for span in spans])
    gains = bound_in_moments(even, clip.spans)
    return [gain + span.gain for gain, span in zip(gains, clip.spans, strict=True)]


def bound_in_moments(gains: Sequence[float], spans: Sequence[Span]) -> list[float]:
    """The gains in dB of spans, those of one moment within MAX_MOMENT_GAIN of their median.

    So quiet work is lifted a little where a moment was cut, and the room stays as loud as it was.
    """
    bounded: list[float] = []
    for moment in _moments(spans):
        own = gains[len(bounded) : len(bounded) + len(moment)]
        middle = statistics.median(own)
        low, high = middle - MAX_MOMENT_GAIN, middle + MAX_MOMENT_GAIN
        bounded += [min(max(gain, low), high) for gain in own]
    return bounded


def _moments(spans: Sequence[Span]) -> list[list[Span]]:
    """The spans in groups that follow each other closely in one take."""
    moments: list[list[Span]] = []
    for span in spans:
        last = moments[-1][-1] if moments else None
        if last and _goes_on(last, span):
            moments[-1].append(span)
        else:
            moments.append([span])
    return moments


def _goes_on(last: Span, span: Span) -> bool:
    """Whether `span` shows the moment of `last`: after a wait that was cut out, or once more."""
    gap = max(last.start, span.start) - min(last.end, span.end)
    return last.source == span.source and not span.card and gap <= MAX_MOMENT_GAP


def even_gains(levels: Sequence[LoudnessLevel]) -> list[float]:
    """dB for each span that bring it to SPAN_LOUDNESS, within MAX_EVEN_GAIN of the median span's
    gain; near silence gets the median gain."""
    known = [level.loudness for level in levels if level.loudness >= NEAR_SILENCE]
    if not known:
        return [0.0] * len(levels)
    median = statistics.median(known)
    gains = []
    for level in levels:
        difference = median - level.loudness if level.loudness >= NEAR_SILENCE else 0.0
        gains.append(SPAN_LOUDNESS - median + min(max(difference, -MAX_EVEN_GAIN), MAX_EVEN_GAIN))
    return gains
