from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import media
import pytest
from hypothesis import given, strategies as st
from media import Media

from btsclip.errors import FootageError
from btsclip.media.footage import Footage
from btsclip.media.probing import probe
from btsclip.takes import discover as module
from btsclip.takes.chapter_files import group_chapters
from btsclip.takes.discover import find_takes

NOON = datetime(2026, 5, 3, 12, tzinfo=timezone.utc)


def filmed(path: Path, after: float, flash: float = 1.0) -> None:
    """A short take filmed `after` seconds after noon."""
    when = (NOON + timedelta(seconds=after)).strftime("%Y-%m-%dT%H:%M:%SZ")
    path.parent.mkdir(parents=True, exist_ok=True)
    media.take(path, seconds=1.5, flash=flash, extra=("-metadata", f"creation_time={when}"))


@pytest.fixture(scope="module")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shoot")
    filmed(folder / "b.mp4", 0)
    filmed(folder / "day 2" / "a.mp4", 60, 0.5)
    filmed(folder / "a.mp4", 90, 0.7)
    shutil.copyfile(folder / "a.mp4", folder / "copy of a.mp4")
    filmed(folder / "c.mp4", 30, 0.3)
    (folder / "c.mp4").rename(folder / "no suffix")
    (folder / "notes.txt").write_text("salt")
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 40)
    (folder / "broken.mov").write_text("not a video at all")
    (folder / "b.THM").write_bytes((folder / "b.mp4").read_bytes())
    (folder / ".trash").mkdir()
    shutil.copyfile(folder / "b.mp4", folder / ".trash" / "b.mp4")
    results = folder / "btsclip"
    (results / ".btsclip").mkdir(parents=True)
    filmed(results / "b-01.mp4", 0, 0.2)
    filmed(folder / "cut before" / "b-01.mp4", 0, 0.3)
    (folder / "cut before" / "b-01.json").write_text(json.dumps({"generator": "btsclip 0.1.0"}))
    (folder / "gone.mp4").symlink_to(folder / "nowhere.mp4")
    return folder


def test_takes_are_found_by_content_in_the_order_of_filming(shoot: Path) -> None:
    found = find_takes(shoot, shoot / "btsclip")
    names = [take.footage.path.relative_to(shoot).as_posix() for take in found.takes]
    assert names == ["b.mp4", "no suffix", "day 2/a.mp4", "a.mp4"]
    assert len({take.name for take in found.takes}) == 4
    assert [take.name for take in found.takes][2] == "day-2-a"


def test_left_out_files_are_reported_and_broken_videos_fail(shoot: Path) -> None:
    found = find_takes(shoot, shoot / "btsclip")
    why = {each.path.relative_to(shoot).as_posix(): each for each in found.left_out}
    assert why["copy of a.mp4"].why == "the same as a.mp4"
    assert why["cut before/b-01.mp4"].why == "made by btsclip"
    assert why["gone.mp4"].why == "a broken link"
    assert why["noise.bin"].why == "not a video" and not why["noise.bin"].failed
    assert [name for name, each in why.items() if each.failed] == ["broken.mov"]
    assert not any(name.startswith(("btsclip/", ".trash/")) for name in why)


@pytest.mark.parametrize("name", ["missing", "file.mp4"])
def test_shoot_must_be_a_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "file.mp4").touch()
    with pytest.raises(FootageError, match="folder"):
        find_takes(tmp_path / name, tmp_path / "out")


@pytest.fixture(scope="module")
def plain(media: Media) -> Footage:
    return probe(media("plain.mp4"))


def at(footage: Footage, name: str, begun: float = 0.0, size: int = 4_000_000_000) -> Footage:
    """The same take under another name, `begun` seconds after noon and 600 s long."""
    when = NOON + timedelta(seconds=begun)
    return replace(footage, path=Path("/card") / name, created=when, duration=600.0, size=size)


def test_gopro_chapters_are_one_take_in_any_order(plain: Footage) -> None:
    names = ["GX010012.MP4", "GX020011.MP4", "GX010011.MP4", "GOPR0013.MP4", "GP010013.MP4"]
    groups = group_chapters([at(plain, name) for name in names])
    assert sorted([[f.path.name for f in group] for group in groups]) == [
        ["GOPR0013.MP4", "GP010013.MP4"],
        ["GX010011.MP4", "GX020011.MP4"],
        ["GX010012.MP4"],
    ]


@pytest.mark.parametrize(
    ("second", "begun", "size", "joined"),
    [
        ("DJI_0008.MP4", 600.0, 4_000_000_000, True),
        ("DJI_0008.MP4", 640.0, 4_000_000_000, False),  # began later
        ("DJI_0009.MP4", 600.0, 4_000_000_000, False),  # another number
        ("DJI_0008.MP4", 600.0, 90_000_000, False),  # the first file was ended by hand
    ],
)
def test_numbered_files_without_a_gap_are_one_take(
    second: str, begun: float, size: int, joined: bool, plain: Footage
) -> None:
    first = at(plain, "DJI_0007.MP4", 0.0, size)
    groups = group_chapters([first, at(plain, second, begun)])
    assert len(groups) == (1 if joined else 2)


@given(st.lists(st.sampled_from(["a", "A", "ä", "a/b", "x y", "夜"]), min_size=1, max_size=8))
def test_names_are_unique_and_safe_for_files(stems: list[str]) -> None:
    shoot = Path("/shoot")
    takes = [_Named(shoot / f"{i}" / f"{stem}.mp4") for i, stem in enumerate(stems)]
    names = [take.name for take in module._name_takes(takes, shoot, lambda path: None)]  # type: ignore[arg-type]
    assert len(set(names)) == len(stems)
    assert all(name.isascii() and name.strip("-") == name and name for name in names)


class _Named:
    """The part of a Footage that naming needs."""

    def __init__(self, path: Path) -> None:
        self.path = path
