"""Paths of files: absolute in memory; relative to a document in the text of the document.

A document and its files can then be moved together, and are found from any working folder.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePath, PureWindowsPath

from btsclip.errors import BtsclipError, UnfitError, readable

# The cause and the cure for a file whose name is not text.
NOT_TEXT = "its name is not UTF-8 text"
RENAME = "rename the file or folder where the message has \\x"
# Steps up from a document to a file that still gets a relative path.
MAX_STEPS_UP = 1


def absolute(path: Path) -> Path:
    """`path` as an absolute path. Links stay as they are named; the path of an object store is
    returned unchanged."""
    if is_remote(path):
        return path
    if ".." not in path.parts:
        return path.absolute()
    # `link/..` is the parent of the link's target, so the links before it must be followed.
    return path.resolve() if path.name == ".." else in_real_folder(path)


def distinct(paths: Iterable[str | Path]) -> list[Path]:
    """The absolute paths of the files that `paths` name, without repeated files."""
    by_target: dict[Path, Path] = {}
    for path in map(Path, paths):
        by_target.setdefault(path.resolve(), absolute(path))
    return list(by_target.values())


def in_real_folder(path: Path) -> Path:
    """`path` with the links among its folders resolved, so that steps up (`..`) lead to the real
    parents."""
    return path.parent.resolve() / path.name


def check_name(path: Path, error_type: type[BtsclipError] = UnfitError) -> None:
    """Raise `error_type` if the absolute `path` is not text: no plan or report could name it.

    On Linux, names are bytes. Old cards and programs have written them in other encodings.
    """
    if not is_text(path):
        raise error_type(path, NOT_TEXT, RENAME)


def is_text(path: str | Path) -> bool:
    """Whether the names in `path` are text."""
    return readable(path) == str(path)


def is_remote(path: object) -> bool:
    """Whether `path` is in an object store: a path of another class, or a text with `://`."""
    return "://" in path if isinstance(path, str) else not isinstance(path, PurePath)


def to_document(path: str, folder: Path) -> str:
    """The text for the file at `path` in a document in `folder`.

    For a file near the folder (beside, below or above it) this is a relative path with `/` between
    names. Other paths are returned unchanged.
    """
    if is_remote(path) or is_remote(folder) or not Path(path).is_absolute():
        return path
    base, real = folder.resolve(), in_real_folder(Path(path))
    steps = relative(real, base)
    if steps is None:
        return path
    up = steps.parts.count("..")
    holds_folder = up == len(steps.parts) - 1
    # Files that share only the root of the disk are not moved together.
    share_a_folder = len(base.parts) - up > 1
    is_near = share_a_folder and (up <= MAX_STEPS_UP or holds_folder)
    return steps.as_posix() if is_near else path


def from_document(text: str, folder: Path) -> str:
    """The absolute path of the file that a document in `folder` names as `text`."""
    if is_remote(text) or is_remote(folder):
        return text
    try:
        return str(absolute(folder.resolve() / text))
    except (OSError, ValueError):
        # No file can have such a name; opening it raises the error.
        return str(folder / text)


def file_name(text: str) -> str:
    r"""The file name in a path from a document of this or another system.

    >>> file_name(r"C:\clips\dough.mp4"), file_name("clips/dough.mp4")
    ('dough.mp4', 'dough.mp4')
    """
    windows = PureWindowsPath(text)
    return windows.name if windows.is_absolute() else PurePath(text).name


def relative(path: PurePath, folder: PurePath) -> PurePath | None:
    """`path` relative to `folder`, both absolute; None if they are on different drives.

    >>> from pathlib import PurePosixPath
    >>> str(relative(PurePosixPath("/shoot/day 1/a.mp4"), PurePosixPath("/shoot/btsclip")))
    '../day 1/a.mp4'
    """
    if path.anchor.lower() != folder.anchor.lower():
        return None
    start, end = folder.parts[1:], path.parts[1:]
    shared = 0
    while shared < min(len(start), len(end) - 1) and _same(path, start[shared], end[shared]):
        shared += 1
    steps = [".."] * (len(start) - shared) + list(end[shared:])
    return type(path)(*steps)


def _same(path: PurePath, a: str, b: str) -> bool:
    """Whether two names are the same on the system of `path`."""
    return a.lower() == b.lower() if isinstance(path, PureWindowsPath) else a == b


def slug(name: str) -> str:
    """`name` as a short ASCII file name for any system.

    >>> slug("Crème brûlée, part 2")
    'creme-brulee-part-2'
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", ascii_name).strip("-").lower()[:40].rstrip("-") or "clip"
