"""Who a face belongs to, by dlib's face descriptors: only where pictures to compare with are named.

The networks are those of the package face-recognition-models, which is not imported: its two files
are read where they lie, once their digests are found right. Nothing is fetched and nothing leaves
the machine.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from btsclip.errors import NotesError, ToolError
from btsclip.extras import not_installed, require
from btsclip.geometry import Box, corners, nearest_pixels
from btsclip.media.footage import Footage
from btsclip.media.frames import read_every_frame
from btsclip.media.pictures import read_picture
from btsclip.signals.face_tracks import FaceSearch, FaceTracks

# Two descriptors nearer than this are of one person, says dlib: so 99.38 % of the pairs of Labeled
# Faces in the Wild are told right.
SAME_PERSON = 0.6
# Pixels of a face's height below which dlib's picture of 150 would be mostly made up.
LEAST_PIXELS = 48
# How sure the face in a reference picture must be, or at least where there is no other, and up to
# which longer side that picture is looked at.
SURE, UNSURE, REFERENCE_SIDE = 0.5, 0.3, 1280
# Looks at each face, spread over the time it is seen, at pictures of so many pixels.
LOOKS, LOOK_SIDE = 12, 1920
FIGURES = 128
# What needs the extra `people`, and what else the user may do without it.
PURPOSE = "recognising people"
OTHERWISE = ", or take `picture` out of the notes"
POINTS = (
    "shape_predictor_5_face_landmarks.dat",
    "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
)
DESCRIBER = (
    "dlib_face_recognition_resnet_model_v1.dat",
    "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
)

Picture = NDArray[np.uint8]
# 128 figures that tell a face.
Descriptor = NDArray[np.float64]


@dataclass(frozen=True)
class FaceDescriptors:
    """Looks at faces: of which of the tracks each is (n,), and its descriptor (n, 128)."""

    columns: NDArray[np.int64]
    descriptors: NDArray[np.float64]

    @classmethod
    def none(cls) -> FaceDescriptors:
        """No look at all."""
        return cls(np.zeros(0, np.int64), np.zeros((0, FIGURES)))

    def of(self, column: int) -> NDArray[np.float64]:
        """The descriptors (n, 128) of one track."""
        chosen: NDArray[np.float64] = self.descriptors[self.columns == column]
        return chosen


class FaceRecognizer:
    """Describes faces, so that they can be compared. One instance belongs to one thread."""

    def __init__(self) -> None:
        """Raises ToolError when the packages of the extra `people` are missing or not theirs."""
        require("dlib", "people", PURPOSE, OTHERWISE)
        import dlib

        self._dlib: Any = dlib
        self._points = dlib.shape_predictor(str(_model(*POINTS)))
        self._network = dlib.face_recognition_model_v1(str(_model(*DESCRIBER)))

    def describe(self, image: Picture, box: Box) -> Descriptor | None:
        """The face in `box` of the RGB `image` (h, w, 3); None when it is too small to be told."""
        if box[3] * image.shape[0] < LEAST_PIXELS:
            return None
        edges = nearest_pixels(corners(box), image.shape)
        picture = np.ascontiguousarray(image)
        shape = self._points(picture, self._dlib.rectangle(*edges))
        return np.array(self._network.compute_face_descriptor(picture, shape), float)


@lru_cache(maxsize=1)
def recognizer() -> FaceRecognizer:
    """The one of this process. Raises ToolError as `FaceRecognizer` does."""
    return FaceRecognizer()


def reference(path: Path) -> Descriptor:
    """Describes the only face in the picture at `path`.

    Raises NotesError when it is no picture or does not show exactly one face, and ToolError when
    the packages for it are missing.
    """
    # A picture that can't be used is named even where nobody can be recognised.
    shown = read_picture(path, NotesError).convert("RGB")
    work = recognizer()
    shown.thumbnail((REFERENCE_SIDE, REFERENCE_SIDE), Image.Resampling.BOX)
    image = np.asarray(shown, np.uint8)
    found = FaceSearch(score=UNSURE).find(image)
    faces = [face for face in found if face.score >= SURE] or found
    if len(faces) != 1:
        seen = "no face" if not faces else f"{len(faces)} faces"
        raise NotesError(path, f"shows {seen}", "name a picture of this person alone")
    known = work.describe(image, faces[0].box)
    if known is None:
        raise NotesError(
            path, f"shows a face less than {LEAST_PIXELS} pixels high", "name a larger picture"
        )
    return known


def describe_faces(
    footage: Footage, tracks: FaceTracks, start: float, end: float
) -> FaceDescriptors:
    """Looks at the faces of `tracks` that are seen from `start` to `end`, all over their time, also
    where that goes beyond the span.

    Raises ToolError when the packages for it are missing, FootageError as decoding does.
    """
    work = recognizer()
    wanted = _looks(tracks, start, end)
    found: list[tuple[int, Descriptor]] = []
    if wanted:
        first, last = (float(tracks.times[at(wanted)]) for at in (min, max))
        for frame in read_every_frame(footage, (first - 1e-3, last + 1e-3), side=LOOK_SIDE):
            row = int(np.abs(tracks.times - frame.time).argmin())
            for column in wanted.get(row, []):
                x, y, w, h = tracks.boxes[row, column].tolist()
                described = work.describe(frame.image, (x, y, w, h))
                if described is not None:
                    found.append((column, described))
    if not found:
        return FaceDescriptors.none()
    return FaceDescriptors(np.array([c for c, _ in found]), np.array([d for _, d in found]))


def _looks(tracks: FaceTracks, start: float, end: float) -> dict[int, list[int]]:
    """The tracks to be looked at, by frame: each LOOKS times, where it was found and is large."""
    inside = (tracks.times >= start) & (tracks.times <= end)
    wanted: dict[int, list[int]] = {}
    for column in range(tracks.boxes.shape[1]):
        if np.isfinite(tracks.boxes[inside, column, 0]).any():
            found = np.flatnonzero(tracks.scores[:, column] > 0)
            for part in np.array_split(found, min(LOOKS, len(found))):
                largest = part[int(tracks.boxes[part, column, 3].argmax())]
                wanted.setdefault(int(largest), []).append(column)
    return wanted


def distance(a: Descriptor, b: Descriptor) -> float:
    """How far two faces are apart; see SAME_PERSON."""
    return float(np.linalg.norm(a - b))


@lru_cache(maxsize=2)
def _model(name: str, digest: str) -> Path:
    """The file `name` of the models' package. Raises ToolError when it is not there, or another."""
    package = importlib.util.find_spec("face_recognition_models")
    places = package.submodule_search_locations if package else None
    path = Path(next(iter(places))) / "models" / name if places else None
    if path is None or not path.is_file():
        raise not_installed("face_recognition_models", "people", PURPOSE, OTHERWISE)
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise ToolError(path, "is not the network it should be", "install btsclip[people] again")
    return path
