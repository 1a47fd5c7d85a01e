"""The steady noise of a sound, such as hiss or a fan: measured in the sound's rests, and lowered.

In every band of frequencies, noise is what even the quietest windows hold (after R. Martin, "Noise
Power Spectral Density Estimation Based on Optimal Smoothing and Minimum Statistics", 2001). A rest
is a window in which hardly anything else sounds.

Steady sizzling and running water look the same, but are the sound of work. Two things tell noise
apart: a level so low that nobody recorded it on purpose, or other sounds that stand far above it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from btsclip.render import process
from btsclip.render.loudness import RATE

Samples = NDArray[np.floating[Any]]

# dBFS that noise in the rests of a finished clip keeps below.
MAX_NOISE = -50.0
# Samples of a window: a tenth of a second, shorter than most rests between two strokes.
WINDOW = RATE // 10
# Pieces of a window, and the samples of each: a fiftieth of a second.
PIECES = 5
PIECE = WINDOW // PIECES
# Windows read at a time.
BATCH = 50
# Windows without which nothing is measured.
MIN_WINDOWS = 5
# Mean square below which a window is digital silence: it holds no noise to measure.
DIGITAL_SILENCE = 1e-9
# Percentile of the windows whose level in a band is noise.
STEADY_PERCENTILE = 10
# dB by which a rest may be louder than the steady noise.
REST_MARGIN = 6.0
# dB by which the sound as a whole stands above noise that a listener tells from it.
MIN_REST_GAP = 15.0
# dB by which a blow stands above the noise, and the pieces before and after it that are no rest.
# The ring of a knife's blow is 30 dB down after 60 ms, and afftdn smears it over the 10 ms before.
# Taken for noise, the rings alone kept chopping 6 dB quieter, or not, by where windows began.
BLOW_GAP = 20.0
BEFORE_BLOW = 1
AFTER_BLOW = 3
# Share of rests in a sound with such noise.
MIN_REST_SHARE = 0.05
# Centers in Hz of the bands in which ffmpeg's afftdn takes a profile of the noise.
BAND_CENTERS = (
    80, 120, 180, 270, 410, 620, 930, 1400, 2100, 3150, 4750, 7100, 10_700, 16_000, 24_000,
)  # fmt: skip
# dB below the loudest band from which a band counts as empty, such as above a codec's limit.
MAX_BAND_RANGE = 40.0
# Reduction in dB that sound survives without getting watery: in the rests of ten real takes, the
# kurtosis of the spectrum (a measure of musical noise) changed by a factor of 0.6 to 2.3, sounds
# 20 dB above the noise lost 0.2 dB, and those 6 to 15 dB above it 0.6 to 3 dB.
MAX_REDUCTION = 15.0
# Reductions below this are not worth a filter.
MIN_REDUCTION = 3.0
# dB by which the filter falls short of its figure in real rests, which are not noise alone.
SHORTFALL = 4.0
# dB by which the noise is overestimated, and bins over which gains are smoothed. Both keep single
# tones from surviving in the noise.
OVERESTIMATE = 8.0
SMOOTHED_BINS = 12
# dB from the RMS of white noise to what afftdn calls its noise floor, and that floor's range.
FLOOR_OFFSET = -3.0
FLOOR_RANGE = (-80.0, -20.0)
# Hz below which a room rumbles and hums, and phones play nothing.
RUMBLE_BELOW = 70
# Sample of the click that finds the filter's delay, and samples searched for it.
CLICK_AT = RATE // 4
CLICK_SAMPLES = RATE


@dataclass(frozen=True)
class Noise:
    """Steady noise: its RMS `level` in dBFS in the `rests`, a mask of pieces of windows.

    `bands` is its density around BAND_CENTERS, as the dBFS of white noise just as dense.
    """

    level: float
    rests: NDArray[np.bool_]
    bands: Samples


def measure_noise(path: Path) -> Noise | None:
    """The noise of the WAV file at `path`, in stereo at RATE; None for digital silence and for a
    sound of less than MIN_WINDOWS windows."""
    batches = [(_piece_powers(batch), _band_powers(batch)) for batch in _read_windows(path)]
    if not batches:
        return None
    pieces = np.concatenate([levels for levels, _ in batches])
    powers = pieces.reshape(-1, PIECES).mean(1)
    bands = np.concatenate([bands for _, bands in batches])
    live = powers > DIGITAL_SILENCE
    if live.sum() < MIN_WINDOWS:
        return None
    steady = np.percentile(bands[live], STEADY_PERCENTILE, axis=0).sum()
    rests = live & (powers < steady * 10 ** (REST_MARGIN / 10))
    if not rests.any():
        rests = live & (powers <= np.percentile(powers[live], STEADY_PERCENTILE))
    widths = np.diff(_band_edges())
    density = bands[rests].mean(0)[1:] / widths * (RATE / 2)
    quiet = _without_blows(np.repeat(rests, PIECES), pieces, powers[rests].mean())
    return Noise(float(_decibels(pieces[quiet].mean())), quiet, _decibels(density))


def _without_blows(rests: NDArray[np.bool_], pieces: Samples, noise: float) -> NDArray[np.bool_]:
    """The mask `rests` of pieces with mean squares `pieces`, without the pieces around those that
    stand BLOW_GAP above the mean square `noise`; all rests if none would be left."""
    blows = np.flatnonzero(pieces > noise * 10 ** (BLOW_GAP / 10))
    near = blows[:, None] + np.arange(-BEFORE_BLOW, AFTER_BLOW + 1)
    quiet = rests.copy()
    quiet[np.clip(near, 0, len(rests) - 1)] = False
    return quiet if quiet.any() else rests


def noise_level(path: Path, rests: NDArray[np.bool_]) -> float:
    """RMS in dBFS of the pieces `rests` of the WAV file at `path`."""
    powers = np.concatenate([_piece_powers(batch) for batch in _read_windows(path)])
    length = min(len(powers), len(rests))
    return float(_decibels(powers[:length][rests[:length]].mean()))


def window_powers(path: Path) -> Samples:
    """Mean square (n,) of the windows of the WAV file at `path`."""
    pieces = [_piece_powers(batch) for batch in _read_windows(path)]
    return np.concatenate(pieces).reshape(-1, PIECES).mean(1) if pieces else np.zeros(0)


def is_unwanted(noise: Noise, loudness: float) -> bool:
    """Whether `noise` of a sound of `loudness` LUFS is noise, and not the sound of work.

    What is too loud to be brought down to MAX_NOISE belongs to the place, like the hood over a
    stove or the music in a bar.
    """
    stands_out = loudness - noise.level >= MIN_REST_GAP and noise.rests.mean() >= MIN_REST_SHARE
    return noise.level < MAX_NOISE + (MAX_REDUCTION if stands_out else 0.0)


def reduction_for(level: float, gain: float) -> float:
    """dB by which to lower noise of `level` dBFS in a sound that is raised by `gain` dB; 0 if it
    stays below MAX_NOISE as it is."""
    excess = level + gain - MAX_NOISE
    if excess <= 0:
        return 0.0
    return min(max(excess + SHORTFALL, MIN_REDUCTION), MAX_REDUCTION)


def reduce_noise(stream: Any, noise: Noise, decibels: float) -> Any:
    """The stream in stereo at RATE with its noise lowered by about `decibels`, and no later than it
    was."""
    bands = np.maximum(noise.bands, noise.bands.max() - MAX_BAND_RANGE)
    floor = float(np.clip(bands.mean() + FLOOR_OFFSET + OVERESTIMATE, *FLOOR_RANGE))
    profile = "|".join(f"{band:.1f}" for band in bands - bands.mean())
    delay = filter_delay()
    stream = stream.filter("highpass", f=RUMBLE_BELOW)
    return _filter(stream.filter("apad", pad_len=delay), decibels, floor, profile).filter(
        "atrim", start_sample=delay
    ).filter("asetpts", "PTS-STARTPTS")  # fmt: skip


def _filter(stream: Any, decibels: float, floor: float, profile: str) -> Any:
    return stream.filter(
        "afftdn", noise_reduction=f"{decibels:.1f}", noise_floor=f"{floor:.1f}",
        noise_type="custom", band_noise=profile, gain_smooth=SMOOTHED_BINS,
    )  # fmt: skip


@lru_cache(maxsize=1)
def filter_delay() -> int:
    """Samples by which afftdn delays a sound, measured with a click.

    Its manual names none. It is 1200 samples in the ffmpeg we ship, and others may differ.
    """
    click = ffmpeg.input(
        f"aevalsrc='eq(n,{CLICK_AT})|eq(n,{CLICK_AT})':s={RATE}:d={CLICK_SAMPLES / RATE}",
        f="lavfi",
    )["a"]
    clicked = _filter(click.filter("aformat", sample_fmts="fltp"), MAX_REDUCTION, -80.0, "0")
    with tempfile.TemporaryDirectory(prefix="btsclip-") as name:
        output = clicked.output("click.wav", acodec="pcm_f32le")
        process.run_ffmpeg(["-loglevel", "error", *output.get_args()], Path(name))
        windows = np.concatenate(list(_read_windows(Path(name) / "click.wav")))
    return max(0, int(np.abs(windows).max(axis=2).argmax()) - CLICK_AT)


def _read_windows(path: Path) -> Iterator[Samples]:
    """Complete windows (n, WINDOW, 2), -1..1, of the WAV file at `path`, up to BATCH at a time."""
    import av

    size, samples = BATCH * WINDOW, 0
    kept: list[Samples] = []
    with av.open(str(path)) as file:
        for frame in file.decode(audio=0):
            kept.append(np.asarray(frame.to_ndarray(), np.float32).reshape(-1, 2))
            samples += len(kept[-1])
            if samples >= size:
                joined = np.concatenate(kept)
                yield joined[:size].reshape(BATCH, WINDOW, 2)
                kept, samples = [joined[size:]], samples - size
    whole = samples // WINDOW
    if whole:
        yield np.concatenate(kept)[: whole * WINDOW].reshape(whole, WINDOW, 2)


def _piece_powers(windows: Samples) -> Samples:
    """Mean square (n * PIECES,) of the pieces of windows (n, WINDOW, 2)."""
    pieces = windows.reshape(-1, PIECE, 2)
    return np.asarray(np.square(pieces, dtype=np.float64).mean((1, 2)))


def _band_powers(windows: Samples) -> Samples:
    """Mean square (n, bands) of windows in each band, the first of which is all below the others.
    The sum of a window's bands is about its mean square."""
    shape = np.hanning(WINDOW)[:, None]
    spectra = np.square(np.abs(np.fft.rfft(windows * shape, axis=1))).mean(2)
    spectra *= 2 / (WINDOW * np.square(shape).sum())
    edges = np.searchsorted(np.fft.rfftfreq(WINDOW, 1 / RATE), _band_edges())
    return np.asarray(np.add.reduceat(spectra, [0, *edges[:-1]], axis=1))


def _band_edges() -> Samples:
    """Borders in Hz of the bands around BAND_CENTERS, one more than these: the geometric means of
    neighbors."""
    centers = np.array(BAND_CENTERS, float)
    inner = np.sqrt(centers[:-1] * centers[1:])
    return np.array([centers[0] ** 2 / inner[0], *inner, RATE / 2])


def _decibels(power: Any) -> Any:
    return 10 * np.log10(np.maximum(power, 1e-13))
