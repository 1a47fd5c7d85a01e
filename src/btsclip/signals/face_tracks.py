"""Faces on every frame of a span: for covering them, where one that is missed is the costly error.

Each frame is searched at three sizes and a low score. What is found is joined into tracks; where a
face is not found for a while, as when it turns away, and before and after it is first and last
found, its track follows what moves there and grows as it gets less sure. A track never goes on over
a shot border, nor where it could be that of either of two faces: whoever it belongs to, it is one
person's.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import Box, corners, hull, nearest_pixels
from btsclip.media.footage import Footage
from btsclip.media.frames import Frame, read_every_frame
from btsclip.signals.faces import Face, FaceDetector
from btsclip.signals.looks import colours, is_another_scene

# Longer sides at which pictures are searched: small faces are found in the largest, those that fill
# the picture in the smallest; each costs a quarter of the one before.
SIDES = (960, 480, 240)
# A track is a face's when it was found so many times, each time this surely; beside these less will
# do. Faces of real takes, also those of two hundredths of the picture, are found at 0.7 and more on
# most frames, drawn ones that move at 0.4 and more; leaves, towels and noodles at up to 0.66 once,
# at 0.53 thrice, at 0.41 eight times and at 0.3 sixteen times.
SURE = ((1, 0.7), (3, 0.6), (8, 0.48), (16, 0.4))
WEAK = 0.15
# Seconds around a span that are searched as well: who comes or goes there was or stays at its edge,
# and the next span of a clip may come in over what follows.
AROUND = 0.8
# Seconds for which a face that is no longer found is still waited for, and for which its track is
# held at both ends.
BRIDGE, HOLD = 1.0, 0.5
# Seconds for which a face that came or went fast is taken to have moved on as it did.
MOVES_ON = 0.2
# In face sizes, how far from where it is expected a face may be found, and by how much its box
# grows on each side in a second without being found.
REACH, GROWTH = 1.0, 0.5
# Another face at less than this many times the distance leaves it open which is which.
CLEAR = 1.5
# Two finds nearer than this, in sizes of the larger one, are one face.
SAME = 0.5
# Longer side of the grey pictures on which lost faces are followed, and points that must be found
# again to believe where they went.
FOLLOW_SIDE, LEAST_POINTS = 480, 4

Array = NDArray[np.floating[Any]]
Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class FaceTracks:
    """Faces at `times` (n,), the seconds of all frames of a stretch of footage.

    `boxes` (n, m, 4) holds cx, cy, w, h of m tracks in fractions of the picture within bars, NaN
    where one is not; `scores` (n, m) is how sure each was found there, 0 where its place is only
    followed.
    """

    times: Array
    boxes: Array
    scores: Array

    def near(self, start: float, end: float) -> NDArray[np.bool_]:
        """Which frames (n,) lie from `start` to `end` or AROUND that."""
        return (self.times >= start - AROUND) & (self.times <= end + AROUND)


def track_faces(footage: Footage, start: float, end: float) -> FaceTracks:
    """Faces on every frame from `start` to `end` seconds and AROUND them.

    Raises FootageError when the file can't be decoded.
    """
    span = (max(0.0, start - AROUND), end + AROUND)
    return join_tracks(read_every_frame(footage, span, side=max(SIDES)))


def join_tracks(frames: Iterable[Frame]) -> FaceTracks:
    """The tracks of the faces on `frames`, which must be all of a stretch of footage."""
    follower = _Follower()
    for frame in frames:
        follower.update(frame)
    return follower.tracks()


class FaceSearch:
    """Finds faces at all of `sides`. One instance belongs to one thread."""

    def __init__(self, sides: Sequence[int] = SIDES, score: float = WEAK) -> None:
        self._detectors = [FaceDetector(side, score) for side in sides]

    def find(self, image: NDArray[np.uint8]) -> list[Face]:
        """Faces in the RGB `image` (h, w, 3), best first, each once."""
        found = [face for detector in self._detectors for face in detector.detect(image)]
        found.sort(key=lambda face: -face.score)
        shape = image.shape[1] / image.shape[0]
        kept: list[Face] = []
        for face in found:
            if all(_apart(face.box, other.box, shape) > SAME for other in kept):
                kept.append(face)
        return kept


@dataclass
class _Track:
    """One face: its box by frame, and the score of those at which it was found.

    `before` are the scores of those tracks that it may go on from. One that is `closed` belongs to
    nothing that is found from then on.
    """

    boxes: dict[int, Box]
    scores: dict[int, float]
    last: int
    before: list[float] = field(default_factory=list)
    # Picture widths and heights a frame that it moves.
    pace: tuple[float, float] = (0.0, 0.0)
    closed: bool = False

    def expected(self, index: int) -> Box:
        """Where it should be at frame `index`."""
        x, y, w, h = self.boxes[self.last]
        ahead = index - self.last
        return x + self.pace[0] * ahead, y + self.pace[1] * ahead, w, h

    @property
    def counts(self) -> bool:
        """Whether it is surely enough a face."""
        scores = [*self.scores.values(), *self.before]
        best = sorted(scores, reverse=True)
        return any(len(best) >= times and best[times - 1] >= score for times, score in SURE)


class _Follower:
    """Joins the faces of one frame after the other."""

    def __init__(self) -> None:
        self._search = FaceSearch()
        self._times: list[float] = []
        self._alive: list[_Track] = []
        self._ended: list[_Track] = []
        # The last pictures of this shot, to go back from where a face is first found.
        self._past: deque[Grey] = deque(maxlen=1)
        self._colours: NDArray[np.float32] | None = None
        self._shape = 1.0

    def update(self, frame: Frame) -> None:
        """Takes in the next frame."""
        index = len(self._times)
        self._times.append(frame.time)
        image, seen = frame.image, colours(frame)
        self._shape = image.shape[1] / image.shape[0]
        if self._colours is None or is_another_scene(seen, self._colours):
            self._ended += self._alive
            self._alive = []
            self._past = deque(maxlen=self._frames_in(HOLD) + 1)
        elif self._past.maxlen != self._frames_in(HOLD) + 1:
            self._past = deque(self._past, maxlen=self._frames_in(HOLD) + 1)
        self._colours = seen
        grey = _grey(image)
        self._match(index, self._search.find(image), grey)
        self._past.append(grey)

    def tracks(self) -> FaceTracks:
        """All tracks of what was taken in."""
        kept = [track for track in [*self._ended, *self._alive] if track.counts]
        boxes = np.full((len(self._times), len(kept), 4), np.nan)
        scores = np.zeros((len(self._times), len(kept)))
        times = np.array(self._times)
        for column, track in enumerate(kept):
            for index, box in track.boxes.items():
                boxes[index, column] = box
            for index, score in track.scores.items():
                scores[index, column] = score
            _bridge(boxes[:, column], scores[:, column], times)
        return FaceTracks(times, boxes, scores)

    def _frames_in(self, seconds: float) -> int:
        """How many frames come in so many seconds, as far as is known."""
        passed = self._times[-1] - self._times[0]
        rate = (len(self._times) - 1) / passed if passed > 0 else 30.0
        return max(1, math.ceil(seconds * rate))

    def _match(self, index: int, found: list[Face], grey: Grey) -> None:
        """Gives each face to the track that it surely belongs to, or else begins one."""
        new: list[_Track] = []
        for face in found:
            near = self._near(index, face)
            if near and (len(near) == 1 or near[1][0] >= CLEAR * max(near[0][0], SAME / 4)):
                _go_on(near[0][1], index, face)
                continue
            for _, track in near:
                track.closed = True
            before = [score for _, track in near for score in track.scores.values()]
            new.append(self._begun(index, face, grey, before))
        for track in self._alive:
            if track.last < index:
                wait = HOLD if track.closed else BRIDGE
                if self._times[index] - self._times[track.last] > wait + 1e-6:
                    self._ended.append(track)
                else:
                    track.boxes[index] = follow_box(self._past[-1], grey, track.boxes[index - 1])
        self._alive = [t for t in self._alive if index in t.boxes] + new

    def _near(self, index: int, face: Face) -> list[tuple[float, _Track]]:
        """The tracks that `face` may belong to, each with how far off it is, the nearest first."""
        near = []
        for track in self._alive:
            if track.closed or track.last >= index:
                continue
            apart = min(
                _apart(face.box, track.expected(index), self._shape),
                _apart(face.box, track.boxes[index - 1], self._shape),
            )
            if apart < REACH and 0.5 < face.box[3] / track.boxes[track.last][3] < 2:
                near.append((apart, track))
        return sorted(near, key=lambda pair: pair[0])

    def _begun(self, index: int, face: Face, grey: Grey, before: list[float]) -> _Track:
        """A new track, which goes back to where the face came from."""
        track = _Track({index: face.box}, {index: face.score}, index, before)
        box, later = face.box, grey
        for back, earlier in enumerate(reversed(self._past), 1):
            box, later = follow_box(later, earlier, box), earlier
            track.boxes[index - back] = box
        return track


def _go_on(track: _Track, index: int, face: Face) -> None:
    before, ahead = track.boxes[track.last], index - track.last
    track.pace = ((face.box[0] - before[0]) / ahead, (face.box[1] - before[1]) / ahead)
    track.boxes[index], track.scores[index], track.last = face.box, face.score, index


def follow_box(before: Grey, after: Grey, box: Box) -> Box:
    """Where what `box` shows in the picture `before` is in `after`; `box` where that can't be
    told."""
    if before.shape != after.shape:
        return box
    high, wide = before.shape
    x0, y0, x1, y1 = nearest_pixels(np.clip(corners(box), 0, 1), before.shape)
    if x1 - x0 < 4 or y1 - y0 < 4:
        return box
    marks = cv2.goodFeaturesToTrack(before[y0:y1, x0:x1], 40, 0.01, 2)
    if marks is None or len(marks) < LEAST_POINTS:
        return box
    points = (np.asarray(marks, np.float32) + np.array([x0, y0], np.float32)).astype(np.float32)
    found, status, _ = cv2.calcOpticalFlowPyrLK(before, after, points, np.empty_like(points))
    known = np.asarray(status).reshape(-1) == 1
    if known.sum() < LEAST_POINTS:
        return box
    x, y = np.median((np.asarray(found) - points).reshape(-1, 2)[known], axis=0)
    return float(box[0] + x / wide), float(box[1] + y / high), box[2], box[3]


def _bridge(boxes: Array, scores: Array, times: Array) -> None:
    """Makes a track's `boxes` (n, 4) whole in place: where it was not found each box holds both
    where the picture's motion says it is and where it would be moving evenly from find to find; it
    grows away from them, and at both ends the track stops after HOLD."""
    found = np.flatnonzero(scores > 0)
    first, last = found[0], found[-1]
    path = _evenly(boxes[found], times[found])
    for index in np.flatnonzero(np.isfinite(boxes[:, 0]) & (scores == 0)):
        apart = float(np.abs(times[found] - times[index]).min())
        if not first < index < last and apart > HOLD + 1e-6:
            boxes[index] = np.nan
            continue
        evenly = [np.interp(times[index], path[:, 0], path[:, 1 + k]) for k in range(4)]
        boxes[index] = hull([boxes[index], evenly])
        boxes[index, 2:] *= 1 + 2 * GROWTH * apart


def _evenly(found: Array, times: Array) -> Array:
    """Rows of time and box through what was `found` (m, 4) at `times` (m,), going on for MOVES_ON
    at both ends as it moved between the three finds there."""
    path = np.column_stack([times, found])
    if len(times) < 2:
        return path
    ends = []
    for near, far in ((0, min(2, len(times) - 1)), (-1, max(-3, -len(times)))):
        pace = (found[near] - found[far]) / max(abs(times[near] - times[far]), 1e-6)
        pace[2:] = 0.0
        at = times[near] + (MOVES_ON if near else -MOVES_ON)
        ends.append(np.concatenate([[at], found[near] + pace * MOVES_ON]))
    return np.vstack([ends[0], path, ends[1]])


def _apart(a: Box, b: Box, shape: float) -> float:
    """Distance of two boxes' middles in sizes of the larger one, in a picture of `shape`, its width
    to its height."""
    size = max(math.sqrt(a[2] * shape * a[3]), math.sqrt(b[2] * shape * b[3]), 1e-6)
    return math.hypot((a[0] - b[0]) * shape, a[1] - b[1]) / size


def _grey(image: NDArray[np.uint8]) -> Grey:
    scale = FOLLOW_SIDE / max(image.shape[:2])
    size = [max(16, round(side * scale)) for side in image.shape[1::-1]]
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
