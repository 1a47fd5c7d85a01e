"""Loudness: every sound reaches the target, but for silence and for noise (see test_noise)."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from quick import mostly_slow
from result import loudness
from sounds import level_sounds

from btsclip.render.graph import SOUND
from btsclip.render.loudness import LeveledSound, read_summary

SOUNDS = {
    "steady tone": "sine=f=330:d=4,volume=-6dB",
    "far too loud": "anoisesrc=a=1:d=4:seed=1,volume=6dB",
    "quiet": "anoisesrc=c=pink:a=0.04:d=4:seed=2",
    "knocks in a quiet room": (
        "aevalsrc='0.9*sin(2*PI*900*t)*exp(-60*mod(t,0.5))+0.003*(random(0)-0.5)':d=4:s=48000"
    ),
    "one side only": "aevalsrc='0.1*sin(2*PI*440*t)|0':c=stereo:d=4:s=48000",
}


def set_sound_level(sound: str, folder: Path) -> LeveledSound:
    """Level a sound without a picture."""
    return level_sounds({"a": sound}, folder)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SOUNDS)
def test_loudness_reaches_the_target_below_the_peak(kind: str, tmp_path: Path) -> None:
    result = set_sound_level(SOUNDS[kind], tmp_path)
    measured, peak = loudness(tmp_path / SOUND)
    assert measured == pytest.approx(-14, abs=0.5)
    assert peak <= -1.5
    assert result.reached
    assert (result.after.loudness, result.after.peak) == (measured, peak)


@pytest.mark.slow
def test_knocks_are_limited_and_a_tone_is_not(tmp_path: Path) -> None:
    assert set_sound_level(SOUNDS["knocks in a quiet room"], tmp_path).limited
    assert not set_sound_level(SOUNDS["steady tone"], tmp_path).limited


def test_near_silence_is_not_raised(tmp_path: Path) -> None:
    result = set_sound_level("anoisesrc=a=0.0005:d=4:seed=3", tmp_path)
    assert (result.gain, result.reached) == (0.0, False)
    assert result.note == "near silence was left as it is"
    assert loudness(tmp_path / SOUND)[0] < -60


def test_digital_silence_is_not_raised(tmp_path: Path) -> None:
    result = set_sound_level("anullsrc=d=4", tmp_path)
    assert result.before.loudness == -math.inf
    assert not result.reached


def test_summary_without_figures_is_an_error() -> None:
    assert read_summary("Summary:\n I: -20.5 LUFS\n Peak: -3.0 dBFS").loudness == -20.5
    with pytest.raises(Exception, match="can't be measured"):
        read_summary("nothing")


@pytest.mark.slow
@pytest.mark.parametrize("decay", mostly_slow([60, 300, 1500], 60, 1500))
@pytest.mark.parametrize("rate", mostly_slow([1.0, 2.9], 2.9))
def test_short_blows_stay_below_the_peak(decay: int, rate: float, tmp_path: Path) -> None:
    """They reach the target, or come near it with a remark."""
    knocks = f"0.5*sin(2*PI*1300*t)*exp(-{decay}*mod(t\\,{1 / rate:.3f}))"
    result = set_sound_level(f"aevalsrc='{knocks}':d=4:s=48000", tmp_path)
    measured, peak = loudness(tmp_path / SOUND)
    assert peak <= -1.5
    assert (abs(measured + 14) <= 0.5) == result.reached
    assert result.reached or result.note
