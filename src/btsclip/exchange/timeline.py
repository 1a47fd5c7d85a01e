"""A clip as a timeline: shots, sounds, texts and markers on tracks, in whole frames.

All formats are written from it. Positions and lengths on the timeline are frames at its rate.
Positions in a file are frames at the file's own rate, counted from the file's start, which may be
that of its sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePath
from typing import Literal

from btsclip.exchange.motion import PictureMotion
from btsclip.exchange.placement import Placement
from btsclip.plan import Span

Role = Literal[
    "hook", "moment", "speech", "person", "clock", "why", "time", "title", "comment", "end"
]  # fmt: skip
# Points of a speed ramp from the shot's beginning: (frames of the timeline, frames of the file).
Ramp = tuple[tuple[Fraction, Fraction], ...]


@dataclass(frozen=True)
class Track:
    """A track of a file: its `number` among those of its kind, counted from 1, and its `index`
    among all streams."""

    number: int
    index: int


@dataclass(frozen=True)
class Media:
    """A file that the timeline refers to.

    `first_frame` is the frame number of the file's first timecode, and `drop_frame` whether that
    timecode drops numbers. `size` is in pixels as displayed, None for a sound. `first_picture` is
    the second of the first picture, `mlt_start` the one at which MLT begins to count frames.
    `picture_track` and `sound_track` are set where programs play other tracks by themselves, and
    `sound_whys` say what else a rendered clip does with its sound.
    """

    path: PurePath
    rate: Fraction
    frames: int
    size: tuple[int, int] | None = None
    first_frame: int = 0
    drop_frame: bool = False
    channels: int = 0
    sample_rate: int = 48_000
    vfr: bool = False
    first_picture: float = 0.0
    mlt_start: Fraction = Fraction(0)
    picture_track: Track | None = None
    sound_track: Track | None = None
    sound_whys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shot:
    """A part of a file on the picture track: `frames` frames from frame `at` of the timeline.

    It starts at frame `start` of the file and runs at an even `speed`. If the plan ramps the
    speed, `speed` is the mean and `ramp` the exact course. The first `dissolve` frames dissolve
    from the shot before. `motions` holds one motion of the picture, or two for a split screen, and
    `placements` the same for programs that place pictures in rectangles. `background` is the
    placement of the blurred picture behind a smaller one.
    """

    media: Media
    at: int
    frames: int
    start: int
    speed: Fraction
    span: Span
    motions: tuple[PictureMotion, ...]
    placements: tuple[Placement, ...]
    background: Placement | None
    timeline_rate: Fraction
    dissolve: int = 0
    ramp: Ramp = ()

    @property
    def end(self) -> int:
        """The frame of the timeline after the last one of the shot."""
        return self.at + self.frames

    @property
    def source_frames(self) -> Fraction:
        """The number of frames of its file that it shows."""
        return self.source_frames_in(self.frames)

    def source_frames_in(self, frames: int) -> Fraction:
        """The number of frames of its file shown in a number of `frames` of the timeline."""
        return count_source_frames(self.media.rate, self.speed, frames, self.timeline_rate)


@dataclass(frozen=True)
class SoundClip:
    """A part of a file's sound on sound track `track`, with positions as in `Shot`.

    `shot` is the index of the shot it belongs to, None for music. `gain` is in dB.
    """

    media: Media
    track: int
    at: int
    frames: int
    start: int
    speed: Fraction
    shot: int | None
    gain: float
    timeline_rate: Fraction

    @property
    def end(self) -> int:
        """The frame of the timeline after the last one of the sound."""
        return self.at + self.frames

    @property
    def source_frames(self) -> Fraction:
        """The number of frames of its file that it plays."""
        return count_source_frames(self.media.rate, self.speed, self.frames, self.timeline_rate)


@dataclass(frozen=True)
class TimelineText:
    """A text on the screen for `frames` frames from frame `at`."""

    at: int
    frames: int
    text: str
    role: Role


@dataclass(frozen=True)
class Marker:
    """A marker on the timeline. `color` is the name of a color that all programs know."""

    at: int
    frames: int
    name: str
    note: str
    color: str

    @property
    def label(self) -> str:
        """Name and note in one line, for programs whose markers have one text."""
        return self.name if self.note in self.name else f"{self.name}: {self.note}"


@dataclass(frozen=True)
class TimelinePart:
    """A span or a card: frames `start` to `end` of the timeline.

    In the plan's clip it is on the screen from `screen_start` to `screen_end`, in seconds. `shots`
    are the indices of a span's shots, empty for a card.
    """

    span: Span
    start: int
    end: int
    screen_start: float
    screen_end: float
    shots: tuple[int, ...]


@dataclass(frozen=True)
class Timeline:
    """One clip. `warnings` are about footage that was rounded or left out, in every format."""

    name: str
    rate: Fraction
    drop_frame: bool
    size: tuple[int, int]
    frames: int
    shots: tuple[Shot, ...]
    sounds: tuple[SoundClip, ...]
    texts: tuple[TimelineText, ...]
    markers: tuple[Marker, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def sound_tracks(self) -> int:
        """The number of sound tracks."""
        return max((sound.track for sound in self.sounds), default=-1) + 1

    @property
    def media(self) -> tuple[Media, ...]:
        """All files, each once, in order of use."""
        files = [*(shot.media for shot in self.shots), *(sound.media for sound in self.sounds)]
        return tuple(dict.fromkeys(files))


def count_source_frames(
    media_rate: Fraction, speed: Fraction, frames: int, timeline_rate: Fraction
) -> Fraction:
    """The number of frames of a file that `frames` frames of the timeline take at `speed`."""
    return frames * speed * media_rate / timeline_rate


def pack_rows(texts: tuple[TimelineText, ...]) -> list[list[TimelineText]]:
    """`texts` on as few tracks as possible, so that no two on a track overlap."""
    rows: list[list[TimelineText]] = []
    for text in sorted(texts, key=lambda text: text.at):
        row = next((row for row in rows if row[-1].at + row[-1].frames <= text.at), None)
        if row is None:
            rows.append([text])
        else:
            row.append(text)
    return rows
