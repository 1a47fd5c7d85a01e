"""The workers of a dask scheduler as a pool: the same tasks, on many machines.

dask does all of the distribution: it hands tasks out, gives those of a worker that died to another
one and gives up on what ended several. A worker that was started with `--resources ffmpeg=N` gets N
tasks at once; where none says so, each gets one for every thread of its own.
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

# dask's own types leave its client half described.
Client = Any

RESOURCE = "ffmpeg"
# Seconds to reach the scheduler at first, and again after it was lost.
CONNECT, RECONNECT = 5.0, 60.0
# Seconds to wait for a first worker.
FIRST_WORKER = 60.0
# Seconds for which what is known of the workers holds.
KNOWN = 2.0

log = logging.getLogger(__name__)


class SchedulerLost(Exception):
    """The scheduler went away while a task was with it."""


class DaskPool:
    """The workers of the scheduler at `address`, as many as there are at each moment.

    `threads` are those of each ffmpeg: the same for all, since x264 makes other files with other
    ones; as many as the weakest worker has for each task. Raises ToolError without the extra
    `cluster`, and ClusterError when the scheduler can't be reached within seconds, no worker comes
    within a minute, or one has another version.
    """

    def __init__(self, address: str, font: Path | None = None) -> None:
        self.lost: tuple[type[BaseException], ...] = (SchedulerLost,)
        self._address, self._font = address, font.absolute() if font else None
        self._asked = 0.0
        self._client = _connect(address, CONNECT)
        try:
            workers = _workers(self._client, address)
            self._declared = any(_declared(worker) for worker in workers)
            self.threads = min(filter(None, (self._share(worker) for worker in workers)))
        except BaseException:
            self._client.close()
            raise
        if not self._declared:
            log.warning(
                "no worker at %s was started with --resources %s=N: each gets a task per thread",
                address, RESOURCE,
            )  # fmt: skip
        self._begin()

    @property
    def width(self) -> int:
        """How many tasks all workers together take now; it may grow and shrink. One is the least:
        by its tasks it is noticed that the scheduler is gone."""
        if time.monotonic() - self._asked > KNOWN:
            with suppress(OSError, ValueError, RuntimeError, KeyError):
                self._width = max(1, sum(map(self._slots, _known(self._client).values())))
            self._asked = time.monotonic()
        return self._width

    def submit(self, call: Callable[..., Result], *args: Any) -> Future[Result]:
        """Begins `call` with `args` on one of the workers. Raises SchedulerLost."""
        if self._client.status != "running":
            # What is handed to a client that looks for its scheduler may never come back.
            raise SchedulerLost(self._address)
        ours: Future[Result] = Future()
        ours.set_running_or_notify_cancel()
        # As one object: dask would look through the arguments for results to put in.
        work = partial(_work, __version__, self.threads, self._font, call, args)
        theirs = self._executor.submit(work)
        theirs.add_done_callback(partial(_pass_on, ours))
        return ours

    def renew(self) -> None:
        """Reaches the scheduler again. Raises ClusterError when it does not come back."""
        self.close()
        self._client = _connect(self._address, RECONNECT)
        _workers(self._client, self._address)
        self._begin()

    def close(self) -> None:
        """Takes back what is not begun; what is being made on workers ends there unheard."""
        from distributed.client import ClosedClientError

        # A client that lost its scheduler closes itself, at any moment.
        with suppress(OSError, RuntimeError, ClosedClientError):
            self._executor.shutdown(wait=False)
        with suppress(OSError, RuntimeError):
            self._client.close()

    def _begin(self) -> None:
        resources = {"resources": {RESOURCE: 1}} if self._declared else {}
        self._executor = self._client.get_executor(pure=False, **resources)
        self._asked, self._width = -KNOWN, 1

    def _slots(self, worker: Mapping[str, Any]) -> int:
        """How many tasks a worker takes at once."""
        threads = int(worker["nthreads"])
        return min(_declared(worker), threads) if self._declared else threads

    def _share(self, worker: Mapping[str, Any]) -> int:
        """Threads that a worker has for each of its tasks; 0 for one that takes none."""
        slots = self._slots(worker)
        return int(worker["nthreads"]) // slots if slots else 0


def _declared(worker: Mapping[str, Any]) -> int:
    return int(worker["resources"].get(RESOURCE, 0))


def _known(client: Client) -> dict[str, Any]:
    """What the scheduler knows of its workers, by address."""
    workers: dict[str, Any] = client.scheduler_info(n_workers=-1)["workers"]
    return workers


def _connect(address: str, timeout: float) -> Client:
    require("distributed", "cluster", "--scheduler")
    import dask
    import distributed

    if address.startswith("tls://") and not dask.config.get("distributed.comm.tls.ca-file"):
        raise ClusterError(
            address, "dask is told of no keys for TLS", "name them as docs/cluster.md says"
        )
    # dask tells of each try to reach a scheduler that is gone; we tell of it once.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        return distributed.Client(address, timeout=timeout, set_as_default=False, name="btsclip")
    except (OSError, distributed.TimeoutError) as error:
        raise ClusterError(
            address, f"no scheduler can be reached there within {timeout:g} s",
            "start one with `dask scheduler`, or check the address",
        ) from error  # fmt: skip
    except (ValueError, TypeError, RuntimeError) as error:
        raise ClusterError(
            address, f"can't be used ({error})", "see docs/cluster.md on addresses and TLS"
        ) from error


def _workers(client: Client, address: str) -> list[Mapping[str, Any]]:
    """The workers there are, of which there is one at least and all are of our version."""
    from distributed import TimeoutError as TookTooLong

    if not _known(client):
        log.warning("no workers at %s yet; waiting for up to %g s", address, FIRST_WORKER)
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER)
    except (OSError, TookTooLong) as error:
        raise ClusterError(
            address, f"no worker came within {FIRST_WORKER:g} s",
            f"start one with `dask worker {address} --nthreads 1 --resources {RESOURCE}=1`",
        ) from error  # fmt: skip
    _check_versions(client.get_versions(packages=["btsclip"]))
    return list(_known(client).values())


def _check_versions(versions: Mapping[str, Any]) -> None:
    """The scheduler too: it reads each task before it hands it out."""
    ours = _version(versions["client"]["packages"])
    workers = {f"worker {at}": its for at, its in versions["workers"].items()}
    for name, its in {"the scheduler": versions["scheduler"], **workers}.items():
        theirs = _version(its["packages"])
        if theirs != ours:
            raise ClusterError(
                name, f"has {theirs}, and this is {ours}",
                "install the same on all machines and start it again",
            )  # fmt: skip


def _version(packages: Mapping[str, str | None]) -> str:
    """What must be alike here and there, in words."""
    python = ".".join(str(packages["python"]).split(".")[:2])
    return f"btsclip {packages['btsclip'] or 'missing'} on Python {python}"


def _pass_on(ours: Future[Any], theirs: Future[Any]) -> None:
    """Gives `ours` what came of `theirs`, in our words where dask itself had to give up."""
    from distributed.scheduler import KilledWorker, NoValidWorkerError, NoWorkerError

    if theirs.cancelled():
        ours.set_exception(SchedulerLost())
        return
    error = theirs.exception()
    if isinstance(error, KilledWorker):
        error = ClusterError(
            error.last_worker.address,
            f"the last of {error.allowed_failures + 1} workers that ended while at this",
            "look into the workers' logs, first of all for want of memory",
        )
    elif isinstance(error, (NoValidWorkerError, NoWorkerError)):
        error = ClusterError("the scheduler", "has no workers any more", "start one, then go on")
    if error is None:
        ours.set_result(theirs.result())
    else:
        ours.set_exception(error)


def _work(
    version: str, threads: int, font: Path | None, call: Callable[..., Result], args: Any
) -> Result:
    """What runs on a worker: one task."""
    import cv2

    if version != __version__:
        # One that came while the run was going on.
        raise ClusterError("a worker", f"has btsclip {__version__}, not {version}", "install that")
    cv2.setNumThreads(threads)
    _use_only(font)
    return call(*args)


@lru_cache(maxsize=1)
def _use_only(font: Path | None) -> None:
    """Adds `font` to the shipped ones, and forgets that of another run."""
    from btsclip.captions.fonts import forget_added_fonts
    from btsclip.captions.own_fonts import use_font

    forget_added_fonts()
    if font:
        use_font(font)
