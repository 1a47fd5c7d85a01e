"""Color for the screen: bt709 in limited range, whatever the camera recorded."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path
from typing import Any

from btsclip.errors import ToolError
from btsclip.media import (
    LINEAR_PART,
    PEAK,
    REFERENCE_WHITE,
    Footage,
    ffmpeg_path,
    has_filter,
)
from btsclip.render import camera

# Untagged pictures of this height and more are bt709 and smaller ones bt601, as players assume.
MIN_HD_HEIGHT = 720
# H.273 numbers of the matrix of an untagged file, and of primaries.
UNTAGGED = 2
BT709 = 1
BT2020 = 9
# ffmpeg's names of matrices.
MATRICES = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020nc"}
# zscale's names of the primaries of SDR that are converted, by their H.273 numbers: those of PAL,
# NTSC, BT.2020 and Display P3.
OTHER_PRIMARIES = {5: "bt470bg", 6: "170m", 7: "240m", BT2020: "2020", 12: "smpte432"}
# How ffmpeg scales. Without rounding, another matrix makes colors up to 4 of 255 darker.
QUICK = "bicubic"
ROUNDED = "bicubic+accurate_rnd+full_chroma_int"
# Shares of red and blue in the luma of bt709.
RED_SHARE = 0.2126
BLUE_SHARE = 0.0722

log = logging.getLogger(__name__)


def tag_matrix(picture: Any, footage: Footage) -> Any:
    """Tag the picture with the color matrix that players assume, if its file has no tag."""
    if footage.matrix != UNTAGGED:
        return picture
    return picture.filter("setparams", colorspace=_own_matrix(footage))


def _own_matrix(footage: Footage) -> str:
    if footage.matrix in MATRICES:
        return MATRICES[footage.matrix]
    if footage.hdr or footage.primaries == BT2020:
        return "bt2020nc"
    return "bt709" if min(camera.coded_size(footage)) >= MIN_HD_HEIGHT else "smpte170m"


def working_matrix(footage: Footage) -> str:
    """ffmpeg's name of the matrix that pictures have before `to_bt709`."""
    return _own_matrix(footage) if keeps_colors(footage) else "bt709"


def keeps_colors(footage: Footage) -> bool:
    """Whether the picture keeps its own colors until `to_bt709` converts them in linear light: HDR,
    and SDR that was recorded for other primaries, if ffmpeg can convert them."""
    return bool(footage.hdr) or (footage.primaries in OTHER_PRIMARIES and has_filter("zscale"))


def scale_picture(picture: Any, width: int, height: int, footage: Footage) -> Any:
    """Scale the picture, and convert any SDR matrix and range to bt709 in limited range."""
    scaled = picture.filter("scale", width, height, **scale_options(footage))
    return scaled if keeps_colors(footage) else scaled.filter("format", "yuv420p")


def scale_options(footage: Footage) -> dict[str, str]:
    """Options of ffmpeg's scale filter that convert any SDR matrix and range to bt709."""
    if keeps_colors(footage):
        return {"flags": QUICK}
    flags = QUICK if _own_matrix(footage) == "bt709" else ROUNDED
    return {"flags": flags, "out_color_matrix": "bt709", "out_range": "tv"}


def to_bt709(picture: Any, footage: Footage) -> Any:
    """Map HLG, PQ and other primaries than bt709's to bt709, and tag the result.

    Raises ToolError for HDR with an ffmpeg that can't map it; other primaries are then left as they
    are, with a warning in the log.
    """
    if footage.hdr:
        picture = _map_hdr(picture, footage)
    elif keeps_colors(footage):
        picture = picture.filter(
            "zscale", transferin="709", primariesin=OTHER_PRIMARIES[footage.primaries],
            transfer="709", primaries="709", matrix="709", range="limited",
        ).filter("format", "yuv420p")  # fmt: skip
    elif footage.primaries in OTHER_PRIMARIES:
        _warn_of_colors(footage.path)
    return tag_bt709(picture)


def _map_hdr(picture: Any, footage: Footage) -> Any:
    """Map HLG and PQ to bt709.

    The mapping is done in linear light with reference white at 1.0 and compresses highlights only,
    so that the rest is as bright as in an SDR recording (hable darkens it by a third).
    """
    if not has_filter("zscale"):
        raise ToolError(
            ffmpeg_path(), f"has no filter zscale, which {footage.path.name} needs as HDR",
            "unset BTSCLIP_FFMPEG or set it to a full build",
        )  # fmt: skip
    is_hlg = footage.hdr == "hlg"
    light = picture.filter(
        "zscale", transferin="arib-std-b67" if is_hlg else "smpte2084", transfer="linear",
        primariesin="709" if footage.primaries == BT709 else "2020", primaries="709",
        # HLG's display gamma belongs to luminance. zscale's quick way applies it to each channel,
        # which makes strong colors stronger, by up to 49 of 255.
        npl=REFERENCE_WHITE, agamma=0 if is_hlg else 1,
    )  # fmt: skip
    mapped = light.filter("format", "gbrpf32le").filter(
        "tonemap", tonemap="mobius", param=LINEAR_PART, peak=PEAK, desat=0
    )
    picture = mapped.filter("zscale", transfer="709", matrix="709", range="limited")
    return picture.filter("format", "yuv420p")


@cache
def _warn_of_colors(path: Path) -> None:
    log.warning(
        "%s was recorded for other primaries; colors differ, as this ffmpeg has no filter zscale",
        path.name,
    )


def tag_bt709(picture: Any) -> Any:
    """Tag the picture as bt709 in limited range, without changing its pixels."""
    return picture.filter(
        "setparams", range="tv", color_primaries="bt709", color_trc="bt709", colorspace="bt709"
    )


def to_rgb(picture: Any) -> Any:
    """Convert the picture to RGB, rounded."""
    return picture.filter("scale", flags=ROUNDED).filter("format", "rgb24")


def yuv(color: str) -> tuple[int, int, int]:
    """The Y, U and V of a color #RRGGBB in bt709 and limited range.

    >>> yuv("#ffffff")
    (235, 128, 128)
    """
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    luma = RED_SHARE * red + (1 - RED_SHARE - BLUE_SHARE) * green + BLUE_SHARE * blue
    u, v = (blue - luma) / (2 * (1 - BLUE_SHARE)), (red - luma) / (2 * (1 - RED_SHARE))
    return round(16 + 219 * luma), round(128 + 224 * u), round(128 + 224 * v)
