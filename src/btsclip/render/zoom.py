"""A crop that changes its size, in pixels: cut, scaled to a size that changes with time, cut again.

ffmpeg scales to whole pixels. At the output's size, a slow zoom would tremble; so the picture is
scaled to SUPERSAMPLING times that size and then averaged, and moves in steps of half a pixel.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from btsclip.media import Footage
from btsclip.plan import CropKey, Span
from btsclip.presets import Output
from btsclip.render.camera import coded_size, even, keys_shown, largest_window, path_expression
from btsclip.render.color import keeps_colors, scale_options

# Times the output's size at which the window is cut.
SUPERSAMPLING = 2
# Digits of the window's place, a share of the room that it has.
PLACE_DIGITS = 5


@dataclass(frozen=True)
class ZoomAxis:
    """The crop in x or y.

    `length` source pixels from `start` are cut and scaled to `scaled` pixels, at most `largest` of
    them; a window of `shown` pixels at `offset` is cut from these. `scaled` and `offset` are ffmpeg
    expressions of t.
    """

    start: int
    length: int
    scaled: str
    largest: int
    shown: int
    offset: str


@dataclass(frozen=True)
class ZoomCourse:
    """The course of the window in x or y, at its keys, joined by straight lines.

    `length` source pixels from `start` are scaled to `scaled` pixels; the window of `shown` pixels
    is at `places`, shares of the room that it has in these.
    """

    start: int
    length: int
    shown: int
    scaled: tuple[float, ...]
    places: tuple[float, ...]


def changes_size(keys: list[CropKey]) -> bool:
    """Whether the crop has more than one size along `keys`."""
    return len({(round(key[3], 4), round(key[4], 4)) for key in keys}) > 1


def zoom_axes(
    footage: Footage, span: Span, output: Output, keys: list[CropKey]
) -> tuple[ZoomAxis, ZoomAxis]:
    """The crop in x and y along `keys`, always with the shape of the output."""
    keys, times = keys_shown(span, keys, output)
    sizes = [largest_window(footage, output, *key[3:]) for key in keys]
    columns, rows = coded_size(footage)
    x, y = (
        _zoom_axis(
            times,
            zoom_course([key[1 + k] for key in keys], [size[k] for size in sizes], pixels, shown),
        )
        for k, pixels, shown in ((0, columns, output.width), (1, rows, output.height))
    )
    return x, y


def zoom_course(
    centers: Sequence[float], sizes: Sequence[float], pixels: int, out: int
) -> ZoomCourse:
    """The course of a window along one axis.

    Args:
        centers: The window's center at its keys, in fractions of the picture.
        sizes: Its width or height, in fractions of the picture.
        pixels: The picture's width or height in pixels.
        out: The output's width or height.
    """
    size, shown = np.array(sizes), SUPERSAMPLING * out
    left = np.clip(np.array(centers) - size / 2, 0, 1 - size) * pixels
    start = even(float(left.min()), down=True)
    end = min(pixels, even(float((left + size * pixels).max())))
    length = end - start
    scaled = np.maximum(length * shown / (size * pixels), shown)
    # The place is a share of the room around the window, so that rounding the scaled size to whole
    # pixels does not move the window's middle.
    room = scaled - shown
    offset = np.clip((left - start) * scaled / length, 0, room)
    has_room = room >= 1
    place = np.full(len(size), 0.5)
    if has_room.any():
        place = np.interp(
            np.arange(len(size)),
            np.flatnonzero(has_room),
            (offset / np.maximum(room, 1))[has_room],
        )
    return ZoomCourse(start, length, shown, tuple(scaled.tolist()), tuple(place.tolist()))


def _zoom_axis(times: list[float], course: ZoomCourse) -> ZoomAxis:
    """The axis along which a window moves and changes its size, with keys at `times`."""
    scaled_path = f"2*round(({path_expression(times, list(course.scaled))})/2)"
    places = [place * 10**PLACE_DIGITS for place in course.places]
    return ZoomAxis(
        course.start, course.length, scaled_path, math.ceil(max(course.scaled)), course.shown,
        f"round((({scaled_path})-{course.shown})*({path_expression(times, places)})"
        f"/{10**PLACE_DIGITS})",
    )  # fmt: skip


def zoom_picture(picture: Any, footage: Footage, axes: tuple[ZoomAxis, ZoomAxis]) -> Any:
    """The picture, cut and scaled along `axes`, at the output's size."""
    x, y = axes
    if (x.length, y.length) != coded_size(footage):
        picture = picture.filter("crop", x.length, y.length, x.start, y.start)
    options = scale_options(footage)
    picture = picture.filter("scale", x.scaled, y.scaled, eval="frame", **options)
    # Only the filter right after `scale` learns the new size of a picture.
    picture = picture.filter("crop", x.shown, y.shown, x.offset, y.offset, exact=1)
    width, height = (axis.shown // SUPERSAMPLING for axis in axes)
    picture = picture.filter("scale", width, height, flags="area")
    return picture if keeps_colors(footage) else picture.filter("format", "yuv420p")
