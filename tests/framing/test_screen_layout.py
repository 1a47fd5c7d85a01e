from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from btsclip.framing.crop import CropSpan, crop_subject, share_inside, share_shown
from btsclip.framing.layout import Canvas, frame_subject
from btsclip.framing.subject import Region, Subject
from btsclip.presets.schema import Layout
from btsclip.signals.work_map import MAP_SIDE

HD, UHD, TALL, VERTICAL = (1280, 720), (3840, 2160), (720, 1280), (1080, 1920)
STEP = 0.2


def region(xs: list[float], width: float, y: float = 0.5, height: float = 0.3) -> Region:
    count = len(xs)
    box = np.column_stack([xs, [y] * count, [width] * count, [height] * count])
    return Region(box, np.ones(count))


def empty_region(count: int) -> Region:
    return Region(np.tile([0.5, 0.5, 0.2, 0.2], (count, 1)), np.zeros(count))


def subject(
    xs: list[float], width: float = 0.15, face: Region | None = None, beside: Region | None = None
) -> Subject:
    count = len(xs)
    times = np.arange(count) * STEP
    none = empty_region(count)
    return Subject(times, region(xs, width), none, face or none, beside or none, "hands")


def span_of(made: Subject, *borders: float) -> CropSpan:
    return CropSpan(0.0, len(made.times) * STEP, borders)


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ((1920, 1080), (0.3164, 1.0)),
        ((1080, 1920), (1.0, 1.0)),
        ((1000, 1000), (0.5625, 1.0)),
        ((1080, 2400), (1.0, 0.8)),
    ],
)
def test_largest_crop_has_the_shape_of_the_output(
    picture: tuple[int, int], expected: tuple[float, float]
) -> None:
    assert Canvas(picture, VERTICAL).largest == pytest.approx(expected, abs=1e-3)


def test_still_hands_get_a_still_crop() -> None:
    made = subject([0.7 + 0.02 * np.sin(i) for i in range(48)])
    framing = frame_subject(made, span_of(made), Canvas(HD, VERTICAL))
    assert framing.layout == "crop" and framing.inside == 1
    assert len({key[1:] for key in framing.keys}) == 1
    assert framing.keys[0][1] == pytest.approx(0.7, abs=0.03)


def test_crop_moves_only_to_show_clearly_more() -> None:
    size = Canvas(HD, VERTICAL).largest
    brief = subject([0.5] * 99 + [0.9])
    assert len(crop_subject(brief, span_of(brief), size).keys) == 2
    wandering = subject(list(np.linspace(0.2, 0.8, 60)))
    moving = crop_subject(wandering, span_of(wandering), size)
    assert len(moving.keys) > 2 and moving.inside > 0.95


def test_crop_jumps_at_a_shot_border() -> None:
    made = subject([0.25] * 25 + [0.75] * 25)
    framing = frame_subject(made, span_of(made, 5.0), Canvas(HD, VERTICAL))
    times = [key[0] for key in framing.keys]
    assert times.count(5.0) == 2
    assert framing.keys[0][1] == pytest.approx(0.25, abs=0.02)
    assert framing.keys[-1][1] == pytest.approx(0.75, abs=0.02)


def test_motion_without_hands_is_not_followed() -> None:
    size = Canvas(HD, VERTICAL).largest
    hands = subject(list(np.linspace(0.2, 0.8, 60)))
    moving = replace(hands, kind="motion")
    assert len({key[1] for key in crop_subject(hands, span_of(hands), size).keys}) > 10
    assert len({key[1] for key in crop_subject(moving, span_of(moving), size).keys}) == 1


@pytest.mark.parametrize(
    ("width", "shape"), [(0.42, 4 / 5), (0.52, 15 / 16), (0.7, 4 / 3), (0.9, None)]
)
def test_work_wider_than_the_crop_gets_a_wider_layout(width: float, shape: float | None) -> None:
    made = subject([0.5] * 30, width)
    framing = frame_subject(made, span_of(made), Canvas(HD, VERTICAL))
    assert framing.layout == "fit-blur" and framing.inside == 1
    if shape is None:
        assert not framing.keys
    else:
        assert framing.keys[0][3] * 16 / 9 == pytest.approx(shape)


def test_tall_crop_that_shows_nearly_all_is_used_before_a_strip() -> None:
    made = subject([0.5] * 30, 0.64)
    framing = frame_subject(made, span_of(made), Canvas(HD, VERTICAL))
    width, height = framing.keys[0][3] * HD[0], framing.keys[0][4] * HD[1]
    assert framing.layout == "fit-blur"
    assert height / width * VERTICAL[0] / VERTICAL[1] >= 0.5625 - 1e-6


def test_crop_rests_between_two_hands_that_do_not_fit() -> None:
    """A hand that stirs at the edge of the picture does not pull a crop to and fro."""
    xs = [0.6 + 0.02 * np.sin(i * 0.9) for i in range(40)]
    widths = np.array(xs) * 2 - 0.68
    made = subject(xs)
    made = replace(made, required=Region(np.column_stack([xs, [0.5] * 40, widths, [0.2] * 40]),
                                         np.ones(40)))  # fmt: skip
    for shape in (0.45, 0.527):
        crop = crop_subject(made, span_of(made), (shape, 1.0))
        turns = np.diff(np.sign(np.diff([key[1] for key in crop.keys])))
        assert np.count_nonzero(turns) == 0
    framing = frame_subject(made, span_of(made), Canvas(HD, VERTICAL))
    assert framing.layout == "fit-blur" and framing.inside >= 0.95
    assert len({key[1:] for key in framing.keys}) == 1


def test_wider_crop_that_rests_is_used_before_one_that_moves() -> None:
    made = subject([0.45] * 30 + [0.55] * 30, 0.42)
    framing = frame_subject(made, span_of(made), Canvas(HD, VERTICAL))
    assert framing.layout == "fit-blur" and framing.inside == 1
    assert len({key[1:] for key in framing.keys}) == 1


def test_whole_picture_that_is_tall_is_shown_before_one_hand() -> None:
    made = replace(subject([0.5] * 30, 0.9), leading=region([0.2] * 30, 0.1), work_map=even_map(30))
    framing = frame_subject(made, span_of(made), Canvas((864, 1080), VERTICAL))
    assert framing.layout == "fit-blur" and not framing.keys


@pytest.mark.parametrize("allowed", [("crop",), ("crop", "fit-blur")])
def test_moving_hand_is_shown_where_both_do_not_fit(allowed: tuple[Layout, ...]) -> None:
    made = replace(subject([0.5] * 30, 0.9), leading=region([0.2] * 30, 0.1), work_map=even_map(30))
    framing = frame_subject(made, span_of(made), Canvas(HD, VERTICAL), allowed)
    assert framing.layout == "crop"
    assert abs(framing.keys[0][1] - 0.2) <= framing.keys[0][3] / 2 - 0.05


def even_map(count: int) -> np.ndarray:
    return np.full((count, MAP_SIDE, MAP_SIDE), MAP_SIDE**-2.0)


def test_tight_crop_does_not_enlarge_pixels() -> None:
    made = subject([0.5] * 30, 0.08)
    sizes = [frame_subject(made, span_of(made), Canvas(p, VERTICAL)).keys[0][4] for p in (HD, UHD)]
    assert sizes[0] == 1
    assert sizes[1] == pytest.approx(1920 / 2160, abs=1e-3)


def test_face_far_from_the_hands_gets_its_own_half() -> None:
    face = region([0.85] * 30, 0.1, y=0.25, height=0.2)
    made = subject([0.2] * 30, face=face)
    framing = frame_subject(made, span_of(made), Canvas((1920, 1080), VERTICAL))
    assert framing.layout == "split" and framing.keys and framing.below
    (_, x, _, w, h), (_, fx, fy, fw, fh) = framing.keys[0], framing.below[0]
    for width, height in ((w, h), (fw, fh)):
        assert width / height * 16 / 9 == pytest.approx(1080 / 960, rel=1e-3)
    assert x - w / 2 <= 0.125 and fx + fw / 2 >= 0.9 and fy - fh / 2 <= 0.15
    near = subject([0.8] * 30, face=face)
    assert frame_subject(near, span_of(near), Canvas((1920, 1080), VERTICAL)).layout == "crop"
    passing = Region(face.box, np.repeat([1.0, 0.0], [10, 20]))
    made = subject([0.2] * 30, face=passing)
    assert frame_subject(made, span_of(made), Canvas((1920, 1080), VERTICAL)).layout == "crop"


@pytest.mark.parametrize(
    ("xs", "height", "expected"),
    [
        ([0.85] * 30, 0.35, "split"),  # a pan on the stove
        ([0.7, 0.95] * 15, 0.35, "crop"),  # somebody who walks by
        ([0.85] * 30, 0.9, "crop"),  # an arm
        ([0.3] * 30, 0.35, "crop"),  # beside the hands anyway
    ],
)
def test_pan_far_from_the_hands_gets_its_own_half(
    xs: list[float], height: float, expected: str
) -> None:
    made = subject([0.2] * 30, beside=region(xs, 0.2, height=height))
    framing = frame_subject(made, span_of(made), Canvas((1920, 1080), VERTICAL))
    assert framing.layout == expected
    if framing.below:
        _, x, _, w, _ = framing.below[0]
        assert x - w / 2 <= 0.75 and x + w / 2 >= 0.95


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=40),
    st.floats(0.01, 0.6),
    st.sampled_from([HD, UHD, TALL, (900, 900), (3840, 1600), (600, 1400)]),
    st.lists(st.floats(0, 8), max_size=3).map(tuple),
)
def test_crop_never_leaves_the_picture(
    xs: list[float], width: float, picture: tuple[int, int], borders: tuple[float, ...]
) -> None:
    made = subject(xs, width)
    framing = frame_subject(made, span_of(made, *sorted(borders)), Canvas(picture, VERTICAL))
    for _, cx, cy, w, h in (*framing.keys, *framing.below):
        assert cx - w / 2 >= -1e-3 and cx + w / 2 <= 1 + 1e-3
        assert cy - h / 2 >= -1e-3 and cy + h / 2 <= 1 + 1e-3
    assert framing.keys or framing.layout == "fit-blur"
    times = [key[0] for key in framing.keys]
    assert times == sorted(times) and 0 <= framing.inside <= 1


def test_shares_count_only_looks_that_see_the_region() -> None:
    boxes = region([0.5, 0.5, 0.95], 0.1)
    centers = np.full((3, 2), 0.5)
    seen = Region(boxes.box, np.array([1.0, 1.0, 0.0]))
    assert share_inside(seen, centers, (0.3, 1.0)) == share_shown(seen, centers, (0.3, 1.0)) == 1
    assert share_inside(boxes, centers, (0.3, 1.0)) == pytest.approx(2 / 3)
    half = Region(boxes.box[:1], np.ones(1))
    assert share_shown(half, np.array([[0.35, 0.5]]), (0.3, 1.0)) == pytest.approx(0.5)
