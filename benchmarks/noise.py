"""Loudness and noise in rests of real takes: raised as far as the target calls for, and as it is.

Run: python benchmarks/noise.py [FOOTAGE ...] [--start 2] [--seconds 12]

Without files, the single takes of ../shared/footage/wild are measured, else the sample. A part of
every take with sound is leveled twice, without pictures: raised to the target whatever its noise,
and as a clip is. Both AAC files are decoded and measured in the same rests. `kind` tells noise from
sound that never rests, such as sizzling, which may get as loud as the target calls for. `shift` is
the time in milliseconds by which noise reduction moves the sound, from their correlation.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from btsclip.media.chapters import write_script
from btsclip.media.footage import Footage
from btsclip.media.probing import probe
from btsclip.plan.model import Clip, Span
from btsclip.presets.schema import Preset
from btsclip.render import loudness, mix, noise, process
from btsclip.render.graph import SOUND

ROOT = Path(__file__).parents[1]
WILD = ROOT.parent / "shared" / "footage" / "wild"
SAMPLE = ROOT / "samples" / "kitchen.mp4"
PRESET = Preset()
# Samples around no shift that are searched for it.
MAX_SHIFT = 2400


@dataclass(frozen=True)
class Measured:
    """A finished sound: LUFS, dBFS in the rests, and its samples (n,) in mono."""

    loudness: float
    noise: float
    samples: NDArray[np.float32]


def main() -> None:
    """Print a line per take, and how many are as loud and as quiet in rests as they should be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("footage", type=Path, nargs="*")
    parser.add_argument("--start", type=float, default=2.0)
    parser.add_argument("--seconds", type=float, default=12.0)
    options = parser.parse_args()
    takes = options.footage or (sorted(WILD.glob("*.[mow]*")) if WILD.is_dir() else [SAMPLE])
    print(f"{'':22} recorded          raised to target   as a clip")
    print(f"{'take':22}   LUFS   dBFS      LUFS   dBFS      LUFS   dBFS  kind     shift")
    rows = []
    for path in takes:
        footage = probe(path)
        start = min(options.start, footage.duration / 4)
        end = min(start + options.seconds, footage.duration)
        if footage.has_audio and (row := measure(footage, start, end)):
            rows.append(row)
    print_summary(rows)


def measure(footage: Footage, start: float, end: float) -> tuple[Measured, Measured, bool] | None:
    """The part of a take raised to the target and as a clip, and whether it holds noise; prints
    them. None for silence."""
    span = Span(source="take", start=start, end=end, layout="fit-blur")
    clip = Clip(id="part", kind="process", score=1, why="", spans=[span])
    with tempfile.TemporaryDirectory(prefix="btsclip-noise-") as name:
        folder = Path(name)
        write_script(footage, folder)
        stream = mix.span_sound(footage, span, round(span.seconds * loudness.RATE))
        recorded = loudness.write_and_measure(stream, loudness.MIX, folder)
        found = noise.measure_noise(folder / loudness.MIX)
        if found is None or recorded.loudness < loudness.NEAR_SILENCE:
            return None
        takes = {"take": footage}
        loudness.set_level(recorded, clip, takes, PRESET.sound, folder)
        raised = decode(folder, found)
        result = mix.make_sound(takes, clip, PRESET, folder, span.seconds)
        finished = decode(folder, found)
    is_noise = noise.is_unwanted(found, recorded.loudness)
    print(
        f"{footage.path.stem:22} {recorded.loudness:6.1f} {found.level:6.1f}"
        f"    {raised.loudness:6.1f} {raised.noise:6.1f}    {finished.loudness:6.1f}"
        f" {finished.noise:6.1f}  {'noise' if is_noise else 'no rests':8}"
        f" {shift(raised.samples, finished.samples):+5.2f}  {result.note}",
        flush=True,
    )
    return raised, finished, is_noise


def decode(folder: Path, found: noise.Noise) -> Measured:
    """The finished sound in `folder`, measured in the rests that were found in the recording."""
    name = "decoded.wav"
    level = loudness.write_and_measure(ffmpeg.input(SOUND)["a"], name, folder)
    output = ffmpeg.input(name).output("mono.raw", f="f32le", ac=1)
    process.run_ffmpeg(["-loglevel", "error", *output.get_args()], folder)
    samples = np.fromfile(folder / "mono.raw", np.float32)
    return Measured(level.loudness, noise.noise_level(folder / name, found.rests), samples)


def shift(before: NDArray[np.float32], after: NDArray[np.float32]) -> float:
    """Milliseconds by which `after` is later than `before`, where they correlate best."""
    size = min(len(before), len(after))
    spectra = np.fft.rfft(before[:size], 2 * size).conj() * np.fft.rfft(after[:size], 2 * size)
    likeness = np.fft.irfft(spectra)
    near = np.concatenate([likeness[-MAX_SHIFT:], likeness[: MAX_SHIFT + 1]])
    return (int(near.argmax()) - MAX_SHIFT) / loudness.RATE * 1000


def print_summary(rows: list[tuple[Measured, Measured, bool]]) -> None:
    """Print how many clips reach the target, and how many keep their noise down."""
    noisy = [(raised, finished) for raised, finished, is_noise in rows if is_noise]
    for index, name in enumerate(("raised to target", "as a clip")):
        reached = sum(abs(row[index].loudness - PRESET.sound.loudness) <= 1 for row in rows)  # type: ignore[union-attr]
        quiet = sum(pair[index].noise <= noise.MAX_NOISE + 0.5 for pair in noisy)
        print(
            f"{name}: {reached} of {len(rows)} within 1 LU of the target; of {len(noisy)} with "
            f"noise, {quiet} keep it at or below {noise.MAX_NOISE:.0f} dBFS"
        )


if __name__ == "__main__":
    main()
