"""What there is in a shoot's folder: takes in the order they were filmed, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from btsclip.errors import BtsclipError, FootageError
from btsclip.media import remote
from btsclip.media.footage import Footage, probe
from btsclip.media.paths import absolute, slug
from btsclip.media.unfit import unfit_name
from btsclip.takes.chapter_files import takes_of
from btsclip.takes.likeness import Sketch
from btsclip.takes.listing import LeftOut, files_in, sort_out_names, unreadable, unreadable_folder
from btsclip.takes.same_moment import distinct_moments, make_sketches
from btsclip.wording import first_few

# Files named in a message, at most.
MAX_NAMED = 3


@dataclass(frozen=True)
class Take:
    """One take of a shoot; `name` is unlike all others of the shoot and fit for file names.
    `warning` is what the user should know of its files."""

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
        """What should have been cut and can't be, one line each."""
        return [_line(entry) for entry in self.left_out if entry.failed]

    @property
    def warnings(self) -> list[str]:
        """What the user should know of takes; takes with the same warning share a line."""
        names: dict[str, list[str]] = {}
        for take in self.takes:
            if take.warning:
                names.setdefault(take.warning, []).append(take.footage.path.name)
        return [f"{first_few(found, MAX_NAMED)}: {warning}" for warning, found in names.items()]

    def no_takes(self, shoot: Path) -> FootageError:
        """The error for a shoot in which there is nothing to cut."""
        failed = [entry for entry in self.left_out if entry.failed]
        if not failed:
            return FootageError(shoot, "holds no video", "name the folder that holds the takes")
        named = "; ".join(f"{entry.path.name}: {entry.why}" for entry in failed[:MAX_NAMED])
        more = f"; and {len(failed) - MAX_NAMED} more" if len(failed) > MAX_NAMED else ""
        cause = f"holds no video that can be cut ({named}{more})"
        return FootageError(shoot, cause, failed[0].cure or "copy the files again")


class FileReader(Protocol):
    """Opens the files of a shoot, in this process or in workers."""

    def facts(self, paths: Sequence[Path]) -> list[Footage | LeftOut]:
        """The result of `inspect_file` for each of `paths`, in their order."""
        ...

    def sketches(self, footages: Sequence[Footage]) -> list[Sketch | None]:
        """The sketch of each of `footages`, in their order; None for one that can't be read."""
        ...


class DirectReader:
    """Opens files in this process, one by one."""

    def facts(self, paths: Sequence[Path]) -> list[Footage | LeftOut]:
        """The result of `inspect_file` for each of `paths`."""
        return [inspect_file(path) for path in paths]

    def sketches(self, footages: Sequence[Footage]) -> list[Sketch | None]:
        """The sketch of each of `footages`."""
        return make_sketches(footages)


def inspect_file(path: Path) -> Footage | LeftOut:
    """One file of a shoot: its facts if it is a video, or why it is not cut. One in a store is
    fetched first."""
    try:
        if remote.is_in_store(path):
            if unfit := unfit_name(path):
                raise unfit.error(path)
            with remote.local_copies([path]) as (near,):
                return replace(probe(near), path=path)
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
    """Looks through the folder `shoot` and all in it but the results in `out`.

    The `reader` opens the files; without one this process does. What they hold counts, not what
    they are called. Of files that show the same moment one is a take, and the others are left out.
    With `only`, other files are passed over as if they were not there. A take whose file is `known`
    by a name keeps that name. Raises FootageError when the folder is not there.
    """
    if not shoot.is_dir():
        cause = "is not a folder" if shoot.exists() else "no such folder"
        raise FootageError(shoot, cause, "name the folder of a shoot, or cut one take with `cut`")
    shoot = absolute(shoot)
    reader = reader or DirectReader()
    left_out: list[LeftOut] = []
    paths = files_in(
        shoot, out, lambda error: left_out.append(unreadable_folder(error)),
        lambda folder, why: left_out.append(LeftOut(folder, why)),
    )  # fmt: skip
    likely, others = sort_out_names(path for path in paths if only is None or path in only)
    looked = reader.facts(likely)
    found = [result for result in looked if isinstance(result, Footage)]
    left_out += [*others, *(result for result in looked if isinstance(result, LeftOut))]
    moments = distinct_moments(found, left_out, reader.sketches)
    order = sorted(takes_of(moments.kept), key=_filmed)
    takes = [
        replace(take, warning=_warning(take.footage, moments.words))
        for take in _named(order, shoot, known)
    ]
    entries = sorted(moments.left_out, key=lambda entry: str(entry.path))
    return Discovery(tuple(takes), tuple(entries))


def _warning(footage: Footage, words: dict[Path, str]) -> str:
    """The words on the files of a take, each once."""
    return "; ".join(dict.fromkeys(words[path] for path in footage.files if path in words))


def _line(left_out: LeftOut) -> str:
    cure = f"; {left_out.cure}" if left_out.cure else ""
    return f"{left_out.path.name}: {left_out.why}{cure}"


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
