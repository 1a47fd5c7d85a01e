"""Making faces unknowable: the plan's boxes as a mask over a copy of the picture without detail.

The copy is the picture in so few cells that even the largest face has no more than CELLS of them
across, drawn large again; a smaller face has fewer. Masks are drawn small, counted in the frames of
the output, and scaled up by ffmpeg. A mask holds its box on every picture that may be on the screen
at its time.
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
from btsclip.media.footage import Footage
from btsclip.media.output import output_error
from btsclip.plan.model import Span
from btsclip.render.camera import coded_size

# Cells across the larger side of the largest box, which is larger than its face. Recognisers make
# nothing of twice as many, nor do eyes.
CELLS = 4
# Longer side of the masks in pixels: an edge then fades over a hundred and sixtieth of the picture.
MASK_SIDE = 160
# The mask's outline is |x|^4 + |y|^4 = 1, round enough for a head, drawn about the box's corners;
# so much larger, in mask pixels, that scaling up does not fade what is in the box.
ROUND, SPARE = 4, 1.5
# Seconds of the screen after a span for which its pictures may be drawn, under the next one's.
AFTER = 1.0

Array = NDArray[np.floating[Any]]
Mask = NDArray[np.uint8]


def mask_name(span: Span, fps: int) -> str:
    """The name of the span's masks in the temp folder: the same for the same masks."""
    told = span.model_dump_json(include={"source", "start", "end", "speeds", "blur"})
    return f"blur-{hashlib.blake2b(f'{told} {fps}'.encode(), digest_size=8).hexdigest()}.yuv"


def write_masks(
    spans: Iterable[Span], footage: Mapping[str, Footage], fps: int, folder: Path
) -> None:
    """Writes the masks of all `spans` that have something to blur into the temp folder.

    Raises OutputError when it is full.
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
    """Whether anything of the span is to be blurred."""
    return any(span.blur)


def blurred(picture: Any, span: Span, footage: Footage, fps: int, frames: int) -> Any:
    """The stream `picture`, the span's source upright at the output's rate, with what the plan says
    blurred; `frames` pictures of it."""
    if not has_blur(span):
        return picture
    wide, high = coded_size(footage)
    matrix = "bt2020nc" if footage.hdr else "bt709"
    deep = "yuv420p" if footage.bit_depth <= 8 else "yuv420p10le"
    if footage.hdr:
        picture = picture.filter("setparams", colorspace=matrix).filter("scale", out_range="tv")
    else:
        picture = picture.filter("scale", out_color_matrix=matrix, out_range="tv")
    copies = picture.filter("format", deep).filter_multi_output("split")
    rough = copies[1].filter("scale", *cells(span, footage), flags="area")
    rough = rough.filter("scale", wide, high, flags="bilinear")
    # A mask of other colours than the picture's would be turned into these, and be full no more.
    mask = ffmpeg.input(
        mask_name(span, fps), format="rawvideo", pixel_format="yuv420p",
        video_size=mask_size(footage), framerate=fps,
    ).filter("setparams", range="tv", colorspace=matrix)  # fmt: skip
    mask = mask.filter("scale", wide, high, flags="bilinear").filter("format", deep)
    merged = ffmpeg.filter([copies[0], rough, mask], "maskedmerge")
    return merged.filter("trim", end_frame=frames)


def cells(span: Span, footage: Footage) -> tuple[int, int]:
    """Columns and rows of the copy of the picture that a face is not known in."""
    wide, high = coded_size(footage)
    largest = max(max(key[3] * wide, key[4] * high) for keys in span.blur for key in keys)
    cell = max(largest / CELLS, 2.0)
    return max(2, int(wide / cell)), max(2, int(high / cell))


def mask_size(footage: Footage) -> tuple[int, int]:
    """Width and height of the masks: even, in the shape of the upright picture."""
    wide, high = coded_size(footage)
    scale = MASK_SIDE / max(wide, high)
    return max(2, 2 * round(wide * scale / 2)), max(2, 2 * round(high * scale / 2))


def masks(span: Span, size: tuple[int, int], fps: int) -> Iterator[Mask]:
    """The masks (h, w) of the span's frames, and of AFTER seconds more, 255 where it is blurred."""
    tracks = [np.array(keys, float) for keys in span.blur if keys]
    time_map = span.time_map
    for frame in range(round((span.seconds + AFTER) * fps) + 1):
        # Of all pictures whose time is nearest to that of this frame one is shown.
        first, last = (span.start + time_map.source((frame + half) / fps) for half in (-0.5, 0.5))
        yield _mask(boxes_between(tracks, first, last), size)


def boxes_between(tracks: Sequence[Array], first: float, last: float) -> list[Array]:
    """The boxes (left, top, right, bottom) that hold each of `tracks` (n, 5; keys as in the plan)
    at all times from `first` to `last`; none for a track that is not there."""
    return [box for keys in tracks if (box := _between(keys, first, last)) is not None]


def _between(keys: Array, first: float, last: float) -> Array | None:
    times = keys[:, 0]
    first, last = max(first, times[0]), min(last, times[-1])
    if first > last:
        return None
    inner = keys[(times >= first) & (times <= last), 1:]
    ends = [[np.interp(at, times, keys[:, k]) for k in range(1, 5)] for at in (first, last)]
    return enclosing(corners(np.vstack([inner, ends])))


def _mask(boxes: Sequence[Array], size: tuple[int, int]) -> Mask:
    wide, high = size
    mask = np.zeros((high, wide), np.uint8)
    xs, ys = np.arange(wide) + 0.5, np.arange(high) + 0.5
    for x0, y0, x1, y1 in boxes:
        across, down = (
            (side * length / 2) * 2 ** (1 / ROUND) + SPARE
            for side, length in ((x1 - x0, wide), (y1 - y0, high))
        )
        x = (np.abs(xs - (x0 + x1) / 2 * wide) / across) ** ROUND
        y = (np.abs(ys - (y0 + y1) / 2 * high) / down) ** ROUND
        mask[y[:, None] + x[None, :] <= 1] = 255
    return mask


def _planes(mask: Mask) -> bytes:
    """The mask for brightness and, at half the size, twice for colour: all that lies in it."""
    high, wide = mask.shape
    small = mask.reshape(high // 2, 2, wide // 2, 2).max((1, 3))
    return b"".join(itertools.chain([mask.tobytes()], itertools.repeat(small.tobytes(), 2)))
