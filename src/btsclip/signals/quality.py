"""Sharpness, brightness and color of a picture, and its thumbnail."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import Box, corners, nearest_pixels

# Width and height of a thumbnail in pixels.
THUMB_SIZE = (16, 9)
# Standard deviation, in gray levels, below which a thumbnail shows nothing.
MIN_DETAIL = 3.0


def sharpness(image: NDArray[np.uint8]) -> float:
    """Focus of an RGB picture (h, w, 3): variance of the Laplacian over variance of the grey.

    The ratio does not depend on contrast. About 0.002 is out of focus, above 0.01 is sharp
    (variance of the Laplacian as a focus measure: Pech-Pacheco et al., 2000).
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
    """Share of an RGB picture (h, w, 3) that is as red as blood, within `box` (cx, cy, w, h in
    fractions) widened by half its size on each side. Tomatoes are as red; skin is paler."""
    height, width = image.shape[:2]
    x0, y0, x1, y1 = nearest_pixels(np.clip(corners(box, 0.5), 0, 1), image.shape)
    part = np.ascontiguousarray(image[y0:y1, x0:x1])
    if not part.size:
        return 0.0
    hue, saturation, value = cv2.split(cv2.cvtColor(part, cv2.COLOR_RGB2HSV))
    red = ((hue <= 6) | (hue >= 174)) & (saturation >= 160) & (value >= 50)
    return float(np.count_nonzero(red)) / float(height * width)


def thumbnail(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture as 16x9 grey pixels (9, 16)."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, THUMB_SIZE, interpolation=cv2.INTER_AREA), np.uint8)


def likeness(a: NDArray[np.floating[Any]], b: NDArray[np.floating[Any]]) -> float:
    """Likeness of two thumbnails (9, 16), -1..1, whatever their brightness and contrast."""
    flat = [float(picture.std()) < MIN_DETAIL for picture in (a, b)]
    if any(flat):
        return 1.0 if all(flat) else 0.0
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])
