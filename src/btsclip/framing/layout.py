"""The layout of a clip: a crop that fills the screen, a wider one over a backdrop, or two."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from btsclip.framing.crop import Array, Crop, CropKey, CropSpan, Size, crop_subject
from btsclip.framing.subject import Region, Subject, SubjectKind, join_regions
from btsclip.framing.work_map import share_in_crops, work_region
from btsclip.geometry import WHOLE, Box, box_overlap, to_picture, to_take
from btsclip.presets import Layout

# Mean share of the required region that a crop must show.
MIN_SHOWN = 0.97
# The same for a crop that goes where the work is, away from the hands.
MIN_HANDS_AT_WORK = 0.6
# Mean share that a strip over a backdrop must show. Below, the whole picture is shown.
MIN_SHOWN_STRIP = 0.9
# Mean share that the widest tall crop over a backdrop must show, for a strip not to be tried.
MIN_SHOWN_TALL = 0.85
# How much less a narrower one may show, and for how much less of the time all of it, as shares.
MAX_TALL_LOSS = 0.02
MAX_TALL_INSIDE_LOSS = 0.03
# How much less a tight crop may show than the largest one, as a share.
MAX_TIGHT_LOSS = 0.01
# Share that a tight crop must show of the work in the largest one: the pan, not only the hands.
MIN_WORK_KEPT = 0.95
# Parts of the way from the tightest crop to the largest one that are tried.
LOOSER_STEPS = (0.0, 1 / 3, 2 / 3)
# Shapes (width over height) to try over a backdrop: tall ones, which fill at least 56 % of a 9:16
# screen, and then a strip, before the whole picture.
TALL_SHAPES = (4 / 5, 15 / 16, 1.0)
STRIP_SHAPE = 4 / 3
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

    def wider(self, shapes: Iterable[float]) -> list[Size]:
        """Crops of those `shapes` (width over height) that are wider than the largest crop."""
        aspect = self.picture[0] / self.picture[1]
        sizes = [(shape / aspect, 1.0) for shape in shapes]
        return [size for size in sizes if self.largest[0] + 1e-6 < size[0] < 1]

    @property
    def is_tall(self) -> bool:
        """Whether the whole picture is as tall as the tall shapes."""
        return self.picture[0] / self.picture[1] <= TALL_SHAPES[-1]

    def tightest(self, region: Region, room: float, enlargement: float = 1.0) -> Size:
        """The smallest crop of `room` times the size of `region`, with pixels enlarged by no more
        than `enlargement`; the largest crop if the picture has no pixels to spare."""
        width, height = self.largest
        min_for_pixels = self.min_width(enlargement) / width
        min_for_region = 1.0
        if region.seen.any():
            extent = np.percentile(region.box[region.seen, 2:], 90, axis=0)
            min_for_region = room * float((extent / (width, height)).max())
        scale = min(1.0, max(min_for_pixels, min_for_region, self.zoom / enlargement))
        return width * scale, height * scale

    def min_width(self, enlargement: float) -> float:
        """The smallest width of a crop, as a fraction of the picture, whose pixels are enlarged by
        no more than `enlargement`."""
        return self.output[0] / (self.picture[0] * enlargement)

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
    else a crop that fills the screen if that shows the subject, else a wider crop, which also shows
    work that is away from the hands.

    `allowed` are the layouts to use. They include `crop` or `fit-blur`; without one of the two, the
    other replaces it.
    """
    full = crop_subject(subject, span, canvas.largest)
    split = _split(subject, span, canvas, full) if "split" in allowed else None
    if split:
        return split
    if "crop" in allowed and _shows_enough(subject, full):
        return _fill_screen(subject, span, canvas, full)
    if "fit-blur" not in allowed:
        best = _follow_leading(subject, span, canvas, full) or full
        return Framing("crop", subject.kind, best.keys, best.inside)
    leaves_hands = full.core is not None
    tall = _tall_crop(_with_work(subject, canvas) if leaves_hands else subject, span, canvas)
    if tall:
        return Framing("fit-blur", subject.kind, tall.keys, tall.inside)
    if canvas.is_tall:
        return Framing("fit-blur", subject.kind, (), 1.0)
    if "crop" in allowed:
        leading = _follow_leading(subject, span, canvas, full)
        if leading:
            return Framing("crop", subject.kind, leading.keys, leading.inside)
        if leaves_hands:
            return _fill_screen(subject, span, canvas, full)
    for size in canvas.wider((STRIP_SHAPE,)):
        crop = crop_subject(subject, span, size)
        if crop.shown >= MIN_SHOWN_STRIP:
            return Framing("fit-blur", subject.kind, crop.keys, crop.inside)
    return Framing("fit-blur", subject.kind, (), 1.0)


def _shows_enough(subject: Subject, full: Crop) -> bool:
    """Whether the crop `full` shows so much of the subject that it may fill the screen."""
    if subject.kind not in WORTH_WIDER:
        return True
    if full.core is None:
        return full.shown >= MIN_SHOWN
    return full.core >= MIN_SHOWN and full.shown >= MIN_HANDS_AT_WORK


def _fill_screen(subject: Subject, span: CropSpan, canvas: Canvas, full: Crop) -> Framing:
    """The framing with the crop `full`, or a tighter one that shows as much."""
    best = _tight_crop(subject, span, canvas.tightest(subject.required, HANDS_ROOM), full)
    return Framing("crop", subject.kind, best.keys, best.inside)


def _with_work(subject: Subject, canvas: Canvas) -> Subject:
    """`subject` with the core of the work required beside the hands."""
    assert subject.work_map is not None
    core = work_region(subject.work_map, canvas.largest)
    return replace(subject, required=join_regions(subject.required, core))


def _tall_crop(subject: Subject, span: CropSpan, canvas: Canvas) -> Crop | None:
    """The narrowest tall crop that shows nearly all that the widest one shows, and rests if one of
    them does; None if even the widest one shows too little."""
    crops = [crop_subject(subject, span, size) for size in canvas.wider(TALL_SHAPES)]
    if not crops or crops[-1].shown < MIN_SHOWN_TALL:
        return None
    min_shown, min_inside = crops[-1].shown - MAX_TALL_LOSS, crops[-1].inside - MAX_TALL_INSIDE_LOSS
    enough = [crop for crop in crops if crop.shown >= min_shown and crop.inside >= min_inside]
    return next((crop for crop in enough if crop.rests), enough[0])


def _tight_crop(subject: Subject, span: CropSpan, tightest: Size, full: Crop) -> Crop:
    """The tightest crop that shows nearly all that the crop `full` shows of the subject, and of the
    work."""
    min_work = MIN_WORK_KEPT * _work_shown(subject, full)
    for step in LOOSER_STEPS if tightest != full.size else ():
        width, height = (
            small + step * (large - small) for small, large in zip(tightest, full.size, strict=True)
        )
        crop = crop_subject(subject, span, (width, height))
        if crop.shown >= full.shown - MAX_TIGHT_LOSS and _work_shown(subject, crop) >= min_work:
            return crop
    return full


def _work_shown(subject: Subject, crop: Crop) -> float:
    """Mean share of the work in a crop; 1 unless the clip shows work."""
    if subject.work_map is None:
        return 1.0
    return share_in_crops(subject.work_map, crop.centers(subject.times), crop.size)


def _follow_leading(subject: Subject, span: CropSpan, canvas: Canvas, full: Crop) -> Crop | None:
    """A crop that fills the screen and shows the hand that works most, where both hands do not fit;
    None if it loses that hand or shows less of the work than the crop `full`."""
    if subject.leading is None or subject.work_map is None:
        return None
    one_hand = replace(subject, required=subject.leading, desired=subject.required)
    crop = crop_subject(one_hand, span, canvas.largest)
    shows_more = _work_shown(subject, crop) >= _work_shown(subject, full)
    return crop if crop.shown >= MIN_SHOWN and shows_more else None


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
        half = canvas.half
        tightest = half.tightest(subject.required, HANDS_ROOM, MAX_ENLARGEMENT)
        above = _tight_crop(subject, span, tightest, crop_subject(subject, span, half.largest))
        below = crop_subject(second_subject, span, half.tightest(second, room, MAX_ENLARGEMENT))
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
