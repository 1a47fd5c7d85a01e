"""Glances at keyframes that are close enough, else at frames half a second apart."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from media import KINDS, Media, ffmpeg
from quick import mostly_slow

from btsclip.media.footage import Footage
from btsclip.media.glances import GLANCE_SECONDS, MIN_KEYFRAME_INTERVAL, read_glances
from btsclip.media.probing import probe


def moving_bars(path: Path, *options: str | Path, seconds: float = 6, rate: int = 25) -> Footage:
    """A take of a moving test picture."""
    source = f"testsrc2=s=192x108:r={rate}:d={seconds}"
    ffmpeg("-f", "lavfi", "-i", source, *options, path)
    return probe(path)


def glance_times(footage: Footage) -> tuple[list[float], list[float]]:
    """Times of the glances, and seconds from each to its second frame."""
    pairs = list(read_glances(footage))
    times = [frame.time for frame, _ in pairs]
    return times, [later.time - frame.time for frame, later in pairs if later]


@pytest.mark.parametrize(
    ("interval", "step"), [(25, 1.0), (10, 0.4), (1, MIN_KEYFRAME_INTERVAL), (150, 0.5), (500, 0.5)]
)
def test_any_keyframe_interval_gives_one_to_two_glances_a_second(
    interval: int, step: float, tmp_path: Path
) -> None:
    options = ["-c:v", "libx264", "-g", f"{interval}", "-keyint_min", f"{interval}"]
    footage = moving_bars(tmp_path / "take.mp4", *options, "-sc_threshold", "0", "-bf", "2")
    times, later = glance_times(footage)
    gaps = [b - a for a, b in pairwise(times)]
    assert times[0] == 0 and times[-1] > footage.duration - step - 0.1
    assert np.median(gaps) == pytest.approx(step, abs=0.05)
    assert len(later) >= len(times) - 1
    assert all(GLANCE_SECONDS - 0.05 <= gap <= 2 * GLANCE_SECONDS + 0.05 for gap in later)


@pytest.mark.parametrize(
    "name", mostly_slow(["take.mkv", "take.ts", "take.avi", "take.webm"], "take.ts")
)
def test_every_container_gives_glances(name: str, tmp_path: Path) -> None:
    codec = ["-c:v", "libvpx"] if name.endswith("webm") else ["-c:v", "libx264"]
    times, _ = glance_times(moving_bars(tmp_path / name, *codec, "-g", "200"))
    assert len(times) >= 10 and times == sorted(times)


@pytest.mark.parametrize("name", mostly_slow(KINDS, "cineform.mov", "animation_alpha.mov"))
def test_every_codec_gives_glances(name: str, media: Media) -> None:
    """Some decoders mark no picture as a keyframe."""
    footage = probe(media(name))
    times, later = glance_times(footage)
    assert times[0] == 0 and times[-1] > footage.duration - 1.0 and len(later) >= 2


def test_take_of_three_frames_has_one_glance(tmp_path: Path) -> None:
    footage = moving_bars(tmp_path / "short.mp4", "-c:v", "libx264", seconds=0.12)
    times, _ = glance_times(footage)
    assert times == [0.0]
