"""Single upright pictures out of footage, from near the times asked for."""

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


# Seconds between keyframes where the file does not say.
USUAL_INTERVAL = 2.0


@dataclass(frozen=True, eq=False)
class Still:
    """A picture, RGB (h, w, 3) upright with square pixels, and its time in seconds."""

    time: float
    pixels: NDArray[np.uint8]


def read_stills(
    footage: Footage, spans: Iterable[Span], side: int
) -> Generator[Still | None, None, None]:
    """For each of `spans`, which ascend, a picture with `side` pixels on its longer side.

    A keyframe in the span costs one decoded frame; where none is near, frames are decoded up to
    the first one in it. Past the end the last frame stands in; None where nothing can be decoded.
    Raises FootageError when the file can't be opened.
    """
    interval = footage.keyframe_interval or USUAL_INTERVAL
    last: VideoFrame | None = None
    with open_footage(footage) as (container, stream):
        stream.thread_type = "AUTO"
        origin = _seconds(container.start_time)
        decoded = _whole(container, stream)
        for start, end in spans:
            # Going on is cheaper than seeking back to a keyframe that was passed already.
            if last is None or end - _at(last, origin) >= interval:
                decoded, last = _from(container, stream, end, interval), None
            if last is None or _at(last, origin) < start:
                for frame in decoded:
                    last = frame
                    if _at(frame, origin) >= start:
                        break
            yield None if last is None else Still(_at(last, origin), upright(last, footage, side))


def _from(
    container: InputContainer, stream: VideoStream, time: float, interval: float
) -> Iterator[VideoFrame]:
    """Frames from the last keyframe before `time` on.

    Containers without an index are searched by guessing, which may end too late: then once more
    from further before, and at last from the start.
    """
    import av

    origin = _seconds(container.start_time)
    frames: Iterator[VideoFrame] = iter(())
    for goal in (time, time - 2 * interval, 0.0):
        # A file that can't be searched at all is read on from where it is.
        with contextlib.suppress(av.error.FFmpegError):
            container.seek(round((max(0.0, goal) + origin) * av.time_base), backward=True)
        frames = _whole(container, stream)
        first = next(frames, None)
        if first is not None:
            frames = itertools.chain([first], frames)
            if _at(first, origin) <= time:
                break
    return frames


def _whole(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Frames with a time; damaged ones are passed over."""
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


def _at(frame: VideoFrame, origin: float) -> float:
    return max(0.0, (frame.time or 0.0) - origin)


def _seconds(container_time: int | None) -> float:
    import av

    return (container_time or 0) / av.time_base
