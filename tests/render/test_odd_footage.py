"""Footage of real phones and cameras is rendered upright, in sync, in color and leveled."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from media import FLASH, GOOD, QUADRANTS, Media
from quick import mostly_slow
from result import (
    PRESET,
    beep_time,
    flash_time,
    loudness,
    pictures,
    plan_of,
    quadrants,
    samples,
    tags,
)

from btsclip.errors import PlanError
from btsclip.media.probing import probe
from btsclip.render import render

FRAME = 1 / PRESET.output.fps
# H.264 at crf 14 and chroma subsampling change flat colors by a few of 255.
COLOR_TOLERANCE = 8
COLORS = [((rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255) for rgb in QUADRANTS.values()]
QUICK = (
    "rotated_90.mp4", "vfr.mp4", "starts_late.ts", "anamorphic.mp4", "no_sound.mp4",
    "sound_late.mkv", "full_range_601.mp4",
)  # fmt: skip
AWKWARD = [
    'it\'s a "day" 100%.mp4',
    "[1] a:b;c,d=e %03d.mp4",
    "🍕 pizza.mp4",
    "عجن العجين.mp4",
    "-y.mp4",
]


@pytest.mark.parametrize("name", mostly_slow(GOOD, *QUICK))
def test_footage_is_rendered_correctly(name: str, media: Media, tmp_path: Path) -> None:
    source = media(name)
    facts = probe(source)
    made = render(plan_of(source), PRESET, tmp_path / "out")[0]
    frames, sound = pictures(made.path), samples(made.path)

    assert abs(len(frames) * FRAME - facts.duration) <= FRAME
    assert abs(len(sound) / 48_000 - len(frames) * FRAME) < 1024 / 48_000
    assert tags(made.path) == ("yuv420p", 1, 1, 1, 1)
    assert is_even(made.path)
    for seen, drawn in zip(quadrants(frames[5]), COLORS, strict=True):
        assert np.abs(np.subtract(seen, drawn)).max() <= COLOR_TOLERANCE, (name, seen, drawn)
    flash = 0.5 if name == "one_second.mp4" else FLASH
    assert abs(flash_time(frames) - flash) <= 1.5 * FRAME
    if facts.has_audio:
        assert abs(beep_time(sound) - flash_time(frames)) <= 1.5 * FRAME
        level, peak = loudness(made.path)
        # The noise of this take allows no more.
        lowest = -18 if name == "mono_44100.mp4" else -14.5
        assert lowest <= level <= -13.5
        assert peak <= -1.5
    else:
        assert np.abs(sound).max() < 1e-4
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "clip-1.jpg", "clip-1.json", "clip-1.mp4",
    ]  # fmt: skip


def is_even(path: Path) -> bool:
    """Every frame lasts one thirtieth of a second."""
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        times = sorted(p.pts * stream.time_base for p in file.demux(stream) if p.pts is not None)
    return times == [Fraction(i, PRESET.output.fps) for i in range(len(times))]


@pytest.mark.parametrize("kind", mostly_slow(["mp4", "mkv", "ts"], "mkv"))
def test_late_pictures_stay_in_sync(kind: str, media: Media, tmp_path: Path) -> None:
    source = media(f"pictures_late.{kind}")
    first = round(probe(source).first_picture, 3)
    made = render(plan_of(source, start=first), PRESET, tmp_path)[0]
    assert first + flash_time(pictures(made.path)) == pytest.approx(2.2, abs=0.06)
    assert first + beep_time(samples(made.path)) == pytest.approx(1.2, abs=0.06)


def test_clip_before_the_first_picture_is_refused(media: Media, tmp_path: Path) -> None:
    plan = plan_of(media("pictures_late.mkv"), start=0.4)
    with pytest.raises(PlanError, match=r"starts at 0\.40 s, but the first picture"):
        render(plan, PRESET, tmp_path)


@pytest.mark.parametrize(
    "name", mostly_slow(["plain.mp4", "long_gop.mp4", "starts_late.ts", "vfr.mp4"], "long_gop.mp4")
)
def test_span_from_the_middle_starts_exactly(name: str, media: Media, tmp_path: Path) -> None:
    plan = plan_of(media(name), start=0.7, end=1.9)
    made = render(plan, PRESET, tmp_path)[0]
    frames = pictures(made.path)
    assert len(frames) == 36
    assert abs(flash_time(frames) - 0.3) <= FRAME
    assert abs(beep_time(samples(made.path)) - 0.3) <= FRAME
    assert np.abs(np.subtract(quadrants(frames[0]), COLORS)).max() <= COLOR_TOLERANCE


def test_fit_blur_shows_the_complete_picture(media: Media, tmp_path: Path) -> None:
    """Anamorphic 16:9 fills the width and 9/16 of it in height; above it is the darkened copy."""
    plan = plan_of(media("anamorphic.mp4"), layout="fit-blur", crop=[])
    frame = pictures(render(plan, PRESET, tmp_path)[0].path)[5].astype(int)
    shown = 216 * 9 // 16
    top = (384 - shown) // 2
    assert np.abs(frame[top + 6, 40] - COLORS[0]).max() <= COLOR_TOLERANCE
    assert np.abs(frame[top + shown - 6, 180] - COLORS[3]).max() <= COLOR_TOLERANCE
    above = frame[top - 40, 40]
    assert above[0] < 0.75 * COLORS[0][0]
    assert above[0] > 1.5 * above[1], "the backdrop is a copy of the picture, not black"


@pytest.mark.parametrize("name", mostly_slow(AWKWARD, *AWKWARD[:2]))
def test_any_file_name_works(name: str, media: Media, tmp_path: Path) -> None:
    folder = tmp_path / f"out {name[:-4]}"
    folder.mkdir()
    source = media.copy("one_second.mp4", folder / name)
    plan = plan_of(source, title=f"{name} \\ $HOME")
    made = render(plan, PRESET, folder)[0]
    assert len(pictures(made.path)) == 30
    assert json.loads(made.sidecar.read_text("utf-8"))["source"]["path"] == name
    with av.open(str(made.path)) as file:
        assert file.metadata["title"] == f"{name} \\ $HOME"


def test_only_the_time_of_recording_is_kept(media: Media, tmp_path: Path) -> None:
    name = "a-01-process-7hq3x"
    plan = plan_of(media("private.mp4"), start=1.5, end=2.5, title="Dough", id=name)
    made = render(plan, PRESET, tmp_path)[0]
    with av.open(str(made.path)) as file:
        # The code at the end identifies the clip in posts.
        assert file.metadata["title"] == "Dough 7hq3x"
        assert file.metadata["creation_time"].startswith("2026-05-03T10:00:01")
    data = made.path.read_bytes()
    assert b"A. Cook" not in data and b"+52.52" not in data and b"private" not in data
