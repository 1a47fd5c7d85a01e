"""Time and memory of `btsclip batch`, compared with `btsclip cut` take by take.

Run: python benchmarks/batch.py [FILES]

A shoot of FILES (24) takes of 5 s is made from parts of samples/kitchen.mp4 and, if it exists, of
../shared/footage. It is cut by `btsclip cut` for each take, by `batch --jobs 1` and by
`batch --jobs 2`, each with an empty cache, then once more when it is finished. Clips are small
(360x640), so that analysis and planning take about as long as rendering. Memory is the largest sum
of resident pages of the parent, and of all its children, at ten samples a second.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.media.probing import probe

ROOT = Path(__file__).parents[1]
PROGRAM = [sys.executable, "-c", "from btsclip.cli import main; main()"]
SECONDS = 5.0
LOOK = """
extends = "honest-kitchen"
count = 1
[output]
width = 360
height = 640
[length]
min = 3.0
target = 4.0
max = 5.0
"""


@dataclass
class Run:
    """Seconds of a command, its exit code, and its peak memory in bytes."""

    seconds: float
    code: int
    parent: int
    children: int


def main() -> None:
    """Print one table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    with tempfile.TemporaryDirectory(prefix="btsclip-bench-") as name:
        folder = Path(name)
        takes = make_shoot(folder / "shoot", count)
        (folder / "look.toml").write_text(LOOK)
        look = ("--preset", str(folder / "look.toml"))
        single = [
            run(folder, "cut", str(take), *look, "-o", str(folder / f"one-{number}"))
            for number, take in enumerate(takes)
        ]
        rows = {"one by one": Run(
            sum(r.seconds for r in single), max(r.code for r in single),
            max(r.parent for r in single), max(r.children for r in single),
        )}  # fmt: skip
        for jobs in (1, 2):
            shutil.rmtree(folder / "cache", ignore_errors=True)
            out = folder / f"jobs-{jobs}"
            command = ("batch", str(folder / "shoot"), *look, "-o", str(out), "--jobs", str(jobs))
            rows[f"batch --jobs {jobs}"] = run(folder, *command)
            rows[f"the same, finished ({jobs})"] = run(folder, *command)
        next((folder / "jobs-2").glob("*.mp4")).unlink()
        rows["one clip lost"] = run(folder, *command)
        show(rows, len(takes))


def make_shoot(folder: Path, count: int) -> list[Path]:
    """Make `count` takes, each from a different part of the footage."""
    folder.mkdir()
    sources = [ROOT / "samples" / "kitchen.mp4"]
    sources += sorted((ROOT.parent / "shared" / "footage").glob("*.mp4"))
    takes = []
    for number in range(count):
        source = sources[number % len(sources)]
        max_start = probe(source).duration - SECONDS
        start = max_start * ((number // len(sources)) * 0.618 % 1.0)
        path = folder / f"take-{number:02d}.mp4"
        subprocess.run(
            [ffmpeg_path(), "-v", "error", "-ss", f"{start:.2f}", "-t", f"{SECONDS}", "-i",
             str(source), "-c:v", "libx264", "-preset", "veryfast", "-g", "30", "-c:a", "aac",
             "-metadata", f"creation_time=2026-05-03T10:{number:02d}:00Z", str(path)],
            check=True,
        )  # fmt: skip
        takes.append(path)
    return takes


def run(folder: Path, *arguments: str) -> Run:
    """Run btsclip, and measure its memory meanwhile."""
    began = time.perf_counter()
    environment = {**os.environ, "BTSCLIP_CACHE": str(folder / "cache")}
    with (folder / "output.txt").open("a") as output:
        process = subprocess.Popen(
            [*PROGRAM, *arguments], stdout=output, stderr=output, env=environment
        )
        peaks = [0, 0]
        watcher = threading.Thread(target=_watch, args=(process, peaks))
        watcher.start()
        code = process.wait()
        seconds = time.perf_counter() - began
        watcher.join()
    return Run(seconds, code, *peaks)


def _watch(process: subprocess.Popen[bytes], peaks: list[int]) -> None:
    """Update the peak memory of the process and of its children, in bytes, until it ends."""
    while process.poll() is None:
        peaks[0] = max(peaks[0], _resident(process.pid))
        peaks[1] = max(peaks[1], sum(map(_resident, _descendants(process.pid))))
        time.sleep(0.1)


def _resident(pid: int) -> int:
    """Bytes of memory of a process; 0 when it has ended (Linux)."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _descendants(pid: int) -> list[int]:
    """All processes started by a process, directly or not."""
    processes: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in task.read_text().split()]
        except OSError:
            continue
        for child in children:
            processes += [child, *_descendants(child)]
    return processes


def show(rows: dict[str, Run], takes: int) -> None:
    """Print the table, with ratios to the takes one by one and the efficiency of two jobs."""
    first = rows["one by one"].seconds
    print(f"{takes} takes of {SECONDS:g} s        seconds  ratio  exit  parent MB  children MB")
    for name, row in rows.items():
        print(
            f"{name:28} {row.seconds:7.1f} {row.seconds / first:6.2f} {row.code:5}"
            f" {row.parent / 1e6:10.0f} {row.children / 1e6:12.0f}"
        )
    one, two = rows["batch --jobs 1"].seconds, rows["batch --jobs 2"].seconds
    print(f"two jobs are {one / two:.2f} times as fast as one: {one / two / 2:.0%} of two")


if __name__ == "__main__":
    main()
