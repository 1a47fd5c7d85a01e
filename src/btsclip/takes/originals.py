"""Find by name which file was made of which: small copies from cameras and editing programs, edits
by phones, and exports of files that can't be cut themselves."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from btsclip.media.camera_names import COPIES, SMALL_COPY, CopyName
from btsclip.media.footage import Footage
from btsclip.takes.listing import LeftOut

# Seconds, or share of its length, by which an original may differ from its small copy.
LENGTH_SLACK, LENGTH_SHARE = 1.0, 0.02
# Length of a name that two cameras don't share by chance: such an export may lie anywhere.
MIN_TELLING_NAME = 12
# What programs add to the name of what they export.
EXPORTED = re.compile(
    r"(?:[ _.-]*(?:\(\d+\)|proxy|export(?:ed)?|flat|reframed?"
    r"|prores|h\.?26[45]|hevc|uhd|hd|4k|\d{3,4}p))*"
)


@dataclass(frozen=True)
class Origin:
    """What a file is by its name, such as "a small copy", and the path of its original; None when
    that is not in the shoot."""

    what: str
    path: Path | None


@dataclass(frozen=True)
class Originals:
    """The files among which originals are sought, with the seconds of those that were read."""

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
        """From files of which only the names are known."""
        return cls(dict.fromkeys(paths))

    def origin(self, path: Path) -> Origin | None:
        """The origin of the file at `path`; None for a file that is not a copy by its name, and
        for a doubtful name without an original near it."""
        rows = _rows(path)
        for row, pattern in rows:
            if original := self._best(path, row, pattern):
                return Origin(row.what, original)
        certain = [row for row, _ in rows if row.certain]
        return Origin(certain[0].what, None) if certain else None

    def _best(self, path: Path, row: CopyName, pattern: re.Pattern[str]) -> Path | None:
        """The nearest original of the copy at `path`."""
        folders = [path.parent]
        if not row.beside:
            above = path.parent.parent
            folders += [above, *(f for f in self._inner.get(above, ()) if f != path.parent)]
        found = (
            candidate
            for folder in folders
            for candidate in self._folders.get(folder, ())
            if candidate != path
            and pattern.fullmatch(candidate.stem)
            and not _is_copy_of_same(path, candidate)
        )
        return next((candidate for candidate in found if self._as_long(path, candidate, row)), None)

    def _as_long(self, path: Path, candidate: Path, row: CopyName) -> bool:
        """Whether the lengths allow that the file at `path` is a copy of the candidate."""
        length, original_length = self.lengths.get(path), self.lengths.get(candidate)
        if row.what != SMALL_COPY or length is None or original_length is None:
            return True
        return abs(length - original_length) <= max(LENGTH_SLACK, LENGTH_SHARE * original_length)


def _rows(path: Path) -> list[tuple[CopyName, re.Pattern[str]]]:
    """The rows that fit the name of a file, each with the pattern of its original's stem."""
    found = []
    for row in COPIES:
        match = row.name.fullmatch(path.name)
        if match and (row.inside is None or row.inside.fullmatch(path.parent.name)):
            groups = [re.escape(group or "") for group in match.groups()]
            found.append((row, re.compile(row.original.format("", *groups), re.IGNORECASE)))
    return found


def _is_copy_of_same(path: Path, candidate: Path) -> bool:
    """Whether the candidate is itself a copy by a name that is not shorter than that of `path`.

    Copies have longer names than their originals, but in folders of their own. So no two files can
    be copies of each other.
    """
    return len(candidate.stem) >= len(path.stem) and any(row.certain for row, _ in _rows(candidate))


@dataclass
class Resolution:
    """The files that are `kept`, with words on some of them, and those that are left out."""

    kept: list[Footage]
    left_out: list[LeftOut]
    words: dict[Path, str]


def resolve(found: Sequence[Footage], left_out: Sequence[LeftOut]) -> Resolution:
    """Leave out each copy whose original is in the shoot, and each file that can't be cut for
    which an export or a copy stands in."""
    failed = {entry.path: entry for entry in left_out if entry.failed}
    originals = Originals({**{f.path: f.duration for f in found}, **dict.fromkeys(failed)})
    result = Resolution([], [entry for entry in left_out if not entry.failed], {})
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
            result.words[footage.path] = _instead_of(fault, origin.what)
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


def _instead_of(fault: LeftOut, what: str) -> str:
    cure = f"; {fault.cure}" if fault.cure else ""
    return f"{what} of {fault.path.name}, which {fault.why}{cure}"


def _copy(path: Path, what: str, original: Path) -> LeftOut:
    return LeftOut(path, f"{what} of {original.name}")


def _stood_in_for(fault: LeftOut, kept: Sequence[Footage], stand_ins: dict[Path, Path]) -> LeftOut:
    """The entry for a file that can't be cut: not a failure where raw or a 360 picture has an
    export or a copy that can be cut."""
    if not (fault.is_raw or fault.is_sphere):
        return fault
    export = stand_ins.get(fault.path) if fault.is_raw else None
    export = export or next((f.path for f in kept if _is_export(f.path, fault)), None)
    if export is None:
        return fault
    return LeftOut(fault.path, f"{fault.why.removeprefix('is ')}; {export.name} is cut instead")


def _is_export(path: Path, fault: LeftOut) -> bool:
    """Whether the file at `path` is by its name an export of the file that can't be cut."""
    source, name = _take_name(fault.path), _take_name(path)
    if not any(name.startswith(n) and EXPORTED.fullmatch(name[len(n) :])
               for n in (source, fault.path.stem.casefold())):  # fmt: skip
        return False
    folders = (fault.path.parent, fault.path.parent.parent)
    near = path.parent in fault.path.parents or path.parent.parent in folders
    return near or len(source) >= MIN_TELLING_NAME


def _take_name(path: Path) -> str:
    """A file's stem without the number of a piece (RED) or of a lens (Insta360)."""
    name = path.stem.casefold()
    if path.suffix.casefold() == ".r3d":
        name = re.sub(r"_\d{3}$", "", name)
    return re.sub(r"(vid_\d{8}_\d{6})_\d\d(?=_\d)", r"\1", name)
