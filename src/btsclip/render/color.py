"""Color for the screen: bt709 in limited range, whatever the camera recorded."""

from __future__ import annotations

from typing import Any

from btsclip.media import Footage
from btsclip.render import camera

# Luminance in nits that becomes the full white of SDR (HDR reference white, ITU-R BT.2408).
REFERENCE_WHITE = 203
# Brightest light that is kept, in units of reference white: most HDR is graded to 1000 nits.
PEAK = 1000 / REFERENCE_WHITE
# Light up to this share of reference white is kept as it is; brighter light is compressed.
LINEAR_PART = 0.6
# Untagged pictures of this height and more are bt709 and smaller ones bt601, as players assume.
MIN_HD_HEIGHT = 720
# The matrix number of an untagged file (H.273).
UNTAGGED = 2
# Shares of red and blue in the luma of bt709.
RED_SHARE = 0.2126
BLUE_SHARE = 0.0722


def tag_matrix(picture: Any, footage: Footage) -> Any:
    """Tag the picture with the color matrix that players assume, if its file has no tag."""
    if footage.matrix != UNTAGGED or footage.hdr:
        return picture
    is_hd = min(camera.coded_size(footage)) >= MIN_HD_HEIGHT
    return picture.filter("setparams", colorspace="bt709" if is_hd else "smpte170m")


def scale_picture(picture: Any, width: int, height: int, footage: Footage) -> Any:
    """Scale the picture, and convert any SDR matrix and range to bt709 in limited range."""
    scaled = picture.filter("scale", width, height, **scale_options(footage))
    return scaled if footage.hdr else scaled.filter("format", "yuv420p")


def scale_options(footage: Footage) -> dict[str, str]:
    """Options of ffmpeg's scale filter that convert any SDR matrix and range to bt709."""
    sdr = {} if footage.hdr else {"out_color_matrix": "bt709", "out_range": "tv"}
    return {"flags": "bicubic", **sdr}


def to_bt709(picture: Any, footage: Footage) -> Any:
    """Map HLG and PQ to bt709, and tag the result.

    The mapping is done in linear light with reference white at 1.0 and compresses highlights only,
    so that the rest is as bright as in an SDR recording (hable darkens it by a third).
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
    return tag_bt709(picture)


def tag_bt709(picture: Any) -> Any:
    """Tag the picture as bt709 in limited range, without changing its pixels."""
    return picture.filter(
        "setparams", range="tv", color_primaries="bt709", color_trc="bt709", colorspace="bt709"
    )


def yuv(color: str) -> tuple[int, int, int]:
    """The Y, U and V of a color #RRGGBB in bt709 and limited range.

    >>> yuv("#ffffff")
    (235, 128, 128)
    """
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    luma = RED_SHARE * red + (1 - RED_SHARE - BLUE_SHARE) * green + BLUE_SHARE * blue
    u, v = (blue - luma) / (2 * (1 - BLUE_SHARE)), (red - luma) / (2 * (1 - RED_SHARE))
    return round(16 + 219 * luma), round(128 + 224 * u), round(128 + 224 * v)
