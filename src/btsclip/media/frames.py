"""Frames for analysis: small, upright, with their true presentation times."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from queue import Queue
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from btsclip.media.probe import Footage, open_video

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

Span = tuple[float, float]
Skip = Literal["NONE", "NONREF", "NONKEY"]


@dataclass(frozen=True)
class Frame:
    """One picture: `time` in seconds of the footage, `image` RGB (h, w, 3) as it should be seen."""

    time: float
    image: NDArray[np.uint8]
    key: bool


def keyframes(footage: Footage, *, width: int = 640) -> Iterator[Frame]:
    """Every keyframe of the file, `width` pixels on its longer side; costs little decoding."""
    return _ahead(_decode(footage, [(0.0, footage.duration)], width, rate=None))


def frames(
    footage: Footage, spans: Iterable[Span], *, rate: float = 6.0, width: int = 640
) -> Iterator[Frame]:
    """About `rate` frames a second within `spans` (ordered, seconds), longer side `width`.

    Frames no other frame refers to are not decoded and the deblocking filter is off: what is
    lost is invisible at this size. Raises FootageError when the file can't be decoded.
    """
    return _ahead(_decode(footage, list(spans), width, rate))


def every_frame(footage: Footage, span: Span, *, width: int = 640) -> Iterator[Frame]:
    """All frames within `span`, each decoded in full: for finding an exact time."""
    return _decode(footage, [span], width, rate=10_000.0, skip="NONE")


def _decode(
    footage: Footage, spans: list[Span], width: int, rate: float | None, skip: Skip | None = None
) -> Iterator[Frame]:
    with open_video(footage.path) as (container, stream):
        context = stream.codec_context
        stream.thread_type = "AUTO"
        context.skip_frame = skip or ("NONKEY" if rate is None else "NONREF")
        context.options = {"skip_loop_filter": "all"}
        for start, end in spans:
            if start > 0.5:
                container.seek(_pts(container, start), backward=True)
            yield from _span(container, stream, footage, (start, end), width, rate)


def _span(
    container: InputContainer,
    stream: VideoStream,
    footage: Footage,
    span: Span,
    width: int,
    rate: float | None,
) -> Iterator[Frame]:
    import av

    origin = (container.start_time or 0) / av.time_base
    # Half a source frame of tolerance, or 6 a second of 29.97 would become 5.
    slack = 0.5 / max(footage.fps, 1.0)
    due = span[0]
    decoded = container.decode(stream)
    while True:
        try:
            frame = next(decoded, None)
        except av.error.FFmpegError:
            # One damaged frame: the decoder goes on at the next one.
            decoded = container.decode(stream)
            continue
        if frame is None or frame.time is None:
            return
        time = frame.time - origin
        if time > span[1]:
            return
        if rate is not None:
            if time < due - slack:
                continue
            due = max(due + 1 / rate, time + 0.5 / rate)
        elif time < span[0] - slack:
            continue
        yield Frame(max(0.0, time), upright(frame, footage, width), bool(frame.key_frame))


def upright(frame: VideoFrame, footage: Footage, width: int) -> NDArray[np.uint8]:
    """`frame` as RGB with square pixels and turned upright, its longer side `width` pixels."""
    scale = min(1.0, width / max(footage.width, footage.height))
    size = [max(16, round(side * scale)) for side in (footage.width, footage.height)]
    if footage.rotation in (90, 270):
        size.reverse()
    small = frame.reformat(size[0], size[1], "rgb24", interpolation="AREA")
    # cv2 and np.rot90 turn counter-clockwise.
    return np.ascontiguousarray(np.rot90(small.to_ndarray(), -footage.rotation // 90))


def _pts(container: InputContainer, seconds: float) -> int:
    import av

    return int(seconds * av.time_base) + (container.start_time or 0)


def _ahead(source: Iterator[Frame], depth: int = 8) -> Iterator[Frame]:
    """Decodes in a thread of its own while the last frames are still being looked at."""
    queue: Queue[Frame | BaseException | None] = Queue(depth)
    left = threading.Event()

    def work() -> None:
        try:
            for frame in source:
                queue.put(frame)
                if left.is_set():
                    return
            queue.put(None)
        except BaseException as error:
            queue.put(error)

    thread = threading.Thread(target=work, name="decode", daemon=True)
    thread.start()
    try:
        while (item := queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        left.set()
        while thread.is_alive():
            while not queue.empty():
                queue.get_nowait()
            thread.join(0.05)
