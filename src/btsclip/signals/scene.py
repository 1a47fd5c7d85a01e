"""Read the scene of a picture with a network trained on photographs of all kinds of things.

The network is EfficientNet-Lite0 at 192 pixels (see models/MODELS.md). Each channel of its last map
responds to some thing or material, in the cells where it is. The channels in cells that move show
what is being worked on; they are worth more than the channels of the whole picture
(benchmarks/RESULTS.md). The weights of the channels are fitted (tools/fit_belief.py).
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.signals.motion import Motion
from btsclip.signals.networks import load_network

Image = NDArray[np.uint8]
Array = NDArray[np.floating[Any]]

# Side of the network's input in pixels, channels of its last map, and cells along its sides.
SIDE = 192
CHANNELS = 1280
CELLS = 6
# Speed in picture widths a second added to each cell, so that the whole picture counts where
# nothing moves.
STILL_SPEED = 0.002

# Makes the reading (k,) stored for a picture from its channels (2 * CHANNELS,).
Reading = Callable[[Array], Array]


def scene_map(image: Image) -> Array:
    """The network's last map (CHANNELS, CELLS, CELLS), 0..6, for an RGB picture (h, w, 3)."""
    pixels = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    network = load_network("efficientnet_lite0_192.map.f16.onnx")
    return np.asarray(network.run(((pixels - 127) / 128).transpose(2, 0, 1)[None])[0][0])


def scene_channels(last_map: Array, motion: Motion | None) -> Array:
    """Channels (2 * CHANNELS,) of a `scene_map`: the means weighted by motion, then the maxima."""
    weight = motion_weight(motion).reshape(-1)
    cells = last_map.reshape(CHANNELS, -1)
    return np.concatenate([cells @ (weight / weight.sum()), cells.max(1)]).astype(np.float32)


def motion_weight(motion: Motion | None) -> Array:
    """Mean speed in each cell of the map (CELLS, CELLS) without the camera's, in picture widths a
    second; at least STILL_SPEED."""
    if motion is None:
        return np.full((CELLS, CELLS), STILL_SPEED)
    speed = cv2.magnitude(motion.flow[..., 0], motion.flow[..., 1])
    return np.asarray(cv2.resize(speed, (CELLS, CELLS), interpolation=cv2.INTER_AREA)) + STILL_SPEED


@dataclass(frozen=True)
class SceneHeads:
    """Linear readings of a picture's channels, a row per name.

    `moving` (k, CHANNELS) weighs the means over motion. `relative` (k, CHANNELS) weighs the maxima,
    which count only in comparison with the take's mean: things that are always in the picture show
    nothing. `min_odds` (k,) are log-odds that nearly every picture of the named thing reaches.
    """

    names: tuple[str, ...]
    moving: Array
    relative: Array
    min_odds: Array

    def read(self, channels: Array) -> Array:
        """The reading (2 * k,) of one picture: log-odds, then their relative parts."""
        relative = self.relative @ channels[CHANNELS:]
        return np.concatenate([self.moving @ channels[:CHANNELS] + relative, relative])

    def may_show(self, name: str, channels: Array) -> bool:
        """Whether a picture with these `channels` may show the thing `name`."""
        index = self.names.index(name)
        return bool(self.read(channels)[index] >= self.min_odds[index])


@cache
def scene_heads() -> SceneHeads:
    """The heads in the package, as tools/fit_belief.py wrote them."""
    return SceneHeads(*_read_model("scene_heads.npz", "moving", "relative", "least"))


@dataclass(frozen=True)
class SceneThings:
    """Linear scores of kitchen things, from the channels' means over motion: `weights` (k,
    CHANNELS) and `biases` (k,). A score of 0 is the mean over kitchen footage, 1 a standard
    deviation more."""

    names: tuple[str, ...]
    weights: Array
    biases: Array

    def read(self, channels: Array) -> Array:
        """The scores (k,) of one picture."""
        return np.asarray(self.weights @ channels[:CHANNELS] + self.biases)


@cache
def scene_things() -> SceneThings:
    """The things in the package, as tools/make_things.py wrote them."""
    return SceneThings(*_read_model("scene_things.npz", "weights", "biases"))


def _read_model(file: str, *arrays: str) -> tuple[Any, ...]:
    """The array `names` of an npz file in the package's models folder, and its other `arrays`."""
    data = (resources.files("btsclip.models") / file).read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        names = tuple(str(name) for name in stored["names"])
        return names, *(stored[array].astype(np.float32) for array in arrays)


def read_scene(channels: Array) -> Array:
    """The reading (2 * heads + things,) of one picture, by the heads and things in the package."""
    return np.concatenate([scene_heads().read(channels), scene_things().read(channels)])
