"""The crop path in terms of an editing program, which moves, scales and trims a picture.

A program draws the complete picture, scaled and moved, on the timeline's screen, which cuts off
everything outside. So a crop that fills the screen needs no trimming. A crop in front of its blur
and the halves of a split screen do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from btsclip.exchange.rates import frame_at
from btsclip.media import Footage
from btsclip.plan import CropKey, Span
from btsclip.presets import Output
from btsclip.render import fitted_box, largest_window

# The crop that shows the complete picture.
COMPLETE: CropKey = (0.0, 0.5, 0.5, 1.0, 1.0)
# A pose within this many screen pixels of the straight line between its neighbors is left out.
MAX_ERROR_PIXELS = 0.2

Area = tuple[float, float, float, float]  # left, top, width, height as shares of the screen
FULL_SCREEN = (0.0, 0.0, 1.0, 1.0)
UPPER_HALF = (0.0, 0.0, 1.0, 0.5)
LOWER_HALF = (0.0, 0.5, 1.0, 0.5)


@dataclass(frozen=True)
class Pose:
    """The position of the picture at frame `frame` of its shot, in frames of the timeline.

    `x` and `y` are its center in screen pixels from the screen's center, y downward. `trim` is cut
    off the left, top, right and bottom edge, as shares of the picture.
    """

    frame: int
    x: float
    y: float
    trim: tuple[float, float, float, float]


@dataclass(frozen=True)
class PictureMotion:
    """A picture on the screen: `scale` screen pixels for each of its own pixels, and its poses,
    joined by straight lines."""

    scale: float
    poses: tuple[Pose, ...]

    @property
    def moves(self) -> bool:
        """Whether it has more than one position."""
        return len(self.poses) > 1

    @property
    def trims(self) -> bool:
        """Whether any edge is cut off."""
        return any(max(pose.trim) > 1e-6 for pose in self.poses)


def picture_motions(
    span: Span, footage: Footage, output: Output, times: Sequence[Fraction], rate: Fraction
) -> tuple[PictureMotion, ...]:
    """The motion of the picture of a shot of `span`, or the two motions of a split screen.

    `times` are the seconds of the source that the frames of the shot show, `rate` is the rate of
    the source.
    """
    if span.layout == "split":
        half = output.model_copy(update={"height": output.height // 2})
        halves = ((span.crop, UPPER_HALF), (span.below, LOWER_HALF))
        return tuple(
            _area_motion(keys, area, True, footage, output, half, times, rate)
            for keys, area in halves
        )
    fill = span.layout == "crop"
    return (_area_motion(span.crop, FULL_SCREEN, fill, footage, output, output, times, rate),)


def _area_motion(
    keys: list[CropKey], area: Area, fill: bool, footage: Footage, output: Output, part: Output,
    times: Sequence[Fraction], rate: Fraction,
) -> PictureMotion:  # fmt: skip
    """The motion that shows the crop of `keys` in `area` of the screen, which has the size of
    `part`."""
    keys = without_zoom(keys) or [COMPLETE]
    width, height = keys[0][3:]
    if fill:
        width, height = largest_window(footage, part, width, height)
    scale = fitted_box(footage, part, width, height)[0] / (width * footage.width)
    poses = []
    for frame, (cx, cy, _, _) in enumerate(crop_boxes(keys, times, rate)):
        cx, cy = (min(max(c, size / 2), 1 - size / 2) for c, size in ((cx, width), (cy, height)))
        left, top = cx - width / 2, cy - height / 2
        trim = (left, top, max(0.0, 1 - left - width), max(0.0, 1 - top - height))
        poses.append(
            Pose(
                frame,
                (area[0] + area[2] / 2 - 0.5) * output.width - (cx - 0.5) * footage.width * scale,
                (area[1] + area[3] / 2 - 0.5) * output.height - (cy - 0.5) * footage.height * scale,
                (0.0, 0.0, 0.0, 0.0) if fill and area == FULL_SCREEN else trim,
            )
        )
    return PictureMotion(scale, tuple(_simplify(poses)))


def without_zoom(keys: list[CropKey]) -> list[CropKey]:
    """`keys`, or only the first one if their sizes change: programs get a picture of one scale."""
    return keys[:1] if len({key[3:] for key in keys}) > 1 else keys


def crop_boxes(
    keys: Sequence[CropKey], times: Sequence[Fraction], rate: Fraction
) -> list[tuple[float, ...]]:
    """The crop (center, width and height) at each of `times`, in seconds of the source.

    A hard switch is moved to the nearest change of picture in the source, as in rendering.
    """
    legs: list[list[CropKey]] = [[keys[0]]]
    for key in keys[1:]:
        if key[0] == legs[-1][-1][0]:
            legs.append([key])
        else:
            legs[-1].append(key)
    borders = [frame_at(leg[0][0], rate) for leg in legs[1:]]
    boxes = []
    for time in times:
        leg = legs[sum(border <= frame_at(time, rate) for border in borders)]
        boxes.append(_box_at(leg, float(time)))
    return boxes


def _box_at(leg: Sequence[CropKey], time: float) -> tuple[float, ...]:
    """The box on straight lines between the keys of `leg`."""
    if time <= leg[0][0]:
        return leg[0][1:]
    for before, after in pairwise(leg):
        if time <= after[0]:
            share = (time - before[0]) / (after[0] - before[0])
            return tuple(b + (a - b) * share for b, a in zip(before[1:], after[1:], strict=True))
    return leg[-1][1:]


def _simplify(poses: list[Pose]) -> list[Pose]:
    """The poses without those on straight lines between others; one pose for a still picture."""
    indices = keys_needed([(pose.x, pose.y) for pose in poses])
    return [poses[index] for index in indices]


def keys_needed(
    values: Sequence[Sequence[float]], max_error: float = MAX_ERROR_PIXELS
) -> list[int]:
    """The indices of the frames that need a key, if lines between them are to be within `max_error`
    of `values`, one row a frame; the first one alone if nothing moves."""
    rows = np.array(values)
    if np.abs(rows - rows[0]).max() <= max_error:
        return [0]
    needed, open_lines = {0, len(rows) - 1}, [(0, len(rows) - 1)]
    while open_lines:
        first, last = open_lines.pop()
        shares = np.linspace(0, 1, last - first + 1)[:, None]
        line = rows[first] + (rows[last] - rows[first]) * shares
        errors = np.abs(rows[first : last + 1] - line).max(axis=1)
        if errors.max() > max_error:
            worst = first + int(errors.argmax())
            needed.add(worst)
            open_lines += [(first, worst), (worst, last)]
    return sorted(needed)
