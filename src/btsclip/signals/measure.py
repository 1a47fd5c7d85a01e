"""Footage to signals: glances over the whole file, dense frames only where something goes on."""

from __future__ import annotations

import math
import os
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.errors import FootageError
from btsclip.media.frames import Frame, Span, frames, glances
from btsclip.media.probe import Footage
from btsclip.media.sound import meter_of, read_sound
from btsclip.signals.assemble import assemble
from btsclip.signals.bars import find_picture
from btsclip.signals.faces import FaceDetector
from btsclip.signals.looks import HandSearch, Looks, Sight, colours, differs, is_another_scene, soft
from btsclip.signals.motion import Motion, MotionMeter
from btsclip.signals.scene import Reading, look_at_scene, read_scene
from btsclip.signals.series import STEP, Signals, grid, runs_of_true
from btsclip.signals.shots import ShotDetector
from btsclip.signals.sound import measure_sound
from btsclip.signals.strokes import count_strokes

# Frames a second looked at in dense spans: enough to tell four strokes a second.
DENSE_RATE = 10.0
# Seconds between looks for hands and at the scene in dense spans, and those around a glance for
# which it tells the scene.
HAND_EVERY, SCENE_REACH = 0.5, 0.3
# Seconds read on either side of a span: a shot border at its end shows only among other frames.
MARGIN = 0.6
# Seconds by which two readings of one frame's time may differ.
SAME = 0.002
# Threads that seek hands on keyframes: decoding those leaves the cores nearly idle.
WORKERS = min(4, os.cpu_count() or 1)
# Glances at a scene in which nothing changes after which hands are not sought again.
LOOKS_AT_REST = 6

Report = Callable[[float], None]
# Tells from signals made of glances and sound at which of their times (n,) dense frames are wanted.
Worth = Callable[[Signals], NDArray[np.bool_]]


def everything(signals: Signals) -> NDArray[np.bool_]:
    """The `Worth` that wants dense frames wherever something goes on."""
    return np.ones(len(signals.times), bool)


def measure(
    footage: Footage,
    report: Report = lambda share: None,
    *,
    worth: Worth = everything,
    fine: bool = False,
    reading: Reading = read_scene,
) -> Signals:
    """Measures everything. `report` gets the share done, 0..1, as it grows.

    Dense frames are read where glances see something that is `worth` it, with `fine` in all of the
    file. `reading` says what is kept of each look at the scene. Raises FootageError when no picture
    can be decoded.
    """
    footage = replace(footage, picture=find_picture(footage))
    times, meter = grid(footage.duration), meter_of(footage)
    with one_thread(), ThreadPoolExecutor(1, "sound") as beside:
        hearing = beside.submit(lambda: measure_sound(read_sound(footage, meter), len(times), STEP))
        looks, search = Looks(), HandSearch()
        glanced = _shares(report, 0.0, 0.5)
        cuts = _glance(
            footage, looks, search, reading, lambda time: glanced(time / footage.duration)
        )
        if not looks.still_times:
            raise FootageError(footage.path, "no picture in it can be decoded", "copy it again")
        reach = _reach(looks)
        if fine:
            spans: list[Span] = [(0.0, footage.duration)]
        else:
            middles = tuple((a + b) / 2 for a, b in cuts)
            seen = assemble(times, looks, hearing.result(), middles, _covered(times, []), reach)
            wanted = [(a * STEP, b * STEP) for a, b in runs_of_true(worth(seen))]
            wider = [(a - MARGIN, b + MARGIN) for a, b in (*wanted, *cuts)]
            spans = merge(wider, footage.duration)
        borders = _watch(footage, spans, looks, search, reading, _shares(report, 0.5, 1.0))
        signals = assemble(times, looks, hearing.result(), borders, _covered(times, spans), reach)
        signals = count_strokes(footage, replace(signals, picture=footage.picture))
    report(1.0)
    channel = meter.one_channel()
    return replace(signals, channel=channel.number, channel_why=channel.why) if channel else signals


def _reach(looks: Looks) -> float:
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
    footage: Footage, looks: Looks, search: HandSearch, reading: Reading, report: Report
) -> list[Span]:
    """Looks at pairs of frames over the whole file; returns the spans between glances at two
    scenes."""
    cuts: list[Span] = []
    faces = FaceDetector()
    last: _Look | None = None
    with ThreadPoolExecutor(WORKERS) as pool:
        for glimpse in _glimpses(footage, search, reading, pool):
            frame = glimpse.frame
            look = glimpse.look.result() if glimpse.look else last
            assert look is not None
            last = look
            looks.add_still(frame)
            looks.sights.append(replace(look.sight, time=frame.time))
            looks.scenes.append((frame.time, look.scene))
            if glimpse.changed:
                looks.add_faces(frame, faces)
            if glimpse.motion:
                looks.add_motion(frame, glimpse.motion, look.sight.hands)
            if glimpse.cut:
                cuts.append(glimpse.cut)
            report(frame.time)
    return cuts


@dataclass(frozen=True)
class _Look:
    """The hands that one look showed, and what was read of the scene (k,)."""

    sight: Sight
    scene: NDArray[np.floating[Any]]


@dataclass(frozen=True)
class _Glimpse:
    """A glance and what is sought in it. `look` is None where nothing changed since it was looked
    at; `cut` is the span back to the last glance if that shows another scene."""

    frame: Frame
    motion: Motion | None
    changed: bool
    look: Future[_Look] | None
    cut: Span | None


def _glimpses(
    footage: Footage, search: HandSearch, reading: Reading, pool: Executor
) -> Iterator[_Glimpse]:
    """Glances in order; some are looked at by the networks at the same time, by the threads of
    `pool`."""
    waiting: deque[_Glimpse] = deque()
    last: tuple[float, NDArray[np.uint8], NDArray[np.float32]] | None = None
    unchanged = 0
    for number, (frame, later) in enumerate(glances(footage)):
        motion = _motion_between(frame, later)
        grey, colour = soft(frame), colours(frame)
        new = last is None or is_another_scene(colour, last[2])
        changed = last is None or differs(grey, last[1])
        unchanged = 0 if changed else unchanged + 1
        look = None
        if unchanged < LOOKS_AT_REST:
            look = pool.submit(_look, frame, motion, search, reading, new, number)
        cut = (last[0], frame.time) if new and last else None
        waiting.append(_Glimpse(frame, motion, changed, look, cut))
        last = (frame.time, grey, colour)
        if len(waiting) > 2 * WORKERS:
            yield waiting.popleft()
    yield from waiting


def _look(
    frame: Frame,
    motion: Motion | None,
    search: HandSearch,
    reading: Reading,
    everywhere: bool,
    turn: int,
) -> _Look:
    """Seeks hands in a frame and reads the scene."""
    sight = search.glance(frame, everywhere, turn)
    return _Look(sight, look_at_scene(frame.image, motion, reading))


def _motion_between(frame: Frame, later: Frame | None) -> Motion | None:
    meter = MotionMeter()
    meter.update(frame)
    return meter.update(later) if later else None


def _watch(
    footage: Footage,
    spans: list[Span],
    looks: Looks,
    search: HandSearch,
    reading: Reading,
    report: Report,
) -> tuple[float, ...]:
    """Looks at dense frames within `spans`: motion, shots, the scene between two glances, and
    hands there unless both show some. Returns the shot borders in seconds."""
    meter, shots = MotionMeter(), ShotDetector()
    glanced = list(looks.sights)
    at = [look.time for look in glanced]
    sight = Sight(-10.0, ())
    read = -10.0
    last, done, total = -10.0, 0.0, sum(b - a for a, b in spans) or 1.0
    for frame in frames(footage, spans, rate=DENSE_RATE) if spans else ():
        if frame.time - last > 2.5 / DENSE_RATE + 1 / max(1.0, footage.fps):
            meter.restart()
            shots.restart()
        done += min(frame.time - last, 1.0)
        last = frame.time
        motion = meter.update(frame)
        shots.update(frame)
        known = _known(frame.time, glanced, at)
        if known is not None:
            sight = known
        elif frame.time - sight.time >= HAND_EVERY - 0.5 / DENSE_RATE:
            sight = search.follow(frame, sight, motion)
            looks.sights.append(sight)
        if frame.time - read >= HAND_EVERY and _distance(frame.time, at) > SCENE_REACH:
            read = frame.time
            looks.scenes.append((read, look_at_scene(frame.image, motion, reading)))
        if motion:
            looks.add_motion(frame, motion, sight.hands)
        report(done / total)
    return tuple(sorted(shots.borders))


def _known(time: float, glanced: list[Sight], at: list[float]) -> Sight | None:
    """The hands at `time` where glances tell: on a keyframe, and between two that show some."""
    here = bisect_right(at, time + SAME)
    around = glanced[max(0, here - 1) : here + 1]
    if not around:
        return None
    nearest = min(around, key=lambda look: abs(look.time - time))
    between = len(around) == 2 and all(look.hands for look in around)
    return nearest if between or abs(nearest.time - time) < SAME else None


def _distance(time: float, at: list[float]) -> float:
    """Seconds from `time` to the nearest of the times `at`, which are in order."""
    here = bisect_right(at, time)
    return min((abs(other - time) for other in at[max(0, here - 1) : here + 1]), default=math.inf)


def merge(spans: list[Span], duration: float, gap: float = 0.1) -> list[Span]:
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


def _covered(times: NDArray[np.floating], spans: list[Span]) -> NDArray[np.bool_]:
    inside = np.zeros(len(times), bool)
    for start, end in spans:
        inside |= (times >= start - STEP) & (times <= end)
    return inside
