"""Cut a shoot: analyze, plan and render every take, and do nothing twice."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from btsclip.batch import tasks
from btsclip.batch.ledger import Ledger, OutputFile, digest, task_key
from btsclip.batch.leftovers import remove_leftovers, remove_old_clips
from btsclip.batch.scheduler import Engine, Listener, Task
from btsclip.batch.state import BatchOptions, BatchResult, TakeOutcome
from btsclip.batch.workers import Pool
from btsclip.media import (
    disk_full,
    is_remote,
    sound_key,
    write_text,
)
from btsclip.plan import Clip, clip_to_document, plan_to_document, to_json
from btsclip.planning import (
    PlanContext,
    assemble_plan,
    best_of_shoot,
    keep_first_introductions,
    keep_first_lines,
    nothing_found_error,
    number_series,
    takes_of_introductions,
)
from btsclip.presets import look_files
from btsclip.render import RenderedClip, files_of, max_clip_bytes
from btsclip.takes import Discovery
from btsclip.version import __version__

PLAN_NAME = "plan.json"
# Seconds after which a task counts as stuck: a multiple of the seconds of its footage, and some
# minutes for slow computers to start.
LIMIT_PER_FOOTAGE_SECOND = 40.0
MIN_LIMIT_SECONDS = 900.0
# Footage longer than a day is an error in its file: do not wait for it.
MAX_TAKE_SECONDS = 86_400.0
# Render the clips that are planned before the next take is analyzed.
RENDER_URGENCY = 3
PLAN_URGENCY = 2
ANALYZE_URGENCY = 1


class Batch:
    """One run over the takes of a shoot, with its results in the folder `out`."""

    def __init__(
        self,
        discovery: Discovery,
        context: PlanContext,
        options: BatchOptions,
        out: Path,
        ledger: Ledger,
    ) -> None:
        self._context, self._options, self._out, self._ledger = context, options, out, ledger
        self._outcomes = [TakeOutcome(take) for take in discovery.takes]
        self._all_read = not any(file.failed for file in discovery.left_out)
        paths = [take.footage.path for take in discovery.takes]
        self._takes = [str(path) for path in paths]
        self._introduced = takes_of_introductions(context.known_people, paths)
        self._look = [digest(path) for path in look_files(context.preset)]
        self._rendered: dict[str, RenderedClip] = {}
        self._clip_ids: dict[str, str] = {}
        self._kept = 0
        # Lines on the clips of the first takes, and the number of these takes.
        self._lines: set[str] = set()
        self._settled = 0
        # Parts of the series on these clips.
        self._parts = 0

    def plan(self, pool: Pool, on_event: Listener, on_idle: Callable[[], None]) -> BatchResult:
        """Analyze and plan without rendering, as a dry run does."""
        engine = self._engine(pool, on_event, on_idle)
        engine.run(self._analyze_task(outcome, render=False) for outcome in self._outcomes)
        self._rank()
        self._settle_lines(all_takes=True)
        return self._result(engine)

    def run(self, pool: Pool, on_event: Listener, on_idle: Callable[[], None]) -> BatchResult:
        """Analyze, plan and render, and write the plan.

        Raises OutputError when the disk is too small, and NothingFound when no take is worth
        cutting and no file failed.
        """
        self._check_space()
        engine = self._engine(pool, on_event, on_idle)
        ranked = self._options.top is not None
        engine.run(self._analyze_task(outcome, render=not ranked) for outcome in self._outcomes)
        if not (engine.failures and engine.fail_fast):
            self._rank()
            engine.run(self._render_settled(all_takes=True))
        result = self._result(engine)
        if not result.plan.clips and not engine.failures and self._all_read:
            footages = [outcome.take.footage for outcome in self._outcomes]
            refused = [refusal for outcome in self._outcomes for refusal in outcome.refused]
            raise nothing_found_error(footages, refused, self._context)
        self._write_plan(result)
        if not result.failures:
            # After a failure, clips may be missing from the plan only because of it.
            current = {path.name for clip in result.clips for path in clip.files}
            takes = [outcome.take.footage for outcome in self._outcomes]
            remove_old_clips(self._out, self._ledger, self._clip_ids, current, takes)
        return result

    def _engine(self, pool: Pool, on_event: Listener, on_idle: Callable[[], None]) -> Engine:
        clean_up = partial(remove_leftovers, self._out)
        return Engine(pool, self._ledger, on_event, on_idle, clean_up, self._options.fail_fast)

    def _analyze_task(self, outcome: TakeOutcome, render: bool) -> Task:
        footage = outcome.take.footage
        return Task(
            task_key("analyse", files=[str(path) for path in footage.files]),
            "analyse", outcome.take.name, footage.path.name, tasks.analyze_take,
            (footage, self._context), ANALYZE_URGENCY,
            then=partial(self._plan_tasks, outcome, render),
            limit=task_time_limit(footage.duration),
        )  # fmt: skip

    def _plan_tasks(
        self, outcome: TakeOutcome, render: bool, analyzed: tasks.AnalyzedTake
    ) -> list[Task]:
        """Keep the analysis of a take; the task that plans its clips, if it has any cuts."""
        outcome.digests, outcome.cuts = analyzed.digests, analyzed.cuts
        outcome.refused = analyzed.refused
        outcome.take = replace(outcome.take, footage=analyzed.analysis.footage)
        if not outcome.cuts:
            outcome.is_planned = True
            return self._render_settled() if render else []
        name = outcome.take.name
        return [
            Task(
                task_key("plan", take=name), "plan", name, name, tasks.plan_take,
                (name, outcome.cuts, analyzed.analysis, self._context), PLAN_URGENCY,
                then=partial(self._keep_clips, outcome, render),
                limit=task_time_limit(sum(cut.end - cut.start for cut in outcome.cuts)),
            )
        ]  # fmt: skip

    def _keep_clips(self, outcome: TakeOutcome, render: bool, clips: list[Clip]) -> list[Task]:
        """Keep the planned clips of a take; the tasks that render them, with `render`."""
        if self._options.top is None:
            # The clips of other takes may not be planned yet: the notes say which take introduces
            # whom.
            clips = keep_first_introductions(clips, self._takes, self._introduced)
        outcome.clips, outcome.is_planned = clips, True
        return self._render_settled() if render else []

    def _settle_lines(self, *, all_takes: bool = False) -> list[TakeOutcome]:
        """Take repeated lines off the clips of the next takes in order, and return these takes.

        A take waits for those before it, so that the first clip with a line is the same in every
        run. With `all_takes`, takes that failed are no longer waited for.
        """
        first = self._settled
        for outcome in self._outcomes[first:]:
            if not outcome.is_planned and not all_takes:
                break
            series = self._context.request.series
            clips = number_series(outcome.clips, self._takes, series, self._parts)
            outcome.clips = keep_first_lines(clips, self._takes, self._lines)
            self._parts += sum(clip.enabled for clip in clips)
            self._settled += 1
        return self._outcomes[first : self._settled]

    def _render_settled(self, *, all_takes: bool = False) -> list[Task]:
        """The tasks that render the clips of the next takes whose lines are settled."""
        settled = self._settle_lines(all_takes=all_takes)
        return [task for outcome in settled for task in self._render_tasks(outcome)]

    def _rank(self) -> None:
        """Disable all but the `top` clips of the shoot, if the options say so."""
        if self._options.top is None:
            return
        planned = [cut for outcome in self._outcomes if outcome.clips for cut in outcome.cuts]
        cuts = [cut for cut in planned if not cut.danger]
        _, refused = best_of_shoot(cuts, self._context, self._options.top)
        why = {(r.footage.path, r.start, r.end): r.why for r in refused}
        for outcome in self._outcomes:
            outcome.clips = [
                _disable(clip, why.get((cut.footage.path, cut.start, cut.end)))
                for cut, clip in zip(outcome.cuts, outcome.clips, strict=False)
            ]
        clips = keep_first_introductions([c for o in self._outcomes for c in o.clips], self._takes)
        remaining = iter(clips)
        for outcome in self._outcomes:
            outcome.clips = list(itertools.islice(remaining, len(outcome.clips)))

    def _render_tasks(self, outcome: TakeOutcome) -> list[Task]:
        """The tasks that render the clips of a take, without those an earlier run finished."""
        render_tasks = []
        for clip in outcome.clips:
            if clip.enabled:
                task = self._render_task(clip, outcome)
                self._clip_ids[task.key] = clip.id
                if self._options.resume and self._ledger.find_done(task.key):
                    self._rendered[clip.id] = files_of(self._out, clip)
                    self._kept += 1
                else:
                    render_tasks.append(task)
        return render_tasks

    def _render_task(self, clip: Clip, outcome: TakeOutcome) -> Task:
        context, options, footage = self._context, self._options, outcome.take.footage
        key = task_key(
            # With paths relative to the results: a shoot that is moved with them is not rendered
            # again.
            "render", version=__version__,
            clip=clip_to_document(clip, self._out).model_dump(mode="json"),
            content=outcome.digests,
            sound=sound_key(footage),
            preset=context.preset.model_dump(mode="json"),
            look=self._look,
            encoder=options.encoder,
        )  # fmt: skip
        args = (clip, footage, context, self._out, options.encoder, options.threads)
        return Task(
            key,
            "render",
            outcome.take.name,
            clip.id,
            tasks.render_clip,
            args,
            RENDER_URGENCY,
            outputs=lambda rendered: rendered.files,
            then=self._keep_rendered,
            limit=task_time_limit(clip.seconds_in_all),
        )

    def _keep_rendered(self, rendered: RenderedClip) -> list[Task]:
        self._rendered[rendered.clip.id] = rendered
        return []

    def _result(self, engine: Engine) -> BatchResult:
        clips = [clip for outcome in self._outcomes for clip in outcome.clips]
        refused = [refusal for outcome in self._outcomes for refusal in outcome.refused]
        footages = [outcome.take.footage for outcome in self._outcomes]
        return BatchResult(
            assemble_plan(footages, clips, refused, self._context),
            tuple(self._rendered[clip.id] for clip in clips if clip.id in self._rendered),
            self._kept,
            tuple(engine.failures),
        )

    def _write_plan(self, result: BatchResult) -> None:
        text = to_json(plan_to_document(result.plan, self._out))
        self._ledger.announce(
            task_key("plan file", text=text), "plan file", PLAN_NAME,
            OutputFile.of_text(PLAN_NAME, text),
        )  # fmt: skip
        write_text(self._out / PLAN_NAME, text)

    def _check_space(self) -> None:
        """Check for enough free space for all clips, before hours of work."""
        count = self._context.count * len(self._outcomes)
        if self._options.top is not None:
            count = min(count, self._options.top)
        need = count * max_clip_bytes(self._context.lengths[1], self._context.preset.output)
        if not is_remote(self._out) and shutil.disk_usage(self._out).free < need:
            raise disk_full(self._out, need)


def _disable(clip: Clip, why: str | None) -> Clip:
    """`clip` with the reason it is left out; unchanged without a reason."""
    if why is None:
        return clip
    return clip.model_copy(update={"enabled": False, "why": f"{clip.why}; left out: {why}"})


def task_time_limit(seconds: float) -> float:
    """Seconds that a task on this many `seconds` of footage may take."""
    return MIN_LIMIT_SECONDS + LIMIT_PER_FOOTAGE_SECOND * min(seconds, MAX_TAKE_SECONDS)
