"""Footage: the facts of a take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from btsclip.geometry import WHOLE, Box
from btsclip.intervals import Span
from btsclip.media.audio_tracks import AudioTrack, SoundChoice
from btsclip.media.channels import OneChannel
from btsclip.media.fields import Scan
from btsclip.media.recording_time import Clock


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
