"""Of several video streams, the moving picture is used, whatever the file calls the default."""

from __future__ import annotations

from pathlib import Path

import media
import pytest

from btsclip.media.opening import open_video
from btsclip.media.probing import probe

STILL, MOTION = "testsrc2=s=320x180", "testsrc2=s=64x36:r=20"


def two_tracks(path: Path, order: str, still: tuple[str, ...]) -> None:
    """A still picture and a smaller moving one of a second; the still one is the default."""
    first, second = ("0:v", "1:v") if order == "still first" else ("1:v", "0:v")
    number = int(order != "still first")
    media.ffmpeg(
        "-f", "lavfi", "-i", f"{STILL}{still[0]}", "-f", "lavfi", "-i", f"{MOTION}:d=1",
        "-map", first, "-map", second, *media.FAST, f"-disposition:v:{number}", "default",
        f"-disposition:v:{1 - number}", "0", *still[1:], path,
    )  # fmt: skip


@pytest.mark.parametrize("order", ["still first", "still last"])
@pytest.mark.parametrize("kind", ["mp4", "mov", "mkv"])
def test_moving_picture_is_used(kind: str, order: str, tmp_path: Path) -> None:
    path = tmp_path / f"two.{kind}"
    two_tracks(path, order, (":r=1:d=1", "-fps_mode", "passthrough"))
    facts = probe(path)
    assert (facts.width, facts.duration, facts.fps) == (64, pytest.approx(1.0, abs=0.03), 20.0)
    with open_video(path) as (_, stream):
        assert stream.index == facts.video_stream == int(order == "still first")


def test_thumbnails_of_a_few_pictures_are_not_the_take(tmp_path: Path) -> None:
    two_tracks(tmp_path / "two.mp4", "still first", (":r=2:d=1",))
    assert probe(tmp_path / "two.mp4").width == 64


def test_only_moving_picture_may_be_short(tmp_path: Path) -> None:
    path = tmp_path / "one.mp4"
    media.ffmpeg("-f", "lavfi", "-i", f"{STILL}:r=1:d=2", *media.FAST, path)
    assert (probe(path).width, probe(path).duration) == (320, 2.0)
