"""Errors of the detected beats of click tracks, also with a drifting tempo.

    python benchmarks/beats.py

Each track lasts a minute. A beat is *missed* if none is detected within 50 ms of it; a detected
beat is *false* if no beat is within 50 ms of it.
"""

from __future__ import annotations

import numpy as np

from btsclip.story.beats import RATE, beats_in

SECONDS = 60
MAX_ERROR_SECONDS = 0.05
# Beats a minute at the beginning and at the end of each track.
TEMPI = ((72, 72), (72, 80), (90, 90), (100, 112), (120, 120), (128, 110), (140, 140))


def clicks(first: float, last: float) -> tuple[np.ndarray, np.ndarray]:
    """A click track whose tempo goes from `first` to `last`, and the seconds of its beats."""
    times, beat = [], 0.35
    while beat < SECONDS - 1:
        times.append(beat)
        beat += 60 / (first + (last - first) * beat / SECONDS)
    samples = np.random.default_rng(0).normal(0, 1e-4, SECONDS * RATE)
    ring = np.arange(round(0.05 * RATE)) / RATE
    click = 0.8 * np.exp(-80 * ring) * np.sin(2 * np.pi * 1000 * ring)
    for time in times:
        begin = round(time * RATE)
        samples[begin : begin + len(click)] += click
    return samples.astype(np.float32), np.array(times)


def main() -> None:
    """Print a line for each track."""
    print("beats a minute   beats   median ms   95 % ms   missed   false")
    for first, last in TEMPI:
        samples, times = clicks(first, last)
        found = beats_in(samples)
        inside = found[
            (found > times[0] - MAX_ERROR_SECONDS) & (found < times[-1] + MAX_ERROR_SECONDS)
        ]
        off = np.array([np.abs(times - beat).min() for beat in inside])
        missed = sum(np.abs(found - time).min() > MAX_ERROR_SECONDS for time in times)
        right = off[off <= MAX_ERROR_SECONDS] * 1000
        print(
            f"{first:5g} to {last:<5g} {len(times):9d} {np.median(right):11.1f} "
            f"{np.quantile(right, 0.95):9.1f} {missed:8d} {(off > MAX_ERROR_SECONDS).sum():7d}"
        )


if __name__ == "__main__":
    main()
