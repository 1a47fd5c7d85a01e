"""The probed facts of odd footage, and one-line errors for other files."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest
from media import BAD, Media, take

from btsclip.errors import FootageError
from btsclip.media.probing import probe


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_rotation_is_undone(degrees: int, media: Media) -> None:
    facts = probe(media(f"rotated_{degrees}.mp4"))
    assert (facts.rotation, facts.width, facts.height) == (degrees, 640, 360)


@pytest.mark.parametrize("name", ["starts_late.mkv", "starts_late.ts"])
def test_duration_does_not_count_a_late_start(name: str, media: Media) -> None:
    assert probe(media(name)).duration == pytest.approx(2.5, abs=0.06)


@pytest.mark.parametrize("kind", ["mp4", "mkv", "ts"])
def test_first_picture_may_be_later_than_the_sound(kind: str, media: Media) -> None:
    facts = probe(media(f"pictures_late.{kind}"))
    assert facts.first_picture == pytest.approx(1.0, abs=0.06)
    assert facts.duration == pytest.approx(3.0, abs=0.06)
    assert probe(media("sound_late.ts")).first_sound == pytest.approx(0.6, abs=0.06)


@pytest.mark.parametrize("kind", ["mp4", "mkv"])
def test_take_ends_with_its_last_picture(kind: str, media: Media) -> None:
    assert probe(media(f"sound_longer.{kind}")).duration == pytest.approx(2.5, abs=0.06)


@pytest.mark.parametrize(("name", "hdr"), [("hlg.mp4", "hlg"), ("pq.mp4", "pq")])
def test_hdr_is_named(name: str, hdr: str, media: Media) -> None:
    facts = probe(media(name))
    assert (facts.hdr, facts.bit_depth, facts.matrix) == (hdr, 10, 9)


def test_variable_rate_square_pixels_and_missing_tags(media: Media) -> None:
    assert probe(media("vfr.mp4")).vfr
    assert not probe(media("plain.mp4")).vfr
    facts = probe(media("anamorphic.mp4"))
    assert (facts.width, facts.height, facts.coded_width) == (640, 360, 320)
    assert probe(media("untagged_sd.mp4")).matrix == 2


@pytest.mark.parametrize("name", BAD)
def test_files_other_than_footage_are_errors(name: str, media: Media) -> None:
    with pytest.raises(FootageError, match=name) as caught:
        probe(media(name))
    assert "\n" not in str(caught.value)


def tagged_take(path: Path, **tags: str) -> Path:
    """A short take with these tags."""
    stamps = [part for key, value in tags.items() for part in ("-metadata", f"{key}={value}")]
    take(path, seconds=2.0, extra=(*stamps, "-movflags", "use_metadata_tags"))
    return path


def test_recording_time_and_its_reliability(tmp_path: Path) -> None:
    noon, zoned_tag = "2026-05-03T10:00:00Z", "com.apple.quicktime.creationdate"
    plain = probe(tagged_take(tmp_path / "plain.mov", creation_time=noon))
    zoned = probe(
        tagged_take(
            tmp_path / "zoned.mov", **{"creation_time": noon, zoned_tag: "2026-05-03T12:00:00+0200"}
        )
    )
    assert plain.created == zoned.created == datetime(2026, 5, 3, 10, tzinfo=timezone.utc)
    assert (plain.clock, zoned.clock) == ("plain", "zoned")
    edited = tagged_take(
        tmp_path / "edited.mov", **{"creation_time": noon, zoned_tag: "2025-12-24T18:00:00+0100"}
    )
    assert probe(edited).clock == "doubtful"


def test_android_records_the_end_of_a_recording(tmp_path: Path) -> None:
    tags = {"creation_time": "2026-05-03T10:00:00Z", "com.android.version": "14"}
    footage = probe(tagged_take(tmp_path / "android.mp4", **tags))
    began = datetime(2026, 5, 3, 9, 59, 58, tzinfo=timezone.utc)
    assert footage.created is not None
    assert abs((footage.created - began).total_seconds()) < 0.2


@pytest.mark.parametrize(
    ("name", "rate", "timecode"),
    [
        ("a.mp4", "30000/1001", "01:02:03;04"), ("a.mov", "25", "10:11:12:13"),
        ("a.mxf", "25", "10:11:12:13"), ("a.mkv", "30", "00:00:00:01"),
    ],
)  # fmt: skip
def test_timecode_of_the_camera_is_read(
    name: str, rate: str, timecode: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    codec = ("-c:v", "mpeg2video", "-c:a", "pcm_s16le") if name.endswith("mxf") else ()
    take(path, rate=rate, seconds=1, extra=("-timecode", timecode, *codec))
    assert probe(path).timecode == timecode


def test_take_without_timecode_has_an_empty_one(media: Media) -> None:
    assert probe(media("plain.mp4")).timecode == ""
