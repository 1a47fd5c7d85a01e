"""Measure sound: level, onsets (blows, chops), frying, clatter, cries and voices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import breaks, ramp, runs_of_true, windows
from btsclip.media import RATE
from btsclip.signals.sound_windows import (
    HOP,
    SILENCE,
    WINDOW,
    Array,
    Samples,
    Steps,
    Windows,
    decibels,
    in_batches,
    percentile,
    steps_of,
    windows_around,
)
from btsclip.signals.voice import voice_meter

# Level of silence, in dB below full scale.
FLOOR_DB = -60.0
# Level in dB of the quietest onset.
MIN_ONSET_LEVEL_DB = FLOOR_DB + 15
# Rise of the log spectrum at an onset, in dB averaged over its bins.
MIN_ONSET_RISE_DB = 4.0
# Seconds on either side of an onset whose usual rise counts: noise alone rises by about 3 dB at
# each window.
ONSET_REACH = 3.0
# Seconds on either side over which frying must continue.
SIZZLE_REACH = 1.0
# Seconds before a clatter whose peaks it must exceed.
CLATTER_PAST = 5.0
# Seconds after a clatter of its own bounces, and the end of the seconds whose peaks it must exceed.
CLATTER_BOUNCES = 0.8
CLATTER_FUTURE = 4.0
# Seconds over which the loudness of a blow is averaged: things that fall ring on, a knife does not.
RING = 0.125
# Lowest pitch in Hz above hum and rumble.
MIN_HEARD_HZ = 300
# Band of hiss in Hz.
HISS_HZ = (2500, 7000)
# Lowest pitch in Hz of hard things that hit each other.
MIN_HARD_HZ = 2000
# Band in Hz of voices that cry out.
CRY_HZ = (300, 4000)
# Pitch in Hz above which a scream has most of its energy; speech has it below.
MIN_SHRILL_HZ = 1000
# Ramps of a cry's seconds without a pause (laughter has pauses), and of its rise in dB over the
# CRY_PAST seconds before.
CRY_SECONDS = (0.25, 0.45)
CRY_RISE = (8, 14)
CRY_PAST = 3.0
# Dip in dB that is a pause if it lasts for more than MAX_DIP_WINDOWS windows.
DIP_DB = 10.0
MAX_DIP_WINDOWS = 2
# Level of a cry in dB.
MIN_CRY_LEVEL = -45.0
# Share of a window's energy in its strongest eighth of the bins, when it is a tone and not noise.
MIN_TONE_SHARE = 0.55
# Columns of the figures measured on each window.
LEVEL, RISE, HISS_LEVEL, HISS_SHARE, HISS_PEAKS, HARD_POWER, CRY_DB, SHRILL_SHARE, TONE_SHARE = (
    range(9)
)


@dataclass(frozen=True)
class SoundSignals:
    """Sound per analysis step, (steps,) each.

    `level` is 0 (silence) to 1 (full scale), `onsets` the number of onsets in the step. The others
    are 0..1: `sizzle` the likeness to steady frying, `clatter` to something hard that falls, `cry`
    to a person who cries out, and `voice` the probability that a person speaks. Running water and
    rain sound like frying, a shrill alarm like a cry.

    All depend only on the sound within 5 s, except that `voice` by Silero VAD depends on all sound
    before.
    """

    level: Array
    onsets: Array
    sizzle: Array
    clatter: Array
    cry: Array
    voice: Array


def measure_sound(pieces: Iterable[NDArray[np.float32]], steps: int, step: float) -> SoundSignals:
    """Measure sound over `steps` analysis steps of `step` seconds each.

    The result does not depend on how the sound is cut into pieces, nor on silence after it; silence
    before it, of whole steps, only shifts the result. See `voice_meter` for voices.
    """
    windows, spectra, voice = Windows(), Spectra(), voice_meter()
    for piece in pieces:
        for part in windows.cut(piece):
            spectra.add(part)
        voice.add(piece)
    for part in windows.last():
        spectra.add(part)
    figures = spectra.figures(steps, step)
    step_of = steps_of(len(figures), step)
    count = np.maximum(1, np.bincount(step_of, minlength=steps))
    power = np.bincount(step_of, figures[:, LEVEL], steps) / count
    onset = is_onset(figures, steps, step)
    return SoundSignals(
        level=np.clip(1 - decibels(power) / FLOOR_DB, 0, 1),
        onsets=np.bincount(step_of, onset, steps).astype(float),
        sizzle=_widen(in_batches(lambda batch: sizzle(figures, batch, step), steps), step),
        clatter=_max_per_step(step_of, clatter(figures, onset), steps),
        cry=_max_per_step(step_of, cry(figures), steps),
        voice=voice.voice(steps, step),
    )


class Spectra:
    """Figures measured on the spectra of windows."""

    def __init__(self) -> None:
        self._last: Array | None = None
        self._figures: list[Array] = []
        self._taper = np.hanning(WINDOW)

    def add(self, windows: Samples) -> None:
        """Measure the next windows (k, WINDOW)."""
        power = np.abs(np.fft.rfft(windows * self._taper, axis=1)) ** 2 + 1e-9
        log = 10 * np.log10(power)
        before = np.vstack([log[:1] if self._last is None else self._last, log[:-1]])
        self._last = log[-1:]
        # To a mean square of the samples: half of the bins are mirrored, and the taper has power.
        scale = 2 / WINDOW / (self._taper**2).sum()
        hiss_low, hiss_high = (_bin_of(pitch) for pitch in HISS_HZ)
        hiss_bins = power[:, hiss_low:hiss_high]
        hiss, tenth = hiss_bins.sum(1), (hiss_high - hiss_low) // 10
        cry_low, cry_high = (_bin_of(pitch) for pitch in CRY_HZ)
        cry_bins, eighth = power[:, cry_low:cry_high], (cry_high - cry_low) // 8
        columns = {
            LEVEL: (windows.astype(np.float64) ** 2).mean(1),
            RISE: np.maximum(0, log - before).mean(1),
            HISS_LEVEL: decibels(hiss * scale),
            HISS_SHARE: hiss / power[:, _bin_of(MIN_HEARD_HZ) :].sum(1),
            # The strongest tenth of the bins has a third of the energy in noise, most of it in
            # tones. Flatness would fail in the holes that AAC leaves in noise.
            HISS_PEAKS: np.partition(hiss_bins, -tenth, axis=1)[:, -tenth:].sum(1) / hiss,
            HARD_POWER: power[:, _bin_of(MIN_HARD_HZ) :].sum(1) * scale,
            CRY_DB: decibels(cry_bins.sum(1) * scale),
            SHRILL_SHARE: power[:, _bin_of(MIN_SHRILL_HZ) : cry_high].sum(1) / cry_bins.sum(1),
            TONE_SHARE: np.partition(cry_bins, -eighth, axis=1)[:, -eighth:].sum(1)
            / cry_bins.sum(1),
        }
        figures = np.stack([columns[i] for i in range(len(columns))], axis=1)
        self._figures.append(figures.astype(np.float32))

    def figures(self, steps: int, step: float) -> Array:
        """Columns LEVEL to TONE_SHARE of the windows within `steps` steps, (n, 9)."""
        figures = np.concatenate(self._figures or [np.zeros((0, TONE_SHARE + 1))])
        figures = figures[: int(np.searchsorted(steps_of(len(figures), step), steps))]
        audible = np.flatnonzero(figures[:, LEVEL] > SILENCE)
        # The beginning of a recording, or of its sound, is no onset.
        figures[: (audible[0] if len(audible) else 0) + WINDOW // HOP + 1, RISE] = 0
        return figures


def _bin_of(pitch: float) -> int:
    """The bin of the spectrum at `pitch` in Hz."""
    return round(pitch * WINDOW / RATE)


def is_onset(figures: Array, steps: int, step: float) -> Array:
    """1.0 (n,) for windows at which the spectrum rises steeply to a loud sound; else 0.0.

    The rise must be the largest within 50 ms, and twice the median of the ONSET_REACH seconds
    around; so sound or silence elsewhere in the take changes nothing.
    """
    rises, audible = figures[:, RISE], figures[:, LEVEL] > SILENCE
    known = np.where(audible, rises, np.nan)
    usual = in_batches(
        lambda batch: percentile(windows_around(known, batch, step, ONSET_REACH), 0.5), steps
    )
    usual = np.nan_to_num(usual)[steps_of(len(figures), step)]
    reach = 3
    peaks = windows(rises, reach, reach, outside=0).max(1)
    loud = windows(figures[:, LEVEL], 0, reach, outside=0).max(1)
    sudden = (rises == peaks) & (rises > np.maximum(MIN_ONSET_RISE_DB, 2 * usual))
    return np.asarray(sudden & (decibels(loud) > MIN_ONSET_LEVEL_DB), float)


def sizzle(figures: Array, steps: Steps, step: float) -> Array:
    """Likeness of each of `steps` to frying, 0..1: high noise well above the hiss of a room that is
    much of the sound, has no tones, and stays while it crackles.

    Speech, knives and cymbals are as high and loud, but fall to the room's level in between.
    """
    audible = figures[:, LEVEL] > SILENCE

    def near(column: int) -> Array:
        values = np.where(audible, figures[:, column], np.nan)
        return windows_around(values, steps, step, SIZZLE_REACH)

    level = near(HISS_LEVEL)
    steady, usual = percentile(level, 0.2), percentile(level, 0.5)
    return np.asarray(
        ramp(np.isfinite(level).mean(1), 0.2, 0.4)
        * ramp(steady, -56, -44)
        * ramp(percentile(near(HISS_SHARE), 0.5), 0.1, 0.35)
        * ramp(-percentile(near(HISS_PEAKS), 0.5), -0.65, -0.5)
        * ramp(steady - usual, -13, -6)
    )


def clatter(figures: Array, onset: Array) -> Array:
    """Likeness of each window to something hard that falls or breaks, 0..1.

    A sudden rise over the whole spectrum, far louder than the CLATTER_PAST seconds before and than
    the sound after its own bounces; otherwise it is the first of many blows, or the beginning of a
    louder scene. 0 where the sound before is too short to compare with.
    """
    score = np.zeros(len(figures))
    audible = figures[:, LEVEL] > SILENCE
    ring, past, bounces, future = (
        round(seconds * RATE / HOP)
        for seconds in (RING, CLATTER_PAST, CLATTER_BOUNCES, CLATTER_FUTURE)
    )
    ringing = windows(figures[:, HARD_POWER], 0, ring - 1, outside=0)
    loudness = decibels(ringing.mean(1))
    for i in np.flatnonzero(onset):
        before = slice(max(0, i - past), max(0, i - ring - 1))
        if audible[before].sum() < RATE / HOP:
            continue
        peak = loudness[i : i + 4].max()
        after = loudness[i + bounces : i + future].max(initial=-120.0)
        score[i] = (
            ramp(figures[i, RISE], 6, 10)
            * ramp(peak, -50, -40)
            * ramp(peak - loudness[before].max(), 5, 11)
            * ramp(peak - after, 3, 7)
        )
    return score


def cry(figures: Array) -> Array:
    """Likeness of each window to a person who cries out, 0..1: a shrill tone that begins far louder
    than the sound just before, and lasts without a pause.

    0 where the sound before is too short to compare with.
    """
    score = np.zeros(len(figures))
    level = figures[:, CRY_DB]
    loud = (level > MIN_CRY_LEVEL) & (figures[:, TONE_SHARE] > MIN_TONE_SHARE)
    past = round(CRY_PAST * RATE / HOP)
    audible = figures[:, LEVEL] > SILENCE
    for first, stop in runs_of_true(loud):
        before = slice(max(0, first - past), max(0, first - 2))
        if audible[before].sum() < RATE / HOP / 2:
            continue
        usual = float(np.percentile(level[before], 90))
        for start, end in _unbroken(level, first, stop):
            part = slice(start, end)
            seconds = np.array([(end - start) * HOP / RATE])
            rise = np.array([float(np.median(level[part])) - usual])
            shrill = np.array([float(np.median(figures[part, SHRILL_SHARE]))])
            score[part] = (
                ramp(seconds, *CRY_SECONDS) * ramp(rise, *CRY_RISE) * ramp(shrill, 0.25, 0.5)
            )
    return score


def _unbroken(level: Array, first: int, stop: int) -> list[tuple[int, int]]:
    """Starts and ends of the parts of `first`..`stop` in which `level` does not dip."""
    loud = np.flatnonzero(level[first:stop] >= level[first:stop].max() - DIP_DB) + first
    parts = np.split(loud, breaks(loud, MAX_DIP_WINDOWS + 1))
    return [(int(part[0]), int(part[-1]) + 1) for part in parts]


def _widen(sizzles: Array, step: float) -> Array:
    """The maximum within half of SIZZLE_REACH: at the ends of frying, half of the windows are
    without it."""
    reach = round(SIZZLE_REACH / 2 / step)
    return np.asarray(windows(sizzles, reach, reach, outside=0).max(1))


def _max_per_step(step_of: Steps, values: Array, steps: int) -> Array:
    """The maximum of the windows' `values` in each step, 0 without windows."""
    maximum = np.zeros(steps)
    np.maximum.at(maximum, step_of, values)
    return maximum
