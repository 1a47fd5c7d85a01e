"""Read pictures that a user names, such as a logo, safely.

A file of 100 kB may hold a picture that takes gigabytes of memory, so the size of the file and,
from its header, the size of the picture are checked before decoding.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from btsclip.errors import BtsclipError

if TYPE_CHECKING:
    from PIL import Image

# Largest file in bytes, and largest picture in pixels: more than most cameras make.
MAX_BYTES = 100_000_000
MAX_PIXELS = 50_000_000
CURE = "name a PNG or JPEG picture"

# First bytes of other formats that may be named by mistake.
_OTHER_FORMATS = {
    b"GIF8": "a GIF", b"BM": "a BMP", b"II*\0": "a TIFF", b"MM\0*": "a TIFF", b"II+\0": "a TIFF",
    b"MM\0+": "a TIFF", b"8BPS": "a Photoshop file", b"%PDF": "a PDF",
    b"\0\0\1\0": "an icon", b"\0\0\0\x0cjP": "a JPEG 2000", b"\xff\x4f\xff\x51": "a JPEG 2000",
}  # fmt: skip
# Brands of ISO media files (bytes 8 to 12) that hold pictures.
_BRANDS = {b"avif": "an AVIF", b"avis": "an AVIF", b"heic": "a HEIC", b"heix": "a HEIC",
           b"mif1": "a HEIC", b"msf1": "a HEIC"}  # fmt: skip


def read_picture(path: Path, error_type: type[BtsclipError]) -> Image.Image:
    """Read the PNG or JPEG picture in the file at `path`, upright, as RGBA; of several, the first.

    Raises `error_type` with the cause and the cure; for a file or picture that is too large, before
    decoding.
    """
    data = _read_bytes(path, error_type)
    try:
        picture = _read_header(data)
    except Exception as error:
        # Pillow raises nearly anything for a damaged file.
        raise error_type(path, f"can't be read ({_error_text(error)})", "copy it again") from error
    if picture is None:
        raise error_type(path, f"is {_format_name(data)}, not a PNG or JPEG picture", CURE)
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise error_type(
            path,
            f"is {width}x{height} pixels, more than {MAX_PIXELS // 10**6} million",
            "save it smaller",
        )
    try:
        return _decode_upright(picture)
    except Exception as error:
        raise error_type(path, f"can't be read ({_error_text(error)})", "copy it again") from error


def _read_bytes(path: Path, error_type: type[BtsclipError]) -> bytes:
    """The bytes of the file at `path`. Anything but a file, such as a pipe, is never opened."""
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
        cure = "check its name: it is relative to the folder of the file that names it"
        raise error_type(path, "no such file", cure) from None
    except OSError as error:
        raise error_type(path, f"can't be read ({_error_text(error)})", CURE) from error
    except ValueError as error:
        raise error_type(path, "is not a file's name", CURE) from error
    if not data:
        raise error_type(path, "is empty", "copy it again")
    return data


def _read_header(data: bytes) -> Image.Image | None:
    """The picture with only its header read; None for other formats.

    Pillow's `open` would raise its own error for large pictures, and supports formats that decode
    on opening.
    """
    from PIL import JpegImagePlugin, PngImagePlugin

    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImagePlugin.PngImageFile(io.BytesIO(data))
    if data.startswith(b"\xff\xd8\xff"):
        return JpegImagePlugin.JpegImageFile(io.BytesIO(data))
    return None


def _decode_upright(picture: Image.Image) -> Image.Image:
    """Decode the picture and rotate it by its EXIF orientation."""
    from PIL import ImageOps

    picture.load()
    if picture.mode.startswith("I"):
        # 16-bit gray, which a conversion would clip to 8 bits.
        picture = picture.point(lambda value: value / 256).convert("L")
    # In place, so that a large picture is not in memory twice.
    ImageOps.exif_transpose(picture, in_place=True)
    return picture.convert("RGBA")


def _format_name(data: bytes) -> str:
    """The format of a file, judged by its first bytes."""
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


def _error_text(error: Exception) -> str:
    """The message of a system error; for other errors, which are for developers, a plain one."""
    text = (error.strerror or str(error)) if isinstance(error, OSError) else ""
    return text.splitlines()[0].lower() if text else "it is damaged"
