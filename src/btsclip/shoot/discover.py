"""What there is in a shoot's folder: takes in the order they were filmed, and what is none."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from btsclip.errors import BtsclipError, FootageError
from btsclip.media.chapters import joined
from btsclip.media.documents import json_record
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
# What programs call a file that they are still copying or loading.
UNFINISHED = {".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp"}
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
    """A file that is not cut, and why; `failed` for one that should have been, with its `cure`."""

    path: Path
    why: str
    failed: bool = False
    cure: str = ""


@dataclass(frozen=True)
class Discovery:
    """Takes in the order they were filmed, and the files that are none."""

    takes: tuple[Take, ...]
    left_out: tuple[LeftOut, ...]


def look_at(path: Path) -> Footage | LeftOut:
    """One file of a shoot: its facts if it is a video, or why it is not cut. One in a store is
    fetched first."""
    try:
        if stores.is_far(path):
            with stores.copies([path]) as (near,):
                return replace(probe(near), path=path)
        return probe(path)
    except (BtsclipError, OSError) as error:
        return unreadable(path, error)


def _one_by_one(paths: Sequence[Path]) -> list[Footage | LeftOut]:
    return [look_at(path) for path in paths]


def discover(
    shoot: Path,
    out: Path,
    look: Callable[[Sequence[Path]], Iterable[Footage | LeftOut]] = _one_by_one,
    *,
    only: Collection[Path] | None = None,
    known: Callable[[Path], str | None] = lambda path: None,
) -> Discovery:
    """Looks through the folder `shoot` and all in it but the results in `out`.

    Files are told by what they hold, not by their names: `look` does for all of them what `look_at`
    does for one, perhaps in other processes. With `only`, other files are passed over as if they
    were not there. A take whose file is `known` by a name keeps that name. Raises FootageError when
    the folder is not there.
    """
    if not shoot.is_dir():
        cause = "is not a folder" if shoot.exists() else "no such folder"
        raise FootageError(shoot, cause, "name the folder of a shoot, or cut one take with `cut`")
    likely: list[Path] = []
    left_out: list[LeftOut] = []
    for path in files_in(shoot, out, lambda error: left_out.append(_closed(error))):
        if only is not None and path not in only:
            continue
        try:
            why = _why_not(path)
        except OSError as error:
            left_out.append(unreadable(path, error))
            continue
        if why:
            left_out.append(LeftOut(path, why))
        else:
            likely.append(path)
    looked = list(look(likely))
    kept, doubles = without_doubles([each for each in looked if isinstance(each, Footage)])
    order = sorted(takes_of(kept), key=_filmed)
    left_out += [each for each in looked if isinstance(each, LeftOut)]
    left_out.sort(key=lambda each: str(each.path))
    return Discovery(tuple(_named(order, shoot, known)), (*left_out, *doubles))


def files_in(
    folder: Path, out: Path, refused: Callable[[OSError], None] = lambda error: None
) -> Iterator[Path]:
    """All files below in the order of their names, without hidden ones and results in `out`.
    `refused` gets the errors of folders that can't be looked into."""
    if stores.is_far(folder):
        yield from stores.files_in(folder, out)
        return
    out = Path(os.path.realpath(out))
    for place, folders, names in os.walk(folder, onerror=refused):
        here = Path(place)
        folders[:] = sorted(
            name for name in folders
            if not name.startswith(".") and not _holds_results(here / name, out)
        )  # fmt: skip
        yield from (here / name for name in sorted(names) if not name.startswith("."))


def _holds_results(folder: Path, out: Path) -> bool:
    # Unlike a Path this says no, and nothing else, of a folder that can't be looked into.
    return Path(os.path.realpath(folder)) == out or os.path.isdir(folder / FOLDER)  # noqa: PTH112


def _why_not(path: Path) -> str | None:
    """Why a file is not even opened; nothing for one that may be a video."""
    if path.suffix.lower() in SIDE_FILES:
        return "no video"
    if path.suffix.lower() in UNFINISHED:
        return "a copy that is not finished"
    if stores.is_far(path):
        return stores.why_unsafe(path) or ("made by btsclip" if _is_result(path) else None)
    if path.is_symlink() and not path.exists():
        return "a link to nothing"
    if not path.is_file():
        return "no file"
    return "made by btsclip" if _is_result(path) else None


def _is_result(path: Path) -> bool:
    """Whether a sidecar beside it says that btsclip made it."""
    record = json_record(path.with_name(f"{path.stem}.json"))
    return str(record.get("generator", "")).startswith("btsclip")


def unreadable(path: Path, error: Exception) -> LeftOut:
    """What there is to say of a file that could not be looked at."""
    named = path.suffix.lower() in VIDEO_FILES
    if not named:
        return LeftOut(path, "no video")
    if isinstance(error, BtsclipError):
        return LeftOut(path, error.cause, True, error.cure)
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    why = f"can't be read ({reason})"
    return LeftOut(path, why, True, "check the disk and its permissions")


def _closed(error: OSError) -> LeftOut:
    """What there is to say of a folder that can't be looked into; one that has just gone is not
    missed."""
    why = f"a folder that can't be read ({error.strerror})"
    return LeftOut(Path(str(error.filename)), why, failed=error.errno != errno.ENOENT)


def without_doubles(found: Sequence[Footage]) -> tuple[list[Footage], list[LeftOut]]:
    """Files of different content; of files with the same one the first by name."""
    sizes = [footage.size for footage in found]
    seen: dict[tuple[int, bytes], Path] = {}
    kept, doubles = [], []
    for footage in found:
        if sizes.count(footage.size) > 1:
            try:
                held = content(footage.path)
            except OSError as error:
                doubles.append(unreadable(footage.path, error))
                continue
            first = seen.setdefault((footage.size, held), footage.path)
            if first != footage.path:
                doubles.append(LeftOut(footage.path, f"the same as {first.name}"))
                continue
        kept.append(footage)
    return kept, doubles


def takes_of(found: Sequence[Footage]) -> list[Footage]:
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
    named.sort(key=lambda f: _gopro(f.path))
    groups = [list(part) for _, part in groupby(named, key=lambda f: _gopro(f.path)[:-1])]
    for footage in sorted(others, key=lambda f: (str(f.path.parent), f.path.name)):
        if groups and _goes_on(groups[-1][-1], footage):
            groups[-1].append(footage)
        else:
            groups.append([footage])
    return groups


def goes_on_in(path: Path, other: Path) -> bool:
    """Whether the take in the file at `path` may go on in the `other` one, by their names, and
    where those only count on by size."""
    if path == other or path.parent != other.parent:
        return False
    if GOPRO.match(path.stem) and GOPRO.match(other.stem):
        return _gopro(path)[:-1] == _gopro(other)[:-1]
    return _counts_on(path, other) and path.stat().st_size >= LEAST_CHAPTER_BYTES


def _gopro(path: Path) -> tuple[str, str, str, int]:
    """Folder, family and take of a GoPro file, and its chapter."""
    match = GOPRO.match(path.stem)
    assert match
    family, chapter, take, _, old_first, _, old_chapter, old_take = match.groups()
    folder = str(path.parent)
    if family:
        return folder, family.upper(), take, int(chapter)
    return folder, "GP", old_first or old_take, int(old_chapter or 0)


def _goes_on(before: Footage, footage: Footage) -> bool:
    """Whether `footage` is the next file of the take that `before` is the last one of: the next
    number, the same kind, begun when the other, a full file, ended."""
    if before.path.parent != footage.path.parent or before.size < LEAST_CHAPTER_BYTES:
        return False
    if not _counts_on(before.path, footage.path) or not before.created or not footage.created:
        return False
    gap = footage.created - (before.created + timedelta(seconds=before.duration))
    return abs(gap.total_seconds()) <= GOES_ON


def _counts_on(before: Path, path: Path) -> bool:
    """Whether a file's name has the next number after the other's, and the same letter behind."""
    first, second = COUNTED.match(before.stem), COUNTED.match(path.stem)
    return bool(first and second and first[3] == second[3] and int(second[2]) == int(first[2]) + 1)


def _filmed(footage: Footage) -> tuple[bool, float, str]:
    """Order of filming: by clock, then those without one by name."""
    when = footage.created.timestamp() if footage.created else 0.0
    return footage.created is None, when, str(footage.path)


def _named(
    takes: Sequence[Footage],
    shoot: Path,
    known: Callable[[Path], str | None] = lambda path: None,
) -> list[Take]:
    """Each take with its name: the one it is known by, else the file's, with its folders before it
    where two are alike."""
    from btsclip.shoot.planning import slug

    stems = [slug(footage.path.stem) for footage in takes]
    kept: list[str | None] = []
    for footage in takes:
        name = known(footage.path)
        kept.append(None if name in kept else name)
    taken = set(kept)
    named: list[Take] = []
    for stem, name, footage in zip(stems, kept, takes, strict=True):
        if name is None:
            name = base = stem
            if stems.count(stem) > 1:
                inside = footage.path.relative_to(shoot).with_suffix("")
                name = base = slug("-".join(inside.parts))
            number = 2
            while name in taken:
                name, number = f"{base}-{number}", number + 1
            taken.add(name)
        named.append(Take(name, footage))
    return named
