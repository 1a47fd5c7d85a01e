"""Interlaced footage: no combs in clips, covers, analysis or small copies, whole pictures as they
are."""

from __future__ import annotations

import subprocess
from pathlib import Path

import ffmpeg
import interlaced_media
import numpy as np
import pytest
from interlaced_media import KINDS, combing
from media import ffmpeg as run_ffmpeg
from PIL import Image
from quick import mostly_slow
from result import pictures, plan_of

from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.media.footage import Footage
from btsclip.media.probing import probe
from btsclip.presets.schema import Output, Preset
from btsclip.render import render, whole_pictures
from btsclip.review import playback

# Levels of combs that nobody sees, and of those in the takes.
MAX_COMBS = 2.0
COMBED = 80.0
INTERLACED = [kind for kind in KINDS if kind not in ("segmented", "progressive")]
WHOLE = ["segmented", "progressive"]
# Fields of the takes, joined behind whole pictures in one file.
MIXED = ("progressive", "h264_top")


@pytest.mark.parametrize("kind", mostly_slow(INTERLACED, "h264_bottom", "dv"))
def test_pictures_have_no_combs(kind: str, tmp_path: Path) -> None:
    footage = probe(interlaced_media.path_of(tmp_path, kind))
    plain, whole = read(footage, prepared=False), read(footage)
    assert max(combing(picture) for picture in plain) > COMBED
    assert max(combing(picture) for picture in whole) < MAX_COMBS
    assert len(whole) == len(plain)
    # Enough for 30 pictures a second without repeating one.
    assert len(read(footage, rate=30)) == 2 * len(plain)


@pytest.mark.parametrize("kind", WHOLE)
def test_whole_pictures_stay_as_they_are(kind: str, tmp_path: Path) -> None:
    footage = probe(interlaced_media.path_of(tmp_path, kind))
    assert np.array_equal(read(footage, rate=60), read(footage, prepared=False))


def test_only_the_interlaced_part_is_changed(tmp_path: Path) -> None:
    parts = []
    for number, kind in enumerate(MIXED):
        part = tmp_path / f"{kind}.ts"
        source = interlaced_media.path_of(tmp_path, kind)
        command = [ffmpeg_path(), "-v", "error", "-i", str(source), "-c", "copy",
                   "-output_ts_offset", str(1.4 * number), str(part)]  # fmt: skip
        subprocess.run(command, check=True)
        parts.append(part.read_bytes())
    mixed = tmp_path / "mixed.ts"
    mixed.write_bytes(b"".join(parts))
    footage = probe(mixed)
    plain, whole = read(footage, prepared=False), read(footage)
    assert np.array_equal(whole[:30], plain[:30])
    assert max(combing(picture) for picture in plain[36:]) > COMBED
    assert max(combing(picture) for picture in whole[36:]) < MAX_COMBS


@pytest.mark.parametrize("kind", mostly_slow(["h264_top", "unflagged", "dv"], "dv"))
def test_clips_and_covers_have_no_combs(kind: str, tmp_path: Path) -> None:
    source = interlaced_media.path_of(tmp_path, kind)
    footage = probe(source)
    # As many lines as the take, so that scaling does not hide any.
    output = Output(width=216, height=footage.coded_height, crf=14, speed="ultrafast")
    preset = Preset(output=output)
    crop = [(0.0, 0.5, 0.5, output.width / footage.width, 1.0)]
    made = render(plan_of(source, crop=crop), preset, tmp_path / "out")[0]
    assert max(combing(picture) for picture in pictures(made.path, output)) < MAX_COMBS
    assert combing(np.asarray(Image.open(made.cover))) < MAX_COMBS


def test_fields_keep_their_order_upside_down(tmp_path: Path) -> None:
    """The upper field, which is first, becomes the lower one."""
    plain, path = interlaced_media.path_of(tmp_path, "h264_top"), tmp_path / "turned.mp4"
    run_ffmpeg("-display_rotation", "180", "-i", plain, "-c", "copy", path)
    footage = probe(path)
    assert footage.rotation == 180 and footage.scan == "top"
    white = read(footage, rate=50.0) > 120
    columns = np.arange(white.shape[2])
    places = (white * columns).sum((1, 2)) / np.maximum(white.sum((1, 2)), 1)
    # The bar moves to the left, and comes in again at the right after a second.
    steps = np.diff(places[5:40])
    assert len(places) > 60 and (steps < 0).all()


@pytest.mark.slow
def test_small_copies_have_no_combs(tmp_path: Path) -> None:
    source = interlaced_media.path_of(tmp_path, "h264_top")
    footage = probe(source)
    assert not playback.is_playable(footage)
    assert combing(np.asarray(Image.open(source_picture(footage, tmp_path)))) < MAX_COMBS
    copy = playback.playable_file(footage, plan_of(source).clips[0].spans[0], tmp_path / "copies")
    assert max(combing(picture) for picture in read(probe(copy.path), prepared=False)) < MAX_COMBS


def source_picture(footage: Footage, folder: Path) -> Path:
    path = folder / "at.jpg"
    path.write_bytes(playback.jpeg_at(footage, 0.5))
    return path


def read(footage: Footage, prepared: bool = True, rate: float = 0.0) -> np.ndarray:
    """All pictures of the take as luma (n, h, w): as a graph gets them, or else as decoded."""
    picture = ffmpeg.input(str(footage.path))[str(footage.video_stream)]
    if prepared:
        picture = whole_pictures(picture, footage, rate)
    output = picture.output("pipe:", format="rawvideo", pix_fmt="yuv420p", fps_mode="passthrough")
    command = [ffmpeg_path(), "-v", "error", *output.get_args()]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    width, height = footage.coded_width, footage.coded_height
    planes = np.frombuffer(raw, np.uint8).reshape(-1, height * width * 3 // 2)
    return planes[:, : height * width].reshape(-1, height, width)
