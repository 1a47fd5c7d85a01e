"""Clips of several spans: pictures and sounds in their places, at one level."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from media import ffmpeg, take
from result import PRESET, loudness, pictures, plan_of, samples

from btsclip.errors import FootageError
from btsclip.media.probing import probe
from btsclip.plan.model import Clip, CutPlan, Lane, Source, Span
from btsclip.plan.texts import Card
from btsclip.render import RenderedClip, render
from btsclip.render.timeline import parts_of, still_frame

FPS = PRESET.output.fps
# Frame rate and flash of the takes: each has its flash at another time.
TAKES = [
    ("30", 0.8), ("25", 1.1), ("24000/1001", 0.9), ("60", 1.3), ("30000/1001", 0.7), ("50", 1.0),
]  # fmt: skip


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("takes")
    paths = []
    for number, (rate, flash) in enumerate(TAKES):
        path = folder / f"take {number}.mp4"
        take(path, size=(320, 180), rate=rate, flash=flash, sound_rate=(48000, 44100)[number % 2])
        paths.append(path)
    return paths


def story(spans: list[Span], **more: object) -> CutPlan:
    clip = Clip(id="story", kind="process", score=1, why="a test", spans=spans, **more)
    used = dict.fromkeys([span.source for span in spans])
    sources = [
        Source(path=path, size=probe(path).size, duration=probe(path).duration) for path in used
    ]
    return CutPlan(preset="test", sources=sources, clips=[clip])


def span(path: Path, start: float, end: float, **more: object) -> Span:
    return Span(source=str(path), start=start, end=end, layout="fit-blur", **more)


def rendered(plan: CutPlan, folder: Path) -> RenderedClip:
    (result,) = render(plan, PRESET, folder)
    return result


def white_times(frames: np.ndarray) -> list[float]:
    """Times in seconds at which white pictures begin."""
    middle = frames[:, 160:224].mean(axis=(1, 2, 3)) > 190
    return [float(i) / FPS for i in np.flatnonzero(np.diff(middle.astype(int), prepend=0) == 1)]


def beep_times(sound: np.ndarray) -> list[float]:
    """Times in seconds at which beeps begin: 1 kHz over a hum of 200 Hz."""
    size = 240
    blocks = sound.mean(1)[: len(sound) // size * size].reshape(-1, size)
    tone = np.exp(-2j * np.pi * 1000 * np.arange(size) / 48_000)
    power = np.abs(blocks @ tone)
    loud = power > 0.4 * np.percentile(power, 99)
    starts = np.flatnonzero(np.diff(loud.astype(int), prepend=0) == 1)
    return [i * size / 48_000 for i in starts if not loud[max(0, i - 20) : i].any()]


@pytest.mark.slow
def test_twelve_spans_stay_in_sync(takes: list[Path], tmp_path: Path) -> None:
    spans, due, at = [], [], 0.0
    for number in range(12):
        flash = TAKES[number % 6][1]
        start, end = flash - 0.31 - 0.017 * number, flash + 0.72
        speeds = [(start, 1.5)] if number == 7 else []
        card = Card(text="One hour later", seconds=0.73, role="time") if number == 4 else None
        enter = "dissolve" if number in (3, 9) else "cut"
        spans.append(span(takes[number % 6], start, end, speeds=speeds, card=card, enter=enter))
        at += card.seconds if card else 0.0
        due.append(at + (flash - start) / (1.5 if speeds else 1.0))
        at += spans[-1].seconds
    result = rendered(story(spans), tmp_path)
    frames, sound = pictures(result.path), samples(result.path)
    assert len(frames) == round(at * FPS)
    seen, heard = white_times(frames), beep_times(sound)
    assert len(seen) == len(heard) == 12
    # A frame of the source and one of the output may be between.
    assert np.abs(np.array(seen) - due).max() <= 1 / 30 + 1 / 24
    assert np.abs(np.array(heard) - due).max() <= 0.03
    # The promise is 40 ms; half a frame of the slowest source is not an error of joining.
    assert np.abs(np.array(seen) - heard).max() <= 0.04
    # No clicks at the joins: no sample jumps.
    assert np.abs(np.diff(sound[:, 0])).max() < 0.2


@pytest.mark.slow
def test_spans_of_different_levels_are_evened(tmp_path: Path) -> None:
    spans = []
    for number, volume in enumerate((0.5, 0.05, 0.2, 0.03, 0.4)):
        path = tmp_path / f"{number}.mp4"
        ffmpeg(
            "-f", "lavfi", "-i", "color=gray:s=160x90:r=30:d=3", "-f", "lavfi", "-i",
            f"anoisesrc=d=3:c=pink:seed={number}:a={volume}", "-c:v", "libx264", "-preset",
            "ultrafast", "-c:a", "aac", path,
        )  # fmt: skip
        spans.append(span(path, 0.5, 2.5))
    result = rendered(story(spans), tmp_path / "out")
    assert loudness(result.path)[0] == pytest.approx(-14, abs=0.5)
    sound = samples(result.path)
    powers = [
        20 * np.log10(np.sqrt((sound[i * 96_000 + 9600 : (i + 1) * 96_000 - 9600] ** 2).mean()))
        for i in range(5)
    ]
    assert max(powers) - min(powers) < 1.5, powers


@pytest.mark.slow
def test_dissolve_and_card(takes: list[Path], tmp_path: Path) -> None:
    red, blue = (tmp_path / f"{name}.mp4" for name in ("red", "blue"))
    for path in (red, blue):
        ffmpeg(
            "-f", "lavfi", "-i", f"color={path.stem}:s=320x568:r=30:d=2", "-c:v", "libx264",
            "-preset", "ultrafast", path,
        )  # fmt: skip
    card = Card(text="We wait", seconds=1.0)
    plan = story(
        [span(red, 0, 1), span(blue, 0, 1, enter="dissolve"), span(red, 0.5, 1.5, card=card)]
    )
    result = rendered(plan, tmp_path / "out")
    frames = pictures(result.path).astype(int)
    assert len(frames) == 4 * FPS
    redness = frames[:, 192, 10, 0] - frames[:, 192, 10, 2]
    assert (redness[: FPS - 1] > 150).all(), "red until the dissolve begins"
    fading = redness[FPS - 1 : FPS + 9]
    assert (np.diff(fading) < 5).all() and fading[0] > 150 > -150 > fading[-1]
    assert (redness[FPS + 10 : 2 * FPS] < -150).all()
    shown = frames[2 * FPS + 5]
    assert 20 < shown[192, 10, 0] < 140, "the card's ground is the next picture, darkened"
    assert shown.max() > 230, "and its text is on it"
    assert np.abs(frames[2 * FPS : 3 * FPS] - shown).mean() < 3, "the card is still"
    assert (redness[3 * FPS + 1 :] > 150).all()


@pytest.mark.slow
def test_lead_and_tail_of_the_sound(tmp_path: Path) -> None:
    low, high = tmp_path / "low.mp4", tmp_path / "high.mp4"
    for path, pitch in ((low, 300), (high, 2000)):
        ffmpeg(
            "-f", "lavfi", "-i", "color=gray:s=160x90:r=30:d=6", "-f", "lavfi", "-i",
            f"sine=f={pitch}:d=6", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", path,
        )  # fmt: skip

    def high_from(plan: CutPlan, name: str) -> tuple[float, float]:
        """Times in seconds at which the high tone starts and the low tone ends."""
        sound = samples(rendered(plan, tmp_path / name).path).mean(1)
        size = 480
        blocks = sound[: len(sound) // size * size].reshape(-1, size)
        powers = [
            np.abs(blocks @ np.exp(-2j * np.pi * pitch * np.arange(size) / 48_000))
            for pitch in (2000, 300)
        ]
        loud = [power > 0.1 * power.max() for power in powers]
        return float(loud[0].argmax()) / 100, float(np.flatnonzero(loud[1])[-1] + 1) / 100

    plain = high_from(story([span(low, 1, 3), span(high, 1, 3)]), "plain")
    assert plain == pytest.approx((2.0, 2.0), abs=0.03)
    leading = high_from(story([span(low, 1, 3), span(high, 1, 3, lead=0.5)]), "j")
    assert 1.5 <= leading[0] <= 1.6 and leading[1] == pytest.approx(2.0, abs=0.03)
    trailing = high_from(story([span(low, 1, 3, tail=0.5), span(high, 1, 3)]), "l")
    assert trailing[0] == pytest.approx(2.0, abs=0.03) and 2.4 <= trailing[1] <= 2.52
    early = high_from(story([span(high, 0.2, 2, lead=1), span(low, 1, 3)]), "start")
    assert early[0] < 0.05, "no sound before the start of the clip"


@pytest.mark.slow
def test_sound_waits_for_the_card_before_a_single_span(takes: list[Path], tmp_path: Path) -> None:
    flash = TAKES[0][1]
    plan = story([span(takes[0], 0, 2, card=Card(text="We wait", seconds=1.5))])
    result = rendered(plan, tmp_path)
    (seen,), (heard,) = white_times(pictures(result.path)), beep_times(samples(result.path))
    assert seen == pytest.approx(1.5 + flash, abs=0.05)
    assert heard == pytest.approx(seen, abs=0.04)


@pytest.mark.slow
def test_music_is_ducked_under_sound(tmp_path: Path) -> None:
    path, tune = tmp_path / "take.mp4", tmp_path / "tune.mp3"
    # Blows of noise from 2 to 4 s, nothing before and after.
    blows = "anoisesrc=d=6:c=pink:a=0.5,volume='between(t,2,4)*lt(mod(t,0.25),0.15)':eval=frame"
    ffmpeg(
        "-f", "lavfi", "-i", "color=gray:s=160x90:r=30:d=6", "-f", "lavfi", "-i", blows, "-c:v",
        "libx264", "-preset", "ultrafast", "-c:a", "aac", path,
    )  # fmt: skip
    ffmpeg("-f", "lavfi", "-i", "sine=f=440:d=9", "-c:a", "libmp3lame", tune)
    levels = {}
    for ducks in (True, False):
        lane = Lane(path=str(tune), gain=-4, ducks=ducks)
        plan = story([span(path, 0, 3), span(path, 3, 6)], lanes=[lane])
        sound = samples(rendered(plan, tmp_path / str(ducks)).path).mean(1)
        size = 4800
        blocks = sound[: len(sound) // size * size].reshape(-1, size)
        tone = np.abs(blocks @ np.exp(-2j * np.pi * 440 * np.arange(size) / 48_000)) / size
        levels[ducks] = 20 * np.log10(np.maximum(tone, 1e-6))
    ducked = levels[True][8:18].mean() - levels[True][25:38].mean()
    steady = levels[False][8:18].mean() - levels[False][25:38].mean()
    assert ducked > 6 and abs(steady) < 3
    assert levels[True][52:56].mean() == pytest.approx(levels[True][8:18].mean(), abs=2)


def test_lane_without_sound_is_named(takes: list[Path], tmp_path: Path) -> None:
    silent = tmp_path / "silent.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=gray:s=160x90:r=30:d=1", "-c:v", "libx264", silent)
    for path, message in ((silent, "holds no sound"), (tmp_path / "gone.mp3", "no such file")):
        plan = story([span(takes[0], 0, 1)], lanes=[Lane(path=str(path))])
        with pytest.raises(FootageError, match=f"{path.name}: {message}"):
            rendered(plan, tmp_path / "out")
    assert not list((tmp_path / "out").glob("*"))


def test_parts_have_no_gaps_and_borders_do_not_drift(takes: list[Path]) -> None:
    spans = [
        span(takes[0], 0.1, 0.1 + 0.333, card=Card(text="a", seconds=0.5) if i % 3 == 0 else None)
        for i in range(40)
    ]
    clip = story(spans).clips[0]
    parts = parts_of(clip, PRESET.output)
    assert [part.first for part in parts[1:]] == [part.end for part in parts[:-1]]
    assert parts[-1].end == round(clip.seconds_shown * FPS)


def test_cover_may_be_in_any_span(takes: list[Path], tmp_path: Path) -> None:
    flash = TAKES[1][1]
    plan = story([span(takes[0], 0, 0.5), span(takes[1], 0.5, 1.5, cover=flash + 0.1)])
    result = rendered(plan, tmp_path)
    from PIL import Image

    with Image.open(result.cover) as cover:
        assert np.asarray(cover)[160:224].mean() > 200


def test_cover_is_not_a_card(takes: list[Path]) -> None:
    card = Card(text="a", seconds=3)
    clip = story([span(takes[0], 0, 1), span(takes[1], 0, 1, card=card)]).clips[0]
    preset = PRESET.model_copy(update={"cover": PRESET.cover.model_copy(update={"at": 0.5})})
    assert still_frame(clip, preset) == 4 * FPS


def test_one_span_shows_its_flash_once(takes: list[Path], tmp_path: Path) -> None:
    result = rendered(plan_of(takes[0]), tmp_path)
    assert len(result.clip.spans) == 1
    assert len(white_times(pictures(result.path))) == 1
