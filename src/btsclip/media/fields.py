"""Interlaced pictures: two fields, each of every other line, a fiftieth or sixtieth of a second
apart.

Flags say which pictures are. Some cameras flag whole pictures, too (PsF: progressive in segments),
and some capture cards flag none; so pictures that move are looked at by libavfilter's idet.
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.filter.graph import Graph
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from btsclip.media.footage import Footage

# "top" and "bottom" name the field that was exposed first; "segmented" are whole pictures, stored
# as two fields.
Scan = Literal["progressive", "top", "bottom", "segmented"]

# Codecs whose pictures can be interlaced, also some of them only.
MIXED_CODECS = {
    "cfhd", "dnxhd", "dvvideo", "ffv1", "h264", "mjpeg", "mpeg1video", "mpeg2video", "mpeg4",
    "prores", "rawvideo", "v210", "vc1",
}  # fmt: skip
# Sizes of interlaced television, and its frames a second.
RASTERS = {
    (1920, 1080), (1920, 1088), (1440, 1080), (720, 576), (704, 576), (720, 480), (720, 486),
    (704, 480), (640, 480),
}  # fmt: skip
FRAME_RATES = (24.5, 30.5)
# Tags that phones write, which record no fields.
PHONE_TAGS = {"com.android.version", "com.apple.quicktime.make"}
# Where in the take pictures are looked at, as shares of its length, and how many at each place.
PLACES = (0.2, 0.5, 0.8)
PICTURES = 5
# Pictures that must move to tell whole ones from fields, out of 15; and the share that must agree.
MIN_MOVING = 3
MIN_AGREEING = 0.9
# A take without flags is called interlaced only if more move, at more than one place.
MIN_HIDDEN = 6
_FIRST_FIELDS: dict[str, Scan] = {"tff": "top", "bff": "bottom"}
# libavcodec's numbers of field orders that begin with the bottom field.
_BOTTOM_FIRST = (3, 5)

_thread_data = threading.local()


def may_be_interlaced(footage: Footage) -> bool:
    """Whether any picture of the take may hold two fields that belong to different times."""
    if footage.scan == "progressive":
        return footage.codec in MIXED_CODECS
    return footage.scan != "segmented"


def find_scan(
    container: InputContainer, stream: VideoStream, frame: VideoFrame, footage: Footage
) -> tuple[Scan, bool]:
    """How the pictures of `footage` are scanned, and whether their flags say so.

    Looks at pictures only if the flag of the first `frame` may be wrong. Moves the place at which
    `container` is read.
    """
    if not frame.interlaced_frame and not _may_hide_fields(container, footage):
        return "progressive", True
    seen = []
    for place in _look_at_places(container, stream, footage.duration):
        seen.append(place)
        # Most takes without a flag are what they seem; one look is enough.
        if not frame.interlaced_frame and place["progressive"] > place.total() / 2:
            return "progressive", True
    counts = sum(seen, Counter[str]())
    moving = counts.total()
    first, count = max(((name, counts[name]) for name in _FIRST_FIELDS), key=lambda item: item[1])
    if not frame.interlaced_frame:
        places = sum(place[first] > 0 for place in seen)
        is_hidden = count >= max(MIN_HIDDEN, MIN_AGREEING * moving) and places > 1
        return (_FIRST_FIELDS[first], False) if is_hidden else ("progressive", True)
    if counts["progressive"] >= max(MIN_MOVING, MIN_AGREEING * moving):
        return "segmented", True
    if count:
        return _FIRST_FIELDS[first], True
    is_bottom = int(stream.codec_context.field_order) in _BOTTOM_FIRST
    return ("bottom" if is_bottom or stream.codec_context.name == "dvvideo" else "top"), True


def _may_hide_fields(container: InputContainer, footage: Footage) -> bool:
    return (
        (footage.coded_width, footage.coded_height) in RASTERS
        and FRAME_RATES[0] <= footage.fps <= FRAME_RATES[1]
        and footage.codec in MIXED_CODECS
        and not footage.vfr
        and not PHONE_TAGS & container.metadata.keys()
    )


def _look_at_places(
    container: InputContainer, stream: VideoStream, duration: float
) -> Iterator[Counter[str]]:
    """Count "tff", "bff" and "progressive" among the moving pictures at each place."""
    import av

    starts: set[int | None] = set()
    for share in PLACES:
        at = round(share * duration * av.time_base) + (container.start_time or 0)
        with contextlib.suppress(av.error.FFmpegError):
            container.seek(at, backward=True)
            frames = list(islice(container.decode(stream), PICTURES))
            # With few keyframes, a seek may go where the one before it went.
            if frames and frames[0].pts not in starts:
                starts.add(frames[0].pts)
                yield _count_fields(frames)


def _count_fields(frames: Sequence[VideoFrame]) -> Counter[str]:
    graph = _graph(frames[0], "idet", "")
    names: list[str] = []
    for frame in frames:
        graph.vpush(frame)
        judged = _pulled(graph)
        names += [str(done.metadata.get("lavfi.idet.single.current_frame")) for done in judged]
    return Counter(name for name in names if name != "undetermined")


def one_time(frame: VideoFrame, footage: Footage) -> VideoFrame:
    """`frame`, or only its upper field, of half its height, if its two fields belong to different
    times. Nothing is copied."""
    has_fields = frame.interlaced_frame or not footage.scan_flagged
    if not has_fields or footage.scan == "segmented":
        return frame
    graphs: dict[tuple[int, int, str], Graph] = _thread_data.__dict__.setdefault("graphs", {})
    key = frame.width, frame.height, frame.format.name
    if key not in graphs:
        graphs[key] = _graph(frame, "field", "top")
    graphs[key].vpush(frame)
    return next(_pulled(graphs[key]), frame)


def _graph(frame: VideoFrame, name: str, arguments: str) -> Graph:
    """A graph of one filter for pictures such as `frame`."""
    from fractions import Fraction

    from av.filter.graph import Graph

    graph = Graph()
    nodes = (
        graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format,
            time_base=frame.time_base or Fraction(1, 90_000),
        ),
        graph.add(name, arguments),
        graph.add("buffersink"),
    )  # fmt: skip
    graph.link_nodes(*nodes).configure()
    return graph


def _pulled(graph: Graph) -> Iterator[VideoFrame]:
    """The frames that `graph` has finished."""
    import av

    with contextlib.suppress(BlockingIOError, av.error.EOFError):
        while True:
            frame = graph.vpull()
            if frame is None:
                return
            yield frame
