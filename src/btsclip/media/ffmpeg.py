"""The ffmpeg binary: where it is, and running it so that nothing is left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from btsclip.errors import ToolError
from btsclip.settings import Settings

_LEADS_GROUP = threading.Event()
# All that run now, in whatever thread.
_LIVE: set[subprocess.Popen[bytes]] = set()
# Footage must not make ffmpeg open other files or the network (playlists, concat scripts).
INPUT_PROTOCOLS = "file,pipe"


@lru_cache(maxsize=1)
def ffmpeg_path() -> str:
    """The ffmpeg to run: $BTSCLIP_FFMPEG, or the one that comes with imageio-ffmpeg.

    Raises ToolError when neither can be run.
    """
    asked = Settings.from_env().ffmpeg
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
def process(
    arguments: list[str], stdin: int = subprocess.DEVNULL, **pipes: object
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs ffmpeg with `arguments` and makes sure that it has ended when the block is left.

    In its own process group, so that a Ctrl-C in the terminal reaches Python alone, which then
    ends ffmpeg here; otherwise ffmpeg would finish its partial file and exit with success. A
    process that leads a group of its own keeps ffmpeg in it: who ends the group ends both.
    """
    child = subprocess.Popen(  # type: ignore[call-overload]
        [ffmpeg_path(), *arguments],
        stdin=stdin,
        start_new_session=not _LEADS_GROUP.is_set(),
        **pipes,
    )
    _LIVE.add(child)
    try:
        yield child
    finally:
        _LIVE.discard(child)
        if child.poll() is None:
            child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe:
                # What was not written any more is of no use to a process that has ended.
                with suppress(BrokenPipeError):
                    pipe.close()


def end_all() -> None:
    """Ends all ffmpegs of this process: whoever waits for one in another thread sees it stopped."""
    for child in list(_LIVE):
        if child.poll() is None:
            child.kill()


def lead_group() -> None:
    """Makes this process the leader of a group that its ffmpegs belong to; where there are no
    groups (on Windows) nothing changes."""
    if hasattr(os, "setsid"):
        if os.getsid(0) != os.getpid():
            os.setsid()
        _LEADS_GROUP.set()


def run(
    arguments: list[str],
    *,
    cwd: Path | None = None,
    on_time: Callable[[float], None] | None = None,
    fed_by: Sequence[list[str]] = (),
) -> tuple[int, str]:
    """Runs ffmpeg to its end; returns its exit code and the last lines of what it said.

    `on_time` gets the output time in seconds as it grows. With `fed_by`, other ffmpegs run one
    after the other, and what they write to stdout is its stdin; when one of them fails, its code
    and words are returned. stderr is drained in a thread, so that a talkative ffmpeg can't block
    on a full pipe.
    """
    base = ["-hide_banner", "-nostats", "-y", "-progress", "pipe:1"]
    stdin = subprocess.PIPE if fed_by else subprocess.DEVNULL
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": cwd}
    with process([*base, *arguments], stdin, **pipes) as child:
        assert child.stdout and child.stderr
        said, reading = _drained(child.stderr)
        failed = None
        if fed_by:
            timing = threading.Thread(target=_tell, args=(child.stdout, on_time), daemon=True)
            timing.start()
            failed = _feed(child, fed_by, cwd)
            timing.join()
        else:
            _tell(child.stdout, on_time)
        code = child.wait()
        reading.join()
    # One that could not write any more only says that the other one has failed.
    return failed if failed and not code else (code, "\n".join(said))


def _feed(
    child: subprocess.Popen[bytes], feeders: Sequence[list[str]], cwd: Path | None
) -> tuple[int, str] | None:
    """Runs the feeders, each writing to the stdin of `child`; the failure of one ends it."""
    assert child.stdin
    pipes: dict[str, Any] = {"stdout": child.stdin, "stderr": subprocess.PIPE, "cwd": cwd}
    for arguments in feeders:
        with process(["-hide_banner", "-nostats", *arguments], **pipes) as feeder:
            assert feeder.stderr
            said, reading = _drained(feeder.stderr)
            code = feeder.wait()
            reading.join()
        if code:
            child.stdin.close()
            return code, "\n".join(said)
    child.stdin.close()
    return None


def _drained(stderr: IO[bytes]) -> tuple[deque[str], threading.Thread]:
    """The last lines of `stderr`, which grow as they come, and the thread that reads them."""
    said: deque[str] = deque(maxlen=400)

    def drain() -> None:
        said.extend(line.decode(errors="replace").rstrip() for line in stderr)

    reader = threading.Thread(target=drain, daemon=True)
    reader.start()
    return said, reader


def _tell(progress: IO[bytes], on_time: Callable[[float], None] | None) -> None:
    for raw in progress:
        key, _, value = raw.decode(errors="replace").strip().partition("=")
        if key == "out_time_us" and on_time and value.lstrip("-").isdigit():
            on_time(max(0.0, int(value) / 1e6))
