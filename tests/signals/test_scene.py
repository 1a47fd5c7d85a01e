from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from btsclip.media.footage import probe
from btsclip.media.frames import read_glances
from btsclip.moments.belief import scene_odds
from btsclip.signals.motion import Motion
from btsclip.signals.scene import (
    CELLS,
    CHANNELS,
    SceneHeads,
    motion_weight,
    scene_channels,
    scene_heads,
    scene_map,
)

SAMPLE = Path(__file__).parents[2] / "samples" / "kitchen.mp4"


def moving(left: float, right: float) -> Motion:
    """Motion at these speeds in the left and in the right half of the picture."""
    flow = np.zeros((90, 160, 2), np.float32)
    flow[:, :80, 0], flow[:, 80:, 0] = left, right
    return Motion(1.0, max(left, right), 0.5, 0.0, flow)


def test_a_picture_gives_a_map_of_channels_between_0_and_6() -> None:
    frame = next(iter(read_glances(probe(SAMPLE))))[0]
    seen = scene_map(frame.image)
    assert seen.shape == (CHANNELS, CELLS, CELLS)
    assert seen.min() >= 0 and 5 < seen.max() <= 6


def test_what_moves_decides_what_is_read() -> None:
    seen = np.zeros((CHANNELS, CELLS, CELLS), np.float32)
    seen[0, :, : CELLS // 2], seen[1, :, CELLS // 2 :] = 4.0, 4.0
    left = scene_channels(seen, moving(0.5, 0.0))
    assert left[0] > 3.9 and left[1] < 0.1
    both = scene_channels(seen, None)
    assert both[:2] == pytest.approx(2.0)
    # The largest value does not care where things move.
    assert left[CHANNELS : CHANNELS + 2] == pytest.approx(4.0)


def test_a_cell_that_rests_never_counts_for_nothing() -> None:
    assert motion_weight(moving(0.5, 0.0)).min() > 0


def test_what_is_there_all_the_time_says_nothing() -> None:
    names = scene_heads().names
    heads = SceneHeads(
        ("work",), np.zeros((1, CHANNELS)), np.ones((1, CHANNELS)), np.array([CHANNELS])
    )
    channels = np.ones(2 * CHANNELS)
    odds, relative = heads.read(channels)
    assert odds == relative == CHANNELS
    assert heads.may_show("work", channels) and not heads.may_show("work", 0.9 * channels)
    assert {"process", "hands"} <= set(names)


def test_the_sample_looks_like_work_where_it_is(tmp_path: Path) -> None:
    from btsclip.signals.measure import measure_signals

    signals = measure_signals(probe(SAMPLE), worth=lambda seen: np.zeros(len(seen.times), bool))
    odds = scene_odds(signals, "process")
    work = (signals.times >= 6) & (signals.times < 37)
    assert np.median(odds[work]) > np.median(odds[~work]) + 1
