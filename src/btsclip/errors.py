"""Everything that can go wrong, as one small tree.

BtsclipError            exit 1: says the file, what is wrong and what to do
|-- UsageError          exit 2: an option or argument that no file could make right
|-- FootageError        a source file that can't be read as video
|-- PlanError           a cut plan that can't be read or no longer fits its footage
|-- PresetError         a preset that can't be read
|-- NotesError          notes on a shoot that can't be read
|-- CaptionError        a caption that was asked for and can't be drawn
|-- OutputError         a place that can't be written to, or would be overwritten
|   `-- NoRoomError     the disk is full: nothing else can be written either
|-- RenderError         ffmpeg failed, or its result did not pass verification
|-- StoppedError        ffmpeg was ended from outside: worth another try
|-- ToolError           ffmpeg, a model or a font is missing or unfit
|-- MeasureError        an export, map file or history that can't be read
|-- ClusterError        other machines that can't be reached or can't do their part
`-- NothingFound        exit 3: the footage holds nothing worth cutting, figures allow no conclusion
"""

from __future__ import annotations

from pathlib import Path


class BtsclipError(Exception):
    """A failure the user can act on.

    `subject` is the file or option at fault, `cause` what is wrong with it and `cure` what to do.
    """

    exit_code = 1

    def __init__(self, subject: str | Path, cause: str, cure: str = "") -> None:
        self.subject = str(subject)
        self.cause = cause
        self.cure = cure
        super().__init__(subject, cause, cure)

    def __str__(self) -> str:
        return f"{self.subject}: {self.cause}" + (f"; {self.cure}" if self.cure else "")


class UsageError(BtsclipError):
    """An option or argument that is wrong whatever the files hold, such as `--count 0`."""

    exit_code = 2


class FootageError(BtsclipError):
    """A source file that can't be read as video."""


class PlanError(BtsclipError):
    """A cut plan that can't be read or no longer fits its footage."""


class PresetError(BtsclipError):
    """A preset that can't be read."""


class NotesError(BtsclipError):
    """Notes on a shoot that can't be read."""


class CaptionError(BtsclipError):
    """A caption that was asked for and can't be drawn."""


class OutputError(BtsclipError):
    """A place that can't be written to, or a result that would be overwritten."""


class NoRoomError(OutputError):
    """The disk or the user's share of it is full: whatever else is tried fails as well."""


class RenderError(BtsclipError):
    """ffmpeg failed, or what it made did not pass verification."""


class StoppedError(BtsclipError):
    """ffmpeg was ended from outside, by a user or for want of memory; another try may do."""


class ToolError(BtsclipError):
    """ffmpeg, a model or a font is missing or can't do what is asked."""


class MeasureError(BtsclipError):
    """An export of figures, a map file or a history that can't be read."""


class ClusterError(BtsclipError):
    """A scheduler or worker that can't be reached, or that can't do its part."""


class NothingFound(BtsclipError):
    """The footage was read and holds nothing worth cutting, or figures that allow no conclusion."""

    exit_code = 3
