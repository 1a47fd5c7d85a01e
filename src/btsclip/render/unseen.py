"""A last look at a finished clip: no face is on it that the plan does not let be seen.

Every frame is searched. A face that is found must be one of a person who may be seen, or blurred so
far that nothing of it is left that cells would not show; any other is one that tracking missed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.captions.layout import layout_captions
from btsclip.captions.overlays import Overlay
from btsclip.errors import RenderError
from btsclip.framing.layout import Canvas, Framing
from btsclip.framing.screen import in_source, on_screen
from btsclip.framing.veil import thin_keys
from btsclip.geometry import (
    Box,
    box_between,
    box_in,
    corners,
    nearest_pixels,
    share_within,
    shared_area,
)
from btsclip.media.footage import Footage, probe
from btsclip.media.frames import read_every_frame
from btsclip.plan.model import Clip, CropKey, Span
from btsclip.presets.schema import Output, Preset
from btsclip.render.blur import boxes_between
from btsclip.render.timeline import RenderPart, parts_of
from btsclip.signals.faces import FaceSearch

# How often a clip is rendered in all before it is given up.
TRIES = 3
# Longer sides at which frames are searched, and how sure a face must be.
SIDES, SURE = (640, 320, 160), 0.5
# Share of a face that must be blurred for it to count as covered.
COVERED = 0.7
# Cells across a face beyond which a blurred one holds nothing, and how much more than that a
# quarter of it may differ at most, in standard deviations of its brightness. Blurred faces measured
# 0.04 to 0.07, others 0.36 to 0.68.
CELLS, DETAIL = 12, 0.2
# A face that was missed is covered so much larger on each side, and for so many seconds before and
# after it was found; faces found no further apart than that are one.
WIDER, LONGER = 0.4, 0.4

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class _Found:
    """A face that should not be seen: in which span, when in its source, and where there."""

    span: int
    time: float
    box: Box


def find_uncovered_faces(
    video: Path,
    clip: Clip,
    footage: Mapping[str, Footage],
    preset: Preset,
    laid: Sequence[Overlay] = (),
) -> dict[int, list[list[CropKey]]]:
    """What must be blurred as well, by the number of the span, for the clip at `video` to show only
    faces that may be seen; nothing when it does. The pictures `laid` over it are not looked at.

    Raises RenderError for a face that is blurred and can be made out all the same.
    """
    if all(span.blur_faces == "none" for span in clip.spans):
        return {}
    found = list(_missed(video, clip, footage, preset, laid))
    return {
        number: _keys([each for each in found if each.span == number])
        for number in sorted({each.span for each in found})
    }


def add_blur(clip: Clip, more: Mapping[int, list[list[CropKey]]]) -> Clip:
    """`clip` with `more` faces to blur, by the number of the span."""
    spans = [
        span.model_copy(update={"blur": [*span.blur, *more.get(number, [])]})
        for number, span in enumerate(clip.spans)
    ]
    return clip.model_copy(update={"spans": spans})


def _missed(
    video: Path,
    clip: Clip,
    footage: Mapping[str, Footage],
    preset: Preset,
    laid: Sequence[Overlay],
) -> Iterator[_Found]:
    search = FaceSearch(SIDES, SURE)
    facts, output = probe(video), preset.output
    parts = [part for part in parts_of(clip, output) if part.card is None]
    numbers = {id(span): number for number, span in enumerate(clip.spans)}
    above = _above(clip, preset, laid)
    for number, frame in enumerate(
        read_every_frame(facts, (0.0, facts.duration), side=max(output.width, output.height))
    ):
        shown = [part for part in parts if part.first <= number < part.end + part.held]
        views = [
            _View(part, number, footage[part.span.source], output)
            for part in shown
            if part.span.blur_faces != "none"
        ]
        if not views:
            continue
        # Where one picture comes in over another, a face may be that of the one that shows all.
        closed = len(views) == len(shown)
        for face in search.find(frame.image):
            over = [share_within(face.box, box) for a, b, box in above if a <= frame.time <= b]
            if any(share >= COVERED for share in over):
                continue
            if any(view.lets_be_seen(face.box) for view in views):
                continue
            if any(view.covers(face.box) for view in views):
                # What is written over a face has detail of its own.
                bare = closed and not any(over)
                if bare and face_detail(_cut(frame.image, face.box)) > DETAIL:
                    raise RenderError(
                        video.name, f"a face at {frame.time:.2f} s is not blurred enough",
                        "please report this",
                    )  # fmt: skip
                continue
            for view in views:
                box = in_source(face.box, view.time, view.framing, view.canvas)
                if box:
                    yield _Found(numbers[id(view.part.span)], view.time, box)


class _View:
    """What a span shows on one frame of the clip, and where on the screen."""

    def __init__(self, part: RenderPart, number: int, footage: Footage, output: Output) -> None:
        span: Span = part.span
        size = (footage.width, footage.height)
        self.part, fps = part, output.fps
        self.canvas = Canvas(size, (output.width, output.height))
        self.framing = framing_of(span)
        at = [(number - part.first + half) / fps for half in (-0.5, 0, 0.5)]
        before, self.time, after = (span.start + span.time_map.source(t) for t in at)
        self._blurred = self._on_screen(span.blur, before, after)
        self._seen = self._on_screen(span.may_be_seen, before, after)

    def _on_screen(self, tracks: list[list[CropKey]], before: float, after: float) -> list[Box]:
        arrays = [np.array(keys, float) for keys in tracks if keys]
        boxes = [box_between(*edges.tolist()) for edges in boxes_between(arrays, before, after)]
        return [
            seen for box in boxes for seen in on_screen(box, self.time, self.framing, self.canvas)
        ]

    def lets_be_seen(self, face: Box) -> bool:
        """Whether `face`, on the screen, is that of somebody who may be seen."""
        return any(_holds(box, face) for box in self._seen)

    def covers(self, face: Box) -> bool:
        """Whether the plan has `face`, on the screen, blurred."""
        return any(share_within(face, box) >= COVERED for box in self._blurred)


def framing_of(span: Span) -> Framing:
    """How the span of a plan is framed."""
    return Framing(span.layout, span.framing, tuple(span.crop), 1.0, tuple(span.below))


def face_detail(face: Picture) -> float:
    """How much a face (h, w, 3) shows that CELLS across and down would not, in standard deviations
    of its brightness: what three quarters of it stay below."""
    grey = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY).astype(np.float32)
    few = cv2.resize(grey, (CELLS, CELLS), interpolation=cv2.INTER_AREA)
    rest = np.abs(grey - cv2.resize(few, grey.shape[::-1], interpolation=cv2.INTER_CUBIC))
    # What is nearly even has no detail but the encoder's.
    return float(np.percentile(rest, 75)) / max(float(grey.std()), 8.0)


def _above(clip: Clip, preset: Preset, laid: Sequence[Overlay]) -> list[tuple[float, float, Box]]:
    """Start, end and place of texts and pictures: a logo or an emoji may well have a face. One that
    lies on a part of somebody's hides nobody."""
    wide, high = preset.output.width, preset.output.height
    places = [
        (block.caption.start, block.caption.end,
         (block.x / wide, (block.y + block.height / 2) / high, block.width / wide,
          block.height / high))
        for block in layout_captions(clip.captions, preset)
    ]  # fmt: skip
    for overlay in laid:
        across, down = struct.unpack(">II", overlay.png[16:24])
        box = box_in(overlay.x, overlay.y, across, down, (wide, high))
        places.append((overlay.start, overlay.end, box))
    return places


def _keys(found: Sequence[_Found]) -> list[list[CropKey]]:
    """The faces that were `found` in one span, in the order of time, as tracks to be blurred."""
    chains: list[list[_Found]] = []
    for each in sorted(found, key=lambda each: each.time):
        for chain in chains:
            if each.time - chain[-1].time <= LONGER and shared_area(each.box, chain[-1].box) > 0:
                chain.append(each)
                break
        else:
            chains.append([each])
    return [_track(chain) for chain in chains]


def _track(chain: Sequence[_Found]) -> list[CropKey]:
    # Two faces of one time are one key: the later one's place holds both.
    by_time = {round(each.time, 3): each.box for each in chain}
    boxes = np.array(list(by_time.values()))
    edges = np.clip(corners(boxes, WIDER), 0, 1)
    times = np.array(list(by_time))
    times = np.concatenate([[max(0.0, times[0] - LONGER)], times, [times[-1] + LONGER]])
    return thin_keys(times, np.vstack([edges[:1], edges, edges[-1:]]))


def _holds(box: Box, face: Box) -> bool:
    """Whether the middle of `face` lies in `box`."""
    return all(abs(box[k] - face[k]) <= box[k + 2] / 2 for k in (0, 1))


def _cut(image: Picture, box: Box) -> Picture:
    x0, y0, x1, y1 = nearest_pixels(np.clip(corners(box), 0, 1), image.shape)
    return image[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]
