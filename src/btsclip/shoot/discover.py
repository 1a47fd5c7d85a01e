"""What there is in a shoot's folder: takes in the order they were filmed, and what is none."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from btsclip.errors import BtsclipError, FootageError
from btsclip.media.chapters import joined
from btsclip.media.probe import Footage, probe
from btsclip.shoot import stores
from btsclip.shoot.cache import content
from btsclip.shoot.ledger import FOLDER

# What cameras, phones and cooks leave beside their takes, and what is never opened as a video.
SIDE_FILES = {
    ".thm", ".lrv", ".lrf", ".xml", ".xmp", ".cpi", ".mpl", ".bdm", ".bim", ".aae", ".ind", ".ctg",
    ".jpg", ".jpeg", ".png", ".heic", ".heif", ".gif", ".webp", ".dng", ".cr2", ".cr3", ".nef",
    ".arw", ".tif", ".tiff", ".svg", ".pdf", ".txt", ".md", ".csv", ".json", ".toml", ".html",
    ".log", ".srt", ".vtt", ".ass", ".wav", ".mp3", ".m4a", ".aac", ".flac", ".ogg", ".zip",
    ".edl", ".fcpxml", ".otio", ".prproj", ".drp", ".db", ".sqlite3", ".ini", ".dat", ".py", ".sh",
}  # fmt: skip
# What a creator would call a video: one of these that can't be read is a failure to tell of.
VIDEO_FILES = {
    ".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".mts", ".m2ts", ".ts", ".mpg", ".mpeg",
    ".mxf", ".3gp", ".wmv", ".360", ".insv", ".hevc", ".h264", ".vob", ".flv",
}  # fmt: skip
# GoPro: GH010123.MP4, GH020123.MP4 are chapters 1 and 2 of take 0123; older ones GOPR0123.MP4, then
# GP010123.MP4 (from GoPro's own page on file names).
GOPRO = re.compile(r"^(G[HXSL])(\d\d)(\d{4})$|^(GOPR)(\d{4})$|^(GP)(\d\d)(\d{4})$", re.I)
# DJI and many others only count on: DJI_0007, DJI_0008, or with the time before and a letter after.
COUNTED = re.compile(r"^(.*?)(\d{3,})(\D*)$")
# A file that begins this near to the other's end goes on with it, in seconds, as clocks tick.
GOES_ON = 2.0
# Cameras cut takes at about 4 GB (FAT32) or at full minutes; a shorter one was ended by hand.
LEAST_CHAPTER_BYTES = 1_900_000_000


@dataclass(frozen=True)
class Take:
    """One take of a shoot; `name` is unlike all others of the shoot and fit for file names."""

    name: str
    footage: Footage


@dataclass(frozen=True)
class LeftOut:
    """A file that is not cut, and why; `failed` for one that should have been."""

    path: Path
    why: str
    failed: bool = False


@dataclass(frozen=True)
class Discovery:
    """Takes in the order they were filmed, and the files that are none."""

    takes: tuple[Take, ...]
    left_out: tuple[LeftOut, ...]


def discover(
    shoot: Path,
    out: Path,
    looked: Callable[[Path], None] = lambda path: None,
    probed: Callable[[Path], Footage] = probe,
) -> Discovery:
    """Looks through the folder `shoot` and all in it but the results in `out`.

    Files are told by what they hold, not by their names. `looked` gets each file that was probed
    by `probed`.    Raises FootageError when the folder is not there or can't be read.
    """
    if not shoot.is_dir():
        cause = "is not a folder" if shoot.exists() else "no such folder"
        raise FootageError(shoot, cause, "name the folder of a shoot, or cut one take with `cut`")
    found: list[Footage] = []
    left_out: list[LeftOut] = []
    for path in files_in(shoot, out):
        try:
            if why := why_not(path):
                left_out.append(LeftOut(path, why))
                continue
            found.append(probed(path))
        except (BtsclipError, OSError) as error:
            left_out.append(_unreadable(path, error))
        looked(path)
    kept, doubles = _without_doubles(found)
    order = sorted(_takes(kept), key=_filmed)
    return Discovery(tuple(_named(order, shoot)), (*left_out, *doubles))


def files_in(folder: Path, out: Path) -> Iterator[Path]:
    """All files below in the order of their names, without hidden ones and results in `out`."""
    if stores.is_far(folder):
        yield from stores.files_in(folder, out)
        return
    out = out.resolve()
    for place, folders, names in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(
            name for name in folders
            if not name.startswith(".") and not _holds_results(here / name, out)
        )  # fmt: skip
        yield from (here / name for name in sorted(names) if not name.startswith("."))


def _holds_results(folder: Path, out: Path) -> bool:
    return folder.resolve() == out or (folder / FOLDER).is_dir()


def why_not(path: Path) -> str | None:
    """Why a file is not even opened; nothing for one that may be a video."""
    if path.suffix.lower() in SIDE_FILES:
        return "no video"
    if stores.is_far(path):
        return stores.why_unsafe(path) or ("made by btsclip" if _is_result(path) else None)
    if path.is_symlink() and not path.exists():
        return "a link to nothing"
    if not path.is_file():
        return "no file"
    return "made by btsclip" if _is_result(path) else None


def _is_result(path: Path) -> bool:
    """Whether a sidecar beside it says that btsclip made it."""
    try:
        record = json.loads(path.with_name(f"{path.stem}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(record, dict) and str(record.get("generator", "")).startswith("btsclip")


def _unreadable(path: Path, error: Exception) -> LeftOut:
    named = path.suffix.lower() in VIDEO_FILES
    why = error.cause if isinstance(error, BtsclipError) else f"can't be read ({error})"
    return LeftOut(path, why if named else "no video", failed=named)


def _without_doubles(found: Sequence[Footage]) -> tuple[list[Footage], list[LeftOut]]:
    """Files of different content; of files with the same one the first by name."""
    sizes = [footage.size for footage in found]
    seen: dict[tuple[int, bytes], Path] = {}
    kept, doubles = [], []
    for footage in found:
        if sizes.count(footage.size) > 1:
            first = seen.setdefault((footage.size, content(footage.path)), footage.path)
            if first != footage.path:
                doubles.append(LeftOut(footage.path, f"the same as {first.name}"))
                continue
        kept.append(footage)
    return kept, doubles


def _takes(found: Sequence[Footage]) -> list[Footage]:
    """Files joined to takes; where one does not fit to the others, each is a take by itself."""
    takes: list[Footage] = []
    for part in _chapters(found):
        try:
            takes.append(joined(part))
        except FootageError:
            takes.extend(part)
    return takes


def _chapters(found: Sequence[Footage]) -> list[list[Footage]]:
    """Files in groups, each the chapters of one take in order."""
    named: list[Footage] = []
    others: list[Footage] = []
    for footage in found:
        (named if GOPRO.match(footage.path.stem) else others).append(footage)
    named.sort(key=lambda f: (_gopro(f)[:-1], _gopro(f)[-1]))
    groups = [list(part) for _, part in groupby(named, key=lambda f: _gopro(f)[:-1])]
    for footage in sorted(others, key=lambda f: (str(f.path.parent), f.path.name)):
        if groups and _goes_on(groups[-1][-1], footage):
            groups[-1].append(footage)
        else:
            groups.append([footage])
    return groups


def _gopro(footage: Footage) -> tuple[str, str, str, int]:
    """Folder, family and take of a GoPro file, and its chapter."""
    match = GOPRO.match(footage.path.stem)
    assert match
    family, chapter, take, _, old_first, _, old_chapter, old_take = match.groups()
    folder = str(footage.path.parent)
    if family:
        return folder, family.upper(), take, int(chapter)
    return folder, "GP", old_first or old_take, int(old_chapter or 0)


def _goes_on(before: Footage, footage: Footage) -> bool:
    """Whether `footage` is the next file of the take that `before` is the last one of: the next
    number, the same kind, begun when the other, a full file, ended."""
    if before.path.parent != footage.path.parent or before.size < LEAST_CHAPTER_BYTES:
        return False
    first, second = (COUNTED.match(f.path.stem) for f in (before, footage))
    if not first or not second or first[3] != second[3] or int(second[2]) != int(first[2]) + 1:
        return False
    if not before.created or not footage.created:
        return False
    gap = footage.created - (before.created + timedelta(seconds=before.duration))
    return abs(gap.total_seconds()) <= GOES_ON


def _filmed(footage: Footage) -> tuple[bool, float, str]:
    """Order of filming: by clock, then those without one by name."""
    when = footage.created.timestamp() if footage.created else 0.0
    return footage.created is None, when, str(footage.path)


def _named(takes: Sequence[Footage], shoot: Path) -> list[Take]:
    """Each take with its name: the file's, with its folders before it where two are alike."""
    from btsclip.shoot.planning import slug

    stems = [slug(footage.path.stem) for footage in takes]
    named: list[Take] = []
    taken: set[str] = set()
    for stem, footage in zip(stems, takes, strict=True):
        name = stem
        if stems.count(stem) > 1:
            inside = footage.path.relative_to(shoot).with_suffix("")
            name = slug("-".join(inside.parts))
        number = 2
        while name in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name)
        named.append(Take(name, footage))
    return named
