"""Recognize videos that need another program first: camera raw and 360 pictures."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from btsclip.errors import FootageError
from btsclip.media import camera_names

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

# FFmpeg's numbers of projections (libavutil/spherical.h); RECTILINEAR is a flat picture.
RECTILINEAR = 4
# Shape of a picture with one round lens picture, and with two side by side.
ONE_LENS, TWO_LENSES = (0.95, 1.05), (1.7, 2.1)
# Pixels of the small picture in which lenses are sought, along the height of one.
LENS_SIDE = 64
# Gray (0 to 255) that is still black; shares of pixels that are, outside of lenses and inside.
BLACK, MIN_BLACK_OUTSIDE, MAX_BLACK_INSIDE = 24, 0.99, 0.5


@dataclass(frozen=True)
class UnfitKind:
    """Why a kind of video can't be cut, and what to do about it."""

    cause: str
    cure: str

    def error(self, path: Path) -> FootageError:
        """The error for the file at `path`."""
        return FootageError(path, self.cause, self.cure)


RAW = UnfitKind("is camera raw, not a finished picture", "export it as ProRes or H.264 first")
SPHERE = UnfitKind("is a 360 picture, not a flat one", "export a flat picture from it first")
CAUSES = {RAW.cause, SPHERE.cause}


def unfit_name(path: Path) -> UnfitKind | None:
    """The kind of a file that can't be cut, by the end of its name."""
    if camera_names.matches_suffix(path.suffix, camera_names.RAW):
        return RAW
    return SPHERE if camera_names.matches_suffix(path.suffix, camera_names.SPHERES) else None


def unfit_picture(frame: VideoFrame) -> UnfitKind | None:
    """The kind of a video that can't be cut, by a decoded picture."""
    if frame.format.name.startswith("bayer"):
        return RAW
    return SPHERE if _is_mapped(frame) or shows_lenses(frame) else None


def _is_mapped(frame: VideoFrame) -> bool:
    """Whether the file says that its picture is bent around the viewer."""
    # PyAV's types call this one piece of data; it is a mapping of all.
    pieces: Any = frame.side_data
    mapping = pieces.get("SPHERICAL")
    if mapping is None:
        return False
    return int.from_bytes(bytes(mapping)[:4], sys.byteorder) != RECTILINEAR


def shows_lenses(frame: VideoFrame) -> bool:
    """Whether a picture is what one fisheye lens sees, or two side by side: round and on black."""
    shape = frame.width / frame.height
    lenses = 1 if _within(shape, ONE_LENS) else 2 if _within(shape, TWO_LENSES) else 0
    if not lenses:
        return False
    width = round(LENS_SIDE * shape / lenses) * lenses
    small = frame.reformat(width, LENS_SIDE, "gray", interpolation="AREA")
    gray = np.asarray(small.to_ndarray(), np.uint8)
    return all(_is_round(half) for half in np.hsplit(gray, lenses))


def _is_round(picture: NDArray[np.uint8]) -> bool:
    """Whether `picture` is black outside of its largest circle and not inside."""
    height, width = picture.shape
    y, x = np.ogrid[:height, :width]
    away = np.hypot(x - (width - 1) / 2, y - (height - 1) / 2) / (min(width, height) / 2)
    black = picture < BLACK
    outside, inside = black[away > 1.1].mean(), black[away < 0.9].mean()
    return bool(outside >= MIN_BLACK_OUTSIDE and inside <= MAX_BLACK_INSIDE)


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]
