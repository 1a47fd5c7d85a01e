from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_signals import signals

from btsclip.framing.path import FASTEST, coverage, crop_size, frame_subject
from btsclip.framing.subject import Subject, find_subject, steady_union
from btsclip.signals.series import STEP

SIZE = crop_size(1280, 720, 1080, 1920)


def subject(xs: list[float], width: float = 0.15) -> Subject:
    count = len(xs)
    box = np.column_stack([xs, [0.5] * count, [width] * count, [0.3] * count])
    return Subject(np.arange(count) * STEP, box, np.ones(count), "hands")


def end_of(made: Subject) -> float:
    return len(made.times) * STEP


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ((1920, 1080), (0.3164, 1.0)),
        ((1080, 1920), (1.0, 1.0)),
        ((1000, 1000), (0.5625, 1.0)),
        ((1080, 2400), (1.0, 0.8)),
    ],
)
def test_the_crop_has_the_outputs_shape(
    picture: tuple[int, int], expected: tuple[float, float]
) -> None:
    assert crop_size(*picture, 1080, 1920) == pytest.approx(expected, abs=1e-3)


def test_hands_that_stay_get_a_still_crop_on_them() -> None:
    made = subject([0.7 + 0.02 * np.sin(i) for i in range(48)])
    framing = frame_subject(made, 0, end_of(made), (), SIZE)
    assert framing.layout == "crop" and framing.inside == 1
    assert len({key[1:] for key in framing.keys}) == 1
    assert framing.keys[0][1] == pytest.approx(0.7, abs=0.03)


def test_hands_that_wander_are_followed_smoothly() -> None:
    made = subject(list(np.linspace(0.2, 0.8, 60)))
    framing = frame_subject(made, 0, end_of(made), (), SIZE)
    xs = np.array([key[1] for key in framing.keys])
    ts = np.array([key[0] for key in framing.keys])
    speed = np.diff(xs) / np.diff(ts)
    assert framing.inside > 0.9
    assert np.abs(speed).max() <= FASTEST + 1e-3
    # Jitter would change direction; a calm operator does not.
    assert (np.diff(xs) >= -1e-4).all()


def test_trembling_hands_do_not_make_the_crop_tremble() -> None:
    random = np.random.default_rng(2)
    made = subject(list(np.clip(np.linspace(0.25, 0.75, 80) + random.normal(0, 0.03, 80), 0, 1)))
    xs = np.array([key[1] for key in frame_subject(made, 0, end_of(made), (), SIZE).keys])
    turns = np.count_nonzero(np.diff(np.sign(np.diff(xs))))
    per_frame = np.count_nonzero(np.diff(np.sign(np.diff(made.box[:, 0]))))
    assert turns <= per_frame / 5


def test_a_shot_border_is_a_hard_switch() -> None:
    made = subject([0.25] * 20 + [0.75] * 20)
    framing = frame_subject(made, 0, end_of(made), (5.0,), SIZE)
    times = [key[0] for key in framing.keys]
    assert times.count(5.0) == 2
    assert framing.keys[0][1] == pytest.approx(0.25, abs=0.02)
    assert framing.keys[-1][1] == pytest.approx(0.75, abs=0.02)


def test_work_wider_than_the_crop_is_shown_whole() -> None:
    assert frame_subject(subject([0.5] * 30, 0.6), 0, 7.5, (), SIZE).layout == "fit-blur"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=60),
    st.floats(0.01, 0.4),
    st.sampled_from([(1280, 720), (720, 1280), (900, 900), (3840, 1600), (600, 1400)]),
)
def test_the_crop_never_leaves_the_picture(
    xs: list[float], width: float, picture: tuple[int, int]
) -> None:
    made = subject(xs, width)
    framing = frame_subject(made, 0, end_of(made), (), crop_size(*picture, 1080, 1920))
    for _, cx, cy, w, h in framing.keys:
        assert cx - w / 2 >= -1e-3 and cx + w / 2 <= 1 + 1e-3
        assert cy - h / 2 >= -1e-3 and cy + h / 2 <= 1 + 1e-3
    assert framing.keys or framing.layout == "fit-blur"
    times = [key[0] for key in framing.keys]
    assert times == sorted(times)


def test_coverage_counts_only_what_was_seen() -> None:
    made = subject([0.5, 0.5, 0.95])
    centres = np.full((3, 2), 0.5)
    assert coverage(made.box, np.array([1.0, 1.0, 0.0]), centres, SIZE) == 1
    assert coverage(made.box, np.ones(3), centres, SIZE) == pytest.approx(2 / 3)


def test_the_subject_is_the_hands_else_the_motion_else_the_middle() -> None:
    assert find_subject(signals(10, ((0, 10),)), 0, 10).rung == "hands"
    tools = signals(10)
    tools = signals(
        10,
        motion_area=np.full(len(tools.times), 0.1),
        motion_centre=np.tile([0.8, 0.4], (len(tools.times), 1)),
    )
    seen = find_subject(tools, 0, 10)
    assert seen.rung == "motion" and np.allclose(seen.box[:, 0], 0.8)
    assert find_subject(signals(10), 0, 10).rung == "frame"


def test_a_hand_that_is_lost_for_a_moment_is_held_but_not_over_a_border() -> None:
    both, one = [0.5, 0.5, 0.6, 0.2], [0.3, 0.5, 0.2, 0.2]
    boxes = np.array([both, one, both, one, one, one, one])
    held = steady_union(boxes, np.array([0, 0, 0, 0, 0, 1, 1]), reach=2)
    assert held[:5, 2].tolist() == pytest.approx([0.6] * 5)
    assert held[5:, 2].tolist() == pytest.approx([0.2] * 2)
    assert np.isnan(steady_union(np.full((3, 4), np.nan), np.zeros(3, int))).all()
