"""Faces in a picture, found by CenterFace (see models/MODELS.md)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import Box, box_in
from btsclip.signals.networks import load_network

SCORE = 0.5
NMS_IOU = 0.3
# Longer side of the searched picture, a multiple of the network's stride times eight.
SIDE = 320
STRIDE = 4


@dataclass(frozen=True)
class Face:
    """One face: `box` is (cx, cy, w, h) in fractions of the picture, `score` 0..1."""

    box: Box
    score: float


class FaceDetector:
    """Finds faces in RGB pictures, searched at `side` pixels, whose score is above `score`.
    Threads may share it."""

    def __init__(self, side: int = SIDE, score: float = SCORE) -> None:
        self._side, self._score = side, score
        self._network = load_network("centerface_dyn.onnx")

    def detect(self, image: NDArray[np.uint8]) -> tuple[Face, ...]:
        """Faces in `image` (h, w, 3), best first."""
        scale = self._side / max(image.shape[:2])
        size = [max(32, round(side * scale / 32) * 32) for side in image.shape[1::-1]]
        pixels = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        # Height comes before width in sizes, row before column in offsets.
        heat, log_size, offset, _ = self._network.run(pixels.transpose(2, 0, 1)[None])
        heat, log_size, offset = heat[0, 0], log_size[0], offset[0]
        rows, columns = np.nonzero(heat > self._score)
        if not len(rows):
            return ()
        sizes = np.exp(log_size[:, rows, columns]) * STRIDE
        centres = (np.stack([rows, columns]) + offset[:, rows, columns] + 0.5) * STRIDE
        regions = np.stack(
            [centres[1] - sizes[1] / 2, centres[0] - sizes[0] / 2, sizes[1], sizes[0]], axis=1
        )
        scores = heat[rows, columns].tolist()
        kept = cv2.dnn.NMSBoxes(regions.tolist(), scores, self._score, NMS_IOU)
        faces = []
        for i in np.asarray(kept, int).reshape(-1):
            left, top, width, height = regions[i].tolist()
            box = box_in(left, top, width, height, (size[0], size[1]))
            faces.append(Face(box, float(scores[i])))
        return tuple(faces)
