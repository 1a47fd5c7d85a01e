"""A closer look at spans of which only glances were had: for framing what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from btsclip.media.frames import Span
from btsclip.media.probe import Footage
from btsclip.signals.assemble import centres
from btsclip.signals.looks import HandSearch, Looks
from btsclip.signals.measure import merge, one_thread, watch
from btsclip.signals.series import REACH, STEP, Signals, hand_series, per_step


def look_closer(footage: Footage, signals: Signals, spans: Sequence[Span]) -> Signals:
    """`signals` with hands and motion of `spans` (seconds) measured from dense frames.

    What they say of work stays as it was: only what a crop is led by is measured anew.
    """
    missing = _missing(signals, spans)
    if not missing:
        return signals
    looks = Looks()
    with one_thread():
        watch(footage, missing, looks, HandSearch(), None, lambda share: None)
    if not looks.motions:
        return signals
    times = signals.times
    inside = np.zeros(len(times), bool)
    for start, end in missing:
        inside |= (times >= start) & (times <= end)
    at = [sight.time for sight in looks.sights]
    hands, _, boxes = hand_series(times, at, [sight.hands for sight in looks.sights], REACH)
    moved = [motion.time for motion in looks.motions]
    motion = per_step(times, moved, [m.local for m in looks.motions])
    hand_motion = per_step(times, moved, [m.hand for m in looks.motions])
    # A look that missed the hands a glance had seen does not take them away.
    found = inside & ~np.isnan(boxes[:, 0])
    return replace(
        signals,
        hands=np.where(found, hands, signals.hands),
        hand_box=np.where(found[:, None], boxes, signals.hand_box),
        hand_motion=np.where(inside, hand_motion, signals.hand_motion),
        motion=np.where(inside, motion, signals.motion),
        motion_centre=np.where(
            inside[:, None], centres(times, looks.motions, REACH), signals.motion_centre
        ),
        dense=signals.dense | inside,
    )


def _missing(signals: Signals, spans: Sequence[Span]) -> list[Span]:
    """The parts of `spans` that were not read densely."""
    wanted: NDArray[np.bool_] = np.zeros(len(signals.times), bool)
    for start, end in spans:
        wanted |= (signals.times >= start) & (signals.times < end)
    edges = np.flatnonzero(
        np.diff(np.concatenate([[0], (wanted & ~signals.dense).astype(int), [0]]))
    )
    runs = [(float(a) * STEP, float(b) * STEP) for a, b in edges.reshape(-1, 2)]
    return merge(runs, float(signals.times[-1]) + STEP, gap=0.5)
