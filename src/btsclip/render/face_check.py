"""The check of a finished clip for faces that must not be seen.

Every frame is searched. The plan must let a face be seen, or blur it until it has no detail left.
Any other face was missed by tracking and must be blurred as well.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.captions import Overlay, layout_captions
from btsclip.errors import RenderError
from btsclip.framing import Canvas, Framing, in_source, on_screen, thin_keys
from btsclip.geometry import (
    Box,
    box_between,
    box_in,
    corners,
    nearest_pixels,
    share_within,
    shared_area,
)
from btsclip.media import Footage, probe, read_every_frame
from btsclip.plan import Clip, CropKey, Span
from btsclip.presets import Output, Preset
from btsclip.render.blur import boxes_between
from btsclip.render.timeline import RenderPart, parts_of
from btsclip.signals import FaceSearch

# Renders of a clip, with more blur each time, until it is given up.
MAX_TRIES = 3
# Longer sides in pixels at which frames are searched.
SEARCH_SIDES = (640, 320, 160)
# Confidence from which a face counts.
MIN_CONFIDENCE = 0.5
# Share of a face that must be inside a box for the face to count as covered by it.
MIN_COVERED = 0.7
# Cells across a face that still show nothing of it, as when it is blurred.
CELLS = 12
# Difference of a blurred face from its cells, as `face_detail` measures it: blurred faces have 0.04
# to 0.07, others 0.36 to 0.68.
MAX_DETAIL = 0.2
# Standard deviation of brightness, 0..255, below which a face is nearly even.
MIN_DEVIATION = 8.0
# Margin of the blur on each side of a missed face, in its widths and heights.
BLUR_MARGIN = 0.4
# Seconds of blur before and after a missed face; faces no further apart are one track.
BLUR_SECONDS = 0.4

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class _UncoveredFace:
    """A face that must not be seen: the number of its span, and its time and box in the source."""

    span: int
    time: float
    box: Box


def find_uncovered_faces(
    video: Path,
    clip: Clip,
    footage: Mapping[str, Footage],
    preset: Preset,
    overlays: Sequence[Overlay] = (),
) -> dict[int, list[list[CropKey]]]:
    """Tracks that must be blurred, too, by the number of their span, so that the clip at `video`
    shows only faces that may be seen; empty when it does. Faces on `overlays` do not count.

    Raises RenderError for a face that is blurred too little.
    """
    if all(span.blur_faces == "none" for span in clip.spans):
        return {}
    faces = list(_uncovered_faces(video, clip, footage, preset, overlays))
    return {
        number: _blur_tracks([face for face in faces if face.span == number])
        for number in sorted({face.span for face in faces})
    }


def add_blur(clip: Clip, tracks: Mapping[int, list[list[CropKey]]]) -> Clip:
    """`clip` with more `tracks` to blur, by the number of their span."""
    spans = [
        span.model_copy(update={"blur": [*span.blur, *tracks.get(number, [])]})
        for number, span in enumerate(clip.spans)
    ]
    return clip.model_copy(update={"spans": spans})


def _uncovered_faces(
    video: Path,
    clip: Clip,
    footage: Mapping[str, Footage],
    preset: Preset,
    overlays: Sequence[Overlay],
) -> Iterator[_UncoveredFace]:
    search = FaceSearch(SEARCH_SIDES, MIN_CONFIDENCE)
    facts, output = probe(video), preset.output
    parts = [part for part in parts_of(clip, output) if part.card is None]
    numbers = {id(span): number for number, span in enumerate(clip.spans)}
    areas = _areas_on_top(clip, preset, overlays)
    for number, frame in enumerate(
        read_every_frame(facts, (0.0, facts.duration), side=max(output.width, output.height))
    ):
        shown = [part for part in parts if part.first <= number < part.end + part.extra_frames]
        views = [
            _View(part, number, footage[part.span.source], output)
            for part in shown
            if part.span.blur_faces != "none"
        ]
        if not views:
            continue
        # In a dissolve, the face may belong to a span that shows all faces.
        all_hidden = len(views) == len(shown)
        for face in search.find(frame.image):
            shares = [share_within(face.box, box) for a, b, box in areas if a <= frame.time <= b]
            if any(share >= MIN_COVERED for share in shares):
                continue
            if any(view.allows(face.box) for view in views):
                continue
            if any(view.covers(face.box) for view in views):
                # Text over a face has detail of its own.
                measurable = all_hidden and not any(shares)
                if measurable and face_detail(_crop(frame.image, face.box)) > MAX_DETAIL:
                    raise RenderError(
                        video.name, f"a face at {frame.time:.2f} s is not blurred enough",
                        "please report this",
                    )  # fmt: skip
                continue
            for view in views:
                box = in_source(face.box, view.time, view.framing, view.canvas)
                if box:
                    yield _UncoveredFace(numbers[id(view.part.span)], view.time, box)


class _View:
    """A span on one frame of the clip, with its blurred and its allowed boxes on the screen."""

    def __init__(self, part: RenderPart, number: int, footage: Footage, output: Output) -> None:
        span: Span = part.span
        size = (footage.width, footage.height)
        self.part, fps = part, output.fps
        self.canvas = Canvas(size, (output.width, output.height))
        self.framing = framing_of(span)
        times = [(number - part.first + half) / fps for half in (-0.5, 0, 0.5)]
        before, self.time, after = (span.start + span.time_map.source(t) for t in times)
        self._blurred = self._on_screen(span.blur, before, after)
        self._allowed = self._on_screen(span.may_be_seen, before, after)

    def _on_screen(self, tracks: list[list[CropKey]], before: float, after: float) -> list[Box]:
        arrays = [np.array(keys, float) for keys in tracks if keys]
        boxes = [box_between(*edges.tolist()) for edges in boxes_between(arrays, before, after)]
        return [
            visible
            for box in boxes
            for visible in on_screen(box, self.time, self.framing, self.canvas)
        ]

    def allows(self, face: Box) -> bool:
        """Whether `face`, on the screen, is of a person who may be seen."""
        return any(_has_middle(box, face) for box in self._allowed)

    def covers(self, face: Box) -> bool:
        """Whether the plan blurs `face`, on the screen."""
        return any(share_within(face, box) >= MIN_COVERED for box in self._blurred)


def framing_of(span: Span) -> Framing:
    """The framing of a plan's span."""
    return Framing(span.layout, span.framing, tuple(span.crop), 1.0, tuple(span.below))


def face_detail(face: Picture) -> float:
    """The difference of an RGB face (h, w, 3) from itself in CELLS by CELLS cells: the third
    quartile over its pixels, in standard deviations of its brightness."""
    gray = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY).astype(np.float32)
    cells = cv2.resize(gray, (CELLS, CELLS), interpolation=cv2.INTER_AREA)
    detail = np.abs(gray - cv2.resize(cells, gray.shape[::-1], interpolation=cv2.INTER_CUBIC))
    # A nearly even face has no detail but the encoder's.
    return float(np.percentile(detail, 75)) / max(float(gray.std()), MIN_DEVIATION)


def _areas_on_top(
    clip: Clip, preset: Preset, overlays: Sequence[Overlay]
) -> list[tuple[float, float, Box]]:
    """Start, end and box of each text and picture over the clip: a logo or an emoji may well have a
    face. An area over a part of a person's face hides nobody."""
    width, height = preset.output.width, preset.output.height
    areas = [
        (block.caption.start, block.caption.end,
         (block.x / width, (block.y + block.height / 2) / height, block.width / width,
          block.height / height))
        for block in layout_captions(clip.captions, preset)
    ]  # fmt: skip
    for overlay in overlays:
        columns, rows = struct.unpack(">II", overlay.png[16:24])
        box = box_in(overlay.x, overlay.y, columns, rows, (width, height))
        areas.append((overlay.start, overlay.end, box))
    return areas


def _blur_tracks(faces: Sequence[_UncoveredFace]) -> list[list[CropKey]]:
    """Tracks to blur for the uncovered faces of one span, in order of time."""
    chains: list[list[_UncoveredFace]] = []
    for face in sorted(faces, key=lambda face: face.time):
        for chain in chains:
            last = chain[-1]
            if face.time - last.time <= BLUR_SECONDS and shared_area(face.box, last.box) > 0:
                chain.append(face)
                break
        else:
            chains.append([face])
    return [_blur_track(chain) for chain in chains]


def _blur_track(chain: Sequence[_UncoveredFace]) -> list[CropKey]:
    # A track has one key per time: of two faces that overlap, the later box covers both.
    by_time = {round(face.time, 3): face.box for face in chain}
    boxes = np.array(list(by_time.values()))
    edges = np.clip(corners(boxes, BLUR_MARGIN), 0, 1)
    times = np.array(list(by_time))
    times = np.concatenate([[max(0.0, times[0] - BLUR_SECONDS)], times, [times[-1] + BLUR_SECONDS]])
    return thin_keys(times, np.vstack([edges[:1], edges, edges[-1:]]))


def _has_middle(box: Box, face: Box) -> bool:
    """Whether the middle of `face` is in `box`."""
    return all(abs(box[k] - face[k]) <= box[k + 2] / 2 for k in (0, 1))


def _crop(image: Picture, box: Box) -> Picture:
    x0, y0, x1, y1 = nearest_pixels(np.clip(corners(box), 0, 1), image.shape)
    return image[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]
