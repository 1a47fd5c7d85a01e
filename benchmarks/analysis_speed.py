"""Analysis time over the time of decoding the same file once with ffmpeg, in one run.

Run: python benchmarks/analysis_speed.py [FOOTAGE.mp4] [--rounds 3]

Without a file, ../shared/footage/pizza_day.mp4 (or the sample) is brought to 1080p with 1 s
keyframes first. Both are timed in turn, so that a machine that slows down slows both.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.media.probe import probe
from btsclip.signals.measure import measure

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Prints one line a round and the medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("footage", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = asked.footage or full_hd(Path(name))
        footage = probe(path)
        print(f"{path.name}: {footage.width}x{footage.height}, {footage.duration:.1f} s")
        ratios = []
        for _ in range(asked.rounds):
            decoding, analysis = seconds(lambda: decode(path)), seconds(lambda: measure(footage))
            ratios.append(analysis / decoding)
            print(f"decode {decoding:.2f} s, analysis {analysis:.2f} s, ratio {ratios[-1]:.2f}")
        print(f"median ratio {statistics.median(ratios):.2f}")


def full_hd(folder: Path) -> Path:
    """A 1080p H.264 take with a keyframe a second."""
    take = ROOT.parent / "shared" / "footage" / "pizza_day.mp4"
    source = take if take.is_file() else ROOT / "samples" / "kitchen.mp4"
    target = folder / "take.mp4"
    subprocess.run(
        [
            ffmpeg_path(), "-v", "error", "-i", str(source), "-vf", "scale=1920:1080", "-c:v",
            "libx264", "-preset", "veryfast", "-crf", "20", "-g", "30", "-c:a", "copy", str(target),
        ],
        check=True,
    )  # fmt: skip
    return target


def decode(path: Path) -> None:
    """Decodes the picture once."""
    subprocess.run(
        [ffmpeg_path(), "-v", "error", "-i", str(path), "-map", "0:v:0", "-f", "null", "-"],
        check=True,
    )


def seconds(work: object) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
