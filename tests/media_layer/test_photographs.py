"""Pictures are no videos, and the video of a motion photo can be taken out by the cure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import media
import pytest
from media import Media

from btsclip.errors import FootageError
from btsclip.media.photographs import is_motion_photo
from btsclip.media.probing import probe
from btsclip.takes.discover import find_takes

# As phones write it (Android's Motion Photo format), shortened.
XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta GCamera:MotionPhoto='1'/>"
needs_shell = pytest.mark.skipif(sys.platform == "win32", reason="the cure is for a Unix shell")


@pytest.fixture(scope="module")
def jpeg(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("photo") / "photo.jpg"
    media.ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x36", "-frames:v", "1", path)
    return path.read_bytes()


def box(name: bytes, content: bytes) -> bytes:
    """A box of an ISO media file."""
    return (8 + len(content)).to_bytes(4, "big") + name + content


def with_xmp(jpeg: bytes) -> bytes:
    """The JPEG with the metadata of a motion photo."""
    return jpeg[:2] + b"\xff\xe1" + (2 + len(XMP)).to_bytes(2, "big") + XMP + jpeg[2:]


def motion_photo(kind: str, jpeg: bytes, video: bytes) -> bytes:
    """A motion photo as phones make it: by Google, Samsung (older), or in HEIC."""
    if kind == "google":
        return with_xmp(jpeg) + video
    if kind == "samsung":
        return jpeg + b"MotionPhoto_Data" + video + b"SEFH" + bytes(60) + b"SEFT"
    head = box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(60) + XMP)
    return head + box(b"mdat", bytes(2000)) + box(b"mpvd", video)


@needs_shell
@pytest.mark.parametrize("kind", ["google", "samsung", "heic"])
def test_video_of_a_motion_photo_can_be_taken_out(
    kind: str, jpeg: bytes, media: Media, tmp_path: Path
) -> None:
    video = media("plain.mp4")
    path = tmp_path / ("IMG 1.heic" if kind == "heic" else "PXL_1.MP.jpg")
    path.write_bytes(motion_photo(kind, jpeg, video.read_bytes()))
    assert is_motion_photo(path)
    (entry,) = find_takes(tmp_path, tmp_path / "out").left_out
    line = entry.why.partition("a motion photo; to cut the video in it: ")[2]
    subprocess.run(line, shell=True, check=True, cwd=tmp_path)
    assert probe(path.with_suffix(".mp4")).duration == probe(video).duration
    if kind != "heic":
        # These two metadata boxes are no HEIC that opens.
        with pytest.raises(FootageError, match="is a motion photo") as caught:
            probe(path)
        assert caught.value.cure == f"take the video out: {line}"


def test_other_pictures_hold_no_video(jpeg: bytes, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    # The name of the box alone, as in a text within a picture, is no video.
    photo.write_bytes(with_xmp(jpeg) + b"\0\0\0\x18ftypisom" + bytes(100))
    assert is_motion_photo(photo)
    assert [entry.why for entry in find_takes(tmp_path, tmp_path / "out").left_out] == [
        "not a video"
    ]
    for path in (photo, tmp_path / "named.mp4"):
        path.write_bytes(jpeg)
        with pytest.raises(FootageError, match="is a picture, not a video; name a video"):
            probe(path)
    assert not is_motion_photo(photo)
    # A picture with a name of neither is no failure of a shoot.
    (tmp_path / "photo.jfif").write_bytes(jpeg)
    failed = [entry for entry in find_takes(tmp_path, tmp_path / "out").left_out if entry.failed]
    assert [entry.path.name for entry in failed] == ["named.mp4"]


@pytest.mark.parametrize("name", ["moving.gif", "moving.apng"])
def test_animated_pictures_are_videos(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    options = ("-f", "apng") if name.endswith("apng") else ()
    media.ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x36:r=10:d=1", *options, path)
    assert (probe(path).duration, probe(path).fps) == (1.0, 10.0)
