"""Read single upright pictures of footage near given times."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span
from btsclip.media.chapters import open_footage
from btsclip.media.footage import Footage
from btsclip.media.frames import upright

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream


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
        origin = _seconds(container.start_time)
        decoded = _decode_timed(container, stream)
        for start, end in spans:
            # Reading on is cheaper than seeking back to a keyframe that was already passed.
            if last is None or end - _time_of(last, origin) >= interval:
                decoded, last = _seek_and_decode(container, stream, end, interval), None
            if last is None or _time_of(last, origin) < start:
                for frame in decoded:
                    last = frame
                    if _time_of(frame, origin) >= start:
                        break
            yield (
                None
                if last is None
                else Still(_time_of(last, origin), upright(last, footage, side))
            )


def _seek_and_decode(
    container: InputContainer, stream: VideoStream, time: float, interval: float
) -> Iterator[VideoFrame]:
    """Decode frames from the last keyframe before `time`.

    In containers without an index, seeking is a guess that may end too late: then it is repeated
    for an earlier time, and finally for the start.
    """
    import av

    origin = _seconds(container.start_time)
    frames: Iterator[VideoFrame] = iter(())
    for goal in (time, time - 2 * interval, 0.0):
        # A file without seeking is read on from the current position.
        with contextlib.suppress(av.error.FFmpegError):
            container.seek(round((max(0.0, goal) + origin) * av.time_base), backward=True)
        frames = _decode_timed(container, stream)
        first = next(frames, None)
        if first is not None:
            frames = itertools.chain([first], frames)
            if _time_of(first, origin) <= time:
                break
    return frames


def _decode_timed(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Decode frames that have a time; skip damaged ones."""
    import av

    decoded = container.decode(stream)
    while True:
        try:
            frame = next(decoded, None)
        except av.error.EOFError:
            return
        except av.error.FFmpegError:
            decoded = container.decode(stream)
            continue
        if frame is None:
            return
        if frame.time is not None:
            yield frame


def _time_of(frame: VideoFrame, origin: float) -> float:
    return max(0.0, (frame.time or 0.0) - origin)


def _seconds(container_time: int | None) -> float:
    import av

    return (container_time or 0) / av.time_base
