"""Measure the signals of footage: glances over the whole file, dense frames where it matters."""

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
from btsclip.media import (
    Footage,
    Frame,
    give_back_pictures,
    meter_of,
    read_frames,
    read_glances,
    read_sound,
)
from btsclip.signals.assemble import assemble, nearest
from btsclip.signals.bars import find_picture
from btsclip.signals.damage import find_lost_spans, with_lost_spans
from btsclip.signals.faces import FaceDetector
from btsclip.signals.hands import Hand, HandDetector
from btsclip.signals.model import STEP, Signals, grid
from btsclip.signals.motion import Motion, MotionMeter
from btsclip.signals.samples import HandSample, VisualSamples, denoised_grey, has_motion
from btsclip.signals.scene import Reading, read_scene, scene_channels, scene_heads, scene_map
from btsclip.signals.shots import (
    MIN_POSSIBLE_DISTANCE,
    HardCut,
    Histogram,
    ShotDetector,
    color_histogram,
    find_cuts,
    is_another_scene,
    may_be_edited,
)
from btsclip.signals.sound import measure_sound
from btsclip.signals.strokes import count_strokes

# Frames a second in dense spans: enough for four strokes a second.
DENSE_RATE = 10.0
# Seconds read after a change of scene: the shot detector needs the frames after a border.
SCENE_CHANGE_MARGIN = 0.3
# Seconds from a dense span within which shot borders are located to a tenth of a second.
MAX_BORDER_DISTANCE = 5.0
# Seconds between two dense spans up to which both are decoded as one.
MAX_GAP = 0.1
# Threads that run the networks on keyframes: decoding keyframes leaves the cores nearly idle.
WORKERS = min(4, os.cpu_count() or 1)
# Unchanged glances at a scene after which the networks skip further ones.
MAX_UNCHANGED_GLANCES = 6

Report = Callable[[float], None]
# Which times (n,) need dense frames, from signals made of glances and sound alone.
NeedsDense = Callable[[Signals], NDArray[np.bool_]]


def dense_everywhere(signals: Signals) -> NDArray[np.bool_]:
    """The `NeedsDense` that asks for dense frames at all times."""
    return np.ones(len(signals.times), bool)


@dataclass(frozen=True)
class SceneChange:
    """Glances at `before` and `after` (seconds) that may show two scenes; they do if `sure`."""

    before: float
    after: float
    sure: bool


def measure_signals(
    footage: Footage,
    report: Report = lambda share: None,
    *,
    needs_dense: NeedsDense = dense_everywhere,
    reading: Reading = read_scene,
) -> Signals:
    """Measure all signals of `footage`.

    Args:
        report: called with the share done, 0..1, as it grows.
        needs_dense: where dense frames are read.
        reading: makes the stored reading of the scene network's channels.

    Raises:
        FootageError: no picture can be decoded.
    """
    give_back_pictures()
    footage = replace(footage, picture=find_picture(footage))
    times, meter = grid(footage.duration), meter_of(footage)
    with one_thread(), ThreadPoolExecutor(1, "sound") as pool:
        sound_job = pool.submit(lambda: measure_sound(read_sound(footage, meter), len(times), STEP))
        samples = VisualSamples()
        report_glances = _report_part(report, 0.0, 0.5)
        changes = _read_glances(
            footage, samples, reading, lambda time: report_glances(time / footage.duration)
        )
        if not samples.still_times:
            raise FootageError(footage.path, "no picture in it can be decoded", "copy it again")
        reach, sound, borders = _reach(samples), sound_job.result(), _middles(changes)
        cuts: tuple[HardCut, ...] | None = None
        if may_be_edited(len(borders), footage.duration):
            cuts = find_cuts(footage)
            borders = tuple(cut.time for cut in cuts)
        draft = assemble(times, samples, sound, borders, _is_inside(times, []), reach)
        wanted = [(a * STEP, b * STEP) for a, b in runs_of_true(needs_dense(draft))]
        near = [] if cuts is not None else _near_spans(changes, wanted)
        around_changes = [(change.before, change.after + SCENE_CHANGE_MARGIN) for change in near]
        spans = merge([*wanted, *around_changes], (0.0, footage.duration), MAX_GAP)
        exact = _read_dense(footage, spans, samples, _report_part(report, 0.5, 1.0))
        if cuts is None:
            far = [change for change in changes if change not in near]
            borders = tuple(sorted({*exact, *_middles(far)}))
        signals = assemble(times, samples, sound, borders, _is_inside(times, spans), reach)
        if cuts is not None:
            distances = np.array([cut.distance for cut in cuts])
            signals = replace(signals, exact_borders=True, border_distances=distances)
        signals = with_lost_spans(signals, find_lost_spans(footage, samples))
        signals = count_strokes(footage, replace(signals, picture=footage.picture))
    report(1.0)
    channel = meter.one_channel()
    return replace(signals, channel=channel.number, channel_why=channel.why) if channel else signals


def _middles(changes: Sequence[SceneChange]) -> tuple[float, ...]:
    """Shot borders as far as glances show them: the middle of each sure change."""
    return tuple((change.before + change.after) / 2 for change in changes if change.sure)


def _near_spans(changes: Sequence[SceneChange], spans: Sequence[Span]) -> list[SceneChange]:
    """The changes whose border is to be located to a tenth of a second: those near `spans`."""
    return [change for change in changes if _distance(change, spans) <= MAX_BORDER_DISTANCE]


def _distance(change: SceneChange, spans: Sequence[Span]) -> float:
    """Seconds from a change to the nearest of `spans`; infinite without spans."""
    return min(
        (max(start - change.after, change.before - end, 0.0) for start, end in spans),
        default=math.inf,
    )


def _reach(samples: VisualSamples) -> float:
    """Seconds from a glance up to which it counts: half the usual gap and one step."""
    gaps = np.diff(samples.still_times)
    return float(np.median(gaps)) / 2 + STEP if len(gaps) else STEP


class one_thread:
    """Context manager that keeps OpenCV to one thread. Decoding uses the other cores, and several
    threads for one small network cost more than they save."""

    def __enter__(self) -> None:
        self._before = cv2.getNumThreads()
        cv2.setNumThreads(1)

    def __exit__(self, *fault: object) -> None:
        cv2.setNumThreads(self._before)


def _report_part(report: Report, start: float, end: float) -> Report:
    """`report` for a part of the work, from `start` to `end` of the total progress."""
    return lambda share: report(start + (end - start) * min(1.0, share))


def _read_glances(
    footage: Footage, samples: VisualSamples, reading: Reading, report: Report
) -> list[SceneChange]:
    """Add glances over the whole file to `samples`; return the possible changes of scene."""
    changes: list[SceneChange] = []
    faces = FaceDetector()
    last: _HandsAndScene | None = None
    with ThreadPoolExecutor(WORKERS) as pool:
        for glance in _glances(footage, reading, pool):
            frame = glance.frame
            contents = glance.job.result() if glance.job else last
            assert contents is not None
            last = contents
            samples.add_still(frame)
            samples.note_damage(frame)
            samples.hands.append(replace(contents.hand_sample, time=frame.time))
            samples.scenes.append((frame.time, contents.scene))
            if glance.moved:
                samples.add_faces(frame, faces)
            if glance.motion:
                samples.add_motion(frame, glance.motion, contents.hand_sample.hands)
            if glance.change:
                changes.append(glance.change)
            report(frame.time)
    return changes


@dataclass(frozen=True)
class _HandsAndScene:
    """The hands in one frame, and the reading of its scene (k,)."""

    hand_sample: HandSample
    scene: NDArray[np.floating[Any]]


@dataclass(frozen=True)
class _GlanceSample:
    """One glance. `moved` is whether it differs from the last glance, `job` the running networks
    (None at a scene at rest), `change` a possible change of scene since the last glance."""

    frame: Frame
    motion: Motion | None
    moved: bool
    job: Future[_HandsAndScene] | None
    change: SceneChange | None


def _glances(footage: Footage, reading: Reading, pool: Executor) -> Iterator[_GlanceSample]:
    """Glances in order; the threads of `pool` run the networks on several of them at once."""
    waiting: deque[_GlanceSample] = deque()
    detector = HandDetector()
    last: tuple[float, NDArray[np.uint8], Histogram] | None = None
    unchanged = 0
    for frame, later in read_glances(footage):
        motion = _motion_between(frame, later)
        grey, color = denoised_grey(frame), color_histogram(frame)
        moved = last is None or has_motion(grey, last[1])
        unchanged = 0 if moved else unchanged + 1
        job = None
        if unchanged < MAX_UNCHANGED_GLANCES:
            job = pool.submit(_find_hands_and_scene, frame, motion, detector, reading)
        change = _scene_change(last[0], frame.time, last[2], color) if last else None
        waiting.append(_GlanceSample(frame, motion, moved, job, change))
        last = (frame.time, grey, color)
        if len(waiting) > 2 * WORKERS:
            yield waiting.popleft()
    yield from waiting


def _scene_change(
    before: float, after: float, old: Histogram, new: Histogram
) -> SceneChange | None:
    """The change between two glances with the colors `old` and `new`; None if they are alike."""
    if not is_another_scene(old, new, MIN_POSSIBLE_DISTANCE):
        return None
    return SceneChange(before, after, sure=is_another_scene(old, new))


def _find_hands_and_scene(
    frame: Frame, motion: Motion | None, detector: HandDetector, reading: Reading
) -> _HandsAndScene:
    """Read the scene of a frame, and search it for hands if the scene may show any."""
    channels = scene_channels(scene_map(frame.image), motion)
    hands = HandSample(frame.time, (), 0.0)
    if scene_heads().may_show("hands", channels):
        hands = HandSample(frame.time, *detector.survey(frame.image))
    return _HandsAndScene(hands, reading(channels))


def _motion_between(frame: Frame, later: Frame | None) -> Motion | None:
    meter = MotionMeter()
    meter.update(frame)
    return meter.update(later) if later else None


def _read_dense(
    footage: Footage, spans: list[Span], samples: VisualSamples, report: Report
) -> tuple[float, ...]:
    """Add the motion of dense frames within `spans` to `samples`; return the shot borders in
    seconds. The hands are those of the nearest glance."""
    meter, shots = MotionMeter(), ShotDetector()
    glance_times = np.array([sample.time for sample in samples.hands])
    last, done, total = -10.0, 0.0, sum(b - a for a, b in spans) or 1.0
    for frame in read_frames(footage, spans, rate=DENSE_RATE) if spans else ():
        if frame.time - last > 2.5 / DENSE_RATE + 1 / max(1.0, footage.fps):
            meter.restart()
            shots.restart()
        done += min(frame.time - last, 1.0)
        last = frame.time
        samples.note_damage(frame)
        motion = meter.update(frame)
        shots.update(frame)
        if motion:
            samples.add_motion(frame, motion, _hands_at(frame.time, samples, glance_times))
        report(done / total)
    return tuple(sorted(shots.borders))


def _hands_at(
    time: float, samples: VisualSamples, glance_times: NDArray[np.floating[Any]]
) -> tuple[Hand, ...]:
    """The hands of the glance nearest to `time`; `glance_times` (m,) are those of the glances."""
    return samples.hands[int(nearest(np.array([time]), glance_times)[0])].hands


def _is_inside(times: NDArray[np.floating], spans: list[Span]) -> NDArray[np.bool_]:
    """Whether each of `times` (n,) is in one of `spans`."""
    inside = np.zeros(len(times), bool)
    for start, end in spans:
        inside |= (times >= start - STEP) & (times <= end)
    return inside
