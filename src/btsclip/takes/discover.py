"""Find the takes in a shoot's folder, in the order of filming, and the files that are left out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from btsclip.errors import BtsclipError, FootageError
from btsclip.media import Footage, absolute, check_name, is_remote, probe, remote, slug, unfit_name
from btsclip.takes.chapter_files import join_takes
from btsclip.takes.likeness import Sketch
from btsclip.takes.listing import (
    LeftOut,
    as_text,
    files_in,
    split_by_name,
    unreadable,
    unreadable_folder,
)
from btsclip.takes.same_moment import distinct_moments, make_sketches
from btsclip.wording import first_few

# Files named in a message.
MAX_NAMED = 3


@dataclass(frozen=True)
class Take:
    """One take of a shoot. `name` is unique in the shoot and safe for file names; `warning` is a
    message to the user about its files."""

    name: str
    footage: Footage
    warning: str = ""


@dataclass(frozen=True)
class Discovery:
    """Takes in the order they were filmed, and the files that are not cut."""

    takes: tuple[Take, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def failed(self) -> list[str]:
        """A line for each file that should have been cut but can't be."""
        return [_failure_line(entry) for entry in self.left_out if entry.failed]

    @property
    def warnings(self) -> list[str]:
        """A line for each warning about takes; takes with the same warning share a line."""
        names: dict[str, list[str]] = {}
        for take in self.takes:
            if take.warning:
                names.setdefault(take.warning, []).append(take.footage.path.name)
        return [f"{first_few(files, MAX_NAMED)}: {warning}" for warning, files in names.items()]

    def no_takes_error(self, shoot: Path) -> FootageError:
        """The error for a shoot without takes."""
        failed = [entry for entry in self.left_out if entry.failed]
        if not failed:
            return FootageError(shoot, "holds no video", "name the folder that holds the takes")
        faults = "; ".join(f"{entry.path.name}: {entry.why}" for entry in failed[:MAX_NAMED])
        more = f"; and {len(failed) - MAX_NAMED} more" if len(failed) > MAX_NAMED else ""
        cause = f"holds no video that can be cut ({faults}{more})"
        return FootageError(shoot, cause, failed[0].cure or "copy the files again")


class FileReader(Protocol):
    """Opens the files of a shoot, in this process or in workers."""

    def facts(self, paths: Sequence[Path]) -> list[Footage | LeftOut]:
        """The result of `inspect_file` for each of `paths`, in their order."""
        ...

    def sketches(self, footages: Sequence[Footage]) -> list[Sketch | None]:
        """The sketch of each of `footages`, in their order; None for a file that can't be read."""
        ...


class DirectReader:
    """Opens files one after another, in this process."""

    def facts(self, paths: Sequence[Path]) -> list[Footage | LeftOut]:
        """The result of `inspect_file` for each of `paths`."""
        return [inspect_file(path) for path in paths]

    def sketches(self, footages: Sequence[Footage]) -> list[Sketch | None]:
        """The sketch of each of `footages`."""
        return make_sketches(footages)


def inspect_file(path: Path) -> Footage | LeftOut:
    """The facts of a video of a shoot, or why the file is not cut. A file in a store is fetched
    first."""
    try:
        if is_remote(path):
            if unfit := unfit_name(path):
                raise unfit.error(path)
            with remote.local_copies([path]) as (local_path,):
                return replace(probe(local_path), path=path)
        return probe(path)
    except (BtsclipError, OSError) as error:
        return unreadable(path, error)


def find_takes(
    shoot: Path,
    out: Path,
    reader: FileReader | None = None,
    *,
    only: Collection[Path] | None = None,
    known: Callable[[Path], str | None] = lambda path: None,
) -> Discovery:
    """Find the takes in the folder `shoot` and its subfolders, without the results in `out`.

    Files are judged by content, not by name. Of files that show the same moment, one is a take and
    the others are left out.

    Args:
        shoot: The folder.
        out: The folder of results.
        reader: Opens the files. Default: this process.
        only: If given, other files are ignored.
        known: The name of an earlier run for the take in a file; None for a new take.

    Raises FootageError if there is no such folder.
    """
    if not shoot.is_dir():
        cause = "is not a folder" if shoot.exists() else "no such folder"
        raise FootageError(shoot, cause, "name the folder of a shoot, or cut one take with `cut`")
    shoot = absolute(shoot)
    check_name(shoot)
    reader = reader or DirectReader()
    left_out: list[LeftOut] = []
    paths = files_in(
        shoot, out, lambda error: left_out.append(unreadable_folder(error)),
        lambda folder, why: left_out.append(LeftOut(as_text(folder), why)),
    )  # fmt: skip
    likely, others = split_by_name(path for path in paths if only is None or path in only)
    results = reader.facts(likely)
    videos = [result for result in results if isinstance(result, Footage)]
    left_out += [*others, *(result for result in results if isinstance(result, LeftOut))]
    moments = distinct_moments(videos, left_out, reader.sketches)
    order = sorted(join_takes(moments.kept), key=_filming_order)
    takes = [
        replace(take, warning=_take_warning(take.footage, moments.warnings))
        for take in _name_takes(order, shoot, known)
    ]
    entries = sorted(moments.left_out, key=lambda entry: str(entry.path))
    return Discovery(tuple(takes), tuple(entries))


def _take_warning(footage: Footage, warnings: dict[Path, str]) -> str:
    """The warnings about the files of a take, each once."""
    return "; ".join(dict.fromkeys(warnings[path] for path in footage.files if path in warnings))


def _failure_line(entry: LeftOut) -> str:
    cure = f"; {entry.cure}" if entry.cure else ""
    return f"{entry.path.name}: {entry.why}{cure}"


def _filming_order(footage: Footage) -> tuple[bool, float, str]:
    """Sort key: by clock, then files without a clock by name."""
    when = footage.created.timestamp() if footage.created else 0.0
    return footage.created is None, when, str(footage.path)


def _name_takes(
    takes: Sequence[Footage],
    shoot: Path,
    known: Callable[[Path], str | None],
) -> list[Take]:
    """The takes with their names: the name of an earlier run, else the file name, with its folders
    in front if two files have the same name."""
    stems = [slug(footage.path.stem) for footage in takes]
    known_names: list[str | None] = []
    for footage in takes:
        name = known(footage.path)
        known_names.append(None if name in known_names else name)
    taken = set(known_names)
    named: list[Take] = []
    for stem, name, footage in zip(stems, known_names, takes, strict=True):
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
