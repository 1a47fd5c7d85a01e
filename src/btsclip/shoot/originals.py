"""Files that show the moments of another file once more, told by their names: small copies that
cameras and editing programs make, edits by phones, and exports of what can't be cut itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from btsclip.media.camera_names import COPIES, SMALL_COPY, CopyName
from btsclip.media.probe import Footage
from btsclip.shoot.listing import LeftOut

# A small copy is as long as its original, but for so many seconds or this share of it.
LENGTH_SLACK, LENGTH_SHARE = 1.0, 0.02
# Characters of a name that no two cameras give by chance: such an export may lie anywhere.
MIN_TELLING_NAME = 12
# What programs add to the name of what they export.
EXPORTED = re.compile(
    r"(?:[ _.-]*(?:\(\d+\)|proxy|export(?:ed)?|flat|reframed?"
    r"|prores|h\.?26[45]|hevc|uhd|hd|4k|\d{3,4}p))*"
)


@dataclass(frozen=True)
class Origin:
    """What a file was made of, by its name. `what` it is itself, such as "a small copy"; `path` of
    the original, None where there is none in the shoot."""

    what: str
    path: Path | None


@dataclass(frozen=True)
class Originals:
    """The files of a shoot among which originals are sought, and seconds of those that were
    read."""

    lengths: dict[Path, float | None]
    _folders: dict[Path, list[Path]] = field(default_factory=lambda: defaultdict(list))
    _inner: dict[Path, list[Path]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for path in self.lengths:
            if not self._folders[path.parent]:
                self._inner[path.parent.parent].append(path.parent)
            self._folders[path.parent].append(path)

    @classmethod
    def of(cls, paths: Iterable[Path]) -> Originals:
        """Files of which only the names are known."""
        return cls(dict.fromkeys(paths))

    def origin(self, path: Path) -> Origin | None:
        """What the file at `path` was made of; None where its name does not say that it is a
        copy, or may say something else and no original is near."""
        rows = _rows(path)
        for row, pattern in rows:
            if original := self._best(path, row, pattern):
                return Origin(row.what, original)
        certain = [row for row, _ in rows if row.certain]
        return Origin(certain[0].what, None) if certain else None

    def _best(self, path: Path, row: CopyName, pattern: re.Pattern[str]) -> Path | None:
        """The original of the copy at `path`, the nearest first."""
        folders = [path.parent]
        if not row.beside:
            above = path.parent.parent
            folders += [above, *(f for f in self._inner.get(above, ()) if f != path.parent)]
        found = (
            other
            for folder in folders
            for other in self._folders.get(folder, ())
            if other != path and pattern.fullmatch(other.stem) and not _is_copy_of_same(path, other)
        )
        return next((other for other in found if self._as_long(path, other, row)), None)

    def _as_long(self, path: Path, other: Path, row: CopyName) -> bool:
        """Whether the lengths of two files don't speak against one being a copy of the other."""
        ours, theirs = self.lengths.get(path), self.lengths.get(other)
        if row.what != SMALL_COPY or ours is None or theirs is None:
            return True
        return abs(ours - theirs) <= max(LENGTH_SLACK, LENGTH_SHARE * theirs)


def _rows(path: Path) -> list[tuple[CopyName, re.Pattern[str]]]:
    """The rows that fit the name of a file, each with the pattern of its original's stem."""
    found = []
    for row in COPIES:
        match = row.name.fullmatch(path.name)
        if match and (row.inside is None or row.inside.fullmatch(path.parent.name)):
            groups = [re.escape(group or "") for group in match.groups()]
            found.append((row, re.compile(row.original.format("", *groups), re.IGNORECASE)))
    return found


def _is_copy_of_same(path: Path, other: Path) -> bool:
    """Whether the `other` file is no original, either: a name that says so, and no shorter one.

    What an original is called is always shorter than its copy but in folders of their own, so that
    no two files can be copies of each other.
    """
    return len(other.stem) >= len(path.stem) and any(row.certain for row, _ in _rows(other))


@dataclass
class Resolution:
    """Files after those that show a moment once more were set apart: `kept` ones, with a word on
    some of them, and what is left out."""

    kept: list[Footage]
    left_out: list[LeftOut]
    words: dict[Path, str]


def resolve(found: Sequence[Footage], left_out: Sequence[LeftOut]) -> Resolution:
    """Leaves out each file whose original is there, too, and files that can't be cut themselves
    where another one stands in for them."""
    failed = {each.path: each for each in left_out if each.failed}
    originals = Originals({**{f.path: f.duration for f in found}, **dict.fromkeys(failed)})
    result = Resolution([], [each for each in left_out if not each.failed], {})
    stand_ins: dict[Path, Path] = {}
    for footage in found:
        origin = originals.origin(footage.path)
        fault = failed.get(origin.path) if origin and origin.path else None
        if origin is None:
            result.kept.append(footage)
        elif origin.path is None:
            result.kept.append(footage)
            result.words[footage.path] = _without_original(origin.what)
        elif fault is None or fault.is_sphere:
            result.left_out.append(_copy(footage.path, origin.what, origin.path))
        else:
            result.kept.append(footage)
            stand_ins[fault.path] = footage.path
            result.words[footage.path] = f"{origin.what} of {fault.path.name}, which {fault.why}"
    for fault in failed.values():
        origin = originals.origin(fault.path)
        if origin and origin.path:
            result.left_out.append(_copy(fault.path, origin.what, origin.path))
        else:
            result.left_out.append(_stood_in_for(fault, result.kept, stand_ins))
    return result


def _without_original(what: str) -> str:
    cure = "copy that, too, for a sharp picture" if what == SMALL_COPY else "it is cut instead"
    return f"{what}; its original is not here: {cure}"


def _copy(path: Path, what: str, original: Path) -> LeftOut:
    return LeftOut(path, f"{what} of {original.name}")


def _stood_in_for(fault: LeftOut, kept: Sequence[Footage], stand_ins: dict[Path, Path]) -> LeftOut:
    """What to say of a file that can't be cut: no failure where raw or a 360 picture was exported,
    or has a copy that can be cut."""
    if not (fault.is_raw or fault.is_sphere):
        return fault
    export = stand_ins.get(fault.path) if fault.is_raw else None
    export = export or next((f.path for f in kept if _is_export(f.path, fault)), None)
    return LeftOut(fault.path, f"{fault.why}; {export.name} is cut instead") if export else fault


def _is_export(path: Path, fault: LeftOut) -> bool:
    """Whether a file is by its name what the file that can't be cut was exported as."""
    source, name = _take_name(fault.path), _take_name(path)
    if not any(name.startswith(n) and EXPORTED.fullmatch(name[len(n) :])
               for n in (source, fault.path.stem.casefold())):  # fmt: skip
        return False
    folders = (fault.path.parent, fault.path.parent.parent)
    near = path.parent in fault.path.parents or path.parent.parent in folders
    return near or len(source) >= MIN_TELLING_NAME


def _take_name(path: Path) -> str:
    """A file's stem, but for what tells the pieces of one take apart: RED numbers them, Insta360
    names the lens."""
    name = path.stem.casefold()
    if path.suffix.casefold() == ".r3d":
        name = re.sub(r"_\d{3}$", "", name)
    return re.sub(r"(vid_\d{8}_\d{6})_\d\d(?=_\d)", r"\1", name)
