"""Paths of media as the URLs that editing programs read, of POSIX and Windows."""

from __future__ import annotations

from pathlib import PurePath
from urllib.parse import quote

from btsclip.media.paths import relative

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


def plain(text: str) -> str:
    """`text` on one line without what XML and timelines can't hold."""

    def kept(c: str) -> str:
        return c if any(a <= ord(c) <= b for a, b in _ALLOWED) else " " if c.isspace() else "?"

    return " ".join("".join(map(kept, text)).split())
