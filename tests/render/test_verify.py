"""A clip that differs from the expected output is refused, and the error names the difference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from media import Media, ffmpeg
from result import PRESET, plan_of

from btsclip.errors import RenderError
from btsclip.render import RenderedClip, render
from btsclip.render.verify import ExpectedOutput, verify

EXPECTED = ExpectedOutput(PRESET.output, PRESET.sound, 30, level_set=True)


@pytest.fixture(scope="module")
def good(media: Media, tmp_path_factory: pytest.TempPathFactory) -> RenderedClip:
    plan = plan_of(media("one_second.mp4"), evidence={"hands": 2.0}, why="two hands at work")
    return render(plan, PRESET, tmp_path_factory.mktemp("good"))[0]


def test_good_clip_passes(good: RenderedClip) -> None:
    assert verify(good.path, EXPECTED).loudness == pytest.approx(-14, abs=0.5)


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (["-vf", "scale=108:192", "-c:a", "copy"], "size is 108x192"),
        (["-pix_fmt", "yuv422p", "-c:a", "copy"], "pixels are yuv422p"),
        (["-an", "-c:v", "copy"], "picture or sound is missing"),
        (["-r", "25", "-c:a", "copy"], "frames instead of 30"),
        (["-c:v", "copy", "-af", "volume=-9dB"], "loudness is -2"),
        (["-c:v", "copy", "-af", "atrim=end=0.7"], "end 0.[23]"),
        (["-c:v", "copy", "-ac", "1"], "1 channels"),
        (["-vf", "setpts=PTS+gte(N\\,15)*0.02/TB", "-fps_mode", "vfr", "-c:a", "copy"], "evenly"),
    ],
)
def test_difference_is_named(
    damage: list[str], complaint: str, good: RenderedClip, tmp_path: Path
) -> None:
    damaged = tmp_path / "clip.mp4"
    ffmpeg("-i", good.path, *damage, damaged)
    with pytest.raises(RenderError, match=complaint):
        verify(damaged, EXPECTED)


def test_damaged_clip_is_refused(good: RenderedClip, tmp_path: Path) -> None:
    data = bytearray(good.path.read_bytes())
    start = data.index(b"mdat") + 2000
    data[start : start + 3000] = bytes(3000)
    damaged = tmp_path / "clip.mp4"
    damaged.write_bytes(data)
    with pytest.raises(RenderError):
        verify(damaged, EXPECTED)


def test_sidecar_has_source_and_reasons(good: RenderedClip) -> None:
    record = json.loads(good.sidecar.read_text("utf-8"))
    assert record["version"] == 1
    assert record["clip"] == "clip-1.mp4"
    assert record["cover"] == "clip-1.jpg"
    assert record["why"] == "two hands at work"
    assert record["evidence"] == {"hands": 2.0}
    assert record["crop"] == [[0.0, 0.5, 0.5, pytest.approx(9 / 16 * 9 / 16), 1.0]]
    (span,) = record["spans"]
    assert record["then"] == [] and span["source"] == record["source"]["path"]
    for key in ("start", "end", "layout", "framing", "crop", "speeds", "blur"):
        assert span[key] == record[key]
    assert record["output"]["width"] == 216
    assert record["output"]["loudness"] == pytest.approx(-14, abs=0.5)
    assert set(record["source"]) >= {"path", "size", "duration", "created"}
