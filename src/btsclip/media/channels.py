"""Channels of a take's sound: which of them reach both ears, and which one to play where they
do not.

A voice on one channel leaves one ear in silence; two channels in opposite phase cancel each other
out in every phone that plays them together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

# The channels of each layout that is measured channel by channel, in ffmpeg's order and names.
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
# How loud the left ear hears each channel when ffmpeg makes stereo of them; the right ear likewise.
LEFT = {"FL": 1.0, "FC": 0.5**0.5, "BL": 0.5**0.5, "SL": 0.5**0.5, "BC": 0.5}
RIGHT = {"FR": 1.0, "FC": 0.5**0.5, "BR": 0.5**0.5, "SR": 0.5**0.5, "BC": 0.5}
# Samples of the windows in which levels are compared: half a second at 16 kHz.
WINDOW = 8_000
# dB by which an ear must stay below the other one to count as silent, and the share of the windows
# in which it may come nearer: somebody plugs in a cable.
MIN_GAP, MAX_LIVE = 30.0, 0.02
# dBFS below which there is nothing to be heard on either side.
MIN_LEVEL = -60.0
# Correlation of both ears from which on they cancel each other out: their sum is 8 dB quieter.
OPPOSITE = -0.7

Samples = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class OneChannel:
    """The only channel of a sound to play, counted from 0, and why."""

    number: int
    why: str


def layout_of(name: str, channels: int | None) -> str:
    """The layout of LAYOUTS to decode a sound to; stereo for one that is not among them."""
    if name in LAYOUTS:
        return name
    return "mono" if channels == 1 else "stereo"


@dataclass
class ChannelMeter:
    """Compares the channels of a sound in `layout` over all samples that are added."""

    layout: str
    _channels: list[Samples] = field(default_factory=list)
    _ears: list[Samples] = field(default_factory=list)
    _products: Samples = field(default_factory=lambda: np.zeros(3))

    def add(self, samples: Samples) -> None:
        """Measures the next samples (n, channels), -1..1."""
        ears = to_stereo(samples, self.layout)
        left, right = ears.astype(np.float64).T
        self._products = self._products + np.array([left @ left, right @ right, left @ right])
        self._channels.append(_powers(samples))
        self._ears.append(_powers(ears))

    def one_channel(self) -> OneChannel | None:
        """The channel to play for both ears; None where the sound is right as it is."""
        if not self._ears or self.layout == "mono":
            return None
        channels, ears = (_decibels(np.concatenate(part)) for part in (self._channels, self._ears))
        levels, heard = (np.percentile(part, 95, axis=0) for part in (channels, ears))
        loudest, best = int(levels.argmax()), int(heard.argmax())
        if levels[loudest] < MIN_LEVEL:
            return None
        if heard[best] < levels[loudest] - MIN_GAP:
            return self._chosen(loudest, "neither ear would hear it")
        live = (ears[:, 1 - best] > heard[best] - MIN_GAP).mean()
        if live <= MAX_LIVE:
            side = ("right", "left")[best]
            return self._chosen(self._loudest_of(best, levels), f"the {side} side is silent")
        left, right, both = self._products
        if both <= OPPOSITE * np.sqrt(left * right):
            number = self._loudest_of(int(right > left), levels)
            return self._chosen(number, "left and right are in opposite phase")
        return None

    def _loudest_of(self, ear: int, levels: Samples) -> int:
        """The loudest of the channels that an ear hears, by their levels (channels,)."""
        return int(np.where(_weights(self.layout)[ear] > 0, levels, -np.inf).argmax())

    def _chosen(self, number: int, why: str) -> OneChannel:
        name = LAYOUTS[self.layout][number]
        name = {"FL": "left", "FR": "right"}.get(name, name)
        return OneChannel(number, f"{why}: both ears get the {name} channel")


def to_stereo(samples: Samples, layout: str) -> Samples:
    """What both ears hear (n, 2) of the samples (n, channels), as ffmpeg makes stereo of them."""
    if layout == "mono":
        return np.repeat(samples, 2, axis=1)
    return samples if layout == "stereo" else samples @ _weights(layout).T


def to_mono(samples: Samples, layout: str, channel: OneChannel | None = None) -> Samples:
    """One voice (n,) of the samples (n, channels): those of `channel`, else of the one to play by
    themselves, else all of them."""
    if channel is None:
        meter = ChannelMeter(layout)
        meter.add(samples)
        channel = meter.one_channel()
    if channel and channel.number < samples.shape[1]:
        return samples[:, channel.number]
    return np.asarray(to_stereo(samples, layout).mean(1))


def _weights(layout: str) -> Samples:
    """How loud each ear hears each channel, (2, channels), float32."""
    sides = [[side.get(name, 0.0) for name in LAYOUTS[layout]] for side in (LEFT, RIGHT)]
    weights = np.array(sides, np.float32)
    return np.asarray(weights / max(1.0, float(weights.sum(1).max())))


def _powers(samples: Samples) -> Samples:
    """Mean square of each window (windows, channels); what is left of the last one is passed over,
    unless it is the only one."""
    whole = len(samples) // WINDOW * WINDOW or len(samples)
    squares = samples[:whole].astype(np.float64) ** 2
    windows = max(1, whole // WINDOW)
    return np.asarray(squares.reshape(windows, -1, samples.shape[1]).mean(1))


def _decibels(power: Samples) -> Samples:
    return np.asarray(10 * np.log10(power + 1e-12))
