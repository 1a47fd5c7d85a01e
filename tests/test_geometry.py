"""Boxes in a picture: corners, hulls, shared areas, pixels, and the true picture within bars."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from btsclip.geometry import (
    WHOLE,
    Box,
    box_between,
    box_in,
    box_overlap,
    cells_within,
    corners,
    enclosing,
    from_corners,
    hull,
    nearest_pixels,
    pixels_of,
    share_within,
    shared_area,
    to_picture,
    to_take,
)

fraction = st.floats(0.05, 0.95)
boxes = st.tuples(fraction, fraction, st.floats(0.01, 0.3), st.floats(0.01, 0.3))
PILLARBOXED = (0.5, 0.5, 0.25, 1.0)


@given(st.lists(boxes, min_size=1, max_size=5))
def test_box_has_the_corners_it_was_made_from(many: list[Box]) -> None:
    edges = corners(many)
    assert (edges[:, :2] < edges[:, 2:]).all()
    assert from_corners(edges) == pytest.approx(np.array(many))
    assert box_between(*edges[0].tolist()) == pytest.approx(many[0])
    left, top, right, bottom = edges[0].tolist()
    assert box_in(left, top, right - left, bottom - top, (1, 1)) == pytest.approx(many[0])


@given(boxes, st.floats(0, 2))
def test_a_margin_is_a_share_of_the_box(box: Box, margin: float) -> None:
    x, y, w, h = from_corners(corners(box, margin))
    assert (x, y) == pytest.approx(box[:2])
    assert (w, h) == pytest.approx((box[2] * (1 + 2 * margin), box[3] * (1 + 2 * margin)))


@given(st.lists(boxes, min_size=1, max_size=5))
def test_hull_is_the_smallest_box_around_all(many: list[Box]) -> None:
    edges = corners(hull(many))
    every = corners(many)
    assert edges == pytest.approx(enclosing(every))
    assert edges == pytest.approx([*every[:, :2].min(0), *every[:, 2:].max(0)])


def test_hull_ignores_missing_boxes() -> None:
    some = np.array([[0.2, 0.5, 0.2, 0.2], [0.6, 0.4, 0.1, 0.4], [np.nan] * 4])
    assert hull(some) == pytest.approx([0.375, 0.4, 0.55, 0.4])
    assert np.isnan(hull(some[2:])).all()


@given(boxes, boxes)
def test_two_boxes_share_no_more_than_the_smaller_one(a: Box, b: Box) -> None:
    assert shared_area(a, b) == pytest.approx(shared_area(b, a))
    assert 0 <= share_within(a, b) <= box_overlap(a, b) + 1e-9 <= 1 + 1e-6
    assert share_within(a, WHOLE) <= 1 + 1e-9
    inner = (a[0], a[1], a[2] / 2, a[3] / 2)
    assert share_within(inner, a) == box_overlap(a, inner) == pytest.approx(1)
    assert share_within(a, inner) == pytest.approx(0.25)


def test_boxes_that_touch_share_nothing() -> None:
    assert shared_area((0.25, 0.5, 0.5, 1), (0.75, 0.5, 0.5, 1)) == 0
    assert shared_area((0.1, 0.1, 0.1, 0.1), (0.9, 0.9, 0.1, 0.1)) == 0


@given(boxes)
def test_cells_within_a_box_have_their_middle_in_it(box: Box) -> None:
    rows, columns = cells_within(box, (9, 16))
    left, top, right, bottom = corners(box)
    for inside, low, high in ((rows, top, bottom), (columns, left, right)):
        middles = (np.arange(len(inside)) + 0.5) / len(inside)
        # Rounding may move a middle that lies on the edge itself.
        clear = (np.abs(middles - low) > 1e-9) & (np.abs(middles - high) > 1e-9)
        assert (inside == ((low <= middles) & (middles <= high)))[clear].all()


def test_cells_of_many_boxes_are_found_at_once() -> None:
    rows, columns = cells_within([[(0.5, 0.5, 0.5, 1)], [(np.nan,) * 4]], (2, 4))
    assert rows.tolist() == [[[True, True]], [[False, False]]]
    assert columns.tolist() == [[[False, True, True, False]], [[False] * 4]]


def test_corners_lie_at_the_nearest_pixels() -> None:
    edges = corners((0.5, 0.25, 0.126, 0.5))
    assert nearest_pixels(edges, (10, 100, 3)) == (44, 0, 56, 5)


@given(fraction, fraction, fraction, fraction)
def test_box_conversions_are_inverse(x: float, y: float, width: float, height: float) -> None:
    boxes = np.array([[0.3, 0.6, 0.2, 0.1], [np.nan] * 4])
    picture = (x, y, width, height)
    assert to_picture(to_take(boxes, picture), picture) == pytest.approx(boxes, nan_ok=True)
    assert (to_take(boxes[0], WHOLE) == boxes[0]).all()


def test_picture_box_is_within_the_bars() -> None:
    assert to_take(WHOLE, PILLARBOXED) == pytest.approx(PILLARBOXED)
    assert to_take((0.0, 1.0), PILLARBOXED) == pytest.approx((0.375, 1.0))
    assert to_take((0.5, 0.5, 0.4, 0.4), PILLARBOXED) == pytest.approx((0.5, 0.5, 0.1, 0.4))


def test_pixels_are_inside_the_picture() -> None:
    rows, columns = pixels_of((0.5, 0.5, 0.333, 1.0), (90, 160, 3))
    assert (rows, columns) == (slice(0, 90), slice(54, 106))
