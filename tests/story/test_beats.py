from __future__ import annotations

import sys
import wave
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from media import ffmpeg, sound_only, take

from btsclip.errors import BtsclipError, ToolError
from btsclip.media.sound import check_sound
from btsclip.story.beats import RATE, Music, beats_in, check_music, read_music

SECONDS = 40


def clicks(bpm: tuple[float, float], seconds: float = SECONDS) -> tuple[np.ndarray, np.ndarray]:
    """A click track (n,) at RATE whose tempo drifts between two values, and its beats."""
    times, at = [], 0.35
    while at < seconds - 0.3:
        times.append(at)
        at += 60 / (bpm[0] + (bpm[1] - bpm[0]) * at / seconds)
    samples = np.random.default_rng(0).normal(0, 1e-4, round(seconds * RATE))
    ring = np.arange(round(0.05 * RATE)) / RATE
    click = 0.8 * np.exp(-80 * ring) * np.sin(2 * np.pi * 1000 * ring)
    for time in times:
        first = round(time * RATE)
        samples[first : first + len(click)] += click
    return samples.astype(np.float32), np.array(times)


def write(path: Path, samples: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


@pytest.mark.slow
@pytest.mark.parametrize("bpm", [(90, 90), (120, 120), (100, 108), (126, 116)])
def test_beats_are_exact_even_if_the_tempo_drifts(
    bpm: tuple[float, float],
) -> None:
    pytest.importorskip("librosa")
    samples, times = clicks(bpm)
    found = beats_in(samples)
    found = found[(found > times[0] - 0.1) & (found < times[-1] + 0.1)]
    wrong = np.array([np.abs(times - beat).min() for beat in found])
    missed = np.array([np.abs(found - time).min() for time in times])
    # A frame at 30 a second lasts 0.033 s.
    assert np.median(wrong) < 0.005 and (wrong < 0.011).mean() > 0.97
    assert (missed < 0.011).mean() > 0.95


@pytest.mark.slow
def test_music_may_be_any_file_that_ffmpeg_reads(tmp_path: Path) -> None:
    pytest.importorskip("librosa")
    samples, times = clicks((110, 110))
    song = tmp_path / "a 'song' 🎵.m4a"
    ffmpeg("-i", write(tmp_path / "song.wav", samples), "-c:a", "aac", song)
    music = read_music(song)
    assert music.end == pytest.approx(times[-1], abs=0.2)
    assert np.median([np.abs(times - beat).min() for beat in music.beats]) < 0.01
    assert music.start <= music.beats[0]


@pytest.mark.slow
def test_files_without_music_are_refused(tmp_path: Path) -> None:
    pytest.importorskip("librosa")
    silence = write(tmp_path / "silent.wav", np.zeros(10 * RATE))
    short = write(tmp_path / "short.wav", clicks((120, 120), 3)[0])
    hum = write(tmp_path / "hum.wav", 0.3 * np.sin(np.arange(20 * RATE) * 0.05))
    text = tmp_path / "song.mp3"
    text.write_text("no music at all\n" * 50)
    mute = tmp_path / "mute.mp4"
    take(mute, sound=None)
    for path, why in (
        (silence, "is silent"), (short, "too short for music"),
        (text, "not a sound that can be read"),
        (mute, "holds no sound"), (tmp_path / "gone.mp3", "no such file"),
        (tmp_path, "is not a file"),
    ):  # fmt: skip
        with pytest.raises(BtsclipError, match=why):
            read_music(path)
    # A hum has no beats. The tracker may find some, but nothing breaks.
    try:
        assert len(read_music(hum).beats) >= 4
    except BtsclipError as error:
        assert "no beat" in str(error)


def test_missing_extra_is_reported_with_the_command_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    song = tmp_path / "song.m4a"
    sound_only(song)
    monkeypatch.setitem(sys.modules, "librosa", None)
    with pytest.raises(ToolError, match=r'pip install "btsclip\[music\]"'):
        check_music(song)


def music(path: Path = Path("/song.mp3")) -> Music:
    return Music(path, 0.2, 20.0, 0.5 + 0.5 * np.arange(39))


def test_long_music_is_one_lane_and_ends_with_the_story() -> None:
    lanes, beats = music().under(12.0)
    assert [(lane.start, lane.at, lane.seconds) for lane in lanes] == [(0.2, 0.0, 12.0)]
    assert lanes[0].ducks
    assert beats[0] == pytest.approx(0.3) and beats[-1] < 12
    assert np.diff(beats) == pytest.approx(0.5)


def test_short_music_repeats_on_its_beat() -> None:
    lanes, beats = music().under(50.0)
    assert len(lanes) == 3 and np.diff(beats) == pytest.approx(0.5)
    for before, after in pairwise(lanes):
        # They overlap in a crossfade.
        assert before.at + before.seconds - after.at == pytest.approx(0.4, abs=1e-3)
    assert lanes[-1].at + lanes[-1].seconds == pytest.approx(50)
    assert all(lane.start >= 0 for lane in lanes)


def test_render_can_read_a_lane(tmp_path: Path) -> None:
    check_sound(write(tmp_path / "song.wav", clicks((120, 120), 8)[0]))
