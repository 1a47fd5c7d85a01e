"""Read frames for analysis: small, upright, with their true presentation times."""

from __future__ import annotations

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
from btsclip.media.decoding import MIN_SEEK, PictureReader
from btsclip.media.fields import one_time
from btsclip.media.footage import Footage
from btsclip.media.jumps import MAX_STEP_BACK, jump_error
from btsclip.media.light import as_shown

if TYPE_CHECKING:
    from av.container import InputContainer
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


@dataclass(frozen=True)
class Frame:
    """A picture of the footage, upright, with square pixels and without baked-in bars.

    `time` is in seconds of the footage. `small` is RGB (h, w, 3) with SMALL_SIDE pixels on its
    longer side. `make_image` scales the larger picture, which takes milliseconds. A `damaged`
    frame was made from damaged data.
    """

    time: float
    key: bool
    small: Picture
    make_image: Callable[[], Picture]
    damaged: bool = False

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
        reader, keys = PictureReader(footage, container, stream), set[int]()
        decoded = _decode_keyframes(container, stream, reader, footage, keys)
        yield from _pair_frames(footage, decoded, MIN_KEYFRAME_INTERVAL, keys)


def _glance_at_intervals(footage: Footage) -> Iterator[tuple[Frame, Frame | None]]:
    with open_footage(footage) as (container, stream):
        stream.thread_type = "AUTO"
        stream.codec_context.skip_frame = "NONREF"
        stream.codec_context.options = {"skip_loop_filter": "all"}
        decoded = PictureReader(footage, container, stream).read_on()
        yield from _pair_frames(footage, decoded, GLANCE_INTERVAL)


def _pair_frames(
    footage: Footage,
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
        time = frame.time or 0.0
        if time >= due - slack and (keys is None or frame.key_frame or frame.pts in keys):
            if first is not None:
                yield _to_frame(first, footage), _to_optional(later, footage)
            # Count from the time when the frame was due, or half a frame is lost each time.
            due = max(due + interval, time + interval - slack)
            first, later = frame, None
        elif first and later is None and time >= (first.time or 0) + GLANCE_SECONDS - slack:
            later = frame
    if first is not None:
        yield _to_frame(first, footage), _to_optional(later, footage)


def _decode_keyframes(
    container: InputContainer,
    stream: VideoStream,
    reader: PictureReader,
    footage: Footage,
    keys: set[int],
) -> Iterator[VideoFrame]:
    """Decode keyframes and the few frames after each that a glance needs. Times of keyframes are
    added to `keys`.

    Packets come in the order of decoding: a packet refers only to earlier ones. Raises FootageError
    where times jump back.
    """
    base = float(stream.time_base or 1)
    wait, interval = int(GLANCE_SECONDS / base), int(MIN_KEYFRAME_INTERVAL / base)
    enough = True
    start: int | None = None
    for packet in reader.read_packets():
        if packet.pts is None and packet.size:
            continue
        time = packet.pts or 0
        if packet.is_keyframe and (start is None or time - start >= interval):
            enough, start = False, time
            keys.add(max(0, time - round(footage.start / base)))
        elif packet.size and (enough or start is None or time < start):
            if packet.is_keyframe and start is not None and time < start - MAX_STEP_BACK / base:
                before, after = start * base - footage.start, time * base - footage.start
                raise jump_error(container, footage.path, before, after)
            continue
        # The last, empty packet flushes the decoder.
        enough = enough or (start is not None and time >= start + wait)
        yield from reader.decode(packet)


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
        reader = PictureReader(footage, container, stream)
        for span in spans:
            decoded = reader.read_from(span[0]) if span[0] > MIN_SEEK else reader.read_on()
            yield from _within_span(decoded, footage, span, rate, side)


def _within_span(
    decoded: Iterable[VideoFrame], footage: Footage, span: Span, rate: float, side: int
) -> Iterator[Frame]:
    # Half a frame of tolerance, or 6 frames a second of 29.97 would become 5.
    slack = 0.5 / max(footage.fps, 1.0)
    due = span[0]
    for frame in decoded:
        time = frame.time or 0.0
        if time > span[1]:
            return
        if time >= due - slack:
            due = max(due + 1 / rate, time + 0.5 / rate)
            yield _to_frame(frame, footage, side)


def _to_frame(frame: VideoFrame, footage: Footage, side: int = LOOK_SIDE) -> Frame:
    return Frame(
        time=frame.time or 0.0,
        key=bool(frame.key_frame),
        small=_crop_bars(frame, footage, SMALL_SIDE),
        make_image=partial(_crop_bars, frame, footage, side),
        damaged=bool(frame.is_corrupt),
    )


def _to_optional(frame: VideoFrame | None, footage: Footage) -> Frame | None:
    return None if frame is None else _to_frame(frame, footage)


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
    scaler, frame = _scaler(side), one_time(frame, footage)
    small = scaler.reformat(frame, size[0], size[1], "rgb24", interpolation="AREA", threads=1)
    # cv2 and np.rot90 turn counter-clockwise.
    pixels = as_shown(np.asarray(small.to_ndarray(), np.uint8), footage)
    return np.ascontiguousarray(np.rot90(pixels, -footage.rotation // 90))


def _scaler(side: int) -> VideoReformatter:
    """The scaler of this thread for one size: a new one per frame costs as much as scaling."""
    from av.video.reformatter import VideoReformatter

    scalers: dict[int, VideoReformatter] = _thread_data.__dict__.setdefault("scalers", {})
    if side not in scalers:
        scalers[side] = VideoReformatter()
    return scalers[side]


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
