"""ffmpeg's arguments: no text of the user in the graph, and the options of each encoder."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from media import Media
from plans import with_first
from result import PRESET, plan_of

from btsclip.errors import ToolError
from btsclip.media.probing import probe
from btsclip.presets.schema import Output
from btsclip.render import encoders, graph
from btsclip.render.timeline import frame_count


def test_user_text_stays_out_of_the_graph(media: Media, tmp_path: Path) -> None:
    source = media.copy("one_second.mp4", tmp_path / "a'b;[c],d.mp4")
    clip = plan_of(source, title="x';[0]movie=/etc/passwd").clips[0]
    arguments = graph.clip_arguments({str(source): probe(source)}, clip, PRESET, "libx264", None)
    drawn = arguments[arguments.index("-filter_complex") + 1]
    assert "a'b" not in drawn and "movie" not in drawn
    assert f"title={clip.title}" in arguments
    assert arguments[arguments.index("-protocol_whitelist") + 1] == "file,pipe"


def test_frames_are_counted_at_the_output_rate(media: Media) -> None:
    clip = plan_of(media("plain.mp4"), start=0.1, end=2.117).clips[0]
    assert frame_count(clip, Output(fps=30)) == 61
    assert frame_count(with_first(clip, end=0.101), Output()) == 1


def test_recording_time_is_moved_to_the_clips_start() -> None:
    created = datetime(2026, 5, 3, 12, tzinfo=timezone(timedelta(hours=2)))
    assert graph.recorded_at(created, 61.5) == "2026-05-03T10:01:01.500Z"


def test_software_encoder_always_works() -> None:
    assert encoders.is_usable("libx264")
    assert encoders.choose_encoder("libx264") == "libx264"
    assert encoders.is_usable(encoders.choose_encoder("auto"))


@pytest.mark.parametrize("encoder", encoders.HARDWARE)
def test_hardware_is_used_only_when_it_works(encoder: str) -> None:
    if encoders.is_usable(encoder):
        assert encoders.choose_encoder(encoder) == encoder
    else:
        with pytest.raises(ToolError, match="does not work on this machine"):
            encoders.choose_encoder(encoder)


def test_each_encoder_has_its_own_quality_option() -> None:
    output = Output(crf=19, maxrate="12M", fps=30)
    for encoder, key in {
        "libx264": "crf",
        "h264_nvenc": "cq",
        "h264_videotoolbox": "q:v",
        "h264_qsv": "global_quality",
    }.items():
        options = encoders.arguments(encoder, output)
        assert key in options
        assert (options["g"], options["bufsize"]) == ("60", "24M")
