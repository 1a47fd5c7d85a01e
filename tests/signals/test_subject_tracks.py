from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from btsclip.media.probing import probe
from btsclip.signals.motion import Motion
from btsclip.signals.subject_boxes import moving_box
from btsclip.signals.subject_tracks import MAX_FACES, Tracks, track_footage

SAMPLE = Path(__file__).parents[2] / "samples" / "kitchen.mp4"


def motion(*patches: tuple[slice, slice], speed: float = 0.3) -> Motion:
    """Motion to the right within `patches` (rows, columns) of a 90x160 picture."""
    flow = np.zeros((90, 160, 2), np.float32)
    for rows, columns in patches:
        flow[rows, columns, 0] = speed
    return Motion(0.0, 0.0, 0.0, 0.0, flow)


def test_moving_box_is_near_the_hands() -> None:
    near, far = (slice(40, 60), slice(20, 40)), (slice(0, 30), slice(120, 160))
    hand = (30 / 160, 50 / 90, 0.15, 0.3)
    box = moving_box(motion(near, far), [hand])
    assert box == pytest.approx((30 / 160, 50 / 90, 20 / 160, 20 / 90), abs=0.02)
    pan = moving_box(motion(near, far), [hand], beyond=True)
    assert pan == pytest.approx((140 / 160, 15 / 90, 40 / 160, 30 / 90), abs=0.03)
    wide = moving_box(motion(near, far), [])
    assert wide and wide[2] > 0.7
    assert moving_box(motion(speed=0.0), []) is None


def test_stray_vectors_do_not_widen_the_box() -> None:
    with_strays = motion((slice(30, 60), slice(60, 100)))
    with_strays.flow[2, 2, 0] = with_strays.flow[88, 155, 0] = 0.3
    box = moving_box(with_strays, [])
    assert box and box[2] < 0.3 and box[3] < 0.4


@pytest.fixture(scope="module")
def kneading() -> Tracks:
    return track_footage(probe(SAMPLE), 6.0, 9.0)


def test_working_hands_are_in_nearly_every_sample(kneading: Tracks) -> None:
    assert len(kneading.times) == pytest.approx(15, abs=1)
    assert kneading.times[0] >= 6.0 - 1e-6 and kneading.times[-1] < 9.0 + 1e-6
    seen = np.isfinite(kneading.hands[..., 0])
    assert seen.any(1).mean() >= 0.9
    assert (kneading.presence[seen] > 0.2).all() and (kneading.presence[~seen] == 0).all()
    assert kneading.faces.shape == (len(kneading.times), MAX_FACES, 4)


def test_hand_keeps_its_column(kneading: Tracks) -> None:
    for k in range(kneading.hands.shape[1]):
        centers = kneading.hands[np.isfinite(kneading.hands[:, k, 0]), k, :2]
        if len(centers) > 3:
            assert np.median(np.hypot(*np.diff(centers, axis=0).T)) < 0.1


def test_span_beyond_the_end_is_cut_off() -> None:
    footage = probe(SAMPLE)
    tracks = track_footage(footage, footage.duration - 1, footage.duration + 5)
    assert len(tracks.times) and tracks.times[-1] <= footage.duration
    assert tracks.work.shape == (len(tracks.times), 4)
