from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from btsclip.media.glances import read_glances
from btsclip.media.probing import probe
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
    """Motion with the speeds `left` and `right` in the halves of the picture."""
    flow = np.zeros((90, 160, 2), np.float32)
    flow[:, :80, 0], flow[:, 80:, 0] = left, right
    return Motion(1.0, max(left, right), 0.5, 0.0, flow)


def test_scene_map_has_values_between_0_and_6() -> None:
    frame = next(iter(read_glances(probe(SAMPLE))))[0]
    seen = scene_map(frame.image)
    assert seen.shape == (CHANNELS, CELLS, CELLS)
    assert seen.min() >= 0 and 5 < seen.max() <= 6


def test_channels_are_weighted_by_motion() -> None:
    seen = np.zeros((CHANNELS, CELLS, CELLS), np.float32)
    seen[0, :, : CELLS // 2], seen[1, :, CELLS // 2 :] = 4.0, 4.0
    left = scene_channels(seen, moving(0.5, 0.0))
    assert left[0] > 3.9 and left[1] < 0.1
    both = scene_channels(seen, None)
    assert both[:2] == pytest.approx(2.0)
    # The maxima do not depend on motion.
    assert left[CHANNELS : CHANNELS + 2] == pytest.approx(4.0)


def test_still_cells_have_some_weight() -> None:
    assert motion_weight(moving(0.5, 0.0)).min() > 0


def test_relative_part_is_read_separately() -> None:
    names = scene_heads().names
    heads = SceneHeads(
        ("work",), np.zeros((1, CHANNELS)), np.ones((1, CHANNELS)), np.array([CHANNELS])
    )
    channels = np.ones(2 * CHANNELS)
    odds, relative = heads.read(channels)
    assert odds == relative == CHANNELS
    assert heads.may_show("work", channels) and not heads.may_show("work", 0.9 * channels)
    assert {"process", "hands"} <= set(names)


def test_sample_reads_as_work_in_its_work_scenes(tmp_path: Path) -> None:
    from btsclip.signals.measure import measure_signals

    signals = measure_signals(
        probe(SAMPLE), needs_dense=lambda draft: np.zeros(len(draft.times), bool)
    )
    odds = scene_odds(signals, "process")
    work = (signals.times >= 6) & (signals.times < 37)
    assert np.median(odds[work]) > np.median(odds[~work]) + 1
