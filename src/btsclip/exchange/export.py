"""Export of a plan: read and check it, make timelines, write and publish the files."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from btsclip.errors import NothingFound, OutputError, PlanError
from btsclip.exchange import otio
from btsclip.exchange.assemble import timelines_of
from btsclip.exchange.documents import (
    COLLECTION_FORMATS,
    ONE_FILE_FORMATS,
    SUFFIXES,
    media_names,
    write_document,
)
from btsclip.exchange.footage import source_files
from btsclip.exchange.formats import FileFormat
from btsclip.exchange.joined import join_timelines
from btsclip.exchange.losses import losses
from btsclip.exchange.timeline import Timeline
from btsclip.extras import require
from btsclip.json_result import JsonResult, JsonValues
from btsclip.media import (
    disk_full,
    output_error,
    publish,
    refuse_existing,
    staging,
)
from btsclip.plan import Clip, CutPlan, read_plan
from btsclip.planning import renumber
from btsclip.presets import load_preset
from btsclip.render import check_not_overwriting, check_spans, files_read

# The default folder, beside the plan, apart from rendered clips.
FOLDER = "edit"


@dataclass(frozen=True)
class ExportResult:
    """The written files, the clips in them, and for each clip id notes on what was not carried."""

    files: tuple[Path, ...]
    clips: tuple[Clip, ...]
    notes: tuple[tuple[str, tuple[str, ...]], ...]


class ExportedClipJson(JsonValues):
    """A clip that was exported."""

    id: str = Field(description="The clip's name in the plan.")
    notes: list[str] = Field(description="What was not carried over.")


class ExportJson(JsonResult):
    """What `export --json` prints."""

    files: list[str] = Field(description="The files that were written.")
    clips: list[ExportedClipJson] = Field(description="The clips in them.")


def export_plan(
    path: Path,
    file_format: FileFormat,
    out: Path | None = None,
    *,
    relative: bool = False,
    joined: bool = False,
    only: Sequence[str] = (),
    force: bool = False,
) -> ExportResult:
    """Write the enabled clips of the plan at `path`, or the clips with the ids `only`.

    Args:
        out: A file, or a folder if the format has one file per clip. Default: the folder `edit`
            beside the plan.
        relative: Whether to name media relative to the file instead of by absolute paths.
        joined: Whether all clips are on one timeline, in the plan's order.

    Raises ToolError without OpenTimelineIO, PlanError for a plan that is invalid or no longer fits
    its footage, NothingFound for a plan without enabled clips, FootageError for missing footage,
    and OutputError for results that already exist (without `force`), that would replace an input,
    or that do not fit on the disk.
    """
    require("opentimelineio", "exchange", "export")
    plan = renumber(read_plan(path))
    clips = _choose_clips(plan, path, only)
    preset = load_preset(plan.preset)
    used = {span.source for clip in clips for span in clip.spans}
    takes = {source.path: source_files(source) for source in plan.sources if source.path in used}
    for clip in clips:
        check_spans(clip, {name: take.footage for name, take in takes.items()})
    timelines = timelines_of(clips, takes, preset, one_rate=joined)
    files = _file_paths(path, file_format, out, clips, joined)
    check_not_overwriting(files, [path, *files_read(plan)])
    if not force:
        refuse_existing(files)
    contents = [join_timelines(path.stem, timelines)] if joined else timelines
    _write(files, contents, file_format, relative, force, path.stem)
    relative_note = ("Premiere does not read relative paths: link the media by hand",)
    path_notes = relative_note if relative and file_format == "premiere" else ()
    notes = [
        (clip.id, (*path_notes, *timeline.warnings, *losses(clip, timeline, file_format)))
        for clip, timeline in zip(clips, timelines, strict=True)
    ]
    return ExportResult(tuple(files), tuple(clips), tuple(notes))


def export_json(result: ExportResult) -> dict[str, Any]:
    """The result as JSON values, version 1."""
    return ExportJson(
        files=[str(file) for file in result.files],
        clips=[ExportedClipJson(id=clip, notes=list(notes)) for clip, notes in result.notes],
    ).values()


def _choose_clips(plan: CutPlan, path: Path, only: Sequence[str]) -> list[Clip]:
    """The enabled clips, or the clips with the ids `only`, even if they are disabled."""
    by_id = {clip.id: clip for clip in plan.clips}
    for clip_id in only:
        if clip_id not in by_id:
            ids = ", ".join(by_id) or "none"
            raise PlanError(path, f"has no clip {clip_id}", f"name one of its clips: {ids}")
    if only:
        return [by_id[clip_id] for clip_id in dict.fromkeys(only)]
    clips = [clip for clip in plan.clips if clip.enabled]
    if not clips:
        raise NothingFound(path, "has no enabled clip", "enable one in it or name it with --clip")
    return clips


def _file_paths(
    path: Path, file_format: FileFormat, out: Path | None, clips: Sequence[Clip], joined: bool
) -> list[Path]:
    """The paths of the results: one file, or one per clip."""
    suffix = SUFFIXES[file_format]
    named = out is not None and out.suffix.lower() == suffix and not out.is_dir()
    folder = path.parent / FOLDER if out is None else out
    one_file = joined or file_format in ONE_FILE_FORMATS
    if out is not None and named:
        if len(clips) > 1 and not one_file and file_format not in COLLECTION_FORMATS:
            raise OutputError(
                out, f"is one file, but {file_format} needs one for each of {len(clips)} clips",
                "name a folder, one clip with --clip, or put all on one timeline with --joined",
            )  # fmt: skip
        return [out]
    if one_file:
        return [folder / (path.stem + suffix)]
    return [folder / (clip.id + suffix) for clip in clips]


def _write(
    files: Sequence[Path],
    timelines: Sequence[Timeline],
    file_format: FileFormat,
    relative: bool,
    force: bool,
    name: str,
) -> None:
    """Write all timelines into one file, or each into its own."""
    folder = files[0].parent
    names = media_names(folder.resolve(), relative, file_format)
    contents = [timelines] if len(files) == 1 else [[timeline] for timeline in timelines]
    with staging(folder) as temp:
        if file_format == "otioz":
            need = sum(map(otio.bundle_bytes, contents))
            if shutil.disk_usage(temp).free < need:
                raise disk_full(folder, need)
        staged = [temp / f"{number}{SUFFIXES[file_format]}" for number in range(len(files))]
        try:
            for file, content in zip(staged, contents, strict=True):
                write_document(file, name, content, file_format, names)
        except OSError as error:
            raise output_error(folder, error) from error
        publish(zip(staged, files, strict=True), force)
