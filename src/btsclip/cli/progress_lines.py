"""Progress where there is no terminal to draw on: a line on stderr now and then."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

# Seconds between two lines: often enough to see that work goes on, and a log stays readable.
EVERY = 10.0


@contextmanager
def progress_lines() -> Iterator[Callable[[str, float], None]]:
    """Prints how far the work is, every EVERY seconds while the block runs.

    Yields what is to be called with the name of a step and the share (0..1) of it that is done.
    Lines come from a thread of their own, since one step may take long to report anything.
    """
    latest: list[tuple[str, float]] = [("beginning", 0.0)]
    begun, ended = time.monotonic(), threading.Event()

    def update(name: str, share: float) -> None:
        latest[0] = (name, share)

    def tell() -> None:
        while not ended.wait(EVERY):
            print_progress(*latest[0], time.monotonic() - begun)

    teller = threading.Thread(target=tell, name="progress", daemon=True)
    teller.start()
    try:
        yield update
    finally:
        ended.set()
        teller.join()


def print_progress(name: str, share: float, passed: float) -> None:
    """One line: the step, the share (0..1) of it that is done, and the seconds passed as M:SS."""
    done = "done" if share >= 1 else f"{share:.0%}"
    minutes, seconds = divmod(round(passed), 60)
    line = f"{name}: {done}, {minutes}:{seconds:02d} so far"
    # A log that nobody reads any more is no reason to stop the work.
    with suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)
