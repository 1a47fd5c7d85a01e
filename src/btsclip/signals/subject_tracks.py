"""Track hands, faces and the things they move, several times a second over the span of one clip.

The analysis of a take searches for hands just often enough to find work; framing needs their
places several times a second, in spans that become clips.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import Box
from btsclip.media import Footage, Frame, read_frames
from btsclip.signals.faces import FaceDetector
from btsclip.signals.hands import (
    MAX_HANDS,
    Hand,
    HandDetector,
    Region,
    region_around,
    tiles,
    whole_region,
)
from btsclip.signals.motion import Motion, MotionMeter
from btsclip.signals.scene import scene_map
from btsclip.signals.shots import Histogram, color_histogram, is_another_scene
from btsclip.signals.subject_boxes import moving_box, salient_box
from btsclip.signals.work_map import WorkSample, work_maps

# Frames sampled a second: a hand takes at least half a second to cross a vertical crop.
SAMPLE_RATE = 5.0
# Seconds between two searches for hands; in between they are only followed.
HAND_INTERVAL = 0.8
# Seconds between two searches for faces.
FACE_INTERVAL = 0.6
# Seconds between two runs of the scene network.
SCENE_INTERVAL = 0.4
MAX_FACES = 2
# Distance in picture widths (and heights) from all known hands at which a hand is a new one.
NEW_HAND_DISTANCE = 0.25

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Tracks:
    """Hands, faces, motion and work at `times` (n,), seconds of the footage. Boxes are cx, cy, w, h
    in fractions of the picture inside bars, NaN where there is nothing.

    `hands` (n, MAX_HANDS, 4): a hand keeps its column from sample to sample. `presence` (n,
    MAX_HANDS) is its probability, 0..1, and `speed` (n, MAX_HANDS) the mean speed in its box, in
    picture widths a second; both 0 without a hand. `faces` (n, MAX_FACES, 4).
    `work` (n, 4): the box around things that move by themselves, near the hands if there are any.
    `beside` (n, 4): the box around things that move out of the hands' reach, such as a pan on the
    stove; NaN without hands. `salient` (n, 4): the box around things that stand out.
    `place` (n, MAP_SIDE, MAP_SIDE): the probability that the work, if any, is in each cell
    (signals/work_map.py).
    """

    times: Array
    hands: Array
    presence: Array
    speed: Array
    faces: Array
    work: Array
    beside: Array
    salient: Array
    place: Array

    def between(self, start: float, end: float) -> Tracks:
        """The tracks from `start` to `end` seconds, with the sample before `start`."""
        first = max(0, int(np.searchsorted(self.times, start + 1e-6)) - 1)
        part = slice(first, max(first + 1, int(np.searchsorted(self.times, end - 1e-6))))
        return Tracks(*(getattr(self, item.name)[part] for item in fields(self)))


def track_footage(footage: Footage, start: float, end: float) -> Tracks:
    """Track hands, faces and work from `start` to `end` seconds.

    Raises FootageError when the file cannot be decoded.
    """
    return _to_tracks(sample_frames(footage, start, end))


@dataclass(frozen=True)
class FrameSample:
    """Hands, faces, motion and work in one frame."""

    time: float
    hands: tuple[Hand, ...]
    faces: tuple[Box, ...]
    motion: Motion | None
    salient: Box | None
    work: WorkSample


def sample_frames(footage: Footage, start: float, end: float) -> list[FrameSample]:
    """Sample the frames from `start` to `end` seconds, SAMPLE_RATE a second."""
    hand_tracker, detector, meter = _HandTracker(), FaceDetector(), MotionMeter()
    samples: list[FrameSample] = []
    faces: tuple[Box, ...] = ()
    faces_at = scene_at = -1.0
    shot = 0
    scene: Array = np.zeros(0)
    for frame in read_frames(footage, [(start, end)], rate=SAMPLE_RATE):
        image, motion = frame.image, meter.update(frame)
        hands = hand_tracker.update(frame)
        shot += hand_tracker.new_scene
        if frame.time - faces_at >= FACE_INTERVAL or hand_tracker.new_scene:
            faces_at = frame.time
            faces = tuple(face.box for face in detector.detect(image))
        if frame.time - scene_at >= SCENE_INTERVAL or hand_tracker.new_scene:
            scene_at, scene = frame.time, scene_map(image)
        boxes = [(hand.box, hand.presence) for hand in hands]
        work = WorkSample.of(frame.time, shot, image, motion, boxes, faces, scene)
        samples.append(FrameSample(frame.time, hands, faces, motion, salient_box(image), work))
    return samples


class _HandTracker:
    """Tracker of hands from frame to frame, with a new search at intervals, at cuts and for lost
    hands."""

    def __init__(self) -> None:
        self._detector = HandDetector()
        self._hands: tuple[Hand, ...] = ()
        self._lost: tuple[Box, ...] = ()
        self._colors: Histogram | None = None
        self._searched_at = -10.0
        self._turn = 0
        self.new_scene = True

    def update(self, frame: Frame) -> tuple[Hand, ...]:
        """The hands in `frame`, best first."""
        image, colors = frame.image, color_histogram(frame)
        self.new_scene = self._colors is None or is_another_scene(colors, self._colors)
        self._colors = colors
        if self.new_scene:
            self._hands, self._lost = (), ()
        hands = self._detector.follow(image, self._hands)
        for region in self._regions(frame, len(hands)):
            in_region = self._detector.search(image, [region])
            hands = (*hands, *(hand for hand in in_region if _is_new(hand, hands)))
        self._lost = tuple(h.box for h in self._hands) if len(hands) < len(self._hands) else ()
        self._hands = hands[:MAX_HANDS]
        return self._hands

    def _regions(self, frame: Frame, followed: int) -> list[Region]:
        """Where to search: everywhere every HAND_INTERVAL seconds; in between around lost hands,
        and with no hand `followed` in the whole picture and one tile after another."""
        image = frame.image
        parts = tiles(image)
        if self.new_scene or frame.time - self._searched_at >= HAND_INTERVAL:
            self._searched_at = frame.time
            return [whole_region(image), *parts]
        regions = [region_around(image, box) for box in self._lost]
        if not followed:
            self._turn += 1
            regions += [whole_region(image), *(parts and [parts[self._turn % len(parts)]])]
        return regions


def _is_new(hand: Hand, known: Sequence[Hand]) -> bool:
    """Whether the center of `hand` is away from the centers of all `known` hands."""
    return all(
        abs(hand.box[0] - known_hand.box[0]) > (hand.box[2] + known_hand.box[2]) / 4
        or abs(hand.box[1] - known_hand.box[1]) > (hand.box[3] + known_hand.box[3]) / 4
        for known_hand in known
    )


def _to_tracks(samples: Sequence[FrameSample]) -> Tracks:
    count = len(samples)
    hands = np.full((count, MAX_HANDS, 4), np.nan)
    presence, speed = np.zeros((2, count, MAX_HANDS))
    faces = np.full((count, MAX_FACES, 4), np.nan)
    work, beside, salient = np.full((3, count, 4), np.nan)
    known = np.full((MAX_HANDS, 2), np.nan)
    for i, sample in enumerate(samples):
        for k, hand in _assign_columns(known, sample.hands):
            known[k] = hand.box[:2]
            hands[i, k], presence[i, k] = hand.box, hand.presence
            speed[i, k] = sample.motion.inside(hand.box) if sample.motion else 0.0
        faces[i, : len(sample.faces[:MAX_FACES])] = sample.faces[:MAX_FACES] or np.nan
        salient[i] = sample.salient or np.nan
        if sample.motion:
            boxes = [hand.box for hand in sample.hands]
            work[i] = moving_box(sample.motion, boxes) or np.nan
            beside[i] = (boxes and moving_box(sample.motion, boxes, beyond=True)) or np.nan
    times = np.array([sample.time for sample in samples])
    place = work_maps([sample.work for sample in samples])
    return Tracks(times, hands, presence, speed, faces, work, beside, salient, place)


def _assign_columns(known: Array, hands: Sequence[Hand]) -> list[tuple[int, Hand]]:
    """Each hand with its column, by the last centers `known` (m, 2) of all columns: the column of
    the nearest center, else an unused column, else the column of the farthest center."""
    distances = np.array(
        [[np.hypot(*(hand.box[:2] - center)) for center in known] for hand in hands]
    )
    distances = np.nan_to_num(distances.reshape(len(hands), len(known)), nan=NEW_HAND_DISTANCE)
    assigned: list[tuple[int, Hand]] = []
    for _ in hands:
        row, column = np.unravel_index(int(distances.argmin()), distances.shape)
        assigned.append((int(column), hands[int(row)]))
        distances[row], distances[:, column] = np.inf, np.inf
    return assigned
