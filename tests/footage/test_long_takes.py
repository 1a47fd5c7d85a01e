"""Long and large takes: memory must not grow with them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from media import ffmpeg

SAMPLE = Path(__file__).parents[2] / "samples" / "kitchen.mp4"
STATUS = Path("/proc/self/status")
MOST_MEGABYTES = 700
# The peak since the program began: getrusage also counts what the test's own process held before.
ANALYSE = (
    "import re, sys; from btsclip import analyze; found = analyze(sys.argv[1]);"
    "peak = re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read());"
    "print(int(peak[1]) / 1024, len(found.moments))"
)


@pytest.mark.slow
@pytest.mark.skipif(not STATUS.exists(), reason="the system counts no memory")
def test_memory_stays_flat_over_4k_footage(tmp_path: Path) -> None:
    part = tmp_path / "part.mp4"
    ffmpeg(
        "-ss", "7", "-t", "5", "-i", SAMPLE, "-vf", "scale=3840:2160", "-c:v", "libx264",
        "-preset", "ultrafast", "-g", "30", part,
    )  # fmt: skip
    peaks = []
    for loops in (1, 7):
        take = tmp_path / f"take{loops}.mp4"
        ffmpeg("-stream_loop", str(loops), "-i", part, "-c", "copy", take)
        said = subprocess.run(
            [sys.executable, "-c", ANALYSE, str(take)], check=True, capture_output=True, text=True
        ).stdout.split()
        peaks.append(float(said[0]))
        assert int(said[1]) >= 1
    assert max(peaks) < MOST_MEGABYTES
    assert peaks[1] < 1.25 * peaks[0]
