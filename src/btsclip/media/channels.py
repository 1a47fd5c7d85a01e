"""Audio channels: which takes are not audible on both sides, and which channel to play then.

A voice on one channel leaves one ear in silence; two channels in opposite phase cancel each other
out in every phone that mixes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

# The channels of each measured layout, in ffmpeg's order and with its names.
LAYOUTS = {
    "mono": ("FC",),
    "stereo": ("FL", "FR"),
    "2.1": ("FL", "FR", "LFE"),
    "3.0": ("FL", "FR", "FC"),
    "4.0": ("FL", "FR", "FC", "BC"),
    "quad": ("FL", "FR", "BL", "BR"),
    "quad(side)": ("FL", "FR", "SL", "SR"),
    "5.0": ("FL", "FR", "FC", "BL", "BR"),
    "5.0(side)": ("FL", "FR", "FC", "SL", "SR"),
    "5.1": ("FL", "FR", "FC", "LFE", "BL", "BR"),
    "5.1(side)": ("FL", "FR", "FC", "LFE", "SL", "SR"),
    "6.1": ("FL", "FR", "FC", "LFE", "BC", "SL", "SR"),
    "7.1": ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR"),
}
# Gain of each channel in the left and right side of ffmpeg's stereo mix.
LEFT = {"FL": 1.0, "FC": 0.5**0.5, "BL": 0.5**0.5, "SL": 0.5**0.5, "BC": 0.5}
RIGHT = {"FR": 1.0, "FC": 0.5**0.5, "BR": 0.5**0.5, "SR": 0.5**0.5, "BC": 0.5}
# Samples of the windows in which levels are compared: half a second at 16 kHz.
WINDOW_SAMPLES = 8_000
# dB below the other side from which a side counts as silent.
MIN_GAP_DB = 30.0
# Share of windows in which a silent side may be louder, as when somebody plugs in a cable.
MAX_LIVE_SHARE = 0.02
# dBFS below which a take is silent.
MIN_LEVEL_DBFS = -60.0
# Correlation of both sides below which they cancel each other out: their sum is 8 dB quieter.
MAX_OPPOSITE_CORRELATION = -0.7

Samples = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class OneChannel:
    """The only channel to play, by its index from 0, and why."""

    number: int
    why: str


def layout_of(name: str, channels: int | None) -> str:
    """The layout of LAYOUTS to decode to; for other layouts, mono for one channel, else stereo."""
    if name in LAYOUTS:
        return name
    return "mono" if channels == 1 else "stereo"


@dataclass
class ChannelMeter:
    """Compare the channels of a sound in `layout` over all added samples."""

    layout: str
    _channels: list[Samples] = field(default_factory=list)
    _ears: list[Samples] = field(default_factory=list)
    _products: Samples = field(default_factory=lambda: np.zeros(3))

    def add(self, samples: Samples) -> None:
        """Add the next samples (n, channels), -1..1."""
        ears = to_stereo(samples, self.layout)
        left, right = ears.astype(np.float64).T
        self._products = self._products + np.array([left @ left, right @ right, left @ right])
        self._channels.append(_powers(samples))
        self._ears.append(_powers(ears))

    def one_channel(self) -> OneChannel | None:
        """The channel to play on both sides; None if the sound needs no change."""
        if not self._ears or self.layout == "mono":
            return None
        channels, ears = (_decibels(np.concatenate(part)) for part in (self._channels, self._ears))
        levels, ear_levels = (np.percentile(part, 95, axis=0) for part in (channels, ears))
        loudest, best = int(levels.argmax()), int(ear_levels.argmax())
        if levels[loudest] < MIN_LEVEL_DBFS:
            return None
        if ear_levels[best] < levels[loudest] - MIN_GAP_DB:
            return self._choice(loudest, "neither ear would hear it")
        live = (ears[:, 1 - best] > ear_levels[best] - MIN_GAP_DB).mean()
        if live <= MAX_LIVE_SHARE:
            side = ("right", "left")[best]
            return self._choice(self._loudest_in(best, levels), f"the {side} side is silent")
        left, right, both = self._products
        if both <= MAX_OPPOSITE_CORRELATION * np.sqrt(left * right):
            # Of equally loud sides the left one, whatever the rounding.
            number = self._loudest_in(int(right > 1.01 * left), levels)
            return self._choice(number, "left and right are in opposite phase")
        return None

    def _loudest_in(self, ear: int, levels: Samples) -> int:
        """The loudest channel in the mix of a side, by the levels (channels,)."""
        return int(np.where(_weights(self.layout)[ear] > 0, levels, -np.inf).argmax())

    def _choice(self, number: int, why: str) -> OneChannel:
        name = LAYOUTS[self.layout][number]
        name = {"FL": "left", "FR": "right"}.get(name, name)
        return OneChannel(number, f"{why}: both ears get the {name} channel")


def to_stereo(samples: Samples, layout: str) -> Samples:
    """Mix samples (n, channels) to stereo (n, 2) as ffmpeg does."""
    if layout == "mono":
        return np.repeat(samples, 2, axis=1)
    return samples if layout == "stereo" else samples @ _weights(layout).T


def to_mono(samples: Samples, layout: str, channel: OneChannel | None = None) -> Samples:
    """Mix samples (n, channels) to mono (n,): only `channel` if given, else the one channel that
    these samples call for, else all."""
    if channel is None:
        meter = ChannelMeter(layout)
        meter.add(samples)
        channel = meter.one_channel()
    if channel and channel.number < samples.shape[1]:
        return samples[:, channel.number]
    return np.asarray(to_stereo(samples, layout).mean(1))


def _weights(layout: str) -> Samples:
    """Gains of the channels in ffmpeg's stereo mix, (2, channels), float32."""
    sides = [[side.get(name, 0.0) for name in LAYOUTS[layout]] for side in (LEFT, RIGHT)]
    weights = np.array(sides, np.float32)
    return np.asarray(weights / max(1.0, float(weights.sum(1).max())))


def _powers(samples: Samples) -> Samples:
    """Mean square of each window (windows, channels), without an incomplete last window unless it
    is the only one."""
    whole = len(samples) // WINDOW_SAMPLES * WINDOW_SAMPLES or len(samples)
    squares = samples[:whole].astype(np.float64) ** 2
    windows = max(1, whole // WINDOW_SAMPLES)
    return np.asarray(squares.reshape(windows, -1, samples.shape[1]).mean(1))


def _decibels(power: Samples) -> Samples:
    return np.asarray(10 * np.log10(power + 1e-12))
