"""Streams without a container are refused with a command line that helps, by their content."""

from __future__ import annotations

import subprocess
from pathlib import Path

import media
import pytest

from btsclip.errors import FootageError
from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.media.probing import probe

SECONDS = 1.0
REORDERED = ("-c:v", "libx264", "-bf", "3", "-g", "25")
# Name of the file -> its name in the message, and the options of ffmpeg that make it.
BARE: dict[str, tuple[str, tuple[str, ...]]] = {
    "camera.h264": ("H.264", (*media.FAST, "-f", "h264")),
    "day 1 it's.264": ("H.264", (*REORDERED, "-f", "h264")),
    "camera.mp4": ("H.264", (*media.FAST, "-f", "h264")),
    "camera.hevc": ("H.265", ("-c:v", "libx265", "-preset", "ultrafast", "-f", "hevc")),
    "camera.265": ("H.265", ("-c:v", "libx265", "-preset", "ultrafast", "-f", "hevc")),
    "camera.m4v": ("MPEG-4", ("-c:v", "mpeg4", "-f", "m4v")),
    "camera.m2v": ("MPEG-2", ("-c:v", "mpeg2video", "-f", "mpeg2video")),
    "camera.mjpeg": ("Motion JPEG", ("-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-f", "mjpeg")),
    "camera.obu": ("AV1", ("-c:v", "libsvtav1", "-preset", "12", "-f", "obu")),
}


@pytest.mark.parametrize("name", BARE)
def test_cure_makes_a_video_of_the_right_length(name: str, tmp_path: Path) -> None:
    path, (codec, options) = tmp_path / name, BARE[name]
    media.ffmpeg("-f", "lavfi", "-i", f"testsrc2=s=64x36:r=20:d={SECONDS}", *options, path)
    with pytest.raises(FootageError) as caught:
        probe(path)
    assert caught.value.cause == f"is a bare {codec} stream: its pictures have no times"
    line = caught.value.cure.partition("after -r: ")[2]
    assert line.startswith("ffmpeg -r ")
    line = line.replace("ffmpeg", f"{ffmpeg_path()} -v error -nostdin", 1)
    subprocess.run(line, shell=True, check=True, cwd=tmp_path)
    (made,) = set(tmp_path.iterdir()) - {path}
    facts = probe(made)
    # The rate in the line is that of the stream, or 25 if it has none.
    rate = 25 if " -r 25 " in line else 20
    assert (facts.fps, facts.vfr) == (pytest.approx(rate), False)
    assert facts.duration == pytest.approx(SECONDS * 20 / rate, abs=0.06)


def test_containers_of_the_same_streams_are_cut(tmp_path: Path) -> None:
    source = f"testsrc2=s=64x36:r=20:d={SECONDS}"
    for name, form in {"phone.m4v": "mp4", "take.ivf": "ivf", "take.y4m": "yuv4mpegpipe"}.items():
        coding = ("-c:v", "libvpx-vp9", "-cpu-used", "8") if form == "ivf" else ()
        media.ffmpeg("-f", "lavfi", "-i", source, *coding, "-f", form, tmp_path / name)
        assert probe(tmp_path / name).duration == pytest.approx(SECONDS)
