"""Run tasks in parallel as they become ready, and record the result of each.

The result of a task may create more tasks. A task that fails is recorded and left; a task whose
worker is lost is retried; a task that takes far too long is killed with its worker. Only as many
tasks are started as there are workers, so that the most urgent task is always next and memory stays
bounded.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import math
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from btsclip.batch.ledger import Ledger
from btsclip.batch.workers import LOG_NAME, LoggedResult, Pool, capture_logs, replay_logs
from btsclip.errors import BtsclipError, NoRoomError, StoppedError
from btsclip.media import FULL, output_error
from btsclip.wording import limit

# Starts of a task that loses its worker each time.
MAX_ATTEMPTS = 4
# Seconds between interruptions of the wait, to show progress and react to Ctrl-C.
WAIT_SECONDS = 0.5
HOW_TO_RESUME = "then run it again: finished clips stay"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """One piece of work on a `take`.

    `key` is a digest of all that the result depends on. Tasks of higher `urgency` run first.
    `outputs` returns the files of a result, `then` the tasks that follow from it. After `limit`
    seconds the task counts as stuck.
    """

    key: str
    kind: str
    take: str
    subject: str
    call: Callable[..., Any]
    args: tuple[Any, ...]
    urgency: int = 0
    outputs: Callable[[Any], Iterable[Path]] = lambda result: ()
    then: Callable[[Any], Iterable[Task]] = lambda result: ()
    limit: float = math.inf


@dataclass(frozen=True)
class Failure:
    """A task that failed for good. `why` is one line; `cause` and `cure` are its two halves."""

    kind: str
    take: str
    subject: str
    why: str
    cause: str = ""
    cure: str = ""


@dataclass(frozen=True)
class Event:
    """A change of a task; `state` is queued, begun, done, failed or lost. `error` is the exception
    of a failed task."""

    state: str
    task: Task
    why: str = ""
    error: BaseException | None = None


Listener = Callable[[Event], None]


@dataclass
class Engine:
    """Run tasks in `pool`, and record them in `ledger` if there is one. With `fail_fast`, stop at
    the first failure.

    `on_event` is called with each event, `on_idle` about twice a second, `on_loss` after workers
    were lost.
    """

    pool: Pool
    ledger: Ledger | None = None
    on_event: Listener = lambda event: None
    on_idle: Callable[[], None] = lambda: None
    on_loss: Callable[[], None] = lambda: None
    fail_fast: bool = False
    failures: list[Failure] = field(default_factory=list)
    _waiting: list[tuple[int, int, Task]] = field(default_factory=list)
    _running: dict[Future[Any], Task] = field(default_factory=dict)
    _begun: dict[str, float] = field(default_factory=dict)
    _attempts: Counter[str] = field(default_factory=Counter)
    _order: Iterator[int] = field(default_factory=itertools.count)

    def run(self, tasks: Iterable[Task]) -> None:
        """Run `tasks` and all that follow from them.

        Raises OutputError when the ledger can't be written, and NoRoomError when a task finds the
        disk full. Running tasks are then lost; finished ones stay.
        """
        for task in tasks:
            self._queue(task)
        while self._waiting or self._running:
            while self._waiting and self._has_room(self._waiting[0][2]):
                self._begin(heapq.heappop(self._waiting)[2])
            done, _ = wait(self._running, timeout=WAIT_SECONDS, return_when=FIRST_COMPLETED)
            self.on_idle()
            lost: list[Task] = []
            for future in done:
                task, error = self._running.pop(future), future.exception()
                if isinstance(error, self.pool.lost):
                    lost.append(task)
                elif isinstance(error, StoppedError):
                    self._retry(task)
                else:
                    for following in self._finish(task, future):
                        self._queue(following)
            overdue = [] if lost else self._overdue()
            if lost or overdue:
                self._renew(lost, overdue)
            if self.failures and self.fail_fast:
                return

    def _queue(self, task: Task) -> None:
        self.on_event(Event("queued", task))
        self._add(task)

    def _add(self, task: Task) -> None:
        heapq.heappush(self._waiting, (-task.urgency, next(self._order), task))

    def _has_room(self, task: Task) -> bool:
        """Whether `task` may start now. A task that was lost runs alone: if it kills its worker
        again, no other task is lost."""
        if self._attempts[task.key] or any(
            self._attempts[t.key] > 1 for t in self._running.values()
        ):
            return not self._running
        return len(self._running) < self.pool.width

    def _overdue(self) -> list[Task]:
        """The running tasks that are over their time limit."""
        now = time.monotonic()
        return [t for t in self._running.values() if now - self._begun[t.key] > t.limit]

    def _renew(self, lost: list[Task], overdue: Collection[Task]) -> None:
        """Restart all workers, since a lost one takes the others with it, and fail the `overdue`
        tasks."""
        others = [task for task in self._running.values() if task not in overdue]
        self._running.clear()
        self.pool.renew()
        self.on_loss()
        for task in overdue:
            self._fail(task, StoppedError(
                task.subject, f"did not end within {limit(task.limit)} and was stopped",
                "the file may be damaged: copy it from the camera again, or leave it out",
            ))  # fmt: skip
        if overdue:
            # The others were not stuck: this attempt does not count.
            self._attempts.subtract(task.key for task in others)
        for task in [*lost, *others]:
            self._retry(task)

    def _retry(self, task: Task) -> None:
        """Queue a lost task again, or fail it after too many attempts."""
        if self._attempts[task.key] < MAX_ATTEMPTS:
            self.on_event(Event("lost", task))
            self._add(task)
            return
        self._fail(task, StoppedError(
            task.subject, f"its process ended {MAX_ATTEMPTS} times before it was finished",
            "close other programs if memory was short, or copy the file from the camera again",
        ))  # fmt: skip

    def _begin(self, task: Task) -> None:
        self._attempts[task.key] += 1
        self._begun[task.key] = time.monotonic()
        if self.ledger:
            self.ledger.begin(task.key, task.kind, task.subject)
        self.on_event(Event("begun", task))
        try:
            future = self.pool.submit(capture_logs, task.call, *task.args)
        except self.pool.lost as error:
            future = Future()
            future.set_exception(error)
        self._running[future] = task

    def _finish(self, task: Task, future: Future[Any]) -> Iterable[Task]:
        """Record the result of a task; the tasks that follow from it."""
        error = future.exception()
        if error is None:
            logged: LoggedResult[Any] = future.result()
            replay_logs(logged.records)
            result = logged.result
            try:
                if self.ledger:
                    self.ledger.finish(task.key, task.outputs(result))
                following = list(task.then(result))
            except Exception as fault:
                # An error in one take must not stop the others.
                return self._fail(task, fault)
            self.on_event(Event("done", task))
            return following
        return self._fail(task, error)

    def _fail(self, task: Task, error: BaseException) -> Iterable[Task]:
        """Record a task that failed; no task follows from it."""
        replay_logs(getattr(error, "records", ()))
        if isinstance(error, OSError) and error.errno in FULL:
            error = output_error(Path(error.filename or task.subject), error)
        if isinstance(error, NoRoomError):
            raise NoRoomError(
                error.subject, error.cause, f"{error.cure}; {HOW_TO_RESUME}"
            ) from error
        log.debug("%s of %s failed", task.kind, task.subject, exc_info=error)
        why = cause = _error_text(error)
        cure = f"see {LOG_NAME}, and report it: this is a bug in btsclip"
        if isinstance(error, BtsclipError):
            cause, cure = error.cause, error.cure
        elif isinstance(error, OSError):
            cure = "check the disk and its permissions"
        if self.ledger:
            self.ledger.fail(task.key, why)
        self.failures.append(Failure(task.kind, task.take, task.subject, why, cause, cure))
        self.on_event(Event("failed", task, why, error))
        return ()


def _error_text(error: BaseException) -> str:
    """The message of an error; for a bug, with its type."""
    if isinstance(error, BtsclipError):
        return str(error)
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {error.strerror.lower()}"
    return f"{type(error).__name__}: {error}"
