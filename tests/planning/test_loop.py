"""The end of a loop leads back to its start."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, strategies as st
from media import ffmpeg

from btsclip.framing.layout import Framing
from btsclip.framing.screen import crop_at
from btsclip.media.footage import Footage
from btsclip.media.probing import probe
from btsclip.planning.loop import MAX_SEAM, Loop, close_framing, close_loop
from btsclip.presets.load import load_preset
from btsclip.signals.looks import Looks, measure_looks

# Seconds after which the movement of the made take begins again.
PERIOD = 3.0
LENGTHS = (4.0, 8.0)


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    """A patterned square circles over a gray ground."""
    path = tmp_path_factory.mktemp("loop") / "take.mp4"
    x, y = f"400+250*cos(2*PI*t/{PERIOD})", f"260+250*sin(2*PI*t/{PERIOD})"
    ffmpeg(
        "-f", "lavfi", "-i", "color=gray:s=1280x720:r=30:d=10",
        "-f", "lavfi", "-i", "testsrc=s=300x300:r=30:d=10",
        "-filter_complex",
        f"[1]trim=end_frame=1,loop=-1:1[box];"
        f"[0][box]overlay=x='{x}':y='{y}':shortest=1,format=yuv420p",
        "-t", "10", "-c:v", "libx264", "-preset", "ultrafast", "-g", "30", path,
    )  # fmt: skip
    return probe(path)


@pytest.fixture(scope="module")
def looks(take: Footage) -> Looks:
    return measure_looks(take, 0.0, 9.8)


def test_loop_lasts_whole_turns(take: Footage, looks: Looks) -> None:
    found = close_loop(take, looks, (0.0, 5.8), (4.0, 9.8), LENGTHS)
    assert found
    assert found.end - found.start == pytest.approx(2 * PERIOD, abs=0.04)
    assert found.seam < 3
    assert found.why == ", the end leads back to the start"


def test_picture_at_rest_is_no_loop(take: Footage, looks: Looks) -> None:
    rests = (looks.times > 1) & (looks.times < 6)
    still = replace(looks, motion=np.where(rests, 0.0, looks.motion))
    assert close_loop(take, still, (1.0, 1.5), (5.4, 5.9), LENGTHS) is None


def test_short_footage_has_no_loop(take: Footage, looks: Looks) -> None:
    assert close_loop(take, looks, (0.0, 1.0), (2.0, 3.0), LENGTHS) is None


def test_seam_that_shows_is_told() -> None:
    assert "no two pictures" in Loop(0, 5, MAX_SEAM + 1).why


@given(st.lists(st.floats(0.2, 0.8), min_size=2, max_size=12))
def test_crop_comes_back_to_where_it_began(places: list[float]) -> None:
    times = np.linspace(0, 6, len(places))
    keys = tuple((float(t), x, 0.5, 0.3, 1.0) for t, x in zip(times, places, strict=True))
    closed = close_framing(Framing("crop", "hands", keys, 1.0), (0.0, 6.0)).keys
    assert crop_at(closed, 6.0) == pytest.approx(crop_at(closed, 0.0), abs=1e-5)
    assert all(a[0] <= b[0] for a, b in pairwise(closed))
    assert all(0.2 - 1e-6 <= key[1] <= 0.8 + 1e-6 for key in closed)


def test_loop_preset_shows_nothing_after_the_last_picture() -> None:
    preset = load_preset("loop")
    assert preset.pacing.loop and not preset.pacing.jump_cuts
    assert not preset.end_card.text and not preset.end_card.image
    assert preset.sound.fade <= 0.01
