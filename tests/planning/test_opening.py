"""Work begins in the middle of it and ends on something done, without what is idle."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, strategies as st

from btsclip.framing.layout import Framing
from btsclip.planning.closing import SHOWN_REST, best_end, find_rest
from btsclip.planning.opening import FIRST_SECONDS, best_start
from btsclip.planning.work_in_view import WorkInView, hands_shown, motion_shown
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
        "hands": np.ones(100),
        "motion": np.full(100, 0.1),
        "sharpness": np.ones(100),
        "voice": np.zeros(100),
    }
    return WorkInView(**(values | changed))


def looks(motion: np.ndarray) -> Looks:
    poses = np.zeros((len(TIMES), 32, 32), np.uint8)
    return Looks(TIMES, motion, np.ones(len(TIMES)), poses, np.zeros((len(TIMES), 9, 16)))


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


def test_idle_start_is_left_as_far_as_it_goes() -> None:
    """Here the hand is in the picture all the time, and rests for five seconds."""
    start = best_start(shown(motion=0.1 * after(5.0)), CLIP, (0.0, 6.0))
    assert start == pytest.approx(5.0, abs=0.3)


def test_work_that_is_left_out_costs() -> None:
    """As above, but something else moves meanwhile."""
    subject = after(5.0)
    assert best_start(shown(subject=subject, hands=0 * subject), CLIP, (0.0, 6.0)) == 0.0


def test_clip_ends_where_a_movement_has_come_to_rest() -> None:
    motion = np.where((TIMES > 8.0) & (TIMES < 8.5), 0.0, 0.1)
    assert 8.0 <= best_end(shown(motion=motion), (0.0, 8.8), (7.0, 9.5)) <= 8.5


def test_still_tail_is_left_as_far_as_it_goes() -> None:
    end = best_end(shown(motion=0.1 - 0.1 * after(4.0)), CLIP, (3.0, 9.9))
    assert 4.0 <= end <= 4.0 + SHOWN_REST


def test_tail_without_hands_is_left_although_little_moves() -> None:
    here = 1.0 - after(5.0)
    calm = np.where(TIMES < 5.0, 0.1, 0.04)
    assert best_end(shown(motion=calm, hands=here), CLIP, (3.0, 9.9)) <= 5.0 + SHOWN_REST
    assert best_end(shown(motion=calm), CLIP, (3.0, 9.9)) > 9.0


def test_short_movement_after_a_long_rest_is_left_out_and_a_long_one_is_shown() -> None:
    rest = (TIMES >= 3.0) & (TIMES < 6.0)
    assert best_end(shown(motion=np.where(rest, 0, 0.1)), CLIP, (2.0, 9.9)) > 9.0
    blip = (TIMES >= 8.5) & (TIMES < 9.2)
    still = np.where((TIMES < 5.0) | blip, 0.1, 0.0)
    assert best_end(shown(motion=still), CLIP, (2.0, 9.9)) <= 5.0 + SHOWN_REST


def test_hand_that_moves_little_is_at_work() -> None:
    careful = np.where(TIMES < 5.0, 0.1, 0.025)
    assert best_end(shown(motion=careful), CLIP, (3.0, 9.9)) > 9.0
    assert best_end(shown(motion=careful, hands=0 * TIMES), CLIP, (3.0, 9.9)) <= 6.0


def test_somebody_who_speaks_is_not_idle() -> None:
    still = 0.1 - 0.1 * after(4.0)
    assert best_end(shown(motion=still, voice=0.9 * after(4.0)), CLIP, (3.0, 9.9)) > 9.0


def test_clip_keeps_its_least_length() -> None:
    assert best_end(shown(motion=0.1 - 0.1 * after(2.0)), CLIP, (4.0, 9.9)) == pytest.approx(4.0)


def test_of_a_shot_a_second_is_shown_or_nothing() -> None:
    still = shown(motion=0.1 - 0.1 * after(6.0))
    assert not 5.8 < best_end(still, CLIP, (3.0, 9.9), (5.8,)) < 5.8 + FIRST_SECONDS
    late = shown(subject=after(2.0), motion=0.1 * after(2.0))
    assert not 2.2 - FIRST_SECONDS < best_start(late, CLIP, ROOM, (2.2,)) < 2.2


@given(st.lists(st.floats(0, 0.3), min_size=100, max_size=100), st.floats(2, 9), st.floats(0, 3))
def test_end_stays_in_its_room(motion: list[float], first: float, width: float) -> None:
    room = (first, min(first + width, 10.0))
    end = best_end(shown(motion=np.array(motion)), (0.0, room[1]), room)
    assert room[0] - 1e-6 <= end <= room[1] + 1e-6


def test_end_stays_in_even_motion() -> None:
    even = np.full(100, 0.1)
    assert best_end(shown(motion=even), (0.0, 9.0), (7.5, 9.8)) == 9.0
    assert find_rest(looks(even), 9.0, (7.5, 9.8)) == 9.0


def test_only_what_the_crop_shows_counts() -> None:
    hands = np.full((3, 4, 4), np.nan)
    hands[:, 0] = [0.2, 0.5, 0.1, 0.2]
    empty = {item.name: np.full((3, 4), np.nan) for item in fields(Tracks)}
    presence = np.array([[0.9, 0, 0, 0]] * 3)
    tracks = Tracks(**(empty | {"times": np.arange(3) / 5, "hands": hands, "presence": presence}))
    moving = looks(np.ones(100))
    moving.cells[:, :, :6] = 0.3
    left, right = (Framing("crop", "hands", ((0.0, x, 0.5, 0.3, 1.0),), 1.0) for x in (0.2, 0.8))
    assert hands_shown(tracks, left) == pytest.approx([1.0] * 3)
    assert hands_shown(tracks, right) == pytest.approx([0.0] * 3)
    assert hands_shown(tracks, Framing("fit-blur", "hands", (), 1.0)) == pytest.approx([1.0] * 3)
    assert motion_shown(moving, left) == pytest.approx([0.3] * 100)
    assert motion_shown(moving, right) == pytest.approx([0.0] * 100)
