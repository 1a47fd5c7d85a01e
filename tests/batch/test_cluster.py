"""A batch of a small shoot on real dask workers."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import dask_cluster
import pytest
from small_shoot import LOOK, part
from test_batch import files

pytest.importorskip("distributed")

from btsclip.batch.cluster import DaskPool
from btsclip.batch.ledger import Ledger, task_key
from btsclip.batch.outcome import Outcome
from btsclip.batch.run import ExecutionOptions, run_batch
from btsclip.batch.scheduler import Engine, Event, Listener, Task
from btsclip.batch.state import BatchOptions
from btsclip.errors import ClusterError, RenderError
from btsclip.planning.request import ClipRequest

ONE = ("--resources", "ffmpeg=1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cluster")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A scheduler with two workers."""
    with (
        dask_cluster.scheduler(folder) as address,
        dask_cluster.worker(folder, address, *ONE),
        dask_cluster.worker(folder, address, *ONE),
    ):
        yield address


@pytest.fixture(scope="module")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("a day's [shoot]")
    part(folder / "chop.mp4", 14, 19, created="2026-05-03T11:00:00Z")
    part(folder / "knead.mp4", 5, 10, created="2026-05-03T10:00:00Z")
    (folder / "broken.mov").write_text("not a video")
    (folder / "look.toml").write_text(LOOK)
    return folder


def cut(
    shoot: Path, out: Path, means: ExecutionOptions, listen: Listener = lambda event: None
) -> Outcome:
    look = str(shoot / "look.toml")
    return run_batch(shoot, out, look, ClipRequest(), BatchOptions(), means, on_event=listen)


@pytest.fixture(scope="module")
def alone(shoot: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The files that this machine makes of the shoot, with one thread per ffmpeg."""
    # As far from the shoot as the other results: results next to it would have relative paths.
    out = tmp_path_factory.mktemp("local") / "out"
    cut(shoot, out, ExecutionOptions(jobs=os.cpu_count()))
    return files(out)


@pytest.mark.slow
def test_workers_make_the_same_files_as_this_machine(
    shoot: Path, address: str, alone: dict[str, str], tmp_path: Path
) -> None:
    outcome = cut(shoot, tmp_path / "out", ExecutionOptions(scheduler=address))
    assert len(outcome.clips) >= 2 and files(tmp_path / "out") == alone
    assert any(row.state == "failed" and "broken" in row.file for row in outcome.rows)


@pytest.mark.slow
def test_killed_worker_costs_only_time(
    shoot: Path, address: str, alone: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with ThreadPoolExecutor(1) as executor:
        killed = executor.submit(dask_cluster.kill_first_worker_in, out)
        outcome = cut(shoot, out, ExecutionOptions(scheduler=address))
    assert killed.result() and {row.state for row in outcome.rows if row.take} == {"cut"}
    assert files(out) == alone and not list(out.glob(".btsclip-*"))


def nap(path: Path, seconds: float) -> Path:
    time.sleep(seconds)
    path.write_text("done")
    return path


def refuse(path: Path) -> Path:
    raise RenderError(path, "can't be rendered", "leave it")


def kill_worker(path: Path) -> Path:
    os.kill(os.getpid(), signal.SIGKILL)
    return path


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    (tmp_path / ".btsclip").mkdir()
    with Ledger(tmp_path) as opened:
        yield opened


def task(path: Path, call: Any, *more: Any) -> Task:
    key = task_key("test", name=path.name)
    return Task(key, "test", "take", path.name, call, (path, *more), outputs=lambda path: [path])


@pytest.mark.slow
def test_failures_keep_their_messages_and_a_task_that_kills_workers_fails(
    address: str, ledger: Ledger, tmp_path: Path
) -> None:
    with closing(DaskPool(address)) as pool:
        assert (pool.width, pool.threads) == (2, 1)
        engine = Engine(pool, ledger)
        engine.run([task(tmp_path / "bad", refuse), task(tmp_path / "end", kill_worker),
                    task(tmp_path / "good", nap, 0.1)])  # fmt: skip
    why = {failure.subject: failure.why for failure in engine.failures}
    assert why["bad"] == f"{tmp_path / 'bad'}: can't be rendered; leave it"
    assert "workers that this task killed" in why["end"] and set(why) == {"bad", "end"}
    assert (tmp_path / "good").read_text() == "done"


@pytest.mark.slow
def test_width_follows_the_workers_and_threads_the_weakest(tmp_path: Path) -> None:
    with dask_cluster.scheduler(tmp_path) as address:
        strong = ("--nthreads", "4", "--resources", "ffmpeg=2")
        with dask_cluster.worker(tmp_path, address, *strong), closing(DaskPool(address)) as pool:
            assert (pool.width, pool.threads) == (2, 2)
            with dask_cluster.worker(tmp_path, address, *ONE):
                dask_cluster.wait_until(lambda: pool.width == 3)
            dask_cluster.wait_until(lambda: pool.width == 2)


@pytest.mark.slow
def test_lost_scheduler_ends_the_run_and_finished_tasks_stay(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("btsclip.batch.cluster.RECONNECT_SECONDS", 1.0)
    with ExitStack() as machines:
        address = machines.enter_context(dask_cluster.scheduler(tmp_path))
        machines.enter_context(dask_cluster.worker(tmp_path, address))
        with closing(DaskPool(address)) as pool:

            def lose(event: Event) -> None:
                if event.state == "done":
                    machines.close()

            tasks = [task(tmp_path / "first", nap, 0.1), task(tmp_path / "second", nap, 60)]
            with pytest.raises(ClusterError, match="no scheduler can be reached"):
                Engine(pool, ledger, lose).run(tasks)
    assert ledger.find_done(tasks[0].key) and not ledger.find_done(tasks[1].key)


@pytest.mark.slow
def test_worker_of_another_version_is_an_error(tmp_path: Path) -> None:
    other = tmp_path / "other" / "btsclip-0.0.1.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: btsclip\nVersion: 0.0.1\n")
    path = {"PYTHONPATH": str(other.parent)}
    with (
        dask_cluster.scheduler(tmp_path) as address,
        dask_cluster.worker(tmp_path, address, **path),
        pytest.raises(ClusterError, match=r"has btsclip 0\.0\.1 .*; install the same"),
    ):
        DaskPool(address)


def test_missing_scheduler_is_reported_within_seconds(shoot: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    began = time.monotonic()
    with pytest.raises(ClusterError, match="no scheduler can be reached"):
        cut(shoot, tmp_path / "out", ExecutionOptions(scheduler=address))
    assert time.monotonic() - began < 15
    for wrong in ("htp://studio", "tls://studio:8786"):
        with pytest.raises(ClusterError, match=r"docs/cluster\.md"):
            cut(shoot, tmp_path / "out", ExecutionOptions(scheduler=wrong))


@pytest.mark.slow
def test_scheduler_without_workers_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("btsclip.batch.cluster.FIRST_WORKER_SECONDS", 1.0)
    with (
        dask_cluster.scheduler(tmp_path) as address,
        pytest.raises(ClusterError, match=r"no worker came within 1 s; start one with"),
    ):
        DaskPool(address)
