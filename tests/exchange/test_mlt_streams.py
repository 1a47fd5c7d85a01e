"""MLT shows the right frames and tracks of files of which it would play others by itself."""

from __future__ import annotations

import json
from pathlib import Path

import media as made
import numpy as np
import pytest
from exported import span
from melt import (
    FORMATS,
    SOUND_RATE,
    ffmpeg_bytes,
    frame_numbers,
    needs_melt,
    play,
    sound_lag,
    write_plan,
    write_presets,
)

from btsclip.exchange.export import export_plan
from btsclip.exchange.formats import FileFormat
from btsclip.planning.cut import render_plan

pytestmark = [pytest.mark.slow, needs_melt]
COUNT = "color=black:s=160x90:r=25:d=4,geq=lum='16+mod(N*4,200)':cb=128:cr=128"
CLICKS = "aevalsrc='0.5*sin(2*PI*1000*t)*lt(mod(t*t,1),0.05)':s=48000:d=5"
X264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "2", "-pix_fmt", "yuv420p")


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Takes whose brightness counts their frames, with sound that begins before the picture, and
    one with two tracks of picture and sound each."""
    folder = tmp_path_factory.mktemp("takes")
    made.ffmpeg("-f", "lavfi", "-i", COUNT, *X264, "-bf", "2", folder / "count.mp4")
    made.ffmpeg("-f", "lavfi", "-i", CLICKS, "-c:a", "aac", folder / "clicks.m4a")
    for name, seconds in (("late.mp4", 1), ("late.mkv", 1), ("a-bit-late.mp4", 0.06)):
        made.ffmpeg(
            "-i", folder / "clicks.m4a", "-itsoffset", seconds, "-i", folder / "count.mp4",
            "-map", "1:v", "-map", "0:a", "-c", "copy", folder / name,
        )  # fmt: skip
    tones = [("-f", "lavfi", "-i", f"sine=f={pitch}:d=4") for pitch in (300, 1000)]
    made.ffmpeg(
        "-f", "lavfi", "-i", "color=white:s=64x36:r=25:d=4", "-i", folder / "count.mp4",
        *tones[0], *tones[1], "-map", "0:v", "-map", "1:v", "-map", "2:a", "-map", "3:a",
        *X264, "-c:a", "aac", "-disposition:v:0", "0", "-disposition:v:1", "default",
        folder / "tracks.mp4",
    )  # fmt: skip
    write_presets(folder)
    return folder


def pitch(path: Path) -> float:
    """The loudest frequency of a video's sound, in Hz."""
    raw = ffmpeg_bytes("-i", path, "-ac", "1", "-ar", str(SOUND_RATE), "-f", "f32le")
    samples = np.frombuffer(raw, np.float32)
    return float(np.abs(np.fft.rfft(samples)).argmax() * SOUND_RATE / len(samples))


@pytest.mark.parametrize("take", ["late.mp4", "late.mkv", "a-bit-late.mp4"])
def test_cuts_are_those_of_the_clip_where_sound_begins_before_the_picture(
    take: str, takes: Path, tmp_path: Path
) -> None:
    spans = [span(take, 1.52, 2.12), span(take, 2.8, 3.4)]
    path = write_plan(takes, take, spans)
    rendered = render_plan(path, tmp_path / "clips").clips[0].path
    expected = frame_numbers(rendered)
    for file_format in FORMATS:
        played = play(path, file_format, tmp_path)
        assert frame_numbers(played) == expected, file_format
        # In MP4, MLT 7.12 counts a late picture in the wrong unit where it plays sound.
        if take != "late.mp4":
            assert abs(sound_lag(rendered, played)) < 0.02, file_format


@pytest.mark.parametrize("speeds", [[[1.2, 2]], [[1.2, 1], [3.6, 2]]])
def test_late_pictures_at_other_speeds(
    speeds: list[list[float]], takes: Path, tmp_path: Path
) -> None:
    path = write_plan(takes, "fast", [span("late.mkv", 1.2, 3.6, speeds=speeds)])
    expected = frame_numbers(render_plan(path, tmp_path / "clips").clips[0].path)
    for file_format in FORMATS:
        shown = frame_numbers(play(path, file_format, tmp_path))
        errors = [(a - b + 25) % 50 - 25 for a, b in zip(shown, expected, strict=True)]
        assert max(map(abs, errors)) <= 2, (file_format, shown, expected)


def test_sound_before_the_first_picture_is_left_out(takes: Path, tmp_path: Path) -> None:
    """MLT cannot play it; what follows stays in its place."""
    spans = [span("count.mp4", 0.4, 1.4), span("late.mkv", 1.2, 2.2, lead=0.6)]
    path = write_plan(takes, "lead", spans)
    rendered = render_plan(path, tmp_path / "clips").clips[0].path
    for file_format in FORMATS:
        assert abs(sound_lag(rendered, play(path, file_format, tmp_path))) < 0.02


@pytest.mark.parametrize("speeds", [[[1, 1]], [[1, 2]], [[1, 1], [3, 2]]])
def test_tracks_are_those_of_the_plan(
    speeds: list[list[float]], takes: Path, tmp_path: Path
) -> None:
    path = write_plan(takes, "tracks", [span("tracks.mp4", 1, 3, speeds=speeds)])
    document = json.loads(path.read_text("utf-8"))
    document["sources"][0] |= {"audio_tracks": [2], "audio_why": "track 1 is a hum"}
    path.write_text(json.dumps(document), "utf-8")
    for file_format in FORMATS:
        played = play(path, file_format, tmp_path)
        assert frame_numbers(played)[0] in (25, 26), "of another track, all are alike"
        assert pitch(played) > 900, "the other sound has 300 Hz"
    assert not [note for note in _notes(path, "kdenlive", tmp_path) if "track" in note]
    notes = _notes(path, "resolve", tmp_path)
    assert "tracks.mp4: the picture of video track 2 is shown in a rendered clip" in str(notes)
    assert "tracks.mp4: the sound of track 2 is used in a rendered clip" in str(notes)


def _notes(path: Path, file_format: FileFormat, folder: Path) -> tuple[str, ...]:
    ((_, notes),) = export_plan(path, file_format, folder / "noted", force=True).notes
    return notes
