"""Where hands, faces and what they move are, look by look, over the short span of one clip.

The analysis of a take looks for hands just often enough to find work; framing has to know where
they are several times a second. Only spans that become clips are looked at so closely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import Box, box_between, cells_within, hull
from btsclip.media.footage import Footage
from btsclip.media.frames import Frame, read_frames
from btsclip.signals.faces import FaceDetector
from btsclip.signals.hands import (
    MOST_HANDS,
    Hand,
    HandDetector,
    Region,
    region_around,
    tiles,
    whole_region,
)
from btsclip.signals.looks import colours, is_another_scene
from btsclip.signals.motion import LEAST_AREA, MOVING, Motion, MotionMeter
from btsclip.signals.salience import salience
from btsclip.signals.scene import scene_map
from btsclip.signals.work_place import PlaceLook, work_places

# Looks a second: a hand crosses a vertical crop in no less than half a second.
LOOK_RATE = 5.0
# Seconds after which hands are sought anew and not only followed, and between looks for faces.
SEARCH_EVERY, FACE_EVERY = 0.8, 0.6
# Seconds between looks of the scene network.
SCENE_EVERY = 0.4
MOST_FACES = 2
# What moves counts as worked on within the hands' box widened by this share of it on each side.
REACH_OF_HANDS = 0.5
# Beyond this distance, in widths, a hand is a new one rather than one that was known.
NEW_HAND = 0.25
# Share of what moves or stands out that is left out at each end of its box: strays are not it.
STRAY = 0.05

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Tracks:
    """What was seen at `times` (n,), seconds of the footage. Boxes are cx, cy, w, h in fractions of
    the picture within bars.

    `hands` (n, MOST_HANDS, 4) and `faces` (n, MOST_FACES, 4) hold NaN where there is none; a hand
    keeps its column from look to look. `presence` (n, MOST_HANDS) is how sure each is, 0..1, and
    `speed` (n, MOST_HANDS) the mean speed within its box in picture widths a second; both are 0
    where there is none. `work` (n, 4) is the box about what moves by itself: near the hands where
    some are seen, else anywhere; NaN where nothing moves. `beside` (n, 4) is the box about what
    moves by itself out of their reach, such as a pan on the stove; NaN where nothing does or no
    hands are seen. `salient` (n, 4) is the box about what stands out of the picture; NaN where
    nothing does. `place` (n, PLACES, PLACES) is how likely the work is in each place, if there is
    any (signals/work_place.py).
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


def track_footage(footage: Footage, start: float, end: float) -> Tracks:
    """Looks closely at the span `start`..`end` in seconds.

    Raises FootageError when the file can't be decoded.
    """
    return _as_tracks(look_closely(footage, start, end))


@dataclass(frozen=True)
class FrameSample:
    """What one frame shows."""

    time: float
    hands: tuple[Hand, ...]
    faces: tuple[Box, ...]
    motion: Motion | None
    salient: Box | None
    place: PlaceLook


def look_closely(footage: Footage, start: float, end: float) -> list[FrameSample]:
    """All looks at the span `start`..`end` in seconds, LOOK_RATE a second."""
    seeker, detector, meter = _Seeker(), FaceDetector(), MotionMeter()
    looks: list[FrameSample] = []
    faces: tuple[Box, ...] = ()
    faces_at = seen_at = -1.0
    shot = 0
    seen: Array = np.zeros(0)
    for frame in read_frames(footage, [(start, end)], rate=LOOK_RATE):
        image, motion = frame.image, meter.update(frame)
        hands = seeker.look(frame)
        shot += seeker.new_scene
        if frame.time - faces_at >= FACE_EVERY or seeker.new_scene:
            faces_at = frame.time
            faces = tuple(face.box for face in detector.detect(image))
        if frame.time - seen_at >= SCENE_EVERY or seeker.new_scene:
            seen_at, seen = frame.time, scene_map(image)
        sure = [(hand.box, hand.presence) for hand in hands]
        place = PlaceLook.of(frame.time, shot, image, motion, sure, faces, seen)
        looks.append(FrameSample(frame.time, hands, faces, motion, salient_box(image), place))
    return looks


class _Seeker:
    """Follows hands from look to look, and seeks them anew at times, at cuts and when lost."""

    def __init__(self) -> None:
        self._detector = HandDetector()
        self._hands: tuple[Hand, ...] = ()
        self._lost: tuple[Box, ...] = ()
        self._colours: NDArray[np.float32] | None = None
        self._sought = -10.0
        self._turn = 0
        self.new_scene = True

    def look(self, frame: Frame) -> tuple[Hand, ...]:
        """The hands in `frame`, best first."""
        image, seen = frame.image, colours(frame)
        self.new_scene = self._colours is None or is_another_scene(seen, self._colours)
        self._colours = seen
        if self.new_scene:
            self._hands, self._lost = (), ()
        hands = self._detector.follow(image, self._hands)
        for region in self._regions(frame, len(hands)):
            found = self._detector.search(image, [region])
            hands = (*hands, *(hand for hand in found if _is_new(hand, hands)))
        self._lost = tuple(h.box for h in self._hands) if len(hands) < len(self._hands) else ()
        self._hands = hands[:MOST_HANDS]
        return self._hands

    def _regions(self, frame: Frame, followed: int) -> list[Region]:
        """Where to seek: everywhere now and then, near where a hand was lost, and by turns where
        none is known."""
        image = frame.image
        parts = tiles(image)
        if self.new_scene or frame.time - self._sought >= SEARCH_EVERY:
            self._sought = frame.time
            return [whole_region(image), *parts]
        regions = [region_around(image, box) for box in self._lost]
        if not followed:
            self._turn += 1
            regions += [whole_region(image), *(parts and [parts[self._turn % len(parts)]])]
        return regions


def _is_new(hand: Hand, others: Sequence[Hand]) -> bool:
    """Whether the centre of `hand` lies well away from those of all `others`."""
    return all(
        abs(hand.box[0] - other.box[0]) > (hand.box[2] + other.box[2]) / 4
        or abs(hand.box[1] - other.box[1]) > (hand.box[3] + other.box[3]) / 4
        for other in others
    )


def _as_tracks(looks: Sequence[FrameSample]) -> Tracks:
    count = len(looks)
    hands = np.full((count, MOST_HANDS, 4), np.nan)
    presence, speed = np.zeros((2, count, MOST_HANDS))
    faces = np.full((count, MOST_FACES, 4), np.nan)
    work, beside, salient = np.full((3, count, 4), np.nan)
    known = np.full((MOST_HANDS, 2), np.nan)
    for i, look in enumerate(looks):
        for k, hand in _columns(known, look.hands):
            known[k] = hand.box[:2]
            hands[i, k], presence[i, k] = hand.box, hand.presence
            speed[i, k] = look.motion.inside(hand.box) if look.motion else 0.0
        faces[i, : len(look.faces[:MOST_FACES])] = look.faces[:MOST_FACES] or np.nan
        salient[i] = look.salient or np.nan
        if look.motion:
            boxes = [hand.box for hand in look.hands]
            work[i] = moving_box(look.motion, boxes) or np.nan
            beside[i] = (boxes and moving_box(look.motion, boxes, beyond=True)) or np.nan
    times = np.array([look.time for look in looks])
    place = work_places([look.place for look in looks])
    return Tracks(times, hands, presence, speed, faces, work, beside, salient, place)


def _columns(known: Array, hands: Sequence[Hand]) -> list[tuple[int, Hand]]:
    """Each hand with its column: that of the hand last `known` (m, 2) nearest to it, else one
    never used, else the one whose hand is farthest from all."""
    distances = np.array([[np.hypot(*(hand.box[:2] - at)) for at in known] for hand in hands])
    distances = np.nan_to_num(distances.reshape(len(hands), len(known)), nan=NEW_HAND)
    taken: list[tuple[int, Hand]] = []
    for _ in hands:
        row, column = np.unravel_index(int(distances.argmin()), distances.shape)
        taken.append((int(column), hands[int(row)]))
        distances[row], distances[:, column] = np.inf, np.inf
    return taken


def moving_box(motion: Motion, hands: Sequence[Box], beyond: bool = False) -> Box | None:
    """The box about what moves by itself, within reach of `hands` where there are some, or
    `beyond` it."""
    speed = np.hypot(motion.flow[..., 0], motion.flow[..., 1])
    moving = np.where(speed > MOVING, np.minimum(speed, 1.0), 0.0)
    if hands:
        rows, columns = cells_within(hull(hands), moving.shape, REACH_OF_HANDS)
        moving *= (rows[:, None] & columns) != beyond
    if np.count_nonzero(moving) < LEAST_AREA * moving.size:
        return None
    return _box_about(moving)


def salient_box(image: NDArray[np.uint8]) -> Box | None:
    """The box about what stands out of the RGB `image` (h, w, 3)."""
    seen = salience(image)
    return _box_about(seen) if np.count_nonzero(seen) >= LEAST_AREA * seen.size else None


def _box_about(weight: Array) -> Box:
    """The box about nearly all of `weight` (h, w)."""
    x0, x1 = _middle_part(weight.sum(0))
    y0, y1 = _middle_part(weight.sum(1))
    return box_between(x0, y0, x1, y1)


def _middle_part(weight: Array) -> tuple[float, float]:
    """From where to where in 0..1 all of `weight` (n,) lies but STRAY at each end."""
    share = np.cumsum(weight) / weight.sum()
    first, last = np.searchsorted(share, [STRAY, 1 - STRAY])
    return float(first) / len(weight), float(last + 1) / len(weight)
