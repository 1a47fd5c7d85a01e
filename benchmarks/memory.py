"""Peak memory of `btsclip cut` on 4K footage of two lengths.

Run: python benchmarks/memory.py [--seconds 20 80]

The takes are the sample scaled to 4K and looped. The figure is the largest resident size of the
process and, apart from it, of ffmpeg, as the system counts them.
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
    """Prints one line a length."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, nargs="+", default=[20.0, 80.0])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for seconds in asked.seconds:
            take = uhd(Path(name) / f"take{seconds:.0f}.mp4", seconds)
            own, children = peaks(take, Path(name) / f"out{seconds:.0f}")
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


def peaks(take: Path, out: Path) -> tuple[float, float]:
    """Largest resident sizes in MB of `btsclip cut` and of the processes it started."""
    code = (
        "import resource, sys; from btsclip.cli import app;"
        "app(['cut', sys.argv[1], '-o', sys.argv[2], '--count', '1'], standalone_mode=False);"
        "own, other = (resource.getrusage(w).ru_maxrss for w in"
        " (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN));"
        "print(own, other, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(take), str(out)],
        check=True, capture_output=True, text=True, env=os.environ,
    )  # fmt: skip
    own, children = (int(part) / 1024 for part in done.stderr.split()[-2:])
    return own, children


if __name__ == "__main__":
    main()
