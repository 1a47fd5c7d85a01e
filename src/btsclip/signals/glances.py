"""Measure glances over a whole take: hands, scene, motion, and where one scene follows another."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.media import Footage, Frame, read_glances
from btsclip.signals.faces import FaceDetector
from btsclip.signals.hands import HandDetector
from btsclip.signals.motion import Motion, MotionMeter
from btsclip.signals.samples import HandSample, VisualSamples, denoised_grey, has_motion
from btsclip.signals.scene import Reading, scene_channels, scene_heads, scene_map
from btsclip.signals.shots import (
    MIN_POSSIBLE_DISTANCE,
    Histogram,
    color_histogram,
    is_another_scene,
)

# Threads that run the networks on keyframes: decoding keyframes leaves the cores nearly idle.
WORKERS = min(4, os.cpu_count() or 1)
# Unchanged glances at a scene after which the networks skip further ones.
MAX_UNCHANGED_GLANCES = 6


@dataclass(frozen=True)
class SceneChange:
    """Glances at `before` and `after` (seconds) that may show two scenes; they do if `sure`."""

    before: float
    after: float
    sure: bool


def add_glances(
    footage: Footage, samples: VisualSamples, reading: Reading, report: Callable[[float], None]
) -> list[SceneChange]:
    """Add glances over the whole file to `samples`; return the possible changes of scene.

    `report` gets the time of each glance, in seconds.
    """
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
