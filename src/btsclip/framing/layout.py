"""How a clip is laid out: a full crop, a wider one over a blurred backdrop, or two crops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from btsclip.framing.crop import Crop, CropKey, Size, crop_subject
from btsclip.framing.subject import Rung, Subject

# The tightest crop that shows this much of the required region, on average over the time it is
# seen, is taken; one over a backdrop may show less before the whole picture is shown instead.
ENOUGH, ENOUGH_WIDE = 0.97, 0.9
# Shapes (width over height) that are tried over a backdrop before the whole picture is shown.
WIDER_SHAPES = (4 / 5, 1.0)
# A crop is never tighter than this share of the largest one, and leaves the hands this much room.
MOST_ZOOM, ROOM = 0.7, 1.8

Pixels = tuple[int, int]


@dataclass(frozen=True)
class Framing:
    """How a clip is framed: the layout, what it follows, its crop's keys of (time, cx, cy, w, h),
    and the share of the time in which all that is required is seen. With layout `fit-blur` and
    no keys the whole picture is shown."""

    layout: Literal["crop", "fit-blur"]
    rung: Rung
    keys: tuple[CropKey, ...]
    inside: float


def frame_subject(
    subject: Subject,
    start: float,
    end: float,
    borders: Sequence[float],
    picture: Pixels,
    output: Pixels,
) -> Framing:
    """Frames `subject` over `start`..`end` for an `output` (w, h in pixels) from a `picture`."""
    full = crop_size(picture, output)

    def crop(size: Size) -> Crop:
        return crop_subject(subject, start, end, borders, size)

    best = crop(full)
    if best.shown >= ENOUGH or subject.rung not in ("hands", "faces"):
        tighter = crop(zoomed(subject, full, picture, output))
        chosen = tighter if tighter.shown >= best.shown - 0.01 else best
        return Framing("crop", subject.rung, chosen.keys, chosen.inside)
    wider = [crop(size) for size in wider_sizes(picture, full)]
    for chosen in [*(w for w in wider if w.shown >= ENOUGH), *wider[-1:]]:
        if chosen.shown >= ENOUGH_WIDE:
            return Framing("fit-blur", subject.rung, chosen.keys, chosen.inside)
    return Framing("fit-blur", subject.rung, (), 1.0)


def crop_size(picture: Pixels, output: Pixels) -> Size:
    """The largest crop of the output's shape, as fractions of the picture."""
    shape = (output[0] / output[1]) / (picture[0] / picture[1])
    return (shape, 1.0) if shape < 1 else (1.0, 1 / shape)


def wider_sizes(picture: Pixels, full: Size) -> list[Size]:
    """Crops of WIDER_SHAPES that show more of the picture's width than the full crop, in order."""
    aspect = picture[0] / picture[1]
    sizes = [(shape / aspect, 1.0) for shape in WIDER_SHAPES]
    return [size for size in sizes if full[0] + 1e-6 < size[0] < 1]


def zoomed(subject: Subject, full: Size, picture: Pixels, output: Pixels) -> Size:
    """The tightest crop that leaves the subject room and is not blown up beyond the source's real
    pixels; the full one where there are none to spare."""
    real = output[0] / (full[0] * picture[0])
    need = 1.0
    if subject.required.seen.any():
        extent = np.percentile(subject.required.box[subject.required.seen, 2:], 90, axis=0)
        need = ROOM * float((extent / full).max())
    scale = min(1.0, max(real, need, MOST_ZOOM))
    return full[0] * scale, full[1] * scale
