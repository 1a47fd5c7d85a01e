"""Pictures that a user names, such as a logo: none is decoded before it is known to be harmless.

A file of 100 kB may hold a picture that takes gigabytes of memory, so the sizes of the file and of
its picture are looked at first. The header alone says the latter.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from btsclip.errors import BtsclipError

if TYPE_CHECKING:
    from PIL import Image

# The largest file, and the largest picture in it: more than most cameras make.
MAX_BYTES = 100_000_000
MAX_PIXELS = 50_000_000
CURE = "name a PNG or JPEG picture"

# How files begin that may be named by mistake, and what they are.
_OTHER_FORMATS = {
    b"GIF8": "a GIF", b"BM": "a BMP", b"II*\0": "a TIFF", b"MM\0*": "a TIFF", b"II+\0": "a TIFF",
    b"MM\0+": "a TIFF", b"8BPS": "a Photoshop file", b"%PDF": "a PDF",
    b"\0\0\1\0": "an icon", b"\0\0\0\x0cjP": "a JPEG 2000", b"\xff\x4f\xff\x51": "a JPEG 2000",
}  # fmt: skip
# The brands of ISO media files (bytes 8 to 12) that hold pictures.
_BRANDS = {b"avif": "an AVIF", b"avis": "an AVIF", b"heic": "a HEIC", b"heix": "a HEIC",
           b"mif1": "a HEIC", b"msf1": "a HEIC"}  # fmt: skip


def read_picture(path: Path, error_type: type[BtsclipError]) -> Image.Image:
    """The PNG or JPEG picture in the file at `path`, upright, as RGBA; of several the first.

    Raises `error_type` naming the file, the cause and the cure, before anything is decoded when
    the file or its picture is too large.
    """
    data = _content(path, error_type)
    try:
        picture = _opened(data)
    except Exception as error:
        # Pillow raises nearly anything for a damaged file.
        raise error_type(path, f"can't be read ({_said(error)})", "copy it again") from error
    if picture is None:
        raise error_type(path, f"is {_kind(data)}, not a PNG or JPEG picture", CURE)
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise error_type(
            path,
            f"is {width}x{height} pixels, more than {MAX_PIXELS // 10**6} million",
            "save it smaller",
        )
    try:
        return _upright(picture)
    except Exception as error:
        raise error_type(path, f"can't be read ({_said(error)})", "copy it again") from error


def _content(path: Path, error_type: type[BtsclipError]) -> bytes:
    """The bytes of the file at `path`. What is not a file, such as a pipe, is never opened."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise error_type(path, "is not a file", CURE)
        if size > MAX_BYTES:
            raise error_type(
                path, f"has {size / 10**6:.0f} MB, more than {MAX_BYTES // 10**6}",
                "save it smaller",
            )  # fmt: skip
        data = path.read_bytes()
    except FileNotFoundError:
        cure = "check its name: it counts from the folder of the file that names it"
        raise error_type(path, "no such file", cure) from None
    except OSError as error:
        raise error_type(path, f"can't be read ({_said(error)})", CURE) from error
    except ValueError as error:
        raise error_type(path, "is not a file's name", CURE) from error
    if not data:
        raise error_type(path, "is empty", "copy it again")
    return data


def _opened(data: bytes) -> Image.Image | None:
    """The picture with its header read; None for other formats.

    Pillow's own `open` would refuse large ones in its own words, and knows formats that decode as
    soon as they are opened.
    """
    from PIL import JpegImagePlugin, PngImagePlugin

    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImagePlugin.PngImageFile(io.BytesIO(data))
    if data.startswith(b"\xff\xd8\xff"):
        return JpegImagePlugin.JpegImageFile(io.BytesIO(data))
    return None


def _upright(picture: Image.Image) -> Image.Image:
    """The picture decoded and turned as its camera says."""
    from PIL import ImageOps

    picture.load()
    if picture.mode.startswith("I"):
        # 16 bits of gray, which converting would cut off at 8 of them.
        picture = picture.point(lambda value: value / 256).convert("L")
    # In place: a large picture is not held twice.
    ImageOps.exif_transpose(picture, in_place=True)
    return picture.convert("RGBA")


def _kind(data: bytes) -> str:
    """What a file is, as far as its first bytes say."""
    for signature, name in _OTHER_FORMATS.items():
        if data.startswith(signature):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "a WebP"
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "a video")
    head = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype svg")) or b"<svg" in head:
        return "an SVG"
    return "another kind of file" if b"\0" in data[:1000] else "a text"


def _said(error: Exception) -> str:
    """What the system or Pillow says in words for people; a plain word for all else."""
    text = (error.strerror or str(error)) if isinstance(error, OSError) else ""
    return text.splitlines()[0].lower() if text else "it is damaged"
