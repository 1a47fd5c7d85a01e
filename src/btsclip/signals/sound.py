"""What is heard: level, onsets (blows, chops), frying, clatter and voices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import breaks, ramp, runs_of_true, windows
from btsclip.media.sound import RATE
from btsclip.signals.voice import voice_meter
from btsclip.signals.windows import (
    HOP,
    SILENCE,
    WINDOW,
    Array,
    Samples,
    Steps,
    Windows,
    decibels,
    per_step,
    percentile,
    steps_of,
    windows_around,
)

# Sounds this far below full scale count as silence.
FLOOR_DB = -60.0
# Rise of the log spectrum, in dB averaged over its bins, that makes an onset; and the seconds on
# either side whose usual rise counts: noise alone rises by about 3 dB at each window.
ONSET_DB, ONSET_REACH = 4.0, 3.0
# Seconds on either side over which frying must go on.
SIZZLE_REACH = 1.0
# Seconds before a clatter whose peaks it must exceed, and those after, past its own bounces.
PAST, BOUNCES, FUTURE = 5.0, 0.8, 4.0
# Bands in Hz: of all but hum and rumble, of hiss, and of hard things that hit each other.
HEARD, HISS, HARD = 300, (2500, 7000), 2000
# Seconds over which a blow's loudness is taken: things that fall ring on, a knife does not.
RING = 0.125
# Band in Hz of voices that cry out, and from where on most of a scream's energy lies; speech has it
# below.
CRIED, SHRILL = (300, 4000), 1000
# A cry lasts for some of these seconds without a pause, as laughter never does, and rises by some
# of these dB over what was heard in the seconds before. A dip by so many dB is a pause, if it is
# longer than so many windows.
CRY_SECONDS, CRY_RISE, CRY_PAST = (0.25, 0.45), (8, 14), 3.0
DIP, DIPS = 10.0, 2
# Least level of it in dB, and of what makes it a tone rather than noise.
CRY_LEVEL, TONAL = -45.0, 0.55
# What is measured on each window, as columns.
LEVEL, RISE, HIGH, SHARE, PEAKED, HIT, CRIES, HIGHER, TONES = range(9)


@dataclass(frozen=True)
class SoundSignals:
    """Per analysis step, each (steps,): `level` 0 (silence) to 1 (full scale), `onsets` as a count
    within the step, `sizzle` how much it sounds of steady frying, `clatter` of something hard that
    falls, `cry` of somebody who cries out, `voice` how likely a person speaks; the last four 0..1.
    Running water and rain sound like frying, and a shrill alarm like a cry.

    All of it depends only on what lies within 5 s, `voice` from Silero VAD on what came before."""

    level: Array
    onsets: Array
    sizzle: Array
    clatter: Array
    cry: Array
    voice: Array


def measure_sound(pieces: Iterable[NDArray[np.float32]], steps: int, step: float) -> SoundSignals:
    """Sound measured over `steps` analysis steps of `step` seconds each.

    How the sound is cut into pieces makes no difference, nor does silence before (beside the
    shift, in whole steps) or after it. See voice_meter for what finds voices.
    """
    windows, spectra, voice = Windows(), Spectra(), voice_meter()
    for piece in pieces:
        for part in windows.cut(piece):
            spectra.add(part)
        voice.add(piece)
    for part in windows.last():
        spectra.add(part)
    figures = spectra.figures(steps, step)
    at = steps_of(len(figures), step)
    number = np.maximum(1, np.bincount(at, minlength=steps))
    power = np.bincount(at, figures[:, LEVEL], steps) / number
    onset = is_onset(figures, steps, step)
    return SoundSignals(
        level=np.clip(1 - decibels(power) / FLOOR_DB, 0, 1),
        onsets=np.bincount(at, onset, steps).astype(float),
        sizzle=_widened(per_step(lambda some: sizzle(figures, some, step), steps), step),
        clatter=_most(at, clatter(figures, onset), steps),
        cry=_most(at, cry(figures), steps),
        voice=voice.voice(steps, step),
    )


class Spectra:
    """What is measured on the spectrum of each window, and kept of it."""

    def __init__(self) -> None:
        self._last: Array | None = None
        self._figures: list[Array] = []
        self._taper = np.hanning(WINDOW)

    def add(self, windows: Samples) -> None:
        """Measures the next windows (k, WINDOW)."""
        power = np.abs(np.fft.rfft(windows * self._taper, axis=1)) ** 2 + 1e-9
        log = 10 * np.log10(power)
        before = np.vstack([log[:1] if self._last is None else self._last, log[:-1]])
        self._last = log[-1:]
        low, high = (round(pitch * WINDOW / RATE) for pitch in HISS)
        # Bins on both sides of the spectrum; the taper's power: then a mean square of the samples.
        scale = 2 / WINDOW / (self._taper**2).sum()
        band = power[:, low:high]
        level = (windows.astype(np.float64) ** 2).mean(1)
        hiss, tenth = band.sum(1), (high - low) // 10
        bottom, shrill, top = (round(p * WINDOW / RATE) for p in (CRIED[0], SHRILL, CRIED[1]))
        voiced, few = power[:, bottom:top], (top - bottom) // 8
        heard = power[:, round(HEARD * WINDOW / RATE) :].sum(1)
        columns = {
            LEVEL: level,
            RISE: np.maximum(0, log - before).mean(1),
            HIGH: decibels(hiss * scale),
            SHARE: hiss / heard,
            # Of the strongest tenth of the bins: a third in noise, most in tones. Flatness would
            # do too, but for the holes that AAC leaves in noise.
            PEAKED: np.partition(band, -tenth, axis=1)[:, -tenth:].sum(1) / hiss,
            HIT: power[:, round(HARD * WINDOW / RATE) :].sum(1) * scale,
            CRIES: decibels(voiced.sum(1) * scale),
            HIGHER: power[:, shrill:top].sum(1) / voiced.sum(1),
            TONES: np.partition(voiced, -few, axis=1)[:, -few:].sum(1) / voiced.sum(1),
        }
        figures = np.stack([columns[i] for i in range(len(columns))], axis=1)
        self._figures.append(figures.astype(np.float32))

    def figures(self, steps: int, step: float) -> Array:
        """The columns LEVEL to TONES for the windows within `steps` steps, (n, 9)."""
        figures = np.concatenate(self._figures or [np.zeros((0, TONES + 1))])
        figures = figures[: int(np.searchsorted(steps_of(len(figures), step), steps))]
        heard = np.flatnonzero(figures[:, LEVEL] > SILENCE)
        # A recording that begins amid sound, or after silence, begins with no blow.
        figures[: (heard[0] if len(heard) else 0) + WINDOW // HOP + 1, RISE] = 0
        return figures


def is_onset(figures: Array, steps: int, step: float) -> Array:
    """1.0 where the spectrum rises steeply, most so within 50 ms, and is loud enough; else 0.

    Steeply means twice the median rise of the seconds around, not of the whole take: so what is
    recorded elsewhere, or silence, changes nothing here.
    """
    rises, audible = figures[:, RISE], figures[:, LEVEL] > SILENCE
    known = np.where(audible, rises, np.nan)
    usual = per_step(
        lambda at: percentile(windows_around(known, at, step, ONSET_REACH), 0.5), steps
    )
    usual = np.nan_to_num(usual)[steps_of(len(figures), step)]
    reach = 3
    peaks = windows(rises, reach, reach, outside=0).max(1)
    loud = windows(figures[:, LEVEL], 0, reach, outside=0).max(1)
    sudden = (rises == peaks) & (rises > np.maximum(ONSET_DB, 2 * usual))
    return np.asarray(sudden & (decibels(loud) > FLOOR_DB + 15), float)


def sizzle(figures: Array, at: Steps, step: float) -> Array:
    """How much each of the steps `at` sounds of frying, 0..1: high noise well above a room's hiss,
    that makes out much of the sound, has no tones, and stays while it crackles.

    Speech, knives and cymbals are high and loud too, but fall to the room's level in between.
    """
    audible = figures[:, LEVEL] > SILENCE

    def near(column: int) -> Array:
        return windows_around(np.where(audible, figures[:, column], np.nan), at, step, SIZZLE_REACH)

    high = near(HIGH)
    steady, usual = percentile(high, 0.2), percentile(high, 0.5)
    return np.asarray(
        ramp(np.isfinite(high).mean(1), 0.2, 0.4)
        * ramp(steady, -56, -44)
        * ramp(percentile(near(SHARE), 0.5), 0.1, 0.35)
        * ramp(-percentile(near(PEAKED), 0.5), -0.65, -0.5)
        * ramp(steady - usual, -13, -6)
    )


def clatter(figures: Array, onset: Array) -> Array:
    """How much each window sounds of something hard that falls or breaks, 0..1.

    A sudden rise over the whole spectrum, far louder than all of the PAST seconds, and than what
    follows its own bounces: else it is the first of many blows, or a louder scene that begins.
    Nothing is said where hardly anything was heard before.
    """
    score = np.zeros(len(figures))
    audible = figures[:, LEVEL] > SILENCE
    ring, past, bounces, future = (round(t * RATE / HOP) for t in (RING, PAST, BOUNCES, FUTURE))
    ringing = windows(figures[:, HIT], 0, ring - 1, outside=0)
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
    """How much each window sounds of somebody who cries out, 0..1: a shrill tone that sets in far
    louder than all that was heard just before, and lasts without a pause.

    Nothing is said where hardly anything was heard before.
    """
    score = np.zeros(len(figures))
    level = figures[:, CRIES]
    loud = (level > CRY_LEVEL) & (figures[:, TONES] > TONAL)
    past = round(CRY_PAST * RATE / HOP)
    audible = figures[:, LEVEL] > SILENCE
    for first, stop in runs_of_true(loud):
        before = slice(max(0, first - past), max(0, first - 2))
        if audible[before].sum() < RATE / HOP / 2:
            continue
        usual = float(np.percentile(level[before], 90))
        for start, end in _unbroken(level, first, stop):
            part = slice(start, end)
            lasts = np.array([(end - start) * HOP / RATE])
            rises = np.array([float(np.median(level[part])) - usual])
            shrill = np.array([float(np.median(figures[part, HIGHER]))])
            score[part] = (
                ramp(lasts, *CRY_SECONDS) * ramp(rises, *CRY_RISE) * ramp(shrill, 0.25, 0.5)
            )
    return score


def _unbroken(level: Array, first: int, stop: int) -> list[tuple[int, int]]:
    """The parts of first..stop in which `level` does not dip."""
    near = np.flatnonzero(level[first:stop] >= level[first:stop].max() - DIP) + first
    parts = np.split(near, breaks(near, DIPS + 1))
    return [(int(part[0]), int(part[-1]) + 1) for part in parts]


def _widened(sizzles: Array, step: float) -> Array:
    """The highest within half of SIZZLE_REACH: at its ends frying is only half heard."""
    reach = round(SIZZLE_REACH / 2 / step)
    return np.asarray(windows(sizzles, reach, reach, outside=0).max(1))


def _most(at: Steps, values: Array, steps: int) -> Array:
    """The highest of the `values` in each step, 0 where there is none."""
    most = np.zeros(steps)
    np.maximum.at(most, at, values)
    return most
