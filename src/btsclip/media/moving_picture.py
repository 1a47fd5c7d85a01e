"""Choose the moving picture among several video streams of a file.

Phones and editing programs add streams that are no videos: cover pictures, thumbnails, and the
photograph of a motion photo, which may be marked as the default.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from btsclip.media.packets import read_packets

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

# A stream with less than this share of the pictures of another one is not the moving picture.
MIN_SHARE = 0.125
# Packets of the video streams to count where the file does not say how many there are: ten seconds.
MAX_PACKETS = 600


def moving_streams(container: InputContainer) -> list[VideoStream]:
    """The video streams that may be the take, in the order of the file; none for sound only."""
    from av.stream import Disposition

    still = Disposition.attached_pic | Disposition.still_image | Disposition.timed_thumbnails
    streams = [stream for stream in container.streams.video if not stream.disposition & still]
    if len(streams) < 2:
        return streams
    pictures = {stream.index: stream.frames for stream in streams}
    if not all(pictures.values()):
        pictures = _count_packets(container, streams)
    enough = MIN_SHARE * max(pictures.values())
    return [stream for stream in streams if pictures[stream.index] >= enough]


def _count_packets(container: InputContainer, streams: list[VideoStream]) -> dict[int, int]:
    """The number of packets of each of `streams` near the start of the file, by index."""
    import av

    counts = Counter({stream.index: 0 for stream in streams})
    try:
        for packet in islice(read_packets(container, *streams), MAX_PACKETS):
            counts[packet.stream.index] += packet.size > 0
        container.seek(container.start_time or 0)
    except av.error.FFmpegError:
        # What can't be read is reported when its pictures are decoded.
        pass
    return counts
