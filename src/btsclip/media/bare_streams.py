"""Recognize files that hold coded pictures without a container: their pictures have no times.

A reader can only guess when they are shown, and ffmpeg does not find a place among them again: a
clip would show other pictures than those that were found.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from btsclip.errors import UnfitError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

# FFmpeg's flag of demuxers for files without times (AVFMT_NOTIMESTAMPS).
_NO_TIMESTAMPS = 0x80
# FFmpeg's demuxers that make up a clock, though they do not declare it.
_WITHOUT_CLOCK = {"obu", "av1", "jpeg_pipe"}
_CODEC_NAMES = {
    "h264": "H.264", "hevc": "H.265", "vvc": "H.266", "mpeg4": "MPEG-4", "mpeg1video": "MPEG-1",
    "mpeg2video": "MPEG-2", "mjpeg": "Motion JPEG", "av1": "AV1", "vc1": "VC-1",
}  # fmt: skip
# Pictures per second to write where the stream does not have it; ffmpeg assumes the same.
_ASSUMED_RATE = 25


def is_bare(container: InputContainer) -> bool:
    """Whether the file has no container. Also true for a JPEG picture without a JPEG's name."""
    demuxer = container.format
    return bool(demuxer.flags & _NO_TIMESTAMPS) or demuxer.name in _WITHOUT_CLOCK


def bare_error(path: Path, stream: VideoStream) -> UnfitError:
    """The error for the bare `stream` in the file at `path`; its cure is a command line.

    In a copy each picture is shown when it is decoded. That is wrong for pictures that are coded in
    another order: they must be coded again.
    """
    codec = stream.codec_context
    name = codec.codec.canonical_name
    rate = f"{float(stream.guessed_rate or _ASSUMED_RATE):.3f}".rstrip("0").rstrip(".")
    coding = "-crf 16" if codec.has_b_frames else "-c copy"
    line = f"ffmpeg -r {rate} -i {shlex.quote(str(path))} {coding} {shlex.quote(_target(path))}"
    return UnfitError(
        path,
        f"is a bare {_CODEC_NAMES.get(name, name)} stream: its pictures have no times",
        f"put it into a container, with the camera's frame rate after -r: {line}",
    )


def _target(path: Path) -> str:
    """The path of the container to write, which is never `path`."""
    target = path.with_suffix(".mp4")
    return str(path.with_name(f"{path.stem}-2.mp4") if target == path else target)
