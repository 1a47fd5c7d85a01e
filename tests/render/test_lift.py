"""Quiet work within a moment: lifted slowly, never in a rest, and never at the price of noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st
from media import ffmpeg
from result import samples
from sounds import level_in, level_sounds

from btsclip.render.graph import SOUND
from btsclip.render.lift import MAX_LIFT, lift_curve, lift_curves
from btsclip.render.loudness import LeveledSound
from btsclip.render.noise import MAX_NOISE

SECONDS = 12.0
# Windows of a curve in a second.
RATE = 10
# Strokes of 0.2 s, two a second. From SECONDS / 2 on, they are quieter.
LOUD = [(second + 0.02, second + 0.18) for second in range(1, 4)]
QUIET = [(second + 0.02, second + 0.18) for second in range(8, 11)]
RESTS = [(second + 0.3, second + 0.48) for second in range(1, 11)]


def work_that_gets_quiet(noise: float, volume: float, folder: Path) -> LeveledSound:
    """Level strokes that get 8 dB quieter halfway, in white noise of `noise` dBFS."""
    stroke = (
        f"{volume}*(1-0.6*gte(t,{SECONDS / 2}))*sin(2*PI*800*t)*lt(mod(t,0.5),0.2)"
        f"+{10 ** (noise / 20) * 3**0.5:.7f}*(2*random(0)-1)"
    )
    return level_sounds({"take": f"aevalsrc='{stroke}':s=48000"}, folder, seconds=SECONDS)


def test_quiet_work_is_lifted_and_rests_stay_quiet(tmp_path: Path) -> None:
    result = work_that_gets_quiet(-75, 0.3, tmp_path)
    finished = samples(tmp_path / SOUND)
    assert level_in(finished, LOUD) - level_in(finished, QUIET) <= 4
    assert level_in(finished, RESTS) <= MAX_NOISE
    assert result.reached and "quiet work lifted by up to 6 dB" in result.note


@pytest.mark.slow
def test_noise_comes_before_a_lift(tmp_path: Path) -> None:
    result = work_that_gets_quiet(-42, 0.1, tmp_path)
    finished = samples(tmp_path / SOUND)
    assert result.held_back and "lifted" not in result.note
    assert level_in(finished, LOUD) - level_in(finished, QUIET) >= 6
    assert level_in(finished, RESTS) <= MAX_NOISE + 0.3


def test_gain_does_not_jump_at_cuts_of_a_moment(tmp_path: Path) -> None:
    paths = [tmp_path / "loud.wav", tmp_path / "quiet.wav"]
    for path, volume in zip(paths, (0.3, 0.1), strict=True):
        sine = f"aevalsrc='{volume}*sin(2*PI*800*t)':c=stereo:s=48000:d=4"
        ffmpeg("-f", "lavfi", "-i", sine, "-c:a", "pcm_f32le", path)
    loud, quiet = lift_curves(paths, [None, None])
    assert len(loud) == len(quiet) == 4 * RATE
    assert abs(quiet[0] - loud[-1]) * RATE <= 2
    assert quiet[-1] > 4 > 1 > loud[0]


@given(st.lists(st.tuples(st.floats(-90, 0), st.booleans()), min_size=1, max_size=300))
def test_gain_is_bounded_and_slow(windows: list[tuple[float, bool]]) -> None:
    levels, rests = map(np.array, zip(*windows, strict=True))
    curve = lift_curve(10 ** (levels / 10), rests)
    assert len(curve) == len(windows)
    assert np.all((curve >= 0) & (curve <= MAX_LIFT))
    assert np.all(np.abs(np.diff(curve)) * RATE <= 2)


def test_even_work_and_long_rests_are_not_lifted() -> None:
    powers, rests = np.full(200, 1e-3), np.zeros(200, bool)
    rests[60:] = np.arange(140) % 3 > 0
    assert not lift_curve(powers, rests).any()
    rests[100:], powers[100:] = True, 1e-6
    assert lift_curve(powers, rests)[-40:].max() < 0.1
