"""Shot borders: by PySceneDetect's adaptive detector between dense frames, by color elsewhere.

A take that may be an edited reel is read frame by frame, since glances miss one cut in six.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.media import Footage, Frame, read_every_frame, read_glances
from btsclip.signals.quality import likeness, thumbnail

# Content change at a cut: as a multiple of the change at the frames around it, and in levels. Hands
# that move fast in front of a still camera change the frames around it too, so they are no cut.
MIN_RATIO = 2.5
MIN_CONTENT_CHANGE = 12.0
# Bhattacharyya distance (0..1) of the color histograms of two scenes, and the distance from which
# on two pictures may show two scenes. Over five edited takes, glances compared by the first missed
# 33 % of the cuts, by the second 18 %.
MIN_SCENE_DISTANCE = 0.35
MIN_POSSIBLE_DISTANCE = 0.25
# Likeness of the frames before and after a border from which on they are one picture: an encoder
# starts afresh, a light goes on, or a jump cut within one shot. Over 150 takes, looked at by eye,
# the frames beside every cut to another shot were less alike.
MIN_SAME_PICTURE = 0.93
# A take is edited if it holds this many cuts, and a shot of it lasts this many seconds on average.
MIN_CUTS = 3
MAX_MEAN_SHOT_SECONDS = 6.0
# Glances miss cuts, so a take whose shots seem to last this long may be edited. A longer take than
# MAX_REEL_SECONDS is not read frame by frame.
MAX_SEEMING_SHOT_SECONDS = 12.0
MAX_REEL_SECONDS = 600.0
# A longer take is not searched for cuts before it is analyzed: it would take seconds.
MAX_PROBED_SECONDS = 180.0
# Seconds before and after a border within which there is a frame.
FRAME_REACH = 0.15

Histogram = NDArray[np.float32]


class ShotDetector:
    """Detector of shot borders in frames read a few a second; `borders` holds their seconds."""

    def __init__(self) -> None:
        self.borders: list[float] = []
        self._times: list[float] = []
        self.restart()

    def restart(self) -> None:
        """Forget the frames so far: the next one follows a gap, which is not a border."""
        from scenedetect.detectors import AdaptiveDetector

        self._detector = AdaptiveDetector(
            adaptive_threshold=MIN_RATIO, min_content_val=MIN_CONTENT_CHANGE, min_scene_len=3
        )
        self._times = []

    def update(self, frame: Frame) -> None:
        """Take in the next frame, and add the borders that are certain now to `borders`."""
        from scenedetect import FrameTimecode

        # A frame is compared with two frames on either side: the first frame is its own past.
        for _ in range(1 if self._times else 2):
            # The detector counts frames; its timecodes are used as indices into `_times`.
            index = FrameTimecode(len(self._times), 6.0)
            self._times.append(frame.time)
            cuts = self._detector.process_frame(index, _bgr(frame))
            self.borders.extend(self._times[cut.frame_num] for cut in cuts)


def refine(footage: Footage, border: float, reach: float = 0.4) -> float:
    """The exact time of the first frame after a `border` known to about `reach` seconds."""
    best, largest, last = border, -1.0, None
    for frame in read_every_frame(footage, (border - reach, border + reach / 4)):
        small = _bgr(frame).astype(np.int16)
        if last is not None:
            change = float(np.abs(small - last).mean())
            if change > largest:
                best, largest = frame.time, change
        last = small
    return best


def may_be_edited(cuts: int, seconds: float) -> bool:
    """Whether a take of `seconds` in which glances show `cuts` is worth reading frame by frame."""
    is_quick = seconds <= MAX_SEEMING_SHOT_SECONDS * (cuts + 1)
    return cuts >= MIN_CUTS and is_quick and seconds <= MAX_REEL_SECONDS


def count_cuts(borders: Sequence[float], seconds: float) -> int:
    """The hard cuts of a take of `seconds` that is already edited; 0 for any other take.

    >>> count_cuts([2.0, 5.5, 9.0], 14.0)
    3
    >>> count_cuts([2.0, 5.5, 9.0], 900.0)
    0
    """
    is_quick = seconds <= MAX_MEAN_SHOT_SECONDS * (len(borders) + 1)
    return len(borders) if len(borders) >= MIN_CUTS and is_quick else 0


def look_for_cuts(footage: Footage) -> int | None:
    """As `count_cuts`, of a take that is not analyzed; None if it is longer than
    MAX_PROBED_SECONDS."""
    if footage.duration > MAX_PROBED_SECONDS:
        return None
    histograms = [color_histogram(frame) for frame, _ in read_glances(footage)]
    changes = sum(is_another_scene(a, b) for a, b in pairwise(histograms))
    if not may_be_edited(changes, footage.duration):
        return 0
    times = [cut.time for cut in find_cuts(footage)]
    return count_cuts(times, footage.duration)


@dataclass(frozen=True)
class HardCut:
    """A hard cut: the seconds of the first frame after it, and the `color_distance` across it."""

    time: float
    distance: float


def find_cuts(footage: Footage) -> tuple[HardCut, ...]:
    """All hard cuts in `footage`, in order, from every frame of it."""
    shots, last = ShotDetector(), None
    # The frames that may be first after a cut: their likeness to the frame before, and distance.
    changes: dict[float, tuple[float, float]] = {}
    for frame in read_every_frame(footage, (0.0, footage.duration)):
        shots.update(frame)
        thumb, color = thumbnail(frame.small).astype(float), color_histogram(frame)
        if last is not None:
            changes[frame.time] = likeness(last[0], thumb), _distance(last[1], color)
        last = thumb, color
    times = [time for time in sorted(shots.borders) if time in changes]
    return tuple(
        HardCut(time, changes[time][1]) for time in times if changes[time][0] < MIN_SAME_PICTURE
    )


def color_distance(footage: Footage, border: float) -> float:
    """Distance (0..1) of the color histograms before and after a `border`; 1 without a picture on
    both sides."""
    span = (max(0.0, border - FRAME_REACH), border + FRAME_REACH)
    frames = list(read_every_frame(footage, span))
    # A border is the time of the first frame of its shot, which may be rounded.
    before = [frame for frame in frames if frame.time < border - 0.5 / max(1.0, footage.fps)]
    after = frames[len(before) :]
    if not before or not after:
        return 1.0
    return _distance(color_histogram(before[-1]), color_histogram(after[0]))


def _distance(a: Histogram, b: Histogram) -> float:
    """Bhattacharyya's distance of two color histograms, 0..1."""
    return cv2.compareHist(a, b, cv2.HISTCMP_BHATTACHARYYA)


def _bgr(frame: Frame) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(frame.small, cv2.COLOR_RGB2BGR), np.uint8)


def color_histogram(frame: Frame) -> Histogram:
    """Histogram of hue, saturation and value (8, 4, 4); its sum is 1."""
    hsv = cv2.cvtColor(frame.small, cv2.COLOR_RGB2HSV)
    histogram = cv2.calcHist([hsv], [0, 1, 2], None, [8, 4, 4], [0, 180, 0, 256, 0, 256])
    return np.asarray(histogram / histogram.sum(), np.float32)


def is_another_scene(a: Histogram, b: Histogram, min_distance: float = MIN_SCENE_DISTANCE) -> bool:
    """Whether the color histograms `a` and `b` (8, 4, 4) differ by more than `min_distance`, as
    those of two scenes do; a pan changes them less."""
    return _distance(a, b) > min_distance
