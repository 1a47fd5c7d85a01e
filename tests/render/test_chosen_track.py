"""Clips of takes with several audio tracks."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from media import Media
from result import PRESET, beep_time, plan_of, samples
from track_takes import as_apac, microphone, recorded, with_tracks

from btsclip.analysis.sound_choice import choose_sound
from btsclip.captions.safezones import preset_for_picture
from btsclip.errors import PlanError
from btsclip.media.audio_tracks import SoundChoice, play
from btsclip.media.probing import probe
from btsclip.plan.model import CutPlan, Lane
from btsclip.plan.texts import Caption
from btsclip.planning.clips import add_source_warnings, source_of
from btsclip.render import render
from btsclip.render.burn import burn_captions

SILENCE = "anullsrc=r=48000:cl=stereo"


def planned(path: Path) -> CutPlan:
    """A plan of the take with the sound that is chosen for it."""
    plan = plan_of(path)
    sources = [source_of(choose_sound(probe(path)))]
    clips = add_source_warnings(plan.clips, sources)
    return plan.model_copy(update={"sources": sources, "clips": clips})


def test_clip_plays_the_track_that_is_heard(media: Media, tmp_path: Path) -> None:
    path = with_tracks(tmp_path / "take.mp4", media("plain.mp4"), SILENCE, "")
    plan = planned(path)
    (result,) = render(plan, PRESET, tmp_path / "out")
    assert beep_time(samples(result.path)) == pytest.approx(1.0, abs=0.05)
    record = json.loads(result.sidecar.read_text("utf-8"))
    why = "its sound track 1 is silent: track 2 is used"
    assert record["source"]["audio_tracks"] == [2]
    assert record["source"]["audio_why"] == why
    assert record["output"]["sound"].startswith(why)
    assert plan.clips[0].warnings == [f"take.mp4: {why}"]


def test_clip_of_a_phone_plays_the_plain_track(media: Media, tmp_path: Path) -> None:
    path = with_tracks(tmp_path / "phone.mov", media("plain.mp4"), SILENCE, "")
    plan = planned(as_apac(path, 1))
    (result,) = render(plan, PRESET, tmp_path / "out")
    assert beep_time(samples(result.path)) == pytest.approx(1.0, abs=0.05)
    assert "the plain one is used" in plan.clips[0].warnings[0]


def test_clip_without_sound_that_can_be_read_is_silent_and_says_so(
    media: Media, tmp_path: Path
) -> None:
    plan = planned(as_apac(media.copy("plain.mp4", tmp_path / "spatial.mp4"), 1))
    (result,) = render(plan, PRESET, tmp_path / "out")
    assert np.abs(samples(result.path)).max() < 1e-3
    record = json.loads(result.sidecar.read_text("utf-8"))
    assert "its sound (apac) can't be read" in record["output"]["sound"]
    assert "its sound (apac) can't be read" in plan.clips[0].warnings[0]


def test_two_mono_tracks_are_both_sides_of_the_clip(tmp_path: Path) -> None:
    near = microphone(), microphone(-3.0, 10, seed=2)
    plan = planned(recorded(tmp_path / "pair.mov", near))
    assert plan.sources[0].audio_tracks == [1, 2] and plan.clips[0].warnings == []
    (result,) = render(plan, PRESET, tmp_path / "out")
    left, right = np.square(samples(result.path), dtype=float).mean(0)
    assert 10 * np.log10(left / right) == pytest.approx(3.0, abs=0.3)


def test_missing_track_of_an_edited_plan_is_named(media: Media, tmp_path: Path) -> None:
    plan = plan_of(media("two_sounds.mp4"))
    source = plan.sources[0].model_copy(update={"audio_tracks": [3]})
    with pytest.raises(PlanError, match=r"has no sound track 3 \(it has 2\); correct"):
        render(plan.model_copy(update={"sources": [source]}), PRESET, tmp_path)


@pytest.mark.parametrize(
    "tracks", [(2,), pytest.param((1, 2), marks=pytest.mark.slow)], ids=["copied", "encoded"]
)
def test_captioned_video_keeps_the_chosen_sound(tmp_path: Path, tracks: tuple[int, ...]) -> None:
    """One track of AAC is copied; two are made to one."""
    sounds = microphone(-20.0), microphone(-3.0, 10, seed=2)
    path = recorded(tmp_path / "pair.mp4", sounds, "-c:a", "aac")
    footage = play(probe(path), SoundChoice(tracks, "a test"))
    preset = preset_for_picture(PRESET, footage.width, footage.height, footage.fps)
    captions = [Caption(text="Salt", start=0, end=1, role="speech")]
    *_, made = burn_captions(footage, captions, preset, tmp_path / "made.mp4")
    left, right = np.square(samples(made), dtype=float).mean(0)
    difference = 17.0 if len(tracks) == 2 else 0.0
    assert 10 * np.log10(right / left) == pytest.approx(difference, abs=0.7)
    assert len(probe(made).audio_tracks) == 1
    assert probe(made).audio_channels == len(tracks)


@pytest.mark.slow
def test_music_in_a_file_with_a_spatial_track_is_heard(media: Media, tmp_path: Path) -> None:
    song = with_tracks(tmp_path / "song.mp4", media("plain.mp4"), SILENCE, "sine=f=700:d=2.5")
    plan = plan_of(media("no_sound.mp4"))
    lanes = [Lane(path=str(as_apac(song, 1)))]
    clip = plan.clips[0].model_copy(update={"lanes": lanes})
    (result,) = render(plan.model_copy(update={"clips": [clip]}), PRESET, tmp_path / "out")
    assert np.abs(samples(result.path)).max() > 0.05
