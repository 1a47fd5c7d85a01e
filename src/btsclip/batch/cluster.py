"""A pool of the workers of a dask scheduler: the same tasks, on many machines.

dask distributes the tasks: it moves those of a dead worker to another one, and gives up on a task
that has killed several workers. A worker started with `--resources ffmpeg=N` gets N parallel tasks.
If no worker declares this resource, each gets one task per thread.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from btsclip.batch.workers import Result
from btsclip.errors import ClusterError
from btsclip.extras import require
from btsclip.version import __version__

# dask's own types do not cover its client.
Client = Any

RESOURCE = "ffmpeg"
# Seconds to reach the scheduler at the start, and after it was lost.
CONNECT_SECONDS = 5.0
RECONNECT_SECONDS = 60.0
# Seconds to wait for the first worker.
FIRST_WORKER_SECONDS = 60.0
# Seconds between requests for the list of workers.
REFRESH_SECONDS = 2.0

log = logging.getLogger(__name__)


class SchedulerLost(Exception):
    """The scheduler was lost while it had a task."""


class DaskPool:
    """A pool of the workers that the scheduler at `address` has at the moment.

    `threads` is the number of threads of each ffmpeg: as many as the weakest worker has per task.
    It is the same for all workers, because the output of x264 depends on it. Raises ToolError
    without the extra `cluster`, and ClusterError when the scheduler can't be reached within
    seconds, no worker comes within a minute, or a worker has another version.
    """

    def __init__(self, address: str, font: Path | None = None) -> None:
        self.lost: tuple[type[BaseException], ...] = (SchedulerLost,)
        self._address, self._font = address, font.absolute() if font else None
        self._refreshed = 0.0
        self._client = _connect(address, CONNECT_SECONDS)
        try:
            workers = _wait_for_workers(self._client, address)
            self._declared = any(_declared_slots(worker) for worker in workers)
            self.threads = min(filter(None, (self._threads_per_task(worker) for worker in workers)))
        except BaseException:
            self._client.close()
            raise
        if not self._declared:
            log.warning(
                "no worker at %s was started with --resources %s=N: each gets one task per thread",
                address, RESOURCE,
            )  # fmt: skip
        self._start()

    @property
    def width(self) -> int:
        """Number of parallel tasks of all workers together, which may change at any time. It is at
        least 1, because only a running task shows that the scheduler is gone."""
        if time.monotonic() - self._refreshed > REFRESH_SECONDS:
            with suppress(OSError, ValueError, RuntimeError, KeyError):
                self._width = max(1, sum(map(self._slots, _list_workers(self._client).values())))
            self._refreshed = time.monotonic()
        return self._width

    def submit(self, call: Callable[..., Result], *args: Any) -> Future[Result]:
        """Start `call` with `args` on one of the workers. Raises SchedulerLost."""
        if self._client.status != "running":
            # A task may never come back from a client that is looking for its scheduler.
            raise SchedulerLost(self._address)
        future: Future[Result] = Future()
        future.set_running_or_notify_cancel()
        # One object, because dask would search the arguments for futures to replace.
        work = partial(_run_task, __version__, self.threads, self._font, call, args)
        dask_future = self._executor.submit(work)
        dask_future.add_done_callback(partial(_copy_result, future))
        return future

    def renew(self) -> None:
        """Reconnect to the scheduler. Raises ClusterError when it does not come back."""
        self.close()
        self._client = _connect(self._address, RECONNECT_SECONDS)
        _wait_for_workers(self._client, self._address)
        self._start()

    def close(self) -> None:
        """Withdraw the waiting tasks; running ones end on their workers, and their results are
        lost."""
        from distributed.client import ClosedClientError

        # A client that lost its scheduler may close itself at any time.
        with suppress(OSError, RuntimeError, ClosedClientError):
            self._executor.shutdown(wait=False)
        with suppress(OSError, RuntimeError):
            self._client.close()

    def _start(self) -> None:
        resources = {"resources": {RESOURCE: 1}} if self._declared else {}
        self._executor = self._client.get_executor(pure=False, **resources)
        self._refreshed, self._width = -REFRESH_SECONDS, 1

    def _slots(self, worker: Mapping[str, Any]) -> int:
        """Number of parallel tasks of a worker."""
        threads = int(worker["nthreads"])
        return min(_declared_slots(worker), threads) if self._declared else threads

    def _threads_per_task(self, worker: Mapping[str, Any]) -> int:
        """Threads that a worker has for each task; 0 for a worker that takes no tasks."""
        slots = self._slots(worker)
        return int(worker["nthreads"]) // slots if slots else 0


def _declared_slots(worker: Mapping[str, Any]) -> int:
    return int(worker["resources"].get(RESOURCE, 0))


def _list_workers(client: Client) -> dict[str, Any]:
    """The scheduler's facts about its workers, by address."""
    workers: dict[str, Any] = client.scheduler_info(n_workers=-1)["workers"]
    return workers


def _connect(address: str, timeout: float) -> Client:
    require("distributed", "cluster", "--scheduler")
    import dask
    import distributed

    if address.startswith("tls://") and not dask.config.get("distributed.comm.tls.ca-file"):
        raise ClusterError(
            address, "dask has no keys for TLS", "configure them as docs/cluster.md says"
        )
    # dask logs each attempt to reach a lost scheduler; btsclip reports it once.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        return distributed.Client(address, timeout=timeout, set_as_default=False, name="btsclip")
    except (OSError, distributed.TimeoutError) as error:
        raise ClusterError(
            address, f"no scheduler can be reached within {timeout:g} s",
            "start one with `dask scheduler`, or check the address",
        ) from error  # fmt: skip
    except (ValueError, TypeError, RuntimeError) as error:
        raise ClusterError(
            address, f"can't be used ({error})", "see docs/cluster.md on addresses and TLS"
        ) from error


def _wait_for_workers(client: Client, address: str) -> list[Mapping[str, Any]]:
    """Wait for a first worker, and return all. Raises ClusterError when none comes, or when one has
    another version."""
    from distributed import TimeoutError as DaskTimeout

    if not _list_workers(client):
        log.warning("no workers at %s yet; waiting for up to %g s", address, FIRST_WORKER_SECONDS)
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER_SECONDS)
    except (OSError, DaskTimeout) as error:
        raise ClusterError(
            address, f"no worker came within {FIRST_WORKER_SECONDS:g} s",
            f"start one with `dask worker {address} --nthreads 1 --resources {RESOURCE}=1`",
        ) from error  # fmt: skip
    _check_versions(client.get_versions(packages=["btsclip"]))
    return list(_list_workers(client).values())


def _check_versions(versions: Mapping[str, Any]) -> None:
    """Compare the versions of workers and scheduler, which unpickles each task, with ours."""
    client = _version_text(versions["client"]["packages"])
    workers = {f"worker {address}": facts for address, facts in versions["workers"].items()}
    for name, facts in {"the scheduler": versions["scheduler"], **workers}.items():
        version = _version_text(facts["packages"])
        if version != client:
            raise ClusterError(
                name, f"has {version}, and this machine has {client}",
                "install the same version on all machines and start it again",
            )  # fmt: skip


def _version_text(packages: Mapping[str, str | None]) -> str:
    """The versions that must be the same on all machines."""
    python = ".".join(str(packages["python"]).split(".")[:2])
    return f"btsclip {packages['btsclip'] or 'missing'} on Python {python}"


def _copy_result(future: Future[Any], dask_future: Future[Any]) -> None:
    """Give `future` the result or the error of `dask_future`; errors of dask as ClusterError."""
    from distributed.scheduler import KilledWorker, NoValidWorkerError, NoWorkerError

    if dask_future.cancelled():
        future.set_exception(SchedulerLost())
        return
    error = dask_future.exception()
    if isinstance(error, KilledWorker):
        error = ClusterError(
            error.last_worker.address,
            f"the last of {error.allowed_failures + 1} workers that this task killed",
            "see the workers' logs; they may have too little memory",
        )
    elif isinstance(error, (NoValidWorkerError, NoWorkerError)):
        error = ClusterError("the scheduler", "has no more workers", "start one, then run it again")
    if error is None:
        future.set_result(dask_future.result())
    else:
        future.set_exception(error)


def _run_task(
    version: str, threads: int, font: Path | None, call: Callable[..., Result], args: Any
) -> Result:
    """Run one task on a worker."""
    import cv2

    if version != __version__:
        # A worker that joined during the run.
        raise ClusterError(
            "a worker", f"has btsclip {__version__}, not {version}", "install that version"
        )
    cv2.setNumThreads(threads)
    _use_only_font(font)
    return call(*args)


@lru_cache(maxsize=1)
def _use_only_font(font: Path | None) -> None:
    """Add `font` to the shipped fonts, and forget the font of an earlier run."""
    from btsclip.captions import forget_added_fonts, use_font

    forget_added_fonts()
    if font:
        use_font(font)
