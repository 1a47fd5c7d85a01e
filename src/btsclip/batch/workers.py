"""Worker processes on this machine, which may die without taking the run with them.

What they log comes back with the result or the error of their task, so that it reaches the run's
log from any process or machine. The records of a killed worker are lost with it; that is logged.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

Result = TypeVar("Result")

# Seconds between looks of a worker at whether its parent is still there.
WATCH = 0.5
# The file beside the clips that all of it comes together in.
LOG = "btsclip.log"
# Libraries whose warnings are about footage that btsclip judges by itself.
CHATTY = ("libav", "PIL", "moviepy", "fontTools")


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


class _Worker(SpawnProcess):
    """A process that never hears Ctrl-C, not even while it is starting: its parent does."""

    def start(self) -> None:
        """Starts it; signals that are held back here stay held back in the new process."""
        if not hasattr(signal, "pthread_sigmask"):
            return super().start()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            return super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Workers(SpawnContext):
    """Starts a new interpreter for each worker (a fork would take over locks of threads that are
    not there), and knows all of them from the first moment: one that is still starting can be
    ended too."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[_Worker] = []

    def Process(self, *args: Any, **named: Any) -> _Worker:  # type: ignore[override]
        """One more worker."""
        self.started.append(_Worker(*args, **named))
        return self.started[-1]

    def end(self) -> None:
        """Kills all of them with their ffmpegs."""
        for worker in self.started:
            if worker.pid is not None:
                _end_group(worker.pid)
                worker.kill()
        self.started.clear()


class LocalPool:
    """`jobs` processes on this machine, each of which may use `threads` threads. `scratch` is made
    for what they need for a moment, and is the caller's to take away."""

    def __init__(
        self, jobs: int, threads: int, font: Path | None = None, scratch: Path | None = None
    ) -> None:
        from concurrent.futures.process import BrokenProcessPool

        self.width = jobs
        self.lost: tuple[type[BaseException], ...] = (BrokenProcessPool,)
        self.threads = threads
        self._own = (os.getpid(), threads, font, scratch.resolve() if scratch else None)
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
        self._workers.end()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _start(self) -> None:
        self._workers = _Workers()
        self._executor = ProcessPoolExecutor(
            self.width, mp_context=self._workers, initializer=_begin_work, initargs=self._own
        )


def _end_group(pid: int) -> None:
    """Kills a worker with its ffmpegs."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGTERM)


def _begin_work(parent: int, threads: int, font: Path | None, scratch: Path | None) -> None:
    """What each worker does first."""
    import cv2

    from btsclip.captions import use_font
    from btsclip.media import ffmpeg

    # The parent hears Ctrl-C and ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ffmpeg.lead_group()
    threading.Thread(target=_end_with, args=(parent,), name="watch", daemon=True).start()
    if scratch:
        scratch.mkdir(parents=True, exist_ok=True)
        tempfile.tempdir = str(scratch)
    cv2.setNumThreads(threads)
    if font:
        use_font(font)


def _end_with(parent: int) -> None:
    """Ends this worker and its ffmpegs when its parent was killed."""
    while os.getppid() == parent:
        time.sleep(WATCH)
    _end_group(os.getpid())
    os._exit(1)


@dataclass(frozen=True)
class LogRecord:
    """One thing that was logged: level, logger, Unix time in seconds, and the text as it stands."""

    level: int
    logger: str
    when: float
    text: str


@dataclass(frozen=True)
class LoggedResult(Generic[Result]):
    """The result of a call, and what was logged on the way to it."""

    result: Result
    records: tuple[LogRecord, ...]


class _Keeper(logging.Handler):
    """Keeps records as plain text, which can be sent anywhere."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.kept: list[LogRecord] = []
        self._text = logging.Formatter("%(message)s")

    def emit(self, record: logging.LogRecord) -> None:
        text = self._text.format(record)
        self.kept.append(LogRecord(record.levelno, record.name, record.created, text))


def capture_logs(call: Callable[..., Result], *args: Any) -> LoggedResult[Result]:
    """Calls `call` with `args` in a worker and keeps what is logged meanwhile. An error carries it
    as its `records`."""
    keeper, root = _Keeper(), logging.getLogger()
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    root.addHandler(keeper)
    try:
        return LoggedResult(call(*args), tuple(keeper.kept))
    except Exception as error:
        error.records = tuple(keeper.kept)  # type: ignore[attr-defined]
        raise
    finally:
        root.removeHandler(keeper)


def replay_logs(records: Iterable[LogRecord]) -> None:
    """Logs in this process what was logged in another one."""
    for record in records:
        logger = logging.getLogger(record.logger)
        if logger.isEnabledFor(record.level):
            again = logger.makeRecord(
                record.logger, record.level, "", 0, "%s", (record.text,), exc_info=None
            )
            again.created = record.when
            logger.handle(again)
