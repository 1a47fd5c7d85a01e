"""`--audio-track`, and takes with several audio tracks, as a person meets them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from media import Media, ffmpeg
from result import loudness
from track_takes import as_apac, with_tracks

PROGRAM = [sys.executable, "-c", "from btsclip.cli import main; main()"]
SAMPLE = Path(__file__).parents[2] / "samples" / "kitchen.mp4"
SILENCE = "anullsrc=r=48000:cl=stereo"


def btsclip(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_probe_lists_the_tracks(media: Media, tmp_path: Path) -> None:
    with_tracks(tmp_path / "take.mov", media("plain.mp4"), SILENCE, "", "sine=d=3")
    as_apac(tmp_path / "take.mov", 3)
    shown = btsclip("probe", "take.mov", cwd=tmp_path).stdout
    rows = [" ".join(line.split()) for line in shown.splitlines()]
    assert "sound track 1 aac, 2 channels, stereo, 48000 Hz, silent, not used" in rows
    assert "sound track 3 apac, can't be read, not used" in rows
    facts = json.loads(btsclip("probe", "take.mov", "--json", cwd=tmp_path).stdout)
    assert [track["used"] for track in facts["audio_tracks"]] == [False, True, False]
    assert [track["silent"] for track in facts["audio_tracks"]] == [True, False, None]
    assert facts["audio_tracks"][1]["level"] == pytest.approx(-14, abs=2)
    assert facts["audio_why"] == (
        "its spatial sound track (apac) can't be read; its sound track 1 is silent: track 2 is used"
    )


@pytest.mark.parametrize(
    ("verb", "number", "code", "says"),
    [
        ("probe", "4", 1, "take.mp4: has no sound track 4 (it has 2); give --audio-track 1, or"),
        ("cut", "2", 1, "take.mp4: its sound track 2 (apac) can't be read; give --audio-track 1"),
        *(
            pytest.param(verb, "4", 1, "take.mp4: has no sound track 4", marks=pytest.mark.slow)
            for verb in ("analyze", "plan", "reply", "story", "timelapse")
        ),
        pytest.param("plan", "0", 2, "--audio-track", marks=pytest.mark.slow),
    ],
)
def test_track_that_cannot_be_used_is_named(
    media: Media, tmp_path: Path, verb: str, number: str, code: int, says: str
) -> None:
    as_apac(with_tracks(tmp_path / "take.mp4", media("plain.mp4"), "", SILENCE), 2)
    more = ["--comment", "how do you chop so fast?"] if verb == "reply" else []
    done = btsclip(verb, "take.mp4", "--audio-track", number, *more, cwd=tmp_path)
    assert done.returncode == code and says in done.stderr, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["take.mp4"]


@pytest.mark.slow
def test_clip_is_as_loud_as_the_track_that_is_heard(tmp_path: Path) -> None:
    """A take whose first track is silent, cut as one with only the second track."""
    ffmpeg("-i", SAMPLE, "-t", "9", "-c", "copy", tmp_path / "plain.mp4")
    with_tracks(tmp_path / "take.mp4", tmp_path / "plain.mp4", SILENCE, "")
    levels, messages, tracks = {}, {}, {}
    for name in ("plain", "take"):
        done = btsclip("cut", f"{name}.mp4", "--count", "1", "-o", name, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        (clip,) = (tmp_path / name).glob("*.mp4")
        plan = json.loads((tmp_path / name / "plan.json").read_text("utf-8"))
        tracks[name] = plan["sources"][0]["audio_tracks"]
        levels[name], messages[name] = loudness(clip)[0], done.stderr
    assert levels["take"] == pytest.approx(levels["plain"], abs=0.5)
    assert tracks == {"plain": [], "take": [2]}
    assert "take.mp4: its sound track 1 is silent: track 2 is used" in messages["take"]
    assert "sound track" not in messages["plain"]


@pytest.mark.slow
def test_batch_renders_again_for_another_track(tmp_path: Path) -> None:
    shoot = tmp_path / "shoot"
    shoot.mkdir()
    ffmpeg("-i", SAMPLE, "-t", "9", "-c", "copy", tmp_path / "plain.mp4")
    with_tracks(shoot / "take.mp4", tmp_path / "plain.mp4", SILENCE, "")
    levels = []
    for option in ([], ["--audio-track", "1"]):
        done = btsclip("batch", shoot, "--count", "1", "--jobs", "1", *option, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        (clip,) = (shoot / "btsclip").glob("*.mp4")
        levels.append(loudness(clip)[0])
    assert levels[0] > -20 and levels[1] < -60
    refused = btsclip("batch", shoot, "--audio-track", "3", cwd=tmp_path)
    assert refused.returncode == 1 and "has no sound track 3" in refused.stderr
