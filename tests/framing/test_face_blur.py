"""Keys that blur faces always cover the whole face."""

from __future__ import annotations

import numpy as np
from hypothesis import given, strategies as st

from btsclip.framing.face_blur import FREEZE_SECONDS, MAX_EXCESS, face_blur_keys
from btsclip.signals.face_tracks import FaceTracks

Array = np.ndarray


def edges_of(keys: list[tuple[float, ...]], time: float) -> Array:
    path = np.array(keys)
    x, y, w, h = (np.interp(time, path[:, 0], path[:, k]) for k in range(1, 5))
    return np.array([x - w / 2, y - h / 2, x + w / 2, y + h / 2])


def tracks(boxes: Array, times: Array) -> FaceTracks:
    return FaceTracks(times, boxes[:, None], np.isfinite(boxes[:, :1]).astype(float))


@st.composite
def walks(draw: st.DrawFn) -> FaceTracks:
    """A face that wanders, grows and may come late, at uneven times."""
    count = draw(st.integers(2, 60))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    steps = random.normal(0, draw(st.sampled_from([0.0, 0.002, 0.03])), (count, 4))
    boxes = np.array([0.5, 0.5, 0.2, 0.3]) + np.cumsum(steps, 0)
    boxes[:, 2:] = np.clip(boxes[:, 2:], 0.01, 0.9)
    times = np.cumsum(random.uniform(0.005, draw(st.sampled_from([0.01, 0.4])), count))
    if draw(st.booleans()):
        boxes[: draw(st.integers(0, count - 1))] = np.nan
    return tracks(boxes, times)


@given(walks())
def test_keys_cover_every_box_on_its_frame_and_between_frames(walk: FaceTracks) -> None:
    boxes, times = walk.boxes[:, 0], walk.times
    keys = face_blur_keys(walk, 0)
    for row in np.flatnonzero(np.isfinite(boxes[:, 0])):
        low = np.clip(boxes[row, :2] - boxes[row, 2:] / 2, 0, 1)
        high = np.clip(boxes[row, :2] + boxes[row, 2:] / 2, 0, 1)
        # The screen may show this frame from the frame before to the frame after.
        span = times[max(row - 1, 0)], times[min(row + 1, len(times) - 1)]
        for time in np.linspace(*span, 7):
            covered = edges_of(keys, float(time))
            # At the picture's edge, rounding may leave a fifth of a pixel of 1080.
            assert (covered[:2] <= np.maximum(low, 2e-4) + 1e-9).all()
            assert (covered[2:] >= np.minimum(high, 1 - 2e-4) - 1e-9).all()


@given(walks())
def test_keys_stay_in_the_picture_and_in_order(walk: FaceTracks) -> None:
    keys = np.array(face_blur_keys(walk, 0))
    assert (np.diff(keys[:, 0]) >= 0).all()
    assert (keys >= 0).all() and (keys[:, 1:] <= 1).all()
    assert (keys[:, 1:3] - keys[:, 3:] / 2 >= -1e-4).all()


def test_still_face_needs_two_keys() -> None:
    boxes = np.tile([0.5, 0.5, 0.2, 0.3], (90, 1))
    boxes[:10] = boxes[80:] = np.nan
    keys = face_blur_keys(tracks(boxes, np.arange(90) / 30), 0)
    assert len(keys) == 2
    assert 9 / 30 - 1e-3 <= keys[0][0] <= 9 / 30 + 1e-3
    assert keys[1][0] >= 80 / 30 - 1e-3
    assert keys[0][3] <= 0.2 * 1.4 * (1 + MAX_EXCESS) + 1e-3


def test_frozen_last_frame_stays_covered() -> None:
    boxes = np.tile([0.5, 0.5, 0.2, 0.3], (30, 1))
    keys = face_blur_keys(tracks(boxes, 5 + np.arange(30) / 30), 0)
    assert keys[0][0] == 0.0
    assert keys[-1][0] >= 5 + FREEZE_SECONDS


def test_no_face_gives_no_keys() -> None:
    assert face_blur_keys(tracks(np.full((5, 4), np.nan), np.arange(5.0)), 0) == []
    boxes = np.tile([0.5, 0.5, 0.2, 0.3], (30, 1))
    assert face_blur_keys(tracks(boxes, np.arange(30.0)), 0, np.zeros(30, bool)) == []
