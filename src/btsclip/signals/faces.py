"""Find faces in a picture with CenterFace (see models/MODELS.md)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import Box, box_in
from btsclip.signals.networks import load_network

MIN_SCORE = 0.5
# Shared area over the union, above which two boxes are one face.
MAX_IOU = 0.3
# Longer side of the searched picture in pixels, a multiple of eight strides of the network.
SIDE = 320
STRIDE = 4
# Longer sides in pixels at which FaceSearch searches: the largest finds small faces, the smallest
# finds faces that fill the picture. Each costs a quarter of the one before.
SEARCH_SIDES = (960, 480, 240)
MIN_SEARCH_SCORE = 0.15
# Distance of two detections of one face, in sizes of the larger one.
MAX_SAME_FACE_DISTANCE = 0.5


@dataclass(frozen=True)
class Face:
    """One face: `box` is cx, cy, w, h in fractions of the picture, `score` is 0..1."""

    box: Box
    score: float


class FaceDetector:
    """Detector of faces in RGB pictures. Threads may share it.

    Args:
        side: longer side in pixels to which a picture is scaled.
        min_score: score above which a face counts, 0..1.
    """

    def __init__(self, side: int = SIDE, min_score: float = MIN_SCORE) -> None:
        self._side, self._min_score = side, min_score
        self._network = load_network("centerface_dyn.onnx")

    def detect(self, image: NDArray[np.uint8]) -> tuple[Face, ...]:
        """Faces in `image` (h, w, 3), best first."""
        scale = self._side / max(image.shape[:2])
        size = [max(32, round(side * scale / 32) * 32) for side in image.shape[1::-1]]
        pixels = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        # The network gives height before width in sizes, row before column in offsets.
        heat, log_size, offset, _ = self._network.run(pixels.transpose(2, 0, 1)[None])
        heat, log_size, offset = heat[0, 0], log_size[0], offset[0]
        rows, columns = np.nonzero(heat > self._min_score)
        if not len(rows):
            return ()
        sizes = np.exp(log_size[:, rows, columns]) * STRIDE
        centers = (np.stack([rows, columns]) + offset[:, rows, columns] + 0.5) * STRIDE
        regions = np.stack(
            [centers[1] - sizes[1] / 2, centers[0] - sizes[0] / 2, sizes[1], sizes[0]], axis=1
        )
        scores = heat[rows, columns].tolist()
        indices = cv2.dnn.NMSBoxes(regions.tolist(), scores, self._min_score, MAX_IOU)
        faces = []
        for i in np.asarray(indices, int).reshape(-1):
            left, top, width, height = regions[i].tolist()
            box = box_in(left, top, width, height, (size[0], size[1]))
            faces.append(Face(box, float(scores[i])))
        return tuple(faces)


class FaceSearch:
    """Search for faces in pictures scaled to each of `sides`. It belongs to one thread."""

    def __init__(
        self, sides: Sequence[int] = SEARCH_SIDES, min_score: float = MIN_SEARCH_SCORE
    ) -> None:
        self._detectors = [FaceDetector(side, min_score) for side in sides]

    def find(self, image: NDArray[np.uint8]) -> list[Face]:
        """Faces in the RGB `image` (h, w, 3), best first, without duplicates."""
        detections = [face for detector in self._detectors for face in detector.detect(image)]
        detections.sort(key=lambda face: -face.score)
        aspect = image.shape[1] / image.shape[0]
        faces: list[Face] = []
        for face in detections:
            distances = [face_distance(face.box, known.box, aspect) for known in faces]
            if all(distance > MAX_SAME_FACE_DISTANCE for distance in distances):
                faces.append(face)
        return faces


def face_distance(a: Box, b: Box, aspect: float) -> float:
    """Distance of the middles of two boxes in sizes of the larger one; `aspect` is the width of
    the picture over its height."""
    size = max(math.sqrt(a[2] * aspect * a[3]), math.sqrt(b[2] * aspect * b[3]), 1e-6)
    return math.hypot((a[0] - b[0]) * aspect, a[1] - b[1]) / size
