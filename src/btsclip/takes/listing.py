"""List the files of a shoot's folder and sort them by name, without opening them as videos."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from btsclip.errors import BtsclipError, readable
from btsclip.media import (
    NOT_TEXT,
    RENAME,
    camera_names,
    command_for_video,
    is_motion_photo,
    is_remote,
    is_text,
    json_record,
    remote,
    unfit,
)

# Files that cameras, phones and cooks leave beside takes. They are never opened as videos.
SIDE_FILES = {
    ".thm", ".xml", ".xmp", ".cpi", ".mpl", ".bdm", ".bim", ".aae", ".ind", ".ctg", ".sidecar",
    ".jpg", ".jpeg", ".png", ".heic", ".heif", ".gif", ".webp", ".dng", ".cr2", ".cr3", ".nef",
    ".arw", ".tif", ".tiff", ".svg", ".insp", ".pdf", ".txt", ".md", ".csv", ".json", ".toml",
    ".html", ".log", ".srt", ".vtt", ".ass", ".wav", ".mp3", ".m4a", ".aac", ".flac", ".ogg",
    ".zip", ".edl", ".fcpxml", ".otio", ".prproj", ".drp", ".db", ".sqlite3", ".ini", ".dat",
    ".py", ".sh", ".ttf", ".otf", ".ttc",
}  # fmt: skip
# Files that a creator would call a video: if one can't be read, it is reported as a failure.
VIDEO_FILES = {
    ".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".mts", ".m2ts", ".ts", ".m2t", ".mpg",
    ".mpeg", ".mod", ".tod", ".mxf", ".dv", ".3gp", ".wmv", ".asf", ".ogv", ".hevc", ".h264",
    ".h265", ".264", ".265", ".m2v", ".mjpeg", ".mjpg", ".obu", ".ivf", ".y4m", ".vob", ".flv",
    ".lrv", ".lrf",
    *(row.suffix for row in (*camera_names.RAW, *camera_names.SPHERES)),
}  # fmt: skip
# Default folder for the clips of a shoot, in its folder.
RESULTS_FOLDER = "btsclip"
# Folder of the batch's ledger. It marks a folder of results.
LEDGER_FOLDER = ".btsclip"
# Suffixes of files that a program is still copying or downloading.
UNFINISHED = {".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp"}
# Pictures of a take in raw: more than a burst of photographs.
MIN_RAW_PICTURES = 12

# Called with each folder that is skipped, and the reason.
SkipListener = Callable[[Path, str], None]


@dataclass(frozen=True)
class LeftOut:
    """A file or folder that is not cut, and why. It has `failed`, with a `cure`, if it should have
    been cut."""

    path: Path
    why: str
    failed: bool = False
    cure: str = ""

    @property
    def is_raw(self) -> bool:
        """Whether the file is camera raw."""
        return self.failed and self.why.startswith(unfit.RAW.cause)

    @property
    def is_sphere(self) -> bool:
        """Whether the file is a 360-degree video."""
        return self.failed and self.why == unfit.SPHERE.cause


def files_in(
    folder: Path,
    out: Path,
    refused: Callable[[OSError], None] = lambda error: None,
    skipped: SkipListener = lambda path, why: None,
) -> Iterator[Path]:
    """All files in a folder and its subfolders, sorted by name, without hidden files and without
    the results in `out`.

    `refused` is called with the error of each folder that can't be read, `skipped` with each folder
    that is skipped.
    """
    if is_remote(folder):
        yield from _files_in_store(folder, out, skipped)
        return
    out = Path(os.path.realpath(out))
    for parent_name, folders, names in os.walk(folder, onerror=refused):
        parent = Path(parent_name)
        folders[:] = sorted(
            name for name in folders
            if not name.startswith(".") and not _is_results_folder(parent / name, out)
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
    """Whether a folder is skipped though it is neither hidden nor a folder of results."""
    row = camera_names.folder_without_takes(folder.name)
    if row:
        skipped(folder, f"a folder of {row.what}")
    elif folder.is_symlink():
        # The link may lead back to a folder above it.
        skipped(folder, "a link to a folder; links to folders are not followed")
        return True
    return row is not None


def _is_results_folder(folder: Path, out: Path) -> bool:
    # Unlike Path.is_dir, os.path.isdir returns False for a folder without permission.
    return Path(os.path.realpath(folder)) == out or os.path.isdir(folder / LEDGER_FOLDER)  # noqa: PTH112


def split_by_name(paths: Iterable[Path]) -> tuple[list[Path], list[LeftOut]]:
    """The files that may be videos, and the other files with the reason."""
    likely: list[Path] = []
    left_out: list[LeftOut] = []
    rest, raw = _split_raw_takes(paths)
    for path in rest:
        if not is_text(path):
            left_out.append(_unnamed(path))
            continue
        try:
            why = _reason_not_to_open(path)
        except OSError as error:
            left_out.append(unreadable(path, error))
            continue
        if why:
            left_out.append(LeftOut(path, why))
        else:
            likely.append(path)
    return likely, left_out + raw


def _unnamed(path: Path) -> LeftOut:
    """The entry for a file whose path is not text."""
    if path.suffix.lower() in VIDEO_FILES:
        return LeftOut(as_text(path), NOT_TEXT, True, RENAME)
    return LeftOut(as_text(path), "not a video")


def as_text(path: Path) -> Path:
    """`path`, or the one that stands for it in messages if its name is not text."""
    return path if is_text(path) else Path(readable(path))


def _split_raw_takes(paths: Iterable[Path]) -> tuple[list[Path], list[LeftOut]]:
    """All files but the takes in raw pictures, and one entry for each such take: it may have
    thousands of pictures."""
    rest: list[Path] = []
    groups: dict[tuple[Path, str, str], list[Path]] = {}
    for path in paths:
        key = _raw_take_key(path)
        (rest if key is None else groups.setdefault(key, [])).append(path)
    takes: list[LeftOut] = []
    for pictures in groups.values():
        if len(pictures) < MIN_RAW_PICTURES:
            rest += pictures
        else:
            why = f"{unfit.RAW.cause} ({len(pictures)} pictures)"
            takes.append(LeftOut(pictures[0], why, True, unfit.RAW.cure))
    return rest, takes


def _raw_take_key(path: Path) -> tuple[Path, str, str] | None:
    """The key of the take that a raw picture belongs to; None for any other file.

    Photographs have numbers, too. So DNG files count only in a folder with the name of their take,
    where cameras write them.
    """
    suffix = path.suffix.lower()
    if not camera_names.matches_suffix(suffix, camera_names.RAW_PICTURES):
        return None
    name = re.sub(r"[ _.-]*\d+$", "", path.stem)
    if suffix == ".dng" and name.casefold() != path.parent.name.casefold():
        return None
    return path.parent, name, suffix


def _reason_not_to_open(path: Path) -> str | None:
    """Why a file is not opened; None if it may be a video."""
    if path.suffix.lower() in SIDE_FILES:
        return _kind_of_side_file(path)
    if path.suffix.lower() in UNFINISHED:
        return "an unfinished copy"
    if is_remote(path):
        return remote.why_unsafe(path) or ("made by btsclip" if is_result(path) else None)
    if path.is_symlink() and not path.exists():
        return "a broken link"
    if not path.is_file():
        return "not a file"
    return "made by btsclip" if is_result(path) else None


def _kind_of_side_file(path: Path) -> str:
    """What the report says of a file that no camera writes as a video."""
    is_motion = not is_remote(path) and path.is_file() and is_motion_photo(path)
    line = command_for_video(path) if is_motion else None
    return f"a motion photo; to cut the video in it: {line}" if line else "not a video"


def is_result(path: Path) -> bool:
    """Whether the file has a sidecar of btsclip."""
    record = json_record(path.with_name(f"{path.stem}.json"))
    return str(record.get("generator", "")).startswith("btsclip")


def unreadable(path: Path, error: Exception) -> LeftOut:
    """The entry for a file that could not be read."""
    is_named = path.suffix.lower() in VIDEO_FILES
    is_unfit = isinstance(error, BtsclipError) and error.cause in unfit.CAUSES
    if not (is_named or is_unfit):
        return LeftOut(path, "not a video")
    if isinstance(error, BtsclipError):
        return LeftOut(path, error.cause, True, error.cure)
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    why = f"can't be read ({reason})"
    return LeftOut(path, why, True, "check the disk and its permissions")


def unreadable_folder(error: OSError) -> LeftOut:
    """The entry for a folder that can't be read; not a failure if it no longer exists."""
    why = f"a folder that can't be read ({error.strerror})"
    return LeftOut(as_text(Path(str(error.filename))), why, failed=error.errno != errno.ENOENT)
