"""Real food, cloths and ovens in which a face detector sees faces: none of it is blurred."""

from __future__ import annotations

from pathlib import Path

import pytest

from btsclip.media.probing import probe
from btsclip.signals.face_tracks import track_faces

TAKE = Path(__file__).parents[3] / "shared" / "footage" / "talk_and_toss.mp4"


@pytest.mark.slow
@pytest.mark.skipif(not TAKE.exists(), reason="no footage here")
@pytest.mark.parametrize("start", [15.4, 45.0])
def test_food_is_no_face(start: float) -> None:
    assert track_faces(probe(TAKE), start, start + 0.6).boxes.shape[1] == 0


@pytest.mark.slow
@pytest.mark.skipif(not TAKE.exists(), reason="no footage here")
def test_a_cook_in_the_background_is_one() -> None:
    tracks = track_faces(probe(TAKE), 36.0, 36.4)
    assert tracks.boxes.shape[1] == 1 and (tracks.scores > 0).all()
