"""A whole shoot: every take analysed, planned and rendered, and nothing done twice."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from btsclip.batch import tasks
from btsclip.batch.ledger import Entry, Ledger, OutputFile, task_key
from btsclip.batch.scheduler import Engine, Failure, Listener, Task
from btsclip.batch.workers import Pool
from btsclip.media import remote
from btsclip.media.documents import json_record
from btsclip.media.output import STAGING_PREFIX, disk_full, write_text
from btsclip.media.paths import from_document
from btsclip.moments.select import Cut, Refusal
from btsclip.plan.io import to_json
from btsclip.plan.model import Clip, CutPlan
from btsclip.plan.places import clip_to_document, plan_to_document
from btsclip.planning.clips import assemble_plan, source_of
from btsclip.planning.lower_thirds import keep_first_introductions, takes_of_introductions
from btsclip.planning.nothing import nothing_found_error
from btsclip.planning.ranking import best_of_shoot
from btsclip.planning.request import PlanContext
from btsclip.render import RenderedClip
from btsclip.render.run import files_of, max_clip_bytes
from btsclip.takes.discover import Discovery, Take
from btsclip.version import __version__

PLAN_NAME = "plan.json"
# A task that takes longer than this, in seconds, hangs: so many times the seconds of footage that
# it works on, and some minutes for the slowest of computers to begin.
LIMIT_TIMES, LIMIT_LEAST = 40.0, 900.0
# Footage longer than a day is a mistake in its file, nothing to wait for.
LONGEST_TAKE = 86_400.0
# Rendering what is planned comes before looking through the next take.
RENDER, PLAN, ANALYSE = 3, 2, 1


@dataclass(frozen=True)
class Manner:
    """How a batch is run: `top` clips of the whole shoot (None: as many of each take as the preset
    says), threads of one ffmpeg, and whether to stop at the first failure."""

    top: int | None = None
    encoder: str = "libx264"
    threads: int = 0
    fail_fast: bool = False
    resume: bool = True


@dataclass
class TakeOutcome:
    """What has come of one take so far."""

    take: Take
    cuts: list[Cut] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    clips: list[Clip] = field(default_factory=list)
    # Digests of its files, as they were when it was looked through.
    held: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class BatchResult:
    """The plan of all takes, the clips that are there, how many of them were there before, and
    what failed."""

    plan: CutPlan
    clips: tuple[RenderedClip, ...]
    kept: int
    failures: tuple[Failure, ...]


class Batch:
    """One run over the takes of a shoot, its results in the folder `out`."""

    def __init__(
        self, found: Discovery, brief: PlanContext, manner: Manner, out: Path, ledger: Ledger
    ) -> None:
        self._brief, self._manner, self._out, self._ledger = brief, manner, out, ledger
        self._harvests = [TakeOutcome(take) for take in found.takes]
        self._all_read = not any(each.failed for each in found.left_out)
        paths = [take.footage.path for take in found.takes]
        self._takes = [str(path) for path in paths]
        self._introduced = takes_of_introductions(brief.guests, paths)
        self._rendered: dict[str, RenderedClip] = {}
        self._keys: dict[str, str] = {}
        self._kept = 0

    def plan(self, pool: Pool, listen: Listener, idle: Callable[[], None]) -> BatchResult:
        """Only analyses and plans: what a dry run shows."""
        engine = self._engine(pool, listen, idle)
        engine.run(self._analyse(harvest, render=False) for harvest in self._harvests)
        self._rank()
        return self._result(engine)

    def run(self, pool: Pool, listen: Listener, idle: Callable[[], None]) -> BatchResult:
        """Does all of it and writes the plan. Raises OutputError when the disk is too small, and
        NothingFound when no take holds anything worth cutting and no file failed."""
        self._check_space()
        engine = self._engine(pool, listen, idle)
        ranked = self._manner.top is not None
        engine.run(self._analyse(harvest, render=not ranked) for harvest in self._harvests)
        if ranked and not (engine.failures and engine.fail_fast):
            self._rank()
            engine.run(task for harvest in self._harvests for task in self._renders(harvest))
        result = self._result(engine)
        if not result.plan.clips and not engine.failures and self._all_read:
            footages = [harvest.take.footage for harvest in self._harvests]
            refused = [refusal for harvest in self._harvests for refusal in harvest.refused]
            raise nothing_found_error(footages, refused, self._brief)
        self._settle(result)
        return result

    def _engine(self, pool: Pool, listen: Listener, idle: Callable[[], None]) -> Engine:
        sweep_out = partial(remove_leftovers, self._out)
        return Engine(pool, self._ledger, listen, idle, sweep_out, self._manner.fail_fast)

    def _analyse(self, harvest: TakeOutcome, render: bool) -> Task:
        footage = harvest.take.footage
        return Task(
            task_key("analyse", files=[str(path) for path in footage.files]),
            "analyse", harvest.take.name, footage.path.name, tasks.analyze_take,
            (footage, self._brief), ANALYSE,
            then=partial(self._analysed, harvest, render), limit=max_cut_seconds(footage.duration),
        )  # fmt: skip

    def _analysed(
        self, harvest: TakeOutcome, render: bool, looked: tasks.AnalyzedTake
    ) -> list[Task]:
        harvest.held, harvest.cuts, harvest.refused = looked.held, looked.cuts, looked.refused
        harvest.take = replace(harvest.take, footage=looked.analysis.footage)
        if not harvest.cuts:
            return []
        name = harvest.take.name
        return [
            Task(
                task_key("plan", take=name), "plan", name, name, tasks.plan_take,
                (name, harvest.cuts, looked.analysis, self._brief), PLAN,
                then=partial(self._planned, harvest, render),
                limit=max_cut_seconds(sum(cut.end - cut.start for cut in harvest.cuts)),
            )
        ]  # fmt: skip

    def _planned(self, harvest: TakeOutcome, render: bool, clips: list[Clip]) -> list[Task]:
        if self._manner.top is None:
            # What other takes hold may not be known yet: the notes say who is introduced where.
            clips = keep_first_introductions(clips, self._takes, self._introduced)
        harvest.clips = clips
        return self._renders(harvest) if render else []

    def _rank(self) -> None:
        """Leaves only the best clips of the whole shoot enabled, where they were asked for."""
        if self._manner.top is None:
            return
        found = [cut for harvest in self._harvests if harvest.clips for cut in harvest.cuts]
        cuts = [cut for cut in found if not cut.danger]
        _, refused = best_of_shoot(cuts, self._brief, self._manner.top)
        why = {(r.footage.path, r.start, r.end): r.why for r in refused}
        for harvest in self._harvests:
            harvest.clips = [
                _disabled(clip, why.get((cut.footage.path, cut.start, cut.end)))
                for cut, clip in zip(harvest.cuts, harvest.clips, strict=False)
            ]
        clips = keep_first_introductions([c for h in self._harvests for c in h.clips], self._takes)
        left = iter(clips)
        for harvest in self._harvests:
            harvest.clips = list(itertools.islice(left, len(harvest.clips)))

    def _renders(self, harvest: TakeOutcome) -> list[Task]:
        """The tasks that render the take's clips, without those that are done."""
        made = []
        for clip in harvest.clips:
            if clip.enabled:
                task = self._render(clip, harvest)
                self._keys[task.key] = clip.id
                if self._manner.resume and self._ledger.done(task.key):
                    self._rendered[clip.id] = files_of(self._out, clip)
                    self._kept += 1
                else:
                    made.append(task)
        return made

    def _render(self, clip: Clip, harvest: TakeOutcome) -> Task:
        brief, manner, footage = self._brief, self._manner, harvest.take.footage
        key = task_key(
            # As seen from the results: a shoot that was moved with them is not rendered again.
            "render", version=__version__,
            clip=clip_to_document(clip, self._out).model_dump(mode="json"), content=harvest.held,
            preset=brief.preset.model_dump(mode="json"),
            encoder=manner.encoder,
        )  # fmt: skip
        args = (clip, footage, brief, self._out, manner.encoder, manner.threads)
        return Task(
            key,
            "render",
            harvest.take.name,
            clip.id,
            tasks.render_clip,
            args,
            RENDER,
            outputs=lambda made: made.files,
            then=self._made,
            limit=max_cut_seconds(clip.seconds_in_all),
        )

    def _made(self, made: RenderedClip) -> list[Task]:
        self._rendered[made.clip.id] = made
        return []

    def _result(self, engine: Engine) -> BatchResult:
        clips = [clip for harvest in self._harvests for clip in harvest.clips]
        refused = [refusal for harvest in self._harvests for refusal in harvest.refused]
        footages = [harvest.take.footage for harvest in self._harvests]
        return BatchResult(
            assemble_plan(footages, clips, refused, self._brief),
            tuple(self._rendered[clip.id] for clip in clips if clip.id in self._rendered),
            self._kept,
            tuple(engine.failures),
        )

    def _settle(self, result: BatchResult) -> None:
        """Writes the plan, and takes away what an earlier run with other wishes left."""
        text = to_json(plan_to_document(result.plan, self._out))
        self._ledger.announce(
            task_key("plan file", text=text), "plan file", PLAN_NAME,
            OutputFile.to_be(PLAN_NAME, text),
        )  # fmt: skip
        write_text(self._out / PLAN_NAME, text)
        if result.failures:
            # What could not be looked at this time may be why its clips are not in the plan.
            return
        mine = {path.name for made in result.clips for path in made.files}
        for entry in self._ledger.entries():
            if entry.kind == "render" and entry.key not in self._keys:
                if not self._can_be_made_again(entry):
                    continue
                for output in entry.outputs:
                    # What somebody has changed since is theirs.
                    if output.name not in mine and output.is_there(self._out):
                        (self._out / output.name).unlink(missing_ok=True)
                self._ledger.forget([entry.key])

    def _can_be_made_again(self, entry: Entry) -> bool:
        """Whether the take of an older clip is still there, or in the shoot by another name. Clips
        of takes that were moved away stay: nobody could make them again."""
        records = [self._out / each.name for each in entry.outputs if each.name.endswith(".json")]
        try:
            source = json_record(records[0])["source"]
            path = Path(from_document(source["path"], self._out))
            there, facts = path.exists(), (source["size"], source["duration"])
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return True
        takes = [source_of(harvest.take.footage) for harvest in self._harvests]
        return there or facts in [(take.size, take.duration) for take in takes]

    def _check_space(self) -> None:
        """Before hours of work: is there room for as many clips as are asked for?"""
        count = self._brief.count * len(self._harvests)
        if self._manner.top is not None:
            count = min(count, self._manner.top)
        need = count * max_clip_bytes(self._brief.lengths[1], self._brief.preset.output)
        if not remote.is_in_store(self._out) and shutil.disk_usage(self._out).free < need:
            raise disk_full(self._out, need)


def _disabled(clip: Clip, why: str | None) -> Clip:
    """`clip` as it stands in the plan: left out with the reason, if there is one."""
    if why is None:
        return clip
    return clip.model_copy(update={"enabled": False, "why": f"{clip.why}; left out: {why}"})


def max_cut_seconds(seconds: float) -> float:
    """Seconds that a task on so many seconds of footage may take."""
    return LIMIT_LEAST + LIMIT_TIMES * min(seconds, LONGEST_TAKE)


def remove_leftovers(out: Path) -> None:
    """Takes away what killed processes left half done in `out`, which nobody else works in."""
    if remote.is_in_store(out):
        return
    for folder in out.glob(f"{STAGING_PREFIX}*"):
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)
        else:
            folder.unlink(missing_ok=True)
