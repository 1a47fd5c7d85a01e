"""HDR and wide colors as a bt709 screen shows them, on small pictures in memory.

Clips are mapped by ffmpeg (`render.color`) with the same curve; here it takes a few milliseconds a
picture, so that analysis, contact sheets and timelines see what the viewer will see.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from btsclip.media.footage import Footage

# Luminance in nits that becomes the full white of SDR (HDR reference white, ITU-R BT.2408).
REFERENCE_WHITE = 203
# Brightest light that is kept, in units of reference white: most HDR is graded to 1000 nits.
PEAK = 1000 / REFERENCE_WHITE
# Light up to this share of reference white is kept as it is; brighter light is compressed.
LINEAR_PART = 0.6
# Gamma of SDR screens (BT.1886), and of HLG on a screen of 1000 nits (BT.2100).
SDR_GAMMA = 2.4
HLG_GAMMA = 1.2
# Linear R, G and B of bt709 from those of BT.2020 (BT.2407) and Display P3, by H.273 number.
TO_BT709 = {
    9: ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187)),
    12: ((1.2249, -0.2247, 0.0), (-0.0420, 1.0419, 0.0), (-0.0197, -0.0786, 1.0979)),
}
LUMA_2020 = ((0.2627, 0.6780, 0.0593),)

Light = NDArray[np.float32]


def as_shown(pixels: NDArray[np.uint8], footage: Footage) -> NDArray[np.uint8]:
    """RGB pixels (h, w, 3) of the footage in the colors of a bt709 screen."""
    primaries = 9 if footage.hdr and footage.primaries != 1 else footage.primaries
    if not footage.hdr and primaries not in TO_BT709:
        return pixels
    light: Any = cv2.LUT(pixels, _light_of_codes(footage.hdr))
    if footage.hdr == "hlg":
        luma = cv2.transform(light, np.array(LUMA_2020, np.float32))
        light *= PEAK * cv2.pow(luma, HLG_GAMMA - 1)[..., None]
    if primaries in TO_BT709:
        light = cv2.transform(light, np.array(TO_BT709[primaries], np.float32))
    if footage.hdr:
        light *= _compression(light)[..., None]
    # By the root of light, since codes change fastest where it is dark.
    steps = (len(_codes_of_roots()) - 1) * np.sqrt(np.clip(light, 0.0, 1.0))
    codes: NDArray[np.uint8] = np.take(_codes_of_roots(), steps.astype(np.intp))
    return codes


@cache
def _codes_of_roots() -> NDArray[np.uint8]:
    """The code of light, by its square root: a table is several times faster than the power."""
    return np.round(255 * np.linspace(0, 1, 4096) ** (2 / SDR_GAMMA)).astype(np.uint8)


@cache
def _light_of_codes(hdr: str | None) -> Light:
    """Linear light (256, 1) of codes: of the scene for HLG, else in units of reference white."""
    code = np.arange(256) / 255
    if hdr == "hlg":
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
        return np.asarray(scene[:, None], np.float32)
    if hdr == "pq":
        m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
        power = code ** (1 / m2)
        nits = 10_000 * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)
        return np.asarray(nits[:, None] / REFERENCE_WHITE, np.float32)
    return np.asarray(code[:, None] ** SDR_GAMMA, np.float32)


def _compression(light: Light) -> Light:
    """The factor (h, w) that compresses highlights of `light` (h, w, 3): ffmpeg's mobius curve of
    the brightest color, which is a straight line up to LINEAR_PART and 1 at PEAK."""
    j, peak = LINEAR_PART, PEAK
    a = -(j**2) * (peak - 1) / (j**2 - 2 * j + peak)
    b = (j**2 - 2 * j * peak + peak) / (peak - 1)
    gain = (b * b + 2 * b * j + j * j) / (b - a)
    brightest = np.maximum(np.maximum(light[..., 0], light[..., 1]), light[..., 2])
    bright = np.maximum(brightest, j)
    factor = gain * (bright + a) / ((bright + b) * bright)
    return np.asarray(np.where(brightest > j, factor, 1.0), np.float32)
