"""Find the originals of copies by name: small copies of cameras and editing programs, edits of
phones, and exports of files that can't be cut themselves."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from btsclip.media import COPIES, SMALL_COPY, CopyName, Footage
from btsclip.takes.listing import LeftOut

# Difference of length between an original and its small copy: seconds, or share of the length.
MAX_LENGTH_DIFFERENCE = 1.0
MAX_LENGTH_DIFFERENCE_SHARE = 0.02
# Letters of a name that two cameras don't share by chance: such an export may be in any folder.
MIN_UNIQUE_NAME = 12
# Endings that programs add to the names of exports.
EXPORT_ENDING = re.compile(
    r"(?:[ _.-]*(?:\(\d+\)|proxy|export(?:ed)?|flat|reframed?"
    r"|prores|h\.?26[45]|hevc|uhd|hd|4k|\d{3,4}p))*"
)


@dataclass(frozen=True)
class Origin:
    """The kind of a file by its name, such as "a small copy", and the path of its original; None if
    the original is not in the shoot."""

    what: str
    path: Path | None


@dataclass(frozen=True)
class Originals:
    """The files of a shoot, in which originals are looked up. `lengths` are in seconds, None for
    files that were not read."""

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
        """Build from file names alone."""
        return cls(dict.fromkeys(paths))

    def origin(self, path: Path) -> Origin | None:
        """The origin of the file at `path`; None if its name is not the name of a copy, or may be
        one but no original is near it."""
        rows = _matching_rows(path)
        for row, pattern in rows:
            if original := self._find_original(path, row, pattern):
                return Origin(row.what, original)
        certain = [row for row, _ in rows if row.certain]
        return Origin(certain[0].what, None) if certain else None

    def _find_original(self, path: Path, row: CopyName, pattern: re.Pattern[str]) -> Path | None:
        """The nearest original of the copy at `path`."""
        folders = [path.parent]
        if not row.beside:
            above = path.parent.parent
            folders += [above, *(f for f in self._inner.get(above, ()) if f != path.parent)]
        candidates = (
            candidate
            for folder in folders
            for candidate in self._folders.get(folder, ())
            if candidate != path
            and pattern.fullmatch(candidate.stem)
            and not _is_copy_of_same(path, candidate)
        )
        return next((other for other in candidates if self._lengths_fit(path, other, row)), None)

    def _lengths_fit(self, path: Path, candidate: Path, row: CopyName) -> bool:
        """Whether the file at `path` may be a copy of the candidate by its length."""
        length, original_length = self.lengths.get(path), self.lengths.get(candidate)
        if row.what != SMALL_COPY or length is None or original_length is None:
            return True
        allowed = max(MAX_LENGTH_DIFFERENCE, MAX_LENGTH_DIFFERENCE_SHARE * original_length)
        return abs(length - original_length) <= allowed


def _matching_rows(path: Path) -> list[tuple[CopyName, re.Pattern[str]]]:
    """The rows of COPIES that match a file, each with the pattern of its original's stem."""
    rows = []
    for row in COPIES:
        match = row.name.fullmatch(path.name)
        if match and (row.inside is None or row.inside.fullmatch(path.parent.name)):
            groups = [re.escape(group or "") for group in match.groups()]
            rows.append((row, re.compile(row.original.format("", *groups), re.IGNORECASE)))
    return rows


def _is_copy_of_same(path: Path, candidate: Path) -> bool:
    """Whether the candidate is itself a copy by its name, and its name is not the shorter one.

    Copies have longer names than their originals, except in folders of their own. So no two files
    are copies of each other.
    """
    if len(candidate.stem) < len(path.stem):
        return False
    return any(row.certain for row, _ in _matching_rows(candidate))


@dataclass
class Resolution:
    """The files to keep, `warnings` about some of them, and the files to leave out."""

    kept: list[Footage]
    left_out: list[LeftOut]
    warnings: dict[Path, str]


def resolve_copies(files: Sequence[Footage], left_out: Sequence[LeftOut]) -> Resolution:
    """Leave out each copy whose original is in the shoot, and each file that can't be cut but has
    an export or a copy."""
    failed = {entry.path: entry for entry in left_out if entry.failed}
    originals = Originals({**{f.path: f.duration for f in files}, **dict.fromkeys(failed)})
    result = Resolution([], [entry for entry in left_out if not entry.failed], {})
    replacements: dict[Path, Path] = {}
    for footage in files:
        origin = originals.origin(footage.path)
        fault = failed.get(origin.path) if origin and origin.path else None
        if origin is None:
            result.kept.append(footage)
        elif origin.path is None:
            result.kept.append(footage)
            result.warnings[footage.path] = _missing_original_text(origin.what)
        elif fault is None or fault.is_sphere:
            result.left_out.append(_copy_entry(footage.path, origin.what, origin.path))
        else:
            result.kept.append(footage)
            replacements[fault.path] = footage.path
            result.warnings[footage.path] = _replacement_text(fault, origin.what)
    for fault in failed.values():
        origin = originals.origin(fault.path)
        if origin and origin.path:
            result.left_out.append(_copy_entry(fault.path, origin.what, origin.path))
        else:
            result.left_out.append(_fault_entry(fault, result.kept, replacements))
    return result


def _missing_original_text(what: str) -> str:
    if what == SMALL_COPY:
        return f"{what}; its original is not here: copy it, too, for a sharp picture"
    return f"{what}; its original is not here, so this file is cut"


def _replacement_text(fault: LeftOut, what: str) -> str:
    cure = f"; {fault.cure}" if fault.cure else ""
    return f"{what} of {fault.path.name}, which {fault.why}{cure}"


def _copy_entry(path: Path, what: str, original: Path) -> LeftOut:
    return LeftOut(path, f"{what} of {original.name}")


def _fault_entry(
    fault: LeftOut, kept: Sequence[Footage], replacements: dict[Path, Path]
) -> LeftOut:
    """The entry for a file that can't be cut: not a failure if the file is raw or 360-degree video
    and has an export or a copy that can be cut."""
    if not (fault.is_raw or fault.is_sphere):
        return fault
    export = replacements.get(fault.path) if fault.is_raw else None
    export = export or next((f.path for f in kept if _is_export(f.path, fault)), None)
    if export is None:
        return fault
    return LeftOut(fault.path, f"{fault.why.removeprefix('is ')}; {export.name} is cut instead")


def _is_export(path: Path, fault: LeftOut) -> bool:
    """Whether the file at `path` has the name of an export of the file that can't be cut."""
    source, name = _take_name(fault.path), _take_name(path)
    if not any(name.startswith(n) and EXPORT_ENDING.fullmatch(name[len(n) :])
               for n in (source, fault.path.stem.casefold())):  # fmt: skip
        return False
    folders = (fault.path.parent, fault.path.parent.parent)
    near = path.parent in fault.path.parents or path.parent.parent in folders
    return near or len(source) >= MIN_UNIQUE_NAME


def _take_name(path: Path) -> str:
    """A file's stem without the number of a segment (RED) or a lens (Insta360)."""
    name = path.stem.casefold()
    if path.suffix.casefold() == ".r3d":
        name = re.sub(r"_\d{3}$", "", name)
    return re.sub(r"(vid_\d{8}_\d{6})_\d\d(?=_\d)", r"\1", name)
