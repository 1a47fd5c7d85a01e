"""Read glances: pairs of frames over all of a take, at the least cost."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING

from btsclip.media.chapters import open_footage
from btsclip.media.decoding import PictureReader
from btsclip.media.footage import Footage
from btsclip.media.frames import Frame, read_ahead, to_frame
from btsclip.media.jumps import MAX_STEP_BACK, jump_error
from btsclip.media.packets import read_packets

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# Seconds between the two frames of a glance.
GLANCE_SECONDS = 0.1
# Seconds between glances if all frames are decoded.
GLANCE_INTERVAL = 0.5
# Seconds between keyframes above which glances at keyframes would miss whole actions.
MAX_KEYFRAME_GAP = 1.3
# Minimum seconds between keyframes to use: some cameras write only keyframes.
MIN_KEYFRAME_INTERVAL = 0.4


def read_glances(footage: Footage) -> Iterator[tuple[Frame, Frame | None]]:
    """Read pairs of a frame and the frame about GLANCE_SECONDS later, or None at the end.

    If keyframes are close enough to each other, only they and the frames after them are decoded,
    for about a sixth of the cost of decoding the file. Otherwise the pairs are GLANCE_INTERVAL
    apart.
    """
    if _keyframes_suffice(footage):
        return read_ahead(_glance_at_keyframes(footage))
    return read_ahead(_glance_at_intervals(footage))


def glance_interval(footage: Footage) -> float:
    """Usual time in seconds between two glances at footage that has no hole."""
    # At a variable rate, pictures may stand still as long.
    if footage.max_keyframe_gap and (footage.vfr or _keyframes_suffice(footage)):
        return footage.max_keyframe_gap
    return max(GLANCE_INTERVAL, 1 / footage.fps)


def _keyframes_suffice(footage: Footage) -> bool:
    gap = footage.max_keyframe_gap
    return gap is not None and gap <= MAX_KEYFRAME_GAP


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
                yield to_frame(first, footage), _to_optional(later, footage)
            # Count from the time when the frame was due, or half a frame is lost each time.
            due = max(due + interval, time + interval - slack)
            first, later = frame, None
        elif first and later is None and time >= (first.time or 0) + GLANCE_SECONDS - slack:
            later = frame
    if first is not None:
        yield to_frame(first, footage), _to_optional(later, footage)


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
    for packet in read_packets(container, stream):
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


def _to_optional(frame: VideoFrame | None, footage: Footage) -> Frame | None:
    return None if frame is None else to_frame(frame, footage)
