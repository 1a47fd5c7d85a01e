"""Pictures that a user names: harmless ones are read, and all others give a plain error."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import pytest
from made_pictures import bomb, png
from PIL import Image

from btsclip.errors import NotesError
from btsclip.media.pictures import read_picture


def jpeg(folder: Path, size: tuple[int, int] = (80, 60), **options: object) -> Path:
    path = folder / "a.jpg"
    Image.new("RGB", size, (200, 100, 50)).save(path, **options)
    return path


def fault(path: Path, data: bytes | None = None) -> str:
    """The cause of the error for the file, which contains `data`."""
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(NotesError) as raised:
        read_picture(path, NotesError)
    assert raised.value.subject == str(path) and raised.value.cure
    return raised.value.cause


def test_decompression_bomb_is_refused_and_large_photograph_is_not(tmp_path: Path) -> None:
    cause = "is 30000x30000 pixels, more than 50 million"
    # Only its header is read.
    assert fault(bomb(tmp_path)) == cause
    assert "20000x20000" in fault(tmp_path / "real.png", png(20000, 20000))
    assert "10000x5001" in fault(tmp_path / "more.png", png(10000, 5001, rows=1))
    assert read_picture(jpeg(tmp_path, (6000, 4000)), NotesError).size == (6000, 4000)


def test_jpeg_is_checked_by_its_header_too(tmp_path: Path) -> None:
    data = bytearray(jpeg(tmp_path).read_bytes())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 65000, 65000)
    assert "is 65000x65000 pixels" in fault(tmp_path / "bomb.jpg", bytes(data))


def test_large_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    assert fault(path) == "has 200 MB, more than 100"


def save_as(form: str, path: Path) -> Path:
    frames = [Image.new("RGB", (60, 40), (shade, 0, 0)) for shade in range(0, 250, 50)]
    frames[0].save(path, form, save_all=True, append_images=frames[1:])
    return path


@pytest.mark.parametrize(
    ("form", "kind"), [("GIF", "a GIF"), ("TIFF", "a TIFF"), ("WEBP", "a WebP"), ("PDF", "a PDF")]
)
def test_other_formats_are_named_and_never_opened(form: str, kind: str, tmp_path: Path) -> None:
    path = save_as(form, tmp_path / "logo.png")
    assert fault(path) == f"is {kind}, not a PNG or JPEG picture"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<svg xmlns="x"/>', "is an SVG, not a PNG or JPEG"),
        (b"<svg/>", "is an SVG"),
        (b"my logo", "is a text, not a PNG or JPEG"),
        (b"\0\0\0\x20ftypheic\0\0\0\0", "is a HEIC"),
        (b"\0\0\0\x20ftypisom\0\0\0\0", "is a video"),
        (b"\0" * 500, "is another kind of file"),
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n", "can't be read"),
        (b"\xff\xd8\xff\xe0", "can't be read (it is damaged)"),
        (png(600, 600)[:60], "can't be read (image file is truncated"),
    ],
)
def test_files_other_than_pictures_are_errors(data: bytes, says: str, tmp_path: Path) -> None:
    assert fault(tmp_path / "logo.png", data).startswith(says)


def test_truncated_photograph_is_an_error(tmp_path: Path) -> None:
    data = jpeg(tmp_path, (800, 600)).read_bytes()
    assert "truncated" in fault(tmp_path / "cut.jpg", data[: len(data) // 2])


def test_paths_without_a_file_are_errors(tmp_path: Path) -> None:
    assert fault(tmp_path / "none.png") == "no such file"
    assert fault(tmp_path) == "is not a file"
    assert fault(Path("a\0b.png")) == "is not a file's name"
    assert "too long" in fault(Path("x" * 5000))
    if hasattr(os, "mkfifo"):
        # Opening a pipe would block forever.
        os.mkfifo(tmp_path / "pipe.png")
        assert fault(tmp_path / "pipe.png") == "is not a file"


def test_pictures_of_all_modes_keep_their_look(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x112] = 6
    assert read_picture(jpeg(tmp_path, exif=turned), NotesError).size == (60, 80)
    gray = tmp_path / "gray.png"
    Image.fromarray(np.full((6, 8), 0x9C40, np.uint16)).save(gray)
    assert read_picture(gray, NotesError).getpixel((0, 0)) == (0x9C, 0x9C, 0x9C, 255)
    moving = read_picture(save_as("PNG", tmp_path / "moving.png"), NotesError)
    assert moving.getpixel((0, 0)) == (0, 0, 0, 255)
    clear = tmp_path / "clear.png"
    Image.new("P", (4, 4)).save(clear, transparency=0)
    assert read_picture(clear, NotesError).getpixel((0, 0))[3] == 0
