"""Files with several audio tracks: what they are, and which is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from media import FAST, Media, ffmpeg
from track_takes import RATE as SOURCE_RATE, as_apac, recorded, with_tracks

from btsclip.errors import FootageError
from btsclip.media.audio_tracks import SoundChoice, play, track_fault
from btsclip.media.chapters import join_chapters
from btsclip.media.probing import probe
from btsclip.media.sound import RATE, check_sound, music_stream, read_sound
from btsclip.media.track_sounds import read_track_sounds

SILENCE = "anullsrc=r=48000:cl=stereo"


def tone(pitch: int) -> np.ndarray:
    return np.asarray(0.3 * np.sin(2 * np.pi * pitch * np.arange(SOURCE_RATE) / SOURCE_RATE), "f4")


def pitch_of(sound: np.ndarray) -> float:
    return float(np.abs(np.fft.rfft(sound)).argmax() * RATE / len(sound))


@pytest.mark.parametrize("suffix", ["mov", "mp4"])
def test_track_in_an_unknown_codec_is_named_and_not_played(
    media: Media, tmp_path: Path, suffix: str
) -> None:
    path = with_tracks(tmp_path / f"phone.{suffix}", media("plain.mp4"), "", SILENCE)
    first = as_apac(path, 1)
    take = probe(first)
    assert [(t.number, t.codec, t.is_readable) for t in take.audio_tracks] == [
        (1, "apac", False), (2, "aac", True),
    ]  # fmt: skip
    assert (take.audio_stream, take.audio_codec, take.has_audio) == (2, "aac", True)
    assert read_track_sounds(take, [(0, 1)])[2].shape == (RATE,)


def test_file_whose_only_tracks_cannot_be_decoded_has_no_sound(
    media: Media, tmp_path: Path
) -> None:
    take = probe(as_apac(media.copy("plain.mp4", tmp_path / "spatial.mp4"), 1))
    assert not take.has_audio and take.audio_stream is None and take.audio_rate is None
    assert list(read_sound(take)) == []


def test_tracks_say_what_they_are(tmp_path: Path) -> None:
    path = recorded(
        tmp_path / "named.mov", [tone(300), tone(500)],
        "-metadata:s:a:0", "title=Lav Anna", "-metadata:s:a:1", "language=fra",
    )  # fmt: skip
    first, second = probe(path).audio_tracks
    assert (first.title, first.language, first.channels, first.rate) == ("Lav Anna", "", 1, 48000)
    assert (second.title, second.language, second.codec) == ("", "fra", "pcm_s16le")


def test_chosen_track_is_the_one_that_is_read(tmp_path: Path) -> None:
    take = probe(recorded(tmp_path / "four.mov", [tone(300), tone(500), tone(700), tone(900)]))
    third = play(take, SoundChoice((3,), "a test"))
    (sound,) = read_sound(third)
    assert pitch_of(sound) == pytest.approx(700, abs=3)
    every = read_track_sounds(take, [(0.2, 0.4), (0.6, 0.8)])
    pitches = [pitch_of(every[number]) for number in (1, 2, 3, 4)]
    assert pitches == pytest.approx([300, 500, 700, 900], abs=6)
    assert {len(sound) for sound in every.values()} == {round(0.4 * RATE)}


def test_all_tracks_are_read_on_the_clock_of_the_take(tmp_path: Path) -> None:
    """Also where ffmpeg seeks by rare keyframes of the picture, and no index is known."""
    beeps, path = "aevalsrc='0.5*sin(2*PI*1000*t)*lt(mod(t,5),0.5)':d=18", tmp_path / "a.mkv"
    sounds = ("-f", "lavfi", "-i", beeps, "-f", "lavfi", "-i", beeps, "-map", "1", "-map", "2")
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x36:r=10:d=18", *sounds, "-map", "0", *FAST, "-g",
           "80", "-c:a", "aac", "-output_ts_offset", "-0.5", "-avoid_negative_ts", "disabled",
           path)  # fmt: skip
    for sound in read_track_sounds(probe(path), [(4.0, 6.0), (14.5, 17.0)]).values():
        loud = [np.flatnonzero(np.abs(part) > 0.1) for part in np.split(sound, [2 * RATE])]
        begins = [at + indices[0] / RATE for at, indices in zip((4.0, 14.5), loud, strict=True)]
        assert begins == pytest.approx([5.0, 15.0], abs=0.05)


def test_two_mono_tracks_are_played_as_left_and_right(tmp_path: Path) -> None:
    take = probe(recorded(tmp_path / "pair.mov", [tone(300), tone(500)]))
    both = play(take, SoundChoice((1, 2), "a test"))
    assert (both.audio_channels, both.audio_layout) == (2, "stereo")
    only_left = replace(both, channel=None)
    (sound,) = read_sound(only_left)
    spectrum = np.abs(np.fft.rfft(sound))
    assert spectrum[300] == pytest.approx(spectrum[500], rel=0.05)


def test_faults_of_a_choice(media: Media, tmp_path: Path) -> None:
    path = as_apac(with_tracks(tmp_path / "t.mp4", media("plain.mp4"), "", SILENCE), 2)
    take = probe(path)
    assert track_fault(take, [1]) == ""
    assert track_fault(take, [3]) == "has no sound track 3 (it has 2)"
    assert "track 2 (apac) can't be read" in track_fault(take, [2])
    stereo = probe(with_tracks(tmp_path / "s.mp4", media("plain.mp4"), "", SILENCE))
    assert "are not two mono tracks" in track_fault(stereo, [1, 2])


def test_files_with_other_tracks_are_not_one_take(media: Media, tmp_path: Path) -> None:
    two = probe(with_tracks(tmp_path / "two.mp4", media("plain.mp4"), "", SILENCE))
    with pytest.raises(FootageError, match="another set of sound tracks"):
        join_chapters([two, probe(media("plain.mp4"))])


def test_music_is_the_first_track_that_can_be_decoded(media: Media, tmp_path: Path) -> None:
    song = tmp_path / "song.m4a"
    ffmpeg("-f", "lavfi", "-i", "sine=d=1", "-f", "lavfi", "-i", "sine=f=700:d=1",
           "-map", "0", "-map", "1", "-c:a", "aac", song)  # fmt: skip
    assert music_stream(as_apac(song, 1)) == 1
    check_sound(song)
    with pytest.raises(FootageError, match="only sound that can't be read"):
        music_stream(as_apac(media.copy("plain.mp4", tmp_path / "spatial.mp4"), 1))
