"""A clip as a timeline: what stands where on which track, in whole frames.

It is what all formats are written from. Places and lengths on the timeline are frames of its rate;
places in a file are frames of the file's own rate, counted from its first picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import PurePath
from typing import Literal

from btsclip.exchange.motion import PictureMotion
from btsclip.plan.model import Span

Role = Literal[
    "hook", "moment", "speech", "person", "clock", "why", "time", "title", "comment", "end"
]  # fmt: skip


@dataclass(frozen=True)
class Media:
    """A file that the timeline refers to. `first` is the frame that its timecode begins with,
    `drop` whether that drops numbers; `size` in pixels as displayed, None for a sound."""

    path: PurePath
    rate: Fraction
    frames: int
    size: tuple[int, int] | None = None
    first: int = 0
    drop: bool = False
    channels: int = 0
    sample_rate: int = 48_000
    vfr: bool = False


@dataclass(frozen=True)
class Shot:
    """A stretch of a file on the picture's track, `frames` from `at` on, from the file's frame
    `start` at even `speed`; where the plan ramps its speed, that is the mean and `ramp` the exact
    course as (frames on the timeline, frames of the file), both from the shot's beginning.

    It comes in over the shot before for its first `over` frames. `motions` are how the picture
    stands on the screen: one, or the two of a split screen.
    """

    media: Media
    at: int
    frames: int
    start: int
    speed: Fraction
    span: Span
    number: int
    motions: tuple[PictureMotion, ...]
    timeline_rate: Fraction
    over: int = 0
    ramp: tuple[tuple[Fraction, Fraction], ...] = ()

    @property
    def end(self) -> int:
        """The frame of the timeline after its last."""
        return self.at + self.frames

    @property
    def source_frames(self) -> Fraction:
        """How many frames of its file it shows."""
        return self.taken(self.frames)

    def taken(self, frames: int) -> Fraction:
        """How many frames of its file so many of the timeline take."""
        return frames_taken(self.media.rate, self.speed, frames, self.timeline_rate)


@dataclass(frozen=True)
class SoundClip:
    """A stretch of a file's sound on sound track `track`, as a Shot's; `shot` is the number of the
    shot it belongs to, None for music. `gain` in dB."""

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
        """The frame of the timeline after its last."""
        return self.at + self.frames

    @property
    def source_frames(self) -> Fraction:
        """How many frames of its file are heard."""
        return frames_taken(self.media.rate, self.speed, self.frames, self.timeline_rate)


@dataclass(frozen=True)
class TimelineText:
    """Something written on the screen."""

    at: int
    frames: int
    text: str
    role: Role


@dataclass(frozen=True)
class Marker:
    """A marker on the timeline. `colour` is one that all programs know."""

    at: int
    frames: int
    name: str
    note: str
    colour: str


@dataclass(frozen=True)
class TimelinePart:
    """A span or card on the timeline and on the screen: frames `first` to `end`, seconds `shown` to
    `until` of the plan's clip. `shots` are those of a span, none of a card."""

    span: Span
    first: int
    end: int
    shown: float
    until: float
    shots: tuple[int, ...]


@dataclass(frozen=True)
class Timeline:
    """One clip. `music` is the first sound track that holds lanes. `warnings` say what of the
    footage had to be rounded or left out, whatever the format."""

    name: str
    rate: Fraction
    drop: bool
    size: tuple[int, int]
    frames: int
    shots: tuple[Shot, ...]
    sounds: tuple[SoundClip, ...]
    music: int
    texts: tuple[TimelineText, ...]
    marks: tuple[Marker, ...]
    warnings: tuple[str, ...] = field(default=())

    @property
    def tracks(self) -> int:
        """How many tracks of sound there are."""
        return max((sound.track for sound in self.sounds), default=-1) + 1

    @property
    def media(self) -> tuple[Media, ...]:
        """All files, each once, in the order of use."""
        files = [*(shot.media for shot in self.shots), *(sound.media for sound in self.sounds)]
        return tuple(dict.fromkeys(files))


def frames_taken(media: Fraction, speed: Fraction, frames: int, timeline: Fraction) -> Fraction:
    """How many frames of a file of rate `media` so many frames of the timeline take at `speed`."""
    return frames * speed * media / timeline


def pack_rows(texts: tuple[TimelineText, ...]) -> list[list[TimelineText]]:
    """`texts` on as few tracks as there may be, so that none lies over another on its own."""
    rows: list[list[TimelineText]] = []
    for text in sorted(texts, key=lambda text: text.at):
        row = next((row for row in rows if row[-1].at + row[-1].frames <= text.at), None)
        if row is None:
            rows.append([text])
        else:
            row.append(text)
    return rows
