"""Colours on the way to the screen: bt709 in limited range, from whatever the camera wrote."""

from __future__ import annotations

from typing import Any

from btsclip.media.footage import Footage
from btsclip.render import camera

# Luminance in nits that becomes the full white of SDR (HDR reference white, ITU-R BT.2408).
REFERENCE_WHITE = 203
# Brightest light worth keeping, 1000 nits as most HDR is graded, in units of reference white.
PEAK = 1000 / REFERENCE_WHITE
# Light up to this part of reference white is kept as it is; what is brighter is rolled off.
LINEAR_PART = 0.6
# Without a tag, pictures from this height on are bt709 and smaller ones bt601, as players assume.
HD_HEIGHT = 720
UNTAGGED = 2
# Shares of red and blue in the brightness of bt709.
RED, BLUE = 0.2126, 0.0722


def with_matrix(picture: Any, footage: Footage) -> Any:
    """The picture, told which colour matrix it has where its file names none."""
    if footage.matrix != UNTAGGED or footage.hdr:
        return picture
    hd = min(camera.coded_size(footage)) >= HD_HEIGHT
    return picture.filter("setparams", colorspace="bt709" if hd else "smpte170m")


def scaled(picture: Any, width: int, height: int, footage: Footage) -> Any:
    """Scales, and on the way turns any SDR matrix and range into bt709 limited range."""
    if footage.hdr:
        return picture.filter("scale", width, height, flags="bicubic")
    return picture.filter(
        "scale", width, height, flags="bicubic", out_color_matrix="bt709", out_range="tv"
    ).filter("format", "yuv420p")


def color_options(picture: Any, footage: Footage) -> Any:
    """Maps HLG and PQ to bt709 and tags the result.

    In linear light with reference white at 1.0; only highlights are rolled off, so that the rest
    keeps the brightness it has on an SDR recording (hable darkens it by a third).
    """
    if footage.hdr:
        transfer = "arib-std-b67" if footage.hdr == "hlg" else "smpte2084"
        picture = (
            picture.filter(
                "zscale", transferin=transfer, matrixin="2020_ncl", primariesin="2020",
                transfer="linear", npl=REFERENCE_WHITE,
            )
            .filter("format", "gbrpf32le")
            .filter("zscale", primaries="bt709")
            .filter("tonemap", tonemap="mobius", param=LINEAR_PART, peak=PEAK, desat=0)
            .filter("zscale", transfer="bt709", matrix="bt709", range="limited")
            .filter("format", "yuv420p")
        )  # fmt: skip
    return tagged(picture)


def tagged(picture: Any) -> Any:
    return picture.filter(
        "setparams", range="tv", color_primaries="bt709", color_trc="bt709", colorspace="bt709"
    )


def yuv(colour: str) -> tuple[int, int, int]:
    """#RRGGBB in bt709 of limited range: brightness and the two differences of colour."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    luma = RED * red + (1 - RED - BLUE) * green + BLUE * blue
    u, v = (blue - luma) / (2 * (1 - BLUE)), (red - luma) / (2 * (1 - RED))
    return round(16 + 219 * luma), round(128 + 224 * u), round(128 + 224 * v)
