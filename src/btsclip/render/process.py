"""Running ffmpeg for a render: whatever goes wrong becomes one line a user can act on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from btsclip.errors import BtsclipError, RenderError, StoppedError
from btsclip.media import ffmpeg
from btsclip.media.output import disk_full

# "[in#0/mov,mp4 @ 0x55...] [error] text": who said it is of no use to a reader.
_SPEAKER = re.compile(r"^(\[[^\]]*\]\s*)+")
# Lines that only report that something else failed.
_ECHOES = ("Conversion failed", "Error", "Task finished", "Terminating", "Nothing was written")


def run_ffmpeg(
    arguments: list[str],
    folder: Path,
    on_time: Callable[[float], None] | None = None,
    fed_by: Sequence[list[str]] = (),
) -> str:
    """Runs ffmpeg in the temp `folder` and returns what it said; see media.ffmpeg.run.

    Raises OutputError when it found the disk full, StoppedError when it was ended from outside,
    else RenderError with its first meaningful line; the errors' subject is the folder that the
    results go to.
    """
    code, said = ffmpeg.run(arguments, cwd=folder, on_time=on_time, fed_by=fed_by)
    if code:
        raise failure(folder.parent, code, said)
    return said


def failure(out: Path, code: int, said: str) -> BtsclipError:
    """The error for an ffmpeg that ended with `code` (negative: killed by that signal)."""
    if "No space left on device" in said:
        return disk_full(out)
    if code < 0:
        return StoppedError(
            out, f"ffmpeg was stopped from outside (signal {-code})",
            "close other programs if memory was short, then try again",
        )  # fmt: skip
    return RenderError(
        out, f"ffmpeg failed: {failure_reason(said)}", "check the source, or run again with --debug"
    )


def failure_reason(said: str) -> str:
    """The line of ffmpeg's output that tells most: its last one that isn't just an echo."""
    lines = [_SPEAKER.sub("", line).strip() for line in said.splitlines()]
    telling = [line for line in lines if line and not line.startswith(_ECHOES)]
    return (telling or lines or ["it said nothing"])[-1][:200]
