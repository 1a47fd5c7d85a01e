"""Damaged takes: all that can be read is used, and what can't be read is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import media
import numpy as np
import pytest

from btsclip.errors import FootageError
from btsclip.media.chapters import join_chapters
from btsclip.media.damage import find_damage
from btsclip.media.frames import read_every_frame
from btsclip.media.glances import read_glances
from btsclip.media.probing import probe

SECONDS = 6.0
CONTAINERS = ("mp4", "mkv", "ts")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The same take in several containers, with a keyframe every half second."""
    folder = tmp_path_factory.mktemp("whole")
    plain = folder / "take.mp4"
    media.take(
        plain, size=(160, 90), seconds=SECONDS, extra=("-g", "15", "-movflags", "+faststart")
    )
    for name in CONTAINERS[1:]:
        media.ffmpeg("-i", plain, "-c", "copy", folder / f"take.{name}")
    return lambda container: folder / f"take.{container}"


def harmed(path: Path, target: Path, harm: Callable[[bytearray], None]) -> Path:
    data = bytearray(path.read_bytes())
    harm(data)
    target.write_bytes(data)
    return target


def clear_middle(data: bytearray) -> None:
    """A part of a card that can't be read any more, as a copy of it holds zeros."""
    begin, end = int(0.4 * len(data)), int(0.5 * len(data))
    data[begin:end] = bytes(end - begin)


def flip_bytes(data: bytearray) -> None:
    chance = np.random.default_rng(3)
    for place in chance.integers(int(0.4 * len(data)), int(0.5 * len(data)), 30):
        data[place] ^= int(chance.integers(1, 256))


def pictures(path: Path) -> dict[float, np.ndarray]:
    footage = probe(path)
    frames = read_every_frame(footage, (0.0, footage.duration))
    return {round(frame.time, 2): frame.image for frame in frames}


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(("harm", "min_share"), [(clear_middle, 1.0), (flip_bytes, 0.9)])
def test_pictures_outside_the_damage_are_as_they_were(
    harm: Callable[[bytearray], None],
    min_share: float,
    container: str,
    whole: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    """A decoder does not notice every flipped byte, but it notices zeros."""
    path = harmed(whole(container), tmp_path / f"harmed.{container}", harm)
    footage = probe(path)
    damage = find_damage(footage, (0.0, footage.duration))
    assert damage and sum(end - start for start, end in damage) < SECONDS / 2
    before, now = pictures(whole(container)), pictures(path)
    outside = [
        time for time in before
        if not any(start - 0.01 <= time < end - 0.01 for start, end in damage)
    ]  # fmt: skip
    same = [time for time in outside if np.array_equal(now[time], before[time])]
    assert len(same) >= min_share * len(outside)
    # Part of a damage is found as well as all of it.
    start, end = damage[0]
    assert find_damage(footage, (max(0.0, start - 0.7), end))[0] == pytest.approx((start, end))


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_whole_take_has_no_damage(container: str, whole: Callable[[str], Path]) -> None:
    footage = probe(whole(container))
    assert find_damage(footage, (0.0, footage.duration)) == [] == list(footage.lost)


def test_pictures_that_stand_still_are_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    media.variable_rate(path)
    footage = probe(path)
    assert footage.vfr and find_damage(footage, (0.0, footage.duration)) == []


def test_damage_at_the_start_is_lost(whole: Callable[[str], Path], tmp_path: Path) -> None:
    def clear_start(data: bytearray) -> None:
        begin = data.find(b"mdat") + 4
        data[begin : begin + 8_000] = bytes(8_000)

    path = harmed(whole("mp4"), tmp_path / "harmed.mp4", clear_start)
    first = probe(path).first_picture
    assert 0.4 < first < 2.0 and probe(path).lost == ((0.0, first),)
    before, now = pictures(whole("mp4")), pictures(path)
    late = [time for time in before if time > first - 0.01]
    assert late and all(np.array_equal(now[time], before[time]) for time in late)


def test_a_take_of_damage_only_is_refused(whole: Callable[[str], Path], tmp_path: Path) -> None:
    def clear_all(data: bytearray) -> None:
        begin = data.find(b"mdat") + 4
        data[begin:] = bytes(len(data) - begin)

    with pytest.raises(FootageError, match="decoded"):
        probe(harmed(whole("mp4"), tmp_path / "harmed.mp4", clear_all))


def test_the_missing_end_of_a_file_is_lost(whole: Callable[[str], Path], tmp_path: Path) -> None:
    path = tmp_path / "short.mp4"
    data = whole("mp4").read_bytes()
    path.write_bytes(data[: int(0.6 * len(data))])
    footage = probe(path)
    assert footage.lost == (pytest.approx((footage.duration, SECONDS), abs=0.05),)
    assert 0.4 * SECONDS < footage.duration < 0.8 * SECONDS
    before, now = pictures(whole("mp4")), pictures(path)
    times = [time for time in before if time < footage.duration - 0.01]
    assert times and all(np.array_equal(now[time], before[time]) for time in times)
    assert footage.keyframe_interval == pytest.approx(probe(whole("mp4")).keyframe_interval, 0.2)
    joined = join_chapters([probe(whole("mp4")), footage])
    assert joined.lost == (pytest.approx((SECONDS + footage.duration, 2 * SECONDS), abs=0.05),)


def test_the_file_after_one_that_was_cut_short_keeps_its_time(
    whole: Callable[[str], Path], tmp_path: Path
) -> None:
    path = tmp_path / "short.mp4"
    data = whole("mp4").read_bytes()
    path.write_bytes(data[: int(0.6 * len(data))])
    joined = join_chapters([probe(path), probe(whole("mp4"))])
    assert joined.duration == pytest.approx(2 * SECONDS, abs=0.05)
    assert joined.lost == probe(path).lost
    first = next(read_every_frame(joined, (SECONDS + media.FLASH - 0.01, joined.duration)))
    assert first.time == pytest.approx(SECONDS + media.FLASH) and first.small.min() > 200
    assert find_damage(joined, (0.0, joined.duration)) == [pytest.approx(*joined.lost, abs=0.05)]


def test_the_missing_end_of_a_matroska_file_is_lost(
    whole: Callable[[str], Path], tmp_path: Path
) -> None:
    """Its index is at the end, so it is gone, too; only the header tells how long it was."""
    path, longer = tmp_path / "short.mkv", tmp_path / "longer.mkv"
    data = whole("mkv").read_bytes()
    path.write_bytes(data[: int(0.6 * len(data))])
    footage = probe(path)
    assert footage.lost == (pytest.approx((footage.duration, SECONDS), abs=0.1),)
    assert 0.4 * SECONDS < footage.duration < 0.8 * SECONDS
    media.take(longer, size=(160, 90), seconds=2.0, sound_seconds=5.0)
    assert probe(longer).lost == ()


def test_hardly_anything_left_of_a_file(whole: Callable[[str], Path], tmp_path: Path) -> None:
    path = tmp_path / "short.mp4"
    data = whole("mp4").read_bytes()
    path.write_bytes(data[: data.find(b"mdat") + 2_000])
    with pytest.raises(FootageError, match=r"is cut short: it has [\d,]+ of at least [\d,]+ bytes"):
        probe(path)


def test_a_recording_without_its_index(tmp_path: Path) -> None:
    plain, path = tmp_path / "plain.mp4", tmp_path / "short.mp4"
    media.take(plain, size=(160, 90), seconds=1.0)
    path.write_bytes(plain.read_bytes()[:-3_000])
    with pytest.raises(FootageError, match="was never finished: the index at its end is missing"):
        probe(path)


def test_a_fault_that_never_ends_is_met_once(whole: Callable[[str], Path], tmp_path: Path) -> None:
    """libav meets a picture of an impossible size again and again, and never goes on after it."""
    data = bytearray(whole("mp4").read_bytes())
    sizes = data.find(b"stsz") + 16
    data[sizes + 4 * 90 : sizes + 4 * 91] = b"\x7f\xff\xff\xf0"
    path = tmp_path / "take.mp4"
    path.write_bytes(data)
    footage = probe(path)
    assert 2.0 < max(frame.time for frame, _ in read_glances(footage)) < 3.0
    ((start, end),) = find_damage(footage, (0.0, footage.duration))
    assert 2.5 < start <= 3.0 and end == pytest.approx(SECONDS, abs=0.05)
