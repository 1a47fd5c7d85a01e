"""Which of several audio tracks is played, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from media import Media
from track_takes import as_apac, with_tracks

from btsclip.analysis import sound_choice
from btsclip.analysis.analysis import analyze_footage, cached_analysis
from btsclip.analysis.cache import cache_key
from btsclip.analysis.sound_choice import ask_track, choose_sound, choose_tracks
from btsclip.errors import FootageError
from btsclip.media.audio_tracks import ASKED, AudioTrack, SoundChoice
from btsclip.media.probing import probe
from btsclip.signals.model import Signals
from btsclip.signals.subject_tracks import Tracks
from btsclip.signals.track_levels import TrackLevels

SILENCE = "anullsrc=r=48000:cl=stereo"
SILENT = (-120.0, -70.0, 0.0, 0.0)
CLEAR = (-20.0, -60.0, 0.5, 0.0)
FAR_AWAY = (-38.0, -50.0, 0.4, 0.0)
HUM = (-10.0, -11.0, 0.0, 0.0)
DISTORTED = (-3.0, -43.0, 0.5, 0.05)


def choice(
    *figures: tuple[float, float, float, float],
    pairs: object = (),
    same_as: Sequence[int] | None = None,
) -> SoundChoice:
    """The choice among mono tracks with these levels, floors, shares of speech and of clipping."""
    tracks = [
        AudioTrack(number, number, "pcm_s16le", 48000, 1, "mono", "", "", 0.0, True, True)
        for number in range(1, len(figures) + 1)
    ]
    level, floor, speech, clipped = np.array(figures).T
    numbers = np.arange(1, len(figures) + 1)
    return choose_tracks(
        tracks,
        TrackLevels(
            numbers,
            level,
            floor,
            speech,
            clipped,
            np.array(same_as or numbers),
            np.array(pairs, int).reshape(-1, 2),
        ),
    )


@pytest.mark.parametrize(
    ("figures", "tracks", "warning"),
    [
        ([CLEAR, SILENT], (1,), ""),
        ([SILENT, CLEAR], (2,), "its sound track 1 is silent: track 2 is used"),
        ([FAR_AWAY, CLEAR], (2,), "its sound track 1 also has sound: track 2 is used, which is"),
        ([CLEAR, FAR_AWAY], (1,), "its sound track 2 also has sound: track 1 is used (choose"),
        ([HUM, SILENT, FAR_AWAY], (3,), "its sound track 2 is silent, track 1 also has sound"),
        ([DISTORTED, CLEAR], (2,), "its sound track 1 also has sound: track 2 is used, which is"),
        ([CLEAR, CLEAR, CLEAR], (1,), "its sound tracks 2 and 3 also have sound: track 1 is used"),
        ([SILENT, SILENT], (1,), "all of its sound tracks are silent"),
    ],
    ids=["first", "second", "lavalier", "camera", "hum", "distorted", "alike", "silence"],
)  # fmt: skip
def test_best_track_that_is_heard(
    figures: list[tuple[float, float, float, float]], tracks: tuple[int, ...], warning: str
) -> None:
    made = choice(*figures)
    assert made.tracks == tracks
    assert made.warning.startswith(warning) and bool(made.warning) == bool(warning)


def test_only_the_sides_of_one_sound_are_played_together() -> None:
    assert choice(CLEAR, CLEAR, SILENT, pairs=[(1, 2)]).tracks == (1, 2)
    assert choice(CLEAR, CLEAR, SILENT, pairs=[(1, 2)]).warning == ""
    assert choice(FAR_AWAY, FAR_AWAY, CLEAR, pairs=[(1, 2)]).tracks == (3,)


def test_copies_are_not_worth_a_word_but_may_be_better() -> None:
    """A recorder writes a quieter safety track, which is not distorted."""
    assert choice(CLEAR, CLEAR, same_as=[1, 1]).warning == ""
    safe = choice(DISTORTED, CLEAR, same_as=[1, 1])
    assert safe.tracks == (2,)


def test_spatial_track_is_left_out_and_said(
    media: Media, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is measured where there is nothing to choose."""
    monkeypatch.setattr(sound_choice, "_track_levels", None)
    path = as_apac(with_tracks(tmp_path / "phone.mov", media("plain.mp4"), "", SILENCE), 2)
    take = choose_sound(probe(path))
    assert take.sound and take.sound.tracks == (1,)
    assert take.sound.warning == (
        "its spatial sound track (apac) can't be read: the plain one is used"
    )
    plain = probe(media("plain.mp4"))
    assert choose_sound(plain) is plain
    nothing = choose_sound(probe(as_apac(path, 1)))
    assert nothing.sound and nothing.sound.tracks == () and not nothing.has_audio
    assert "its sound (apac) can't be read" in nothing.sound.warning


def test_asked_track_is_used_whatever_is_heard(media: Media, tmp_path: Path) -> None:
    take = probe(with_tracks(tmp_path / "t.mp4", media("plain.mp4"), SILENCE, ""))
    asked = ask_track(take, 1)
    assert asked.audio_stream == 1 and asked.sound == SoundChoice((1,), ASKED)
    assert choose_sound(asked) is asked and ask_track(take, None) is take
    with pytest.raises(FootageError, match=r"t\.mp4: has no sound track 3 \(it has 2\); give --au"):
        ask_track(take, 3)


def test_analysis_hears_the_chosen_track_and_is_cached_for_it(media: Media, tmp_path: Path) -> None:
    take = probe(with_tracks(tmp_path / "t.mp4", media("plain.mp4"), SILENCE, ""))
    heard = analyze_footage(take)
    assert heard.footage.audio_stream == 2 and heard.signals.sound.max() > 0.3
    assert heard.footage.sound and heard.footage.sound.levels[0] < -100
    again = cached_analysis(take)
    assert again and again.footage == heard.footage
    silent = analyze_footage(ask_track(take, 1))
    assert silent.signals.sound.max() == 0
    keys = {cache_key(footage, {}, Signals) for footage in (take, heard.footage, silent.footage)}
    assert len(keys) == 3
    assert cache_key(heard.footage, {}, Tracks) == cache_key(silent.footage, {}, Tracks)
    assert heard.of_copy(take).footage == heard.footage
