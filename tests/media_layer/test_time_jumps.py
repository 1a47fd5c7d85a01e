"""Takes whose times jump are refused, and the command in the message cures them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from media import FAST, ffmpeg, take

from btsclip.errors import FootageError
from btsclip.media.chapters import open_footage
from btsclip.media.decoding import PictureReader
from btsclip.media.glances import read_glances
from btsclip.media.probing import probe


def joined(path: Path, *starts: float, seconds: float = 3.0) -> Path:
    """Takes with these first times, joined byte by byte."""
    data = b""
    for start in starts:
        part = path.with_suffix(f".part{path.suffix}")
        extra = ("-c:a", "mp2") if path.suffix == ".mpg" else ()
        take(part, size=(64, 36), seconds=seconds, extra=(*extra, "-output_ts_offset", str(start)))
        data += part.read_bytes()
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "starts", "where"),
    [
        ("same.ts", (0, 0), "jump back to 0:00.0"),
        ("earlier.ts", (500, 490), "jump back to -0:10.0"),
        ("much_later.ts", (0, 4100), "jump ahead to 1:08:20"),
        ("much_earlier.ts", (5000, 0), "jump ahead"),
        ("same.mpg", (0, 0), "jump back to 0:00"),
    ],
)
def test_times_that_jump_are_named(
    name: str, starts: tuple[float, ...], where: str, tmp_path: Path
) -> None:
    path = joined(tmp_path / name, *starts)
    with pytest.raises(FootageError, match=rf"at about 0:0[23]\.\d its times {where}") as caught:
        probe(path)
    command = re.search(r"`ffmpeg (.+)`", caught.value.cure)
    assert command is not None
    arguments = shlex.split(command[1].replace(name, str(path)))
    cured = tmp_path / arguments.pop()
    ffmpeg(*arguments, cured)
    assert probe(cured).duration == pytest.approx(6.0, abs=0.3)


def test_long_damage_is_no_jump(tmp_path: Path) -> None:
    """Every place within it finds the same picture: the first one after it."""
    path = tmp_path / "take.ts"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=160x90:r=5:d=150", *FAST, path)
    data = bytearray(path.read_bytes())
    begin, end = int(0.3 * len(data)), int(0.8 * len(data))
    data[begin:end] = bytes(end - begin)
    path.write_bytes(data)
    footage = probe(path)
    with open_footage(footage) as opened:
        reader = PictureReader(footage, *opened)
        first = {at: next(reader.read_from(at)).time or 0.0 for at in (100.0, 149.0)}
    # A seek out of the damage goes far back; one after it does not.
    assert first[100.0] < 46.0 and first[149.0] > 130.0


def test_short_jump_back_is_found_when_the_pictures_are_read(tmp_path: Path) -> None:
    """Between two of the places that probing reads, more time passes than is lost."""
    footage = probe(joined(tmp_path / "a.ts", 0, 19.2, seconds=20.0))
    with pytest.raises(FootageError, match=r"at about 0:(19|20)\.\d its times jump back to 0:19"):
        list(read_glances(footage))


def test_other_containers_name_another_cure(tmp_path: Path) -> None:
    """ffmpeg's copying would put all of the second recording on one time."""
    footage = probe(joined(tmp_path / "a.mkv", 0, 0))
    with pytest.raises(FootageError, match=r"jump back to 0:00\.0.*; cut the recordings one"):
        list(read_glances(footage))
