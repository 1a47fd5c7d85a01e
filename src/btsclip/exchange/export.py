"""Export of a plan: read and check it, make timelines, write and publish the files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Literal
from urllib.parse import quote

from pydantic import Field

from btsclip.captions import format_subtitles
from btsclip.errors import NothingFound, OutputError, PlanError
from btsclip.exchange import edl, fcpxml, markers, otio, xmeml
from btsclip.exchange.assemble import timeline_of
from btsclip.exchange.footage import source_files
from btsclip.exchange.formats import FileFormat
from btsclip.exchange.losses import losses
from btsclip.exchange.rates import seconds_of
from btsclip.exchange.timeline import Media, Timeline
from btsclip.extras import require
from btsclip.json_result import JsonResult, JsonValues
from btsclip.media import (
    disk_full,
    in_real_folder,
    output_error,
    publish,
    refuse_existing,
    relative as relative_path,
    staging,
)
from btsclip.plan import Caption, Clip, CutPlan, read_plan
from btsclip.planning import renumber
from btsclip.presets import load_preset
from btsclip.render import check_not_overwriting, check_spans, files_read

SUFFIXES: dict[FileFormat, str] = {
    "otio": ".otio", "otioz": ".otioz", "edl": ".edl", "premiere": ".xml", "resolve": ".fcpxml",
    "fcpxml": ".fcpxml", "srt": ".srt", "vtt": ".vtt", "markers-csv": ".csv",
}  # fmt: skip
# Formats with all clips in one file.
ONE_FILE_FORMATS = frozenset[FileFormat]({"premiere", "resolve", "fcpxml"})
Url = Callable[[Media], str]
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
    only: Sequence[str] = (),
    force: bool = False,
) -> ExportResult:
    """Write the enabled clips of the plan at `path`, or the clips with the ids `only`.

    Args:
        out: A file, or a folder if the format has one file per clip. Default: the folder `edit`
            beside the plan.
        relative: Whether to name media by URLs relative to the file instead of absolute ones.

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
    timelines = [timeline_of(clip, takes, preset.output) for clip in clips]
    files = _file_paths(path, file_format, out, clips)
    check_not_overwriting(files, [path, *files_read(plan)])
    if not force:
        refuse_existing(files)
    _write(files, timelines, file_format, relative, force, path.stem)
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
    path: Path, file_format: FileFormat, out: Path | None, clips: Sequence[Clip]
) -> list[Path]:
    """The paths of the results: one file, or one per clip."""
    suffix = SUFFIXES[file_format]
    named = out is not None and out.suffix.lower() == suffix and not out.is_dir()
    folder = path.parent / FOLDER if out is None else out
    if file_format in ONE_FILE_FORMATS:
        return [out] if out is not None and named else [folder / (path.stem + suffix)]
    if out is not None and named:
        if len(clips) > 1:
            raise OutputError(
                out, f"is one file, but {file_format} needs one for each of {len(clips)} clips",
                "name a folder, or one clip with --clip",
            )  # fmt: skip
        return [out]
    return [folder / (clip.id + suffix) for clip in clips]


def _write(
    files: Sequence[Path],
    timelines: Sequence[Timeline],
    file_format: FileFormat,
    relative: bool,
    force: bool,
    name: str,
) -> None:
    folder = files[0].parent
    url = _make_urls(folder.resolve(), relative, file_format)
    with staging(folder) as temp:
        if file_format == "otioz":
            need = sum(otio.bundle_bytes(timeline) for timeline in timelines)
            if shutil.disk_usage(temp).free < need:
                raise disk_full(folder, need)
        staged = [temp / f"{number}{SUFFIXES[file_format]}" for number in range(len(files))]
        try:
            if file_format in ONE_FILE_FORMATS:
                document = xmeml.document if file_format == "premiere" else fcpxml.document
                staged[0].write_text(document(name, timelines, url), "utf-8", newline="\n")
            else:
                for file, timeline in zip(staged, timelines, strict=True):
                    _write_timeline(file, timeline, file_format, url)
        except OSError as error:
            raise output_error(folder, error) from error
        publish(zip(staged, files, strict=True), force)


def _write_timeline(path: Path, timeline: Timeline, file_format: FileFormat, url: Url) -> None:
    if file_format == "otioz":
        otio.bundle(timeline, path)
    else:
        path.write_text(_timeline_text(file_format, timeline, url), "utf-8", newline="\n")


def _timeline_text(file_format: FileFormat, timeline: Timeline, url: Url) -> str:
    if file_format == "otio":
        return otio.to_text(timeline, url)
    if file_format == "edl":
        return edl.to_text(timeline)
    if file_format == "markers-csv":
        return markers.to_csv(timeline)
    assert file_format in ("srt", "vtt")
    return _subtitles(timeline, "srt" if file_format == "srt" else "vtt")


def _subtitles(timeline: Timeline, file_format: Literal["srt", "vtt"]) -> str:
    """All texts of the clip, cards included, as SRT or WebVTT with the timeline's frame times."""
    texts = [
        Caption(
            text=text.text,
            start=float(seconds_of(text.at, timeline.rate)),
            end=float(seconds_of(text.at + text.frames, timeline.rate)),
        )
        for text in timeline.texts
    ]
    return format_subtitles(texts, file_format)


def _make_urls(folder: Path, use_relative: bool, file_format: FileFormat) -> Url:
    """A function that gives the URL of a file, for a document in `folder`."""

    def media_url(media: Media) -> str:
        if use_relative:
            url = url_of(in_real_folder(Path(media.path)), folder)
        else:
            url = url_of(media.path)
        # Premiere writes and reads file URLs with a host.
        if file_format == "premiere" and url.startswith("file:///"):
            return url.replace("file:///", "file://localhost/", 1)
        return url

    return media_url


def url_of(path: PurePath, relative_to: PurePath | None = None) -> str:
    """The URL of an absolute path, or a URL relative to a folder if there is one.

    >>> from pathlib import PurePosixPath, PureWindowsPath
    >>> url_of(PurePosixPath("/takes/my take.mov"))
    'file:///takes/my%20take.mov'
    >>> url_of(PureWindowsPath("//server/share/a.mov"))
    'file://server/share/a.mov'
    """
    steps = relative_path(path, relative_to) if relative_to is not None else None
    return path.as_uri() if steps is None else quote(steps.as_posix())
