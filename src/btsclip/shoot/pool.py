"""Worker processes on this machine, which may die without taking the run with them."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeVar

Result = TypeVar("Result")

# Seconds between looks of a worker at whether its parent is still there.
WATCH = 0.5


class Pool(Protocol):
    """Where tasks run: `width` at once, each with `threads` threads. A lost worker fails its tasks
    with `lost`; after `renew` others run."""

    threads: int
    lost: tuple[type[BaseException], ...]

    @property
    def width(self) -> int:
        """How many tasks run at once, now."""
        ...

    def submit(self, call: Callable[..., Result], *args: Any) -> Future[Result]:
        """Begins `call` with `args`, all of which can be sent to another process."""
        ...

    def renew(self) -> None:
        """Starts anew after workers were lost, and makes an end of all that they left running."""
        ...

    def close(self) -> None:
        """Stops at once; what runs is lost."""
        ...


class LocalPool:
    """`jobs` processes on this machine, each of which may use `threads` threads."""

    def __init__(self, jobs: int, threads: int, font: Path | None = None) -> None:
        from concurrent.futures.process import BrokenProcessPool

        self.width = jobs
        self.lost: tuple[type[BaseException], ...] = (BrokenProcessPool,)
        self.threads, self._font = threads, font
        # A new interpreter each: a fork would take over locks of threads that are not there.
        self._context = get_context("spawn")
        self._start()

    def __enter__(self) -> LocalPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def submit(self, call: Callable[..., Result], *args: Any) -> Future[Result]:
        """Begins `call` with `args` in one of the processes."""
        return self._executor.submit(call, *args)

    def renew(self) -> None:
        """Ends all processes and what they started, and starts new ones."""
        self.close()
        self._start()

    def close(self) -> None:
        """Ends all processes and what they started."""
        while not self._pids.empty():
            self._known.add(self._pids.get())
        for pid in self._known:
            _end_group(pid)
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._known.clear()

    def _start(self) -> None:
        self._pids: SimpleQueue[int] = self._context.SimpleQueue()
        self._known: set[int] = set()
        self._executor = ProcessPoolExecutor(
            self.width,
            mp_context=self._context,
            initializer=_begin_work,
            initargs=(self._pids, os.getpid(), self.threads, self._font),
        )


def _end_group(pid: int) -> None:
    """Kills a worker with its ffmpegs."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGTERM)


def _begin_work(pids: SimpleQueue[int], parent: int, threads: int, font: Path | None) -> None:
    """What each worker does first."""
    import cv2

    from btsclip.captions import use_font
    from btsclip.media import ffmpeg

    # The parent hears Ctrl-C and ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ffmpeg.lead_group()
    pids.put(os.getpid())
    cv2.setNumThreads(threads)
    if font:
        use_font(font)
    threading.Thread(target=_end_with, args=(parent,), name="watch", daemon=True).start()


def _end_with(parent: int) -> None:
    """Ends this worker and its ffmpegs when its parent was killed."""
    while os.getppid() == parent:
        time.sleep(WATCH)
    _end_group(os.getpid())
    os._exit(1)
