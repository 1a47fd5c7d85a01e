"""What stands out of a still picture: a plate on a counter, a pan on a stove.

After the boundary prior of Wei, Wen, Zhu and Sun, "Geodesic saliency using background priors" (ECCV
2012): what runs along the picture's edges is likely its background, so that places are salient
by how little their colour is like that of any edge.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

# Longer side in pixels of the picture that is looked at, and the blur in such pixels: things, not
# textures.
SIDE, BLUR = 64, 1.5
# Depth of an edge, as a share of the picture's side.
EDGE = 0.06
# Distance in CIE Lab below which a colour is that of the edge.
SAME_COLOUR = 12.0

Array = NDArray[np.floating[Any]]


def salience(image: NDArray[np.uint8]) -> Array:
    """How much each place of the RGB `image` (h, w, 3) stands out, in a small picture (m, n); 0
    for what looks like one of the edges."""
    scale = SIDE / max(image.shape[:2])
    size = [max(8, round(side * scale)) for side in image.shape[1::-1]]
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    lab = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2Lab), (0, 0), BLUR)
    high, wide = (max(1, round(side * EDGE)) for side in lab.shape[:2])
    edges = [lab[:high], lab[-high:], lab[:, :wide], lab[:, -wide:]]
    colours = [np.median(edge.reshape(-1, 3), axis=0) for edge in edges]
    distance = np.min([np.linalg.norm(lab - colour, axis=-1) for colour in colours], axis=0)
    return np.asarray(np.maximum(distance - SAME_COLOUR, 0.0))
