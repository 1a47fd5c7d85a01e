"""How a clip is laid out: a full crop, a wider one over a blurred backdrop, or two crops."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from btsclip.framing.crop import Array, Crop, CropKey, CropSpan, Size, crop_subject
from btsclip.framing.subject import Region, Rung, Subject
from btsclip.geometry import WHOLE, Box, box_overlap, to_picture, to_take
from btsclip.presets.schema import Layout

# The tightest crop that shows this much of the required region, on average over the time it is
# seen, is taken; one over a backdrop must also show all of it for this share of that time. The
# widest may show less before the whole picture is shown instead.
ENOUGH, WHOLE_FOR, ENOUGH_WIDE = 0.97, 0.95, 0.9
# Shapes (width over height) that are tried over a backdrop before the whole picture is shown.
WIDER_SHAPES = (4 / 5, 1.0, 4 / 3)
# Rungs whose subject is worth leaving the full screen for.
WORTH_WIDER = ("hands", "faces", "salient")
# A crop is never tighter than this share of the largest one, unless a preset says so. It leaves
# hands and faces this many times the room they take, and is blown up from the source's pixels by no
# more than BLOWN_UP in each half of a split picture, else not at all.
TIGHTEST, BLOWN_UP = 0.7, 1.5
ROOM_FOR_HANDS, ROOM_FOR_FACE = 1.8, 3.0
# A face or a pan seen for less of the time is no second subject, nor is a face less high in picture
# heights, nor what moves about: a pan stays where it is, give or take this much of the picture, and
# is between so large and so large both ways. An arm is longer.
SECOND_SHARE, FACE_HEIGHT = 0.6, 0.1
PAN_STAYS, PAN_SIZE, ROOM_FOR_PAN = 0.05, (0.08, 0.45), 1.4
# The halves of a split picture may share this much of the smaller one.
MOST_SHARED = 0.35

LAYOUTS: tuple[Layout, ...] = ("crop", "fit-blur", "split")

Pixels = tuple[int, int]
Convert = Callable[[ArrayLike, Box], Array]


@dataclass(frozen=True)
class Canvas:
    """Width and height in pixels of the source's picture and of the output, and the tightest crop
    as a share of the largest one."""

    picture: Pixels
    output: Pixels
    zoom: float = TIGHTEST

    @property
    def largest(self) -> Size:
        """The largest crop of the output's shape, as fractions of the picture."""
        shape = (self.output[0] / self.output[1]) / (self.picture[0] / self.picture[1])
        return (shape, 1.0) if shape < 1 else (1.0, 1 / shape)

    @property
    def wider(self) -> list[Size]:
        """Crops of WIDER_SHAPES that show more of the width than the largest one, in order."""
        aspect = self.picture[0] / self.picture[1]
        sizes = [(shape / aspect, 1.0) for shape in WIDER_SHAPES]
        return [size for size in sizes if self.largest[0] + 1e-6 < size[0] < 1]

    def tightest(self, region: Region, room: float, blown_up: float = 1.0) -> Size:
        """The smallest crop that leaves `region` room and whose pixels grow to `blown_up` times
        their size at most; the largest one where there are none to spare."""
        width, height = self.largest
        real = self.output[0] / (width * self.picture[0] * blown_up)
        need = 1.0
        if region.seen.any():
            extent = np.percentile(region.box[region.seen, 2:], 90, axis=0)
            need = room * float((extent / (width, height)).max())
        scale = min(1.0, max(real, need, self.zoom / blown_up))
        return width * scale, height * scale

    @property
    def half(self) -> Canvas:
        """The same for the upper or lower half of the output."""
        return replace(self, output=(self.output[0], self.output[1] // 2))


@dataclass(frozen=True)
class Framing:
    """How a clip is framed: the layout, what it follows, its crop's keys of (time, cx, cy, w, h),
    and the share of the time in which all that is required is seen. With layout `fit-blur` and no
    keys the whole picture is shown; with `split`, `below` is the lower half's crop."""

    layout: Layout
    rung: Rung
    keys: tuple[CropKey, ...]
    inside: float
    below: tuple[CropKey, ...] = ()

    def in_take(self, picture: Box, start: float) -> Framing:
        """The same for a plan, from `start` seconds on: crops in fractions of all of the take, of
        which the `picture` within bars is framed. It never shows the bars."""
        return self._converted(to_take, picture, start)

    def in_picture(self, picture: Box) -> Framing:
        """That of a plan with crops in fractions of the take's `picture` within bars."""
        return self._converted(to_picture, picture)

    def _converted(self, convert: Convert, picture: Box, start: float = 0.0) -> Framing:
        if picture == WHOLE:
            return self
        keys, below = (
            tuple((key[0], *convert(key[1:], picture).round(6).tolist()) for key in part)
            for part in (self.keys or ((start, *WHOLE),), self.below)
        )
        return replace(self, keys=keys, below=below)


def frame_subject(
    subject: Subject, span: CropSpan, canvas: Canvas, allowed: Collection[Layout] = LAYOUTS
) -> Framing:
    """Frames `subject` over `span`: filling the screen if that shows it, else beside its face if
    there is one, else with as much of the picture about it as it takes.

    Of the layouts only those `allowed` are used, which hold `crop` or `fit-blur`: without the one
    the other is taken.
    """
    full = crop_subject(subject, span, canvas.largest)
    two = _split(subject, span, canvas, full) if "split" in allowed else None
    if two:
        return two
    fills = full.shown >= ENOUGH or subject.rung not in WORTH_WIDER
    if "crop" in allowed and (fills or "fit-blur" not in allowed):
        size = canvas.tightest(subject.required, ROOM_FOR_HANDS) if fills else canvas.largest
        tight = crop_subject(subject, span, size)
        best = tight if tight.shown >= full.shown - 0.01 else full
        return Framing("crop", subject.rung, best.keys, best.inside)
    wider = [crop_subject(subject, span, size) for size in canvas.wider]
    enough = [crop for crop in wider if crop.shown >= ENOUGH and crop.inside >= WHOLE_FOR]
    for crop in [*enough, *wider[-1:]]:
        if crop.shown >= ENOUGH_WIDE:
            return Framing("fit-blur", subject.rung, crop.keys, crop.inside)
    return Framing("fit-blur", subject.rung, (), 1.0)


def _split(subject: Subject, span: CropSpan, canvas: Canvas, full: Crop) -> Framing | None:
    """Hands above and a face or a pan below, where both matter and one crop does not show both."""
    if subject.rung != "hands":
        return None
    for second, room in (
        (_face(subject.face), ROOM_FOR_FACE),
        (_pan(subject.beside), ROOM_FOR_PAN),
    ):
        if second is None:
            continue
        if full.shown >= ENOUGH and full.shows(second, subject.times) >= ENOUGH:
            return None
        other = replace(subject, required=second, wished=subject.required)
        above = crop_subject(
            subject, span, canvas.half.tightest(subject.required, ROOM_FOR_HANDS, BLOWN_UP)
        )
        below = crop_subject(other, span, canvas.half.tightest(second, room, BLOWN_UP))
        if min(above.shown, below.shown) >= ENOUGH and _shared(above, below) <= MOST_SHARED:
            return Framing("split", subject.rung, above.keys, above.inside, below.keys)
    return None


def _face(faces: Region) -> Region | None:
    """A face that is seen often and large enough to share the screen."""
    if faces.seen.mean() < SECOND_SHARE:
        return None
    return faces if float(np.median(faces.box[faces.seen, 3])) >= FACE_HEIGHT else None


def _pan(beside: Region) -> Region | None:
    """What goes on by itself in one place, such as a pan; its usual place for the whole time."""
    if beside.seen.mean() < SECOND_SHARE:
        return None
    boxes = beside.box[beside.seen]
    usual = np.median(boxes, axis=0)
    stays = float(np.median(np.abs(boxes[:, :2] - usual[:2]))) <= PAN_STAYS
    if not stays or usual[2:].min() < PAN_SIZE[0] or usual[2:].max() > PAN_SIZE[1]:
        return None
    return Region(np.tile(usual, (len(beside.box), 1)), np.ones(len(beside.box)))


def _shared(a: Crop, b: Crop) -> float:
    """How much of the smaller of two crops, in their middle places, the other one shows as well."""
    middle, other = (np.median(crop.keys, axis=0)[1:].tolist() for crop in (a, b))
    return box_overlap(middle, other)
