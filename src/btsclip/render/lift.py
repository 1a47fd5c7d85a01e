"""Quiet work within a moment, lifted by a slow gain.

The gain follows the level of the work over seconds, so that blows stay as sharp as they were and
the room does not breathe between them. Rests count for nothing, and a long rest is not lifted.
ffmpeg's dynaudnorm, set as slowly, hardly changed the loudness range of the same takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from btsclip.render.loudness import RATE
from btsclip.render.noise import DIGITAL_SILENCE, PIECES, WINDOW, Noise, Samples, window_powers

Mask = NDArray[np.bool_]

# dB by which work is lifted at most.
MAX_LIFT = 6.0
# A lift below this many dB is not worth a filter.
MIN_LIFT = 1.0
# Windows of the Gaussian over which levels and gains are taken: 1.5 s. So the gain changes by no
# more than MAX_LIFT / (1.5 s * sqrt(2 pi)) = 1.6 dB a second.
SPREAD = 15
# Percentile of the levels of a moment that is loud enough, and dB below it that are, too.
LOUD_PERCENTILE = 90
LOUD_RANGE = 1.0
# Windows of work, weighted by the Gaussian, without which there is nothing to lift.
MIN_WORK = 2.0


def lift_curve(powers: Samples, rests: Mask) -> Samples:
    """dB (n,) by which to lift each window of a moment with mean squares `powers` (n,).

    Args:
        rests: mask (n,) of windows in which nobody works.
    """
    work = ~rests
    weights = _spread(work.astype(float), "constant")
    known = weights >= MIN_WORK
    if not known.any():
        return np.zeros(len(powers))
    levels = 10 * np.log10(_spread(powers * work, "constant")[known] / weights[known])
    wanted = np.zeros(len(powers))
    wanted[known] = np.percentile(levels, LOUD_PERCENTILE) - LOUD_RANGE - levels
    weight = _spread(np.ones(len(powers)), "edge")
    return np.asarray(_spread(np.clip(wanted, 0.0, MAX_LIFT), "edge") / weight)


def lift_curves(paths: Sequence[Path], noises: Sequence[Noise | None]) -> list[Samples]:
    """The curves of the WAV files `paths` of one moment, as one: the gain does not jump at cuts."""
    powers = [window_powers(path) for path in paths]
    rests = [_rests(*both) for both in zip(powers, noises, strict=True)]
    ends = np.cumsum([len(part) for part in powers])[:-1]
    return np.split(lift_curve(np.concatenate(powers), np.concatenate(rests)), ends)


def lift_stream(stream: Any, curve: Samples, name: str, samples: int, folder: Path) -> Any:
    """The stream of `samples` samples in stereo at RATE, lifted by `curve`; the gain of each
    sample is written to the raw file `name` in the temp folder."""
    middles = (np.arange(len(curve)) + 0.5) * WINDOW
    gains = 10 ** (np.interp(np.arange(samples), middles, curve) / 20)
    np.repeat(gains, 2).astype("<f4").tofile(folder / name)
    gain = ffmpeg.input(name, f="f32le", ar=RATE, ac=2)["a"]
    return ffmpeg.filter([stream, gain], "amultiply")


def lift_in_rests(curve: Samples, noise: Noise) -> float:
    """dB by which `curve` lifts any rest at most."""
    rests = _rest_windows(noise, len(curve))
    return float(curve[rests].max(initial=0.0))


def _rests(powers: Samples, noise: Noise | None) -> Mask:
    silent = np.asarray(powers <= DIGITAL_SILENCE, bool)
    return silent if noise is None else silent | _rest_windows(noise, len(powers))


def _rest_windows(noise: Noise, length: int) -> Mask:
    """The mask (length,) of windows that hold a rest."""
    return np.asarray(noise.rests.reshape(-1, PIECES).max(axis=1)[:length])


def _spread(values: Samples, mode: Any) -> Samples:
    """Sums (n,) of `values` (n,) weighted by a Gaussian of SPREAD windows with a peak of 1."""
    reach = 4 * SPREAD
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / SPREAD) ** 2)
    return np.convolve(np.pad(values, reach, mode=mode), kernel, "valid")
