"""Footage to signals: glances over the whole file, dense frames only where something goes on."""

from __future__ import annotations

import math
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.errors import FootageError
from btsclip.intervals import Span, merge, runs_of_true
from btsclip.media.footage import Footage
from btsclip.media.frames import Frame, read_frames, read_glances
from btsclip.media.memory import give_back_pictures
from btsclip.media.sound import meter_of, read_sound
from btsclip.signals.assemble import assemble
from btsclip.signals.bars import find_picture
from btsclip.signals.faces import FaceDetector
from btsclip.signals.hands import Hand, HandDetector
from btsclip.signals.looks import (
    MAYBE_OTHER_COLOURS,
    HandSample,
    VisualSamples,
    colours,
    denoised_grey,
    has_motion,
    is_another_scene,
)
from btsclip.signals.motion import Motion, MotionMeter
from btsclip.signals.scene import Reading, read_scene, scene_channels, scene_heads, scene_map
from btsclip.signals.series import STEP, Signals, grid, nearest
from btsclip.signals.shots import ShotDetector
from btsclip.signals.sound import measure_sound
from btsclip.signals.strokes import count_strokes

# Frames a second looked at in dense spans: enough to tell four strokes a second.
DENSE_RATE = 10.0
# Seconds read after the second of two scenes: a shot border shows only among other frames.
MARGIN = 0.3
# Seconds from what is worth a close look within which a shot border is sought to a tenth of one.
NEAR = 5.0
# Dense spans with no more seconds than this between them are decoded as one.
MAX_GAP = 0.1
# Threads that look at keyframes: decoding those leaves the cores nearly idle.
WORKERS = min(4, os.cpu_count() or 1)
# Glances at a scene in which nothing changes after which it is not looked at again.
LOOKS_AT_REST = 6

Report = Callable[[float], None]
# Tells from signals made of glances and sound at which of their times (n,) dense frames are wanted.
Worth = Callable[[Signals], NDArray[np.bool_]]


def wants_everything(signals: Signals) -> NDArray[np.bool_]:
    """The `Worth` that wants dense frames wherever something goes on."""
    return np.ones(len(signals.times), bool)


@dataclass(frozen=True)
class SceneChange:
    """Glances at `before` and `after`, in seconds, that may be of two scenes, and surely are where
    it is `sure`."""

    before: float
    after: float
    sure: bool


def measure_signals(
    footage: Footage,
    report: Report = lambda share: None,
    *,
    worth: Worth = wants_everything,
    reading: Reading = read_scene,
) -> Signals:
    """Measures everything. `report` gets the share done, 0..1, as it grows.

    Dense frames are read where glances see something that is `worth` it. `reading` says what is
    kept of each look at the scene. Raises FootageError when no picture can be decoded.
    """
    give_back_pictures()
    footage = replace(footage, picture=find_picture(footage))
    times, meter = grid(footage.duration), meter_of(footage)
    with one_thread(), ThreadPoolExecutor(1, "sound") as beside:
        hearing = beside.submit(lambda: measure_sound(read_sound(footage, meter), len(times), STEP))
        looks = VisualSamples()
        glanced = _shares(report, 0.0, 0.5)
        changes = _glance(footage, looks, reading, lambda time: glanced(time / footage.duration))
        if not looks.still_times:
            raise FootageError(footage.path, "no picture in it can be decoded", "copy it again")
        reach, sound = _reach(looks), hearing.result()
        seen = assemble(times, looks, sound, _middles(changes), _covered(times, []), reach)
        wanted = [(a * STEP, b * STEP) for a, b in runs_of_true(worth(seen))]
        sought = [change for change in changes if _distance(change, wanted) <= NEAR]
        across = [(change.before, change.after + MARGIN) for change in sought]
        spans = merge([*wanted, *across], (0.0, footage.duration), MAX_GAP)
        found = _watch(footage, spans, looks, _shares(report, 0.5, 1.0))
        borders = sorted({*found, *_middles([c for c in changes if c not in sought])})
        signals = assemble(times, looks, sound, tuple(borders), _covered(times, spans), reach)
        signals = count_strokes(footage, replace(signals, picture=footage.picture))
    report(1.0)
    channel = meter.one_channel()
    return replace(signals, channel=channel.number, channel_why=channel.why) if channel else signals


def _middles(changes: Sequence[SceneChange]) -> tuple[float, ...]:
    """Where the borders of shots are as far as glances tell."""
    return tuple((change.before + change.after) / 2 for change in changes if change.sure)


def _distance(change: SceneChange, spans: Sequence[Span]) -> float:
    """Seconds from a change to the nearest of `spans`."""
    return min(
        (max(start - change.after, change.before - end, 0.0) for start, end in spans),
        default=math.inf,
    )


def _reach(looks: VisualSamples) -> float:
    """Seconds for which a glance speaks: up to the next one and a little more."""
    gaps = np.diff(looks.still_times)
    return float(np.median(gaps)) / 2 + STEP if len(gaps) else STEP


class one_thread:
    """While it is open OpenCV uses one thread: decoding keeps the other cores busy, and several
    threads for one small network cost more than they save."""

    def __enter__(self) -> None:
        self._before = cv2.getNumThreads()
        cv2.setNumThreads(1)

    def __exit__(self, *fault: object) -> None:
        cv2.setNumThreads(self._before)


def _shares(report: Report, low: float, high: float) -> Report:
    return lambda share: report(low + (high - low) * min(1.0, share))


def _glance(
    footage: Footage, looks: VisualSamples, reading: Reading, report: Report
) -> list[SceneChange]:
    """Looks at pairs of frames over the whole file; returns the changes that may be of scene."""
    changes: list[SceneChange] = []
    faces = FaceDetector()
    last: _HandAndScene | None = None
    with ThreadPoolExecutor(WORKERS) as pool:
        for glimpse in _glimpses(footage, reading, pool):
            frame = glimpse.frame
            look = glimpse.look.result() if glimpse.look else last
            assert look is not None
            last = look
            looks.add_still(frame)
            looks.sights.append(replace(look.sight, time=frame.time))
            looks.scenes.append((frame.time, look.scene))
            if glimpse.moved:
                looks.add_faces(frame, faces)
            if glimpse.motion:
                looks.add_motion(frame, glimpse.motion, look.sight.hands)
            if glimpse.change:
                changes.append(glimpse.change)
            report(frame.time)
    return changes


@dataclass(frozen=True)
class _HandAndScene:
    """The hands that one look showed, and what was read of the scene (k,)."""

    sight: HandSample
    scene: NDArray[np.floating[Any]]


@dataclass(frozen=True)
class _GlanceSample:
    """A glance and what is sought in it. `look` is None where nothing moved since it was looked
    at; `change` is that from the last glance, if it may be one of scene."""

    frame: Frame
    motion: Motion | None
    moved: bool
    look: Future[_HandAndScene] | None
    change: SceneChange | None


def _glimpses(footage: Footage, reading: Reading, pool: Executor) -> Iterator[_GlanceSample]:
    """Glances in order; some are looked at by the networks at the same time, by the threads of
    `pool`."""
    waiting: deque[_GlanceSample] = deque()
    detector = HandDetector()
    last: tuple[float, NDArray[np.uint8], NDArray[np.float32]] | None = None
    unchanged = 0
    for frame, later in read_glances(footage):
        motion = _motion_between(frame, later)
        grey, colour = denoised_grey(frame), colours(frame)
        moved = last is None or has_motion(grey, last[1])
        unchanged = 0 if moved else unchanged + 1
        look = None
        if unchanged < LOOKS_AT_REST:
            look = pool.submit(_look, frame, motion, detector, reading)
        change = _change(last[0], frame.time, last[2], colour) if last else None
        waiting.append(_GlanceSample(frame, motion, moved, look, change))
        last = (frame.time, grey, colour)
        if len(waiting) > 2 * WORKERS:
            yield waiting.popleft()
    yield from waiting


def _change(
    before: float, after: float, old: NDArray[np.float32], new: NDArray[np.float32]
) -> SceneChange | None:
    """What two glances tell by their colours."""
    if not is_another_scene(old, new, MAYBE_OTHER_COLOURS):
        return None
    return SceneChange(before, after, sure=is_another_scene(old, new))


def _look(
    frame: Frame, motion: Motion | None, detector: HandDetector, reading: Reading
) -> _HandAndScene:
    """Reads the scene of a frame, and seeks hands where it may show some."""
    channels = scene_channels(scene_map(frame.image), motion)
    seen = HandSample(frame.time, (), 0.0)
    if scene_heads().may_show("hands", channels):
        seen = HandSample(frame.time, *detector.survey(frame.image))
    return _HandAndScene(seen, reading(channels))


def _motion_between(frame: Frame, later: Frame | None) -> Motion | None:
    meter = MotionMeter()
    meter.update(frame)
    return meter.update(later) if later else None


def _watch(
    footage: Footage, spans: list[Span], looks: VisualSamples, report: Report
) -> tuple[float, ...]:
    """Looks at dense frames within `spans`: motion and shots. Hands are where the nearest glance
    saw them. Returns the shot borders in seconds."""
    meter, shots = MotionMeter(), ShotDetector()
    glanced = np.array([sight.time for sight in looks.sights])
    last, done, total = -10.0, 0.0, sum(b - a for a, b in spans) or 1.0
    for frame in read_frames(footage, spans, rate=DENSE_RATE) if spans else ():
        if frame.time - last > 2.5 / DENSE_RATE + 1 / max(1.0, footage.fps):
            meter.restart()
            shots.restart()
        done += min(frame.time - last, 1.0)
        last = frame.time
        motion = meter.update(frame)
        shots.update(frame)
        if motion:
            looks.add_motion(frame, motion, _hands_at(frame.time, looks, glanced))
        report(done / total)
    return tuple(sorted(shots.borders))


def _hands_at(
    time: float, looks: VisualSamples, glanced: NDArray[np.floating[Any]]
) -> tuple[Hand, ...]:
    """The hands that the nearest of the glances, at the times `glanced` (m,), saw."""
    return looks.sights[int(nearest(np.array([time]), glanced)[0])].hands


def _covered(times: NDArray[np.floating], spans: list[Span]) -> NDArray[np.bool_]:
    inside = np.zeros(len(times), bool)
    for start, end in spans:
        inside |= (times >= start - STEP) & (times <= end)
    return inside
