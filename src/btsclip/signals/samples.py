"""Samples of the picture, as they come from glances and dense frames."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.media import Frame
from btsclip.signals import quality
from btsclip.signals.faces import Face, FaceDetector
from btsclip.signals.hands import Hand
from btsclip.signals.motion import Motion, grey_of

# Grey levels (0..255) by which the most changed half percent of the picture differs between two
# keyframes when something moves; sensor noise and flickering light stay below.
MIN_GREY_CHANGE = 18.0
# Seconds between two searches for faces.
FACE_INTERVAL = 2.0

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class HandSample:
    """The hands at `time` (seconds), and the score of the likeliest palm, with or without hand."""

    time: float
    hands: tuple[Hand, ...]
    palm: float


@dataclass
class VisualSamples:
    """All samples of the picture, each with its time in seconds."""

    hands: list[HandSample] = field(default_factory=list)
    faces: list[tuple[float, tuple[Face, ...]]] = field(default_factory=list)
    still_times: list[float] = field(default_factory=list)
    stills: list[tuple[float, float]] = field(default_factory=list)
    thumbs: list[Grey] = field(default_factory=list)
    motions: list[MotionSample] = field(default_factory=list)
    scenes: list[tuple[float, NDArray[np.floating[Any]]]] = field(default_factory=list)
    damaged: list[float] = field(default_factory=list)

    def add_still(self, frame: Frame) -> None:
        """Add the sharpness, the exposure and the thumbnail of a frame."""
        self.still_times.append(frame.time)
        self.stills.append((quality.sharpness(frame.image), quality.exposure(frame.small)))
        self.thumbs.append(quality.thumbnail(frame.small))

    def note_damage(self, frame: Frame) -> None:
        """Keep the time of a damaged frame."""
        if frame.damaged:
            self.damaged.append(frame.time)

    def add_faces(self, frame: Frame, detector: FaceDetector) -> None:
        """Add the faces in a frame, unless the last search is less than FACE_INTERVAL ago."""
        if not self.faces or frame.time - self.faces[-1][0] >= FACE_INTERVAL:
            self.faces.append((frame.time, detector.detect(frame.image)))

    def add_motion(self, frame: Frame, motion: Motion, hands: tuple[Hand, ...]) -> None:
        """Add the motion up to `frame`, of the picture and within the box of the fastest hand."""
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
    """Figures of one `Motion` and its frame; speeds in picture widths a second.

    `hand` and `drift` are the mean speed and velocity in the box of the fastest hand; without a
    hand, 0 and the velocity of everything that moves. `glow` is the share of the picture that
    shines like fire, `red` the share near this hand that is as red as blood.
    """

    time: float
    local: float
    camera: float
    hand: float
    drift: tuple[float, float]
    glow: float
    red: float


def denoised_grey(frame: Frame) -> Grey:
    """The small picture in grey (h, w), blurred against sensor noise."""
    return np.asarray(cv2.GaussianBlur(grey_of(frame), (5, 5), 0), np.uint8)


def has_motion(a: Grey, b: Grey) -> bool:
    """Whether something moved between two grey pictures (h, w) of the same scene."""
    return a.shape != b.shape or float(np.percentile(cv2.absdiff(a, b), 99.5)) > MIN_GREY_CHANGE
