"""Keys that cover faces: never less than what was found."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from btsclip.framing.veil import HELD, LOOSE, face_cover
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
    """A face that wanders, grows and is away for a while, at uneven times."""
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
def test_keys_hold_every_box_on_its_frame_and_between_frames(walk: FaceTracks) -> None:
    boxes, times = walk.boxes[:, 0], walk.times
    keys = face_cover(walk, 0)
    there = np.flatnonzero(np.isfinite(boxes[:, 0]))
    for row in there:
        low = np.clip(boxes[row, :2] - boxes[row, 2:] / 2, 0, 1)
        high = np.clip(boxes[row, :2] + boxes[row, 2:] / 2, 0, 1)
        # Whatever is drawn from the frame before to the one after may show this frame.
        span = times[max(row - 1, 0)], times[min(row + 1, len(times) - 1)]
        for time in np.linspace(*span, 7):
            held = edges_of(keys, float(time))
            # At the picture's edge, rounding may leave a fifth of a pixel of 1080.
            assert (held[:2] <= np.maximum(low, 2e-4) + 1e-9).all()
            assert (held[2:] >= np.minimum(high, 1 - 2e-4) - 1e-9).all()


@given(walks())
def test_keys_stay_in_the_picture_and_in_order(walk: FaceTracks) -> None:
    keys = np.array(face_cover(walk, 0))
    assert (np.diff(keys[:, 0]) >= 0).all()
    assert (keys >= 0).all() and (keys[:, 1:] <= 1).all()
    assert (keys[:, 1:3] - keys[:, 3:] / 2 >= -1e-4).all()


def test_a_still_face_needs_two_keys() -> None:
    boxes = np.tile([0.5, 0.5, 0.2, 0.3], (90, 1))
    boxes[:10] = boxes[80:] = np.nan
    keys = face_cover(tracks(boxes, np.arange(90) / 30), 0)
    assert len(keys) == 2
    assert 9 / 30 - 1e-3 <= keys[0][0] <= 9 / 30 + 1e-3
    assert keys[1][0] >= 80 / 30 - 1e-3
    assert keys[0][3] <= 0.2 * 1.4 * (1 + LOOSE) + 1e-3


def test_a_picture_that_is_held_at_the_end_stays_covered() -> None:
    boxes = np.tile([0.5, 0.5, 0.2, 0.3], (30, 1))
    keys = face_cover(tracks(boxes, 5 + np.arange(30) / 30), 0)
    assert keys[0][0] == 0.0
    assert keys[-1][0] >= 5 + HELD


def test_no_face_has_no_keys() -> None:
    assert face_cover(tracks(np.full((5, 4), np.nan), np.arange(5.0)), 0) == []
    boxes = np.tile([0.5, 0.5, 0.2, 0.3], (30, 1))
    assert face_cover(tracks(boxes, np.arange(30.0)), 0, np.zeros(30, bool)) == []
