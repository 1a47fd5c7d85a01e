"""The index, the duration and the frame rate of a video stream, from its packets."""

from __future__ import annotations

import math
import struct
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.stream import VideoStream

# Seconds above which the duration that a file reports is not trusted: its last packet is read.
MAX_TRUSTED_DURATION = 86_400.0
# Ratio of two packet intervals from which the frame rate is variable; in containers with
# milliseconds, intervals alternate between 33 and 34.
VFR_RATIO = 1.5
# Seconds by which a take may begin after zero and its header still tell its duration: some writers
# of Matroska count it from zero, others from the start.
MAX_LEAD = 0.1
# Seconds that must be missing at the end of a file to be worth a word.
MIN_MISSING_SECONDS = 1.0
# Ratio of the frame rate in the header to that of the packets above which the header is wrong: two
# fields of a picture may be two packets, and times may be missing.
MAX_RATE_RATIO = 4.0
# A measured rate this near to the rate that ffmpeg guesses (as a share) is that rate.
MAX_RATE_ERROR = 2e-3
# Faults in a row after which a file can't be read any further.
MAX_FAULTS = 100
# The same where nothing was found in 64 kB of MPEG-TS: after 64 GB.
MAX_SKIPS = 1_000_000
# libavformat's flag of formats without an index whose times may jump: MPEG-TS, MPEG-PS and Ogg.
TIMES_MAY_JUMP = 0x0200


@dataclass(frozen=True)
class PacketIndex:
    """The index of a file: times of packets and keyframes in seconds, and the size in bytes that
    its entries require. `missing_from` is the time of the first packet beyond the end of the file;
    None if the file is complete."""

    times: list[float]
    keyframes: list[float]
    needed: int
    missing_from: float | None


def read_index(container: InputContainer, stream: VideoStream, size: int) -> PacketIndex:
    """Read the index of a stream in a file of `size` bytes; empty for a file without one."""
    base = float(stream.time_base or 0)
    times: list[float] = []
    keyframes: list[float] = []
    needed, missing_from = 0, None
    if container.format.flags & TIMES_MAY_JUMP:
        # What is known here are the few packets that were read to recognize the streams.
        return PacketIndex(times, keyframes, needed, missing_from)
    for entry in stream.index_entries:
        time = entry.timestamp * base
        times.append(time)
        if entry.is_keyframe:
            keyframes.append(time)
        needed = max(needed, entry.pos + entry.size)
        if entry.pos + entry.size > size and missing_from is None:
            missing_from = time
    return PacketIndex(times, keyframes, needed, missing_from)


def lacks_index(path: Path) -> bool:
    """Whether the file at `path` is an MP4 or MOV without its index, as a recording leaves it that
    was never finished."""
    kinds = set()
    with path.open("rb") as file:
        size, place = path.stat().st_size, 0
        while place + 8 <= size:
            file.seek(place)
            length, kind = struct.unpack(">I4s", file.read(8))
            kinds.add(kind)
            if length == 1:
                wide = file.read(8)
                length = struct.unpack(">Q", wide)[0] if len(wide) == 8 else 0
            if length < 8:
                break
            place += length
    return b"mdat" in kinds and not kinds & {b"moov", b"moof"}


def longest_gap(keyframes: list[float], first: float, duration: float) -> float:
    """Longest time without a keyframe in seconds, up to the end of the file, which is `duration`
    after the `first` packet."""
    return max(b - a for a, b in pairwise([*keyframes, first + duration]))


def picture_times(
    container: InputContainer, stream: VideoStream, index: PacketIndex, duration: float
) -> list[float]:
    """Times of pictures in seconds: of all if the index has them, else of the first packets."""
    times = index.times
    # Matroska, FLV and ASF index keyframes only.
    expected = duration * float(stream.average_rate or stream.guessed_rate or 0)
    only_keys = len(times) == len(index.keyframes) and len(times) < 0.5 * expected
    return _packet_times(container, stream) if len(times) < 3 or only_keys else times


def read_packets(container: InputContainer, *streams: Stream) -> Iterator[Packet[Any]]:
    """The packets of `streams` from the current position, as far as a damaged file can be read.

    A demuxer may step over a fault, or meet the same one for ever.
    """
    import av

    faults = skips = 0
    while faults < MAX_FAULTS and skips < MAX_SKIPS:
        try:
            for packet in container.demux(*streams):
                faults = skips = 0
                yield packet
            return
        except BlockingIOError:
            skips += 1
        except av.error.FFmpegError:
            faults += 1


def _packet_times(
    container: InputContainer, stream: VideoStream, max_packets: int = 300
) -> list[float]:
    """Times of the first packets in seconds, in ascending order."""
    import av

    # A file without seeking is read on from the current position.
    with suppress(av.error.FFmpegError):
        container.seek(0)
    packets = islice(read_packets(container, stream), max_packets)
    return sorted(float(p.pts * p.time_base) for p in packets if p.pts is not None)


def picture_duration(container: InputContainer, stream: VideoStream, start: float) -> float:
    """Seconds from the first packet of the file, at `start`, to the end of its last picture."""
    reported, of_pictures = _reported_duration(container, stream, start)
    if reported is None or reported > MAX_TRUSTED_DURATION:
        # Recorders that stream to a file write no duration.
        return _end_of_pictures(container, stream) - start
    if of_pictures:
        return reported
    # It may be the duration of a longer sound. If there is no picture late in the file, read all
    # of it.
    for share in (1.0, 0.9, 0.0):
        if _seek(container, stream, start + share * reported):
            last = _end_of_pictures(container, stream) - start
            if last > 0:
                return min(reported, last)
    return reported


def missing_end(container: InputContainer, start: float, duration: float) -> float | None:
    """Seconds from `start` to the end that the header of a Matroska file names, if neither its
    pictures, which last for `duration`, nor its sound reach it: the file was cut off. None for any
    other file."""
    import av

    if "matroska" not in container.format.name or not container.duration or start > MAX_LEAD:
        return None
    reported = container.duration / av.time_base
    if duration > reported - MIN_MISSING_SECONDS:
        return None
    with suppress(av.error.FFmpegError):
        container.seek(int((start + reported) * av.time_base), backward=True)
    ends = [
        float((packet.pts + (packet.duration or 0)) * packet.time_base)
        for packet in read_packets(container, *container.streams)
        if packet.pts is not None
    ]
    last = max(ends, default=start) - start
    return reported if 0 < last < reported - MIN_MISSING_SECONDS else None


def _reported_duration(
    container: InputContainer, stream: VideoStream, start: float
) -> tuple[float | None, bool]:
    """The duration that the file reports in seconds, or None, and whether it is that of its
    pictures."""
    import av

    if stream.duration and stream.time_base:
        lead = 0.0
        if stream.start_time is not None and container.start_time is not None:
            lead = float(stream.start_time * stream.time_base) - start
        return float(stream.duration * stream.time_base) + max(0.0, lead), True
    doubtful = start > MAX_LEAD and "matroska" in container.format.name
    if container.duration and not doubtful:
        return container.duration / av.time_base, False
    return None, False


def _seek(container: InputContainer, stream: VideoStream, seconds: float) -> bool:
    """Seek to the last keyframe before `seconds` of the container's clock. Returns whether it
    worked."""
    import av

    try:
        container.seek(int(seconds / float(stream.time_base or 1)), stream=stream, backward=True)
    except av.error.FFmpegError:
        return False
    return True


def _end_of_pictures(container: InputContainer, stream: VideoStream) -> float:
    """End of the last picture in seconds of the container's clock, reading from the current
    position."""
    last, untimed = 0.0, 0
    for packet in read_packets(container, stream):
        if packet.pts is not None:
            last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base))
            untimed = 0
        elif packet.size:
            untimed += 1
    return last + untimed / float(stream.average_rate or math.inf)


def frame_rate(stream: VideoStream, times: list[float], duration: float) -> float:
    """Mean frames per second, from the header or the ascending packet `times`.

    Some headers name the ticks of their clock: 60000 a second in a raw DV file of 25 pictures. So
    the header is not believed if packets at a constant rate are much rarer.
    """
    measured = 0.0
    if len(times) > 1 and times[-1] > times[0]:
        measured = (len(times) - 1) / (times[-1] - times[0])
    stated, guessed = float(stream.average_rate or 0), float(stream.guessed_rate or 0)
    if stated and not (measured and not is_variable(times) and stated > MAX_RATE_RATIO * measured):
        return stated
    # Times are rounded in some containers.
    is_guess_exact = measured and abs(guessed / measured - 1) < MAX_RATE_ERROR
    return guessed if is_guess_exact else measured or guessed or 1 / duration


def is_variable(times: list[float]) -> bool:
    """Whether ascending packet `times` show a variable frame rate.

    >>> is_variable([0.0, 0.033, 0.067, 0.1]), is_variable([0.0, 0.033, 0.1, 0.133])
    (False, True)
    """
    steps = sorted(b - a for a, b in pairwise(times) if b > a)
    if len(steps) < 3:
        return False
    # A few dropped frames are not a variable rate; one in fifty is.
    middle = steps[len(steps) // 2]
    odd = sum(step > middle * VFR_RATIO or step < middle / VFR_RATIO for step in steps)
    return odd > 0.02 * len(steps)
