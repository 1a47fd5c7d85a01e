"""Footage: the facts of a source file, probed by decoding only its first frame."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from btsclip.errors import FootageError
from btsclip.geometry import WHOLE, Box
from btsclip.media.channels import OneChannel
from btsclip.media.paths import absolute
from btsclip.media.recording_time import Clock, recording_clock, recording_start, timecode_of
from btsclip.media.unfit import unfit_name, unfit_picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.stream import Stream
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
# For a file that reports more than a day, in seconds, the last packet is read. If that gives more
# than ten days, the file is damaged: measurements take memory for each second.
MAX_TRUSTED_DURATION = 86_400.0
MAX_DURATION = 864_000.0
# Ratio of two packet intervals from which the frame rate is variable; in containers with
# milliseconds, intervals alternate between 33 and 34.
VFR_RATIO = 1.5


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
        matrix: H.273 number of the color matrix; 2 if the file names none.
        chapters: The files of a take in several files, the first being `path`; empty for one file.
        timecode: Timecode of the first picture as the camera wrote it, with a semicolon before the
            frames for drop-frame timecode.
        first_picture, first_sound: Start of the pictures, which last until `duration`, and of the
            sound.
        audio_layout: ffmpeg's name for the channel layout.
        channel: The only channel to play, where a mix of all would not be audible on both sides;
            added by the analysis.
        picture: Part of the upright picture inside baked-in bars; added by the analysis.
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
    audio_codec: str | None = None
    title: str = ""
    clock: Clock = "plain"
    chapters: tuple[Chapter, ...] = ()
    timecode: str = ""
    first_picture: float = 0.0
    first_sound: float = 0.0
    audio_layout: str = ""
    channel: OneChannel | None = None
    picture: Box = WHOLE
    max_keyframe_gap: float | None = None

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
    """The main video stream, which is never a cover picture. Raises FootageError without one."""
    from av.stream import Disposition

    streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
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
            return _read_facts(absolute(path), container, stream)
    except av.error.FFmpegError as error:
        raise FootageError(
            path, f"can't be decoded ({_reason(error)})", "copy it from the camera again"
        ) from error


def _check_file(path: Path, kind: str) -> None:
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
    from av.audio.stream import AudioStream

    size = path.stat().st_size
    index = _read_index(stream)
    times, keys, needed = index.times, index.keyframes, index.needed
    if needed > size:
        raise FootageError(
            path,
            f"is cut short: it has {size:,} of at least {needed:,} bytes",
            "copy it from the camera again",
        )
    frame = next(container.decode(stream), None)
    if frame is None:
        raise FootageError(path, "holds no picture that can be decoded", "copy it again")
    if unfit := unfit_picture(frame):
        raise unfit.error(path)
    start = (container.start_time or 0) / av.time_base
    duration = _duration(container, stream, start)
    if duration <= 0:
        raise FootageError(path, "is a still picture, not a video", "name a video")
    if duration > MAX_DURATION:
        raise FootageError(
            path, f"has an impossible duration ({duration / 86_400:,.0f} days)", "copy it again"
        )
    rotation = round(-frame.rotation / 90) * 90 % 360
    width, height = _display_size(stream, frame, rotation)
    if len(times) < 3:
        times = _packet_times(container, stream)
    audio = container.streams.best("audio")
    sound = audio.codec_context if isinstance(audio, AudioStream) else None
    return Footage(
        path=path,
        duration=duration,
        width=width,
        height=height,
        fps=_frame_rate(stream, times, duration),
        vfr=_is_variable(times),
        rotation=rotation,
        hdr=HDR_TRANSFERS.get(int(frame.color_trc)),
        has_audio=audio is not None,
        created=recording_start(container, stream, duration),
        coded_width=stream.codec_context.width,
        coded_height=stream.codec_context.height,
        bit_depth=max((c.bits for c in frame.format.components), default=8),
        codec=stream.codec_context.name,
        video_stream=stream.index,
        audio_stream=audio.index if audio else None,
        audio_rate=sound.sample_rate if sound else None,
        audio_channels=sound.channels if sound else None,
        size=size,
        keyframe_interval=duration / len(keys) if keys else None,
        max_keyframe_gap=_max_gap(keys, index.times[0], duration) if keys else None,
        matrix=int(frame.colorspace),
        audio_codec=sound.name if sound else None,
        title=container.metadata.get("title", ""),
        clock=recording_clock(container, stream),
        timecode=timecode_of(container, stream),
        first_picture=max(0.0, (frame.time or 0.0) - start),
        first_sound=_start_time(audio, start),
        audio_layout=sound.layout.name if sound else "",
    )


def _start_time(stream: Stream | None, start: float) -> float:
    """Start of `stream` in seconds from the first packet of the file, which is at `start`."""
    if stream is None or stream.start_time is None or not stream.time_base:
        return 0.0
    return max(0.0, float(stream.start_time * stream.time_base) - start)


@dataclass(frozen=True)
class _Index:
    """The index of a file: times of packets and keyframes in seconds, and the size in bytes that
    its entries require."""

    times: list[float]
    keyframes: list[float]
    needed: int


def _read_index(stream: VideoStream) -> _Index:
    base = float(stream.time_base or 0)
    times, keyframes, needed = [], [], 0
    for entry in stream.index_entries:
        times.append(entry.timestamp * base)
        if entry.is_keyframe:
            keyframes.append(entry.timestamp * base)
        needed = max(needed, entry.pos + entry.size)
    return _Index(times, keyframes, needed)


def _max_gap(keyframes: list[float], first: float, duration: float) -> float:
    """Longest time without a keyframe in seconds, up to the end of the file."""
    return max(b - a for a, b in pairwise([*keyframes, first + duration]))


def _packet_times(
    container: InputContainer, stream: VideoStream, max_packets: int = 300
) -> list[float]:
    container.seek(0)
    packets = islice(container.demux(stream), max_packets)
    return sorted(float(p.pts * p.time_base) for p in packets if p.pts is not None)


def _duration(container: InputContainer, stream: VideoStream, start: float) -> float:
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
    # Some writers of Matroska count the duration from zero, others from the start.
    doubtful = start > 0.1 and "matroska" in container.format.name
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
    last = 0.0
    for packet in container.demux(stream):
        if packet.pts is not None:
            last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return last


def _display_size(stream: VideoStream, frame: VideoFrame, rotation: int) -> tuple[int, int]:
    sar = stream.sample_aspect_ratio or Fraction(1)
    width, height = round(frame.width * (sar if sar > 0 else 1)), frame.height
    return (height, width) if rotation in (90, 270) else (width, height)


def _frame_rate(stream: VideoStream, times: list[float], duration: float) -> float:
    if stream.average_rate:
        return float(stream.average_rate)
    if len(times) > 1 and times[-1] > times[0]:
        return (len(times) - 1) / (times[-1] - times[0])
    return float(stream.guessed_rate or 0) or 1 / duration


def _is_variable(times: list[float]) -> bool:
    steps = sorted(b - a for a, b in pairwise(times) if b > a)
    if len(steps) < 3:
        return False
    # A few dropped frames are not a variable rate; one in fifty is.
    middle = steps[len(steps) // 2]
    odd = sum(step > middle * VFR_RATIO or step < middle / VFR_RATIO for step in steps)
    return odd > 0.02 * len(steps)


def _reason(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error).split(":")[0].strip().lower()
