"""Probe a file: read its facts by decoding hardly more than its first picture."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from btsclip.errors import FootageError
from btsclip.intervals import Span
from btsclip.media.audio_tracks import first_track, read_tracks, sound_facts
from btsclip.media.bare_streams import bare_error, is_bare
from btsclip.media.fields import find_scan
from btsclip.media.footage import Footage
from btsclip.media.jumps import check_for_jumps
from btsclip.media.opening import open_video, reason_of
from btsclip.media.packets import (
    PacketIndex,
    frame_rate,
    is_variable,
    longest_gap,
    missing_end,
    picture_duration,
    picture_times,
    read_index,
    read_packets,
)
from btsclip.media.paths import absolute
from btsclip.media.photographs import is_photograph, photograph_error
from btsclip.media.recording_time import recording_clock, recording_start, timecode_of
from btsclip.media.unfit import unfit_picture

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# ITU-T H.273 transfer characteristics.
HDR_TRANSFERS = {16: "pq", 18: "hlg"}
# Seconds that are worth reading of a file that was cut short.
MIN_READABLE_SECONDS = 1.0
# Longest duration in seconds. A file that claims more is damaged: measurements take memory for each
# second.
MAX_DURATION = 864_000.0
# Packets at the start of a file that may be damaged: a minute of pictures.
MAX_DAMAGED_PACKETS = 3600


def probe(path: str | Path) -> Footage:
    """Read the facts of one source file. The path in the result is absolute.

    Raises FootageError for anything but a readable video (missing, empty, text, sound only, a still
    picture, truncated), and for camera raw and 360 video.
    """
    import av

    path = Path(path)
    try:
        with open_video(path) as (container, stream):
            _check_kind(path, container, stream)
            return _read_facts(absolute(path), container, stream)
    except av.error.FFmpegError as error:
        raise FootageError(
            path, f"can't be decoded ({reason_of(error)})", "copy it from the camera again"
        ) from error


def _check_kind(path: Path, container: InputContainer, stream: VideoStream) -> None:
    """Raise FootageError for a picture, and for a stream without a container."""
    if is_photograph(path, container):
        raise photograph_error(path)
    if is_bare(container):
        raise bare_error(path, stream)


def _read_facts(path: Path, container: InputContainer, stream: VideoStream) -> Footage:
    import av

    size = path.stat().st_size
    index = read_index(container, stream, size)
    frame, is_first = _first_picture(container, stream)
    if frame is None:
        raise FootageError(path, "holds no picture that can be decoded", "copy it again")
    if unfit := unfit_picture(frame):
        raise unfit.error(path)
    check_for_jumps(container, stream, path, size)
    start = (container.start_time or 0) / av.time_base
    first = max(0.0, (frame.time or 0.0) - start)
    duration, lost = _readable_length(path, container, stream, index)
    if not is_first:
        lost = ((0.0, first), *lost)
    keys = [key for key in index.keyframes if key < start + duration]
    times = picture_times(container, stream, index, duration)
    rate = frame_rate(stream, times, duration) if duration > 0 else 0.0
    if duration * rate < 1.5:
        raise FootageError(path, "holds a single picture, not a video", "name a video")
    if duration > MAX_DURATION:
        raise FootageError(
            path, f"has an impossible duration ({duration / 86_400:,.0f} days)", "copy it again"
        )
    rotation = round(-frame.rotation / 90) * 90 % 360
    width, height = _display_size(stream, frame, rotation)
    tracks = read_tracks(container, path, start)
    played = first_track(tracks)
    footage = Footage(
        path=path,
        duration=duration,
        width=width,
        height=height,
        fps=rate,
        vfr=is_variable(times),
        rotation=rotation,
        hdr=HDR_TRANSFERS.get(int(frame.color_trc)),
        created=recording_start(container, stream, duration),
        coded_width=stream.codec_context.width,
        coded_height=stream.codec_context.height,
        bit_depth=max((c.bits for c in frame.format.components), default=8),
        codec=stream.codec_context.name,
        video_stream=stream.index,
        size=size,
        keyframe_interval=duration / len(keys) if keys else None,
        max_keyframe_gap=longest_gap(keys, index.times[0], duration) if keys else None,
        matrix=int(frame.colorspace),
        primaries=int(frame.color_primaries),
        title=container.metadata.get("title", ""),
        clock=recording_clock(container, stream),
        timecode=timecode_of(container, stream),
        start=start,
        first_picture=first,
        lost=lost,
        audio_tracks=tracks,
        **sound_facts([played] if played else []),
    )
    # Last, since it reads elsewhere in the file.
    scan, is_flagged = find_scan(container, stream, frame, footage)
    return replace(footage, scan=scan, scan_flagged=is_flagged)


def _readable_length(
    path: Path, container: InputContainer, stream: VideoStream, index: PacketIndex
) -> tuple[float, tuple[Span, ...]]:
    """Seconds of the pictures that are there, and the span at the end that is not.

    Raises FootageError for a file that was cut short at its beginning.
    """
    import av

    start = (container.start_time or 0) / av.time_base
    duration = picture_duration(container, stream, start)
    if index.missing_from is None:
        end = missing_end(container, start, duration)
        return duration, ((duration, end),) if end else ()
    readable = index.missing_from - start
    if readable < MIN_READABLE_SECONDS:
        size = path.stat().st_size
        raise FootageError(
            path, f"is cut short: it has {size:,} of at least {index.needed:,} bytes",
            "copy it from the camera again",
        )  # fmt: skip
    return readable, ((readable, duration),)


def _display_size(stream: VideoStream, frame: VideoFrame, rotation: int) -> tuple[int, int]:
    sar = stream.sample_aspect_ratio or Fraction(1)
    width, height = round(frame.width * (sar if sar > 0 else 1)), frame.height
    return (height, width) if rotation in (90, 270) else (width, height)


def _first_picture(
    container: InputContainer, stream: VideoStream
) -> tuple[VideoFrame | None, bool]:
    """The first picture that can be decoded, None without any, and whether none before it is
    damaged. Raises FFmpegError if too many are."""
    import av

    damaged = 0
    for packet in read_packets(container, stream):
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            damaged += 1
            if damaged == MAX_DAMAGED_PACKETS:
                raise
            continue
        for frame in frames:
            # What follows damaged pictures is made from them, up to the next keyframe.
            if not damaged or (frame.key_frame and not frame.is_corrupt):
                return frame, not damaged
    return None, not damaged
