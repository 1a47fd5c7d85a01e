"""Small mishaps: something falls, breaks, spills or flares up. They are kept, not cut away."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span, ramp, windows
from btsclip.moments.belief import shot_edges
from btsclip.signals import STEP, Array, Signals, near

# Seconds that a mishap shows before it happens, and after it.
SECONDS_BEFORE = 2.0
SECONDS_AFTER = 4.5
# Seconds within which it must be put right.
MAX_RECOVERY_SECONDS = 8.0
# It is put right when hands or work are seen for this many seconds, with motion of no more than
# this many times the usual one before. A mishap shows this many seconds of that.
SETTLED_SECONDS = 1.0
MAX_SETTLED_MOTION = 2.5
SECONDS_AFTER_RECOVERY = 1.5
# Evidence, 0..1, from which on it is a mishap.
MIN_EVIDENCE = 0.5
# Belief in work from which on somebody works.
MIN_WORK_BELIEF = 0.5
# Mishaps less than this many seconds apart are one.
MIN_GAP_SECONDS = 3.0
# Seconds before a step with which it is compared, to find a sudden change.
PAST_SECONDS = 3.0


@dataclass(frozen=True)
class Mishap:
    """A mishap at `time`, shown from `start` to `end`, all in seconds.

    `sign` is the strongest evidence (clatter, jerk or flare) and `strength`, 0..1, its total.
    `recovery` is the seconds until it is put right and work goes on, None if that is not seen.
    """

    time: float
    start: float
    end: float
    sign: str
    strength: float
    recovery: float | None = None


def find_mishaps(signals: Signals, belief: Array, duration: float) -> list[Mishap]:
    """Mishaps in order of time, during work or just beside it; `belief` (n,) is belief in work."""
    signs = mishap_signs(signals)
    names = list(signs)
    strength = np.stack([signs[name] for name in names])
    voice = _max_ahead(signals.voice, 2.0)
    working = near(belief, 3.0) >= MIN_WORK_BELIEF
    total = np.where(working, np.minimum(1.0, strength.max(0) + 0.15 * (voice > 0.6)), 0.0)
    mishaps: list[Mishap] = []
    for step in np.argsort(-total, kind="stable"):
        if total[step] < MIN_EVIDENCE:
            break
        time = float(signals.times[step])
        if any(abs(time - mishap.time) < MIN_GAP_SECONDS for mishap in mishaps):
            continue
        recovery = _find_recovery(signals, belief, int(step))
        start, end = _shown_span(signals, int(step), duration, recovery)
        sign = names[int(strength[:, step].argmax())]
        mishaps.append(Mishap(time, start, end, sign, round(float(total[step]), 3), recovery))
    return sorted(mishaps, key=lambda mishap: mishap.time)


def mishap_signs(signals: Signals) -> dict[str, Array]:
    """Evidence (n,), 0..1, by sign.

    clatter: a crash louder than the work itself, while something moves; jerk: the whole picture
    moves at once, far more than before, and then rests; flare: fire where there was no fire a
    moment ago, but not glowing food that comes into view. Jerk and flare need dense frames.
    """
    borders = _near_borders(signals)
    sudden = signals.motion / (_recent(signals.motion, signals, np.median) + 0.05)
    moves = near(signals.motion, 0.75)
    calm_after = 1 - ramp(_mean_ahead(signals.motion, 2.0), 0.1, 0.4)
    lit = signals.glow - _recent(signals.glow, signals, np.max, gap=0.5)
    steady = 1 - ramp(signals.camera, 0.05, 0.15)
    still = 1 - ramp(near(signals.camera, 1.0), 0.04, 0.1)
    return {
        "clatter": np.where(borders, 0, signals.clatter * (0.4 + 0.6 * ramp(moves, 0.03, 0.12))),
        "jerk": np.where(
            borders | ~signals.dense,
            0,
            ramp(sudden, 3.0, 6.0) * ramp(signals.motion, 0.4, 0.8) * calm_after
            * steady,
        ),
        "flare": np.where(
            _early_in_shot(signals) | ~signals.dense, 0, ramp(lit, 0.04, 0.12) * still
        ),
    }  # fmt: skip


def _find_recovery(signals: Signals, belief: Array, mishap: int) -> float | None:
    """Seconds from the step `mishap` until it is put right; None if that is not seen in time."""
    settled, longest = round(SETTLED_SECONDS / STEP), round(MAX_RECOVERY_SECONDS / STEP)
    first, last = max(0, mishap - round(PAST_SECONDS / STEP)), min(len(belief), mishap + longest)
    time = signals.times[mishap]
    border = min((b for b in signals.borders if b > time + STEP), default=np.inf)
    usual = float(np.median(signals.motion[first : mishap + 1]))
    calm = signals.motion <= MAX_SETTLED_MOTION * max(usual, 0.05)
    works = (signals.hands > 0) | (belief >= MIN_WORK_BELIEF)
    fine = calm & works & (signals.times < border)
    for step in range(mishap + 1, last - settled + 1):
        if fine[step : step + settled].all():
            return round(float(signals.times[step] - time), 3)
    return None


def _shown_span(signals: Signals, mishap: int, duration: float, recovery: float | None) -> Span:
    """Seconds from before the step `mishap` to after its recovery, within its shot."""
    time = float(signals.times[mishap])
    edges = [0.0, *signals.borders, duration]
    shot_start = max(edge for edge in edges if edge <= time + STEP)
    shot_end = min((edge for edge in edges if edge > time + STEP), default=duration)
    after = SECONDS_AFTER
    if recovery is not None:
        after = max(SECONDS_AFTER, recovery + SECONDS_AFTER_RECOVERY)
    return max(shot_start, time - SECONDS_BEFORE), min(shot_end, time + after)


def _near_borders(signals: Signals) -> NDArray[np.bool_]:
    """Mask (n,) of the steps within half a second of a shot border, where the picture changes
    though nothing happens."""
    mask = np.zeros(len(signals.times), bool)
    for border in (0.0, *signals.borders):
        mask |= np.abs(signals.times - border) <= 0.5
    return mask


def _early_in_shot(signals: Signals) -> NDArray[np.bool_]:
    """Mask (n,) of the first seconds of each shot, whose usual glow is not known yet."""
    starts = np.array([0.0, *signals.borders])
    shot_start = starts[np.searchsorted(starts, signals.times + 0.5, side="right") - 1]
    return np.asarray((signals.times - shot_start < PAST_SECONDS / 2) | _near_borders(signals))


def _recent(
    values: Array, signals: Signals, reduce: Callable[..., Array], gap: float = 0.0
) -> Array:
    """`reduce` (median or maximum) of the PAST_SECONDS that end `gap` seconds before each step
    (n,), within its shot."""
    width, late = round(PAST_SECONDS / STEP), round(gap / STEP)
    result = np.array(values, float)
    for first, last in itertools.pairwise(shot_edges(signals)):
        past = windows(values[first:last], width + late, -1 - late)
        result[first:last] = reduce(past, axis=1)
    return result


def _max_ahead(values: Array, seconds: float) -> Array:
    """Maximum (n,) over the next `seconds`."""
    return np.asarray(_windows_ahead(values, seconds).max(1))


def _mean_ahead(values: Array, seconds: float) -> Array:
    """Mean (n,) over the next `seconds`, without the step itself and the one after it."""
    return np.asarray(_windows_ahead(values, seconds)[:, 2:].mean(1))


def _windows_ahead(values: Array, seconds: float) -> Array:
    return windows(values, 0, max(2, round(seconds / STEP)))
