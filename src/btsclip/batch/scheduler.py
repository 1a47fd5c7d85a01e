"""Runs tasks as they become ready, a few at a time, and writes down how each of them went.

A task's result may make further tasks. What fails with a reason is noted and left; what is lost
with its worker is tried again; what takes far too long is ended with its worker. No more tasks are
begun than there are workers, so that the most urgent one is always the next and memory stays
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
from btsclip.batch.workers import LOG, LoggedResult, Pool, capture_logs, replay_logs
from btsclip.errors import BtsclipError, NoRoomError, StoppedError
from btsclip.media.output import FULL, output_error
from btsclip.wording import limit

# How often a task is begun whose worker is lost each time.
MOST_ATTEMPTS = 4
# Seconds after which the run looks up from waiting, to show progress and to hear Ctrl-C.
LOOK_UP = 0.5
GO_ON = "then run it again: what is done stays"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """One piece of work for a `take`. `key` names all that its result depends on; tasks of less
    `urgency` run later. `outputs` are the files that a result left, `then` the tasks that it makes
    possible. After `limit` seconds it is taken to hang."""

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
    """A task that failed for good, and why in the user's words: as one line, as cause and cure."""

    kind: str
    take: str
    subject: str
    why: str
    cause: str = ""
    cure: str = ""


@dataclass(frozen=True)
class Event:
    """What just happened to a task: `state` is queued, begun, done, failed or lost. `error` is what
    a failed one ended with."""

    state: str
    task: Task
    why: str = ""
    error: BaseException | None = None


Listener = Callable[[Event], None]


@dataclass
class Engine:
    """One run of tasks in `pool`, noted in `ledger` if there is one; with `fail_fast` until the
    first failure.

    `listen` hears what happens, `idle` is called now and then, `after_loss` when workers were lost.
    """

    pool: Pool
    ledger: Ledger | None = None
    listen: Listener = lambda event: None
    idle: Callable[[], None] = lambda: None
    after_loss: Callable[[], None] = lambda: None
    fail_fast: bool = False
    failures: list[Failure] = field(default_factory=list)
    _waiting: list[tuple[int, int, Task]] = field(default_factory=list)
    _running: dict[Future[Any], Task] = field(default_factory=dict)
    _begun: dict[str, float] = field(default_factory=dict)
    _attempts: Counter[str] = field(default_factory=Counter)
    _order: Iterator[int] = field(default_factory=itertools.count)

    def run(self, tasks: Iterable[Task]) -> None:
        """Runs `tasks` and all that come of them. Raises OutputError when the ledger can't be
        written, NoRoomError when a task finds the disk full; what was begun is then lost, what was
        done stays."""
        for task in tasks:
            self._queue(task)
        while self._waiting or self._running:
            while self._waiting and self._has_room(self._waiting[0][2]):
                self._begin(heapq.heappop(self._waiting)[2])
            done, _ = wait(self._running, timeout=LOOK_UP, return_when=FIRST_COMPLETED)
            self.idle()
            lost: list[Task] = []
            for future in done:
                task, error = self._running.pop(future), future.exception()
                if isinstance(error, self.pool.lost):
                    lost.append(task)
                elif isinstance(error, StoppedError):
                    self._try_again(task)
                else:
                    for following in self._finish(task, future):
                        self._queue(following)
            overdue = [] if lost else self._overdue()
            if lost or overdue:
                self._renew(lost, overdue)
            if self.failures and self.fail_fast:
                return

    def _queue(self, task: Task) -> None:
        self.listen(Event("queued", task))
        self._add(task)

    def _add(self, task: Task) -> None:
        heapq.heappush(self._waiting, (-task.urgency, next(self._order), task))

    def _has_room(self, task: Task) -> bool:
        """Whether `task` may be begun now. One that was lost runs alone: if it is what ends
        workers, it takes no other with it again."""
        if self._attempts[task.key] or any(
            self._attempts[t.key] > 1 for t in self._running.values()
        ):
            return not self._running
        return len(self._running) < self.pool.width

    def _overdue(self) -> list[Task]:
        """What has been running for longer than it may."""
        now = time.monotonic()
        return [t for t in self._running.values() if now - self._begun[t.key] > t.limit]

    def _renew(self, lost: list[Task], overdue: Collection[Task]) -> None:
        """Ends all workers, since a lost one takes the others with it; what is `overdue` fails."""
        others = [task for task in self._running.values() if task not in overdue]
        self._running.clear()
        self.pool.renew()
        self.after_loss()
        for task in overdue:
            self._failed(task, StoppedError(
                task.subject, f"did not end within {limit(task.limit)} and was stopped",
                "the file may be damaged: copy it from the camera again, or leave it out",
            ))  # fmt: skip
        if overdue:
            # They are not what hung.
            self._attempts.subtract(task.key for task in others)
        for task in [*lost, *others]:
            self._try_again(task)

    def _try_again(self, task: Task) -> None:
        """Puts off a task that was lost, or has it fail when that happened too often."""
        if self._attempts[task.key] < MOST_ATTEMPTS:
            self.listen(Event("lost", task))
            self._add(task)
            return
        self._failed(task, StoppedError(
            task.subject, f"its process ended {MOST_ATTEMPTS} times before it was through",
            "close other programs if memory was short, or copy the file from the camera again",
        ))  # fmt: skip

    def _begin(self, task: Task) -> None:
        self._attempts[task.key] += 1
        self._begun[task.key] = time.monotonic()
        if self.ledger:
            self.ledger.begin(task.key, task.kind, task.subject)
        self.listen(Event("begun", task))
        try:
            future = self.pool.submit(capture_logs, task.call, *task.args)
        except self.pool.lost as error:
            future = Future()
            future.set_exception(error)
        self._running[future] = task

    def _finish(self, task: Task, future: Future[Any]) -> Iterable[Task]:
        """Notes how a task went; the tasks that come of it."""
        error = future.exception()
        if error is None:
            home: LoggedResult[Any] = future.result()
            replay_logs(home.records)
            result = home.result
            try:
                if self.ledger:
                    self.ledger.finish(task.key, task.outputs(result))
                following = list(task.then(result))
            except Exception as trouble:
                # Whatever is odd about one take must not stop the others.
                return self._failed(task, trouble)
            self.listen(Event("done", task))
            return following
        return self._failed(task, error)

    def _failed(self, task: Task, error: BaseException) -> Iterable[Task]:
        replay_logs(getattr(error, "records", ()))
        if isinstance(error, OSError) and error.errno in FULL:
            error = output_error(Path(error.filename or task.subject), error)
        if isinstance(error, NoRoomError):
            raise NoRoomError(error.subject, error.cause, f"{error.cure}; {GO_ON}") from error
        log.debug("%s of %s failed", task.kind, task.subject, exc_info=error)
        why = cause = _said(error)
        cure = f"look into {LOG}, and report it: this is a fault of btsclip's"
        if isinstance(error, BtsclipError):
            cause, cure = error.cause, error.cure
        elif isinstance(error, OSError):
            cure = "check the disk and its permissions"
        if self.ledger:
            self.ledger.fail(task.key, why)
        self.failures.append(Failure(task.kind, task.take, task.subject, why, cause, cure))
        self.listen(Event("failed", task, why, error))
        return ()


def _said(error: BaseException) -> str:
    """What went wrong in the user's words, or in those of the system."""
    if isinstance(error, BtsclipError):
        return str(error)
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {error.strerror.lower()}"
    return f"{type(error).__name__}: {error}"
