"""`batch`: from a shoot's folder to its clips, each made once however often a run is cut off."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from btsclip.errors import FootageError, PlanError
from btsclip.plan import io
from btsclip.presets.load import load
from btsclip.render import encoders
from btsclip.render.run import files_of
from btsclip.shoot import stores
from btsclip.shoot.batch import PLAN_NAME, Batch, BatchResult, Manner, sweep
from btsclip.shoot.brief import Wishes, prepare
from btsclip.shoot.cluster import DaskPool
from btsclip.shoot.discover import Discovery, discover, files_in
from btsclip.shoot.engine import Engine, Listener
from btsclip.shoot.fetching import probes
from btsclip.shoot.ledger import Ledger, held, task_key
from btsclip.shoot.outcome import REPORT, TABLE, Outcome, outcome_of
from btsclip.shoot.pool import LocalPool, Pool
from btsclip.version import __version__

# Where the clips of a shoot go when the user names no folder.
OUT = "btsclip"


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


def batch(
    shoot: Path,
    out: Path | None,
    preset_name: str,
    wishes: Wishes,
    manner: Manner,
    means: Means,
    *,
    dry_run: bool = False,
    wait: bool = False,
    found: Callable[[Discovery], None] = lambda found: None,
    listen: Listener = lambda event: None,
    idle: Callable[[], None] = lambda: None,
) -> Outcome:
    """Cuts all takes of the folder `shoot` into `out` (default: `btsclip` in it).

    What an earlier run has done stays as it is; a dry run only plans, and writes nothing. One bad
    file stops no other; what failed is in the outcome. Raises FootageError for a folder that is
    none, PresetError, CaptionError, OutputError when another run is at work in `out` or there is
    no room, and NothingFound.
    """
    preset = load(preset_name)
    if means.scheduler != "local":
        # Workers have other current folders.
        shoot, out = stores.anywhere(shoot), out and stores.anywhere(out)
    target = shoot / OUT if out is None else out
    with ExitStack() as stack:
        place = stores.home(target)
        if dry_run:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="btsclip-")))
        else:
            stores.check_folder(shoot)
        stack.enter_context(held(place, wait))
        ledger = stack.enter_context(Ledger(place, None if dry_run else target))
        sweep(place)
        # Workers that died on other machines leave what they were making.
        stack.callback(sweep, place)
        pool = _pool(means)
        stack.callback(pool.close)
        manner = replace(manner, threads=pool.threads, encoder=encoders.choose(manner.encoder))
        asked = {"preset": preset.model_dump(mode="json"), "wishes": asdict(wishes)}
        key = _fingerprint(shoot, target, asked, wishes, manner)
        if manner.resume and not dry_run and ledger.done(key):
            return _as_it_was(target)
        _refuse_edited_plan(place if dry_run else target, ledger)
        probed = probes(shoot, target, Engine(pool, ledger, idle=idle))
        discovery = discover(shoot, target, probed=probed)
        found(discovery)
        footages = [take.footage for take in discovery.takes]
        if not footages:
            raise FootageError(shoot, "holds no video", "name the folder that holds the takes")
        brief = prepare(footages, preset, preset_name, wishes)
        run = Batch(discovery, brief, manner, place if dry_run else target, ledger)
        result = (run.plan if dry_run else run.run)(pool, listen, idle)
        outcome = outcome_of(discovery, result, None if dry_run else target)
        if not dry_run:
            _conclude(outcome, result, key, ledger, target)
        return outcome


def _pool(means: Means) -> Pool:
    if means.scheduler == "local":
        return LocalPool(means.processes, means.threads, means.font)
    return DaskPool(means.scheduler, means.font)


def _fingerprint(
    shoot: Path, out: Path, asked: dict[str, Any], wishes: Wishes, manner: Manner
) -> str:
    """A name for the whole run: all that lies in the shoot and all that is asked for."""
    paths = [*files_in(shoot, out), *([wishes.notes] if wishes.notes else [])]
    facts = []
    for path in paths:
        there = stores.facts(path)
        facts.append((str(path), there.st_size, there.st_mtime_ns, there.st_mode))
    how = replace(manner, fail_fast=False, resume=True)
    return task_key("shoot", version=__version__, files=facts, asked=asked, manner=asdict(how))


def _refuse_edited_plan(out: Path, ledger: Ledger) -> None:
    """A plan that somebody edited since is not written over."""
    path = out / PLAN_NAME
    known = [w for e in ledger.entries() for w in e.outputs if w.name == PLAN_NAME]
    if path.exists() and not any(written.is_there(out) for written in known):
        raise PlanError(
            path, "was edited, or not made by `batch`",
            "render it by `btsclip render`, or move it away",
        )  # fmt: skip


def _conclude(outcome: Outcome, result: BatchResult, key: str, ledger: Ledger, out: Path) -> None:
    """Writes the report, and notes that all of it is done if it is."""
    outcome.write(out)
    ledger.forget(entry.key for entry in ledger.entries() if entry.kind in ("shoot", "plan file"))
    made = [out / name for name in (PLAN_NAME, REPORT, TABLE)]
    plan_key = task_key("plan file")
    ledger.begin(plan_key, "plan file", PLAN_NAME)
    ledger.finish(plan_key, made)
    if not result.failures:
        ledger.begin(key, "shoot", str(out))
        ledger.finish(key, [*made, *(path for clip in result.clips for path in clip.files)])


def _as_it_was(out: Path) -> Outcome:
    """The outcome of the run that did all of it."""
    outcome = Outcome.read(out)
    plan = io.read(out / PLAN_NAME)
    clips = tuple(files_of(out, clip) for clip in plan.clips if clip.enabled)
    return replace(outcome, plan=plan, clips=clips, kept=len(clips))
