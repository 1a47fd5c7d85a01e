"""Progress without a terminal to draw on: a line on stderr every few seconds."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from btsclip.wording import clock

# Seconds between two lines: often enough to show that work goes on, rare enough for a log.
EVERY = 10.0


@contextmanager
def progress_lines() -> Iterator[Callable[[str, float], None]]:
    """Print progress every EVERY seconds while the block runs.

    Yields a function to call with the name of a step and its finished share (0..1). A separate
    thread prints the lines, because one step may report nothing for a long time.
    """
    latest: list[tuple[str, float]] = [("starting", 0.0)]
    start, end = time.monotonic(), threading.Event()

    def update(name: str, share: float) -> None:
        latest[0] = (name, share)

    def print_lines() -> None:
        while not end.wait(EVERY):
            print_progress(*latest[0], time.monotonic() - start)

    printer = threading.Thread(target=print_lines, name="progress", daemon=True)
    printer.start()
    try:
        yield update
    finally:
        end.set()
        printer.join()


def print_progress(name: str, share: float, seconds: float) -> None:
    """Print one line: the step, its finished share (0..1) and the elapsed time as M:SS."""
    done = "done" if share >= 1 else f"{share:.0%}"
    line = f"{name}: {done}, {clock(seconds)} so far"
    # A closed log must not stop the work.
    with suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)
