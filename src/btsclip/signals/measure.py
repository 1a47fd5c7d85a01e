"""Measure the signals of footage: glances over the whole file, dense frames where it matters."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.errors import FootageError
from btsclip.intervals import Span, merge, runs_of_true
from btsclip.media import (
    Footage,
    give_back_pictures,
    meter_of,
    read_frames,
    read_sound,
)
from btsclip.signals.assemble import assemble, nearest
from btsclip.signals.bars import find_picture
from btsclip.signals.damage import find_lost_spans, with_lost_spans
from btsclip.signals.glances import SceneChange, add_glances
from btsclip.signals.hands import Hand
from btsclip.signals.model import STEP, Signals, grid
from btsclip.signals.motion import MotionMeter
from btsclip.signals.samples import VisualSamples
from btsclip.signals.scene import Reading, read_scene
from btsclip.signals.shots import (
    HardCut,
    ShotDetector,
    find_cuts,
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

Report = Callable[[float], None]
# Which times (n,) need dense frames, from signals made of glances and sound alone.
NeedsDense = Callable[[Signals], NDArray[np.bool_]]


def dense_everywhere(signals: Signals) -> NDArray[np.bool_]:
    """The `NeedsDense` that asks for dense frames at all times."""
    return np.ones(len(signals.times), bool)


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
        changes = add_glances(
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
