"""Time of the analysis and of its parts, over the time of decoding the same file with ffmpeg.

Run: python benchmarks/speed.py [FOOTAGE ...] [--rounds 2] [--sizes 1080 2160]
     [--codecs libx264 libx265] [--threads 1 2]

Without files three takes are joined from the labeled parts of ../shared/footage (or the sample),
with a keyframe a second at 30 frames a second: `work` is all work, `mixed` less than half, and
`tenth` has a tenth of work in ten minutes. Decoding and analysis are timed in alternation, so that
a machine that slows down slows both. With --threads both run on this number of cores.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from btsclip.intervals import Span
from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.media.footage import Footage
from btsclip.media.frames import read_frames
from btsclip.media.glances import read_glances
from btsclip.media.probing import probe
from btsclip.media.sound import read_sound
from btsclip.moments.dense_frames import needs_dense_frames
from btsclip.signals.measure import DENSE_RATE, measure_signals
from btsclip.signals.model import STEP, Signals
from btsclip.signals.sound import measure_sound

ROOT = Path(__file__).parents[1]
# Seconds of the take with a tenth of work.
TENTH_SECONDS = 600.0


@dataclass(frozen=True)
class Part:
    """A labeled part of a take, in seconds."""

    video: Path
    start: float
    end: float
    works: bool


def main() -> None:
    """Print a line per take, size, codec and number of cores."""
    parser = argparse.ArgumentParser()
    parser.add_argument("footage", type=Path, nargs="*")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1080])
    parser.add_argument("--codecs", nargs="+", default=["libx264"])
    parser.add_argument("--threads", type=int, nargs="+", default=[os.cpu_count() or 1])
    options = parser.parse_args()
    print("take            cores  dense  analysis/decode  of which sound  glances  dense decoding")
    with tempfile.TemporaryDirectory() as name:
        takes = (
            join_parts(Path(name) / f"{kind}-{size}-{codec}.mp4", parts, size, codec)
            for size in options.sizes
            for codec in options.codecs
            for kind, parts in parts_by_take().items()
        )
        for path in options.footage or takes:
            for cores in options.threads:
                print_line(path, cores, options.rounds)


def print_line(path: Path, cores: int, rounds: int) -> None:
    """Time one take on `cores` cores."""
    allowed = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, set(allowed[:cores]))
    try:
        footage = probe(path)
        ratios, stages = [], []
        for _ in range(rounds):
            decoding = seconds(lambda: decode(path))
            start = time.perf_counter()
            signals = measure_signals(footage, needs_dense=needs_dense_frames)
            ratios.append((time.perf_counter() - start) / decoding)
            stages.append([part / decoding for part in time_stages(footage, signals)])
        middle = [statistics.median(column) for column in zip(*stages, strict=True)]
        print(
            f"{path.stem:24} {cores} {signals.dense.mean():6.2f}"
            f" {statistics.median(ratios):9.2f} ({min(ratios):.2f}-{max(ratios):.2f})",
            *(f"{part:10.2f}" for part in middle),
            flush=True,
        )
    finally:
        os.sched_setaffinity(0, set(allowed))


def time_stages(footage: Footage, signals: Signals) -> list[float]:
    """Seconds of measuring sound, and of decoding glances and dense frames."""
    steps = len(signals.times)
    return [
        seconds(lambda: measure_sound(read_sound(footage), steps, STEP)),
        seconds(lambda: sum(1 for _ in read_glances(footage))),
        seconds(lambda: sum(1 for _ in read_frames(footage, dense(signals), rate=DENSE_RATE))),
    ]


def dense(signals: Signals) -> list[Span]:
    """The spans that were read densely."""
    spans: list[Span] = []
    for time_, is_dense in zip(signals.times, signals.dense, strict=True):
        if is_dense and spans and time_ - spans[-1][1] < STEP / 2:
            spans[-1] = (spans[-1][0], float(time_) + STEP)
        elif is_dense:
            spans.append((float(time_), float(time_) + STEP))
    return spans


def parts_by_take() -> dict[str, list[Part]]:
    """The parts of each take: all work, less than half, and a tenth."""
    folder = ROOT.parent / "shared" / "footage"
    labels = sorted(folder.glob("*.labels.csv")) or [ROOT / "samples" / "kitchen.labels.csv"]
    parts = [
        Part(
            path.with_name(path.name.replace(".labels.csv", ".mp4")),
            float(row["start"]),
            float(row["end"]),
            row["process"] == "1",
        )
        for path in labels
        for row in csv.DictReader(path.open())
    ]
    work = [part for part in parts if part.works]
    rest = [part for part in parts if not part.works]
    length = sum(part.end - part.start for part in rest)
    few: list[Part] = []
    for part in work:
        if sum(p.end - p.start for p in few) + part.end - part.start < 0.8 * length:
            few.append(part)
    mixed = [part for part in parts if part in few or not part.works]
    tenth = [*_repeat(rest, 0.9 * TENTH_SECONDS), *_repeat(work, 0.1 * TENTH_SECONDS)]
    return {"work": work, "mixed": mixed, "tenth": tenth}


def _repeat(parts: list[Part], seconds: float) -> list[Part]:
    """`parts` repeated to about this number of seconds."""
    filled: list[Part] = []
    for part in itertools.cycle(parts):
        if sum(p.end - p.start for p in filled) >= seconds:
            return filled
        filled.append(part)
    return filled


def join_parts(target: Path, parts: list[Part], height: int, codec: str) -> Path:
    """Join `parts` to one take with a keyframe a second."""
    inputs = [
        argument
        for part in parts
        for argument in ("-ss", f"{part.start}", "-t", f"{part.end - part.start}", "-i", part.video)
    ]
    scaled = "".join(
        f"[{i}:v]scale={height * 16 // 9}:{height},setsar=1,fps=30[v{i}];"
        for i in range(len(parts))
    )
    joined = "".join(f"[v{i}][{i}:a]" for i in range(len(parts)))
    graph = f"{scaled}{joined}concat=n={len(parts)}:v=1:a=1[v][a]"
    quality = ["-preset", "veryfast", "-crf", "20", "-g", "30", "-keyint_min", "30"]
    run(
        *inputs,
        "-filter_complex",
        graph,
        "-map",
        "[v]",
        "-map",
        "[a]",
        "-c:v",
        codec,
        *quality,
        target,
    )
    return target


def decode(path: Path) -> None:
    """Decode all pictures once."""
    run("-i", path, "-map", "0:v:0", "-f", "null", "-")


def run(*arguments: str | Path) -> None:
    """Run ffmpeg; raise CalledProcessError when it fails."""
    subprocess.run([ffmpeg_path(), "-v", "error", "-y", *map(str, arguments)], check=True)


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
