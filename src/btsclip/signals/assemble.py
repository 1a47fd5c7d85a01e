"""Assemble samples of picture and sound into `Signals`, on one clock."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import hull
from btsclip.signals.faces import Face
from btsclip.signals.hands import Hand
from btsclip.signals.model import STEP, Array, Signals
from btsclip.signals.rhythm import measure_rhythm
from btsclip.signals.samples import HandSample, VisualSamples
from btsclip.signals.sound import SoundSignals

# Seconds from a sample up to which it counts, where no other sample is nearer.
REACH = 0.8
# Seconds from a shot border within which a pair of frames may be of two shots.
BORDER_MARGIN = 0.04


def assemble(
    times: Array,
    samples: VisualSamples,
    sound: SoundSignals,
    borders: tuple[float, ...],
    dense: NDArray[np.bool_],
    reach: float,
) -> Signals:
    """Put samples on the analysis times `times` (n,).

    Args:
        borders: shot borders in seconds.
        dense: where dense frames were read (n,).
        reach: seconds from a sample up to which it counts; at least REACH.
    """
    reach = max(REACH, reach)
    hands = sorted(samples.hands, key=lambda sample: sample.time)
    hand_times = [sample.time for sample in hands]
    count, _, boxes = hand_series(times, hand_times, [sample.hands for sample in hands], reach)
    motions = [
        motion
        for motion in sorted(samples.motions, key=lambda motion: motion.time)
        # The difference between two shots is not motion.
        if not any(abs(motion.time - border) < BORDER_MARGIN for border in borders)
    ]
    motion_times = [motion.time for motion in motions]
    strength, strokes = measure_rhythm(times, motion_times, [m.drift for m in motions], borders)
    scenes = sorted(samples.scenes, key=lambda scene: scene[0])
    order = np.argsort(samples.still_times)
    still_times = np.asarray(samples.still_times)[order]
    still = np.asarray(samples.stills)[order][nearest(times, still_times)]
    faces = _nearest_faces(times, samples)

    def series(values: Sequence[float] | Array) -> Array:
        return per_step(times, motion_times, values, reach)

    return Signals(
        times=times,
        hands=count,
        presence=per_step(times, hand_times, [_presence(sample) for sample in hands], reach),
        palm=per_step(times, hand_times, [sample.palm for sample in hands], reach),
        hand_box=boxes,
        hand_motion=series([m.hand for m in motions]),
        rhythm=strength,
        strokes=strokes,
        drift=series(np.array([m.drift for m in motions]).reshape(-1, 2)),
        motion=series([m.local for m in motions]),
        camera=series([m.camera for m in motions]),
        sound=sound.level,
        onsets=sound.onsets,
        voice=sound.voice,
        sizzle=sound.sizzle,
        clatter=sound.clatter,
        cry=sound.cry,
        sharpness=still[:, 0],
        exposure=still[:, 1],
        glow=series([m.glow for m in motions]),
        red=series([m.red for m in motions]),
        faces=np.array([len(step_faces) for step_faces in faces], int),
        face_size=np.array([_max_height(step_faces) for step_faces in faces]),
        scene=_scene(times, scenes, reach),
        dense=dense,
        borders=borders,
        thumb_times=still_times,
        thumbs=np.stack(samples.thumbs)[order],
    )


def _nearest_faces(times: Array, samples: VisualSamples) -> list[tuple[Face, ...]]:
    """The faces of the nearest search, for each of `times`."""
    searches = sorted(samples.faces, key=lambda search: search[0])
    if not searches:
        return [()] * len(times)
    search_times = np.array([time for time, _ in searches])
    return [searches[i][1] for i in nearest(times, search_times)]


def _scene(times: Array, scenes: list[tuple[float, Array]], reach: float) -> Array:
    """Readings of the scene (n, k) from samples of time and reading (k,); k is 0 without any."""
    if not scenes:
        return np.zeros((len(times), 0))
    scene_times, readings = [time for time, _ in scenes], np.stack([row for _, row in scenes])
    return per_step(times, scene_times, readings, reach)


def _presence(sample: HandSample) -> float:
    return max((hand.presence for hand in sample.hands), default=0.0)


def _max_height(faces: tuple[Face, ...]) -> float:
    """Height of the largest face, in picture heights."""
    return max((face.box[3] for face in faces), default=0.0)


def per_step(
    times: Array, sampled_at: Sequence[float], values: Sequence[float] | Array, reach: float = REACH
) -> Array:
    """Mean per step of `values`, sampled at `sampled_at` (k,) seconds.

    A step without a sample takes the nearest one within `reach` seconds, else 0. Values of shape
    (k, ...) give (n, ...).
    """
    samples = np.asarray(values, float)
    shape = (len(times), *samples.shape[1:])
    if not len(sampled_at):
        return np.zeros(shape)
    moments = np.asarray(sampled_at, float)
    step = np.minimum((moments / STEP + 0.5).astype(int), len(times) - 1)
    total, count = np.zeros(shape), np.zeros(len(times))
    np.add.at(total, step, samples)
    np.add.at(count, step, 1)
    near = nearest(times, moments)
    within = np.abs(moments[near] - times) <= reach
    spread = (count if samples.ndim == 1 else count[:, None], within)
    mean = total / np.maximum(spread[0], 1)
    filled = np.where(within if samples.ndim == 1 else within[:, None], samples[near], 0.0)
    return np.where(spread[0] > 0, mean, filled)


def nearest(times: Array, moments: Array) -> NDArray[np.int_]:
    """Index of the nearest of `moments` (sorted, not empty) for each of `times`."""
    after = np.clip(np.searchsorted(moments, times), 0, len(moments) - 1)
    before = np.maximum(after - 1, 0)
    before_is_nearer = np.abs(moments[before] - times) <= np.abs(moments[after] - times)
    return np.where(before_is_nearer, before, after)


def hand_series(
    times: Array, sampled_at: Sequence[float], seen: Sequence[tuple[Hand, ...]], reach: float
) -> tuple[NDArray[np.int_], Array, Array]:
    """Count (n,), presence (n,) and box (n, 4) of hands, from the hands `seen` at `sampled_at`.

    Between two successive samples with hands the box moves on a straight line; elsewhere the
    nearest sample within `reach` seconds counts.
    """
    count, presence = np.zeros(len(times), int), np.zeros(len(times))
    boxes = np.full((len(times), 4), np.nan)
    if not len(sampled_at):
        return count, presence, boxes
    moments = np.asarray(sampled_at, float)
    near = nearest(times, moments)
    for i in np.flatnonzero(np.abs(moments[near] - times) <= reach):
        hands = seen[near[i]]
        if hands:
            count[i] = len(hands)
            presence[i] = max(hand.presence for hand in hands)
            boxes[i] = hull([hand.box for hand in hands])
    with_hands = [k for k, hands in enumerate(seen) if hands]
    for k, following in itertools.pairwise(with_hands):
        if following == k + 1 and moments[following] - moments[k] <= 2 * reach:
            inside = (times > moments[k]) & (times < moments[following])
            part = ((times[inside] - moments[k]) / (moments[following] - moments[k]))[:, None]
            ends = [hull([hand.box for hand in seen[j]]) for j in (k, following)]
            boxes[inside] = (1 - part) * ends[0] + part * ends[1]
    return count, presence, boxes
