"""Noise in rests: measured, lowered, and never brought above -50 dBFS by the target loudness."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from media import ffmpeg
from result import PRESET, beep_time, loudness, plan_of, samples
from sounds import level_in, level_sounds

from btsclip.plan.model import Lane
from btsclip.presets.schema import Preset, Sound
from btsclip.render import render
from btsclip.render.graph import SOUND
from btsclip.render.loudness import RATE, LeveledSound, warnings_of
from btsclip.render.noise import (
    MAX_NOISE,
    MAX_REDUCTION,
    MIN_REDUCTION,
    WINDOW,
    filter_delay,
    measure_noise,
    reduction_for,
)

SOUND_ONLY = Preset()
WITHOUT_REDUCTION = Preset(sound=Sound(noise_reduction=False))
SECONDS = 8.0
# Bursts begin in the middle of every second and last 0.3 s.
BURSTS = "{volume}*sin(2*PI*800*t)*between(mod(t,1),0.5,0.8)"
RESTS = [(second + 0.95, second + 1.4) for second in range(7)]


def bursts_in_noise(level: float, volume: float = 0.05) -> str:
    """A graph of bursts in white noise with an RMS of `level` dBFS, in stereo."""
    sides = [
        f"{BURSTS.format(volume=volume)}+{10 ** (level / 20) * 3**0.5:.7f}*(2*random({side})-1)"
        for side in range(2)
    ]
    return f"aevalsrc='{'|'.join(sides)}':c=stereo:s=48000"


def white_noise(level: float) -> str:
    return bursts_in_noise(level, volume=0)


def blows_in_noise(first: float) -> str:
    """A graph of the blows of a knife that ring for a while, three a second from `first` on."""
    since = f"mod(t-{first}+0.3\\,0.3)"
    blow = f"0.6*sin(2*PI*1800*{since})*exp(-{since}/0.012)"
    return "aevalsrc='" + "|".join(
        f"{blow}+{10 ** (-55 / 20) * 3**0.5:.7f}*(2*random({side})-1)" for side in range(2)
    ) + "':c=stereo:s=48000"  # fmt: skip


def leveled(graph: str, folder: Path, preset: Preset = SOUND_ONLY) -> LeveledSound:
    return level_sounds({"take": graph}, folder, preset, SECONDS)


@pytest.mark.parametrize(
    ("level", "loss"),
    [
        pytest.param(-75, 0.5, id="too quiet to matter"),
        pytest.param(-62, 0.5, id="lowered"),
        pytest.param(-52, 1.0, id="lowered as far as can be", marks=pytest.mark.slow),
    ],
)
def test_target_is_reached_and_noise_in_rests_stays_down(
    level: float, loss: float, tmp_path: Path
) -> None:
    result = leveled(bursts_in_noise(level), tmp_path)
    measured, peak = loudness(tmp_path / SOUND)
    assert measured == pytest.approx(-14, abs=loss)
    assert peak <= -1.5
    finished = samples(tmp_path / SOUND)
    assert level_in(finished, RESTS) <= MAX_NOISE + 0.3
    (noise,) = result.noises
    assert noise.recorded == pytest.approx(level, abs=0.7)
    # Close to a burst, less of the noise is taken away.
    assert -0.5 <= noise.finished - level_in(finished, RESTS) <= 4
    assert ("noise in rests lowered" in result.note) == (level > -75)


def test_gain_ends_where_noise_would_get_too_loud(tmp_path: Path) -> None:
    result = leveled(bursts_in_noise(-42, volume=0.1), tmp_path)
    measured, _ = loudness(tmp_path / SOUND)
    assert not result.reached and result.held_back
    assert level_in(samples(tmp_path / SOUND), RESTS) <= MAX_NOISE + 0.3
    assert result.before.loudness - 1 <= measured < -15
    assert "LU below the target, so that noise in rests stays at -5" in result.note


@pytest.mark.parametrize("first", [0.0, 0.05])
def test_ring_of_a_blow_is_no_noise(first: float, tmp_path: Path) -> None:
    result = leveled(blows_in_noise(first), tmp_path)
    (noise,) = result.noises
    assert noise.recorded == pytest.approx(-55, abs=0.7)
    assert noise.reduced <= -66
    assert result.after.loudness >= -18


def test_hiss_alone_is_not_raised_and_the_user_is_told(tmp_path: Path) -> None:
    result = leveled(white_noise(-56), tmp_path)
    assert level_in(samples(tmp_path / SOUND), [(0.5, 7.5)]) <= MAX_NOISE + 0.3
    (warning,) = warnings_of(result, SOUND_ONLY.sound)
    assert "LU below the target: it was recorded so quietly" in warning


def test_steady_sizzle_is_the_sound_of_work(tmp_path: Path) -> None:
    result = leveled(white_noise(-40), tmp_path)
    assert result.reached and not result.noises
    assert warnings_of(result, SOUND_ONLY.sound) == []


def test_hood_under_voices_is_not_filtered(tmp_path: Path) -> None:
    """Noise that can't be brought down without harm is part of the place."""
    result = leveled(bursts_in_noise(-30, volume=0.5), tmp_path)
    assert result.reached and not result.noises


@pytest.mark.slow
def test_rumble_is_cut(tmp_path: Path) -> None:
    rumble = bursts_in_noise(-70).replace("aevalsrc='", "aevalsrc='0.003*sin(2*PI*25*t)+")
    result = leveled(rumble.replace("|", "|0.003*sin(2*PI*25*t)+"), tmp_path)
    (noise,) = result.noises
    assert noise.recorded == pytest.approx(-53.5, abs=1)
    assert noise.reduced < noise.recorded - 12
    assert result.reached


@pytest.mark.slow
def test_reduction_can_be_turned_off(tmp_path: Path) -> None:
    result = leveled(bursts_in_noise(-56), tmp_path, WITHOUT_REDUCTION)
    (noise,) = result.noises
    assert noise.reduced == noise.recorded
    assert level_in(samples(tmp_path / SOUND), RESTS) <= MAX_NOISE + 0.3
    assert "lowered" not in result.note and result.held_back


@pytest.mark.slow
def test_digital_silence_is_no_rest(tmp_path: Path) -> None:
    muted = bursts_in_noise(-60) + ",volume='lt(t,5)':eval=frame"
    (noise,) = leveled(muted, tmp_path).noises
    assert noise.recorded == pytest.approx(-60, abs=0.7)


@pytest.mark.slow
def test_reduction_does_not_move_the_sound(tmp_path: Path) -> None:
    found = {}
    for name, preset in {"with": Preset(), "without": WITHOUT_REDUCTION}.items():
        folder = tmp_path / name
        folder.mkdir()
        leveled(bursts_in_noise(-56), folder, preset)
        found[name] = samples(folder / SOUND)
    assert len(found["with"]) == len(found["without"])
    for sound in found.values():
        assert beep_time(sound) == pytest.approx(0.5, abs=0.002)


@pytest.mark.slow
def test_sound_of_changed_speed_stays_in_step(tmp_path: Path) -> None:
    result = level_sounds(
        {"take": bursts_in_noise(-56)}, tmp_path, seconds=SECONDS, speeds=[(0, 2.0)]
    )
    assert result.noises[0].reduced < result.noises[0].recorded - 3
    assert beep_time(samples(tmp_path / SOUND)) == pytest.approx(0.25, abs=0.02)


@pytest.mark.slow
def test_noise_of_music_is_not_measured(tmp_path: Path) -> None:
    tune = tmp_path / "tune.wav"
    ffmpeg("-f", "lavfi", "-i", white_noise(-58), "-t", "8", tune)
    lane = Lane(path=str(tune))
    result = level_sounds({"take": "anullsrc=r=48000"}, tmp_path, lanes=[lane], seconds=SECONDS)
    assert result.reached and not result.noises


@pytest.mark.slow
def test_noisy_span_stays_quieter_than_a_clean_one(tmp_path: Path) -> None:
    sounds = {"clean": bursts_in_noise(-80), "noisy": bursts_in_noise(-42, volume=0.1)}
    result = level_sounds(sounds, tmp_path, seconds=SECONDS)
    finished = samples(tmp_path / SOUND)
    later = [(start + SECONDS, end + SECONDS) for start, end in RESTS]
    assert level_in(finished, later) <= MAX_NOISE + 0.3
    assert loudness(tmp_path / SOUND)[0] == pytest.approx(-15, abs=1)
    assert len(result.noises) == 2


def test_sidecar_and_warnings_tell_what_was_done(tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=gray:s=160x90:r=30:d=4", "-f", "lavfi", "-i",
        bursts_in_noise(-52, volume=0.008), "-t", "4", "-c:v", "libx264", "-preset", "ultrafast",
        "-c:a", "pcm_s24le", path.with_suffix(".mov"),
    )  # fmt: skip
    (result,) = render(plan_of(path.with_suffix(".mov")), PRESET, tmp_path / "out")
    output = json.loads(result.sidecar.read_text("utf-8"))["output"]
    (noise,) = output["noise"]
    assert noise["recorded"] == pytest.approx(-52, abs=1)
    assert noise["reduced"] < noise["recorded"] - 8
    assert noise["finished"] <= MAX_NOISE + 0.1
    assert "noise in rests lowered from -52 to" in output["sound"]
    assert "LU below the target" in output["sound"]
    assert any("below the target" in warning for warning in result.clip.warnings)


def test_delay_of_the_filter_is_measured() -> None:
    assert 0 <= filter_delay() < RATE // 10


@given(st.floats(-100, 0), st.floats(-10, 60), st.floats(0, 20))
def test_reduction_is_none_or_modest_and_grows_with_gain(
    level: float, gain: float, more: float
) -> None:
    reduction = reduction_for(level, gain)
    assert reduction == 0 or MIN_REDUCTION <= reduction <= MAX_REDUCTION
    assert (reduction == 0) == (level + gain <= MAX_NOISE)
    assert reduction_for(level, gain + more) >= reduction


@pytest.mark.slow
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(level=st.floats(-80, -30), share=st.floats(0.1, 0.85), seed=st.integers(0, 99))
def test_noise_is_measured_under_any_bursts(
    level: float, share: float, seed: int, tmp_path: Path
) -> None:
    """Whatever the share of the bursts, up to 85 %, the level in the rests is found."""
    numbers = np.random.default_rng(seed)
    noise = numbers.normal(0, 10 ** (level / 20), (100 * WINDOW, 2))
    bursts = 0.3 * np.sin(np.arange(100 * WINDOW) * 0.1)
    sounding = np.repeat(numbers.permutation(100) < share * 100, WINDOW)
    sound = (noise + (bursts * sounding)[:, None]).astype("<f4")
    (tmp_path / "sound.raw").write_bytes(sound.tobytes())
    raw = ["-f", "f32le", "-ar", str(RATE), "-ac", "2", "-i", tmp_path / "sound.raw"]
    ffmpeg(*raw, "-c:a", "pcm_f32le", tmp_path / "sound.wav")
    found = measure_noise(tmp_path / "sound.wav")
    assert found is not None
    assert found.level == pytest.approx(level, abs=1)
    assert not found.rests.reshape(100, -1)[sounding.reshape(100, WINDOW)[:, 0]].any()
