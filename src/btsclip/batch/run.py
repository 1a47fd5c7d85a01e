"""`batch`: from a shoot's folder to its clips, each made once however often a run is cut off."""

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
from btsclip.batch.batch import PLAN_NAME, Batch, BatchResult, Manner, remove_leftovers
from btsclip.batch.cluster import DaskPool
from btsclip.batch.ledger import Ledger, digest, lock_folder, task_key
from btsclip.batch.log import RunLog
from btsclip.batch.outcome import REPORT, TABLE, Outcome, outcome_of
from btsclip.batch.scheduler import Event, Listener
from btsclip.batch.tasks import PoolReader
from btsclip.batch.workers import LocalPool, Pool
from btsclip.errors import PlanError
from btsclip.media import remote
from btsclip.media.output import STAGING_PREFIX
from btsclip.media.paths import absolute
from btsclip.plan import io
from btsclip.planning.request import ClipRequest, PlanContext, prepare_context
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset
from btsclip.render import encoders
from btsclip.render.run import files_of
from btsclip.takes.discover import Discovery, Take, find_takes
from btsclip.takes.listing import RESULTS_FOLDER, files_in
from btsclip.version import __version__

# Where in the results workers keep what they need for a moment; swept away with all that is half
# done.
SCRATCH = f"{STAGING_PREFIX}scratch"
# The kind of the ledger's entries that hold the names of takes.
TAKE_KIND = "take"


@dataclass(frozen=True)
class Means:
    """What a batch runs with: processes on this machine, or a `scheduler` of others' (dask), and a
    font of the user's own."""

    jobs: int | None = None
    scheduler: str = "local"
    font: Path | None = None

    @property
    def processes(self) -> int:
        """How many tasks run at once: ffmpeg makes use of about two cores each."""
        return self.jobs or max(1, (os.cpu_count() or 2) // 2)

    @property
    def threads(self) -> int:
        """Threads of each, so that all together use every core once."""
        return max(1, (os.cpu_count() or 1) // self.processes)


def run_batch(
    shoot: Path,
    out: Path | None,
    preset_name: str,
    wishes: ClipRequest,
    manner: Manner,
    means: Means,
    *,
    dry_run: bool = False,
    wait: bool = False,
    only: Collection[Path] | None = None,
    found: Callable[[Discovery], None] = lambda found: None,
    listen: Listener = lambda event: None,
    idle: Callable[[], None] = lambda: None,
) -> Outcome:
    """Cuts all takes of the folder `shoot` into `out` (default: `btsclip` in it).

    What an earlier run has done stays as it is; a dry run only plans, and writes nothing. With
    `only`, other files of the shoot are passed over. One bad file stops no other; what failed is in
    the outcome, and all that happened in the log beside the clips. Raises FootageError for a folder
    that is none, PresetError, CaptionError, OutputError when another run is at work in `out` or
    there is no room, and NothingFound.
    """
    preset = load_preset(preset_name)
    shoot = absolute(shoot)
    target = shoot / RESULTS_FOLDER if out is None else absolute(out)
    with ExitStack() as stack:
        place = remote.local_home(target)
        if dry_run:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="btsclip-")))
        else:
            remote.check_folder(shoot)
        results = place if dry_run else target
        stack.enter_context(lock_folder(place, wait))
        log = None if dry_run else stack.enter_context(RunLog(place))
        ledger = stack.enter_context(Ledger(place, results))
        remove_leftovers(results)
        # Last of all, after the workers have ended, and those that died on other machines.
        stack.callback(remove_leftovers, results)
        asked = {"preset": preset.model_dump(mode="json"), "wishes": asdict(wishes)}
        key = _fingerprint(shoot, target, asked, wishes, manner, only)
        if log:
            log.began(shoot, _told(preset_name, wishes, manner, means))
        if manner.resume and not dry_run and ledger.done(key):
            outcome = _as_it_was(target)
        else:
            _refuse_edited_plan(results, ledger)
            pool = _pool(means, place)
            stack.callback(pool.close)
            # Tried out by encoding with it, which a finished shoot has no need of.
            encoder = encoders.choose_encoder(manner.encoder)
            manner = replace(manner, threads=pool.threads, encoder=encoder)
            reader = PoolReader(pool, idle)
            known = partial(_known_name, shoot, ledger)
            discovery = find_takes(shoot, target, reader, only=only, known=known)
            _keep_names(shoot, ledger, discovery.takes)
            for hear in (log.found, found) if log else (found,):
                hear(discovery)
            result = None
            if discovery.takes:
                brief = _brief(discovery, preset, preset_name, wishes)
                run = Batch(discovery, brief, manner, results, ledger)
                heard = partial(_tell, (log.heard, listen) if log else (listen,))
                result = (run.plan if dry_run else run.run)(pool, heard, idle)
            elif not discovery.failed:
                raise discovery.no_takes(shoot)
            outcome = outcome_of(discovery, result, None if dry_run else target)
            if not dry_run:
                _conclude(outcome, result, key, ledger, target)
        if log:
            log.concluded(outcome)
        return outcome


def _known_name(shoot: Path, ledger: Ledger, path: Path) -> str | None:
    """The name that the take whose first file is `path` got first, if it has one: it stays,
    whatever comes to the shoot later."""
    entry = ledger.find(_name_key(shoot, path))
    return entry.subject if entry else None


def _keep_names(shoot: Path, ledger: Ledger, takes: Iterable[Take]) -> None:
    """Remembers the names of `takes` by the places of their files."""
    for take in takes:
        if _known_name(shoot, ledger, take.footage.path) != take.name:
            key = _name_key(shoot, take.footage.path)
            ledger.begin(key, TAKE_KIND, take.name)
            ledger.finish(key, [])


def _name_key(shoot: Path, path: Path) -> str:
    return task_key(TAKE_KIND, file=path.relative_to(shoot).as_posix())


def _brief(
    discovery: Discovery, preset: Preset, preset_name: str, wishes: ClipRequest
) -> PlanContext:
    footages = [take.footage for take in discovery.takes]
    return prepare_context(footages, preset, preset_name, wishes)


def _tell(listeners: Iterable[Listener], event: Event) -> None:
    for listen in listeners:
        listen(event)


def _told(preset_name: str, wishes: ClipRequest, manner: Manner, means: Means) -> dict[str, Any]:
    """What is asked for, for the log: of a text only that there is one."""
    hook = "given" if wishes.hook else None
    asked = {"preset": preset_name, **asdict(replace(wishes, hook=hook)), **asdict(manner)}
    return {**asked, "jobs": means.processes, "scheduler": means.scheduler, "font": means.font}


def _pool(means: Means, place: Path) -> Pool:
    if means.scheduler == "local":
        return LocalPool(means.processes, means.threads, means.font, place / SCRATCH)
    return DaskPool(means.scheduler, means.font)


def _fingerprint(
    shoot: Path,
    out: Path,
    asked: dict[str, Any],
    wishes: ClipRequest,
    manner: Manner,
    only: Collection[Path] | None,
) -> str:
    """A name for the whole run: all that lies in the shoot and all that is asked for."""
    paths = [path for path in files_in(shoot, out) if only is None or path in only]
    paths += [wishes.notes] if wishes.notes else []
    facts = []
    for path in paths:
        # What is gone again by now is told of later, if it matters.
        with suppress(OSError):
            there = remote.file_stat(path)
            facts.append((str(path), there.st_size, there.st_mtime_ns, there.st_mode))
    how = replace(manner, threads=0, fail_fast=False, resume=True)
    return task_key("shoot", version=__version__, files=facts, asked=asked, manner=asdict(how))


def _refuse_edited_plan(out: Path, ledger: Ledger) -> None:
    """A plan that somebody edited since is not written over."""
    path = out / PLAN_NAME
    known = [w for e in ledger.entries() for w in e.outputs if w.name == PLAN_NAME]
    # Where the ledger was lost, the report knows it still.
    ours = any(written.is_there(out) for written in known) or Outcome.plan_of(out) == _held(path)
    if path.exists() and not ours:
        raise PlanError(
            path, "was edited, or not made by `batch`",
            "render it by `btsclip render`, or move it away",
        )  # fmt: skip


def _held(path: Path) -> str:
    try:
        return digest(path)
    except OSError as error:
        return f"can't be read: {error}"


def _conclude(
    outcome: Outcome, result: BatchResult | None, key: str, ledger: Ledger, out: Path
) -> None:
    """Writes the report, and notes that all of it is done if it is. Without a `result` there was
    no take to cut, and what an earlier run made stays as it is."""
    report.write(outcome, out)
    if result is None:
        return
    ledger.forget(entry.key for entry in ledger.entries() if entry.kind in ("shoot", "plan file"))
    made = [out / name for name in (PLAN_NAME, REPORT, TABLE)]
    plan_key = task_key("plan file", digest=_held(out / PLAN_NAME))
    ledger.begin(plan_key, "plan file", PLAN_NAME)
    ledger.finish(plan_key, made)
    if not result.failures:
        ledger.begin(key, "shoot", str(out))
        ledger.finish(key, [*made, *(path for clip in result.clips for path in clip.files)])


def _as_it_was(out: Path) -> Outcome:
    """The outcome of the run that did all of it."""
    outcome = Outcome.read(out)
    plan = io.read_plan(out / PLAN_NAME)
    clips = tuple(files_of(out, clip) for clip in plan.clips if clip.enabled)
    return replace(outcome, plan=plan, clips=clips, kept=len(clips))
