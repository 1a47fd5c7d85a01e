"""Faces on every frame: where they are drawn is known."""

from __future__ import annotations

from pathlib import Path

import faces
import numpy as np
import pytest

from btsclip.media.footage import probe
from btsclip.media.frames import Frame
from btsclip.signals.face_tracks import (
    HOLD_SECONDS,
    MAX_GAP_SECONDS,
    FaceTracks,
    follow_box,
    join_tracks,
    track_faces,
)
from btsclip.signals.faces import FaceSearch

SMALL = (640, 360)


def frames(scene: faces.Scene, seconds: float, rate: int = 10) -> list[Frame]:
    made = []
    for number in range(round(seconds * rate)):
        picture = faces.ground(SMALL)
        for each in scene(number / rate):
            faces.put(picture, *each)
        made.append(Frame.of(number / rate, picture))
    return made


def at(tracks: FaceTracks, time: float) -> list[np.ndarray]:
    row = tracks.boxes[int(np.abs(tracks.times - time).argmin())]
    return [box for box in row if np.isfinite(box[0])]


def test_a_still_face_is_one_track_about_its_place() -> None:
    tracks = join_tracks(frames(lambda t: [(faces.HEAD, 200, 100, 120)], 1.0))
    assert tracks.boxes.shape == (10, 1, 4)
    assert (tracks.scores > 0).all()
    truth = faces.put(faces.ground(SMALL), faces.HEAD, 200, 100, 120)
    assert np.abs(tracks.boxes[:, 0] - truth).max() < 0.05


@pytest.mark.slow
def test_a_face_that_turns_away_is_bridged() -> None:
    def turns(t: float) -> list[tuple[faces.Picture, float, float, float]]:
        return [(faces.BACK if 0.75 < t < 1.35 else faces.HEAD, 200 + 40 * t, 100, 140)]

    tracks = join_tracks(frames(turns, 2.0))
    assert tracks.boxes.shape[1] == 1
    lost = tracks.scores[:, 0] == 0
    assert 4 <= lost.sum() <= 8
    for time, box in zip(tracks.times[lost], tracks.boxes[lost, 0], strict=True):
        truth = np.array(faces.put(faces.ground(SMALL), faces.HEAD, 200 + 40 * time, 100, 140))
        low, high = truth[:2] - truth[2:] / 2, truth[:2] + truth[2:] / 2
        # The face found by the network is a little less high than the one drawn.
        assert (box[:2] - box[2:] / 2 <= low + 0.05).all()
        assert (box[:2] + box[2:] / 2 >= high - 0.05).all()


@pytest.mark.slow
def test_ends_are_held_and_end() -> None:
    def comes(t: float) -> list[tuple[faces.Picture, float, float, float]]:
        return [(faces.HEAD, 200, 100, 120)] if 1.25 < t < 2.05 else []

    tracks = join_tracks(frames(comes, 4.0))
    there = tracks.times[np.isfinite(tracks.boxes[:, 0, 0])]
    assert there[0] == pytest.approx(1.3 - HOLD_SECONDS, abs=0.11)
    assert there[-1] == pytest.approx(2.0 + HOLD_SECONDS, abs=0.11)


@pytest.mark.slow
def test_a_face_gone_for_long_is_another_track() -> None:
    gone = MAX_GAP_SECONDS + 0.6

    def again(t: float) -> list[tuple[faces.Picture, float, float, float]]:
        return [] if 0.55 < t < 0.55 + gone else [(faces.HEAD, 200, 100, 120)]

    assert join_tracks(frames(again, 3.0)).boxes.shape[1] == 2


@pytest.mark.slow
def test_no_track_goes_on_over_a_border() -> None:
    before = frames(lambda t: [(faces.HEAD, 200, 100, 120)], 1.0)
    bright = np.full((360, 640, 3), 235, np.uint8)
    faces.put(bright, faces.HEAD, 200, 100, 120)
    after = [Frame.of(1 + number / 10, bright) for number in range(10)]
    tracks = join_tracks([*before, *after])
    assert tracks.boxes.shape[1] == 2
    first, second = (np.isfinite(tracks.boxes[:, column, 0]) for column in (0, 1))
    assert first.sum() == second.sum() == 10
    assert not (first & second).any()


@pytest.mark.slow
def test_two_that_meet_are_never_one_track() -> None:
    def meet(t: float) -> list[tuple[faces.Picture, float, float, float]]:
        return [(faces.HEAD, 60 + 90 * t, 100, 120), (faces.OTHER, 440 - 90 * t, 110, 120)]

    tracks = join_tracks(frames(meet, 4.0))
    # Somebody's track from before they met would go on as the other one's on their side.
    for column in range(tracks.boxes.shape[1]):
        x = tracks.boxes[tracks.scores[:, column] > 0, column, 0]
        times = tracks.times[tracks.scores[:, column] > 0]
        if len(x) > 3:
            steps = np.diff(x) / np.diff(times)
            assert not (steps.min() < -0.05 and steps.max() > 0.05)


def test_nothing_is_a_face_where_none_is() -> None:
    assert join_tracks(frames(lambda t: [], 0.5)).boxes.shape == (5, 0, 4)
    assert join_tracks([]).boxes.shape == (0, 0, 4)


def test_one_face_is_found_once_at_two_sizes() -> None:
    picture = faces.ground((960, 540))
    faces.put(picture, faces.HEAD, 300, 100, 200)
    assert len(FaceSearch(min_score=0.3).find(picture)) == 1


def test_following_finds_where_it_went() -> None:
    rough = np.random.default_rng(2).integers(0, 255, (60, 90), np.uint8)
    rough = np.kron(rough, np.ones((3, 3), np.uint8))
    moved = np.roll(rough, (4, 7), (0, 1))
    x, y, w, h = follow_box(rough, moved, (0.5, 0.5, 0.2, 0.3))
    assert (x * 270 - 135, y * 180 - 90) == pytest.approx((7, 4), abs=0.5)
    assert (w, h) == (0.2, 0.3)
    flat = np.full_like(rough, 90)
    assert follow_box(flat, flat, (0.5, 0.5, 0.2, 0.3)) == (0.5, 0.5, 0.2, 0.3)


@pytest.mark.slow
def test_a_span_of_a_take_has_every_frame(tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    faces.film(path, lambda t: [(faces.HEAD, 200, 100, 120)], 3.0, size=SMALL)
    tracks = track_faces(probe(path), 1.0, 1.5)
    assert np.diff(tracks.times) == pytest.approx(1 / 30, abs=1e-3)
    assert tracks.times[0] <= 0.5 and tracks.times[-1] >= 2.0
    assert tracks.near(1.4, 1.5).sum() < len(tracks.times)
