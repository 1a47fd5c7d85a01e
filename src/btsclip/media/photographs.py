"""Recognize pictures that are named as videos, and photographs with a short video behind them.

Phones append the video of a motion photo to its JPEG, or put it into a box of its HEIC. Players and
ffmpeg show only the photograph.
"""

from __future__ import annotations

import mmap
import shlex
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from btsclip.errors import UnfitError

if TYPE_CHECKING:
    from av.container import InputContainer

_SUFFIXES = {".jpg", ".jpeg", ".heic", ".heif"}
# Names of motion photos in the metadata at their start: that of Android's Motion Photo format, and
# the older one of Google's Camera app.
_MARKS = (b"MotionPhoto", b"MicroVideo")
# Bytes in which the metadata are.
_HEAD = 1 << 17
# Last bytes of photographs by Samsung with anything behind them.
_SAMSUNG_END = b"SEFT"
# Brands of ISO media files that are pictures (bytes 8 to 12).
_PICTURE_BRANDS = {b"heic", b"heix", b"heif", b"mif1", b"avif"}
# Boxes that may follow the first box (`ftyp`) of a video, and the size of that box in bytes.
_BOXES = {b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"pdin"}
_FTYP_BYTES = range(16, 129)


def is_photograph(path: Path, container: InputContainer) -> bool:
    """Whether the opened file at `path` is a picture. Animated GIF and PNG pictures are videos."""
    name = container.format.name
    if name == "jpeg_pipe":
        # Several JPEG pictures in one file are a video without a container.
        return sum(packet.size > 0 for packet in islice(container.demux(video=0), 2)) < 2
    return name == "image2" or name.endswith("_pipe") or _has_picture_brand(path)


def photograph_error(path: Path) -> UnfitError:
    """The error for the picture at `path`; for a motion photo, its cure takes the video out."""
    if line := command_for_video(path):
        cause = "is a motion photo: a photograph with a video behind it"
        return UnfitError(path, cause, f"take the video out: {line}")
    return UnfitError(path, "is a picture, not a video", "name a video")


def command_for_video(path: Path) -> str | None:
    """The command line that takes the video out of the motion photo at `path`; None for any other
    picture. Raises OSError."""
    start = _video_start(path)
    if start is None:
        return None
    target = path.with_suffix(".mp4")
    return f"tail -c +{start + 1} {shlex.quote(str(path))} > {shlex.quote(str(target))}"


def _has_picture_brand(path: Path) -> bool:
    """Whether the file at `path` is a HEIC or AVIF picture, which ffmpeg reads as a video."""
    with path.open("rb") as file:
        head = file.read(12)
    return head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS


def is_motion_photo(path: Path) -> bool:
    """Whether the metadata of the file at `path` are those of a motion photo. Reads little, as a
    shoot may have hundreds of photographs. Raises OSError."""
    if path.suffix.lower() not in _SUFFIXES:
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if not head.startswith(b"\xff\xd8\xff") and head[8:12] not in _PICTURE_BRANDS:
            return False
        file.seek(0, 2)
        file.seek(max(0, file.tell() - len(_SAMSUNG_END)))
        return any(mark in head for mark in _MARKS) or file.read() == _SAMSUNG_END


def _video_start(path: Path) -> int | None:
    """The byte at which the video in a photograph starts; None without one."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = data.find(b"ftyp", 12)
        while at >= 0:
            size = int.from_bytes(data[at - 4 : at], "big")
            if size in _FTYP_BYTES and data[at + size : at + size + 4] in _BOXES:
                return at - 4
            at = data.find(b"ftyp", at + 4)
    return None
