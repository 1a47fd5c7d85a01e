"""Recognize people by dlib's face descriptors, compared with the pictures that the notes name.

The networks are two files of the package face-recognition-models. It is not imported; the files are
read from its folder after a check of their digests. Nothing is downloaded, and nothing leaves the
machine.
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
from btsclip.media import Footage, read_every_frame, read_picture
from btsclip.signals.face_tracks import FaceTracks
from btsclip.signals.faces import FaceSearch

# Distance of two descriptors of one person, by dlib: it sorts 99.38 % of the pairs of Labeled Faces
# in the Wild correctly.
MAX_SAME_DISTANCE = 0.6
# Height of a face in pixels; a smaller one would be mostly invented in dlib's picture of 150.
MIN_FACE_PIXELS = 48
# Score of the face in a reference picture, and its minimum if no face reaches that.
MIN_SCORE = 0.5
MIN_ONLY_FACE_SCORE = 0.3
# Longer side in pixels to which a reference picture is scaled.
REFERENCE_SIDE = 1280
# Pictures in which each face is described, spread over its track, and their longer side in pixels.
MAX_DESCRIBED = 12
DESCRIBED_SIDE = 1920
DESCRIPTOR_SIZE = 128
# For the error without the extra `people`: what needs it, and what the user may do instead.
PURPOSE = "recognizing people"
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
# A face as DESCRIPTOR_SIZE numbers; faces of one person are near each other.
Descriptor = NDArray[np.float64]


@dataclass(frozen=True)
class FaceDescriptors:
    """Descriptors (n, 128) of faces, and the columns (n,) of their tracks."""

    columns: NDArray[np.int64]
    descriptors: NDArray[np.float64]

    @classmethod
    def none(cls) -> FaceDescriptors:
        """No descriptors."""
        return cls(np.zeros(0, np.int64), np.zeros((0, DESCRIPTOR_SIZE)))

    def of(self, column: int) -> NDArray[np.float64]:
        """The descriptors (n, 128) of the track in `column`."""
        chosen: NDArray[np.float64] = self.descriptors[self.columns == column]
        return chosen


class FaceRecognizer:
    """dlib's face networks: describe faces for comparison. An instance belongs to one thread.

    Raises ToolError when the packages of the extra `people` are missing or changed.
    """

    def __init__(self) -> None:
        require("dlib", "people", PURPOSE, OTHERWISE)
        import dlib

        self._dlib: Any = dlib
        self._points = dlib.shape_predictor(str(_find_model(*POINTS)))
        self._network = dlib.face_recognition_model_v1(str(_find_model(*DESCRIBER)))

    def describe(self, image: Picture, box: Box) -> Descriptor | None:
        """Describe the face in `box` of the RGB `image` (h, w, 3); None when it is too small."""
        if box[3] * image.shape[0] < MIN_FACE_PIXELS:
            return None
        edges = nearest_pixels(corners(box), image.shape)
        picture = np.ascontiguousarray(image)
        shape = self._points(picture, self._dlib.rectangle(*edges))
        return np.array(self._network.compute_face_descriptor(picture, shape), float)


@lru_cache(maxsize=1)
def recognizer() -> FaceRecognizer:
    """The recognizer of this process. Raises ToolError like `FaceRecognizer`."""
    return FaceRecognizer()


def describe_reference(path: Path) -> Descriptor:
    """Describe the only face in the picture at `path`.

    Raises NotesError when it is not a picture or does not show exactly one face, and ToolError when
    the packages of the extra `people` are missing.
    """
    # An unusable picture is reported even if those packages are missing.
    picture = read_picture(path, NotesError).convert("RGB")
    describer = recognizer()
    picture.thumbnail((REFERENCE_SIDE, REFERENCE_SIDE), Image.Resampling.BOX)
    image = np.asarray(picture, np.uint8)
    candidates = FaceSearch(min_score=MIN_ONLY_FACE_SCORE).find(image)
    faces = [face for face in candidates if face.score >= MIN_SCORE] or candidates
    if len(faces) != 1:
        number = "no face" if not faces else f"{len(faces)} faces"
        raise NotesError(path, f"shows {number}", "name a picture of this person alone")
    descriptor = describer.describe(image, faces[0].box)
    if descriptor is None:
        raise NotesError(
            path, f"shows a face less than {MIN_FACE_PIXELS} pixels high", "name a larger picture"
        )
    return descriptor


def describe_faces(
    footage: Footage, tracks: FaceTracks, start: float, end: float
) -> FaceDescriptors:
    """Describe the faces of `tracks` that are seen between `start` and `end`, over their complete
    tracks.

    Raises ToolError when the packages of the extra `people` are missing, FootageError when the
    frames cannot be decoded.
    """
    describer = recognizer()
    wanted = _choose_frames(tracks, start, end)
    descriptors: list[tuple[int, Descriptor]] = []
    if wanted:
        first, last = float(tracks.times[min(wanted)]), float(tracks.times[max(wanted)])
        for frame in read_every_frame(footage, (first - 1e-3, last + 1e-3), side=DESCRIBED_SIDE):
            row = int(np.abs(tracks.times - frame.time).argmin())
            for column in wanted.get(row, []):
                x, y, w, h = tracks.boxes[row, column].tolist()
                descriptor = describer.describe(frame.image, (x, y, w, h))
                if descriptor is not None:
                    descriptors.append((column, descriptor))
    if not descriptors:
        return FaceDescriptors.none()
    columns, rows = zip(*descriptors, strict=True)
    return FaceDescriptors(np.array(columns), np.array(rows))


def _choose_frames(tracks: FaceTracks, start: float, end: float) -> dict[int, list[int]]:
    """The columns to describe, by frame: each track MAX_DESCRIBED times, at large detections."""
    inside = (tracks.times >= start) & (tracks.times <= end)
    wanted: dict[int, list[int]] = {}
    for column in range(tracks.boxes.shape[1]):
        if np.isfinite(tracks.boxes[inside, column, 0]).any():
            detected = np.flatnonzero(tracks.scores[:, column] > 0)
            for part in np.array_split(detected, min(MAX_DESCRIBED, len(detected))):
                largest = part[int(tracks.boxes[part, column, 3].argmax())]
                wanted.setdefault(int(largest), []).append(column)
    return wanted


def distance(a: Descriptor, b: Descriptor) -> float:
    """Distance of two faces; see MAX_SAME_DISTANCE."""
    return float(np.linalg.norm(a - b))


@lru_cache(maxsize=2)
def _find_model(name: str, digest: str) -> Path:
    """The file `name` in the package face-recognition-models. Raises ToolError when it is missing
    or has another digest."""
    package = importlib.util.find_spec("face_recognition_models")
    folders = package.submodule_search_locations if package else None
    path = Path(next(iter(folders))) / "models" / name if folders else None
    if path is None or not path.is_file():
        raise not_installed("face_recognition_models", "people", PURPOSE, OTHERWISE)
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise ToolError(path, "is not the network it should be", "install btsclip[people] again")
    return path
