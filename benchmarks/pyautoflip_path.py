"""The crop path of pyautoflip for one span, for comparison; its own video writer is left out.

pyautoflip 0.2 frames each scene from five pictures by a saliency network that it carries. Its face
network is fetched when it is first used, so that here btsclip's faces stand in for it.
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
    """Faces as pyautoflip's own detector gives them: x, y, width, height in fractions."""

    def __init__(self) -> None:
        self._detector = FaceDetector()

    def detect(self, image: Any) -> list[dict[str, float]]:
        found = self._detector.detect(image[..., ::-1])
        boxes = [face.box for face in found]
        return [{"x": x - w / 2, "y": y - h / 2, "width": w, "height": h} for x, y, w, h in boxes]


def pyautoflip_path(footage: Footage, span: CropSpan) -> list[CropKey] | None:
    """Its keys of (time, cx, cy, w, h); None where pyautoflip is not installed."""
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
    """The five pictures, evenly spaced, that it looks at in a scene."""
    capture = cv2.VideoCapture(str(footage.path))
    found = []
    for time in np.linspace(first, last - 0.05, 5):
        capture.set(cv2.CAP_PROP_POS_MSEC, time * 1000)
        read, picture = capture.read()
        if read:
            found.append(picture)
    capture.release()
    return found
