"""ffmpeg processes of a render; any failure becomes one line that a user can act on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from btsclip.errors import BtsclipError, RenderError, StoppedError
from btsclip.media import disk_full, ffmpeg

# "[in#0/mov,mp4 @ 0x55...] [error] text": the part of ffmpeg that wrote it means nothing to users.
_COMPONENT = re.compile(r"^(\[[^\]]*\]\s*)+")
# Lines that only repeat that something failed.
_ECHOES = ("Conversion failed", "Error", "Task finished", "Terminating", "Nothing was written")
MAX_REASON_LENGTH = 200


def run_ffmpeg(
    arguments: list[str],
    folder: Path,
    on_time: Callable[[float], None] | None = None,
    fed_by: Sequence[list[str]] = (),
) -> str:
    """Run ffmpeg in the temp `folder` and return its messages; see media.ffmpeg.run.

    Raises OutputError when the disk is full, StoppedError when another program ended ffmpeg, and
    else RenderError with the reason. The errors' subject is the folder of the results.
    """
    code, messages = ffmpeg.run(arguments, cwd=folder, on_time=on_time, fed_by=fed_by)
    if code:
        raise ffmpeg_error(folder.parent, code, messages)
    return messages


def ffmpeg_error(out: Path, code: int, messages: str) -> BtsclipError:
    """The error for an ffmpeg that ended with `code`; a negative code is minus a signal."""
    if "No space left on device" in messages:
        return disk_full(out)
    if code < 0:
        return StoppedError(
            out, f"ffmpeg was stopped from outside (signal {-code})",
            "close other programs if memory was short, then try again",
        )  # fmt: skip
    return RenderError(
        out, f"ffmpeg failed: {failure_reason(messages)}",
        "check the source, or run again with --debug",
    )  # fmt: skip


def failure_reason(messages: str) -> str:
    """The last line of ffmpeg's messages that is not just an echo of another."""
    lines = [_COMPONENT.sub("", line).strip() for line in messages.splitlines()]
    reasons = [line for line in lines if line and not line.startswith(_ECHOES)]
    return (reasons or lines or ["no message"])[-1][:MAX_REASON_LENGTH]
