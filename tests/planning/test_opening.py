"""Work begins in the middle of it and ends on something done."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, strategies as st

from btsclip.framing.layout import Framing
from btsclip.planning.opening import WorkInView, best_start, find_close, find_rest, subject_shown
from btsclip.signals.looks import Looks
from btsclip.signals.subject_tracks import Tracks

TIMES = np.arange(0, 10, 0.1)
CLIP = (0.0, 10.0)
ROOM = (0.0, 4.0)


def shown(**changed: np.ndarray) -> WorkInView:
    """Ten seconds with a sharp, moving hand in the crop."""
    values = {
        "times": TIMES,
        "subject": np.ones(100),
        "motion": np.full(100, 0.1),
        "sharpness": np.ones(100),
        "voice": np.zeros(100),
    }
    return WorkInView(**(values | changed))


def looks(motion: np.ndarray) -> Looks:
    poses = np.zeros((len(TIMES), 32, 32), np.uint8)
    return Looks(TIMES, motion, np.ones(len(TIMES)), poses)


def after(time: float, before: float = 0.0) -> np.ndarray:
    return np.where(time <= TIMES, 1.0, before)


def test_good_start_stays() -> None:
    assert best_start(shown(), CLIP, ROOM) == 0.0


def test_clip_begins_when_the_hand_is_there() -> None:
    assert best_start(shown(subject=after(2.0)), CLIP, ROOM) == pytest.approx(2.0, abs=0.1)


def test_clip_begins_when_the_picture_is_sharp_and_moves() -> None:
    start = best_start(shown(sharpness=after(1.0, 0.1), motion=0.1 * after(1.0)), CLIP, ROOM)
    assert start == pytest.approx(1.0, abs=0.3)


def test_hand_that_comes_too_late_moves_nothing() -> None:
    assert best_start(shown(subject=after(6.0)), CLIP, ROOM) == 0.0


def test_start_does_not_fall_into_a_sentence() -> None:
    speaks = np.where((TIMES >= 1.5) & (TIMES < 3), 0.9, 0.0)
    start = best_start(shown(subject=after(2.0), voice=speaks), CLIP, ROOM)
    assert start <= 1.6 or start >= 2.9


@given(st.lists(st.floats(0, 1), min_size=100, max_size=100), st.floats(0, 6), st.floats(0, 3))
def test_start_stays_in_its_room(subject: list[float], first: float, width: float) -> None:
    room = (first, first + width)
    start = best_start(shown(subject=np.array(subject)), (first, 10.0), room)
    assert room[0] - 1e-6 <= start <= room[1] + 1e-6


def test_clip_ends_where_a_movement_has_come_to_rest() -> None:
    motion = np.where((TIMES > 8.0) & (TIMES < 8.5), 0.0, 0.1)
    assert 8.0 <= find_close(looks(motion), 8.8, (7.0, 9.5)) <= 8.5


def test_end_stays_where_nothing_was_done_before_the_rest() -> None:
    assert find_close(looks(np.where(TIMES < 6, 0.1, 0.001)), 9.0, (7.5, 9.8)) == 9.0


def test_end_stays_in_even_motion() -> None:
    even = looks(np.full(100, 0.1))
    assert find_close(even, 9.0, (7.5, 9.8)) == find_rest(even, 9.0, (7.5, 9.8)) == 9.0


def test_only_what_the_crop_shows_counts() -> None:
    hands = np.full((3, 4, 4), np.nan)
    hands[:, 0] = [0.2, 0.5, 0.1, 0.2]
    empty = {item.name: np.full((3, 4), np.nan) for item in fields(Tracks)}
    presence = np.array([[0.9, 0, 0, 0]] * 3)
    tracks = Tracks(**(empty | {"times": np.arange(3) / 5, "hands": hands, "presence": presence}))
    left, right = (Framing("crop", "hands", ((0.0, x, 0.5, 0.3, 1.0),), 1.0) for x in (0.2, 0.8))
    assert subject_shown(tracks, left) == pytest.approx([1.0] * 3)
    assert subject_shown(tracks, right) == pytest.approx([0.0] * 3)
    assert subject_shown(tracks, Framing("fit-blur", "hands", (), 1.0)) == pytest.approx([1.0] * 3)
