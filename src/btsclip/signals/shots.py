"""Shot borders: where one take is cut to the next, by PySceneDetect's adaptive detector."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.media.footage import Footage
from btsclip.media.frames import Frame, read_every_frame

# Content change against that of its neighbours, and its least absolute value. Hands moving fast in
# front of a still camera raise the neighbours too, so that they do not count as a cut.
RATIO, LEAST = 2.5, 12.0


class ShotDetector:
    """Finds borders among frames that come a few a second."""

    def __init__(self) -> None:
        self.borders: list[float] = []
        self._times: list[float] = []
        self.restart()

    def restart(self) -> None:
        """Begins anew after a gap, which is not a border."""
        from scenedetect.detectors import AdaptiveDetector

        self._detector = AdaptiveDetector(
            adaptive_threshold=RATIO, min_content_val=LEAST, min_scene_len=3
        )
        self._times = []

    def update(self, frame: Frame) -> None:
        """Looks at the next frame; `borders` grows by what is certain now, in seconds."""
        from scenedetect import FrameTimecode

        # A frame is judged among two on either side: the first one stands in for those before it.
        for _ in range(1 if self._times else 2):
            # The detector counts frames; its timecodes serve as indices into our own times.
            index = FrameTimecode(len(self._times), 6.0)
            self._times.append(frame.time)
            cuts = self._detector.process_frame(index, _bgr(frame))
            self.borders.extend(self._times[cut.frame_num] for cut in cuts)


def refine(footage: Footage, border: float, reach: float = 0.4) -> float:
    """The exact time of the first frame after a border that is known to about `reach` seconds."""
    best, largest, last = border, -1.0, None
    for frame in read_every_frame(footage, (border - reach, border + reach / 4)):
        small = _bgr(frame).astype(np.int16)
        if last is not None:
            change = float(np.abs(small - last).mean())
            if change > largest:
                best, largest = frame.time, change
        last = small
    return best


def _bgr(frame: Frame) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(frame.small, cv2.COLOR_RGB2BGR), np.uint8)
