"""Handing a plan over: read, checked, laid out as timelines, written and published."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from btsclip.errors import NothingFound, OutputError, PlanError
from btsclip.exchange import edl, fcpxml, markers, otio, subtitles, xmeml
from btsclip.exchange.assemble import timeline_of
from btsclip.exchange.footage import source_files
from btsclip.exchange.forms import Form
from btsclip.exchange.losses import losses
from btsclip.exchange.timeline import Media, Timeline
from btsclip.exchange.urls import url_of
from btsclip.extras import require
from btsclip.json_result import JsonResult, JsonValues
from btsclip.media.output import disk_full, output_error, publish, refuse_existing, staging
from btsclip.media.paths import in_real_folder
from btsclip.plan.io import read_plan
from btsclip.plan.model import Clip, CutPlan
from btsclip.presets.load import load_preset
from btsclip.render.sources import check_not_overwriting, check_spans, files_read

# How files of each format end.
SUFFIX: dict[Form, str] = {
    "otio": ".otio", "otioz": ".otioz", "edl": ".edl", "premiere": ".xml", "resolve": ".fcpxml",
    "fcpxml": ".fcpxml", "srt": ".srt", "vtt": ".vtt", "markers-csv": ".csv",
}  # fmt: skip
# Formats that hold all clips in one file.
TOGETHER: tuple[Form, ...] = ("premiere", "resolve", "fcpxml")
Url = Callable[[Media], str]
# Where results go beside the plan, so that they are no rendered clip's.
FOLDER = "edit"


@dataclass(frozen=True)
class ExportResult:
    """The files made, the clips in them, and what was not carried, clip by clip."""

    files: tuple[Path, ...]
    clips: tuple[Clip, ...]
    notes: tuple[tuple[str, tuple[str, ...]], ...]


class ExportedClipJson(JsonValues):
    """A clip that was handed over."""

    id: str = Field(description="The clip's name in the plan.")
    notes: list[str] = Field(description="What was not carried over.")


class ExportJson(JsonResult):
    """What `export --json` prints."""

    files: list[str] = Field(description="The files that were written.")
    clips: list[ExportedClipJson] = Field(description="The clips in them.")


def export_plan(
    path: Path,
    form: Form,
    out: Path | None = None,
    *,
    relative: bool = False,
    only: Sequence[str] = (),
    force: bool = False,
) -> ExportResult:
    """Writes the enabled clips of the plan at `path`, or those whose ids are `only`, in `form`.

    `out` is a file, or a folder for formats that take a file for each clip; without it, the folder
    `edit` beside the plan. Media are named by absolute URLs, or `relative` to the file.

    Raises ToolError without the library; PlanError for a plan that is wrong or no longer fits its
    footage; FootageError for what is missing; OutputError for results that are there (without
    `force`), that would replace what the plan reads, or that the disk has no room for.
    """
    require("opentimelineio", "exchange", "export")
    plan = read_plan(path)
    clips = _chosen(plan, path, only)
    preset = load_preset(plan.preset)
    used = {span.source for clip in clips for span in clip.spans}
    takes = {source.path: source_files(source) for source in plan.sources if source.path in used}
    for clip in clips:
        check_spans(clip, {name: take.footage for name, take in takes.items()})
    timelines = [timeline_of(clip, takes, preset.output) for clip in clips]
    files = _files(path, form, out, clips)
    check_not_overwriting(files, [path, *files_read(plan)])
    if not force:
        refuse_existing(files)
    _write(files, timelines, form, relative, force, path.stem)
    unread = ("Premiere reads no relative paths: link the media by hand",)
    extra = unread if relative and form == "premiere" else ()
    notes = [
        (clip.id, (*extra, *timeline.warnings, *losses(clip, timeline, form)))
        for clip, timeline in zip(clips, timelines, strict=True)
    ]
    return ExportResult(tuple(files), tuple(clips), tuple(notes))


def export_json(handed: ExportResult) -> dict[str, Any]:
    """The result as JSON values, version 1."""
    return ExportJson(
        files=[str(file) for file in handed.files],
        clips=[ExportedClipJson(id=clip, notes=list(notes)) for clip, notes in handed.notes],
    ).values()


def _chosen(plan: CutPlan, path: Path, only: Sequence[str]) -> list[Clip]:
    known = {clip.id: clip for clip in plan.clips}
    for name in only:
        if name not in known:
            ids = ", ".join(known) or "none"
            raise PlanError(path, f"has no clip {name}", f"name one of its clips: {ids}")
    clips = [known[name] for name in dict.fromkeys(only)] if only else list(known.values())
    clips = [clip for clip in clips if only or clip.enabled]
    if not clips:
        raise NothingFound(path, "has no enabled clip", "enable one in it or name it with --clip")
    return clips


def _files(path: Path, form: Form, out: Path | None, clips: Sequence[Clip]) -> list[Path]:
    """Where the results go: one file, or one for each clip."""
    suffix = SUFFIX[form]
    named = out is not None and out.suffix.lower() == suffix and not out.is_dir()
    folder = path.parent / FOLDER if out is None else out
    if form in TOGETHER:
        return [out] if out is not None and named else [folder / (path.stem + suffix)]
    if out is not None and named:
        if len(clips) > 1:
            raise OutputError(
                out, f"is one file, but {form} takes one for each of {len(clips)} clips",
                "name a folder, or one clip with --clip",
            )  # fmt: skip
        return [out]
    return [folder / (clip.id + suffix) for clip in clips]


def _write(
    files: Sequence[Path],
    timelines: Sequence[Timeline],
    form: Form,
    relative: bool,
    force: bool,
    name: str,
) -> None:
    folder = files[0].parent
    url = _urls(folder.resolve(), relative, form)
    with staging(folder) as temp:
        if form == "otioz":
            need = sum(otio.bundle_bytes(timeline) for timeline in timelines)
            if shutil.disk_usage(temp).free < need:
                raise disk_full(folder, need)
        made = [temp / f"{number}{SUFFIX[form]}" for number in range(len(files))]
        try:
            if form in TOGETHER:
                made[0].write_text(_whole(form, name, timelines, url), "utf-8", newline="\n")
            for target, timeline in zip(made, () if form in TOGETHER else timelines, strict=False):
                if form == "otioz":
                    otio.bundle(timeline, target)
                else:
                    target.write_text(_single(form, timeline, url), "utf-8", newline="\n")
        except OSError as error:
            raise output_error(folder, error) from error
        publish(zip(made, files, strict=True), force)


def _urls(folder: Path, relative: bool, form: Form) -> Url:
    def url(media: Media) -> str:
        text = url_of(in_real_folder(Path(media.path)), folder) if relative else url_of(media.path)
        # Premiere writes and reads the name of this computer in it.
        named = form == "premiere" and text.startswith("file:///")
        return text.replace("file:///", "file://localhost/", 1) if named else text

    return url


def _whole(
    form: Form, name: str, timelines: Sequence[Timeline], url: Callable[[Media], str]
) -> str:
    write = xmeml.document if form == "premiere" else fcpxml.document
    return write(name, timelines, url)


def _single(form: Form, timeline: Timeline, url: Url) -> str:
    if form == "otio":
        return otio.to_text(timeline, url)
    if form == "edl":
        return edl.to_text(timeline)
    if form == "markers-csv":
        return markers.to_text(timeline)
    assert form in ("srt", "vtt")
    return subtitles.to_text(timeline, "srt" if form == "srt" else "vtt")
