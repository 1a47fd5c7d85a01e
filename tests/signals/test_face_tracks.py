"""Tracks of drawn faces, whose places are known."""

from __future__ import annotations

from pathlib import Path

import faces
import numpy as np
import pytest

from btsclip.media.frames import Frame
from btsclip.media.probing import probe
from btsclip.signals.face_tracks import (
    HOLD_SECONDS,
    MAX_GAP_SECONDS,
    follow_box,
    join_tracks,
    track_faces,
)
from btsclip.signals.faces import FaceSearch

SMALL = (640, 360)


def frames(scene: faces.Scene, seconds: float, rate: int = 10) -> list[Frame]:
    result = []
    for number in range(round(seconds * rate)):
        picture = faces.ground(SMALL)
        for face in scene(number / rate):
            faces.put(picture, *face)
        result.append(Frame.of(number / rate, picture))
    return result


@pytest.mark.slow
def test_still_face_is_one_track() -> None:
    tracks = join_tracks(frames(lambda t: [(faces.HEAD, 200, 100, 120)], 1.0))
    assert tracks.boxes.shape == (10, 1, 4)
    assert (tracks.scores > 0).all()
    truth = faces.put(faces.ground(SMALL), faces.HEAD, 200, 100, 120)
    assert np.abs(tracks.boxes[:, 0] - truth).max() < 0.05


@pytest.mark.slow
def test_track_continues_while_a_face_turns_away() -> None:
    def turns(t: float) -> list[tuple[faces.Picture, float, float, float]]:
        return [(faces.BACK if 0.75 < t < 1.35 else faces.HEAD, 200 + 40 * t, 100, 140)]

    tracks = join_tracks(frames(turns, 2.0))
    assert tracks.boxes.shape[1] == 1
    lost = tracks.scores[:, 0] == 0
    assert 4 <= lost.sum() <= 8
    for time, box in zip(tracks.times[lost], tracks.boxes[lost, 0], strict=True):
        truth = np.array(faces.put(faces.ground(SMALL), faces.HEAD, 200 + 40 * time, 100, 140))
        low, high = truth[:2] - truth[2:] / 2, truth[:2] + truth[2:] / 2
        # The network's box is a little lower than the drawn face.
        assert (box[:2] - box[2:] / 2 <= low + 0.05).all()
        assert (box[:2] + box[2:] / 2 >= high - 0.05).all()


@pytest.mark.slow
def test_tracks_are_extended_at_both_ends() -> None:
    def comes(t: float) -> list[tuple[faces.Picture, float, float, float]]:
        return [(faces.HEAD, 200, 100, 120)] if 1.25 < t < 2.05 else []

    tracks = join_tracks(frames(comes, 4.0))
    tracked = tracks.times[np.isfinite(tracks.boxes[:, 0, 0])]
    assert tracked[0] == pytest.approx(1.3 - HOLD_SECONDS, abs=0.11)
    assert tracked[-1] == pytest.approx(2.0 + HOLD_SECONDS, abs=0.11)


@pytest.mark.slow
def test_face_that_returns_late_gets_a_new_track() -> None:
    gone = MAX_GAP_SECONDS + 0.6

    def returns(t: float) -> list[tuple[faces.Picture, float, float, float]]:
        return [] if 0.55 < t < 0.55 + gone else [(faces.HEAD, 200, 100, 120)]

    assert join_tracks(frames(returns, 3.0)).boxes.shape[1] == 2


@pytest.mark.slow
def test_tracks_end_at_shot_borders() -> None:
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
def test_faces_that_meet_keep_separate_tracks() -> None:
    def meet(t: float) -> list[tuple[faces.Picture, float, float, float]]:
        return [(faces.HEAD, 60 + 90 * t, 100, 120), (faces.OTHER, 440 - 90 * t, 110, 120)]

    tracks = join_tracks(frames(meet, 4.0))
    # A track that changed from one face to the other would turn around.
    for column in range(tracks.boxes.shape[1]):
        x = tracks.boxes[tracks.scores[:, column] > 0, column, 0]
        times = tracks.times[tracks.scores[:, column] > 0]
        if len(x) > 3:
            steps = np.diff(x) / np.diff(times)
            assert not (steps.min() < -0.05 and steps.max() > 0.05)


def test_pictures_without_faces_have_no_tracks() -> None:
    assert join_tracks(frames(lambda t: [], 0.5)).boxes.shape == (5, 0, 4)
    assert join_tracks([]).boxes.shape == (0, 0, 4)


def test_search_at_several_sizes_finds_a_face_once() -> None:
    picture = faces.ground((960, 540))
    faces.put(picture, faces.HEAD, 300, 100, 200)
    assert len(FaceSearch(min_score=0.3).find(picture)) == 1


def test_follow_box_finds_moved_texture() -> None:
    rough = np.random.default_rng(2).integers(0, 255, (60, 90), np.uint8)
    rough = np.kron(rough, np.ones((3, 3), np.uint8))
    moved = np.roll(rough, (4, 7), (0, 1))
    x, y, w, h = follow_box(rough, moved, (0.5, 0.5, 0.2, 0.3))
    assert (x * 270 - 135, y * 180 - 90) == pytest.approx((7, 4), abs=0.5)
    assert (w, h) == (0.2, 0.3)
    flat = np.full_like(rough, 90)
    assert follow_box(flat, flat, (0.5, 0.5, 0.2, 0.3)) == (0.5, 0.5, 0.2, 0.3)


@pytest.mark.slow
def test_span_of_a_take_has_every_frame(tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    faces.film(path, lambda t: [(faces.HEAD, 200, 100, 120)], 3.0, size=SMALL)
    tracks = track_faces(probe(path), 1.0, 1.5)
    assert np.diff(tracks.times) == pytest.approx(1 / 30, abs=1e-3)
    assert tracks.times[0] <= 0.5 and tracks.times[-1] >= 2.0
    assert tracks.near(1.4, 1.5).sum() < len(tracks.times)
