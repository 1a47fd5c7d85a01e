"""Paths of media as the URLs that editing programs read, of POSIX and Windows."""

from __future__ import annotations

import os
from pathlib import Path, PurePath, PureWindowsPath
from urllib.parse import quote

# As XML 1.0 allows them; lone surrogates stand in names that are no UTF-8.
_ALLOWED = ((0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))


def url_of(path: PurePath, relative_to: PurePath | None = None) -> str:
    """The URL of an absolute path: `file:///takes/my%20take.mov`, `file:///C:/takes/a.mov`, and of
    a network drive `file://server/share/a.mov`.

    With `relative_to`, a folder, the relative one from there, where there is one.
    """
    if relative_to is not None:
        steps = relative(path, relative_to)
        if steps is not None:
            return quote(steps.as_posix())
    return path.as_uri()


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


def absolute(path: Path) -> Path:
    """`path` from the root on, without resolving links: an editor should find what was named."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def plain(text: str) -> str:
    """`text` on one line without what XML and timelines can't hold."""

    def kept(c: str) -> str:
        return c if any(a <= ord(c) <= b for a, b in _ALLOWED) else " " if c.isspace() else "?"

    return " ".join("".join(map(kept, text)).split())
