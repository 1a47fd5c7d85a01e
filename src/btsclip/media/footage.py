"""Footage: the facts of a source file, probed by decoding only its first frame."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from btsclip.errors import FootageError
from btsclip.geometry import WHOLE, Box
from btsclip.intervals import Span
from btsclip.media.audio_tracks import (
    AudioTrack,
    SoundChoice,
    first_track,
    read_tracks,
    sound_facts,
)
from btsclip.media.bare_streams import bare_error, is_bare
from btsclip.media.channels import OneChannel
from btsclip.media.fields import Scan, find_scan
from btsclip.media.jumps import check_for_jumps
from btsclip.media.moving_picture import moving_streams
from btsclip.media.packets import (
    frame_rate,
    is_variable,
    lacks_index,
    longest_gap,
    picture_duration,
    picture_times,
    read_index,
)
from btsclip.media.paths import absolute, check_name
from btsclip.media.photographs import is_photograph, photograph_error
from btsclip.media.recording_time import Clock, recording_clock, recording_start, timecode_of
from btsclip.media.unfit import unfit_name, unfit_picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# ITU-T H.273 transfer characteristics.
HDR_TRANSFERS = {16: "pq", 18: "hlg"}
# Demuxers that open further files or addresses named inside the file.
INDIRECT_FORMATS = {
    "hls", "applehttp", "concat", "dash", "webm_dash_manifest", "imf", "ffmetadata", "lavfi", "sdp",
    "rtsp", "rtp", "sap", "vobsub", "vapoursynth", "avisynth",
}  # fmt: skip
# First bytes of the scripts among them.
_SCRIPTS = (b"#EXTM3U", b"ffconcat", b"<?xml", b"<MPD", b";FFMETADATA", b"v=0", b"# VobSub")
# Seconds that are worth reading of a file that was cut short.
MIN_READABLE_SECONDS = 1.0
# Longest duration in seconds. A file that claims more is damaged: measurements take memory for each
# second.
MAX_DURATION = 864_000.0


@dataclass(frozen=True)
class Chapter:
    """One file of a take in several files; `duration` in seconds."""

    path: Path
    duration: float


@dataclass(frozen=True)
class Footage:
    """The probed facts of one take; paths are absolute.

    Times are seconds from the first presentation time in the file, which may be that of the sound.

    Attributes:
        width, height: Size of the picture in pixels, upright and with square pixels.
        rotation: Clockwise turn in degrees that makes the coded picture upright.
        hdr: "hlg", "pq" or None.
        created: Time of recording; `clock` says how far to trust it.
        matrix, primaries: H.273 numbers of the color matrix and of the primaries; 2 if the file
            names none.
        scan: Whether pictures are interlaced, and which field is first; `scan_flagged` is False
            where their flags do not say so.
        chapters: The files of a take in several files, the first being `path`; empty for one file.
        timecode: Timecode of the first picture as the camera wrote it, with a semicolon before the
            frames for drop-frame timecode.
        start: The first presentation time on the file's own clock, from which all others count.
        first_picture, first_sound: Start of the pictures, which last until `duration`, and of the
            sound.
        audio_layout: ffmpeg's name for the channel layout.
        audio_tracks: All audio tracks of the file, also those that are not played.
        sound: The choice of the tracks to play, once it is made; `audio_stream` and the other facts
            about sound are those of these tracks.
        right_stream: Index of the stream of the right side, if `audio_stream` is only the left one.
        channel: The only channel to play, where a mix of all would not be audible on both sides;
            added by the analysis.
        picture: Part of the upright picture inside baked-in bars; added by the analysis.
        cuts: Hard cuts of a take that is already edited, 0 for any other; added by the analysis.
        lost: Parts without readable pictures, in seconds: the end of a file that was cut short, and
            damage that the analysis found.
        keyframe_interval, max_keyframe_gap: Mean and longest time between keyframes; None if the
            file has no index.
    """

    path: Path
    duration: float
    width: int
    height: int
    fps: float
    vfr: bool
    rotation: int
    hdr: str | None
    has_audio: bool
    created: datetime | None
    coded_width: int
    coded_height: int
    bit_depth: int
    codec: str
    video_stream: int
    audio_stream: int | None
    audio_rate: int | None
    audio_channels: int | None
    size: int
    keyframe_interval: float | None
    matrix: int = 2
    primaries: int = 2
    scan: Scan = "progressive"
    scan_flagged: bool = True
    audio_codec: str | None = None
    title: str = ""
    clock: Clock = "plain"
    chapters: tuple[Chapter, ...] = ()
    timecode: str = ""
    start: float = 0.0
    first_picture: float = 0.0
    first_sound: float = 0.0
    audio_layout: str = ""
    channel: OneChannel | None = None
    picture: Box = WHOLE
    cuts: int = 0
    lost: tuple[Span, ...] = ()
    max_keyframe_gap: float | None = None
    audio_tracks: tuple[AudioTrack, ...] = ()
    sound: SoundChoice | None = None
    right_stream: int | None = None

    @property
    def has_bars(self) -> bool:
        """Whether bars are baked into the picture."""
        return self.picture != WHOLE

    @property
    def picture_size(self) -> tuple[int, int]:
        """Width and height of `picture` in pixels."""
        return round(self.width * self.picture[2]), round(self.height * self.picture[3])

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of the take, in order."""
        return tuple(chapter.path for chapter in self.chapters) or (self.path,)


@contextmanager
def open_video(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open the video at `path`: its container and main video stream.

    Raises FootageError for a missing or empty file, a playlist, and anything but a video.
    """
    with open_media(path, "video") as container:
        yield container, main_video_stream(container, path)


@contextmanager
def open_media(path: Path, kind: Literal["video", "sound"]) -> Iterator[InputContainer]:
    """Open the file of this `kind` at `path`. Raises FootageError, which names the kind, for a
    missing, empty or unreadable file, and for a playlist."""
    import av

    _check_file(path, kind)
    try:
        # An absolute path can't be mistaken for a protocol ("concat:", "http:").
        options = {"protocol_whitelist": "file,pipe", "format_whitelist": _direct_formats()}
        # Cameras and old programs write tags in other encodings.
        container = av.open(str(path.resolve()), options=options, metadata_errors="replace")
    except (av.error.FFmpegError, OSError) as error:
        if _is_script(path):
            raise FootageError(
                path, f"a playlist that names other files, not a {kind}",
                f"name the {kind}s themselves",
            ) from error  # fmt: skip
        if lacks_index(path):
            raise FootageError(
                path, "was never finished: the index at its end is missing",
                "copy it from the camera again, or let the camera or a repair program finish it",
            ) from error  # fmt: skip
        raise FootageError(
            path, f"not a {kind} that can be read ({_reason(error)})",
            "check or copy the file again",
        ) from error  # fmt: skip
    with container:
        yield container


@cache
def _direct_formats() -> str:
    """The demuxers that open no further files, as a list for libav's option. libav refuses all
    others before they open anything."""
    import av

    return ",".join(sorted(av.formats_available - INDIRECT_FORMATS))


def _is_script(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_SCRIPTS)
    except OSError:
        return False


def main_video_stream(container: InputContainer, path: Path) -> VideoStream:
    """The main video stream, which is never a still picture. Raises FootageError without one."""
    streams = moving_streams(container)
    if not streams:
        raise FootageError(path, "holds no video, only sound", "name a file with a picture")
    best = container.streams.best("video")
    return best if best in streams else streams[0]


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
            path, f"can't be decoded ({_reason(error)})", "copy it from the camera again"
        ) from error


def _check_kind(path: Path, container: InputContainer, stream: VideoStream) -> None:
    """Raise FootageError for a picture, and for a stream without a container."""
    if is_photograph(path, container):
        raise photograph_error(path)
    if is_bare(container):
        raise bare_error(path, stream)


def _check_file(path: Path, kind: str) -> None:
    check_name(absolute(path))
    try:
        if path.is_dir():
            raise FootageError(path, f"is a folder, not a {kind}", "name a file in it")
        if not path.exists():
            raise FootageError(path, "no such file", "check the name")
        if path.stat().st_size == 0:
            raise FootageError(path, "is empty (0 bytes)", "copy it from the camera again")
        with path.open("rb"):
            pass
    except OSError as error:
        raise FootageError(
            path, f"can't be read ({error.strerror})", "check its permissions"
        ) from error
    if unfit := unfit_name(path):
        raise unfit.error(path)


def _read_facts(path: Path, container: InputContainer, stream: VideoStream) -> Footage:
    import av

    size = path.stat().st_size
    index = read_index(container, stream, size)
    frame = next(container.decode(stream), None)
    if frame is None:
        raise FootageError(path, "holds no picture that can be decoded", "copy it again")
    if unfit := unfit_picture(frame):
        raise unfit.error(path)
    check_for_jumps(container, stream, path, size)
    start = (container.start_time or 0) / av.time_base
    duration = picture_duration(container, stream, start)
    lost: tuple[Span, ...] = ()
    if index.missing_from is not None:
        readable = index.missing_from - start
        if readable < MIN_READABLE_SECONDS:
            raise FootageError(
                path, f"is cut short: it has {size:,} of at least {index.needed:,} bytes",
                "copy it from the camera again",
            )  # fmt: skip
        lost, duration = ((readable, duration),), readable
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
        first_picture=max(0.0, (frame.time or 0.0) - start),
        lost=lost,
        audio_tracks=tracks,
        **sound_facts([played] if played else []),
    )
    # Last, since it reads elsewhere in the file.
    scan, is_flagged = find_scan(container, stream, frame, footage)
    return replace(footage, scan=scan, scan_flagged=is_flagged)


def _display_size(stream: VideoStream, frame: VideoFrame, rotation: int) -> tuple[int, int]:
    sar = stream.sample_aspect_ratio or Fraction(1)
    width, height = round(frame.width * (sar if sar > 0 else 1)), frame.height
    return (height, width) if rotation in (90, 270) else (width, height)


def _reason(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error).split(":")[0].strip().lower()
