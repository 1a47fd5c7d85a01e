"""People are recognized with dlib's networks, and nobody is once a face is blurred."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import cv2
import faces
import numpy as np
import pytest
from result import pictures

from btsclip.errors import NotesError, ToolError
from btsclip.framing.face_blur import face_blur_keys
from btsclip.media.probing import probe
from btsclip.plan.model import Clip, CutPlan, Source, Span
from btsclip.presets.schema import Output, Preset
from btsclip.render import render
from btsclip.signals import recognize
from btsclip.signals.face_tracks import track_faces
from btsclip.signals.recognize import (
    MAX_DESCRIBED,
    MAX_SAME_DISTANCE,
    MIN_FACE_PIXELS,
    describe_faces,
    describe_reference,
    distance,
    recognizer,
)

SIZE = (640, 360)
OUTPUT = Output(width=640, height=360, crf=12, speed="ultrafast")


def save(path: Path, picture: np.ndarray) -> Path:
    cv2.imwrite(str(path), picture[..., ::-1])
    return path


@pytest.fixture(scope="module")
def grace() -> np.ndarray:
    """Rear Admiral Grace Hopper: a photograph by the United States Navy in matplotlib."""
    found = importlib.util.find_spec("matplotlib")
    if not found or not found.origin:
        pytest.skip("matplotlib's photograph is not here")
    path = Path(found.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"
    whole = cv2.imread(str(path))[..., ::-1]
    return np.asarray(cv2.resize(whole[:512, :512], (faces.SIDE, faces.SIDE)), np.uint8)


@pytest.fixture(scope="module")
def portraits(grace: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A picture of each of two people, not the one in the takes."""
    pytest.importorskip("dlib")
    folder = tmp_path_factory.mktemp("portraits")
    ground = np.full((480, 640, 3), (150, 140, 120), np.uint8)
    darker = np.clip(grace[:, ::-1] * 0.8 + 5, 0, 255).astype(np.uint8)
    faces.put(ground, faces.HEAD, 200, 100, 230)
    return {"ana": save(folder / "ana.png", ground), "grace": save(folder / "g.jpg", darker)}


@pytest.mark.slow
def test_two_people_are_recognized_and_neither_is_when_blurred(
    portraits: dict[str, Path], grace: np.ndarray, tmp_path: Path
) -> None:
    path = tmp_path / "both.mp4"
    faces.film(
        path, lambda t: [(faces.HEAD, 60 + 20 * t, 100, 160), (grace, 400 - 20 * t, 110, 190)],
        1.2, size=SIZE,
    )  # fmt: skip
    known = {name: describe_reference(picture) for name, picture in portraits.items()}
    assert distance(known["ana"], known["grace"]) > MAX_SAME_DISTANCE
    footage = probe(path)
    tracks = track_faces(footage, 0.0, 1.2)
    assert tracks.boxes.shape[1] == 2
    descriptors = describe_faces(footage, tracks, 0.0, 1.2)
    for column in (0, 1):
        left = np.nanmean(tracks.boxes[:, column, 0]) < 0.5
        same, different = ("ana", "grace") if left else ("grace", "ana")
        near = [distance(face, known[same]) for face in descriptors.of(column)]
        far = [distance(face, known[different]) for face in descriptors.of(column)]
        assert len(near) == MAX_DESCRIBED
        assert max(near) < MAX_SAME_DISTANCE < min(far)

    hidden = Clip(
        id="a", kind="people", score=1, why="",
        spans=[Span(
            source=str(path), start=0.1, end=1.0, layout="fit-blur",
            blur=[face_blur_keys(tracks, column) for column in (0, 1)],
        )],
    )  # fmt: skip
    source = Source(path=str(path), size=footage.size, duration=footage.duration)
    plan = CutPlan(preset="x", sources=[source], clips=[hidden])
    (made,) = render(plan, Preset(output=OUTPUT), tmp_path / "out")
    describer = recognizer()
    for number, frame in enumerate(pictures(made.path, OUTPUT)):
        row = int(np.abs(tracks.times - (0.1 + number / 30)).argmin())
        for column in (0, 1):
            x, y, w, h = tracks.boxes[row, column].tolist()
            described = describer.describe(frame, (x, y, w, h))
            assert described is not None
            assert min(distance(described, face) for face in known.values()) > MAX_SAME_DISTANCE


def test_small_face_is_not_described(portraits: dict[str, Path]) -> None:
    picture = faces.ground(SIZE)
    box = faces.put(picture, faces.HEAD, 100, 100, MIN_FACE_PIXELS)
    assert box and recognizer().describe(picture, box) is None


def test_reference_picture_must_show_one_person(portraits: dict[str, Path], tmp_path: Path) -> None:
    ground = faces.ground(SIZE)
    with pytest.raises(NotesError, match="no face"):
        describe_reference(save(tmp_path / "none.png", ground))
    for left in (60, 400):
        faces.put(ground, faces.HEAD, left, 100, 150)
    with pytest.raises(NotesError, match="2 faces"):
        describe_reference(save(tmp_path / "two.png", ground))
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(NotesError, match="is a text, not a PNG or JPEG"):
        describe_reference(tmp_path / "text.png")
    with pytest.raises(NotesError, match="no such file; check its name"):
        describe_reference(tmp_path / "missing.png")


def test_missing_packages_are_reported_with_the_install_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda n: None if "face" in n else real(n))
    recognize._find_model.cache_clear()
    with pytest.raises(ToolError, match=r"btsclip\[people\]"):
        recognize._find_model(*recognize.POINTS)


def test_changed_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("dlib")
    recognize._find_model.cache_clear()
    with pytest.raises(ToolError, match="not the network"):
        recognize._find_model(recognize.POINTS[0], "0" * 64)
