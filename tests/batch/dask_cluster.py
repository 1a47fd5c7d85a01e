"""A real dask scheduler and real workers, as processes on this machine."""

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

# Seconds for a process to start, and to end.
START_SECONDS = 30.0
END_SECONDS = 10.0


@contextmanager
def process(log: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `dask` with `arguments`, and kill its process group at the end. `log` gets the output."""
    with log.open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True,
            # Workers import the tasks from the folders of the tests.
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | environment,
        )  # fmt: skip
        try:
            yield child
        finally:
            for number in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(child.pid, number)
                    child.wait(END_SECONDS)
                except (ProcessLookupError, subprocess.TimeoutExpired):
                    continue


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """Run a scheduler; yields its address."""
    file = folder / "scheduler.json"
    with process(
        folder / "scheduler.log", "scheduler", "--host", "127.0.0.1", "--port", "0",
        "--no-dashboard", "--scheduler-file", str(file),
    ):  # fmt: skip
        import json

        wait_until(lambda: file.exists() and file.stat().st_size > 0)
        yield json.loads(file.read_text())["address"]


def worker(folder: Path, address: str, *more: str, **environment: str) -> Any:
    """A worker for one task at a time, which dask restarts when it dies."""
    count = len(list(folder.glob("worker*.log")))
    return process(
        folder / f"worker{count}.log", "worker", address, "--host", "127.0.0.1",
        "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder / f"space{count}"),
        *more, **environment,
    )  # fmt: skip


def wait_until(condition: Any, seconds: float = START_SECONDS) -> None:
    """Wait until `condition()` is true; fail after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition was never true"
        time.sleep(0.05)


def kill_first_worker_in(folder: Path) -> int:
    """Kill the first worker that runs ffmpeg below `folder`. Returns its process id."""
    import psutil

    pids: list[int] = []

    def runs_ffmpeg() -> bool:
        for child in psutil.process_iter(["cwd", "ppid"]):
            if str(child.info["cwd"]).startswith(f"{folder.resolve()}{os.sep}"):
                pids.append(child.info["ppid"])
        return bool(pids)

    wait_until(runs_ffmpeg)
    os.kill(pids[0], signal.SIGKILL)
    return pids[0]
