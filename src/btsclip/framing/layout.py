"""The layout of a clip: a crop that fills the screen, a wider one over a backdrop, or two."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from btsclip.framing.crop import Array, Crop, CropKey, CropSpan, Size, crop_subject
from btsclip.framing.subject import Region, Subject, SubjectKind
from btsclip.geometry import WHOLE, Box, box_overlap, to_picture, to_take
from btsclip.presets import Layout

# Mean share of the required region that a crop must show.
MIN_SHOWN = 0.97
# Share of the time for which a crop over a backdrop must also show all of it.
MIN_INSIDE = 0.95
# Mean share that the widest crop over a backdrop must show. Below, the whole picture is shown.
MIN_SHOWN_WIDEST = 0.9
# How much less a tight crop may show than the largest one, as a share.
MAX_TIGHT_LOSS = 0.01
# Shapes (width over height) to try over a backdrop before the whole picture.
WIDER_SHAPES = (4 / 5, 1.0, 4 / 3)
# Subjects for which a crop may leave the full screen.
WORTH_WIDER = ("hands", "faces", "salient")
# The tightest crop, as a share of the largest one, unless a preset says otherwise.
MIN_CROP_SHARE = 0.7
# How much each half of a split picture may enlarge the source's pixels. Other crops do not.
MAX_ENLARGEMENT = 1.5
# Size of a crop in sizes of its subject.
HANDS_ROOM = 1.8
FACE_ROOM = 3.0
PAN_ROOM = 1.4
# Share of the time for which the second subject of a split picture, a face or a pan, must be seen.
MIN_SECOND_SHARE = 0.6
# Its height, for a face, in picture heights.
MIN_FACE_HEIGHT = 0.1
# Median distance from its usual place, for a pan, as a share of the picture.
MAX_PAN_SHIFT = 0.05
# Shortest and longest side of a pan, as a share of the picture. An arm is longer.
PAN_SIZE_RANGE = (0.08, 0.45)
# Share of the smaller half of a split picture that the other half may show, too.
MAX_SHARED = 0.35

LAYOUTS: tuple[Layout, ...] = ("crop", "fit-blur", "split")

Pixels = tuple[int, int]
Convert = Callable[[ArrayLike, Box], Array]


@dataclass(frozen=True)
class Canvas:
    """The source's `picture` and the `output` in pixels (width, height).

    `zoom` is the tightest crop, as a share of the largest one.
    """

    picture: Pixels
    output: Pixels
    zoom: float = MIN_CROP_SHARE

    @property
    def largest(self) -> Size:
        """The largest crop of the output's shape, as fractions of the picture."""
        shape = (self.output[0] / self.output[1]) / (self.picture[0] / self.picture[1])
        return (shape, 1.0) if shape < 1 else (1.0, 1 / shape)

    @property
    def wider(self) -> list[Size]:
        """Crops of WIDER_SHAPES wider than the largest crop, the narrowest first."""
        aspect = self.picture[0] / self.picture[1]
        sizes = [(shape / aspect, 1.0) for shape in WIDER_SHAPES]
        return [size for size in sizes if self.largest[0] + 1e-6 < size[0] < 1]

    def tightest(self, region: Region, room: float, enlargement: float = 1.0) -> Size:
        """The smallest crop of `room` times the size of `region`, with pixels enlarged by no more
        than `enlargement`; the largest crop if the picture has no pixels to spare."""
        width, height = self.largest
        min_for_pixels = self.output[0] / (width * self.picture[0] * enlargement)
        min_for_region = 1.0
        if region.seen.any():
            extent = np.percentile(region.box[region.seen, 2:], 90, axis=0)
            min_for_region = room * float((extent / (width, height)).max())
        scale = min(1.0, max(min_for_pixels, min_for_region, self.zoom / enlargement))
        return width * scale, height * scale

    @property
    def half(self) -> Canvas:
        """The canvas of the upper or lower half of the output."""
        return replace(self, output=(self.output[0], self.output[1] // 2))


@dataclass(frozen=True)
class Framing:
    """The layout of a clip, the kind of its subject, and its crop as keys of (time, cx, cy, w, h).

    `inside` is the share of the time in which all of the required region is shown. `fit-blur`
    without keys shows the whole picture; with `split`, `below` is the crop of the lower half.
    """

    layout: Layout
    subject_kind: SubjectKind
    keys: tuple[CropKey, ...]
    inside: float
    below: tuple[CropKey, ...] = ()

    def in_take(self, picture: Box, start: float) -> Framing:
        """The framing of a plan, with crops in fractions of the take instead of its `picture`
        within bars. It never shows the bars; a whole picture gets a key at `start` seconds."""
        return self._convert(to_take, picture, start)

    def in_picture(self, picture: Box) -> Framing:
        """A plan's framing, with crops in fractions of the take's `picture` within bars."""
        return self._convert(to_picture, picture)

    def _convert(self, convert: Convert, picture: Box, start: float = 0.0) -> Framing:
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
    """The framing of `subject` over `span`: a split picture with its face or pan if that needs one,
    else a crop that fills the screen if that shows the subject, else a wider crop.

    `allowed` are the layouts to use. They include `crop` or `fit-blur`; without one of the two, the
    other replaces it.
    """
    full = crop_subject(subject, span, canvas.largest)
    split = _split(subject, span, canvas, full) if "split" in allowed else None
    if split:
        return split
    fills = full.shown >= MIN_SHOWN or subject.kind not in WORTH_WIDER
    if "crop" in allowed and (fills or "fit-blur" not in allowed):
        size = canvas.tightest(subject.required, HANDS_ROOM) if fills else canvas.largest
        tight = crop_subject(subject, span, size)
        best = tight if tight.shown >= full.shown - MAX_TIGHT_LOSS else full
        return Framing("crop", subject.kind, best.keys, best.inside)
    wider = [crop_subject(subject, span, size) for size in canvas.wider]
    enough = [crop for crop in wider if crop.shown >= MIN_SHOWN and crop.inside >= MIN_INSIDE]
    for crop in [*enough, *wider[-1:]]:
        if crop.shown >= MIN_SHOWN_WIDEST:
            return Framing("fit-blur", subject.kind, crop.keys, crop.inside)
    return Framing("fit-blur", subject.kind, (), 1.0)


def _split(subject: Subject, span: CropSpan, canvas: Canvas, full: Crop) -> Framing | None:
    """A framing with hands above and a face or pan below; None unless both matter and the crop
    `full` does not show both."""
    if subject.kind != "hands":
        return None
    for second, room in (
        (_find_face(subject.face), FACE_ROOM),
        (_find_pan(subject.beside), PAN_ROOM),
    ):
        if second is None:
            continue
        if full.shown >= MIN_SHOWN and full.shows(second, subject.times) >= MIN_SHOWN:
            return None
        second_subject = replace(subject, required=second, desired=subject.required)
        above = crop_subject(
            subject, span, canvas.half.tightest(subject.required, HANDS_ROOM, MAX_ENLARGEMENT)
        )
        below = crop_subject(
            second_subject, span, canvas.half.tightest(second, room, MAX_ENLARGEMENT)
        )
        shown = min(above.shown, below.shown)
        if shown >= MIN_SHOWN and _median_overlap(above, below) <= MAX_SHARED:
            return Framing("split", subject.kind, above.keys, above.inside, below.keys)
    return None


def _find_face(faces: Region) -> Region | None:
    """`faces` if seen often and large enough to share the screen, else None."""
    if faces.seen.mean() < MIN_SECOND_SHARE:
        return None
    return faces if float(np.median(faces.box[faces.seen, 3])) >= MIN_FACE_HEIGHT else None


def _find_pan(beside: Region) -> Region | None:
    """The usual place of something that moves by itself, such as a boiling pan, at all times; None
    if it is seldom seen, wanders or has another size than a pan."""
    if beside.seen.mean() < MIN_SECOND_SHARE:
        return None
    boxes = beside.box[beside.seen]
    usual = np.median(boxes, axis=0)
    shift = float(np.median(np.abs(boxes[:, :2] - usual[:2])))
    min_side, max_side = PAN_SIZE_RANGE
    if shift > MAX_PAN_SHIFT or usual[2:].min() < min_side or usual[2:].max() > max_side:
        return None
    return Region(np.tile(usual, (len(beside.box), 1)), np.ones(len(beside.box)))


def _median_overlap(a: Crop, b: Crop) -> float:
    """Overlap of two crops at their median places, as a share of the smaller one."""
    box_a, box_b = (np.median(crop.keys, axis=0)[1:].tolist() for crop in (a, b))
    return box_overlap(box_a, box_b)
