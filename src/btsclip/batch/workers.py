"""Worker processes on this machine, which may die without ending the run.

Log records of a worker come back with the result or the error of its task, so that they reach the
log of the run from any process or machine. The records of a killed worker are lost; the log says
that it was killed.
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

# Seconds between checks of a worker that its parent is still alive.
PARENT_CHECK_SECONDS = 0.5
# The log next to the clips.
LOG_NAME = "btsclip.log"
# Libraries that warn about footage which btsclip checks itself.
SILENCED_LOGGERS = ("libav", "PIL", "moviepy", "fontTools")


class Pool(Protocol):
    """A pool of workers: `width` parallel tasks with `threads` threads each. The futures of a lost
    worker fail with one of the exceptions `lost`; after `renew`, new workers run."""

    threads: int
    lost: tuple[type[BaseException], ...]

    @property
    def width(self) -> int:
        """Number of parallel tasks at the moment."""
        ...

    def submit(self, call: Callable[..., Result], *args: Any) -> Future[Result]:
        """Start `call` with `args`, which must be picklable."""
        ...

    def renew(self) -> None:
        """Restart after workers were lost, and kill the processes that they left running."""
        ...

    def close(self) -> None:
        """Stop at once; running tasks are lost."""
        ...


class _Worker(SpawnProcess):
    """A process that ignores Ctrl-C even while it starts; the parent handles it."""

    def start(self) -> None:
        """Start the process; it inherits the blocked signals."""
        if not hasattr(signal, "pthread_sigmask"):
            return super().start()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            return super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Workers(SpawnContext):
    """Start a new interpreter for each worker, because a fork would copy the locks of threads that
    do not run in it. All workers are listed from the start, so that a starting one can be killed
    too."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[_Worker] = []

    def Process(self, *args: Any, **named: Any) -> _Worker:  # type: ignore[override]
        """Create another worker."""
        self.started.append(_Worker(*args, **named))
        return self.started[-1]

    def kill_all(self) -> None:
        """Kill all workers with their ffmpegs."""
        for worker in self.started:
            if worker.pid is not None:
                _kill_group(worker.pid)
                worker.kill()
        self.started.clear()


class LocalPool:
    """A pool of `jobs` processes on this machine with `threads` threads each. The workers create
    the folder `scratch` for their temporary files; the caller removes it."""

    def __init__(
        self, jobs: int, threads: int, font: Path | None = None, scratch: Path | None = None
    ) -> None:
        from concurrent.futures.process import BrokenProcessPool

        self.width = jobs
        self.lost: tuple[type[BaseException], ...] = (BrokenProcessPool,)
        self.threads = threads
        self._worker_args = (os.getpid(), threads, font, scratch.resolve() if scratch else None)
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
        """Start `call` with `args` in one of the processes.

        Raises one of `lost` when a process died just before.
        """
        try:
            return self._executor.submit(call, *args)
        except OSError as error:
            # A pool that breaks while it starts another process closes the pipes under it:
            # "handle is closed", with no error number. Errors of the system have one.
            if error.errno is None:
                raise self.lost[0](str(error)) from error
            raise

    def renew(self) -> None:
        """Kill all processes with their ffmpegs, and start new ones."""
        self.close()
        self._start()

    def close(self) -> None:
        """Kill all processes with their ffmpegs."""
        self._workers.kill_all()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _start(self) -> None:
        self._workers = _Workers()
        self._executor = ProcessPoolExecutor(
            self.width,
            mp_context=self._workers,
            initializer=_start_worker,
            initargs=self._worker_args,
        )


def _kill_group(pid: int) -> None:
    """Kill a worker with its ffmpegs."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGTERM)


def _start_worker(parent: int, threads: int, font: Path | None, scratch: Path | None) -> None:
    """Set up a worker process."""
    import cv2

    from btsclip.captions import use_font
    from btsclip.media import ffmpeg

    # The parent reacts to Ctrl-C and kills its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ffmpeg.lead_group()
    threading.Thread(target=_end_with_parent, args=(parent,), name="watch", daemon=True).start()
    if scratch:
        scratch.mkdir(parents=True, exist_ok=True)
        tempfile.tempdir = str(scratch)
    cv2.setNumThreads(threads)
    if font:
        use_font(font)


def _end_with_parent(parent: int) -> None:
    """Kill this worker and its ffmpegs when its parent was killed."""
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_SECONDS)
    _kill_group(os.getpid())
    os._exit(1)


@dataclass(frozen=True)
class LogRecord:
    """A log record: level, name of the logger, Unix time in seconds, and the formatted text."""

    level: int
    logger: str
    when: float
    text: str


@dataclass(frozen=True)
class LoggedResult(Generic[Result]):
    """The result of a call, with its log records."""

    result: Result
    records: tuple[LogRecord, ...]


class _RecordKeeper(logging.Handler):
    """Keep records as plain text, which can always be pickled."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.records: list[LogRecord] = []
        self._formatter = logging.Formatter("%(message)s")

    def emit(self, record: logging.LogRecord) -> None:
        text = self._formatter.format(record)
        self.records.append(LogRecord(record.levelno, record.name, record.created, text))


def capture_logs(call: Callable[..., Result], *args: Any) -> LoggedResult[Result]:
    """Call `call` with `args` and keep the log records. An exception gets them as an attribute
    `records`."""
    keeper, root = _RecordKeeper(), logging.getLogger()
    for name in SILENCED_LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    root.addHandler(keeper)
    try:
        return LoggedResult(call(*args), tuple(keeper.records))
    except Exception as error:
        error.records = tuple(keeper.records)  # type: ignore[attr-defined]
        raise
    finally:
        root.removeHandler(keeper)


def replay_logs(records: Iterable[LogRecord]) -> None:
    """Log the records of another process in this one."""
    for record in records:
        logger = logging.getLogger(record.logger)
        if logger.isEnabledFor(record.level):
            replayed = logger.makeRecord(
                record.logger, record.level, "", 0, "%s", (record.text,), exc_info=None
            )
            replayed.created = record.when
            logger.handle(replayed)
