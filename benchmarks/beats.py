"""How near the beats that are found lie to those of click tracks, also where the tempo drifts.

    python benchmarks/beats.py

Each track lasts a minute. *Missed* are beats with none found within 50 ms, *false* those found
between the first and the last beat with none there.
"""

from __future__ import annotations

import numpy as np

from btsclip.story.beats import RATE, beats_in

SECONDS, NEAR = 60, 0.05
TEMPI = ((72, 72), (72, 80), (90, 90), (100, 112), (120, 120), (128, 110), (140, 140))


def clicks(first: float, last: float) -> tuple[np.ndarray, np.ndarray]:
    """A click track whose tempo goes from the one to the other, and when its beats are."""
    times, at = [], 0.35
    while at < SECONDS - 1:
        times.append(at)
        at += 60 / (first + (last - first) * at / SECONDS)
    samples = np.random.default_rng(0).normal(0, 1e-4, SECONDS * RATE)
    ring = np.arange(round(0.05 * RATE)) / RATE
    click = 0.8 * np.exp(-80 * ring) * np.sin(2 * np.pi * 1000 * ring)
    for time in times:
        begin = round(time * RATE)
        samples[begin : begin + len(click)] += click
    return samples.astype(np.float32), np.array(times)


def main() -> None:
    print("beats a minute   beats   median ms   95 % ms   missed   false")
    for first, last in TEMPI:
        samples, times = clicks(first, last)
        found = beats_in(samples)
        inside = found[(found > times[0] - NEAR) & (found < times[-1] + NEAR)]
        off = np.array([np.abs(times - beat).min() for beat in inside])
        missed = sum(np.abs(found - time).min() > NEAR for time in times)
        right = off[off <= NEAR] * 1000
        print(
            f"{first:5g} to {last:<5g} {len(times):9d} {np.median(right):11.1f} "
            f"{np.quantile(right, 0.95):9.1f} {missed:8d} {(off > NEAR).sum():7d}"
        )


if __name__ == "__main__":
    main()
