"""What was seen so far, in the order it was seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.media.frames import Frame
from btsclip.signals import quality
from btsclip.signals.faces import Face, FaceDetector
from btsclip.signals.hands import Hand
from btsclip.signals.motion import Motion, grey_of

# Grey levels (0..255) by which the most changed two hundredth of the picture must differ between
# keyframes for something to go on; sensor noise and flickering light stay below it.
CHANGE = 18.0
# Bhattacharyya distance (0..1) of two histograms from which on they are of two scenes, and from
# which on they may be: at the second, glances at five edited takes missed 18 % of the cuts, at the
# first 33 %.
OTHER_COLOURS, MAYBE_OTHER_COLOURS = 0.35, 0.25
# Seconds between looks for faces.
FACE_EVERY = 2.0

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class HandSample:
    """Hands seen at `time` in seconds, and the score of the likeliest palm, hand or not."""

    time: float
    hands: tuple[Hand, ...]
    palm: float


@dataclass
class VisualSamples:
    """Everything seen, each with its time in seconds."""

    sights: list[HandSample] = field(default_factory=list)
    faces: list[tuple[float, tuple[Face, ...]]] = field(default_factory=list)
    still_times: list[float] = field(default_factory=list)
    stills: list[tuple[float, float]] = field(default_factory=list)
    thumbs: list[Grey] = field(default_factory=list)
    motions: list[MotionSample] = field(default_factory=list)
    scenes: list[tuple[float, NDArray[np.floating[Any]]]] = field(default_factory=list)

    def add_still(self, frame: Frame) -> None:
        """Sharpness, exposure and the thumbnail of a frame."""
        self.still_times.append(frame.time)
        self.stills.append((quality.sharpness(frame.image), quality.exposure(frame.small)))
        self.thumbs.append(quality.thumbnail(frame.small))

    def add_faces(self, frame: Frame, detector: FaceDetector) -> None:
        """Faces, unless the last look was a moment ago."""
        if not self.faces or frame.time - self.faces[-1][0] >= FACE_EVERY:
            self.faces.append((frame.time, detector.detect(frame.image)))

    def add_motion(self, frame: Frame, motion: Motion, hands: tuple[Hand, ...]) -> None:
        """Motion up to `frame`, of the picture and within the hands."""
        box = max(hands, key=lambda hand: motion.inside(hand.box)).box if hands else None
        self.motions.append(
            MotionSample(
                time=motion.time,
                local=motion.local,
                camera=motion.camera,
                hand=motion.inside(box) if box else 0.0,
                drift=motion.drift(box),
                glow=quality.glow(frame.small),
                red=quality.blood_red(frame.small, box) if box else 0.0,
            )
        )


@dataclass(frozen=True)
class MotionSample:
    """The figures of one `Motion`, and `hand` and `drift`: mean speed and velocity in widths a
    second within the liveliest hand's box (velocity of all that moves where no hand is); `glow` is
    the share of the picture that shines like fire, `red` that near this hand which is as red as
    blood."""

    time: float
    local: float
    camera: float
    hand: float
    drift: tuple[float, float]
    glow: float
    red: float


def denoised_grey(frame: Frame) -> Grey:
    """The small picture in grey (h, w), without the sensor's noise."""
    return np.asarray(cv2.GaussianBlur(grey_of(frame), (5, 5), 0), np.uint8)


def has_motion(a: Grey, b: Grey) -> bool:
    """Whether something moved between two grey pictures (h, w) of the same scene."""
    return a.shape != b.shape or float(np.percentile(cv2.absdiff(a, b), 99.5)) > CHANGE


def colours(frame: Frame) -> NDArray[np.float32]:
    """Histogram of hue, saturation and value (8, 4, 4), with the sum 1."""
    hsv = cv2.cvtColor(frame.small, cv2.COLOR_RGB2HSV)
    histogram = cv2.calcHist([hsv], [0, 1, 2], None, [8, 4, 4], [0, 180, 0, 256, 0, 256])
    return np.asarray(histogram / histogram.sum(), np.float32)


def is_another_scene(
    a: NDArray[np.float32], b: NDArray[np.float32], least: float = OTHER_COLOURS
) -> bool:
    """Whether colours `a` and `b` are at `least` so far apart that they are of two scenes: a camera
    that pans keeps its colours."""
    return cv2.compareHist(a, b, cv2.HISTCMP_BHATTACHARYYA) > least
