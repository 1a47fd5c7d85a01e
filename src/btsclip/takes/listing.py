"""What lies in a shoot's folder, by the names of files and folders: no file is opened here."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from btsclip.errors import BtsclipError
from btsclip.media import camera_names, remote, unfit
from btsclip.media.documents import json_record

# What cameras, phones and cooks leave beside their takes, and what is never opened as a video.
SIDE_FILES = {
    ".thm", ".xml", ".xmp", ".cpi", ".mpl", ".bdm", ".bim", ".aae", ".ind", ".ctg", ".sidecar",
    ".jpg", ".jpeg", ".png", ".heic", ".heif", ".gif", ".webp", ".dng", ".cr2", ".cr3", ".nef",
    ".arw", ".tif", ".tiff", ".svg", ".insp", ".pdf", ".txt", ".md", ".csv", ".json", ".toml",
    ".html", ".log", ".srt", ".vtt", ".ass", ".wav", ".mp3", ".m4a", ".aac", ".flac", ".ogg",
    ".zip", ".edl", ".fcpxml", ".otio", ".prproj", ".drp", ".db", ".sqlite3", ".ini", ".dat",
    ".py", ".sh",
}  # fmt: skip
# What a creator would call a video: one of these that can't be read is a failure to report.
VIDEO_FILES = {
    ".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".mts", ".m2ts", ".ts", ".m2t", ".mpg",
    ".mpeg", ".mod", ".tod", ".mxf", ".dv", ".3gp", ".wmv", ".asf", ".ogv", ".hevc", ".h264",
    ".h265", ".vob", ".flv", ".lrv", ".lrf",
    *(row.suffix for row in (*camera_names.RAW, *camera_names.SPHERES)),
}  # fmt: skip
# Where the clips of a folder of takes go when the user names no folder, and the folder in that of
# the batch's ledger, by which a folder of results is known.
RESULTS_FOLDER, LEDGER_FOLDER = "btsclip", ".btsclip"
# What programs call a file that they are still copying or loading.
UNFINISHED = {".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp"}
# A take of raw has more pictures than a burst of photographs.
MIN_RAW_PICTURES = 12

# Hears of a folder that is not looked into, and why.
SkipListener = Callable[[Path, str], None]


@dataclass(frozen=True)
class LeftOut:
    """A file or folder that is not cut, and why; `failed` for one that should have been, with its
    `cure`."""

    path: Path
    why: str
    failed: bool = False
    cure: str = ""

    @property
    def is_raw(self) -> bool:
        """Whether it is camera raw."""
        return self.failed and self.why.startswith(unfit.RAW.cause)

    @property
    def is_sphere(self) -> bool:
        """Whether it is a 360 picture."""
        return self.failed and self.why == unfit.SPHERE.cause


def files_in(
    folder: Path,
    out: Path,
    refused: Callable[[OSError], None] = lambda error: None,
    skipped: SkipListener = lambda path, why: None,
) -> Iterator[Path]:
    """All files below in the order of their names, without hidden ones and results in `out`.

    `refused` gets the errors of folders that can't be read, `skipped` each folder that is not
    looked into and why.
    """
    if remote.is_in_store(folder):
        yield from _files_in_store(folder, out, skipped)
        return
    out = Path(os.path.realpath(out))
    for place, folders, names in os.walk(folder, onerror=refused):
        parent = Path(place)
        folders[:] = sorted(
            name for name in folders
            if not name.startswith(".") and not _holds_results(parent / name, out)
            and not _is_skipped(parent / name, skipped)
        )  # fmt: skip
        yield from (parent / name for name in sorted(names) if not name.startswith("."))


def _files_in_store(folder: Path, out: Path, skipped: SkipListener) -> Iterator[Path]:
    reported: set[Path] = set()
    for path in remote.files_in(folder, out):
        inner = [above for above in reversed(path.parents) if folder in above.parents]
        row = None
        for parent in inner:
            if row := camera_names.folder_without_takes(parent.name):
                if parent not in reported:
                    reported.add(parent)
                    skipped(parent, f"a folder of {row.what}")
                break
        if row is None:
            yield path


def _is_skipped(folder: Path, skipped: SkipListener) -> bool:
    """Whether a folder is not looked into, though it is neither hidden nor one of results."""
    row = camera_names.folder_without_takes(folder.name)
    if row:
        skipped(folder, f"a folder of {row.what}")
    elif folder.is_symlink():
        # It may lead back to where it lies.
        skipped(folder, "a link to a folder; links to folders are not followed")
        return True
    return row is not None


def _holds_results(folder: Path, out: Path) -> bool:
    # Unlike a Path this says no, and nothing else, of a folder that can't be looked into.
    return Path(os.path.realpath(folder)) == out or os.path.isdir(folder / LEDGER_FOLDER)  # noqa: PTH112


def sort_out_names(paths: Iterable[Path]) -> tuple[list[Path], list[LeftOut]]:
    """The files that may be videos, and why the others are not."""
    likely: list[Path] = []
    left_out: list[LeftOut] = []
    rest, raw = _raw_takes(paths)
    for path in rest:
        try:
            why = _why_not(path)
        except OSError as error:
            left_out.append(unreadable(path, error))
            continue
        if why:
            left_out.append(LeftOut(path, why))
        else:
            likely.append(path)
    return likely, left_out + raw


def _raw_takes(paths: Iterable[Path]) -> tuple[list[Path], list[LeftOut]]:
    """Set apart takes of raw that come as pictures: one entry for each take, which may have
    thousands of them."""
    rest: list[Path] = []
    groups: dict[tuple[Path, str, str], list[Path]] = {}
    for path in paths:
        key = _raw_take(path)
        (rest if key is None else groups.setdefault(key, [])).append(path)
    takes: list[LeftOut] = []
    for pictures in groups.values():
        if len(pictures) < MIN_RAW_PICTURES:
            rest += pictures
        else:
            why = f"{unfit.RAW.cause} ({len(pictures)} pictures)"
            takes.append(LeftOut(pictures[0], why, True, unfit.RAW.cure))
    return rest, takes


def _raw_take(path: Path) -> tuple[Path, str, str] | None:
    """The key of the take of raw that a picture belongs to; None for any other file.

    Photographs have numbers, too. So DNG files count only in a folder of their take's name, where
    cameras write them.
    """
    suffix = path.suffix.lower()
    if not camera_names.matches_suffix(suffix, camera_names.RAW_PICTURES):
        return None
    name = re.sub(r"[ _.-]*\d+$", "", path.stem)
    if suffix == ".dng" and name.casefold() != path.parent.name.casefold():
        return None
    return path.parent, name, suffix


def _why_not(path: Path) -> str | None:
    """Why a file is not opened; None for one that may be a video."""
    if path.suffix.lower() in SIDE_FILES:
        return "no video"
    if path.suffix.lower() in UNFINISHED:
        return "a copy that is not finished"
    if remote.is_in_store(path):
        return remote.why_unsafe(path) or ("made by btsclip" if is_result(path) else None)
    if path.is_symlink() and not path.exists():
        return "a link to nothing"
    if not path.is_file():
        return "no file"
    return "made by btsclip" if is_result(path) else None


def is_result(path: Path) -> bool:
    """Whether a sidecar beside it says that btsclip made it."""
    record = json_record(path.with_name(f"{path.stem}.json"))
    return str(record.get("generator", "")).startswith("btsclip")


def unreadable(path: Path, error: Exception) -> LeftOut:
    """The entry for a file that could not be read."""
    is_named = path.suffix.lower() in VIDEO_FILES
    is_unfit = isinstance(error, BtsclipError) and error.cause in unfit.CAUSES
    if not (is_named or is_unfit):
        return LeftOut(path, "no video")
    if isinstance(error, BtsclipError):
        return LeftOut(path, error.cause, True, error.cure)
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    why = f"can't be read ({reason})"
    return LeftOut(path, why, True, "check the disk and its permissions")


def unreadable_folder(error: OSError) -> LeftOut:
    """The entry for a folder that can't be read; not a failure when it has just gone."""
    why = f"a folder that can't be read ({error.strerror})"
    return LeftOut(Path(str(error.filename)), why, failed=error.errno != errno.ENOENT)
