"""Paths of files: absolute in memory; in a document as seen from its folder where that is near.

A document and the files it names can then be moved together, and are found from any working folder.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePath, PureWindowsPath

# Folders to go up from a document to a file that still lies beside it or its folder.
MAX_STEPS_UP = 1


def absolute(path: Path) -> Path:
    """`path` from the root on. Links stay as they were named; an object store's path stays, too."""
    if is_remote(path):
        return path
    if ".." not in path.parts:
        return path.absolute()
    # `link/..` is the parent of what the link leads to, so the links before it must be followed.
    return path.resolve() if path.name == ".." else in_real_folder(path)


def distinct(paths: Iterable[str | Path]) -> list[Path]:
    """The absolute path of each file that `paths` name, each file once."""
    found: dict[Path, Path] = {}
    for path in map(Path, paths):
        found.setdefault(path.resolve(), absolute(path))
    return list(found.values())


def in_real_folder(path: Path) -> Path:
    """`path` with the links among its folders followed: steps up from a link lead elsewhere than
    its name says."""
    return path.parent.resolve() / path.name


def is_remote(path: object) -> bool:
    """Whether `path` lies in an object store: as a path of its own class, or as its address."""
    return "://" in path if isinstance(path, str) else not isinstance(path, PurePath)


def to_document(path: str, folder: Path) -> str:
    """The name of the file at `path` in a document that lies in `folder`.

    It counts from the folder, with `/` between names, where the file lies beside, below or above
    it. Else `path` comes back as it is.
    """
    if is_remote(path) or is_remote(folder) or not Path(path).is_absolute():
        return path
    base, real = folder.resolve(), in_real_folder(Path(path))
    steps = relative(real, base)
    if steps is None:
        return path
    up = steps.parts.count("..")
    holds_folder = up == len(steps.parts) - 1
    # What only the root of the disk has in common is not moved together.
    share_a_folder = len(base.parts) - up > 1
    near = share_a_folder and (up <= MAX_STEPS_UP or holds_folder)
    return steps.as_posix() if near else path


def from_document(text: str, folder: Path) -> str:
    """The absolute path of what a document in `folder` calls `text`."""
    if is_remote(text) or is_remote(folder):
        return text
    try:
        return str(absolute(folder.resolve() / text))
    except (OSError, ValueError):
        # No file can have such a name; whoever opens it says so.
        return str(folder / text)


def file_name(text: str) -> str:
    """The last part of a path that a document of this or another system names."""
    windows = PureWindowsPath(text)
    return windows.name if windows.is_absolute() else PurePath(text).name


def relative(path: PurePath, folder: PurePath) -> PurePath | None:
    """`path` as seen from `folder`, both absolute; None on another drive."""
    if path.anchor.lower() != folder.anchor.lower():
        return None
    ours, theirs = folder.parts[1:], path.parts[1:]
    shared = 0
    while shared < min(len(ours), len(theirs) - 1) and _same(path, ours[shared], theirs[shared]):
        shared += 1
    steps = [".."] * (len(ours) - shared) + list(theirs[shared:])
    return type(path)(*steps)


def _same(path: PurePath, one: str, other: str) -> bool:
    return one.lower() == other.lower() if isinstance(path, PureWindowsPath) else one == other


def slug(name: str) -> str:
    """`name` as a short ASCII file name that any system takes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()[:40].rstrip("-") or "clip"
