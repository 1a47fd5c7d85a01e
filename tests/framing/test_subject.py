from __future__ import annotations

import numpy as np
import pytest

from btsclip.framing.subject import fill_gaps, find_subject
from btsclip.signals.hands import MAX_HANDS
from btsclip.signals.subject_tracks import MAX_FACES, Tracks
from btsclip.signals.work_map import MAP_SIDE

COUNT, STEP = 30, 0.2


def tracks(**changed: object) -> Tracks:
    fields: dict[str, object] = {
        "times": np.arange(COUNT) * STEP,
        "hands": np.full((COUNT, MAX_HANDS, 4), np.nan),
        "presence": np.zeros((COUNT, MAX_HANDS)),
        "speed": np.zeros((COUNT, MAX_HANDS)),
        "faces": np.full((COUNT, MAX_FACES, 4), np.nan),
        "work": np.full((COUNT, 4), np.nan),
        "beside": np.full((COUNT, 4), np.nan),
        "salient": np.full((COUNT, 4), np.nan),
        "place": np.full((COUNT, MAP_SIDE, MAP_SIDE), MAP_SIDE**-2.0),
    }
    return Tracks(**(fields | changed))  # type: ignore[arg-type]


def with_hands(*hands: tuple[tuple[float, float, float, float], float]) -> Tracks:
    """Hands that stay in their box, each with its speed."""
    made = tracks()
    for k, (box, speed) in enumerate(hands):
        made.hands[:, k], made.presence[:, k], made.speed[:, k] = box, 0.9, speed
    return made


LEFT, RIGHT = (0.3, 0.5, 0.1, 0.2), (0.7, 0.5, 0.1, 0.2)


def test_two_hands_at_work_are_shown_together() -> None:
    subject = find_subject(with_hands((LEFT, 0.1), (RIGHT, 0.08)))
    assert subject.kind == "hands"
    assert np.allclose(subject.required.box, [0.5, 0.5, 0.5, 0.2])


def test_resting_hand_may_be_left_out() -> None:
    subject = find_subject(with_hands((LEFT, 0.4), (RIGHT, 0.0)))
    assert np.allclose(subject.required.box, LEFT)


@pytest.mark.parametrize("speed", [0.02, 0.05, 0.3])
def test_hand_that_moves_leads_a_surer_hand_that_rests(speed: float) -> None:
    made = with_hands((LEFT, 0.0), (RIGHT, speed))
    made.presence[:, 1] = 0.5
    leading = find_subject(made).leading
    assert leading is not None
    assert np.allclose(leading.box, RIGHT)


def test_faces_motion_and_salient_things_follow_hands_in_this_order() -> None:
    face, work, dish = (0.6, 0.3, 0.1, 0.2), (0.2, 0.5, 0.2, 0.2), (0.7, 0.6, 0.3, 0.4)
    faces = np.full((COUNT, MAX_FACES, 4), np.nan)
    faces[:, 0] = face
    both = find_subject(tracks(faces=faces, work=np.tile(work, (COUNT, 1))))
    assert both.kind == "faces" and np.allclose(both.required.box, face)
    assert np.allclose(both.desired.box, work)
    moving = find_subject(tracks(work=np.tile(work, (COUNT, 1))))
    assert moving.kind == "motion" and np.allclose(moving.required.box, work)
    still = find_subject(tracks(salient=np.tile(dish, (COUNT, 1))))
    assert still.kind == "salient" and np.allclose(still.required.box, dish)
    everything = np.tile((0.5, 0.5, 0.9, 0.9), (COUNT, 1))
    assert find_subject(tracks(salient=everything)).kind == "frame"
    assert find_subject(tracks()).kind == "frame"


def test_motion_and_faces_are_desired_beside_hands() -> None:
    made = with_hands((LEFT, 0.1))
    made.work[:] = (0.35, 0.6, 0.2, 0.2)
    made.faces[:, 0] = (0.6, 0.2, 0.1, 0.1)
    subject = find_subject(made)
    assert np.allclose(subject.desired.box, [0.45, 0.425, 0.4, 0.55])
    assert subject.face.seen.all()


def one_hand(seen: list[bool]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    times = np.arange(len(seen)) * STEP
    boxes = np.where(np.array(seen)[:, None], LEFT, np.nan)
    boxes[-1] = np.where(seen[-1], RIGHT, np.nan)
    return times, boxes, np.where(seen, 0.8, 0.0)


def test_hand_lost_for_a_moment_is_interpolated() -> None:
    times, boxes, weights = one_hand([True] * 4 + [False] * 3 + [True])
    one_shot = np.zeros(len(times), int)
    filled, filled_weights = fill_gaps(times, boxes.copy(), weights.copy(), one_shot)
    assert filled[4:7, 0] == pytest.approx([0.4, 0.5, 0.6])
    assert (filled_weights[4:7] < 0.8).all() and (filled_weights[4:7] > 0).all()
    two_shots = np.array([0, 0, 0, 0, 0, 0, 1, 1])
    _, filled_weights = fill_gaps(times, boxes.copy(), weights.copy(), two_shots)
    assert filled_weights[4:].tolist() == [0, 0, 0, 0]


def test_hand_in_a_single_look_is_dropped() -> None:
    times, boxes, weights = one_hand([False] * 10 + [True] + [False] * 10)
    assert not fill_gaps(times, boxes, weights, np.zeros(len(times), int))[1].any()
