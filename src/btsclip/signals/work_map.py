"""Work map: the probability that the hands, the blade or the spout is in each cell of a picture.

Camera people keep the work near the middle and in focus; it moves; hands are there, faces are not;
and the scene network reads signs of work there. Each of these is a clue, a figure per cell of the
picture. Their weights are fitted to marks set by eye (tools/fit_work_map.py).
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

# Cells across the picture, and down it.
MAP_SIDE = 24
# Seconds on either side over which clues are averaged.
AVERAGED_SECONDS = 1.0
# Blur in cells of motion, which counts as work farther around it, and of the other clues.
MOTION_BLUR = 2.5
CLUE_BLUR = 1.0
# Share of the probability that goes to the hands alone, in proportion to their speeds.
HANDS_SHARE = 0.2
# Speed in picture widths a second added to each hand, so that a hand at rest counts.
REST_SPEED = 0.03
# The usual height of work in the picture, from the top: a little below the middle.
USUAL_HEIGHT = 0.55


@dataclass(frozen=True)
class WorkSample:
    """Signs of work in each cell (MAP_SIDE, MAP_SIDE) of the frame at `time` in shot number `shot`.

    `speed` is motion without the camera's, in picture widths a second, `hands` the probability of
    hands, `moving_hands` the same weighted by speed, `faces` is 1 at faces, `sharp` the strength of
    edges, `scene` the log-odds of work by the scene network.
    """

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
        scene: Array,
    ) -> WorkSample:
        """The sample of an RGB `image` (h, w, 3): `hands` are boxes with their presence, `scene` is
        the scene network's map."""
        speed = np.zeros((MAP_SIDE, MAP_SIDE), np.float32)
        if motion:
            speed = _cell_means(np.hypot(motion.flow[..., 0], motion.flow[..., 1]))
        cells = [(cells_inside(box), presence) for box, presence in hands]
        zero = np.zeros((MAP_SIDE, MAP_SIDE), np.float32)
        moving = sum(
            (
                inside
                / inside.sum()
                * presence
                * ((speed * inside).sum() / inside.sum() + REST_SPEED)
                for inside, presence in cells
            ),
            zero,
        )
        process = scene_heads().moving[scene_heads().names.index("process")]
        return cls(
            time,
            shot,
            speed,
            np.asarray(sum((inside * presence for inside, presence in cells), zero)),
            np.asarray(moving),
            np.asarray(sum((cells_inside(box) for box in faces), zero)),
            _cell_means(np.abs(cv2.Laplacian(_grey(image), cv2.CV_32F))),
            np.asarray(
                cv2.resize(np.tensordot(process, scene, 1), (MAP_SIDE, MAP_SIDE)), np.float32
            ),
        )


def _cell_means(values: Array) -> Array:
    """Means of `values` (h, w) over each cell (MAP_SIDE, MAP_SIDE)."""
    return np.asarray(
        cv2.resize(values.astype(np.float32), (MAP_SIDE, MAP_SIDE), interpolation=cv2.INTER_AREA)
    )


def cells_inside(box: Box) -> Array:
    """1 for each cell (MAP_SIDE, MAP_SIDE) whose middle is in `box`, else 0; at least one 1."""
    size = (max(length, 1 / MAP_SIDE + 1e-6) for length in box[2:])
    rows, columns = cells_within((*box[:2], *size), (MAP_SIDE, MAP_SIDE))
    inside = (rows[:, None] & columns).astype(np.float32)
    if not inside.any():
        x, y = (min(MAP_SIDE - 1, max(0, int(box[k] * MAP_SIDE))) for k in (0, 1))
        inside[y, x] = 1.0
    return inside


def work_clues(samples: Sequence[WorkSample]) -> dict[str, Array]:
    """Clues by name, (n, MAP_SIDE, MAP_SIDE) each, averaged over AVERAGED_SECONDS in each shot."""
    times, shots = (np.array([getattr(item, key) for item in samples]) for key in ("time", "shot"))
    same_shot = shots[:, None] == shots[None, :]
    near = same_shot & (np.abs(times[:, None] - times[None, :]) <= AVERAGED_SECONDS + 1e-6)

    def mean(name: str, among: NDArray[np.bool_] = near) -> Array:
        values = np.stack([getattr(item, name) for item in samples]).reshape(len(samples), -1)
        share = among / among.sum(1, keepdims=True)
        return np.asarray((share @ values).reshape(-1, MAP_SIDE, MAP_SIDE))

    speed, sharp, scene = mean("speed"), mean("sharp"), mean("scene")
    middles = (np.arange(MAP_SIDE) + 0.5) / MAP_SIDE
    flat = np.zeros_like(speed)
    return {
        "across": flat - 4 * (middles - 0.5)[None, :] ** 2,
        "down": flat - 4 * (middles - USUAL_HEIGHT)[:, None] ** 2,
        "motion": np.log1p(_blur(_relative(np.minimum(speed, 1.0)), MOTION_BLUR)),
        "hands": _blur(mean("hands"), CLUE_BLUR),
        "faces": mean("faces", same_shot),
        "sharp": np.log1p(_blur(_relative(sharp), CLUE_BLUR)),
        "scene": scene - scene.mean((1, 2), keepdims=True),
        "moving_hands": mean("moving_hands"),
    }


def work_maps(samples: Sequence[WorkSample]) -> Array:
    """The work maps (n, MAP_SIDE, MAP_SIDE) of `samples`; the sum of each map is 1."""
    if not samples:
        return np.zeros((0, MAP_SIDE, MAP_SIDE), np.float32)
    clues = work_clues(samples)
    odds = np.sum([weight * clues[name] for name, weight in clue_weights().items()], axis=0)
    belief = softmax(np.asarray(odds))
    return np.asarray(add_hands(belief, clues["moving_hands"]), np.float32)


def add_hands(belief: Array, hands: Array) -> Array:
    """Give HANDS_SHARE of each map of `belief` (n, h, w) to `hands` (n, h, w), if it has any."""
    total = hands.sum((1, 2), keepdims=True)
    share = np.where(total > 0, HANDS_SHARE, 0.0)
    return np.asarray((1 - share) * belief + share * hands / np.maximum(total, 1e-9))


def softmax(odds: Array) -> Array:
    """Probabilities (n, h, w), with the sum 1 per map, of log-odds (n, h, w)."""
    powers = np.exp(odds - odds.max((1, 2), keepdims=True))
    return np.asarray(powers / powers.sum((1, 2), keepdims=True))


@cache
def clue_weights() -> dict[str, float]:
    """The log-odds that each clue adds, as tools/fit_work_map.py wrote them."""
    text = (resources.files("btsclip.signals") / "work_map.json").read_text("utf-8")
    fitted: dict[str, float] = json.loads(text)["weights"]
    return fitted


def _grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def _relative(values: Array) -> Array:
    """`values` (n, h, w) over the mean of each picture."""
    return np.asarray(values / (values.mean((1, 2), keepdims=True) + 1e-6))


def _blur(values: Array, cells: float) -> Array:
    return np.stack([cv2.GaussianBlur(v.astype(np.float32), (0, 0), cells) for v in values])
