"""Takes whose times jump, as those of recordings that were joined byte by byte.

There, a time no longer names one picture: neither the analysis nor ffmpeg would find the right one.
"""

from __future__ import annotations

import statistics
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from btsclip.errors import FootageError
from btsclip.media.packets import TIMES_MAY_JUMP, read_packets
from btsclip.wording import clock

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

# Seconds by which pictures may be out of order: damaged files mix up some.
MAX_STEP_BACK = 0.5
# Places in a file, at equal distances, at which times are read.
PLACES = 32
# Seconds between neighboring places that are no jump, and how many times the usual distance.
MAX_STEP = 60.0
MAX_STEP_RATIO = 8.0
# Packets read at a place to find one with a time.
MAX_PACKETS = 100


def check_for_jumps(container: InputContainer, stream: VideoStream, path: Path, size: int) -> None:
    """Raise FootageError if the times of a file of `size` bytes jump, in a container where they
    may. Short jumps back are found only when the pictures are read."""
    if not container.format.flags & TIMES_MAY_JUMP:
        return
    times = {
        place: time
        for place in range(PLACES)
        if (time := _time_at(container, stream, place, size / PLACES)) is not None
    }
    if len(times) < 2:
        return
    # Where a part of the file can't be read, more time lies between the places around it.
    counts = [after - before for before, after in pairwise(times)]
    steps = [after - before for before, after in pairwise(times.values())]
    usual = statistics.median(step / count for step, count in zip(steps, counts, strict=True))
    start = next(iter(times.values()))
    for (before, after), count in zip(pairwise(times.values()), counts, strict=True):
        if not -MAX_STEP_BACK <= after - before <= count * max(MAX_STEP, MAX_STEP_RATIO * usual):
            raise jump_error(container, path, before - start, after - start)


def _time_at(
    container: InputContainer, stream: VideoStream, place: int, distance: float
) -> float | None:
    """The time in seconds of the first picture at a place, which is `distance` bytes before the
    next one; None if there is none or the container can't seek there."""
    import av

    try:
        container.seek(round(place * distance), unsupported_byte_offset=True)
        for _, packet in zip(range(MAX_PACKETS), read_packets(container, stream), strict=False):
            if packet.pts is not None:
                is_here = packet.pos is None or packet.pos < (place + 1) * distance
                return float(packet.pts * packet.time_base) if is_here else None
    except av.error.FFmpegError:
        return None
    return None


def jump_error(container: InputContainer, path: Path, before: float, after: float) -> FootageError:
    """The error for a take whose times jump near `before`, in seconds of the take, to `after`."""
    start, end = clock(before, tenths=True), clock(abs(after), tenths=True)
    where = f"at about {start} its times jump {'back' if after < before else 'ahead'}"
    cure = "cut the recordings one by one, or join them again with a program that gives one clock"
    # In other containers, ffmpeg's copying would put the second recording on one time.
    if container.format.flags & TIMES_MAY_JUMP:
        command = f"ffmpeg -fflags +genpts -i {path.name} -c copy {path.stem}-joined.mkv"
        cure = f"give it one clock with `{command}`, and cut that file"
    return FootageError(
        path,
        f"{where} to {'-' * (after < 0)}{end}, as if recordings were joined byte by byte",
        cure,
    )
