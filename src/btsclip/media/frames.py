"""Read frames for analysis: small, upright, with their true presentation times."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Callable, Container, Iterable, Iterator
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

_thread_data = threading.local()
Picture = NDArray[np.uint8]
Skip = Literal["NONE", "NONREF"]
Item = TypeVar("Item")

# Longer side in pixels of the picture for finding hands.
LOOK_SIDE = 640
# Longer side in pixels of the picture for measuring motion.
SMALL_SIDE = 160
# Seconds between the two frames of a glance.
GLANCE_SECONDS = 0.1
# Seconds between glances if all frames are decoded.
GLANCE_INTERVAL = 0.5
# Seconds between keyframes above which glances at keyframes would miss whole actions.
MAX_KEYFRAME_GAP = 1.3
# Minimum seconds between keyframes to use: some cameras write only keyframes.
MIN_KEYFRAME_INTERVAL = 0.4
# Seconds by which the time of a frame may be rounded.
ROUNDING_SECONDS = 0.001


@dataclass(frozen=True)
class Frame:
    """A picture of the footage, upright, with square pixels and without baked-in bars.

    `time` is in seconds of the footage. `small` is RGB (h, w, 3) with SMALL_SIDE pixels on its
    longer side. `make_image` scales the larger picture, which takes milliseconds.
    """

    time: float
    key: bool
    small: Picture
    make_image: Callable[[], Picture]

    @cached_property
    def image(self) -> Picture:
        """The larger picture, RGB (h, w, 3), by default with LOOK_SIDE on its longer side."""
        return self.make_image()

    @classmethod
    def of(cls, time: float, image: Picture, key: bool = False) -> Frame:
        """A frame from a picture in memory."""
        scale = SMALL_SIDE / max(image.shape[:2])
        size = [max(16, round(side * scale)) for side in image.shape[1::-1]]
        small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        return cls(time, key, small, lambda: image)


def read_glances(footage: Footage) -> Iterator[tuple[Frame, Frame | None]]:
    """Read pairs of a frame and the frame about GLANCE_SECONDS later, or None at the end.

    If keyframes are close enough to each other, only they and the frames after them are decoded,
    for about a sixth of the cost of decoding the file. Otherwise the pairs are GLANCE_INTERVAL
    apart.
    """
    gap = footage.max_keyframe_gap
    if gap is not None and gap <= MAX_KEYFRAME_GAP:
        return _read_ahead(_glance_at_keyframes(footage))
    return _read_ahead(_glance_at_intervals(footage))


def read_frames(footage: Footage, spans: Iterable[Span], *, rate: float) -> Iterator[Frame]:
    """Read about `rate` frames a second within the ascending `spans`, in seconds.

    Frames that no other frame refers to are not decoded, and the deblocking filter is off: the
    difference is invisible at this size. Raises FootageError when the file can't be decoded.
    """
    return _read_ahead(_decode(footage, list(spans), rate))


def read_every_frame(footage: Footage, span: Span, side: int = LOOK_SIDE) -> Iterator[Frame]:
    """Read all frames within `span`, fully decoded, for exact times and faces that must not be
    missed. Their larger picture has `side` pixels on its longer side."""
    return _read_ahead(_decode(footage, [span], rate=10_000.0, skip="NONE", side=side))


def _glance_at_keyframes(footage: Footage) -> Iterator[tuple[Frame, Frame | None]]:
    with open_footage(footage) as (container, stream):
        stream.thread_type = "AUTO"
        stream.codec_context.options = {"skip_loop_filter": "all"}
        keys: set[int] = set()
        decoded = _decode_keyframes(container, stream, keys)
        yield from _pair_frames(footage, container, decoded, MIN_KEYFRAME_INTERVAL, keys)


def _glance_at_intervals(footage: Footage) -> Iterator[tuple[Frame, Frame | None]]:
    with open_footage(footage) as (container, stream):
        stream.thread_type = "AUTO"
        stream.codec_context.skip_frame = "NONREF"
        stream.codec_context.options = {"skip_loop_filter": "all"}
        decoded = _decode_all(container, stream)
        yield from _pair_frames(footage, container, decoded, GLANCE_INTERVAL)


def _pair_frames(
    footage: Footage,
    container: InputContainer,
    decoded: Iterable[VideoFrame],
    interval: float,
    keys: Container[int] | None = None,
) -> Iterator[tuple[Frame, Frame | None]]:
    """Frames at least `interval` seconds apart, each with the first frame GLANCE_SECONDS later.

    If `keys` is given, the first frame of a pair is a keyframe: its time is one of them. Not all
    decoders mark keyframes (CineForm's does not).
    """
    slack = 0.5 / max(footage.fps, 1.0)
    first: VideoFrame | None = None
    later: VideoFrame | None = None
    due = -math.inf
    for frame in decoded:
        if frame.time is None:
            continue
        if frame.time >= due - slack and (keys is None or frame.key_frame or frame.pts in keys):
            if first is not None:
                yield _to_frame(first, footage, container), _to_optional(later, footage, container)
            # Count from the time when the frame was due, or half a frame is lost each time.
            due = max(due + interval, frame.time + interval - slack)
            first, later = frame, None
        elif first and later is None and frame.time >= (first.time or 0) + GLANCE_SECONDS - slack:
            later = frame
    if first is not None:
        yield _to_frame(first, footage, container), _to_optional(later, footage, container)


def _decode_keyframes(
    container: InputContainer, stream: VideoStream, keys: set[int]
) -> Iterator[VideoFrame]:
    """Decode keyframes and the few frames after each that a glance needs. Times of keyframes are
    added to `keys`.

    Packets come in the order of decoding: a packet refers only to earlier ones.
    """
    import av

    base = float(stream.time_base or 1)
    wait, interval = int(GLANCE_SECONDS / base), int(MIN_KEYFRAME_INTERVAL / base)
    enough = True
    start: int | None = None
    for packet in _read_packets(container, stream):
        if packet.pts is None and packet.size:
            continue
        time = packet.pts or 0
        if packet.is_keyframe and (start is None or time - start >= interval):
            enough, start = False, time
            keys.add(time)
        elif packet.size and (enough or start is None or time < start):
            continue
        # The last, empty packet flushes the decoder.
        enough = enough or (start is not None and time >= start + wait)
        yield from _decode_packet(stream, packet, av.error.FFmpegError)


def _read_packets(container: InputContainer, stream: VideoStream) -> Iterator[Packet[VideoStream]]:
    """The packets of `stream`, as far as a damaged file can be read."""
    import av

    with contextlib.suppress(av.error.FFmpegError):
        yield from container.demux(stream)


def _decode_packet(
    stream: VideoStream, packet: Packet[VideoStream], fault: type[Exception]
) -> Iterator[VideoFrame]:
    """The frames that a packet completes; none for a damaged packet, as the next may be good."""
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
                # A rounded time may be just before its own keyframe.
                container.seek(_pts(container, start + ROUNDING_SECONDS), backward=True)
            yield from _decode_span(container, stream, footage, (start, end), rate, side)


def _decode_span(
    container: InputContainer,
    stream: VideoStream,
    footage: Footage,
    span: Span,
    rate: float,
    side: int,
) -> Iterator[Frame]:
    # Half a frame of tolerance, or 6 frames a second of 29.97 would become 5.
    slack = 0.5 / max(footage.fps, 1.0)
    due = span[0]
    for frame in _decode_all(container, stream):
        if frame.time is None:
            return
        time = frame.time - _start_time(container)
        if time > span[1]:
            return
        if time >= due - slack:
            due = max(due + 1 / rate, time + 0.5 / rate)
            yield _to_frame(frame, footage, container, side)


def _decode_all(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Decode all frames from the current position; skip damaged ones."""
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


def _to_frame(
    frame: VideoFrame, footage: Footage, container: InputContainer, side: int = LOOK_SIDE
) -> Frame:
    return Frame(
        time=max(0.0, (frame.time or 0.0) - _start_time(container)),
        key=bool(frame.key_frame),
        small=_crop_bars(frame, footage, SMALL_SIDE),
        make_image=partial(_crop_bars, frame, footage, side),
    )


def _to_optional(
    frame: VideoFrame | None, footage: Footage, container: InputContainer
) -> Frame | None:
    return None if frame is None else _to_frame(frame, footage, container)


def _start_time(container: InputContainer) -> float:
    """Start of the container's clock in seconds."""
    import av

    return (container.start_time or 0) / av.time_base


def _crop_bars(frame: VideoFrame, footage: Footage, side: int) -> Picture:
    """The upright picture of `frame` without bars, with `side` pixels on its longer side."""
    if not footage.has_bars:
        return upright(frame, footage, side)
    # Scale the frame so that the rest, after cropping, has the size.
    full_side = side * max(footage.width, footage.height) / max(footage.picture_size)
    full = upright(frame, footage, round(full_side))
    rows, columns = pixels_of(footage.picture, full.shape)
    return np.ascontiguousarray(full[rows, columns])


def upright(frame: VideoFrame, footage: Footage, side: int) -> Picture:
    """`frame` as RGB (h, w, 3), upright with square pixels, with `side` pixels on its longer
    side."""
    scale = min(1.0, side / max(footage.width, footage.height))
    size = [max(16, round(length * scale)) for length in (footage.width, footage.height)]
    if footage.rotation in (90, 270):
        size.reverse()
    scaler = _scaler(side)
    small = scaler.reformat(frame, size[0], size[1], "rgb24", interpolation="AREA", threads=1)
    # cv2 and np.rot90 turn counter-clockwise.
    return np.ascontiguousarray(np.rot90(small.to_ndarray(), -footage.rotation // 90))


def _scaler(side: int) -> VideoReformatter:
    """The scaler of this thread for one size: a new one per frame costs as much as scaling."""
    from av.video.reformatter import VideoReformatter

    scalers: dict[int, VideoReformatter] = _thread_data.__dict__.setdefault("scalers", {})
    if side not in scalers:
        scalers[side] = VideoReformatter()
    return scalers[side]


def _pts(container: InputContainer, seconds: float) -> int:
    import av

    return int(seconds * av.time_base) + (container.start_time or 0)


def _read_ahead(source: Iterator[Item], depth: int = 3) -> Iterator[Item]:
    """Read from `source` in another thread while the caller works on earlier items."""
    queue: Queue[Item | BaseException | None] = Queue(depth)
    stopped = threading.Event()

    def work() -> None:
        try:
            for item in source:
                queue.put(item)
                if stopped.is_set():
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
        stopped.set()
        while thread.is_alive():
            while not queue.empty():
                queue.get_nowait()
            thread.join(0.05)
