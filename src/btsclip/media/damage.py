"""Parts of a take that can't be read: a file that was cut short, and damage in its middle.

A picture is made from the ones before it. So damage lasts from the first picture that can't be
decoded to the next keyframe.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from btsclip.intervals import Span, merge
from btsclip.media.chapters import open_footage
from btsclip.media.decoding import MIN_SEEK, PictureReader
from btsclip.media.footage import Footage

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# Seconds without a picture from which on pictures are missing, in a take with a steady rate.
MIN_HOLE_SECONDS = 0.5


def find_damage(footage: Footage, span: Span) -> list[Span]:
    """The damaged parts of `span`, in seconds and in order; all of its pictures are decoded.

    Raises FootageError when the file can't be opened.
    """
    damaged: list[Span] = []
    length = 1 / max(footage.fps, 1.0)
    begun: float | None = None
    good = span[0] - length
    with open_footage(footage) as (container, stream):
        stream.thread_type = "AUTO"
        for time, frame in _decode(footage, container, stream, span[0]):
            if frame is None or frame.is_corrupt:
                begun = good + length if begun is None else begun
            elif time < span[0]:
                begun = None if frame.key_frame else begun
            else:
                if begun is None and time - good > MIN_HOLE_SECONDS and not footage.vfr:
                    begun = good + length
                if begun is not None and frame.key_frame:
                    damaged.append((begun, time))
                    begun = None
                good = time
            if time > span[1] and begun is None:
                break
        else:
            ends_early = footage.duration - good > MIN_HOLE_SECONDS + length and not footage.vfr
            if begun is not None or ends_early:
                damaged.append((good + length if begun is None else begun, footage.duration))
    return [
        (round(start, 3), round(end, 3))
        for start, end in merge(damaged, (0.0, footage.duration), gap=length)
    ]


def _decode(
    footage: Footage, container: InputContainer, stream: VideoStream, start: float
) -> Iterator[tuple[float, VideoFrame | None]]:
    """The pictures from the keyframe before `start` on, each with its time in seconds.

    Gives None for a packet that can't be decoded, with the time of the last picture.
    """
    reader = PictureReader(footage, container, stream)
    time = 0.0
    for picture in reader.read_all_from(start) if start > MIN_SEEK else reader.read_all():
        if picture is not None:
            time = picture.time or 0.0
        yield time, picture
