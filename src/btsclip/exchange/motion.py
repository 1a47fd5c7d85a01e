"""The crop path as what an editing program does with a picture: move it, size it, trim its edges.

A program draws the whole picture, sized and moved, on the timeline's screen, which cuts off what
lies outside. So a crop that fills the screen needs no trimming; one that stands over its blur and
the halves of a split screen do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from btsclip.exchange.rates import frame_at
from btsclip.media.footage import Footage
from btsclip.plan.model import CropKey, Span
from btsclip.presets.schema import Output
from btsclip.render.camera import fitted_box, largest_window

# Keys that lie within this many pixels of the screen of the straight line are left out.
STRAIGHT = 0.2

Area = tuple[float, float, float, float]  # left, top, width, height as shares of the screen
FULL, UPPER, LOWER = (0.0, 0.0, 1.0, 1.0), (0.0, 0.0, 1.0, 0.5), (0.0, 0.5, 1.0, 0.5)


@dataclass(frozen=True)
class Pose:
    """Where the picture stands from the timeline's frame `frame` of its shot on: `x` and `y` are
    its middle in pixels of the screen from the screen's middle, downwards positive; `trim` is what
    is taken off left, top, right and bottom, in shares of the picture."""

    frame: int
    x: float
    y: float
    trim: tuple[float, float, float, float]


@dataclass(frozen=True)
class PictureMotion:
    """A picture on the screen: `scale` pixels of the screen for one of its own, and its poses,
    joined by straight lines."""

    scale: float
    poses: tuple[Pose, ...]

    @property
    def moves(self) -> bool:
        """Whether it ever stands elsewhere."""
        return len(self.poses) > 1

    @property
    def trims(self) -> bool:
        """Whether anything is taken off."""
        return any(max(pose.trim) > 1e-6 for pose in self.poses)


def motions(
    span: Span, footage: Footage, output: Output, times: Sequence[Fraction], rate: Fraction
) -> tuple[PictureMotion, ...]:
    """How the picture of `span` stands in each frame of a shot; `times` are the seconds of the
    source that those frames show, `rate` the source's."""
    if span.layout == "split":
        half = output.model_copy(update={"height": output.height // 2})
        halves = ((span.crop, UPPER), (span.below, LOWER))
        return tuple(
            _motion(keys, area, True, footage, output, half, times, rate) for keys, area in halves
        )
    fill = span.layout == "crop"
    return (_motion(span.crop, FULL, fill, footage, output, output, times, rate),)


def _motion(
    keys: list[CropKey], area: Area, fill: bool, footage: Footage, output: Output, part: Output,
    times: Sequence[Fraction], rate: Fraction,
) -> PictureMotion:  # fmt: skip
    """The motion that shows `keys` in `area` of the screen, which is as large as `part`."""
    keys = keys or [(0.0, 0.5, 0.5, 1.0, 1.0)]
    width, height = keys[0][3:]
    if fill:
        width, height = largest_window(footage, part, width, height)
    scale = fitted_box(footage, part, width, height)[0] / (width * footage.width)
    poses = []
    for frame, (cx, cy) in enumerate(_path(keys, times, rate)):
        cx, cy = (min(max(c, size / 2), 1 - size / 2) for c, size in ((cx, width), (cy, height)))
        left, top = cx - width / 2, cy - height / 2
        trim = (left, top, max(0.0, 1 - left - width), max(0.0, 1 - top - height))
        poses.append(
            Pose(
                frame,
                (area[0] + area[2] / 2 - 0.5) * output.width - (cx - 0.5) * footage.width * scale,
                (area[1] + area[3] / 2 - 0.5) * output.height - (cy - 0.5) * footage.height * scale,
                (0.0, 0.0, 0.0, 0.0) if fill and area == FULL else trim,
            )
        )
    return PictureMotion(scale, tuple(_needed(poses)))


def _path(
    keys: Sequence[CropKey], times: Sequence[Fraction], rate: Fraction
) -> list[tuple[float, float]]:
    """The crop's middle at each of `times`. A hard switch is where the source's picture changes
    that is nearest to it, as in rendering."""
    legs: list[list[CropKey]] = [[keys[0]]]
    for key in keys[1:]:
        if key[0] == legs[-1][-1][0]:
            legs.append([key])
        else:
            legs[-1].append(key)
    borders = [frame_at(leg[0][0], rate) for leg in legs[1:]]
    middles = []
    for time in times:
        leg = legs[sum(border <= frame_at(time, rate) for border in borders)]
        middles.append(_within(leg, float(time)))
    return middles


def _within(leg: Sequence[CropKey], time: float) -> tuple[float, float]:
    if time <= leg[0][0]:
        return leg[0][1:3]
    for before, after in pairwise(leg):
        if time <= after[0]:
            share = (time - before[0]) / (after[0] - before[0])
            return (
                before[1] + (after[1] - before[1]) * share,
                before[2] + (after[2] - before[2]) * share,
            )
    return leg[-1][1:3]


def _needed(poses: list[Pose]) -> list[Pose]:
    """The poses without those that the straight lines between the others pass through; the first
    alone when the picture stands still."""
    if all(max(abs(p.x - poses[0].x), abs(p.y - poses[0].y)) <= STRAIGHT for p in poses):
        return poses[:1]
    return _lines(poses)


def _lines(poses: list[Pose]) -> list[Pose]:
    """The first, the last, and those between that no straight line replaces."""
    first, last = poses[0], poses[-1]
    worst, index = 0.0, 0
    for i, pose in enumerate(poses[1:-1], 1):
        share = (pose.frame - first.frame) / (last.frame - first.frame)
        away = max(
            abs(first.x + (last.x - first.x) * share - pose.x),
            abs(first.y + (last.y - first.y) * share - pose.y),
        )
        if away > worst:
            worst, index = away, i
    if worst <= STRAIGHT:
        return [first, last]
    return [*_lines(poses[: index + 1])[:-1], *_lines(poses[index:])]
