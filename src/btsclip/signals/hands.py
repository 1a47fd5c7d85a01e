"""Find hands in a picture: a detector finds palms, and a landmark model confirms each.

The two networks are MediaPipe's palm detector and hand landmark model (see models/MODELS.md); the
decoding of their outputs follows the published model cards. The detector misses a palm smaller
than about a fifteenth of the searched square, so callers also search square tiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import Box, box_between, box_overlap
from btsclip.signals.networks import load_network

Image = NDArray[np.uint8]
Array = NDArray[np.floating[Any]]
# Left, top, width, height in pixels.
Region = tuple[int, int, int, int]

# Sides of the networks' inputs in pixels.
PALM_SIDE = 192
LANDMARK_SIDE = 224
# Score of a palm worth the landmark check. Kitchen hands, seen from above and half hidden by
# tools, score lower than the open hands for which the detector's default is 0.5.
MIN_PALM_SCORE = 0.25
MIN_PRESENCE = 0.2
# Presence of a hand that is followed without the palm detector.
MIN_FOLLOWED_PRESENCE = 0.5
# Shared area over the union, above which two boxes are one palm.
MAX_IOU = 0.3
# Shared area over the smaller area, from which on two boxes are one hand.
MIN_SAME_HAND_OVERLAP = 0.5
MAX_HANDS = 4
# Palms given to the landmark model, best first.
MAX_PALMS = 4


@dataclass(frozen=True)
class Hand:
    """One hand: `box` is cx, cy, w, h in fractions of the picture, `score` comes from the palm
    detector and `presence` from the landmark model, both 0..1.

    `landmarks` (21, 2) are its joints in pixels of the searched picture, for following it.
    """

    box: Box
    score: float
    presence: float
    landmarks: Array | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class PalmCandidates:
    """Palms in pixels of the searched picture: boxes (n, 4) as cx, cy, w, h; key points (n, 7, 2)
    beginning at the wrist; scores (n,)."""

    boxes: Array
    points: Array
    scores: Array


class HandDetector:
    """Detector of hands in RGB pictures. Threads may share it."""

    def __init__(self) -> None:
        self._palm = load_network("palm_detection_full.f16.onnx")
        self._landmark = load_network("hand_landmark_full.f16.onnx")

    def search(self, image: Image, regions: Sequence[Region]) -> tuple[Hand, ...]:
        """Hands in the `regions` of `image` (h, w, 3), best first."""
        return self._confirm_all(image, [self._find_palms(image, region) for region in regions])

    def survey(self, image: Image) -> tuple[tuple[Hand, ...], float]:
        """Hands in the whole picture, and the score (0..1) of its likeliest palm, even if the
        landmark model finds no hand there, as with gloves and blurred hands."""
        palms = self._find_palms(image, whole_region(image), min_score=0.0)
        sure = palms.scores >= MIN_PALM_SCORE
        likely = PalmCandidates(palms.boxes[sure], palms.points[sure], palms.scores[sure])
        return self._confirm_all(image, [likely]), float(palms.scores.max())

    def _confirm_all(self, image: Image, candidates: Sequence[PalmCandidates]) -> tuple[Hand, ...]:
        """The hands of all `candidates`, best first."""
        if not candidates:
            return ()
        palms = _suppress(
            PalmCandidates(
                np.concatenate([palms.boxes for palms in candidates]),
                np.concatenate([palms.points for palms in candidates]),
                np.concatenate([palms.scores for palms in candidates]),
            )
        )
        hands: list[Hand] = []
        best = np.argsort(-palms.scores)[:MAX_PALMS]
        for box, points, score in zip(
            palms.boxes[best], palms.points[best], palms.scores[best], strict=True
        ):
            hand = self._confirm(image, box, points, float(score))
            if hand and _is_another(hand, hands):
                hands.append(hand)
        return tuple(hands[:MAX_HANDS])

    def follow(self, image: Image, hands: Sequence[Hand]) -> tuple[Hand, ...]:
        """The `hands` of a moment ago in this `image`; lost hands are left out.

        Runs only the landmark model, around each hand: half the cost of a search, and it keeps a
        hand that the palm detector would miss.
        """
        kept: list[Hand] = []
        for hand in hands:
            if hand.landmarks is None:
                continue
            followed = self._find_landmarks(image, landmark_crop(hand.landmarks), hand.score)
            if (
                followed
                and followed.presence >= MIN_FOLLOWED_PRESENCE
                and _is_another(followed, kept)
            ):
                kept.append(followed)
        return tuple(kept)

    def _find_palms(
        self, image: Image, region: Region, min_score: float = MIN_PALM_SCORE
    ) -> PalmCandidates:
        left, top, width, height = region
        side = max(width, height)
        square = np.zeros((side, side, 3), np.uint8)
        pad_x, pad_y = (side - width) // 2, (side - height) // 2
        square[pad_y : pad_y + height, pad_x : pad_x + width] = image[
            top : top + height, left : left + width
        ]
        pixels = cv2.resize(square, (PALM_SIDE, PALM_SIDE), interpolation=cv2.INTER_AREA)
        raw, logits = self._palm.run(pixels[None].astype(np.float32) / 255)
        scores = 1 / (1 + np.exp(-np.clip(logits.reshape(-1), -50, 50)))
        keep = scores >= min_score
        raw = raw.reshape(-1, 9, 2)[keep] / PALM_SIDE
        anchors = palm_anchors()[keep]
        origin = np.array([left - pad_x, top - pad_y], np.float32)
        centers = (raw[:, 0] + anchors) * side + origin
        points = (raw[:, 2:] + anchors[:, None]) * side + origin
        return PalmCandidates(np.hstack([centers, raw[:, 1] * side]), points, scores[keep])

    def _confirm(self, image: Image, box: Array, points: Array, score: float) -> Hand | None:
        """The hand of one palm; None when the landmark model sees no hand there."""
        return self._find_landmarks(image, upright_crop(box, points), score)

    def _find_landmarks(self, image: Image, to_crop: Array, score: float) -> Hand | None:
        crop = cv2.warpAffine(image, to_crop, (LANDMARK_SIDE, LANDMARK_SIDE))
        outputs = self._landmark.run(crop[None].astype(np.float32) / 255)
        presence = float(outputs[1].reshape(-1)[0])
        if presence < MIN_PRESENCE:
            return None
        points = outputs[0].reshape(21, 3)[:, :2].astype(np.float32)
        landmarks = cv2.transform(points[None], cv2.invertAffineTransform(to_crop))[0]
        height, width = image.shape[:2]
        low = np.clip(landmarks.min(0) / (width, height), 0, 1)
        high = np.clip(landmarks.max(0) / (width, height), 0, 1)
        if (high - low).min() <= 0:
            return None
        return Hand(box_between(*low.tolist(), *high.tolist()), score, presence, landmarks)


def whole_region(image: Image) -> Region:
    """The region of the whole `image`."""
    return 0, 0, image.shape[1], image.shape[0]


def tiles(image: Image) -> list[Region]:
    """Three squares direction the longer side; none for a picture that is nearly square."""
    height, width = image.shape[:2]
    side, room = min(width, height), abs(width - height)
    if room <= side // 4:
        return []
    offsets = (0, room // 2, room)
    return [(o, 0, side, side) if width > height else (0, o, side, side) for o in offsets]


def region_around(image: Image, box: Box, scale: float = 2.5) -> Region:
    """A square around `box` (cx, cy, w, h in fractions), with `scale` times its longer side."""
    height, width = image.shape[:2]
    side = int(min(max(scale * max(box[2] * width, box[3] * height), 96), min(height, width)))
    left = int(np.clip(box[0] * width - side / 2, 0, width - side))
    top = int(np.clip(box[1] * height - side / 2, 0, height - side))
    return left, top, side, side


@lru_cache(maxsize=1)
def palm_anchors() -> Array:
    """Centers (2016, 2) in 0..1: two per cell of a 24 x 24 grid, then six per cell of 12 x 12."""
    grids = []
    for cells, repeat in ((24, 2), (12, 6)):
        y, x = np.mgrid[:cells, :cells]
        centers = (np.stack([x, y], -1).reshape(-1, 2) + 0.5) / cells
        grids.append(np.repeat(centers, repeat, axis=0))
    return np.concatenate(grids).astype(np.float32)


def upright_crop(box: Array, points: Array) -> NDArray[np.float64]:
    """The 2x3 transform from picture pixels to the landmark model's upright square.

    The line from the wrist (key point 0) to the base of the middle finger (key point 2) points up;
    the square is 2.6 palm sides wide and moved half a palm towards the fingers (MediaPipe's hand
    landmark graph).
    """
    direction = points[2] - points[0]
    angle = np.pi / 2 - np.arctan2(-direction[1], direction[0])
    cos, sin = np.cos(angle), np.sin(angle)
    side = float(max(box[2], box[3]))
    center = np.array([box[0] + 0.5 * side * sin, box[1] - 0.5 * side * cos])
    return _square_transform(center, 2.6 * side, float(angle))


def landmark_crop(landmarks: Array) -> NDArray[np.float64]:
    """The transform of `upright_crop`, from the landmarks (21, 2) in an earlier picture.

    The square around wrist, finger bases and first joints is doubled and moved a tenth towards the
    fingers (MediaPipe's rule for following a hand).
    """
    palm = landmarks[[0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18]]
    direction = (landmarks[5] + landmarks[9] * 2 + landmarks[13]) / 4 - landmarks[0]
    angle = np.pi / 2 - np.arctan2(-direction[1], direction[0])
    cos, sin = np.cos(angle), np.sin(angle)
    rotated = palm @ np.array([[cos, -sin], [sin, cos]])
    low, high = rotated.min(0), rotated.max(0)
    side = max(float((high - low).max()), 1.0)
    middle = np.array([[cos, -sin], [sin, cos]]) @ ((low + high) / 2)
    return _square_transform(middle + 0.1 * side * np.array([sin, -cos]), 2.0 * side, angle)


def _square_transform(center: Array, side: float, angle: float) -> NDArray[np.float64]:
    """The 2x3 transform from a square rotated by `angle` to the landmark model's input."""
    cos, sin = np.cos(angle), np.sin(angle)
    scale = LANDMARK_SIDE / max(side, 1e-3)
    rotation = scale * np.array([[cos, sin], [-sin, cos]])
    shift = LANDMARK_SIDE / 2 - rotation @ center
    return np.hstack([rotation, shift[:, None]])


def _suppress(palms: PalmCandidates) -> PalmCandidates:
    """The `palms` without weaker ones that overlap a stronger one."""
    if not len(palms.scores):
        return palms
    regions = palms.boxes.copy()
    regions[:, :2] -= regions[:, 2:] / 2
    keep = np.asarray(
        cv2.dnn.NMSBoxes(regions.tolist(), palms.scores.tolist(), 0.0, MAX_IOU), int
    ).reshape(-1)
    return PalmCandidates(palms.boxes[keep], palms.points[keep], palms.scores[keep])


def _is_another(hand: Hand, known: Sequence[Hand]) -> bool:
    """Whether `hand` is none of the `known` hands."""
    return all(
        box_overlap(hand.box, known_hand.box) < MIN_SAME_HAND_OVERLAP for known_hand in known
    )
