"""Faces blurred beyond recognition: the plan's boxes as masks over a copy without detail.

The copy is the picture in so few cells that even the largest face is only CELLS of them across,
scaled up again; a smaller face has fewer. The masks have the rate of the output and are small;
ffmpeg scales them up. Each mask covers its boxes on every picture that its frame may show.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import corners, enclosing
from btsclip.media import Footage, output_error
from btsclip.plan import Span
from btsclip.render import color
from btsclip.render.camera import coded_size

# Cells across the larger side of the largest box, which is larger than its face. Twice as many are
# still too few for face recognition, and for eyes.
CELLS = 4
# Longer side of a mask in pixels: an edge then fades over 1/160 of the picture.
MASK_SIDE = 160
# A mask's outline is |x|^4 + |y|^4 = 1 through the corners of the box: round enough for a head.
ROUNDNESS = 4
# Mask pixels added around the outline, so that scaling up does not fade the box itself.
MARGIN = 1.5
# Seconds of masks after the span, for its pictures that fade into the next span.
SECONDS_AFTER = 1.0

Array = NDArray[np.floating[Any]]
Mask = NDArray[np.uint8]


def mask_name(span: Span, fps: int) -> str:
    """The name of the span's masks in the temp folder; equal masks have the same name."""
    key = span.model_dump_json(include={"source", "start", "end", "speeds", "blur"})
    return f"blur-{hashlib.blake2b(f'{key} {fps}'.encode(), digest_size=8).hexdigest()}.yuv"


def write_masks(
    spans: Iterable[Span], footage: Mapping[str, Footage], fps: int, folder: Path
) -> None:
    """Write the masks of all `spans` with a blur into the temp folder.

    Raises OutputError when the disk is full.
    """
    for span in spans:
        if has_blur(span):
            size = mask_size(footage[span.source])
            try:
                with (folder / mask_name(span, fps)).open("wb") as file:
                    file.writelines(map(_planes, masks(span, size, fps)))
            except OSError as error:
                raise output_error(folder.parent, error) from error


def has_blur(span: Span) -> bool:
    """Whether the span has anything to blur."""
    return any(span.blur)


def blur_boxes(picture: Any, span: Span, footage: Footage, fps: int, frames: int) -> Any:
    """Blur the span's boxes in the stream `picture`, which is upright, has the output's rate and
    ends after `frames` frames."""
    if not has_blur(span):
        return picture
    width, height = coded_size(footage)
    matrix = color.working_matrix(footage)
    is_fine = footage.bit_depth > 8 or color.keeps_colors(footage)
    pixel_format = "yuv420p10le" if is_fine else "yuv420p"
    picture = picture.filter("scale", **{**color.scale_options(footage), "out_range": "tv"})
    copies = picture.filter("format", pixel_format).filter_multi_output("split")
    coarse = copies[1].filter("scale", *cells(span, footage), flags="area")
    coarse = coarse.filter("scale", width, height, flags="bilinear")
    # A mask with another matrix than the picture's would be converted, and no longer be full.
    mask = ffmpeg.input(
        mask_name(span, fps), format="rawvideo", pixel_format="yuv420p",
        video_size=mask_size(footage), framerate=fps,
    ).filter("setparams", range="tv", colorspace=matrix)  # fmt: skip
    mask = mask.filter("scale", width, height, flags="bilinear").filter("format", pixel_format)
    merged = ffmpeg.filter([copies[0], coarse, mask], "maskedmerge")
    return merged.filter("trim", end_frame=frames)


def cells(span: Span, footage: Footage) -> tuple[int, int]:
    """Columns and rows of the copy in which no face can be recognized."""
    width, height = coded_size(footage)
    largest = max(max(key[3] * width, key[4] * height) for keys in span.blur for key in keys)
    cell = max(largest / CELLS, 2.0)
    return max(2, int(width / cell)), max(2, int(height / cell))


def mask_size(footage: Footage) -> tuple[int, int]:
    """Width and height of the masks: even, in the shape of the upright picture."""
    width, height = coded_size(footage)
    scale = MASK_SIDE / max(width, height)
    return max(2, 2 * round(width * scale / 2)), max(2, 2 * round(height * scale / 2))


def masks(span: Span, size: tuple[int, int], fps: int) -> Iterator[Mask]:
    """Masks (h, w) of the span's frames and of SECONDS_AFTER, 255 in the boxes and 0 elsewhere."""
    tracks = [np.array(keys, float) for keys in span.blur if keys]
    time_map = span.time_map
    for frame in range(round((span.seconds + SECONDS_AFTER) * fps) + 1):
        # A frame may show any picture whose time is within half a frame.
        first, last = (span.start + time_map.source((frame + half) / fps) for half in (-0.5, 0.5))
        yield _draw_mask(boxes_between(tracks, first, last), size)


def boxes_between(tracks: Sequence[Array], first: float, last: float) -> list[Array]:
    """The hull (left, top, right, bottom) of each track between the times `first` and `last`.

    Tracks (n, 5) are keys as in the plan. A track that does not exist at these times is left out.
    """
    return [box for keys in tracks if (box := _track_hull(keys, first, last)) is not None]


def _track_hull(keys: Array, first: float, last: float) -> Array | None:
    times = keys[:, 0]
    first, last = max(first, times[0]), min(last, times[-1])
    if first > last:
        return None
    inner = keys[(times >= first) & (times <= last), 1:]
    ends = [[np.interp(at, times, keys[:, k]) for k in range(1, 5)] for at in (first, last)]
    return enclosing(corners(np.vstack([inner, ends])))


def _draw_mask(boxes: Sequence[Array], size: tuple[int, int]) -> Mask:
    width, height = size
    mask = np.zeros((height, width), np.uint8)
    xs, ys = np.arange(width) + 0.5, np.arange(height) + 0.5
    for x0, y0, x1, y1 in boxes:
        x_radius, y_radius = (
            (side * length / 2) * 2 ** (1 / ROUNDNESS) + MARGIN
            for side, length in ((x1 - x0, width), (y1 - y0, height))
        )
        x = (np.abs(xs - (x0 + x1) / 2 * width) / x_radius) ** ROUNDNESS
        y = (np.abs(ys - (y0 + y1) / 2 * height) / y_radius) ** ROUNDNESS
        mask[y[:, None] + x[None, :] <= 1] = 255
    return mask


def _planes(mask: Mask) -> bytes:
    """The mask as planes of yuv420p; a pixel of the smaller planes is full if any of its four
    is."""
    height, width = mask.shape
    small = mask.reshape(height // 2, 2, width // 2, 2).max((1, 3))
    return b"".join(itertools.chain([mask.tobytes()], itertools.repeat(small.tobytes(), 2)))
