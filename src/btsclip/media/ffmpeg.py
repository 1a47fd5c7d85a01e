"""Find the ffmpeg binary, and run it so that no process is left behind."""

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
# All running ffmpegs, of all threads.
_RUNNING: set[subprocess.Popen[bytes]] = set()
# Footage must not make ffmpeg open other files or the network (playlists, concat scripts).
INPUT_PROTOCOLS = "file,pipe"


@lru_cache(maxsize=1)
def ffmpeg_path() -> str:
    """The path of ffmpeg: $BTSCLIP_FFMPEG, or the binary of imageio-ffmpeg.

    Raises ToolError when neither can be run.
    """
    name = Settings.from_env().ffmpeg
    if name:
        path = shutil.which(name)
        if not path:
            raise ToolError(
                name, "BTSCLIP_FFMPEG names no program that can be run", "unset it or correct it"
            )
        return path
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise ToolError(
            "ffmpeg", str(error), "reinstall imageio-ffmpeg or set BTSCLIP_FFMPEG"
        ) from error


@lru_cache(maxsize=8)
def has_filter(name: str) -> bool:
    """Whether ffmpeg was built with the filter `name`. Raises ToolError when ffmpeg can't be
    run."""
    listed = subprocess.run(
        [ffmpeg_path(), "-hide_banner", "-filters"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    return any(name in line.split()[1:2] for line in listed.stdout.splitlines() if "->" in line)


@contextmanager
def process(
    arguments: list[str], stdin: int = subprocess.DEVNULL, **pipes: object
) -> Iterator[subprocess.Popen[bytes]]:
    """Run ffmpeg with `arguments`, and make sure that it has ended when the block is left.

    ffmpeg runs in its own process group, so that Ctrl-C in the terminal reaches only Python, which
    then kills ffmpeg here; otherwise ffmpeg would finish its partial file and exit with success. A
    process that leads its own group keeps ffmpeg in it, so that killing the group ends both.
    """
    child = subprocess.Popen(  # type: ignore[call-overload]
        [ffmpeg_path(), *arguments],
        stdin=stdin,
        start_new_session=not _LEADS_GROUP.is_set(),
        **pipes,
    )
    _RUNNING.add(child)
    try:
        yield child
    finally:
        _RUNNING.discard(child)
        if child.poll() is None:
            child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe:
                # A process that has ended no longer needs the rest of its input.
                with suppress(BrokenPipeError):
                    pipe.close()


def end_all() -> None:
    """Kill all ffmpegs of this process; threads that wait for one see it stopped."""
    for child in list(_RUNNING):
        if child.poll() is None:
            child.kill()


def lead_group() -> None:
    """Make this process the leader of a group with its ffmpegs. Does nothing on Windows, which has
    no process groups."""
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
    """Run ffmpeg to its end. Returns its exit code and the last lines of its stderr.

    `on_time` is called with the output time in seconds. With `fed_by`, other ffmpegs run one after
    the other, and their stdout is the stdin of this one; if one of them fails, its exit code and
    stderr are returned. A thread drains stderr, so that a verbose ffmpeg can't block on a full
    pipe.
    """
    base = ["-hide_banner", "-nostats", "-y", "-progress", "pipe:1"]
    stdin = subprocess.PIPE if fed_by else subprocess.DEVNULL
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": cwd}
    with process([*base, *arguments], stdin, **pipes) as child:
        assert child.stdout and child.stderr
        lines, reader = _drain(child.stderr)
        failed = None
        if fed_by:
            timer = threading.Thread(
                target=_report_times, args=(child.stdout, on_time), daemon=True
            )
            timer.start()
            failed = _feed(child, fed_by, cwd)
            timer.join()
        else:
            _report_times(child.stdout, on_time)
        code = child.wait()
        reader.join()
    # A feeder that could not write fails only because this ffmpeg has failed.
    return failed if failed and not code else (code, "\n".join(lines))


def _feed(
    child: subprocess.Popen[bytes], feeders: Sequence[list[str]], cwd: Path | None
) -> tuple[int, str] | None:
    """Run the feeders, which write to the stdin of `child`. Returns the exit code and stderr of the
    first that fails."""
    assert child.stdin
    pipes: dict[str, Any] = {"stdout": child.stdin, "stderr": subprocess.PIPE, "cwd": cwd}
    for arguments in feeders:
        with process(["-hide_banner", "-nostats", *arguments], **pipes) as feeder:
            assert feeder.stderr
            lines, reader = _drain(feeder.stderr)
            code = feeder.wait()
            reader.join()
        if code:
            child.stdin.close()
            return code, "\n".join(lines)
    child.stdin.close()
    return None


def _drain(stderr: IO[bytes]) -> tuple[deque[str], threading.Thread]:
    """The last lines of `stderr`, and the thread that reads them."""
    lines: deque[str] = deque(maxlen=400)

    def drain() -> None:
        lines.extend(line.decode(errors="replace").rstrip() for line in stderr)

    reader = threading.Thread(target=drain, daemon=True)
    reader.start()
    return lines, reader


def _report_times(progress: IO[bytes], on_time: Callable[[float], None] | None) -> None:
    for raw in progress:
        key, _, value = raw.decode(errors="replace").strip().partition("=")
        if key == "out_time_us" and on_time and value.lstrip("-").isdigit():
            on_time(max(0.0, int(value) / 1e6))
