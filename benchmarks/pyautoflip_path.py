"""The crop path of pyautoflip for one span, for comparison, without its video writer.

pyautoflip 0.2 frames each scene from five pictures by its own saliency network. It downloads its
face network at the first use, so btsclip's faces are used instead.
"""

from __future__ import annotations

import contextlib
import io
from typing import Any

import cv2
import numpy as np

from btsclip.framing.crop import CropKey, CropSpan
from btsclip.media.footage import Footage
from btsclip.signals.faces import FaceDetector


class _Faces:
    """Faces in the form of pyautoflip's own detector: x, y, width, height in fractions."""

    def __init__(self) -> None:
        self._detector = FaceDetector()

    def detect(self, image: Any) -> list[dict[str, float]]:
        boxes = [face.box for face in self._detector.detect(image[..., ::-1])]
        return [{"x": x - w / 2, "y": y - h / 2, "width": w, "height": h} for x, y, w, h in boxes]


def pyautoflip_path(footage: Footage, span: CropSpan) -> list[CropKey] | None:
    """The crop keys (time, cx, cy, w, h); None if pyautoflip is not installed."""
    try:
        from pyautoflip.cropping.saliency_cropper import SaliencyCropper
    except ImportError:
        return None
    keys: list[CropKey] = []
    for first, last in span.shots:
        cropper = SaliencyCropper(9 / 16)
        cropper._face_detector = _Faces()
        count = max(2, round((last - first) * footage.fps))
        with contextlib.redirect_stdout(io.StringIO()):
            windows = cropper.process_scene(_pictures(footage, first, last), count)
        times = np.linspace(first, last, len(windows))
        keys += [
            (float(t), x + w / 2, y + h / 2, w, h)
            for t, (x, y, w, h) in zip(times, windows, strict=True)
        ]
    return keys


def _pictures(footage: Footage, first: float, last: float) -> list[Any]:
    """The five evenly spaced pictures from which a scene is framed."""
    capture = cv2.VideoCapture(str(footage.path))
    pictures = []
    for time in np.linspace(first, last - 0.05, 5):
        capture.set(cv2.CAP_PROP_POS_MSEC, time * 1000)
        is_read, picture = capture.read()
        if is_read:
            pictures.append(picture)
    capture.release()
    return pictures
