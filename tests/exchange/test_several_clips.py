"""Several clips in one file, and joined on one timeline."""

from __future__ import annotations

from pathlib import Path

import opentimelineio as otio
import pytest
from exported import plan, span, take

from btsclip.exchange.documents import SUFFIXES
from btsclip.exchange.export import export_plan
from btsclip.exchange.formats import FileFormat


@pytest.mark.parametrize("file_format", ["otio", "otioz"])
def test_one_file_of_otio_holds_a_timeline_of_each_clip(
    file_format: FileFormat, shoot: Path, tmp_path: Path
) -> None:
    (file,) = export_plan(shoot, file_format, tmp_path / f"all.{file_format}").files
    whole = otio.adapters.read_from_file(str(file))
    assert isinstance(whole, otio.schema.SerializableCollection) and whole.name == "plan"
    assert [timeline.name for timeline in whole] == ["clip-1", "clip-2"]
    assert [len(list(timeline.find_clips())) for timeline in whole] == [2, 2]


@pytest.mark.parametrize("file_format", SUFFIXES)
def test_joined_clips_are_one_timeline(
    file_format: FileFormat, shoot: Path, tmp_path: Path
) -> None:
    done = export_plan(shoot, file_format, tmp_path, joined=True)
    assert [path.name for path in tmp_path.iterdir()] == ["plan" + SUFFIXES[file_format]]
    assert [clip.id for clip in done.clips] == ["clip-1", "clip-2"]
    if file_format == "otio":
        timeline = otio.adapters.read_from_file(str(done.files[0]))
        places = [
            (clip.range_in_parent().start_time.value, clip.range_in_parent().duration.value)
            for clip in timeline.find_clips()
        ]
        assert places == [(0, 45), (45, 30)] * 2, "picture and sound"
        assert [m.marked_range.start_time.value for m in timeline.tracks.markers] == [0, 45]


def test_joined_clips_of_different_takes_have_the_rate_that_is_seen_longest(
    tmp_path: Path,
) -> None:
    takes = take(tmp_path, "a.mp4", "25", seconds=2), take(tmp_path, "b.mp4", "30", seconds=2)
    path = plan(tmp_path / "p.json", [span("a.mp4", 0, 1), span("b.mp4", 0, 1.6)], *takes)
    timeline = otio.adapters.read_from_file(str(export_plan(path, "otio", joined=True).files[0]))
    clips = list(timeline.video_tracks()[0].find_clips())
    assert [clip.range_in_parent().duration.rate for clip in clips] == [25, 30]
    assert timeline.duration().to_seconds() == pytest.approx(2.6, abs=1 / 30)
    assert timeline.global_start_time.rate == 30
