"""Small mishaps: something falls, breaks, spills or flares up. They are kept, not cut away."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from btsclip.intervals import ramp, windows
from btsclip.moments.belief import shot_edges
from btsclip.signals.model import STEP, Array, Signals, near

# Seconds shown before the mishap, after it, and at most after it where it is put right later.
LOOK_BACK, RECOVERY, LONGEST_RECOVERY = 2.0, 4.5, 8.0
# It is put right when hands are at it or work goes on for this many seconds, no wilder than this
# many times what was usual before; so much of that is shown.
SETTLED, WILD, SHOWN = 1.0, 2.5, 1.5
# Evidence, 0..1, from which on it is a mishap; two within this many seconds are one.
SURE, APART = 0.5, 3.0
# Seconds before by which a sudden change is told.
BEFORE = 3.0


@dataclass(frozen=True)
class Mishap:
    """What happened at `time`, shown from `start` to `end`, all in seconds.

    `sign` is the strongest evidence (clatter, jerk or flare), `strength` is 0..1. `recovery` is how
    many seconds later it is put right and work goes on; None where that is not seen.
    """

    time: float
    start: float
    end: float
    sign: str
    strength: float
    recovery: float | None = None


def find_mishaps(signals: Signals, belief: Array, duration: float) -> list[Mishap]:
    """Mishaps in the order of time, at work or just beside it. `belief` (n,) is that in work."""
    signs = mishap_signs(signals)
    names = list(signs)
    strength = np.stack([signs[name] for name in names])
    voice = _soon_after(signals.voice, 2.0)
    working = near(belief, 3.0) >= 0.5
    total = np.where(working, np.minimum(1.0, strength.max(0) + 0.15 * (voice > 0.6)), 0.0)
    found: list[Mishap] = []
    for at in np.argsort(-total, kind="stable"):
        if total[at] < SURE:
            break
        time = float(signals.times[at])
        if any(abs(time - other.time) < APART for other in found):
            continue
        recovery = _recovery(signals, belief, int(at))
        start, end = _reach(signals, int(at), duration, recovery)
        sign = names[int(strength[:, at].argmax())]
        found.append(Mishap(time, start, end, sign, round(float(total[at]), 3), recovery))
    return sorted(found, key=lambda mishap: mishap.time)


def mishap_signs(signals: Signals) -> dict[str, Array]:
    """Evidence (n,), 0..1, by sign.

    clatter: a crash beyond the work's own noise, while something moves; jerk: everything moves at
    once, far more than before, and then rests; flare: fire where there was none a moment ago, not
    food that a camera comes upon. The last two are told from dense frames alone.
    """
    borders = _at_borders(signals)
    sudden = signals.motion / (_recent(signals.motion, signals, np.median) + 0.05)
    moves = near(signals.motion, 0.75)
    calm_after = 1 - ramp(_soon_after_mean(signals.motion, 2.0), 0.1, 0.4)
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
            _young(signals) | ~signals.dense, 0, ramp(lit, 0.04, 0.12) * still
        ),
    }  # fmt: skip


def _recovery(signals: Signals, belief: Array, at: int) -> float | None:
    """Seconds from the mishap until it is put right; None where that is not seen in time."""
    lasting, most = round(SETTLED / STEP), round(LONGEST_RECOVERY / STEP)
    first, last = max(0, at - round(BEFORE / STEP)), min(len(belief), at + most)
    border = min((b for b in signals.borders if b > signals.times[at] + STEP), default=np.inf)
    usual = float(np.median(signals.motion[first : at + 1]))
    calm = signals.motion <= WILD * max(usual, 0.05)
    fine = calm & ((signals.hands > 0) | (belief >= SURE)) & (signals.times < border)
    for step in range(at + 1, last - lasting + 1):
        if fine[step : step + lasting].all():
            return round(float(signals.times[step] - signals.times[at]), 3)
    return None


def _reach(
    signals: Signals, at: int, duration: float, recovery: float | None
) -> tuple[float, float]:
    """From a little before the mishap to after the recovery, within its shot."""
    time = float(signals.times[at])
    shot = [0.0, *signals.borders, duration]
    low = max(border for border in shot if border <= time + STEP)
    high = min((border for border in shot if border > time + STEP), default=duration)
    after = RECOVERY if recovery is None else max(RECOVERY, recovery + SHOWN)
    return max(low, time - LOOK_BACK), min(high, time + after)


def _at_borders(signals: Signals) -> np.ndarray:
    """True within half a second of a shot border: all changes there, and nothing happened."""
    near = np.zeros(len(signals.times), bool)
    for border in (0.0, *signals.borders):
        near |= np.abs(signals.times - border) <= 0.5
    return near


def _young(signals: Signals) -> np.ndarray:
    """True in a shot's first seconds: how bright it is without a flare is not known yet."""
    starts = np.array([0.0, *signals.borders])
    began = starts[np.searchsorted(starts, signals.times + 0.5, side="right") - 1]
    return np.asarray((signals.times - began < BEFORE / 2) | _at_borders(signals))


def _recent(values: Array, signals: Signals, of: Callable[..., Array], gap: float = 0.0) -> Array:
    """Median or maximum (n,) `of` the BEFORE seconds that end `gap` seconds ago, in the shot."""
    width, late = round(BEFORE / STEP), round(gap / STEP)
    result = np.array(values, float)
    for first, last in itertools.pairwise(shot_edges(signals)):
        before = windows(values[first:last], width + late, -1 - late)
        result[first:last] = of(before, axis=1)
    return result


def _soon_after(values: Array, seconds: float) -> Array:
    """Largest value (n,) within the next `seconds`."""
    return np.asarray(_ahead(values, seconds).max(1))


def _soon_after_mean(values: Array, seconds: float) -> Array:
    """Mean value (n,) of the next `seconds`, the one at the time itself left out."""
    return np.asarray(_ahead(values, seconds)[:, 2:].mean(1))


def _ahead(values: Array, seconds: float) -> Array:
    return windows(values, 0, max(2, round(seconds / STEP)))
