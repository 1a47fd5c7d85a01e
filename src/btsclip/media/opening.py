"""Open video and sound files, and say why one can't be opened."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from btsclip.errors import FootageError
from btsclip.media.moving_picture import moving_streams
from btsclip.media.packets import lacks_index
from btsclip.media.paths import absolute, check_name
from btsclip.media.unfit import unfit_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.video.stream import VideoStream

# Demuxers that open further files or addresses named inside the file.
INDIRECT_FORMATS = {
    "hls", "applehttp", "concat", "dash", "webm_dash_manifest", "imf", "ffmetadata", "lavfi", "sdp",
    "rtsp", "rtp", "sap", "vobsub", "vapoursynth", "avisynth",
}  # fmt: skip
# First bytes of the scripts among them.
_SCRIPTS = (b"#EXTM3U", b"ffconcat", b"<?xml", b"<MPD", b";FFMETADATA", b"v=0", b"# VobSub")


@contextmanager
def open_video(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open the video at `path`: its container and main video stream.

    Raises FootageError for a missing or empty file, a playlist, and anything but a video.
    """
    with open_media(path, "video") as container:
        yield container, main_video_stream(container, path)


@contextmanager
def open_media(path: Path, kind: Literal["video", "sound"]) -> Iterator[InputContainer]:
    """Open the file of this `kind` at `path`. Raises FootageError, which names the kind, for a
    missing, empty or unreadable file, and for a playlist."""
    import av

    _check_file(path, kind)
    try:
        # An absolute path can't be mistaken for a protocol ("concat:", "http:").
        options = {"protocol_whitelist": "file,pipe", "format_whitelist": _direct_formats()}
        # Cameras and old programs write tags in other encodings.
        container = av.open(str(path.resolve()), options=options, metadata_errors="replace")
    except (av.error.FFmpegError, OSError) as error:
        if _is_script(path):
            raise FootageError(
                path, f"a playlist that names other files, not a {kind}",
                f"name the {kind}s themselves",
            ) from error  # fmt: skip
        if lacks_index(path):
            raise FootageError(
                path, "was never finished: the index at its end is missing",
                "copy it from the camera again, or let the camera or a repair program finish it",
            ) from error  # fmt: skip
        raise FootageError(
            path, f"not a {kind} that can be read ({reason_of(error)})",
            "check or copy the file again",
        ) from error  # fmt: skip
    with container:
        yield container


@cache
def _direct_formats() -> str:
    """The demuxers that open no further files, as a list for libav's option. libav refuses all
    others before they open anything."""
    import av

    return ",".join(sorted(av.formats_available - INDIRECT_FORMATS))


def _is_script(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_SCRIPTS)
    except OSError:
        return False


def main_video_stream(container: InputContainer, path: Path) -> VideoStream:
    """The main video stream, which is never a still picture. Raises FootageError without one."""
    streams = moving_streams(container)
    if not streams:
        raise FootageError(path, "holds no video, only sound", "name a file with a picture")
    best = container.streams.best("video")
    return best if best in streams else streams[0]


def _check_file(path: Path, kind: str) -> None:
    check_name(absolute(path))
    try:
        if path.is_dir():
            raise FootageError(path, f"is a folder, not a {kind}", "name a file in it")
        if not path.exists():
            raise FootageError(path, "no such file", "check the name")
        if path.stat().st_size == 0:
            raise FootageError(path, "is empty (0 bytes)", "copy it from the camera again")
        with path.open("rb"):
            pass
    except OSError as error:
        raise FootageError(
            path, f"can't be read ({error.strerror})", "check its permissions"
        ) from error
    if unfit := unfit_name(path):
        raise unfit.error(path)


def reason_of(error: BaseException) -> str:
    """What libav or the system says of `error`, in lower case."""
    return str(getattr(error, "strerror", None) or error).split(":")[0].strip().lower()
