"""Plan clips and render them: `cut`, `plan` and `render`."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from btsclip.media import absolute, refuse_existing, staging
from btsclip.plan import Clip, CutPlan, named_preset, read_plan, write_plan
from btsclip.planning.brands import branded, load_look
from btsclip.planning.clips import make_plan
from btsclip.planning.request import ClipRequest, Progress, RenderOptions, RenderReport
from btsclip.planning.result import ClipJson, CutJson, SkippedJson
from btsclip.planning.series import renumber
from btsclip.presets import Preset
from btsclip.render import RenderedClip, encoders, render

PLAN_NAME = "plan.json"


@dataclass(frozen=True)
class CutResult:
    """A plan, its file and the rendered clips. A dry run has neither file nor clips."""

    plan: CutPlan
    plan_path: Path | None
    clips: tuple[RenderedClip, ...]


def default_folder(paths: Sequence[Path]) -> Path:
    """The output folder when the user names none: NAME-clips in the current folder."""
    return Path(f"{paths[0].stem}-clips" if len(paths) == 1 else "clips")


def cut(
    paths: Sequence[Path],
    out: Path,
    preset_name: str,
    request: ClipRequest,
    options: RenderOptions = RenderOptions(),
    progress: Progress = Progress(),
) -> CutResult:
    """Plan the clips of `paths` together and render them into `out`.

    See `make_plan` and `render_new_plan` for errors and for what a failure leaves behind.
    """
    preset, request = branded(preset_name, request, paths)
    plan_path = out / PLAN_NAME
    options = prepare_output(plan_path, options)
    plan = make_plan(paths, preset, preset_name, request, progress.analysis)
    return render_new_plan(plan, plan_path, preset, options, progress.rendering)


def plan_footage(
    paths: Sequence[Path],
    out: Path,
    preset_name: str,
    request: ClipRequest,
    options: RenderOptions = RenderOptions(),
    progress: Progress = Progress(),
) -> CutResult:
    """Plan the clips of `paths` and write `out`/plan.json, without rendering.

    A dry run writes nothing.
    """
    preset, request = branded(preset_name, request, paths)
    plan_path = out / PLAN_NAME
    if not options.dry_run:
        _check_writable(plan_path, options.force)
    plan = make_plan(paths, preset, preset_name, request, progress.analysis)
    if options.dry_run:
        return CutResult(plan, None, ())
    out.mkdir(parents=True, exist_ok=True)
    write_plan(plan, plan_path)
    return CutResult(plan, plan_path, ())


def render_plan(
    path: Path,
    out: Path | None = None,
    *,
    force: bool = False,
    encoder: str = "libx264",
    preset_name: str | None = None,
    brand: Path | None = None,
    report: RenderReport | None = None,
) -> CutResult:
    """Render the enabled clips of the plan at `path` into `out`, by default the plan's folder.

    Without `preset_name` and `brand`, those of the plan are used.
    """
    plan = renumber(read_plan(path))
    look = {
        "preset": named_preset(preset_name or plan.preset),
        "brand": str(absolute(brand)) if brand else plan.brand,
    }
    plan, preset = plan.model_copy(update=look), load_look(**look)
    clips = render(
        plan, preset, out or path.parent, force=force, encoder=encoder, keep=[path], progress=report
    )
    return CutResult(plan, path, tuple(clips))


def prepare_output(plan_path: Path, options: RenderOptions) -> RenderOptions:
    """Check, before minutes of analysis, that the results can be encoded and written.

    Returns `options` with an encoder that works. A dry run writes nothing and checks nothing.
    Raises ToolError for an encoder that does not work, OutputError for a folder that can't be
    written to or, without `force`, for an existing plan.
    """
    if options.dry_run:
        return options
    options = replace(options, encoder=encoders.choose_encoder(options.encoder))
    _check_writable(plan_path, options.force)
    return options


def render_new_plan(
    plan: CutPlan,
    plan_path: Path,
    preset: Preset,
    options: RenderOptions,
    report: RenderReport,
) -> CutResult:
    """Write `plan` to `plan_path` and render it into the same folder. A dry run does neither.

    After a failure before the first clip is finished, the folder is as it was. After a later one,
    the finished clips and the plan stay. Fails as `write_plan` and `render` do.
    """
    if options.dry_run:
        return CutResult(plan, None, ())
    finished: list[str] = []

    def on_render(clip: Clip, share: float) -> None:
        if share >= 1:
            finished.append(clip.id)
        report(clip, share)

    out, had_folder = plan_path.parent, plan_path.parent.exists()
    old_plan = plan_path.read_bytes() if plan_path.is_file() else None
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_plan(plan, plan_path)
        clips = render(
            plan, preset, out, force=options.force, encoder=options.encoder, keep=[plan_path],
            progress=on_render,
        )  # fmt: skip
    except BaseException:
        if not finished:
            _rollback(plan_path, old_plan, had_folder)
        raise
    return CutResult(plan, plan_path, tuple(clips))


def cut_json(result: CutResult) -> dict[str, Any]:
    """The result as JSON values, version 1. Clips that are only planned have no files."""
    rendered_clips = {rendered.clip.id: rendered for rendered in result.clips}
    clips = []
    for clip in result.plan.clips:
        rendered = rendered_clips.get(clip.id)
        clips.append(
            ClipJson(
                path=str(rendered.path) if rendered else None,
                sidecar=str(rendered.sidecar) if rendered else None,
                cover=str(rendered.cover) if rendered else None,
                enabled=clip.enabled,
                source=clip.spans[0].source,
                start=clip.source_start,
                end=clip.source_end,
                kind=clip.kind,
                score=clip.score,
                why=clip.why,
                warnings=rendered.clip.warnings if rendered else clip.warnings,
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


def _check_writable(plan_path: Path, force: bool) -> None:
    """Raise OutputError if the plan exists (without `force`) or its folder can't be written to."""
    if not force:
        refuse_existing([plan_path])
    with staging(plan_path.parent):
        pass


def _rollback(plan_path: Path, old_plan: bytes | None, had_folder: bool) -> None:
    """Restore the old plan, or remove the new one and the folder that was made for it."""
    if old_plan is not None:
        if plan_path.read_bytes() != old_plan:
            plan_path.write_bytes(old_plan)
        return
    with contextlib.suppress(OSError):
        plan_path.unlink(missing_ok=True)
        if not had_folder:
            plan_path.parent.rmdir()
