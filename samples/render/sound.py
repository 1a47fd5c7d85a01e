"""The sample's sound, synthesised: room, dough, knife, a dropped spoon, sizzle, a voice."""

from __future__ import annotations

import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
SECONDS = 45.0
# Where the scenes begin; they are those of kitchen.js.
KNEAD, CHOP, MISHAP, STIR, PLATED = 5.0, 14.0, 23.0, 30.0, 38.0
KNEADS_A_SECOND, CHOPS_A_SECOND = 1.0, 3.0
DROP, FLIGHT = 1.6, 0.28
SPOKEN = "We knead it ten minutes, so that it holds its shape."

Sound = NDArray[np.float64]
random = np.random.default_rng(7)


def noise(seconds: float, low: float, high: float) -> Sound:
    """White noise between two frequencies in Hz, of unit deviation."""
    count = int(seconds * RATE)
    spectrum = np.fft.rfft(random.standard_normal(count))
    pitch = np.fft.rfftfreq(count, 1 / RATE)
    spectrum[(pitch < low) | (pitch > high)] = 0
    sound = np.fft.irfft(spectrum, count)
    return np.asarray(sound / sound.std())


def decay(seconds: float, half_life: float) -> Sound:
    """An envelope that begins at 1 and halves every `half_life` seconds."""
    return np.asarray(0.5 ** (np.arange(int(seconds * RATE)) / RATE / half_life))


def thud() -> Sound:
    """Dough pushed into the board."""
    body = noise(0.35, 40, 260) * decay(0.35, 0.05)
    body[: RATE // 50] *= np.linspace(0, 1, RATE // 50)
    return 0.12 * body


def chop() -> Sound:
    """A knife through carrot onto wood."""
    time = np.arange(int(0.16 * RATE)) / RATE
    wood = np.sin(2 * np.pi * 310 * time) + 0.6 * np.sin(2 * np.pi * 745 * time)
    return 0.35 * wood * decay(0.16, 0.012) + 0.16 * noise(0.16, 1500, 9000) * decay(0.16, 0.006)


def clatter() -> Sound:
    """A steel spoon on stone: inharmonic partials, struck again at every bounce."""
    time = np.arange(int(1.2 * RATE)) / RATE
    partials = [(1870, 1.0), (3120, 0.8), (4675, 0.6), (6240, 0.5), (8310, 0.35)]
    ring = sum(a * np.sin(2 * np.pi * f * time + 2 * f) for f, a in partials) * decay(1.2, 0.07)
    hit = 0.16 * ring + 0.25 * noise(1.2, 900, 12000) * decay(1.2, 0.012)
    whole = np.zeros(int(2.0 * RATE))
    for after, strength in ((0.0, 1.0), (0.22, 0.5), (0.44, 0.25), (0.6, 0.12)):
        at = int(after * RATE)
        whole[at : at + len(hit)] += strength * hit
    return whole


def sizzle(seconds: float) -> Sound:
    """Hot fat: high noise that crackles."""
    hiss = noise(seconds, 2500, 14000)
    crackle = (random.random(len(hiss)) < 0.0006) * random.random(len(hiss))
    crackle = np.convolve(crackle, decay(0.02, 0.002), "same") * noise(seconds, 1500, 12000)
    fade = np.minimum(1, np.minimum(np.arange(len(hiss)), np.arange(len(hiss))[::-1]) / RATE / 0.2)
    return (0.035 * hiss + 0.25 * crackle) * fade


def voice(text: str) -> Sound:
    """`text` spoken by espeak-ng, at RATE."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(["espeak-ng", "-v", "en-gb", "-s", "150", "-w", file.name, text], check=True)
        with wave.open(file.name) as spoken:
            rate = spoken.getframerate()
            samples = np.frombuffer(spoken.readframes(spoken.getnframes()), np.int16) / 32768
    at = np.arange(int(len(samples) * RATE / rate)) * rate / RATE
    return 0.3 * np.interp(at, np.arange(len(samples)), samples)


def put(track: Sound, start: float, sound: Sound) -> None:
    """Mixes `sound` into `track` from `start` seconds on."""
    at = int(start * RATE)
    part = sound[: len(track) - at]
    track[at : at + len(part)] += part


def render_sound() -> Sound:
    """The whole track, mono, peak below -3 dBFS."""
    track = 0.0018 * noise(SECONDS, 60, 4000) + 0.002 * noise(SECONDS, 45, 120)
    for push in np.arange(KNEAD + 0.5 / KNEADS_A_SECOND, CHOP, 1 / KNEADS_A_SECOND):
        put(track, push - 0.05, thud())
    for blow in np.arange(CHOP, MISHAP - 0.1, 1 / CHOPS_A_SECOND):
        put(track, blow, chop())
    put(track, KNEAD + 2.0, voice(SPOKEN))
    put(track, MISHAP + DROP + FLIGHT, clatter())
    put(track, STIR, sizzle(PLATED - STIR))
    put(track, PLATED + 0.4, 0.25 * clatter()[: RATE // 5] * np.linspace(1, 0, RATE // 5))
    return track * min(1.0, 0.7 / np.abs(track).max())


def write_wav(path: Path) -> None:
    """Writes the track as 16-bit stereo; the right channel is a little later, as in a room."""
    left = render_sound()
    right = 0.92 * np.roll(left, 14)
    frames = (np.stack([left, right], 1) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(frames.tobytes())
