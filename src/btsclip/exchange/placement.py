"""The crop path as rectangles: where on the screen the complete picture is, frame by frame.

Programs on MLT put a picture into a rectangle, so that a crop may also change its size there. What
a rectangle does not cut off is cut off by an area of the screen: a crop in front of its blur, and
the halves of a split screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from btsclip.exchange.motion import COMPLETE, MAX_ERROR_PIXELS, crop_boxes, keys_needed
from btsclip.media import Footage
from btsclip.plan import CropKey, Span
from btsclip.presets import Output
from btsclip.render import (
    changes_size,
    coded_size,
    fitted_box,
    keys_shown,
    largest_window,
    zoom_course,
)

# A zoom is a curve, not a line: a key is left out up to this many widths of the area off, or nearly
# every frame would have one.
MAX_ZOOM_ERROR = 1 / 1080


@dataclass(frozen=True)
class Rectangle:
    """A rectangle in pixels of the screen; its left and top may be outside of it."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Placement:
    """A picture on the screen.

    `keys` are the frames of the shot that have a key, with the rectangle of the complete picture,
    joined by straight lines. Only the part inside `area` is shown, None for all of it.
    """

    keys: tuple[tuple[int, Rectangle], ...]
    area: Rectangle | None


def placements(
    span: Span, footage: Footage, output: Output, times: Sequence[Fraction], rate: Fraction
) -> tuple[Placement, ...]:
    """The placement of the picture of a shot of `span`, or the two of a split screen.

    `times` are the seconds of the source that the frames of the shot show, `rate` is the rate of
    the source.
    """
    if span.layout == "split":
        half = output.model_copy(update={"height": output.height // 2})
        areas = [Rectangle(0, y, output.width, half.height) for y in (0, half.height)]
        return tuple(
            _placement(_filling_boxes(keys, footage, half, times, rate), area, area, footage)
            for keys, area in zip((span.crop, span.below), areas, strict=True)
        )
    if span.layout == "crop":
        if changes_size(span.crop):
            boxes = _zooming_boxes(span, footage, output, times, rate)
        else:
            boxes = _filling_boxes(span.crop, footage, output, times, rate)
        return (_placement(boxes, _screen(output), None, footage),)
    boxes = crop_boxes(span.crop or [COMPLETE], times, rate)
    width, height = fitted_box(footage, output, *boxes[0][2:])
    area = Rectangle((output.width - width) / 2, (output.height - height) / 2, width, height)
    return (_placement(boxes, area, area if span.crop else None, footage),)


def background(
    span: Span, footage: Footage, output: Output, times: Sequence[Fraction], rate: Fraction
) -> Placement | None:
    """The crop as large as it fills the screen: for the blur behind it. None for a picture that
    fills the screen itself."""
    if span.layout != "fit-blur":
        return None
    boxes = _filling_boxes(span.crop or [COMPLETE], footage, output, times, rate)
    return _placement(boxes, _screen(output), None, footage)


def _screen(output: Output) -> Rectangle:
    return Rectangle(0, 0, output.width, output.height)


def _filling_boxes(
    keys: list[CropKey], footage: Footage, part: Output, times: Sequence[Fraction], rate: Fraction
) -> list[tuple[float, ...]]:
    """The crop at each of `times`, in the shape of a part of the screen."""
    return [
        (cx, cy, *largest_window(footage, part, width, height))
        for cx, cy, width, height in crop_boxes(keys, times, rate)
    ]


def _zooming_boxes(
    span: Span, footage: Footage, output: Output, times: Sequence[Fraction], rate: Fraction
) -> list[tuple[float, ...]]:
    """A crop whose size changes, at each of `times`, between its keys as in rendering."""
    keys, _ = keys_shown(span, span.crop, output)
    sizes = [largest_window(footage, output, *key[3:]) for key in keys]
    axes = []
    for axis, pixels, out in zip(
        (0, 1), coded_size(footage), (output.width, output.height), strict=True
    ):
        course = zoom_course(
            [key[1 + axis] for key in keys], [size[axis] for size in sizes], pixels, out
        )
        # Straight lines join the scales and places of the keys.
        lines: list[CropKey] = [
            (key[0], place, 0.0, scaled, 0.0)
            for key, place, scaled in zip(keys, course.places, course.scaled, strict=True)
        ]
        boxes = []
        for place, _, scaled, _ in crop_boxes(lines, times, rate):
            size = course.shown * course.length / scaled
            left = course.start + place * (course.length - size)
            boxes.append(((left + size / 2) / pixels, size / pixels))
        axes.append(boxes)
    return [
        (cx, cy, width, height) for (cx, width), (cy, height) in zip(axes[0], axes[1], strict=True)
    ]


def _placement(
    boxes: Sequence[tuple[float, ...]],
    area: Rectangle,
    shown: Rectangle | None,
    footage: Footage,
) -> Placement:
    """The placement that shows the crop `boxes` in `area`, one box a frame."""
    rectangles = []
    for cx, cy, width, height in boxes:
        scale = area.width / (width * footage.width)
        left = min(max(cx - width / 2, 0.0), 1 - width)
        top = min(max(cy - height / 2, 0.0), 1 - height)
        picture_width, picture_height = footage.width * scale, footage.height * scale
        rectangles.append(
            Rectangle(
                area.x - left * picture_width,
                area.y - top * picture_height,
                picture_width,
                picture_height,
            )
        )
    zooms = rectangles[0].width != rectangles[-1].width
    indices = keys_needed(
        [(r.x, r.y, r.width, r.height) for r in rectangles],
        MAX_ZOOM_ERROR * area.width if zooms else MAX_ERROR_PIXELS,
    )
    return Placement(tuple((index, rectangles[index]) for index in indices), shown)
