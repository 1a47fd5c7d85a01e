"""Read single upright pictures of footage near given times."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span
from btsclip.media.chapters import open_footage
from btsclip.media.decoding import PictureReader
from btsclip.media.footage import Footage
from btsclip.media.frames import upright

if TYPE_CHECKING:
    from av.video.frame import VideoFrame


# Seconds between keyframes to assume for a file without an index.
DEFAULT_INTERVAL = 2.0


@dataclass(frozen=True, eq=False)
class Still:
    """A picture, RGB (h, w, 3), upright with square pixels, and its time in seconds."""

    time: float
    pixels: NDArray[np.uint8]


def read_stills(
    footage: Footage, spans: Iterable[Span], side: int
) -> Generator[Still | None, None, None]:
    """Read a picture for each of the ascending `spans`, with `side` pixels on its longer side.

    A span with a keyframe costs one decoded frame; otherwise frames are decoded up to the first one
    in the span. Past the end of the file, the last frame is used. Yields None if nothing can be
    decoded. Raises FootageError when the file can't be opened.
    """
    interval = footage.keyframe_interval or DEFAULT_INTERVAL
    last: VideoFrame | None = None
    with open_footage(footage) as (container, stream):
        stream.thread_type = "AUTO"
        reader = PictureReader(footage, container, stream)
        decoded = reader.read_on()
        for start, end in spans:
            # Reading on is cheaper than seeking back to a keyframe that was already passed.
            if last is None or end - _time_of(last) >= interval:
                decoded, last = reader.read_from(end), None
            if last is None or _time_of(last) < start:
                for frame in decoded:
                    last = frame
                    if _time_of(frame) >= start:
                        break
            yield None if last is None else Still(_time_of(last), upright(last, footage, side))


def _time_of(frame: VideoFrame) -> float:
    return frame.time or 0.0
