"""Run a batch: from the folder of a shoot to its clips, resuming where an earlier run stopped."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Iterable
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from btsclip.batch import report
from btsclip.batch.batch import PLAN_NAME, Batch
from btsclip.batch.cluster import DaskPool
from btsclip.batch.ledger import Ledger, digest, lock_folder, task_key
from btsclip.batch.leftovers import remove_leftovers
from btsclip.batch.log import RunLog
from btsclip.batch.outcome import REPORT_NAME, TABLE_NAME, Outcome, outcome_of
from btsclip.batch.scheduler import Event, Listener
from btsclip.batch.state import BatchOptions, BatchResult
from btsclip.batch.tasks import PoolReader
from btsclip.batch.workers import LocalPool, Pool
from btsclip.errors import OutputError, PlanError, readable
from btsclip.media import STAGING_PREFIX, absolute, check_name, remote
from btsclip.plan import io
from btsclip.planning import ClipRequest, branded, prepare_context, takes_near
from btsclip.render import encoders, files_of
from btsclip.takes import RESULTS_FOLDER, Discovery, Take, files_in, find_takes
from btsclip.version import __version__

# The folder in the results for temporary files of workers; removed with other unfinished files.
SCRATCH = f"{STAGING_PREFIX}scratch"
# The kind of ledger entries that hold the names of takes.
TAKE_KIND = "take"


@dataclass(frozen=True)
class ExecutionOptions:
    """Where a batch runs: in `jobs` processes on this machine, or on the workers of a dask
    `scheduler`. `font` is a font file of the user."""

    jobs: int | None = None
    scheduler: str = "local"
    font: Path | None = None

    @property
    def processes(self) -> int:
        """Number of parallel tasks. The default is half the cores: one ffmpeg uses about two."""
        return self.jobs or max(1, (os.cpu_count() or 2) // 2)

    @property
    def threads(self) -> int:
        """Threads per task, so that all tasks together use every core once."""
        return max(1, (os.cpu_count() or 1) // self.processes)


def run_batch(
    shoot: Path,
    out: Path | None,
    preset_name: str,
    request: ClipRequest,
    options: BatchOptions,
    execution: ExecutionOptions,
    *,
    dry_run: bool = False,
    wait: bool = False,
    only: Collection[Path] | None = None,
    on_discovery: Callable[[Discovery], None] = lambda discovery: None,
    on_event: Listener = lambda event: None,
    on_idle: Callable[[], None] = lambda: None,
) -> Outcome:
    """Cut all takes in the folder `shoot`.

    A run resumes an earlier one: finished clips stay. A bad file does not stop the others; the
    outcome lists the failures, and the log next to the clips records all events.

    Args:
        out: Folder of the results; by default `btsclip` in the shoot.
        dry_run: Plan only, and write nothing.
        wait: Wait for another run in `out` to end.
        only: The files of the shoot to use; None for all.
        on_discovery: Called once, with the takes.
        on_event: Called with each event of a task.
        on_idle: Called about twice a second.

    Raises FootageError for something other than a folder, PresetError, CaptionError, OutputError
    when another run is at work in `out` or the disk is too small, and NothingFound.
    """
    shoot = absolute(shoot)
    target = shoot / RESULTS_FOLDER if out is None else absolute(out)
    check_name(shoot)
    check_name(target, OutputError)
    preset, request = branded(preset_name, request, takes_near(shoot, target))
    with ExitStack() as stack:
        home = remote.local_home(target)
        if dry_run:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="btsclip-")))
        else:
            remote.check_folder(shoot)
        results = home if dry_run else target
        stack.enter_context(lock_folder(home, wait))
        log = None if dry_run else stack.enter_context(RunLog(home))
        ledger = stack.enter_context(Ledger(home, results))
        remove_leftovers(results)
        # Last, after the workers have ended, also those that were killed on other machines.
        stack.callback(remove_leftovers, results)
        asked = {"preset": preset.model_dump(mode="json"), "wishes": asdict(request)}
        key = _run_key(shoot, target, asked, request, options, only)
        if log:
            log.write_start(shoot, _options_by_name(preset_name, request, options, execution))
        if options.resume and not dry_run and ledger.find_done(key):
            outcome = _read_outcome(target)
        else:
            _refuse_edited_plan(results, ledger)
            pool = _open_pool(execution, home)
            stack.callback(pool.close)
            # Choosing encodes a picture with it, which a finished shoot does not need.
            encoder = encoders.choose_encoder(options.encoder)
            options = replace(options, threads=pool.threads, encoder=encoder)
            reader = PoolReader(pool, on_idle)
            known = partial(_known_name, shoot, ledger)
            discovery = find_takes(shoot, target, reader, only=only, known=known)
            _keep_names(shoot, ledger, discovery.takes)
            if log:
                log.write_discovery(discovery)
            on_discovery(discovery)
            result = None
            if discovery.takes:
                footages = [take.footage for take in discovery.takes]
                context = prepare_context(footages, preset, preset_name, request)
                batch = Batch(discovery, context, options, results, ledger)
                listeners = (log.write_event, on_event) if log else (on_event,)
                run = batch.plan if dry_run else batch.run
                result = run(pool, partial(_call_all, listeners), on_idle)
            elif not discovery.failed:
                raise discovery.no_takes_error(shoot)
            outcome = outcome_of(discovery, result, None if dry_run else target)
            if not dry_run:
                _write_report(outcome, result, key, ledger, target)
        if log:
            log.write_outcome(outcome)
        return outcome


def _known_name(shoot: Path, ledger: Ledger, path: Path) -> str | None:
    """The first name of the take that starts with the file `path`, or None. It stays, whatever
    files are added later."""
    entry = ledger.find(_name_key(shoot, path))
    return entry.subject if entry else None


def _keep_names(shoot: Path, ledger: Ledger, takes: Iterable[Take]) -> None:
    """Record the names of `takes` by the paths of their files."""
    for take in takes:
        if _known_name(shoot, ledger, take.footage.path) != take.name:
            key = _name_key(shoot, take.footage.path)
            ledger.begin(key, TAKE_KIND, take.name)
            ledger.finish(key, [])


def _name_key(shoot: Path, path: Path) -> str:
    return task_key(TAKE_KIND, file=path.relative_to(shoot).as_posix())


def _call_all(listeners: Iterable[Listener], event: Event) -> None:
    for listener in listeners:
        listener(event)


def _options_by_name(
    preset_name: str, request: ClipRequest, options: BatchOptions, execution: ExecutionOptions
) -> dict[str, Any]:
    """The options for the log, without the texts of hook and series."""
    hook, series = ("given" if text else None for text in (request.hook, request.series))
    asked = asdict(replace(request, hook=hook, series=series))
    values = {"preset": preset_name, **asked, **asdict(options)}
    return {
        **values,
        "jobs": execution.processes,
        "scheduler": execution.scheduler,
        "font": execution.font,
    }


def _open_pool(execution: ExecutionOptions, home: Path) -> Pool:
    if execution.scheduler == "local":
        scratch = home / SCRATCH
        return LocalPool(execution.processes, execution.threads, execution.font, scratch)
    return DaskPool(execution.scheduler, execution.font)


def _run_key(
    shoot: Path,
    out: Path,
    asked: dict[str, Any],
    request: ClipRequest,
    options: BatchOptions,
    only: Collection[Path] | None,
) -> str:
    """The key of the run in the ledger: all files of the shoot, and all that the user asked for."""
    paths = [path for path in files_in(shoot, out) if only is None or path in only]
    paths += [path for path in (request.notes, request.brand) if path]
    facts = []
    for path in paths:
        # A file that has just gone is reported later, if it matters.
        with suppress(OSError):
            status = remote.file_stat(path)
            facts.append((readable(path), status.st_size, status.st_mtime_ns, status.st_mode))
    lasting = replace(options, threads=0, fail_fast=False, resume=True)
    return task_key("shoot", version=__version__, files=facts, asked=asked, manner=asdict(lasting))


def _refuse_edited_plan(out: Path, ledger: Ledger) -> None:
    """Raise PlanError when somebody has edited the plan in `out`."""
    path = out / PLAN_NAME
    plans = [o for entry in ledger.entries() for o in entry.outputs if o.name == PLAN_NAME]
    unchanged = any(plan.is_unchanged(out) for plan in plans)
    # If the ledger is lost, the report still has the digest.
    unchanged = unchanged or Outcome.plan_of(out) == _digest_or_reason(path)
    if path.exists() and not unchanged:
        raise PlanError(
            path, "was edited, or not made by `batch`",
            "render it with `btsclip render`, or move it away",
        )  # fmt: skip


def _digest_or_reason(path: Path) -> str:
    try:
        return digest(path)
    except OSError as error:
        return f"can't be read: {error}"


def _write_report(
    outcome: Outcome, result: BatchResult | None, key: str, ledger: Ledger, out: Path
) -> None:
    """Write the report, and record the run as done unless something failed. Without a `result`
    there was no take to cut, and the clips of earlier runs stay."""
    report.write(outcome, out)
    if result is None:
        return
    ledger.forget(entry.key for entry in ledger.entries() if entry.kind in ("shoot", "plan file"))
    written = [out / name for name in (PLAN_NAME, REPORT_NAME, TABLE_NAME)]
    plan_key = task_key("plan file", digest=_digest_or_reason(out / PLAN_NAME))
    ledger.begin(plan_key, "plan file", PLAN_NAME)
    ledger.finish(plan_key, written)
    if not result.failures:
        ledger.begin(key, "shoot", str(out))
        ledger.finish(key, [*written, *(path for clip in result.clips for path in clip.files)])


def _read_outcome(out: Path) -> Outcome:
    """The outcome of an earlier run that finished everything."""
    outcome = Outcome.read(out)
    plan = io.read_plan(out / PLAN_NAME)
    clips = tuple(files_of(out, clip) for clip in plan.clips if clip.enabled)
    return replace(outcome, plan=plan, clips=clips, kept=len(clips))
