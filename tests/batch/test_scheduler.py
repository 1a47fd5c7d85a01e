"""The scheduler with real worker processes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from btsclip.batch.ledger import Ledger, task_key
from btsclip.batch.scheduler import MAX_ATTEMPTS, Engine, Event, Task
from btsclip.batch.workers import LocalPool
from btsclip.errors import RenderError, StoppedError


def write(path: Path, seconds: float = 0.0) -> Path:
    time.sleep(seconds)
    path.write_text(path.name)
    return path


def refuse(path: Path) -> Path:
    raise RenderError(path, "can't be rendered")


def fail(path: Path) -> Path:
    raise KeyError("a fault of ours")


def stop_twice(path: Path) -> Path:
    """Fail as if killed from outside, the first two times."""
    count = len(list(path.parent.glob("try*")))
    (path.parent / f"try{count}").touch()
    if count < 2:
        raise StoppedError(path, "ffmpeg was stopped")
    return write(path)


def kill_worker(path: Path, times: int) -> Path:
    """Kill the worker the first `times` times."""
    count = len(list(path.parent.glob(f"{path.name}.try*")))
    (path.parent / f"{path.name}.try{count}").touch()
    if count < times:
        os.kill(os.getpid(), signal.SIGKILL)
    return write(path)


@pytest.fixture(scope="module")
def pool() -> Iterator[LocalPool]:
    with LocalPool(2, 1) as opened:
        yield opened


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    (tmp_path / ".btsclip").mkdir()
    with Ledger(tmp_path) as opened:
        yield opened


def task(name: str, folder: Path, call: object = write, *more: object, **how: object) -> Task:
    path = folder / name
    return Task(
        task_key("test", name=name), "test", "take", name, call, (path, *more),
        outputs=lambda result: [result], **how,
    )  # type: ignore[arg-type]  # fmt: skip


def test_results_create_tasks_and_the_urgent_one_runs_first(
    pool: LocalPool, ledger: Ledger, tmp_path: Path
) -> None:
    events: list[Event] = []
    last = task("last", tmp_path)
    tasks = [
        task("slow", tmp_path, write, 0.3, then=lambda result: [last]),
        *(task(f"later{i}", tmp_path, write, 0.2) for i in range(3)),
        task("first", tmp_path, urgency=5),
    ]
    Engine(pool, ledger, events.append).run(tasks)
    begun = [event.task.subject for event in events if event.state == "begun"]
    assert begun[0] == "first" and set(begun) == {
        "first",
        "slow",
        "last",
        *(f"later{i}" for i in range(3)),
    }
    assert all(ledger.find_done(task.key) for task in [*tasks, last])
    (tmp_path / "slow").write_text("changed!")
    assert ledger.find_done(tasks[0].key) is None


def test_failure_is_recorded_and_stops_nothing(
    pool: LocalPool, ledger: Ledger, tmp_path: Path
) -> None:
    engine = Engine(pool, ledger)
    bad, odd = task("bad", tmp_path, refuse), task("odd", tmp_path, fail)
    engine.run([bad, odd, task("good", tmp_path)])
    assert {(f.subject, f.why.partition(":")[0]) for f in engine.failures} == {
        ("bad", str(tmp_path / "bad")), ("odd", "KeyError"),
    }  # fmt: skip
    assert ledger.find(bad.key).state == "failed"  # type: ignore[union-attr]
    assert (tmp_path / "good").exists()


def test_fail_fast_starts_no_more_tasks(pool: LocalPool, ledger: Ledger, tmp_path: Path) -> None:
    engine = Engine(pool, ledger, fail_fast=True)
    engine.run([task("bad", tmp_path, refuse, urgency=1), task("slow", tmp_path, write, 1.0),
                task("never", tmp_path)])  # fmt: skip
    assert len(engine.failures) == 1 and not (tmp_path / "never").exists()


def test_stopped_ffmpeg_is_retried(pool: LocalPool, ledger: Ledger, tmp_path: Path) -> None:
    engine = Engine(pool, ledger)
    stopped = task("stopped", tmp_path, stop_twice)
    engine.run([stopped])
    assert not engine.failures and ledger.find(stopped.key).attempts == 3  # type: ignore[union-attr]


def test_task_of_a_lost_worker_is_retried_and_no_result_is_lost(
    pool: LocalPool, ledger: Ledger, tmp_path: Path
) -> None:
    events: list[Event] = []
    engine = Engine(pool, ledger, events.append)
    others = [task(f"slow{i}", tmp_path, write, 0.3) for i in range(5)]
    engine.run(
        [task("once", tmp_path, kill_worker, 1), *others, task("always", tmp_path, kill_worker, 99)]
    )
    assert [failure.subject for failure in engine.failures] == ["always"]
    assert str(MAX_ATTEMPTS) in engine.failures[0].why
    assert (tmp_path / "once").exists() and all(ledger.find_done(task.key) for task in others)
    assert any(event.state == "lost" for event in events)
