"""Shoots of many small files, and one long take: all is done, in bounded memory and time."""

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
# MiB that the program itself may take, workers not counted, beside what it needs for one take.
MOST_GROWTH = 60


def small_takes(folder: Path, count: int) -> None:
    """`count` takes of a second, each of another content, and one with work in it."""
    folder.mkdir(parents=True)
    media.take(folder / "first.mp4", size=(160, 90), seconds=1.0, flash=0.4, sound="mono")
    data = (folder / "first.mp4").read_bytes()
    for number in range(1, count):
        # The next atom, which players skip, makes it another file.
        (folder / f"take {number}.mp4").write_bytes(
            data + (16 + number).to_bytes(4, "big") + b"free" + bytes(8 + number)
        )
    part(folder / "chop.mp4", *TAKES["chop.mp4"])
    (folder / "look.toml").write_text(LOOK)


def peak(run: subprocess.Popen[str]) -> float:
    """The most MiB of memory that a process held, looked at until it ends."""
    most = 0.0
    while run.poll() is None:
        try:
            status = Path(f"/proc/{run.pid}/status").read_text()
        except OSError:
            break
        for line in status.splitlines():
            if line.startswith("VmHWM"):
                most = max(most, int(line.split()[1]) / 1024)
        time.sleep(0.05)
    return most


def measured(runs: Runs) -> tuple[float, float, str]:
    """Seconds and peak MiB of a run of the program itself, and what it said."""
    log = runs.temp.with_suffix(".log")
    with log.open("w") as file:
        began = time.monotonic()
        with runs.start(stdout=file, stderr=file) as run:
            most = peak(run)
        assert run.returncode == 0, log.read_text()
    return time.monotonic() - began, most, log.read_text()


@pytest.mark.slow
def test_many_takes_are_cut(tmp_path: Path, runs: Callable[..., Runs]) -> None:
    few, many = tmp_path / "few", tmp_path / "many"
    small_takes(few, 4)
    small_takes(many, COUNT)
    one = runs(cold=True, shoot=few)
    one.out = tmp_path / "few-out"
    _, least, _ = measured(one)
    mine = runs(cold=True, shoot=many)
    took, most, _ = measured(mine)
    rows = json.loads((mine.out / "report.json").read_text())["rows"]
    assert len(rows) == COUNT + 2 and sum(row["state"] == "cut" for row in rows) == 1
    assert most - least < MOST_GROWTH
    before = visible(mine.out)
    again, _, said = measured(mine)
    began = time.monotonic()
    subprocess.run([*CLI, "--version"], check=True, capture_output=True)
    bare = time.monotonic() - began
    print(f"{COUNT} takes in {took:.1f} s, {most:.0f} MiB (4 takes: {least:.0f}); again in "
          f"{again:.2f} s, {again / bare:.1f} times as long as --version")  # fmt: skip
    assert visible(mine.out) == before and "analyzed" not in said
    # About 4 times on a quiet machine; the starts of Python themselves vary on a busy one.
    assert again < 20 * bare
