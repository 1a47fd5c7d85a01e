"""What Kdenlive and Shotcut share: documents of the MLT framework, on which both are built.

Positions are whole frames of the timeline. An entry of a playlist shows the frames `in` to `out`
of its producer, both included. A producer counts its file in frames of the timeline; one that plays
at another speed, in frames as they are shown.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal
from xml.etree.ElementTree import Element

from btsclip.exchange.placement import Placement, Rectangle
from btsclip.exchange.rates import frame_at
from btsclip.exchange.timeline import (
    Media,
    Shot,
    SoundClip,
    Timeline,
    TimelineText,
    count_source_frames,
)
from btsclip.exchange.xml import add, allowed_text, root

# Gives the path of a file as a document names it.
PathOf = Callable[[Media], str]
# The version of MLT that wrote files of the programs that are supported at least.
VERSION = "7.12.0"
# The height of a title's letters on a screen of REFERENCE_HEIGHT pixels.
TITLE_PIXELS = 72
REFERENCE_HEIGHT = 1920
# Widths of letters in heights, about, and the share of the screen's width that a line may have.
LETTER_WIDTH = 0.6
MAX_LINE_SHARE = 0.9
# The middles of texts that are shown at once, as shares of the screen's height.
TEXT_MIDDLES = (0.5, 0.3, 0.7, 0.15, 0.85)
# The blur of a background as a share of the screen's width, and its brightness, as in rendering.
BLUR_SIGMA = 1 / 24
BACKGROUND_LIGHT = 0.55

Layer = Literal["background", "main", "lower half"]
LAYER_NAMES: dict[Layer, str] = {
    "background": "Background", "main": "Picture", "lower half": "Lower half",
}  # fmt: skip
Values = dict[str, str | int | float]


@dataclass
class Project:
    """A document in the making. Producers come before what refers to them."""

    timeline: Timeline
    path: PathOf
    element: Element
    counts: dict[str, int] = field(default_factory=dict)

    def new_id(self, kind: str) -> str:
        """The next id of a kind of element."""
        number = self.counts.get(kind, 0)
        self.counts[kind] = number + 1
        return f"{kind}{number}"


@dataclass(frozen=True)
class PictureItem:
    """A shot on one of the picture's layers.

    It dissolves over `head` frames from the item before on its layer, and goes on for `tail` frames
    after its end, while the next shot dissolves in.
    """

    shot: Shot
    placement: Placement
    head: int
    tail: int

    @property
    def frames(self) -> int:
        """The frames it is shown."""
        return self.shot.frames + self.tail


@dataclass(frozen=True)
class TimeRamp:
    """The course of a speed ramp as a time map: pairs of a frame and the second of the file."""

    points: tuple[tuple[int, float], ...]
    begin: int  # the frame at which the shot begins


def document_root(timeline: Timeline, **attributes: str) -> Element:
    """The root of a document, with a profile of the timeline's size and exact rate."""
    mlt = root("mlt", LC_NUMERIC="C", version=VERSION, **attributes)
    width, height = timeline.size
    shape = Fraction(width, height)
    add(
        mlt, "profile", description="automatic", width=width, height=height, progressive=1,
        sample_aspect_num=1, sample_aspect_den=1, display_aspect_num=shape.numerator,
        display_aspect_den=shape.denominator, frame_rate_num=timeline.rate.numerator,
        frame_rate_den=timeline.rate.denominator, colorspace=709,
    )  # fmt: skip
    return mlt


def set_properties(element: Element, values: Values) -> None:
    """Append properties, with their text as it is: paths and titles may hold any spaces."""
    for name, value in values.items():
        add(element, "property", name=name).text = allowed_text(str(value))


def picture_layers(timeline: Timeline) -> dict[Layer, list[PictureItem]]:
    """The items of the layers that the timeline needs, the lowest layer first."""
    by_layer: dict[Layer, dict[int, Placement]] = {"background": {}, "main": {}, "lower half": {}}
    for index, shot in enumerate(timeline.shots):
        by_layer["main"][index] = shot.placements[0]
        if len(shot.placements) > 1:
            by_layer["lower half"][index] = shot.placements[1]
        if shot.background:
            by_layer["background"][index] = shot.background
    dissolves = [shot.dissolve for shot in timeline.shots] + [0]
    return {
        layer: [
            PictureItem(
                timeline.shots[index], placement,
                dissolves[index] if index - 1 in placed else 0, dissolves[index + 1],
            )
            for index, placement in placed.items()
        ]
        for layer, placed in by_layer.items()
        if placed
    }  # fmt: skip


def file_frames(media: Media, timeline: Timeline, speed: Fraction = Fraction(1)) -> int:
    """The length of a file in frames of the timeline, played at `speed`."""
    seconds = media.frames / media.rate - media.mlt_start
    return max(1, frame_at(seconds / speed, timeline.rate))


def first_frame(item: Shot | SoundClip) -> int:
    """The frame of its producer with which an item begins; negative for one that begins before MLT
    plays anything of the file."""
    seconds = item.start / item.media.rate - item.media.mlt_start
    return frame_at(seconds / item.speed, item.timeline_rate)


def stream_properties(media: Media) -> Values:
    """The properties that choose the tracks of a file, where MLT would play others."""
    tracks = {"video_index": media.picture_track, "audio_index": media.sound_track}
    return {name: track.index for name, track in tracks.items() if track}


def time_ramp(shot: Shot) -> TimeRamp:
    """The course of a shot's speed over its complete file, so that it has handles."""
    rate = shot.media.rate
    uncounted = shot.media.mlt_start * rate
    inner = [(frame, shot.start - uncounted + source) for frame, source in shot.ramp]
    (x0, y0), (x1, y1) = inner[:2]
    begin = frame_at(y0 * (x1 - x0) / (y1 - y0), Fraction(1)) if y1 > y0 else 0
    points = [(frame_at(x, Fraction(1)) + begin, float(y / rate)) for x, y in inner]
    if begin:
        points.insert(0, (0, max(0.0, float((y0 - begin * (y1 - y0) / (x1 - x0)) / rate))))
    (x0, y0), (x1, y1) = inner[-2:]
    left = int((shot.media.frames - uncounted - y1) * (x1 - x0) / (y1 - y0)) if y1 > y0 else 0
    if left > 0:
        end = float((y1 + left * (y1 - y0) / (x1 - x0)) / rate)
        points.append((points[-1][0] + left, end))
    return TimeRamp(tuple(dict(points).items()), begin)


def time_map(ramp: TimeRamp) -> str:
    """A time ramp as MLT writes it."""
    return ";".join(f"{frame}={seconds:.6f}" for frame, seconds in ramp.points)


def rectangle_keys(keys: Iterable[tuple[int, Rectangle]], offset: int = 0) -> str:
    """Rectangles as MLT writes them, with `offset` added to the frames of the keys."""
    keys = tuple(keys)
    texts = [f"{r.x:.3f} {r.y:.3f} {r.width:.3f} {r.height:.3f} 1" for _, r in keys]
    return ";".join(
        f"{frame + offset}={text}" for (frame, _), text in zip(keys, texts, strict=True)
    )


def area_text(area: Rectangle) -> str:
    """An area of the screen as MLT writes it."""
    return f"{area.x:.3f} {area.y:.3f} {area.width:.3f} {area.height:.3f} 1"


def title_lines(text: TimelineText, timeline: Timeline) -> list[str]:
    """A text in lines that fit the screen: titles of both programs break no lines themselves."""
    width = timeline.size[0] * MAX_LINE_SHARE / (title_pixels(timeline) * LETTER_WIDTH)
    return [
        part
        for line in text.text.splitlines()
        for part in textwrap.wrap(line, max(8, int(width))) or [""]
    ]


def title_middle(row: int, timeline: Timeline) -> int:
    """The height of the middle of a text on a row, in pixels from the top."""
    return round(TEXT_MIDDLES[row % len(TEXT_MIDDLES)] * timeline.size[1])


def title_pixels(timeline: Timeline) -> int:
    """The height of a title's letters."""
    return max(8, round(TITLE_PIXELS * timeline.size[1] / REFERENCE_HEIGHT))


def blur_sigma(timeline: Timeline) -> float:
    """The strength of the blur of a background, in pixels."""
    return round(BLUR_SIGMA * timeline.size[0], 1)


def add_blank(playlist: Element, end: int, at: int) -> None:
    """Append a gap from frame `end` to frame `at`, if there is one."""
    if at > end:
        add(playlist, "blank", length=at - end)


def add_entry(playlist: Element, producer: str, first: int, frames: int) -> Element:
    """Append `frames` frames of a producer from its frame `first` on."""
    return add(playlist, "entry", producer=producer, **{"in": first, "out": first + frames - 1})


def followed_shot(sound: SoundClip, timeline: Timeline) -> Shot | None:
    """The shot whose speed ramp a sound follows, if any."""
    shot = timeline.shots[sound.shot] if sound.shot is not None else None
    return shot if shot and shot.ramp and sound.speed == shot.speed else None


def sound_tracks(timeline: Timeline) -> list[list[SoundClip]]:
    """The sounds of each track, as far as MLT can play them."""
    tracks: list[list[SoundClip]] = [[] for _ in range(timeline.sound_tracks)]
    for sound in map(_playable_part, timeline.sounds):
        if sound.frames > 0:
            tracks[sound.track].append(sound)
    return tracks


def _playable_part(sound: SoundClip) -> SoundClip:
    """`sound` without what is before the first frame that MLT counts."""
    late = max(0, -first_frame(sound))
    source = count_source_frames(sound.media.rate, sound.speed, late, sound.timeline_rate)
    return replace(
        sound, at=sound.at + late, frames=sound.frames - late,
        start=sound.start + frame_at(source, Fraction(1)),
    )  # fmt: skip
