"""`cut`: plan and render in one go, so that either clips are there or nothing is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from btsclip.analysis.analyze import Report
from btsclip.media.output import refuse_existing, staging
from btsclip.plan.io import read_plan, write_plan
from btsclip.plan.model import Clip, CutPlan
from btsclip.planning.clips import make_plan
from btsclip.planning.request import ClipRequest, Progress, RenderOptions, RenderReport
from btsclip.planning.result import ClipJson, CutJson, SkippedJson
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset
from btsclip.render import RenderedClip, encoders, render

# Makes the plan, given the preset's look.
Planner = Callable[[Preset], CutPlan]
PLAN_NAME = "plan.json"


@dataclass(frozen=True)
class CutResult:
    """The plan, where it was written, and the finished clips; none of the latter in a dry run."""

    plan: CutPlan
    plan_path: Path | None
    clips: tuple[RenderedClip, ...]


def default_folder(paths: Sequence[Path]) -> Path:
    """Where results go when the user names no folder: NAME-clips in the current one."""
    return Path(f"{paths[0].stem}-clips" if len(paths) == 1 else "clips")


def plan_footage(
    paths: Sequence[Path],
    out: Path,
    preset_name: str,
    wishes: ClipRequest,
    options: RenderOptions = RenderOptions(),
    progress: Progress = Progress(),
) -> CutResult:
    """Plans the clips of `paths` and, unless it is a dry run, writes `out`/plan.json."""
    planner = partial(_planned, paths, preset_name, wishes, progress.analysis)
    return _plan(planner, load_preset(preset_name), out, options)


def render_plan(
    path: Path,
    out: Path | None = None,
    *,
    force: bool = False,
    encoder: str = "libx264",
    preset_name: str | None = None,
    report: RenderReport | None = None,
) -> CutResult:
    """Renders the enabled clips of the plan file at `path` into `out` (default: its folder)."""
    plan = read_plan(path)
    preset = load_preset(preset_name or plan.preset)
    options = RenderOptions(force, encoder=encoder)
    clips = _render(plan, preset, out or path.parent, path, options, report)
    return CutResult(plan, path, clips)


def cut(
    paths: Sequence[Path],
    out: Path,
    preset_name: str,
    wishes: ClipRequest,
    options: RenderOptions = RenderOptions(),
    progress: Progress = Progress(),
) -> CutResult:
    """Finds, plans and renders the clips of `paths` into `out`; see `cut_and_render`."""
    planner = partial(_planned, paths, preset_name, wishes, progress.analysis)
    return cut_and_render(planner, out, preset_name, options, progress.rendering)


def cut_and_render(
    planner: Planner,
    out: Path,
    preset_name: str,
    options: RenderOptions,
    report: RenderReport,
) -> CutResult:
    """Writes what `planner` plans to `out`/plan.json and renders it; in a dry run does neither.

    When it fails before the first clip is finished, the plan and the folder it made are taken away
    again. Clips that were finished before a failure stay, and so does the plan.
    """
    preset = load_preset(preset_name)
    if options.dry_run:
        return _plan(planner, preset, out, options)
    # One that does not work is named before the analysis, not after it.
    options = replace(options, encoder=encoders.choose_encoder(options.encoder))

    def planned() -> CutPlan:
        return _plan(planner, preset, out, options).plan

    return render_new_plan(planned, out / PLAN_NAME, preset, options, report)


def render_new_plan(
    planned: Callable[[], CutPlan],
    plan_path: Path,
    preset: Preset,
    options: RenderOptions,
    report: RenderReport,
) -> CutResult:
    """Renders the plan that `planned` makes and writes to `plan_path`, into its folder.

    Either clips are there or nothing is: see `cut_and_render`.
    """
    finished: list[str] = []

    def on_render(clip: Clip, share: float) -> None:
        if share >= 1:
            finished.append(clip.id)
        report(clip, share)

    out, had_folder = plan_path.parent, plan_path.parent.exists()
    before = plan_path.read_bytes() if plan_path.is_file() else None
    try:
        plan = planned()
        clips = _render(plan, preset, out, plan_path, options, on_render)
    except BaseException:
        if not finished:
            _rollback(plan_path, before, had_folder)
        raise
    return CutResult(plan, plan_path, clips)


def cut_json(result: CutResult) -> dict[str, Any]:
    """The result as JSON values, version 1; planned clips have no files yet."""
    rendered = {done.clip.id: done for done in result.clips}
    clips = []
    for clip in result.plan.clips:
        done = rendered.get(clip.id)
        clips.append(
            ClipJson(
                path=str(done.path) if done else None,
                sidecar=str(done.sidecar) if done else None,
                cover=str(done.cover) if done else None,
                enabled=clip.enabled,
                source=clip.spans[0].source,
                start=clip.spans[0].start,
                end=clip.spans[0].end,
                kind=clip.kind,
                score=clip.score,
                why=clip.why,
                warnings=clip.warnings,
            )
        )
    return CutJson(
        plan=str(result.plan_path) if result.plan_path else None,
        clips=clips,
        skipped=[
            SkippedJson(**skipped.model_dump(include={"source", "start", "end", "why"}))
            for skipped in result.plan.skipped
        ],
    ).values()


def _planned(
    paths: Sequence[Path], preset_name: str, wishes: ClipRequest, report: Report, preset: Preset
) -> CutPlan:
    return make_plan(paths, preset, preset_name, wishes, report)


def _plan(planner: Planner, preset: Preset, out: Path, options: RenderOptions) -> CutResult:
    path = out / PLAN_NAME
    if not options.dry_run:
        check_output(path, options.force)
    plan = planner(preset)
    if options.dry_run:
        return CutResult(plan, None, ())
    out.mkdir(parents=True, exist_ok=True)
    write_plan(plan, path)
    return CutResult(plan, path, ())


def _render(
    plan: CutPlan,
    preset: Preset,
    out: Path,
    plan_path: Path,
    options: RenderOptions,
    report: RenderReport | None,
) -> tuple[RenderedClip, ...]:
    return tuple(
        render(
            plan,
            preset,
            out,
            force=options.force,
            encoder=options.encoder,
            keep=[plan_path],
            progress=report,
        )
    )


def check_output(plan_path: Path, force: bool) -> None:
    """Before minutes of analysis: may the plan be written, and is the folder writable?"""
    if not force:
        refuse_existing([plan_path])
    with staging(plan_path.parent):
        pass


def _rollback(plan_path: Path, before: bytes | None, had_folder: bool) -> None:
    """Leaves the output folder as it was before a plan was written to it."""
    if before is not None:
        if plan_path.read_bytes() != before:
            plan_path.write_bytes(before)
        return
    with contextlib.suppress(OSError):
        plan_path.unlink(missing_ok=True)
        if not had_folder:
            plan_path.parent.rmdir()
