"""When a file counts as complete, with a fake clock."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from media import Media

from btsclip.batch.arrivals import MAX_WAIT_FOR_ORIGINAL, Arrivals, relevant_changes
from btsclip.takes import chapter_files

REST = 5.0


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def arrivals(tmp_path: Path, clock: Clock) -> Arrivals:
    return Arrivals(tmp_path, tmp_path / "btsclip", REST, clock)


def complete_after(arrivals: Arrivals, clock: Clock, seconds: float) -> set[str]:
    """The names of the complete files after a look `seconds` later."""
    clock.now += seconds
    arrivals.look()
    return {path.name for path in arrivals.complete}


def test_file_is_complete_after_the_rest_time(
    arrivals: Arrivals, clock: Clock, tmp_path: Path, media: Media
) -> None:
    data = media("plain.mp4").read_bytes()
    path = tmp_path / "a.mp4"
    path.write_bytes(data[:1000])
    assert arrivals.look() and not arrivals.look()
    assert not complete_after(arrivals, clock, REST - 1)
    with path.open("ab") as file:
        file.write(data[1000:])
    assert not complete_after(arrivals, clock, 2) and not complete_after(arrivals, clock, REST - 1)
    assert arrivals.arriving == [path]
    assert complete_after(arrivals, clock, 1) == {"a.mp4"} and not arrivals.arriving


def test_stalled_copy_is_incomplete_until_it_continues(
    arrivals: Arrivals, clock: Clock, tmp_path: Path, media: Media
) -> None:
    data = media("plain.mp4").read_bytes()
    path = tmp_path / "a.mp4"
    path.write_bytes(data[: len(data) // 2])
    arrivals.look()
    assert not complete_after(arrivals, clock, 60) and path in arrivals.incomplete
    assert path in arrivals.settled
    path.write_bytes(data)
    assert not complete_after(arrivals, clock, 1)
    assert complete_after(arrivals, clock, REST) == {"a.mp4"} and not arrivals.incomplete


def test_preallocated_file_is_not_complete(
    arrivals: Arrivals, clock: Clock, tmp_path: Path, media: Media
) -> None:
    """Some programs reserve the space of a copy first, so that only its content is incomplete."""
    data = media("plain.mp4").read_bytes()
    path = tmp_path / "a.mp4"
    path.write_bytes(bytes(len(data)))
    arrivals.look()
    assert not complete_after(arrivals, clock, 60)
    path.write_bytes(data)
    os.utime(path, ns=(1, 1))
    complete_after(arrivals, clock, 0)
    assert complete_after(arrivals, clock, REST) == {"a.mp4"}


def test_chapters_wait_for_each_other(
    arrivals: Arrivals, clock: Clock, tmp_path: Path, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chapter_files, "MIN_FULL_CHAPTER_BYTES", 1000)
    for name in ("GX010042.MP4", "GX010043.MP4", "DJI_0007.MP4"):
        (tmp_path / name).write_bytes(media("plain.mp4").read_bytes())
    arrivals.look()
    clock.now += REST - 1
    for name in ("GX020042.MP4", "DJI_0008.MP4"):
        (tmp_path / name).write_bytes(media("plain.mp4").read_bytes())
    arrivals.look()
    assert complete_after(arrivals, clock, 1) == {"GX010043.MP4"}
    assert len(complete_after(arrivals, clock, REST)) == 5


def test_small_copy_waits_for_its_original(
    arrivals: Arrivals, clock: Clock, tmp_path: Path, media: Media
) -> None:
    """Cards are copied by name, so GL comes before GX, which takes longer."""
    data = media("plain.mp4").read_bytes()
    (tmp_path / "GL010042.LRV").write_bytes(data)
    arrivals.look()
    assert not complete_after(arrivals, clock, REST + 1) and not arrivals.arriving
    (tmp_path / "GX010042.MP4").write_bytes(data[:1000])
    arrivals.look()
    assert not complete_after(arrivals, clock, 10 * MAX_WAIT_FOR_ORIGINAL)
    (tmp_path / "GX010042.MP4").write_bytes(data)
    arrivals.look()
    assert complete_after(arrivals, clock, REST) == {"GL010042.LRV", "GX010042.MP4"}
    assert arrivals.copies == {tmp_path / "GL010042.LRV"}


def test_small_copy_without_original_is_used_after_a_while(
    arrivals: Arrivals, clock: Clock, tmp_path: Path, media: Media
) -> None:
    media.copy("plain.mp4", tmp_path / "GL010042.LRV")
    media.copy("plain.mp4", tmp_path / "IMG_E0042.MOV")
    arrivals.look()
    assert not complete_after(arrivals, clock, MAX_WAIT_FOR_ORIGINAL - 1)
    media.copy("plain.mp4", tmp_path / "GX010041.MP4")
    arrivals.look()
    assert not complete_after(arrivals, clock, 2)
    assert complete_after(arrivals, clock, REST) == {
        "GL010042.LRV",
        "IMG_E0042.MOV",
        "GX010041.MP4",
    }


def test_camera_raw_is_complete_after_the_rest_time(
    arrivals: Arrivals, clock: Clock, tmp_path: Path, media: Media
) -> None:
    """Waiting for more of the file would not help."""
    (tmp_path / "A001_C001.braw").write_bytes(b"raw")
    media.copy("plain.mp4", tmp_path / "VID_0001.insv")
    arrivals.look()
    assert complete_after(arrivals, clock, REST) == {"A001_C001.braw", "VID_0001.insv"}
    assert not arrivals.incomplete


def test_only_videos_and_notes_are_relevant_changes(tmp_path: Path) -> None:
    names = ["a.mp4", "a.mp4.part", "a.THM", "shoot.toml", "look.toml", "no suffix"]
    relevant = relevant_changes(tmp_path / name for name in names)
    assert [path.name for path in relevant] == ["a.mp4", "shoot.toml", "no suffix"]


def test_results_and_hidden_files_are_ignored(arrivals: Arrivals, clock: Clock) -> None:
    for name in ("btsclip/a.mp4", ".a.mp4.x7Gh"):
        path = arrivals.shoot / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    assert not arrivals.look() and not complete_after(arrivals, clock, REST)
