"""Copies in another size or quality are found, and two moments are never taken for one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import media
import pytest
from small_shoot import part

from btsclip.media.footage import Footage
from btsclip.media.probing import probe
from btsclip.planning.clips import make_plan
from btsclip.planning.request import ClipRequest
from btsclip.presets.load import load_preset
from btsclip.takes.same_moment import distinct_moments

NOON, LATER = "2026-05-03T12:00:00Z", "2026-05-03T12:10:00Z"
SMALL = ("-vf", "scale=320:180", "-crf", "34", "-b:a", "48k", "-ac", "1")


def filmed(
    path: Path,
    *,
    created: str = NOON,
    picture: int = 1,
    sound: int | None = 1,
    options: tuple[str, ...] = (),
) -> Path:
    """Two seconds of noise and a moving `picture`; at 0 it does not move."""
    path.parent.mkdir(parents=True, exist_ok=True)
    moving = f"life=s=64x36:seed={picture}:ratio=0.4:mold=9:rate=30,scale=640:360:flags=neighbor"
    inputs = ["-f", "lavfi", "-t", "2", "-i", moving if picture else "smptebars=s=640x360:r=30"]
    if sound is not None:
        noise = f"anoisesrc=d=2:seed={sound}:a=0.2:c=pink"
        inputs += ["-f", "lavfi", "-i", noise, "-c:a", "aac"]
    media.ffmpeg(*inputs, *media.FAST, "-metadata", f"creation_time={created}", *options, path)
    return path


def small_copy(source: Path, target: Path, *options: str, created: str = NOON) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    media.ffmpeg(
        "-i", source, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", *SMALL,
        "-metadata", f"creation_time={created}", *options, target,
    )  # fmt: skip
    return target


def kept_and_left_out(*paths: Path) -> tuple[list[str], dict[str, str]]:
    """Names of the kept takes, and the reason for each file that is left out."""
    footages: list[Footage] = [probe(path) for path in paths]
    found = distinct_moments(footages)
    left_out = {each.path.name: each.why for each in found.left_out}
    assert len(found.kept) + len(left_out) == len(paths)
    return [footage.path.name for footage in found.kept], left_out


@pytest.mark.slow
def test_renamed_copy_is_found_by_pictures_and_sounds(tmp_path: Path) -> None:
    take = filmed(tmp_path / "C0001.MP4")
    other = filmed(tmp_path / "C0002.MP4", created=LATER, picture=2, sound=2)
    small = small_copy(take, tmp_path / "for mum.mp4")
    lost_clock = small_copy(take, tmp_path / "sent" / "C0001 small.mov", created=LATER)
    kept, left_out = kept_and_left_out(small, take, lost_clock, other)
    assert kept == ["C0001.MP4", "C0002.MP4"]
    assert left_out == {
        "for mum.mp4": "the same moment as C0001.MP4",
        "C0001 small.mov": "the same moment as C0001.MP4",
    }


def test_two_cameras_started_together_are_two_takes(tmp_path: Path) -> None:
    """The same sound, length, clock and name, from another angle."""
    front = filmed(tmp_path / "A" / "C0001.MP4")
    side = small_copy(front, tmp_path / "B" / "C0001.MP4", "-vf", "hflip,scale=320:180")
    assert kept_and_left_out(front, side)[1] == {}


def test_two_takes_of_a_still_scene_are_two(tmp_path: Path) -> None:
    """The same picture, length, clock and name, but not the same sounds."""
    first = filmed(tmp_path / "monday" / "oven.mp4", picture=0)
    second = filmed(tmp_path / "tuesday" / "oven.mp4", picture=0, sound=2, options=("-crf", "30"))
    assert kept_and_left_out(first, second)[1] == {}


@pytest.mark.parametrize(
    ("name", "created", "same"),
    [
        ("oven small.mp4", NOON, True),
        ("oven small.mp4", LATER, False),  # It may be a later take.
        ("oven2.mp4", LATER, False),
        ("oven_0002.mp4", NOON, False),  # Parts of one take may have the same clock.
    ],
)
def test_silent_still_scenes_are_compared_by_clock(
    name: str, created: str, same: bool, tmp_path: Path
) -> None:
    first = filmed(tmp_path / ("oven_0001.mp4" if "_" in name else "oven.mp4"), picture=0,
                   sound=None)  # fmt: skip
    second = filmed(tmp_path / name, picture=0, sound=None, created=created,
                    options=("-crf", "30"))  # fmt: skip
    assert bool(kept_and_left_out(first, second)[1]) is same


def test_same_content_is_taken_once_and_the_larger_picture_is_kept(tmp_path: Path) -> None:
    take = filmed(tmp_path / "b.mp4")
    shutil.copyfile(take, tmp_path / "b (1).mp4")
    small = small_copy(take, tmp_path / "a small b.mp4")
    kept, left_out = kept_and_left_out(tmp_path / "b (1).mp4", small, take)
    assert kept == ["b.mp4"]
    assert left_out == {
        "b (1).mp4": "the same as b.mp4", "a small b.mp4": "the same moment as b.mp4",
    }  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="POSIX links")
def test_links_are_the_same_file(tmp_path: Path) -> None:
    take = filmed(tmp_path / "a.mp4")
    (tmp_path / "hard.mp4").hardlink_to(take)
    (tmp_path / "soft.mp4").symlink_to(take)
    kept, left_out = kept_and_left_out(take, tmp_path / "hard.mp4", tmp_path / "soft.mp4")
    assert kept == ["a.mp4"] and set(left_out.values()) == {"the same as a.mp4"}


@pytest.mark.slow
def test_named_copies_are_cut_with_a_warning(tmp_path: Path) -> None:
    take = part(tmp_path / "chop.mp4", 14, 19)
    small = tmp_path / "chop_proxy.mp4"
    media.ffmpeg("-i", take, "-vf", "scale=320:-2", *media.FAST, "-c:a", "copy", small)
    plan = make_plan(
        [take, small], load_preset("honest-kitchen"), "honest-kitchen", ClipRequest(count=2)
    )
    assert {Path(source.path).name for source in plan.sources} == {take.name, small.name}
    (warning,) = [text for text in plan.clips[0].warnings if "moment" in text]
    assert warning == (
        "chop_proxy.mp4 is a small copy of chop.mp4: the same moment may be in two clips"
    )


def test_copy_of_another_length_is_a_take(tmp_path: Path) -> None:
    take = filmed(tmp_path / "C0001.MP4")
    trimmed = small_copy(take, tmp_path / "C0001_short.mp4", "-t", "1.5")
    assert kept_and_left_out(take, trimmed)[1] == {}


def test_file_that_cannot_be_compared_is_kept(tmp_path: Path) -> None:
    """A damaged or deleted file may show something new."""
    take = filmed(tmp_path / "C0001.MP4")
    gone = small_copy(take, tmp_path / "C0001 small.MP4")
    footages = [probe(take), probe(gone)]
    gone.unlink()
    assert distinct_moments(footages).left_out == []
