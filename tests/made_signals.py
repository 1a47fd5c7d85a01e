"""Made signals with known work, for tests of everything computed from signals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from btsclip.signals.model import STEP, Signals, grid
from btsclip.signals.scene import scene_heads, scene_things

Span = tuple[float, float]


def signals(duration: float, work: tuple[Span, ...] = (), **changes: Any) -> Signals:
    """Signals of `duration` seconds with two working hands in the spans `work`."""
    times = grid(duration)
    busy = np.zeros(len(times), bool)
    for start, end in work:
        busy |= (times >= start) & (times < end)
    zero = np.zeros(len(times))
    boxes = np.where(busy[:, None], [0.5, 0.5, 0.2, 0.2], np.nan)
    thumbs = np.random.default_rng(1).integers(0, 255, (len(times), 9, 16)).astype(np.uint8)
    made = Signals(
        times=times,
        hands=np.where(busy, 2, 0),
        presence=np.where(busy, 0.9, 0.0),
        palm=np.where(busy, 0.9, 0.02),
        hand_box=boxes,
        hand_motion=np.where(busy, 0.1, 0.0),
        rhythm=zero,
        strokes=zero,
        drift=np.zeros((len(times), 2)),
        motion=np.where(busy, 0.12, 0.01),
        camera=zero,
        sound=zero,
        onsets=zero,
        voice=zero,
        sizzle=zero,
        clatter=zero,
        cry=zero,
        sharpness=zero + 0.003,
        exposure=zero + 0.4,
        glow=zero,
        red=zero,
        faces=np.zeros(len(times), int),
        face_size=zero,
        scene=scene_of(busy),
        dense=busy,
        borders=(),
        thumb_times=times.copy(),
        thumbs=thumbs,
    )
    return replace(made, **changes)


def scene_of(busy: np.ndarray, **things: float) -> np.ndarray:
    """Scene readings with work by hands at the times `busy` (n,), the scores `things`, and 0 for
    all other things."""
    odds = np.where(busy[:, None], 2.0, -2.0).repeat(len(scene_heads().names), axis=1)
    scores = [things.get(name.replace(" ", "_"), 0.0) for name in scene_things().names]
    return np.concatenate([odds, np.zeros_like(odds), np.tile(scores, (len(busy), 1))], axis=1)


def shifted(times: np.ndarray, by: float) -> int:
    """Steps in `by` seconds."""
    return round(by / STEP)
