"""Lost pictures are found while a take is measured, and bound its moments."""

from __future__ import annotations

from pathlib import Path

import made_signals
import media
import numpy as np
import pytest
from hypothesis import given, strategies as st
from result import PRESET, pictures, plan_of

from btsclip.analysis import analyze_footage
from btsclip.media.damage import find_damage
from btsclip.media.glances import read_glances
from btsclip.media.probing import probe
from btsclip.moments.find import find_moments
from btsclip.planning import add_source_warnings, source_of
from btsclip.render import render
from btsclip.signals.damage import find_lost_spans, with_lost_spans
from btsclip.signals.samples import VisualSamples
from btsclip.signals.shots import count_cuts


def write_damaged(path: Path, *options: str) -> Path:
    """A take whose pictures from about 2.5 s to 3.5 s are zeros."""
    plain = path.with_suffix(".plain.mp4")
    media.take(plain, size=(160, 90), seconds=6.0, extra=options)
    data = bytearray(plain.read_bytes())
    begin, end = int(0.42 * len(data)), int(0.58 * len(data))
    data[begin:end] = bytes(end - begin)
    path.write_bytes(data)
    return path


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_damaged(tmp_path_factory.mktemp("take") / "take.mp4", "-g", "15")


def test_the_analysis_finds_lost_pictures(
    damaged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BTSCLIP_CACHE", str(tmp_path))
    fresh, cached = (analyze_footage(probe(damaged)) for _ in range(2))
    assert fresh.footage.lost == cached.footage.lost == cached.signals.lost
    ((start, end),) = fresh.footage.lost
    assert 1.0 < start < 3.5 and 2.5 < end < 5.0
    assert {start, end} <= set(fresh.signals.borders)
    assert all(m.end <= start or m.start >= end for m in fresh.moments)
    source = source_of(fresh.footage)
    (clip,) = add_source_warnings(plan_of(damaged).clips, [source])
    assert "take.mp4 has no readable pictures from 0:0" in clip.warnings[-1]


def test_damage_shorter_than_the_time_between_keyframes_is_found(tmp_path: Path) -> None:
    """Pictures after it are made from what is missing, until the next keyframe."""
    footage = probe(write_damaged(tmp_path / "take.mp4", "-g", "150", "-bf", "2"))
    samples = VisualSamples()
    for frame, _ in read_glances(footage):
        samples.add_still(frame)
        samples.note_damage(frame)
    ((start, end),) = find_lost_spans(footage, samples)
    assert 2.0 < start < 3.5 and end == pytest.approx(5.0)


def test_a_clip_before_a_long_damage_is_rendered(tmp_path: Path) -> None:
    """ffmpeg reads on into the damage, where most of what it reads can't be decoded."""
    path, plain = tmp_path / "take.mp4", tmp_path / "plain.mp4"
    media.ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x36:r=10:d=60", *media.FAST, "-g", "10", plain)
    data = bytearray(plain.read_bytes())
    begin, end = int(0.3 * len(data)), int(0.8 * len(data))
    data[begin:end] = bytes(end - begin)
    path.write_bytes(data)
    (start, _), *_ = find_damage(probe(path), (0.0, 60.0))
    plan = plan_of(path, start=start - 2.0, end=start, layout="fit-blur", crop=[])
    assert len(pictures(render(plan, PRESET, tmp_path / "out")[0].path)) == 60


@given(
    st.lists(st.tuples(st.floats(0, 28), st.floats(0.05, 4)), min_size=1, max_size=4),
    st.floats(0, 20),
)
def test_no_moment_holds_lost_pictures(parts: list[tuple[float, float]], begin: float) -> None:
    lost, last = [], 0.0
    for start, seconds in sorted(parts):
        if start > last + 0.3:
            last = round(min(30.0, start + seconds), 3)
            lost.append((round(start, 3), last))
    signals = made_signals.signals(30.0, ((begin, begin + 9.0),), borders=(5.0, 21.0))
    signals = with_lost_spans(signals, tuple(lost))
    moments = find_moments(signals, 30.0)
    assert all(m.end <= start or m.start >= end for m in moments for start, end in lost)
    assert count_cuts(signals.cuts, 30.0) == 0


def test_borders_keep_their_distances() -> None:
    signals = made_signals.signals(
        20.0, ((2.0, 12.0),), borders=(4.0, 9.0), exact_borders=True,
        border_distances=np.array([0.2, 0.7]),
    )  # fmt: skip
    lost = with_lost_spans(signals, ((5.0, 6.5),))
    assert lost.borders == (4.0, 5.0, 6.5, 9.0)
    assert lost.border_distances.tolist() == [0.2, 1.0, 1.0, 0.7]
