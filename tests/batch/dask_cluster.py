"""A real scheduler and real workers of dask, each a process of its own on this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Seconds for a process to begin, and to end.
BEGIN, END = 30.0, 10.0


@contextmanager
def process(log: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """`dask` with `arguments`, ended with all that it started. What it says goes to `log`."""
    with log.open("wb") as said:
        child = subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            stdout=said, stderr=said, stdin=subprocess.DEVNULL, start_new_session=True,
            # Tasks of the tests are found where the tests are.
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | environment,
        )  # fmt: skip
        try:
            yield child
        finally:
            for number in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(child.pid, number)
                    child.wait(END)
                except (ProcessLookupError, subprocess.TimeoutExpired):
                    continue


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """Its address."""
    file = folder / "scheduler.json"
    with process(
        folder / "scheduler.log", "scheduler", "--host", "127.0.0.1", "--port", "0",
        "--no-dashboard", "--scheduler-file", str(file),
    ):  # fmt: skip
        import json

        until(lambda: file.exists() and file.stat().st_size > 0)
        yield json.loads(file.read_text())["address"]


def worker(folder: Path, address: str, *more: str, **environment: str) -> Any:
    """One worker with a task at once, restarted by dask when it dies."""
    count = len(list(folder.glob("worker*.log")))
    return process(
        folder / f"worker{count}.log", "worker", address, "--host", "127.0.0.1",
        "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder / f"space{count}"),
        *more, **environment,
    )  # fmt: skip


def until(holds: Any, seconds: float = BEGIN) -> None:
    """Waits until `holds`; fails when it does not within `seconds`."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.05)


def kill_first_worker_in(folder: Path) -> int:
    """Kills the worker that is the first to run ffmpeg in a folder of `folder`; its process id."""
    import psutil

    found: list[int] = []

    def works() -> bool:
        for child in psutil.process_iter(["cwd", "ppid"]):
            if str(child.info["cwd"]).startswith(f"{folder.resolve()}{os.sep}"):
                found.append(child.info["ppid"])
        return bool(found)

    until(works)
    os.kill(found[0], signal.SIGKILL)
    return found[0]
