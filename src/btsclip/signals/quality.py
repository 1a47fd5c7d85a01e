"""How sharp and how bright a picture is, and a thumbnail to tell pictures apart by."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import Box, corners, nearest_pixels

THUMB = (16, 9)


def sharpness(image: NDArray[np.uint8]) -> float:
    """Variance of the Laplacian over the grey variance: a figure of focus free of contrast.

    `image` is RGB (h, w, 3). About 0.002 is out of focus, above 0.01 is crisp (variance of the
    Laplacian as a focus measure: Pech-Pacheco et al., 2000).
    """
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return float(cv2.Laplacian(grey, cv2.CV_32F).var() / (grey.var() + 25.0))


def exposure(image: NDArray[np.uint8]) -> float:
    """Mean brightness of an RGB picture, 0 (black) to 1 (white)."""
    return float(image.mean()) / 255


def glow(image: NDArray[np.uint8]) -> float:
    """Share of an RGB picture (h, w, 3) that shines like fire: bright, red over green over blue."""
    red, green, blue = (image[..., i].astype(np.int16) for i in range(3))
    return float(((red > 200) & (red > green + 20) & (green > blue + 40)).mean())


def blood_red(image: NDArray[np.uint8], box: Box) -> float:
    """Share of an RGB picture (h, w, 3) that is as red as blood, in `box` (cx, cy, w, h in
    fractions) widened by half of it on each side. Tomatoes are, too; skin is paler."""
    high, wide = image.shape[:2]
    x0, y0, x1, y1 = nearest_pixels(np.clip(corners(box, 0.5), 0, 1), image.shape)
    part = np.ascontiguousarray(image[y0:y1, x0:x1])
    if not part.size:
        return 0.0
    hue, saturation, value = cv2.split(cv2.cvtColor(part, cv2.COLOR_RGB2HSV))
    red = ((hue <= 6) | (hue >= 174)) & (saturation >= 160) & (value >= 50)
    return float(np.count_nonzero(red)) / float(high * wide)


def thumbnail(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture as 16x9 grey pixels (9, 16)."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, THUMB, interpolation=cv2.INTER_AREA), np.uint8)
