"""Tasks that never end, and files that crash the process that reads them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from btsclip.batch import tasks as work
from btsclip.batch.batch import MIN_LIMIT_SECONDS, task_time_limit
from btsclip.batch.ledger import Ledger
from btsclip.batch.scheduler import Engine, Event, Task
from btsclip.batch.workers import LocalPool
from btsclip.errors import NoRoomError
from btsclip.media.output import disk_full
from btsclip.takes.listing import LEDGER_FOLDER, LeftOut


def hang(path: Path) -> None:
    """Block the interpreter too, as a decoder in an endless loop does."""
    os.write(os.open(path, os.O_CREAT | os.O_WRONLY), str(os.getpid()).encode())
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    while True:
        time.sleep(0.1)


def write(path: Path, seconds: float) -> Path:
    time.sleep(seconds)
    path.write_text("done")
    return path


def fail_without_space(path: Path) -> None:
    raise disk_full(path)


def fail_with_system_error(path: Path) -> None:
    raise OSError(28, "No space left on device", str(path))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    (tmp_path / LEDGER_FOLDER).mkdir()
    with Ledger(tmp_path) as opened:
        yield opened


@pytest.mark.slow
def test_stuck_task_is_killed_and_its_neighbors_are_retried(ledger: Ledger, tmp_path: Path) -> None:
    events: list[Event] = []
    with LocalPool(2, 1, scratch=tmp_path / "scratch") as pool:
        # A new worker may take seconds to start on a busy machine, which counts.
        for started in [pool.submit(time.sleep, 0.5) for _ in range(2)]:
            started.result()
        engine = Engine(pool, ledger, events.append)
        stuck = Task("stuck", "analyse", "t", "bad.mp4", hang, (tmp_path / "pid",), 9, limit=4.0)
        others = [
            Task(f"k{n}", "render", "t", f"f{n}", write, (tmp_path / f"f{n}", 1.5),
                 outputs=lambda path: [path])
            for n in range(4)
        ]  # fmt: skip
        engine.run([stuck, *others])
    (failure,) = engine.failures
    assert failure.subject == "bad.mp4" and "did not end within 4 s" in failure.why
    assert all(ledger.find_done(task.key) for task in others)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.parametrize("call", [fail_without_space, fail_with_system_error])
def test_full_disk_is_reported_once_and_starts_no_more_tasks(
    call: object, ledger: Ledger, tmp_path: Path
) -> None:
    events: list[Event] = []
    with LocalPool(1, 1) as pool:
        tasks = [Task(f"k{n}", "render", "t", f"f{n}", call, (tmp_path,)) for n in range(50)]  # type: ignore[arg-type]
        with pytest.raises(NoRoomError, match=r"full.*then run it again"):
            Engine(pool, ledger, events.append).run(tasks)
    assert [event.state for event in events if event.state != "queued"] == ["begun"]


def test_starting_workers_can_be_killed(tmp_path: Path) -> None:
    began = time.monotonic()
    with LocalPool(2, 1, scratch=tmp_path / "scratch") as pool:
        for n in range(2):
            pool.submit(write, tmp_path / f"f{n}", 60.0)
    assert time.monotonic() - began < 5


def crash_or_hang(path: Path) -> LeftOut:
    """Crash or hang as a decoder may."""
    if path.name == "crash.mp4":
        os.kill(os.getpid(), signal.SIGSEGV)
    if path.name == "hang.mp4":
        time.sleep(600)
    return LeftOut(path, "looked at")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "says"),
    [("crash.mp4", "its process ended 4 times"), ("hang.mp4", "did not end within 30 s")],
)
def test_file_that_crashes_or_blocks_its_probe_stops_no_other(
    name: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "inspect_file", crash_or_hang)
    monkeypatch.setattr(work, "PROBE_LIMIT", 30.0)
    with LocalPool(2, 1) as pool:
        facts = work.PoolReader(pool).facts([tmp_path / n for n in ("a.mp4", name, "z.mp4")])
    first, bad, last = facts
    assert first.why == last.why == "looked at"  # type: ignore[union-attr]
    assert isinstance(bad, LeftOut) and bad.failed and says in bad.why


def test_time_limits_are_generous_and_finite() -> None:
    assert task_time_limit(0) == MIN_LIMIT_SECONDS and task_time_limit(3600) > 24 * 3600
    assert task_time_limit(1e18) == task_time_limit(90_000) and task_time_limit(float("inf")) < 1e7
