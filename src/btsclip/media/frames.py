"""Frames for analysis: small, upright, with their true presentation times."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from queue import Queue
from typing import TYPE_CHECKING, Literal, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.geometry import pixels_of
from btsclip.intervals import Span
from btsclip.media.chapters import open_footage
from btsclip.media.footage import Footage

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.reformatter import VideoReformatter
    from av.video.stream import VideoStream

_of_thread = threading.local()
Picture = NDArray[np.uint8]
Skip = Literal["NONE", "NONREF"]
Item = TypeVar("Item")

# Longer side of the picture that hands are sought in, and of the one that motion is measured on.
LOOK_SIDE, SMALL_SIDE = 640, 160
# A glance compares a frame with one this many seconds later.
GLANCE_SECONDS = 0.1
# Seconds between glances where all frames are decoded.
GLANCE_EVERY = 0.5
# Keyframes further apart than this, in seconds, would miss whole actions; nearer ones than this
# are passed over, since some cameras write nothing but keyframes.
MAX_KEYFRAME_GAP, KEYFRAMES_APART = 1.3, 0.4
# Seconds by which a frame's time may have been rounded.
ROUNDING = 0.001


@dataclass(frozen=True)
class Frame:
    """One picture as it should be seen, upright, with square pixels and without bars baked in.

    `time` is in seconds of the footage; `small` is RGB (h, w, 3) with SMALL_SIDE pixels on its
    longer side. `image` has LOOK_SIDE pixels, or as many as asked for; it costs milliseconds and
    is made when asked for.
    """

    time: float
    key: bool
    small: Picture
    look: Callable[[], Picture]

    @cached_property
    def image(self) -> Picture:
        """The larger picture, RGB (h, w, 3)."""
        return self.look()

    @classmethod
    def of(cls, time: float, image: Picture, key: bool = False) -> Frame:
        """A frame of a picture that is there already."""
        scale = SMALL_SIDE / max(image.shape[:2])
        size = [max(16, round(side * scale)) for side in image.shape[1::-1]]
        small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        return cls(time, key, small, lambda: image)


def read_glances(footage: Footage) -> Iterator[tuple[Frame, Frame | None]]:
    """Pairs of a frame and one about GLANCE_SECONDS later, where there is one.

    Keyframes are taken where they are near enough to each other: the packets between them are not
    decoded, so this costs about a sixth of decoding the file. Elsewhere frames GLANCE_EVERY apart
    are taken.
    """
    gap = footage.max_keyframe_gap
    if gap is not None and gap <= MAX_KEYFRAME_GAP:
        return _ahead(_at_keyframes(footage))
    return _ahead(_sampled(footage))


def read_frames(footage: Footage, spans: Iterable[Span], *, rate: float) -> Iterator[Frame]:
    """About `rate` frames a second within `spans` (ordered, seconds).

    Frames no other frame refers to are not decoded and the deblocking filter is off: what is
    lost is invisible at this size. Raises FootageError when the file can't be decoded.
    """
    return _ahead(_decode(footage, list(spans), rate))


def read_every_frame(footage: Footage, span: Span, side: int = LOOK_SIDE) -> Iterator[Frame]:
    """All frames within `span`, each decoded in full, their larger picture with `side` pixels: for
    finding an exact time, or what must not be missed."""
    return _ahead(_decode(footage, [span], rate=10_000.0, skip="NONE", side=side))


def _at_keyframes(footage: Footage) -> Iterator[tuple[Frame, Frame | None]]:
    with open_footage(footage) as (container, stream):
        stream.thread_type = "AUTO"
        stream.codec_context.options = {"skip_loop_filter": "all"}
        decoded = _sparsely(container, stream)
        yield from _paired(footage, container, decoded, KEYFRAMES_APART, True)


def _sampled(footage: Footage) -> Iterator[tuple[Frame, Frame | None]]:
    with open_footage(footage) as (container, stream):
        stream.thread_type = "AUTO"
        stream.codec_context.skip_frame = "NONREF"
        stream.codec_context.options = {"skip_loop_filter": "all"}
        yield from _paired(footage, container, _every(container, stream), GLANCE_EVERY, False)


def _paired(
    footage: Footage,
    container: InputContainer,
    decoded: Iterable[VideoFrame],
    apart: float,
    keys_only: bool,
) -> Iterator[tuple[Frame, Frame | None]]:
    """Frames at least `apart` seconds apart, each with the first one GLANCE_SECONDS after it."""
    slack = 0.5 / max(footage.fps, 1.0)
    first: VideoFrame | None = None
    later: VideoFrame | None = None
    due = -math.inf
    for frame in decoded:
        if frame.time is None:
            continue
        if frame.time >= due - slack and (frame.key_frame or not keys_only):
            if first is not None:
                yield _frame(first, footage, container), _maybe(later, footage, container)
            # From the time it was due, or half a frame would be lost each time.
            due = max(due + apart, frame.time + apart - slack)
            first, later = frame, None
        elif first and later is None and frame.time >= (first.time or 0) + GLANCE_SECONDS - slack:
            later = frame
    if first is not None:
        yield _frame(first, footage, container), _maybe(later, footage, container)


def _sparsely(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Decoded keyframes and the few frames after each that a glance needs.

    Packets come in the order of decoding: all that a packet refers to was fed before it.
    """
    import av

    base = float(stream.time_base or 1)
    wait, apart = int(GLANCE_SECONDS / base), int(KEYFRAMES_APART / base)
    enough = True
    start: int | None = None
    for packet in container.demux(stream):
        if packet.pts is None and packet.size:
            continue
        time = packet.pts or 0
        if packet.is_keyframe and (start is None or time - start >= apart):
            enough, start = False, time
        elif packet.size and (enough or start is None or time < start):
            continue
        # The last, empty packet has the decoder give out what it still holds.
        enough = enough or (start is not None and time >= start + wait)
        yield from _tolerant(stream, packet, av.error.FFmpegError)


def _tolerant(
    stream: VideoStream, packet: Packet[VideoStream], fault: type[Exception]
) -> Iterator[VideoFrame]:
    """Frames that a packet completes; none when it is damaged: the next ones may be whole."""
    try:
        yield from stream.decode(packet)
    except fault:
        return


def _decode(
    footage: Footage,
    spans: list[Span],
    rate: float,
    skip: Skip = "NONREF",
    side: int = LOOK_SIDE,
) -> Iterator[Frame]:
    with open_footage(footage) as (container, stream):
        context = stream.codec_context
        stream.thread_type = "AUTO"
        context.skip_frame = skip
        context.options = {"skip_loop_filter": "all"}
        for start, end in spans:
            if start > 0.5:
                # A time that was rounded may lie just before its own keyframe.
                container.seek(_pts(container, start + ROUNDING), backward=True)
            yield from _span(container, stream, footage, (start, end), rate, side)


def _span(
    container: InputContainer,
    stream: VideoStream,
    footage: Footage,
    span: Span,
    rate: float,
    side: int,
) -> Iterator[Frame]:
    # Half a source frame of tolerance, or 6 a second of 29.97 would become 5.
    slack = 0.5 / max(footage.fps, 1.0)
    due = span[0]
    for frame in _every(container, stream):
        if frame.time is None:
            return
        time = frame.time - _origin(container)
        if time > span[1]:
            return
        if time >= due - slack:
            due = max(due + 1 / rate, time + 0.5 / rate)
            yield _frame(frame, footage, container, side)


def _every(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """All frames from where the container stands; a damaged one is passed over."""
    import av

    decoded = container.decode(stream)
    while True:
        try:
            frame = next(decoded, None)
        except av.error.FFmpegError:
            decoded = container.decode(stream)
            continue
        if frame is None:
            return
        yield frame


def _frame(
    frame: VideoFrame, footage: Footage, container: InputContainer, side: int = LOOK_SIDE
) -> Frame:
    return Frame(
        time=max(0.0, (frame.time or 0.0) - _origin(container)),
        key=bool(frame.key_frame),
        small=_within_bars(frame, footage, SMALL_SIDE),
        look=partial(_within_bars, frame, footage, side),
    )


def _maybe(frame: VideoFrame | None, footage: Footage, container: InputContainer) -> Frame | None:
    return None if frame is None else _frame(frame, footage, container)


def _origin(container: InputContainer) -> float:
    """Where the container's clock begins, in seconds."""
    import av

    return (container.start_time or 0) / av.time_base


def _within_bars(frame: VideoFrame, footage: Footage, side: int) -> Picture:
    """The picture of `frame` within bars, upright, its longer side `side` pixels."""
    if not footage.has_bars:
        return upright(frame, footage, side)
    # All of it is scaled so that what is left of it has the size.
    larger = side * max(footage.width, footage.height) / max(footage.picture_size)
    whole = upright(frame, footage, round(larger))
    rows, columns = pixels_of(footage.picture, whole.shape)
    return np.ascontiguousarray(whole[rows, columns])


def upright(frame: VideoFrame, footage: Footage, side: int) -> Picture:
    """`frame` as RGB with square pixels and turned upright, its longer side `side` pixels."""
    scale = min(1.0, side / max(footage.width, footage.height))
    size = [max(16, round(length * scale)) for length in (footage.width, footage.height)]
    if footage.rotation in (90, 270):
        size.reverse()
    scaler = _scaler(side)
    small = scaler.reformat(frame, size[0], size[1], "rgb24", interpolation="AREA", threads=1)
    # cv2 and np.rot90 turn counter-clockwise.
    return np.ascontiguousarray(np.rot90(small.to_ndarray(), -footage.rotation // 90))


def _scaler(side: int) -> VideoReformatter:
    """This thread's scaler for pictures of one size: a new one a frame costs as much as scaling."""
    from av.video.reformatter import VideoReformatter

    scalers: dict[int, VideoReformatter] = _of_thread.__dict__.setdefault("scalers", {})
    if side not in scalers:
        scalers[side] = VideoReformatter()
    return scalers[side]


def _pts(container: InputContainer, seconds: float) -> int:
    import av

    return int(seconds * av.time_base) + (container.start_time or 0)


def _ahead(source: Iterator[Item], depth: int = 3) -> Iterator[Item]:
    """Decodes in a thread of its own while the last frames are still being looked at."""
    queue: Queue[Item | BaseException | None] = Queue(depth)
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
