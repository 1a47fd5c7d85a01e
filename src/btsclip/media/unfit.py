"""Recognize videos that another program must convert first: camera raw and 360 video."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from btsclip.errors import UnfitError
from btsclip.media import camera_names

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

# FFmpeg's number of the projection of a flat picture (libavutil/spherical.h).
RECTILINEAR = 4
# Range of width / height of a picture from one fisheye lens, and from two side by side.
ONE_LENS_RATIO = (0.95, 1.05)
TWO_LENSES_RATIO = (1.7, 2.1)
# Height in pixels of the small picture for finding lenses.
LENS_SIDE = 64
# Gray level (0 to 255) below which a pixel is black.
MAX_BLACK = 24
# Shares of black pixels outside and inside the circle of a lens.
MIN_BLACK_OUTSIDE = 0.99
MAX_BLACK_INSIDE = 0.5


@dataclass(frozen=True)
class UnfitKind:
    """Why a kind of video can't be cut, and what to do about it."""

    cause: str
    cure: str

    def error(self, path: Path) -> UnfitError:
        """The error for the file at `path`."""
        return UnfitError(path, self.cause, self.cure)


RAW = UnfitKind("is camera raw, not a finished picture", "export it as ProRes or H.264 first")
SPHERE = UnfitKind("is a 360 picture, not a flat one", "export a flat picture from it first")
# Causes that are sure for a file of any name.
CAUSES = {RAW.cause, SPHERE.cause}


def unfit_name(path: Path) -> UnfitKind | None:
    """The kind of an unsupported file, by the suffix of its name; None for other files."""
    if camera_names.matches_suffix(path.suffix, camera_names.RAW):
        return RAW
    return SPHERE if camera_names.matches_suffix(path.suffix, camera_names.SPHERES) else None


def unfit_picture(frame: VideoFrame) -> UnfitKind | None:
    """The kind of an unsupported video, by a decoded picture; None for other videos."""
    if frame.format.name.startswith("bayer"):
        return RAW
    return SPHERE if _is_spherical(frame) or shows_lenses(frame) else None


def _is_spherical(frame: VideoFrame) -> bool:
    """Whether the metadata of the file declares a projection other than flat."""
    # PyAV ends the process with the color profile of a PNG picture. No 360 camera writes RGB.
    if not frame.format.name.startswith("yuv"):
        return False
    try:
        # PyAV's types declare one item here; it is a mapping of all items.
        side_data: Any = frame.side_data
        spherical = side_data.get("SPHERICAL")
    except ValueError:
        # Metadata that are newer than PyAV.
        return False
    if spherical is None:
        return False
    return int.from_bytes(bytes(spherical)[:4], sys.byteorder) != RECTILINEAR


def shows_lenses(frame: VideoFrame) -> bool:
    """Whether a picture comes from one fisheye lens, or two side by side: round, on black."""
    ratio = frame.width / frame.height
    lenses = 1 if _within(ratio, ONE_LENS_RATIO) else 2 if _within(ratio, TWO_LENSES_RATIO) else 0
    if not lenses:
        return False
    width = round(LENS_SIDE * ratio / lenses) * lenses
    small = frame.reformat(width, LENS_SIDE, "gray", interpolation="AREA")
    gray = np.asarray(small.to_ndarray(), np.uint8)
    return all(_is_round(half) for half in np.hsplit(gray, lenses))


def _is_round(picture: NDArray[np.uint8]) -> bool:
    """Whether `picture` is black outside its largest circle and not inside."""
    height, width = picture.shape
    y, x = np.ogrid[:height, :width]
    distance = np.hypot(x - (width - 1) / 2, y - (height - 1) / 2) / (min(width, height) / 2)
    black = picture < MAX_BLACK
    outside, inside = black[distance > 1.1].mean(), black[distance < 0.9].mean()
    return bool(outside >= MIN_BLACK_OUTSIDE and inside <= MAX_BLACK_INSIDE)


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]
