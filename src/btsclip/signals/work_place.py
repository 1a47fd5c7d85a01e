"""Where in the picture the work is: in each place, how likely the hands, the blade or the spout is
there.

Camera people keep the work near the middle and in focus; it moves; hands are seen there, faces are
not; and the scene network sees there what it knows of work. Each of these is a clue, a figure for
each place of the picture, and their weights are fitted to marks that were set by eye
(tools/fit_work_place.py).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import Box, cells_within
from btsclip.signals.motion import Motion
from btsclip.signals.scene import scene_heads

Array = NDArray[np.floating[Any]]

# Places across the picture, and as many down it.
PLACES = 24
# Seconds on either side over which clues are averaged.
NEAR = 1.0
# Where motion counts as work: about this many places away; the other clues reach less far.
FAR_BLUR, NEAR_BLUR = 2.5, 1.0
# Share of the belief that goes to the hands alone, each as it moves; one at rest counts this many
# widths a second.
HANDS_SHARE, HOLDING = 0.2, 0.03
# Height of the place that work has most often, from the top: a little below the middle.
USUAL_HEIGHT = 0.55


@dataclass(frozen=True)
class PlaceLook:
    """What one look at `time` shows in each place (PLACES, PLACES); `shot` numbers its shot.
    `speed` is what moves by itself in widths a second, `hands` and `faces` how sure either is to
    be there, `moving_hands` the same by their speed, `sharp` the strength of edges, and `scene` the
    log-odds of work that the scene network gives."""

    time: float
    shot: int
    speed: Array
    hands: Array
    moving_hands: Array
    faces: Array
    sharp: Array
    scene: Array

    @classmethod
    def of(
        cls,
        time: float,
        shot: int,
        image: NDArray[np.uint8],
        motion: Motion | None,
        hands: Sequence[tuple[Box, float]],
        faces: Sequence[Box],
        seen: Array,
    ) -> PlaceLook:
        """A look at an RGB `image` (h, w, 3): `hands` with their presence, and the scene network's
        map `seen`."""
        speed = np.zeros((PLACES, PLACES), np.float32)
        if motion:
            speed = mean_by_place(np.hypot(motion.flow[..., 0], motion.flow[..., 1]))
        boxes = [(places_inside(box), presence) for box, presence in hands]
        none = np.zeros((PLACES, PLACES), np.float32)
        moving = sum(
            (
                box / box.sum() * presence * ((speed * box).sum() / box.sum() + HOLDING)
                for box, presence in boxes
            ),
            none,
        )
        process = scene_heads().moving[scene_heads().names.index("process")]
        return cls(
            time,
            shot,
            speed,
            np.asarray(sum((box * presence for box, presence in boxes), none)),
            np.asarray(moving),
            np.asarray(sum((places_inside(box) for box in faces), none)),
            mean_by_place(np.abs(cv2.Laplacian(_grey(image), cv2.CV_32F))),
            np.asarray(cv2.resize(np.tensordot(process, seen, 1), (PLACES, PLACES)), np.float32),
        )


def mean_by_place(values: Array) -> Array:
    """Means of `values` (h, w) over each place (PLACES, PLACES)."""
    return np.asarray(
        cv2.resize(values.astype(np.float32), (PLACES, PLACES), interpolation=cv2.INTER_AREA)
    )


def places_inside(box: Box) -> Array:
    """1 for each place (PLACES, PLACES) whose middle is in `box`, else 0; one place at least."""
    size = (max(length, 1 / PLACES + 1e-6) for length in box[2:])
    rows, columns = cells_within((*box[:2], *size), (PLACES, PLACES))
    within = (rows[:, None] & columns).astype(np.float32)
    if not within.any():
        x, y = (min(PLACES - 1, max(0, int(box[k] * PLACES))) for k in (0, 1))
        within[y, x] = 1.0
    return within


def place_clues(looks: Sequence[PlaceLook]) -> dict[str, Array]:
    """Each clue at each look (n, PLACES, PLACES), taken over the looks near it in its shot."""
    times, shots = (np.array([getattr(look, key) for look in looks]) for key in ("time", "shot"))
    same = shots[:, None] == shots[None, :]
    near = same & (np.abs(times[:, None] - times[None, :]) <= NEAR + 1e-6)

    def mean(name: str, among: NDArray[np.bool_] = near) -> Array:
        values = np.stack([getattr(look, name) for look in looks]).reshape(len(looks), -1)
        share = among / among.sum(1, keepdims=True)
        return np.asarray((share @ values).reshape(-1, PLACES, PLACES))

    speed, sharp, scene = mean("speed"), mean("sharp"), mean("scene")
    middles = (np.arange(PLACES) + 0.5) / PLACES
    flat = np.zeros_like(speed)
    return {
        "across": flat - 4 * (middles - 0.5)[None, :] ** 2,
        "down": flat - 4 * (middles - USUAL_HEIGHT)[:, None] ** 2,
        "motion": np.log1p(_blurred(_compared(np.minimum(speed, 1.0)), FAR_BLUR)),
        "hands": _blurred(mean("hands"), NEAR_BLUR),
        "faces": mean("faces", same),
        "sharp": np.log1p(_blurred(_compared(sharp), NEAR_BLUR)),
        "scene": scene - scene.mean((1, 2), keepdims=True),
        "moving_hands": mean("moving_hands"),
    }


def work_places(looks: Sequence[PlaceLook]) -> Array:
    """How likely the work is in each place (n, PLACES, PLACES) at each look; the sum of each is
    1."""
    if not looks:
        return np.zeros((0, PLACES, PLACES), np.float32)
    found = place_clues(looks)
    odds = np.sum([weight * found[name] for name, weight in clue_weights().items()], axis=0)
    belief = softmax(np.asarray(odds))
    return np.asarray(add_hands(belief, found["moving_hands"]), np.float32)


def add_hands(belief: Array, hands: Array) -> Array:
    """`belief` (n, h, w) of which HANDS_SHARE goes to `hands` (n, h, w), where some are seen."""
    total = hands.sum((1, 2), keepdims=True)
    share = np.where(total > 0, HANDS_SHARE, 0.0)
    return np.asarray((1 - share) * belief + share * hands / np.maximum(total, 1e-9))


def softmax(odds: Array) -> Array:
    """Shares (n, h, w) of each place, whose sum is 1, of log-odds (n, h, w)."""
    powers = np.exp(odds - odds.max((1, 2), keepdims=True))
    return np.asarray(powers / powers.sum((1, 2), keepdims=True))


@cache
def clue_weights() -> dict[str, float]:
    """Log-odds that each clue adds, written by tools/fit_work_place.py."""
    text = (resources.files("btsclip.signals") / "work_place.json").read_text("utf-8")
    fitted: dict[str, float] = json.loads(text)["weights"]
    return fitted


def _grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def _compared(values: Array) -> Array:
    """`values` (n, h, w) compared with the mean of each picture."""
    return np.asarray(values / (values.mean((1, 2), keepdims=True) + 1e-6))


def _blurred(values: Array, places: float) -> Array:
    return np.stack([cv2.GaussianBlur(v.astype(np.float32), (0, 0), places) for v in values])
