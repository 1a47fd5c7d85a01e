"""What was seen and heard, put on one clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btsclip.signals.faces import Face
from btsclip.signals.looks import HandSample, VisualSamples
from btsclip.signals.rhythm import measure_rhythm
from btsclip.signals.series import REACH, Array, Signals, hand_series, nearest, per_step
from btsclip.signals.sound import SoundSignals

# Seconds around a shot border within which a pair of frames may lie across it.
ACROSS = 0.04


def assemble(
    times: Array,
    looks: VisualSamples,
    sound: SoundSignals,
    borders: tuple[float, ...],
    dense: NDArray[np.bool_],
    reach: float,
) -> Signals:
    """Signals at `times` (n,). A look speaks for the times up to `reach` seconds from it."""
    reach = max(REACH, reach)
    sights = sorted(looks.sights, key=lambda sight: sight.time)
    at = [sight.time for sight in sights]
    count, _, boxes = hand_series(times, at, [sight.hands for sight in sights], reach)
    motions = [
        motion
        for motion in sorted(looks.motions, key=lambda motion: motion.time)
        # What differs between two shots is no motion.
        if not any(abs(motion.time - border) < ACROSS for border in borders)
    ]
    moved = [motion.time for motion in motions]
    strength, strokes = measure_rhythm(times, moved, [m.drift for m in motions], borders)
    scenes = sorted(looks.scenes, key=lambda look: look[0])
    order = np.argsort(looks.still_times)
    still_times = np.asarray(looks.still_times)[order]
    still = np.asarray(looks.stills)[order][nearest(times, still_times)]
    faces = sorted(looks.faces, key=lambda look: look[0])
    seen = [faces[i][1] for i in nearest(times, np.array([t for t, _ in faces]))] if faces else []

    def series(values: list[float]) -> Array:
        return per_step(times, moved, values, reach)

    return Signals(
        times=times,
        hands=count,
        presence=per_step(times, at, [_presence(sight) for sight in sights], reach),
        palm=per_step(times, at, [sight.palm for sight in sights], reach),
        hand_box=boxes,
        hand_motion=series([m.hand for m in motions]),
        rhythm=strength,
        strokes=strokes,
        drift=per_step(times, moved, np.array([m.drift for m in motions]).reshape(-1, 2), reach),
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
        faces=np.array([len(f) for f in seen] or [0] * len(times), int),
        face_size=np.array([_largest(f) for f in seen] or [0.0] * len(times)),
        scene=_scene(times, scenes, reach),
        dense=dense,
        borders=borders,
        thumb_times=still_times,
        thumbs=np.stack(looks.thumbs)[order],
    )


def _scene(times: Array, looks: list[tuple[float, Array]], reach: float) -> Array:
    """What was read of the scene (n, k); k is 0 where it was never looked at."""
    if not looks:
        return np.zeros((len(times), 0))
    return per_step(times, [time for time, _ in looks], np.stack([r for _, r in looks]), reach)


def _presence(sight: HandSample) -> float:
    return max((hand.presence for hand in sight.hands), default=0.0)


def _largest(faces: tuple[Face, ...]) -> float:
    """Height of the largest face, in picture heights."""
    return max((face.box[3] for face in faces), default=0.0)
