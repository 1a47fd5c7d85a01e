"""Shoots of many small files are cut in bounded memory and time."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import media
import pytest
from shoots import CLI, TAKES, Runs, visible
from small_shoot import LOOK, part

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")

COUNT = 120
# MiB of memory that the main process may need more than for a few takes.
MAX_GROWTH = 60


def small_takes(folder: Path, count: int) -> None:
    """Write `count` different takes of a second, and one that shows work."""
    folder.mkdir(parents=True)
    media.take(folder / "first.mp4", size=(160, 90), seconds=1.0, flash=0.4, sound="mono")
    data = (folder / "first.mp4").read_bytes()
    for number in range(1, count):
        # An extra atom, which players skip, makes the content different.
        (folder / f"take {number}.mp4").write_bytes(
            data + (16 + number).to_bytes(4, "big") + b"free" + bytes(8 + number)
        )
    part(folder / "chop.mp4", *TAKES["chop.mp4"])
    (folder / "look.toml").write_text(LOOK)


def peak(run: subprocess.Popen[str]) -> float:
    """Peak memory of a process in MiB, measured until it ends."""
    maximum = 0.0
    while run.poll() is None:
        try:
            status = Path(f"/proc/{run.pid}/status").read_text()
        except OSError:
            break
        for line in status.splitlines():
            if line.startswith("VmHWM"):
                maximum = max(maximum, int(line.split()[1]) / 1024)
        time.sleep(0.05)
    return maximum


def measure(runs: Runs) -> tuple[float, float, str]:
    """Seconds, peak memory in MiB and output of a run."""
    log = runs.temp.with_suffix(".log")
    with log.open("w") as file:
        began = time.monotonic()
        with runs.start(stdout=file, stderr=file) as run:
            memory = peak(run)
        assert run.returncode == 0, log.read_text()
    return time.monotonic() - began, memory, log.read_text()


@pytest.mark.slow
def test_many_takes_are_cut(tmp_path: Path, runs: Callable[..., Runs]) -> None:
    few, many = tmp_path / "few", tmp_path / "many"
    small_takes(few, 4)
    small_takes(many, COUNT)
    few_runs = runs(cold=True, shoot=few)
    few_runs.out = tmp_path / "few-out"
    _, few_memory, _ = measure(few_runs)
    many_runs = runs(cold=True, shoot=many)
    seconds, many_memory, _ = measure(many_runs)
    rows = json.loads((many_runs.out / "report.json").read_text())["rows"]
    assert len(rows) == COUNT + 2 and sum(row["state"] == "cut" for row in rows) == 1
    assert many_memory - few_memory < MAX_GROWTH
    before = visible(many_runs.out)
    again_seconds, _, output = measure(many_runs)
    began = time.monotonic()
    subprocess.run([*CLI, "--version"], check=True, capture_output=True)
    bare_seconds = time.monotonic() - began
    print(
        f"{COUNT} takes in {seconds:.1f} s, {many_memory:.0f} MiB (4 takes: {few_memory:.0f}); "
        f"again in {again_seconds:.2f} s, {again_seconds / bare_seconds:.1f} times --version"
    )
    assert visible(many_runs.out) == before and "analyzed" not in output
    # About 4 times on an idle machine; on a busy one, the start of Python varies.
    assert again_seconds < 20 * bare_seconds
