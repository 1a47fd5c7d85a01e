"""Clips that change their speed: pictures and sound are in sync at all times."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st
from media import BT709, FAST, ffmpeg
from quick import mostly_slow
from result import PRESET, loudness, pictures, plan_of, samples

from btsclip.plan.model import Clip
from btsclip.plan.speed import MIN_SPEED, TimeMap
from btsclip.render import pace, render

FPS, RATE = PRESET.output.fps, 48_000
BEAT_SECONDS = 0.5
FLASH_SECONDS = 0.1
SECONDS = 9.0


@pytest.fixture(scope="module")
def beats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A take that flashes white and beeps each half second, for a tenth."""
    path = tmp_path_factory.mktemp("beats") / "beats.mp4"
    on = f"lt(mod({{t}}+0.001,{BEAT_SECONDS}),{FLASH_SECONDS})"
    ffmpeg(
        "-f", "lavfi", "-i",
        f"color=c=0x404040:s=320x180:r=60:d={SECONDS},"
        f"drawbox=t=fill:c=white:enable='{on.format(t='t')}'",
        "-f", "lavfi", "-i",
        f"aevalsrc='0.0005*sin(400*PI*t)+0.4*sin(2000*PI*t)*{on.format(t='t')}':s={RATE}:d={SECONDS}",
        *FAST, *BT709, "-c:a", "aac", path,
    )  # fmt: skip
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    "speeds",
    mostly_slow(
        [
            [(2.2, 1.0), (2.6, 3.0), (5.2, 3.0), (5.6, 1.0)],
            [(1, 1.0), (3, 2.0), (4.2, 0.5), (6, 0.5), (6, 1.5)],
            [(0, 0.25)],
            [(0, 1.5)],
        ],
        [(1, 1.0), (3, 2.0), (4.2, 0.5), (6, 0.5), (6, 1.5)],
    ),
    ids=["a lull", "all kinds", "slow", "fast"],
)
def test_flashes_and_beeps_follow_the_time_map(
    speeds: list[tuple[float, float]], beats: Path, tmp_path: Path
) -> None:
    end = 3.4 if speeds == [(0, 0.25)] else 8.9
    plan = plan_of(beats, speeds=speeds, end=end)
    clip = plan.clips[0]
    made = render(plan, PRESET, tmp_path)[0]
    frames, sound = pictures(made.path), samples(made.path)
    assert abs(len(frames) / FPS - clip.seconds_shown) <= 0.5 / FPS + 1e-6
    assert abs(len(sound) / RATE - len(frames) / FPS) < 1024 / RATE
    assert abs(loudness(made.path)[0] + 14) <= 0.5
    bright = frames[:, : frames.shape[1] // 2].mean((1, 2, 3)) > 190
    level = np.abs(sound).max(1)
    for at in np.arange(BEAT_SECONDS, end - 0.2, BEAT_SECONDS):
        due = clip.spans[0].time_map.shown(float(at))
        gap = due - clip.spans[0].time_map.shown(float(at) - BEAT_SECONDS)
        flash = first_above(bright.astype(float), due, gap / 2, FPS)
        beep = first_above(level, due, gap / 2, RATE)
        assert abs(flash - due) <= 1 / FPS, at
        assert abs(beep - due) <= 0.04, (at, beep - due)


def first_above(values: np.ndarray, due: float, reach: float, rate: int) -> float:
    """The time within `reach` seconds of `due` at which `values` exceed half of their maximum."""
    start = max(0, round((due - reach) * rate))
    part = values[start : round((due + reach) * rate)]
    assert part.max() > 0.05
    return (start + int((part > 0.5 * part.max()).argmax())) / rate


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_sound_keeps_its_pitch(factor: float, beats: Path, tmp_path: Path) -> None:
    made = render(plan_of(beats, speeds=[(0, factor)], end=4), PRESET, tmp_path)[0]
    sound = samples(made.path)[:, 0]
    strength = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    assert strength.argmax() * RATE / len(sound) == pytest.approx(1000, abs=15)


def test_fast_sound_is_quieter_and_does_not_click(tmp_path: Path) -> None:
    path = tmp_path / "hum.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=gray:s=320x180:r=30:d=8", "-f", "lavfi", "-i",
        f"aevalsrc='0.1*sin(400*PI*t)':s={RATE}:d=8", *FAST, *BT709, "-c:a", "aac", path,
    )  # fmt: skip
    keys = [(2, 1.0), (2.4, 4.0), (5, 4.0), (5.4, 1.0)]
    plan = plan_of(path, speeds=keys)
    sound = samples(render(plan, PRESET, tmp_path / "out")[0].path)[:, 0]
    shown = plan.clips[0].spans[0].time_map.shown
    calm, fast = (sound[round(shown(a) * RATE) : round(shown(b) * RATE)] for a, b in
                  ((0.5, 1.8), (2.6, 4.8)))  # fmt: skip
    assert 0.4 < fast.std() / calm.std() < 0.65
    # A click is a jump: a 200 Hz tone of this strength is never steeper than this.
    steepest = np.abs(calm).max() * 2 * np.pi * 200 / RATE
    assert np.abs(np.diff(sound[2000:-2000])).max() < 3 * steepest


@pytest.mark.slow
def test_moving_crop_follows_the_time_map(beats: Path, tmp_path: Path) -> None:
    """A path of two keys is straight over source time, and curved while the speed changes."""
    path = tmp_path / "slope.mp4"
    ffmpeg(
        "-f", "lavfi", "-i",
        "nullsrc=s=640x180:r=30:d=6,format=gray,geq=lum='16+X/3',format=yuv420p",
        "-f", "lavfi", "-i", f"anullsrc=r={RATE}", "-t", "6", *FAST, *BT709, path,
    )  # fmt: skip
    box = (0.15, 1.0)
    plan = plan_of(
        path, speeds=[(1, 1.0), (3, 4.0), (5, 1.0)], crop=[(0, 0.2, 0.5, *box), (6, 0.8, 0.5, *box)]
    )
    frames = pictures(render(plan, PRESET, tmp_path / "out")[0].path).astype(float)
    height, width = frames.shape[1:3]
    seen = frames[:, height // 2, width // 2].mean(-1)
    at = np.array([plan.clips[0].spans[0].time_map.source(i / FPS) for i in range(len(frames))])
    place = 0.2 + 0.6 * at / 6
    fit = np.polyfit(place, seen, 1)
    # Half a gray level is about a hundredth of a second of the pan.
    assert np.abs(np.polyval(fit, place) - seen).max() < 2.5


@given(
    st.lists(st.floats(MIN_SPEED, pace.MAX_STRETCH_SPEED), min_size=1, max_size=6), st.floats(1, 20)
)
def test_steps_cover_the_span_and_stay_in_sync(factors: list[float], length: float) -> None:
    keys = [(length * i / len(factors), factor) for i, factor in enumerate(factors)]
    time_map = TimeMap.of(keys, 0, length)
    parts = pace.sound_steps(time_map)
    assert parts[0][0] == 0 and parts[-1][1] == pytest.approx(length)
    assert all(a[1] == b[0] for a, b in pairwise(parts))
    for start, end in parts:
        middle = time_map.shown((start + end) / 2)
        even = (time_map.shown(start) + time_map.shown(end)) / 2
        assert abs(middle - even) < 0.012
        assert (
            len(parts) == 1
            or time_map.shown(end) - time_map.shown(start) >= pace.MIN_STEP_SECONDS - 1e-9
        )


@pytest.mark.slow
def test_very_fast_stretch_plays_ambience(tmp_path: Path) -> None:
    """Also within a span of normal speed, as a plan edited by hand may have it."""
    path = tmp_path / "hour.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=gray:s=320x180:r=10:d=62", "-f", "lavfi", "-i",
        f"aevalsrc='0.2*sin(1000*PI*t)':s={RATE}:d=62", *FAST, *BT709, "-c:a", "aac", path,
    )  # fmt: skip
    plan = plan_of(path, speeds=[(1, 1.0), (1, 30.0), (61, 30.0), (61, 1.0)])
    sound = samples(render(plan, PRESET, tmp_path / "out")[0].path)[:, 0]
    normal, fast_part = sound[RATE // 4 : 3 * RATE // 4], sound[5 * RATE // 4 : 11 * RATE // 4]
    strength = np.abs(np.fft.rfft(fast_part * np.hanning(len(fast_part))))
    assert strength.argmax() * RATE / len(fast_part) == pytest.approx(500, abs=5)
    assert fast_part.std() / normal.std() == pytest.approx(pace.AMBIENCE_VOLUME, abs=0.05)


def test_very_short_changes_of_speed_are_rendered(beats: Path, tmp_path: Path) -> None:
    """Jumps a few milliseconds apart, as a plan edited by hand may have them."""
    keys = [(0, 1.0), (0.002, 1.0), (0.002, 8.0), (1, 8.0), (1.003, 0.5), (1.1, 8.0), (2.999, 8.0),
            (2.9995, 0.25)]  # fmt: skip
    made = render(plan_of(beats, speeds=keys, end=3), PRESET, tmp_path)[0]
    assert len(samples(made.path)) / RATE == pytest.approx(
        len(pictures(made.path)) / FPS, abs=0.022
    )


@given(st.floats(MIN_SPEED, pace.MAX_STRETCH_SPEED))
def test_tempos_multiply_to_the_factor(factor: float) -> None:
    parts = pace.tempos(factor)
    assert float(np.prod(parts)) == pytest.approx(factor, abs=2e-6)
    assert all(0.5 - 1e-6 <= part <= 2 + 1e-6 for part in parts)


def test_normal_speed_adds_no_filter(beats: Path) -> None:
    clip: Clip = plan_of(beats).clips[0]
    picture = object()
    assert pace.change_speed(picture, clip.spans[0].time_map) is picture
    assert pace.stretch_sound(picture, clip.spans[0].time_map, RATE) is picture
