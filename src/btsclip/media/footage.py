"""What is in a source file, found without decoding more than its first frame."""

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
# How the scripts among them begin.
_SCRIPTS = (b"#EXTM3U", b"ffconcat", b"<?xml", b"<MPD", b";FFMETADATA", b"v=0", b"# VobSub")
# A file that says it is longer than a day, in seconds, is asked for its last packet; one that then
# still is longer than ten is damaged. What is measured takes memory for each second.
LONGEST_BELIEVED, LONGEST = 86_400.0, 864_000.0
# Two packet distances this far apart (as a ratio) make the rate variable; timestamps in
# millisecond containers alternate between 33 and 34.
VFR_RATIO = 1.5


@dataclass(frozen=True)
class Chapter:
    """One of the files of a take, and its seconds."""

    path: Path
    duration: float


@dataclass(frozen=True)
class Footage:
    """One take with its probed facts; its paths are absolute.

    Times are seconds from the file's first presentation time, which may be that of its sound:
    pictures are there from `first_picture` to `duration`, sound from `first_sound` on. `width` and
    `height` are those of the picture as it should be seen: after rotation, and with square pixels.
    `rotation` is the clockwise turn in degrees that sets the coded picture upright. `hdr` is "hlg",
    "pq" or None.
    `matrix` is the H.273 number of the colour matrix; 2 when the file names none. `chapters` are
    the files of a take that the camera wrote in several ones, `path` being the first; none for a
    take in one file. `clock` says of `created` whether the file also names its time zone, or two
    times that differ. `timecode` is that of the first picture as the camera wrote it, with a
    semicolon before the frames where numbers are dropped. `audio_layout` is ffmpeg's name for
    the sound's channels. An analysis adds `picture`, the part of the upright picture within bars
    baked in, and `channel`, the only one of the sound's channels to play where all of them together
    would not be heard in both ears. `keyframe_interval` is the mean time between keyframes and
    `max_keyframe_gap` the longest one; None where the file has no index.
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
        """Whether bars are baked in at its edges."""
        return self.picture != WHOLE

    @property
    def picture_size(self) -> tuple[int, int]:
        """Width and height in pixels of `picture`."""
        return round(self.width * self.picture[2]), round(self.height * self.picture[3])

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that hold the take, in order."""
        return tuple(chapter.path for chapter in self.chapters) or (self.path,)


@contextmanager
def open_video(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Opens `path` for reading: its container and the stream to look at.

    Raises FootageError when it is not there, not a file, empty, no video or no single file.
    """
    with open_media(path, "video") as container:
        yield container, only_video(container, path)


@contextmanager
def open_media(path: Path, kind: Literal["video", "sound"]) -> Iterator[InputContainer]:
    """Opens `path` for reading. Raises FootageError, in which it should have been of this `kind`,
    when it is not there, not a file, empty or no single file that can be read."""
    import av

    _check_file(path, kind)
    try:
        # An absolute path can't be mistaken for a protocol ("concat:", "http:").
        options = {"protocol_whitelist": "file,pipe", "format_whitelist": _direct_formats()}
        # Cameras and old programs write tags in other encodings too.
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
    """The demuxers that read what they are given and nothing else, as libav's option lists them.
    One that is not in the list is refused before it opens anything."""
    import av

    return ",".join(sorted(av.formats_available - INDIRECT_FORMATS))


def _is_script(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_SCRIPTS)
    except OSError:
        return False


def only_video(container: InputContainer, path: Path) -> VideoStream:
    """The stream of pictures to look at; a cover is none. Raises FootageError without one."""
    from av.stream import Disposition

    streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not streams:
        raise FootageError(path, "holds no video, only sound", "name a file with a picture")
    best = container.streams.best("video")
    return best if best in streams else streams[0]


def probe(path: str | Path) -> Footage:
    """Reads the facts of one source file.

    Whatever the user named, the footage has its absolute path. Raises FootageError for whatever is
    not a readable video: missing, empty, text, sound alone, a picture, cut short; and for camera
    raw and 360 pictures.
    """
    import av

    path = Path(path)
    try:
        with open_video(path) as (container, stream):
            return _facts(absolute(path), container, stream)
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


def _facts(path: Path, container: InputContainer, stream: VideoStream) -> Footage:
    import av
    from av.audio.stream import AudioStream

    size = path.stat().st_size
    index = _index(stream)
    times, keys, needed = index.times, index.keyframes, index.needed
    if needed > size:
        raise FootageError(
            path,
            f"is cut short: {size:,} of at least {needed:,} bytes are there",
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
    if duration > LONGEST:
        raise FootageError(
            path, f"has times that can't be: {duration / 86_400:,.0f} days", "copy it again"
        )
    rotation = round(-frame.rotation / 90) * 90 % 360
    width, height = _displayed(stream, frame, rotation)
    if len(times) < 3:
        times = _packet_times(container, stream)
    audio = container.streams.best("audio")
    sound = audio.codec_context if isinstance(audio, AudioStream) else None
    return Footage(
        path=path,
        duration=duration,
        width=width,
        height=height,
        fps=_rate(stream, times, duration),
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
        max_keyframe_gap=_longest_gap(keys, index.times[0], duration) if keys else None,
        matrix=int(frame.colorspace),
        audio_codec=sound.name if sound else None,
        title=container.metadata.get("title", ""),
        clock=recording_clock(container, stream),
        timecode=timecode_of(container, stream),
        first_picture=max(0.0, (frame.time or 0.0) - start),
        first_sound=_start_of(audio, start),
        audio_layout=sound.layout.name if sound else "",
    )


def _start_of(stream: Stream | None, start: float) -> float:
    """When `stream` begins, in seconds from the file's first packet at `start`."""
    if stream is None or stream.start_time is None or not stream.time_base:
        return 0.0
    return max(0.0, float(stream.start_time * stream.time_base) - start)


@dataclass(frozen=True)
class _Index:
    """A file's index: times of packets and of keyframes in seconds, and the bytes it speaks of."""

    times: list[float]
    keyframes: list[float]
    needed: int


def _index(stream: VideoStream) -> _Index:
    base = float(stream.time_base or 0)
    times, keyframes, needed = [], [], 0
    for entry in stream.index_entries:
        times.append(entry.timestamp * base)
        if entry.is_keyframe:
            keyframes.append(entry.timestamp * base)
        needed = max(needed, entry.pos + entry.size)
    return _Index(times, keyframes, needed)


def _longest_gap(keyframes: list[float], first: float, duration: float) -> float:
    """Seconds of the longest stretch without a keyframe, up to the end of the file."""
    return max(b - a for a, b in pairwise([*keyframes, first + duration]))


def _packet_times(container: InputContainer, stream: VideoStream, most: int = 300) -> list[float]:
    container.seek(0)
    packets = islice(container.demux(stream), most)
    return sorted(float(p.pts * p.time_base) for p in packets if p.pts is not None)


def _duration(container: InputContainer, stream: VideoStream, start: float) -> float:
    """Seconds from the file's first packet at `start` to the end of its last picture."""
    reported, of_pictures = _reported_duration(container, stream, start)
    if reported is None or reported > LONGEST_BELIEVED:
        # Recorders that stream to a file leave no duration.
        return _last_end(container, stream) - start
    if of_pictures:
        return reported
    # It may be the duration of a longer sound. Where no picture is found late in the file, all of
    # it is read.
    for share in (1.0, 0.9, 0.0):
        if _seeks(container, stream, start + share * reported):
            last = _last_end(container, stream) - start
            if last > 0:
                return min(reported, last)
    return reported


def _reported_duration(
    container: InputContainer, stream: VideoStream, start: float
) -> tuple[float | None, bool]:
    """The seconds that the file reports, if it does, and whether they are those of its pictures."""
    import av

    if stream.duration and stream.time_base:
        lead = 0.0
        if stream.start_time is not None and container.start_time is not None:
            lead = float(stream.start_time * stream.time_base) - start
        return float(stream.duration * stream.time_base) + max(0.0, lead), True
    # Matroska counts its duration from zero with some writers and from the start with others.
    doubtful = start > 0.1 and "matroska" in container.format.name
    if container.duration and not doubtful:
        return container.duration / av.time_base, False
    return None, False


def _seeks(container: InputContainer, stream: VideoStream, seconds: float) -> bool:
    """Goes to the last keyframe before `seconds` of the container's clock, if that can be done."""
    import av

    try:
        container.seek(int(seconds / float(stream.time_base or 1)), stream=stream, backward=True)
    except av.error.FFmpegError:
        return False
    return True


def _last_end(container: InputContainer, stream: VideoStream) -> float:
    """When the last picture ends, in seconds of the container's clock; read from here on."""
    last = 0.0
    for packet in container.demux(stream):
        if packet.pts is not None:
            last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return last


def _displayed(stream: VideoStream, frame: VideoFrame, rotation: int) -> tuple[int, int]:
    sar = stream.sample_aspect_ratio or Fraction(1)
    width, height = round(frame.width * (sar if sar > 0 else 1)), frame.height
    return (height, width) if rotation in (90, 270) else (width, height)


def _rate(stream: VideoStream, times: list[float], duration: float) -> float:
    if stream.average_rate:
        return float(stream.average_rate)
    if len(times) > 1 and times[-1] > times[0]:
        return (len(times) - 1) / (times[-1] - times[0])
    return float(stream.guessed_rate or 0) or 1 / duration


def _is_variable(times: list[float]) -> bool:
    steps = sorted(b - a for a, b in pairwise(times) if b > a)
    if len(steps) < 3:
        return False
    # A dropped frame now and then is not a variable rate; one in fifty is.
    middle = steps[len(steps) // 2]
    odd = sum(step > middle * VFR_RATIO or step < middle / VFR_RATIO for step in steps)
    return odd > 0.02 * len(steps)


def _reason(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error).split(":")[0].strip().lower()
