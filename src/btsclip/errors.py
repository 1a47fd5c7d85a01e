"""The errors of btsclip, as one small tree.

BtsclipError            exit 1: names the file, the cause and the cure
|-- UsageError          exit 2: an option or argument that is wrong for any file
|-- FootageError        a source file that can't be read as video
|   `-- UnfitError      a complete file of a kind that can't be cut
|-- PlanError           a cut plan that can't be read or no longer matches its footage
|-- PresetError         a preset that can't be read
|-- NotesError          notes on a shoot that can't be read
|-- CaptionError        a requested caption that can't be drawn
|-- OutputError         a path that can't be written to, or would be overwritten
|   `-- NoRoomError     the disk is full: nothing else can be written either
|-- RenderError         ffmpeg failed, or its result did not pass verification
|-- StoppedError        ffmpeg was killed from outside: worth another try
|-- ToolError           ffmpeg, a model or a font is missing or unsuitable
|-- MeasureError        an export, map file or history that can't be read
|-- ClusterError        other machines that can't be reached or can't do their part
`-- NothingFound        exit 3: no footage worth cutting, or figures without a conclusion
"""

from __future__ import annotations

from pathlib import Path

# How Python represents bytes of file names that are not UTF-8 (PEP 383).
_NAME_BYTES = frozenset(map(chr, range(0xDC80, 0xDD00)))


def readable(name: str | Path) -> str:
    r"""`name` as text; bytes of a file name that are not UTF-8 are written as \xff.

    >>> readable("caf\udce9.mp4")
    'caf\\xe9.mp4'
    """
    return "".join(f"\\x{ord(c) - 0xDC00:02x}" if c in _NAME_BYTES else c for c in str(name))


class BtsclipError(Exception):
    """A failure that the user can act on.

    `subject` is the file or option at fault as text, `cause` the problem and `cure` the remedy.
    """

    exit_code = 1

    def __init__(self, subject: str | Path, cause: str, cure: str = "") -> None:
        self.subject = readable(subject)
        self.cause = cause
        self.cure = cure
        super().__init__(self.subject, cause, cure)

    def __str__(self) -> str:
        return f"{self.subject}: {self.cause}" + (f"; {self.cure}" if self.cure else "")


class UsageError(BtsclipError):
    """An option or argument that is wrong for any file, such as `--count 0`."""

    exit_code = 2


class FootageError(BtsclipError):
    """A source file that can't be read as video."""


class UnfitError(FootageError):
    """A complete file of a kind that can't be cut: waiting or another copy would not help."""


class PlanError(BtsclipError):
    """A cut plan that can't be read or no longer matches its footage."""


class PresetError(BtsclipError):
    """A preset that can't be read."""


class NotesError(BtsclipError):
    """Notes on a shoot that can't be read."""


class CaptionError(BtsclipError):
    """A requested caption that can't be drawn."""


class OutputError(BtsclipError):
    """A path that can't be written to, or a result that would be overwritten."""


class NoRoomError(OutputError):
    """The disk or the quota of the user is full: all other writes will fail too."""


class RenderError(BtsclipError):
    """ffmpeg failed, or its result did not pass verification."""


class StoppedError(BtsclipError):
    """ffmpeg was killed from outside, by a user or for lack of memory; a retry may work."""


class ToolError(BtsclipError):
    """ffmpeg, a model or a font is missing or unsuitable."""


class MeasureError(BtsclipError):
    """An export of figures, a map file or a history that can't be read."""


class ClusterError(BtsclipError):
    """A scheduler or worker that can't be reached or can't do its part."""


class NothingFound(BtsclipError):
    """The footage holds nothing worth cutting, or the figures allow no conclusion."""

    exit_code = 3
