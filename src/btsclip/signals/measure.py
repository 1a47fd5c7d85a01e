"""Footage to signals: keyframes over the whole file, dense frames only where something goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.errors import FootageError
from btsclip.media.frames import Frame, Span, frames, keyframes
from btsclip.media.probe import Footage
from btsclip.media.sound import read_sound
from btsclip.signals import quality
from btsclip.signals.faces import FaceDetector
from btsclip.signals.hands import Hand, HandDetector, around, tiles, whole
from btsclip.signals.motion import Motion, MotionMeter, small_grey
from btsclip.signals.series import REACH, STEP, Array, Signals, grid, hand_series, nearest, per_step
from btsclip.signals.shots import ShotDetector
from btsclip.signals.sound import measure_sound

DENSE_RATE = 6.0
# Seconds between looks for hands in dense spans, and for faces anywhere.
HAND_EVERY, FACE_EVERY = 0.5, 3.0
# Keyframes further apart than this would miss whole actions: then all of it is read densely.
SPARSE_LIMIT = 2.5
# Seconds read densely on either side of where something goes on.
MARGIN = 0.6
# Grey levels (0..255) by which the most changed two hundredth of the picture must differ between
# keyframes for something to go on; sensor noise and flickering light stay below it.
CHANGE = 18.0

Report = Callable[[float], None]
Grey = NDArray[np.uint8]
Value = TypeVar("Value")


@dataclass
class _Looks:
    """What was seen, in the order it was seen, each with its time."""

    hand_times: list[float] = field(default_factory=list)
    hands: list[tuple[Hand, ...]] = field(default_factory=list)
    face_times: list[float] = field(default_factory=list)
    faces: list[int] = field(default_factory=list)
    still_times: list[float] = field(default_factory=list)
    stills: list[tuple[float, float]] = field(default_factory=list)
    thumbs: list[Grey] = field(default_factory=list)
    motions: list[Motion] = field(default_factory=list)
    hand_motion: list[float] = field(default_factory=list)


def measure(footage: Footage, report: Report = lambda share: None) -> Signals:
    """Measures everything. `report` gets the share done, 0..1, as it grows.

    Raises FootageError when no picture can be decoded.
    """
    times = grid(footage.duration)
    sound = measure_sound(read_sound(footage), len(times), STEP)
    looks, hands, faces = _Looks(), HandDetector(), FaceDetector()
    spans: list[Span] = [(0.0, footage.duration)]
    sparse = footage.keyframe_interval is not None and footage.keyframe_interval <= SPARSE_LIMIT
    if sparse:
        lively = _scan(footage, looks, hands, faces, lambda t: report(0.4 * t / footage.duration))
        # A little beyond both ends: a shot border shows only with frames on either side of it.
        spans = merge([(a - MARGIN, b + MARGIN) for a, b in lively], footage.duration)
    shots = _watch(footage, spans, looks, hands, faces if not sparse else None, report)
    if not looks.still_times and not looks.motions:
        raise FootageError(footage.path, "no picture in it can be decoded", "copy it again")
    report(1.0)
    reach = max(REACH, (footage.keyframe_interval or 0) / 2 + STEP)
    count, presence, boxes = hand_series(times, *_sorted(looks.hand_times, looks.hands), reach)
    at = [motion.time for motion in looks.motions]
    order = np.argsort(looks.still_times)
    still_times = np.asarray(looks.still_times)[order]
    stills = np.asarray(looks.stills)[order]
    still = stills[nearest(times, still_times)]
    face_times, face_counts = _sorted(looks.face_times, looks.faces)
    return Signals(
        times=times,
        hands=count,
        presence=presence,
        hand_box=boxes,
        hand_motion=per_step(times, at, looks.hand_motion),
        motion=per_step(times, at, [m.local for m in looks.motions]),
        motion_area=per_step(times, at, [m.area for m in looks.motions]),
        motion_centre=_centres(times, looks.motions),
        camera=per_step(times, at, [m.camera for m in looks.motions]),
        flicker=per_step(times, at, [m.unexplained for m in looks.motions]),
        sound=sound.level,
        onsets=sound.onsets,
        brightness=sound.brightness,
        sharpness=still[:, 0],
        exposure=still[:, 1],
        faces=np.asarray(face_counts)[nearest(times, np.asarray(face_times))]
        if face_times
        else np.zeros(len(times), int),
        dense=_covered(times, spans),
        borders=tuple(sorted(shots.borders)),
        thumb_times=still_times,
        thumbs=np.stack(looks.thumbs)[order],
    )


def _scan(
    footage: Footage, looks: _Looks, hands: HandDetector, faces: FaceDetector, report: Report
) -> list[Span]:
    """Looks at every keyframe; returns the spans between keyframes where something goes on."""
    lively: list[Span] = []
    last: tuple[float, Grey] | None = None
    seen: tuple[Hand, ...] = ()
    for frame in keyframes(footage):
        _look_at_still(frame, looks)
        grey = np.asarray(cv2.GaussianBlur(small_grey(frame.image), (5, 5), 0), np.uint8)
        before = last[0] if last else 0.0
        changed = last is None or differs(grey, last[1])
        if changed:
            # A new scene is searched all over, one that goes on a part at a time.
            new = last is None or is_another_scene(grey, last[1])
            seen = hands.detect(frame.image, None if new else len(looks.hands))
            _look_for_faces(frame, looks, faces)
        looks.hand_times.append(frame.time)
        looks.hands.append(seen)
        if seen or changed:
            lively.append((before, frame.time))
        if seen:
            # Hands are there on both sides of a keyframe that shows them.
            lively.append((frame.time, frame.time + (footage.keyframe_interval or 1.0)))
        last = (frame.time, grey)
        report(frame.time)
    if last:
        lively.append((last[0], footage.duration))
    return lively


def differs(a: Grey, b: Grey) -> bool:
    """Whether something moved between two grey pictures (h, w) of the same scene."""
    return a.shape != b.shape or float(np.percentile(cv2.absdiff(a, b), 99.5)) > CHANGE


def is_another_scene(a: Grey, b: Grey) -> bool:
    """Whether most of the picture is another one than before."""
    return a.shape != b.shape or float(np.median(cv2.absdiff(a, b))) > CHANGE


def _watch(
    footage: Footage,
    spans: list[Span],
    looks: _Looks,
    hands: HandDetector,
    faces: FaceDetector | None,
    report: Report,
) -> ShotDetector:
    """Looks at dense frames within `spans`: motion, shots, and hands between the keyframes."""
    meter, shots = MotionMeter(), ShotDetector()
    known_at = np.array(looks.hand_times)
    known = list(looks.hands)
    last_hands: tuple[Hand, ...] = ()
    last_time = last_look = -10.0
    done, total = 0.0, sum(b - a for a, b in spans) or 1.0
    for frame in _each(footage, spans):
        if frame.time - last_time > 2.5 / DENSE_RATE + 1 / max(1.0, footage.fps):
            meter.restart()
            shots.restart()
        done += min(frame.time - last_time, 1.0)
        last_time = frame.time
        motion = meter.update(frame)
        shots.update(frame)
        keyed = int(np.argmin(np.abs(known_at - frame.time))) if len(known_at) else -1
        if keyed >= 0 and abs(known_at[keyed] - frame.time) < HAND_EVERY / 2:
            last_hands, last_look = known[keyed], float(known_at[keyed])
        elif frame.time - last_look >= HAND_EVERY - 0.5 / DENSE_RATE:
            last_hands = _follow(frame, hands, last_hands, motion)
            last_look = frame.time
            looks.hand_times.append(frame.time)
            looks.hands.append(last_hands)
            if faces is not None:
                _look_at_still(frame, looks)
                _look_for_faces(frame, looks, faces)
        if motion:
            looks.motions.append(motion)
            looks.hand_motion.append(max((motion.inside(h.box) for h in last_hands), default=0.0))
        report(0.4 + 0.6 * min(1.0, done / total))
    return shots


def _follow(
    frame: Frame, hands: HandDetector, before: tuple[Hand, ...], motion: Motion | None
) -> tuple[Hand, ...]:
    """Looks near the last hands, or where it moves, or at the whole picture."""
    image = frame.image
    if before:
        return hands.search(image, [around(image, hand.box) for hand in before[:2]])
    if not (motion and motion.centre and tiles(image)):
        return hands.search(image, [whole(image)])
    side = min(image.shape[:2])
    box = (*motion.centre, side / image.shape[1], side / image.shape[0])
    return hands.search(image, [around(image, box, scale=1.0)])


def _look_at_still(frame: Frame, looks: _Looks) -> None:
    looks.still_times.append(frame.time)
    looks.stills.append((quality.sharpness(frame.image), quality.exposure(frame.image)))
    looks.thumbs.append(quality.thumbnail(frame.image))


def _look_for_faces(frame: Frame, looks: _Looks, faces: FaceDetector) -> None:
    if not looks.face_times or frame.time - looks.face_times[-1] >= FACE_EVERY:
        looks.face_times.append(frame.time)
        looks.faces.append(len(faces.detect(frame.image)))


def _each(footage: Footage, spans: list[Span]) -> Iterator[Frame]:
    return frames(footage, spans, rate=DENSE_RATE) if spans else iter(())


def merge(spans: list[Span], duration: float, gap: float = 1.0) -> list[Span]:
    """`spans` in order, joined where less than `gap` seconds lie between them."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        start = max(0.0, start)
        if end <= start or start >= duration:
            continue
        if merged and start <= merged[-1][1] + gap:
            merged[-1] = (merged[-1][0], max(merged[-1][1], min(end, duration)))
        else:
            merged.append((start, min(end, duration)))
    return merged


def _sorted(at: list[float], values: list[Value]) -> tuple[list[float], list[Value]]:
    order = sorted(range(len(at)), key=at.__getitem__)
    return [at[i] for i in order], [values[i] for i in order]


def _centres(times: Array, motions: list[Motion]) -> Array:
    """Centre of motion (n, 2) per step, NaN where nothing moved nearby."""
    moving = [m for m in motions if m.centre]
    result = np.full((len(times), 2), np.nan)
    if moving:
        at = np.array([m.time for m in moving])
        near = nearest(times, at)
        centres = np.array([m.centre for m in moving])
        close = np.abs(at[near] - times) <= REACH
        result[close] = centres[near[close]]
    return result


def _covered(times: Array, spans: list[Span]) -> NDArray[np.bool_]:
    inside = np.zeros(len(times), bool)
    for start, end in spans:
        inside |= (times >= start - STEP) & (times <= end)
    return inside
