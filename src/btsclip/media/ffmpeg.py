"""The ffmpeg binary: where it is, and running it so that nothing is left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from btsclip.errors import ToolError

_LEADS_GROUP = threading.Event()
# Footage must not make ffmpeg open other files or the network (playlists, concat scripts).
INPUT_PROTOCOLS = "file,pipe"


@lru_cache(maxsize=1)
def ffmpeg_path() -> str:
    """The ffmpeg to run: $BTSCLIP_FFMPEG, or the one that comes with imageio-ffmpeg.

    Raises ToolError when neither can be run.
    """
    asked = os.environ.get("BTSCLIP_FFMPEG")
    if asked:
        found = shutil.which(asked)
        if not found:
            raise ToolError(
                asked, "BTSCLIP_FFMPEG names no program that can be run", "unset it or correct it"
            )
        return found
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise ToolError(
            "ffmpeg", str(error), "reinstall imageio-ffmpeg or set BTSCLIP_FFMPEG"
        ) from error


@contextmanager
def process(arguments: list[str], **pipes: object) -> Iterator[subprocess.Popen[bytes]]:
    """Runs ffmpeg with `arguments` and makes sure that it has ended when the block is left.

    In its own process group, so that a Ctrl-C in the terminal reaches Python alone, which then
    ends ffmpeg here; otherwise ffmpeg would finish its partial file and exit with success. A
    process that leads a group of its own keeps ffmpeg in it: who ends the group ends both.
    """
    child = subprocess.Popen(  # type: ignore[call-overload]
        [ffmpeg_path(), *arguments],
        stdin=subprocess.DEVNULL,
        start_new_session=not _LEADS_GROUP.is_set(),
        **pipes,
    )
    try:
        yield child
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        for pipe in (child.stdout, child.stderr):
            if pipe:
                pipe.close()


def lead_group() -> None:
    """Makes this process the leader of a group that its ffmpegs belong to; where there are no
    groups (on Windows) nothing changes."""
    if hasattr(os, "setsid"):
        if os.getsid(0) != os.getpid():
            os.setsid()
        _LEADS_GROUP.set()


def run(
    arguments: list[str], *, cwd: Path | None = None, on_time: Callable[[float], None] | None = None
) -> tuple[int, str]:
    """Runs ffmpeg to its end; returns its exit code and the last lines of what it said.

    `on_time` gets the output time in seconds as it grows. stderr is drained in a thread, so that
    a talkative ffmpeg can't block on a full pipe.
    """
    base = ["-hide_banner", "-nostats", "-y", "-progress", "pipe:1"]
    said: deque[str] = deque(maxlen=400)
    with process(
        [*base, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd
    ) as child:
        assert child.stdout and child.stderr
        stderr = child.stderr

        def drain() -> None:
            said.extend(line.decode(errors="replace").rstrip() for line in stderr)

        reader = threading.Thread(target=drain, daemon=True)
        reader.start()
        for raw in child.stdout:
            key, _, value = raw.decode(errors="replace").strip().partition("=")
            if key == "out_time_us" and on_time and value.lstrip("-").isdigit():
                on_time(max(0.0, int(value) / 1e6))
        code = child.wait()
        reader.join()
    return code, "\n".join(said)
