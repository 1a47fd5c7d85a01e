"""Peak memory of `btsclip cut` on 4K footage of two lengths.

Run: python benchmarks/memory.py [--seconds 20 80]

The takes are the sample scaled to 4K and looped. The figures are the peak resident sizes of the
process and of ffmpeg, by the operating system.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from btsclip.media.ffmpeg import ffmpeg_path

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Print a line per length."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, nargs="+", default=[20.0, 80.0])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for seconds in options.seconds:
            take = uhd(Path(name) / f"take{seconds:.0f}.mp4", seconds)
            own, children = peak_memory(take, Path(name) / f"out{seconds:.0f}")
            print(f"{seconds:5.0f} s of 4K: btsclip {own:.0f} MB, ffmpeg {children:.0f} MB")


def uhd(path: Path, seconds: float) -> Path:
    """`seconds` of the sample's working scenes in 4K: 10 s are encoded, then looped as packets."""
    part = path.with_name("part.mp4")
    if not part.exists():
        subprocess.run(
            [
                ffmpeg_path(), "-v", "error", "-y", "-ss", "7", "-t", "10", "-i",
                str(ROOT / "samples" / "kitchen.mp4"), "-vf", "scale=3840:2160", "-c:v", "libx264",
                "-preset", "ultrafast", "-g", "30", str(part),
            ],
            check=True,
        )  # fmt: skip
    subprocess.run(
        [
            ffmpeg_path(), "-v", "error", "-y", "-stream_loop", str(int(seconds / 10)), "-i",
            str(part), "-t", str(seconds), "-c", "copy", str(path),
        ],
        check=True,
    )  # fmt: skip
    return path


def peak_memory(take: Path, out: Path) -> tuple[float, float]:
    """Peak resident sizes in MB of `btsclip cut` and of its child processes."""
    code = (
        "import resource, sys; from btsclip.cli import app;"
        "app(['cut', sys.argv[1], '-o', sys.argv[2], '--count', '1'], standalone_mode=False);"
        "own, children = (resource.getrusage(who).ru_maxrss for who in"
        " (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN));"
        "print(own, children, file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(take), str(out)],
        check=True, capture_output=True, text=True, env=os.environ,
    )  # fmt: skip
    own, children = (int(part) / 1024 for part in result.stderr.split()[-2:])
    return own, children


if __name__ == "__main__":
    main()
