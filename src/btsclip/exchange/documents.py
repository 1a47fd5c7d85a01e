"""The document of each format, and how it names the takes it refers to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal
from urllib.parse import quote

from btsclip.captions import format_subtitles
from btsclip.exchange import edl, fcpxml, kdenlive, markers, otio, shotcut, xmeml
from btsclip.exchange.formats import FileFormat
from btsclip.exchange.rates import seconds_of
from btsclip.exchange.timeline import Media, Timeline
from btsclip.media import in_real_folder, relative as relative_path
from btsclip.plan import Caption

SUFFIXES: dict[FileFormat, str] = {
    "otio": ".otio", "otioz": ".otioz", "edl": ".edl", "premiere": ".xml", "resolve": ".fcpxml",
    "fcpxml": ".fcpxml", "kdenlive": ".kdenlive", "shotcut": ".mlt", "srt": ".srt", "vtt": ".vtt",
    "markers-csv": ".csv",
}  # fmt: skip
# Formats with all clips in one file.
ONE_FILE_FORMATS = frozenset[FileFormat]({"premiere", "resolve", "fcpxml"})
# Formats that may have all clips in one file.
COLLECTION_FORMATS = frozenset[FileFormat]({"otio", "otioz"})


@dataclass(frozen=True)
class MediaNames:
    """How a document names a file: some by URL, some by path."""

    url: Callable[[Media], str]
    path: Callable[[Media], str]


def media_names(folder: Path, use_relative: bool, file_format: FileFormat) -> MediaNames:
    """The names for a document in `folder`: absolute, or relative to it."""

    def location(media: Media) -> tuple[PurePath, Path | None]:
        return (in_real_folder(Path(media.path)), folder) if use_relative else (media.path, None)

    def media_url(media: Media) -> str:
        url = url_of(*location(media))
        # Premiere writes and reads file URLs with a host.
        if file_format == "premiere" and url.startswith("file:///"):
            return url.replace("file:///", "file://localhost/", 1)
        return url

    def media_path(media: Media) -> str:
        path, start = location(media)
        steps = relative_path(path, start) if start else None
        return (steps or path).as_posix()

    return MediaNames(media_url, media_path)


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


def write_document(
    path: Path,
    name: str,
    timelines: Sequence[Timeline],
    file_format: FileFormat,
    names: MediaNames,
) -> None:
    """Write a document with the `timelines`: one, if the format holds only one.

    Raises OSError if it cannot be written.
    """
    if file_format == "otioz":
        otio.bundle(name, timelines, path)
    else:
        text = _document_text(name, timelines, file_format, names)
        path.write_text(text, "utf-8", newline="\n")


def _document_text(
    name: str, timelines: Sequence[Timeline], file_format: FileFormat, names: MediaNames
) -> str:
    if file_format == "otio":
        return otio.to_text(name, timelines, names.url)
    if file_format == "premiere":
        return xmeml.document(name, timelines, names.url)
    if file_format in ("resolve", "fcpxml"):
        return fcpxml.document(name, timelines, names.url)
    (timeline,) = timelines
    if file_format == "edl":
        return edl.to_text(timeline)
    if file_format == "kdenlive":
        return kdenlive.document(timeline, names.path)
    if file_format == "shotcut":
        return shotcut.document(timeline, names.path)
    if file_format == "markers-csv":
        return markers.to_csv(timeline)
    assert file_format in ("srt", "vtt")
    return _subtitles(timeline, "srt" if file_format == "srt" else "vtt")


def _subtitles(timeline: Timeline, file_format: Literal["srt", "vtt"]) -> str:
    """All texts of the timeline, cards included, as SRT or WebVTT with the timeline's frame
    times."""
    texts = [
        Caption(
            text=text.text,
            start=float(seconds_of(text.at, timeline.rate)),
            end=float(seconds_of(text.at + text.frames, timeline.rate)),
        )
        for text in timeline.texts
    ]
    return format_subtitles(texts, file_format)
