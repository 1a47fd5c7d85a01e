"""Track faces on every frame of a span, to cover them: a missed face is the costly error.

Each frame is searched at three sizes with a low score, and the faces are joined into tracks. Where
a face is not found for a while, as when it turns away, and before its first and after its last
detection, its track follows the motion of the picture and grows as it gets less certain. A track
never continues over a shot border, nor where it could belong to either of two faces: each track is
of one person.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import Box, corners, hull, nearest_pixels
from btsclip.media import Footage, Frame, read_every_frame
from btsclip.signals.faces import (
    MAX_SAME_FACE_DISTANCE,
    SEARCH_SIDES,
    Face,
    FaceSearch,
    face_distance,
)
from btsclip.signals.shots import Histogram, color_histogram, is_another_scene

# A track counts as a face after this many detections of at least this score, in any of these
# pairs. On most frames, faces of real takes score 0.7 and more, even at 2 % of the picture, and
# drawn faces that move 0.4 and more; leaves, towels and noodles reach 0.66 once, 0.53 three times,
# 0.41 eight times and 0.3 sixteen times.
SURE_DETECTIONS = ((1, 0.7), (3, 0.6), (8, 0.48), (16, 0.4))
# Seconds around a span that are searched too: a person who comes or goes there may be at the edge
# of the span, and the next span of a clip may fade in over what follows.
AROUND = 0.8
# Seconds without a detection after which a track ends.
MAX_GAP_SECONDS = 1.0
# Seconds by which a track is extended before its first and after its last detection.
HOLD_SECONDS = 0.5
# Seconds for which a face keeps its speed before its first and after its last detection.
EXTRAPOLATED_SECONDS = 0.2
# Distance in face sizes between a face and the expected place of its track.
MAX_DISTANCE = 1.0
# Growth of an undetected face's box on each side, in its sizes per second.
GROWTH = 0.5
# The second nearest track must be this many times as far away as the nearest one; otherwise the
# face may belong to either.
MIN_DISTANCE_RATIO = 1.5
# Longer side in pixels of the grey pictures on which undetected faces are followed.
FOLLOW_SIDE = 480
# Points that must be found again to follow a face.
MIN_POINTS = 4

Array = NDArray[np.floating[Any]]
Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class FaceTracks:
    """Tracks of m faces at `times` (n,), the seconds of all frames of a span.

    `boxes` (n, m, 4) are cx, cy, w, h in fractions of the picture inside bars, NaN outside of the
    track; `scores` (n, m) are those of the detections, 0 on frames without one.
    """

    times: Array
    boxes: Array
    scores: Array

    def near(self, start: float, end: float) -> NDArray[np.bool_]:
        """Which frames (n,) are between `start` and `end`, or within AROUND seconds of them."""
        return (self.times >= start - AROUND) & (self.times <= end + AROUND)


def track_faces(footage: Footage, start: float, end: float) -> FaceTracks:
    """Track the faces on every frame from AROUND seconds before `start` to AROUND after `end`.

    Raises FootageError when the file cannot be decoded.
    """
    span = (max(0.0, start - AROUND), end + AROUND)
    return join_tracks(read_every_frame(footage, span, side=max(SEARCH_SIDES)))


def join_tracks(frames: Iterable[Frame]) -> FaceTracks:
    """Track the faces on `frames`, which must be all frames of a span."""
    follower = _Follower()
    for frame in frames:
        follower.update(frame)
    return follower.tracks()


@dataclass
class _Track:
    """One face: its box by frame index, and the scores of its detections.

    `last` is the frame of the last detection, `earlier_scores` are the scores of the tracks that
    this one may continue. A `closed` track takes no further detections.
    """

    boxes: dict[int, Box]
    scores: dict[int, float]
    last: int
    earlier_scores: list[float] = field(default_factory=list)
    # Picture widths and heights per frame.
    pace: tuple[float, float] = (0.0, 0.0)
    closed: bool = False

    def expected(self, index: int) -> Box:
        """The box expected at frame `index`."""
        x, y, w, h = self.boxes[self.last]
        ahead = index - self.last
        return x + self.pace[0] * ahead, y + self.pace[1] * ahead, w, h

    @property
    def is_sure(self) -> bool:
        """Whether the detections make it a face."""
        scores = [*self.scores.values(), *self.earlier_scores]
        best = sorted(scores, reverse=True)
        return any(
            len(best) >= times and best[times - 1] >= score for times, score in SURE_DETECTIONS
        )


class _Follower:
    """Tracks joined from the faces of successive frames."""

    def __init__(self) -> None:
        self._search = FaceSearch()
        self._times: list[float] = []
        self._alive: list[_Track] = []
        self._ended: list[_Track] = []
        # The last pictures of this shot, to follow a new face back in time.
        self._past: deque[Grey] = deque(maxlen=1)
        self._colors: Histogram | None = None
        self._aspect = 1.0

    def update(self, frame: Frame) -> None:
        """Take in the next frame."""
        index = len(self._times)
        self._times.append(frame.time)
        image, colors = frame.image, color_histogram(frame)
        self._aspect = image.shape[1] / image.shape[0]
        max_past = self._frames_in(HOLD_SECONDS) + 1
        if self._colors is None or is_another_scene(colors, self._colors):
            self._ended += self._alive
            self._alive = []
            self._past = deque(maxlen=max_past)
        elif self._past.maxlen != max_past:
            self._past = deque(self._past, maxlen=max_past)
        self._colors = colors
        grey = _small_grey(image)
        self._match(index, self._search.find(image), grey)
        self._past.append(grey)

    def tracks(self) -> FaceTracks:
        """All tracks of the frames so far."""
        tracks = [track for track in [*self._ended, *self._alive] if track.is_sure]
        boxes = np.full((len(self._times), len(tracks), 4), np.nan)
        scores = np.zeros((len(self._times), len(tracks)))
        times = np.array(self._times)
        for column, track in enumerate(tracks):
            for index, box in track.boxes.items():
                boxes[index, column] = box
            for index, score in track.scores.items():
                scores[index, column] = score
            _fill_gaps(boxes[:, column], scores[:, column], times)
        return FaceTracks(times, boxes, scores)

    def _frames_in(self, seconds: float) -> int:
        """Number of frames in `seconds`, by the frames so far; at least 1."""
        passed = self._times[-1] - self._times[0]
        rate = (len(self._times) - 1) / passed if passed > 0 else 30.0
        return max(1, math.ceil(seconds * rate))

    def _match(self, index: int, faces: list[Face], grey: Grey) -> None:
        """Add each face to the track it clearly belongs to, or begin a new track."""
        new: list[_Track] = []
        for face in faces:
            near = self._near_tracks(index, face)
            if near and (len(near) == 1 or _is_clear(near[0][0], near[1][0])):
                _add_detection(near[0][1], index, face)
                continue
            for _, track in near:
                track.closed = True
            earlier_scores = [score for _, track in near for score in track.scores.values()]
            new.append(self._begin_track(index, face, grey, earlier_scores))
        for track in self._alive:
            if track.last < index:
                max_gap = HOLD_SECONDS if track.closed else MAX_GAP_SECONDS
                if self._times[index] - self._times[track.last] > max_gap + 1e-6:
                    self._ended.append(track)
                else:
                    track.boxes[index] = follow_box(self._past[-1], grey, track.boxes[index - 1])
        self._alive = [t for t in self._alive if index in t.boxes] + new

    def _near_tracks(self, index: int, face: Face) -> list[tuple[float, _Track]]:
        """The tracks that `face` may belong to, with their distances; nearest first."""
        near = []
        for track in self._alive:
            if track.closed or track.last >= index:
                continue
            distance = min(
                face_distance(face.box, track.expected(index), self._aspect),
                face_distance(face.box, track.boxes[index - 1], self._aspect),
            )
            if distance < MAX_DISTANCE and 0.5 < face.box[3] / track.boxes[track.last][3] < 2:
                near.append((distance, track))
        return sorted(near, key=lambda pair: pair[0])

    def _begin_track(
        self, index: int, face: Face, grey: Grey, earlier_scores: list[float]
    ) -> _Track:
        """A new track, followed back in time to where the face came from."""
        track = _Track({index: face.box}, {index: face.score}, index, earlier_scores)
        box, later = face.box, grey
        for back, earlier in enumerate(reversed(self._past), 1):
            box, later = follow_box(later, earlier, box), earlier
            track.boxes[index - back] = box
        return track


def _is_clear(nearest: float, second: float) -> bool:
    """Whether the nearest track is so much nearer than the second that the face belongs to it."""
    return second >= MIN_DISTANCE_RATIO * max(nearest, MAX_SAME_FACE_DISTANCE / 4)


def _add_detection(track: _Track, index: int, face: Face) -> None:
    before, ahead = track.boxes[track.last], index - track.last
    track.pace = ((face.box[0] - before[0]) / ahead, (face.box[1] - before[1]) / ahead)
    track.boxes[index], track.scores[index], track.last = face.box, face.score, index


def follow_box(before: Grey, after: Grey, box: Box) -> Box:
    """The box in the picture `after` of the thing in `box` in `before`, both grey (h, w); `box`
    itself where it cannot be followed."""
    if before.shape != after.shape:
        return box
    height, width = before.shape
    x0, y0, x1, y1 = nearest_pixels(np.clip(corners(box), 0, 1), before.shape)
    if x1 - x0 < 4 or y1 - y0 < 4:
        return box
    features = cv2.goodFeaturesToTrack(before[y0:y1, x0:x1], 40, 0.01, 2)
    if features is None or len(features) < MIN_POINTS:
        return box
    points = (np.asarray(features, np.float32) + np.array([x0, y0], np.float32)).astype(np.float32)
    moved, status, _ = cv2.calcOpticalFlowPyrLK(before, after, points, np.empty_like(points))
    is_found = np.asarray(status).reshape(-1) == 1
    if is_found.sum() < MIN_POINTS:
        return box
    x, y = np.median((np.asarray(moved) - points).reshape(-1, 2)[is_found], axis=0)
    return float(box[0] + x / width), float(box[1] + y / height), box[2], box[3]


def _fill_gaps(boxes: Array, scores: Array, times: Array) -> None:
    """Fill the `boxes` (n, 4) of a track in place on frames without a detection.

    Each holds both the box followed by the picture's motion and the box on a straight path from
    detection to detection, and grows with the seconds to the nearest detection. At both ends the
    track stops after HOLD_SECONDS.
    """
    detected = np.flatnonzero(scores > 0)
    first, last = detected[0], detected[-1]
    path = _straight_path(boxes[detected], times[detected])
    for index in np.flatnonzero(np.isfinite(boxes[:, 0]) & (scores == 0)):
        seconds = float(np.abs(times[detected] - times[index]).min())
        if not first < index < last and seconds > HOLD_SECONDS + 1e-6:
            boxes[index] = np.nan
            continue
        on_path = [np.interp(times[index], path[:, 0], path[:, 1 + k]) for k in range(4)]
        boxes[index] = hull([boxes[index], on_path])
        boxes[index, 2:] *= 1 + 2 * GROWTH * seconds


def _straight_path(boxes: Array, times: Array) -> Array:
    """Rows of time and box (k, 5) through the detections `boxes` (m, 4) at `times` (m,), extended
    at both ends by EXTRAPOLATED_SECONDS at the speed of the three detections there."""
    path = np.column_stack([times, boxes])
    if len(times) < 2:
        return path
    ends = []
    for near, far in ((0, min(2, len(times) - 1)), (-1, max(-3, -len(times)))):
        pace = (boxes[near] - boxes[far]) / max(abs(times[near] - times[far]), 1e-6)
        pace[2:] = 0.0
        time = times[near] + (EXTRAPOLATED_SECONDS if near else -EXTRAPOLATED_SECONDS)
        ends.append(np.concatenate([[time], boxes[near] + pace * EXTRAPOLATED_SECONDS]))
    return np.vstack([ends[0], path, ends[1]])


def _small_grey(image: NDArray[np.uint8]) -> Grey:
    """The RGB `image` in grey, scaled to FOLLOW_SIDE."""
    scale = FOLLOW_SIDE / max(image.shape[:2])
    size = [max(16, round(side * scale)) for side in image.shape[1::-1]]
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
