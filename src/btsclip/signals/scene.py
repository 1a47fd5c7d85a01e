"""What the picture shows, as a network trained on photographs of all kinds of things sees it.

The network is EfficientNet-Lite0 at 192 pixels (see models/MODELS.md). Each channel of its last map
answers to some thing or material, and says where in the picture that is. Taken where something
moves, it tells what is being worked on; that is worth more than what the whole picture shows
(benchmarks/RESULTS.md). What the channels say of work is fitted (tools/fit_belief.py).
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

SIDE, CHANNELS, CELLS = 192, 1280, 6
# Speed in widths a second that each place of the picture is credited with, so that the whole
# picture counts where nothing moves.
STILL_SPEED = 0.002

# Makes what is kept of one look (k,) from its channels (2 * CHANNELS,).
Reading = Callable[[Array], Array]


def scene_map(image: Image) -> Array:
    """The network's last map (CHANNELS, CELLS, CELLS), 0..6, of an RGB picture (h, w, 3)."""
    pixels = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    network = load_network("efficientnet_lite0_192.map.f16.onnx")
    return np.asarray(network.run(((pixels - 127) / 128).transpose(2, 0, 1)[None])[0][0])


def scene_channels(seen: Array, motion: Motion | None) -> Array:
    """Each channel (2 * CHANNELS,) of the map `seen`: its mean over what moves by itself, and its
    largest value anywhere."""
    weight = motion_weight(motion).reshape(-1)
    cells = seen.reshape(CHANNELS, -1)
    return np.concatenate([cells @ (weight / weight.sum()), cells.max(1)]).astype(np.float32)


def motion_weight(motion: Motion | None) -> Array:
    """Mean speed by itself in each of the map's cells (CELLS, CELLS), in widths a second; never
    quite 0."""
    if motion is None:
        return np.full((CELLS, CELLS), STILL_SPEED)
    speed = cv2.magnitude(motion.flow[..., 0], motion.flow[..., 1])
    return np.asarray(cv2.resize(speed, (CELLS, CELLS), interpolation=cv2.INTER_AREA)) + STILL_SPEED


@dataclass(frozen=True)
class SceneHeads:
    """Linear readings of a look's channels, one row a name: `moving` (k, CHANNELS) weighs their
    means over what moves, `relative` (k, CHANNELS) their largest values, which count only as
    compared with the take's mean: what is in the picture all the time says nothing. `least` (k,)
    are the log-odds that nearly every look reaches which shows what the head is for."""

    names: tuple[str, ...]
    moving: Array
    relative: Array
    least: Array

    def read(self, channels: Array) -> Array:
        """What is kept of one look (2 * k,): log-odds, and what of them counts as compared with
        the take's mean."""
        relative = self.relative @ channels[CHANNELS:]
        return np.concatenate([self.moving @ channels[:CHANNELS] + relative, relative])

    def may_show(self, name: str, channels: Array) -> bool:
        """Whether one look may show what the head `name` is for."""
        at = self.names.index(name)
        return bool(self.read(channels)[at] >= self.least[at])


@cache
def scene_heads() -> SceneHeads:
    """The heads in the package, written by tools/fit_belief.py."""
    return SceneHeads(*_in_package("scene_heads.npz", "moving", "relative", "least"))


@dataclass(frozen=True)
class SceneThings:
    """Linear scores of things of kitchens, `weights` (k, CHANNELS) and `biases` (k,), of the means
    over what moves: 0 is what footage of kitchens has on average, 1 is one deviation more."""

    names: tuple[str, ...]
    weights: Array
    biases: Array

    def read(self, channels: Array) -> Array:
        """The scores (k,) of one look."""
        return np.asarray(self.weights @ channels[:CHANNELS] + self.biases)


@cache
def scene_things() -> SceneThings:
    """The things in the package, written by tools/make_things.py."""
    return SceneThings(*_in_package("scene_things.npz", "weights", "biases"))


def _in_package(file: str, *arrays: str) -> tuple[Any, ...]:
    """The names in an npz file of the package's models, and some of its `arrays`."""
    data = (resources.files("btsclip.models") / file).read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        names = tuple(str(name) for name in kept["names"])
        return names, *(kept[array].astype(np.float32) for array in arrays)


def read_scene(channels: Array) -> Array:
    """What is kept of one look (2 * heads + things,), by the heads and things in the package."""
    return np.concatenate([scene_heads().read(channels), scene_things().read(channels)])
