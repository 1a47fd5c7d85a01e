"""Timelines as FCPXML 1.9, which Final Cut Pro and DaVinci Resolve read.

OpenTimelineIO's adapter is not used: it knows no speeds, transitions or effects. Apple's rules that
this module relies on:

- Times are fractions of seconds. On the timeline they are whole frames.
- A time inside an element is the element's own time, which starts at its `start`.
- Positions and trims are percents of the frame's height, with y upward.
- A picture is first fitted into the timeline; its scale is relative to that.
- A transition is centered on its cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from btsclip.exchange.fcpxml_effects import add_motion, add_timing, seconds
from btsclip.exchange.rates import seconds_of
from btsclip.exchange.timeline import (
    Marker,
    Media,
    Shot,
    SoundClip,
    Timeline,
    TimelineText,
    pack_rows,
)
from btsclip.exchange.xml import add, root, to_text

Url = Callable[[Media], str]
VERSION = "1.9"
# Effects that all copies of Final Cut Pro have.
TITLE = ".../Titles.localized/Bumper:Opener.localized/Basic Title.localized/Basic Title.moti"
DISSOLVE = "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265"
# The own time of a title starts at one hour, as in Final Cut Pro.
TITLE_START = "3600s"
# The size of a title in points on a screen of REFERENCE_HEIGHT pixels.
TITLE_POINTS = 64
REFERENCE_HEIGHT = 1920


@dataclass
class _Resources:
    """The resources of a document, each once, and their ids."""

    url: Url
    element: Element
    ids: dict[object, str] = field(default_factory=dict)
    styles: int = 0

    def add(self, key: object, tag: str, **facts: str | int | None) -> tuple[str, Element | None]:
        """The id of a resource, and its element if it is new."""
        if key in self.ids:
            return self.ids[key], None
        self.ids[key] = ident = f"r{len(self.ids) + 1}"
        return ident, add(self.element, tag, id=ident, **facts)


@dataclass(frozen=True)
class _StoryElement:
    """An element of the main storyline, from frame `at` to `end` of the timeline.

    `start` is its own time at `at`, in seconds. `shot` is None for a gap. `connected` elements and
    `markers` are inside it.
    """

    at: int
    end: int
    start: Fraction
    shot: Shot | None
    index: int
    connected: list[Element]
    markers: list[Element]


def document(name: str, timelines: Sequence[Timeline], url: Url) -> str:
    """One event with a project for each clip."""
    fcpxml = root("fcpxml", version=VERSION)
    resources = _Resources(url, add(fcpxml, "resources"))
    event = add(add(fcpxml, "library"), "event", name=name)
    for timeline in timelines:
        _add_project(event, timeline, resources)
    return to_text(fcpxml, "fcpxml")


def _add_project(event: Element, timeline: Timeline, resources: _Resources) -> None:
    format_id = _format_id(timeline.rate, timeline.size, resources)
    element = add(
        add(event, "project", name=timeline.name), "sequence", format=format_id,
        duration=_time(timeline.frames, timeline.rate), tcStart="0s",
        tcFormat="DF" if timeline.drop_frame else "NDF", audioLayout="stereo", audioRate="48k",
    )  # fmt: skip
    spine = add(element, "spine")
    story = _storyline(timeline)
    joined = {
        item.index: sound
        for item in story
        for sound in timeline.sounds
        if item.shot and sound.shot == item.index and _has_same_borders(item, sound)
    }
    for sound in timeline.sounds:
        if sound not in joined.values():
            _connect_sound(_element_at(story, sound.at), sound, timeline, resources)
    for item in story:
        if item.shot and len(item.shot.motions) > 1:
            _connect_lower_half(item, item.shot, timeline, resources)
    for lane, row in enumerate(pack_rows(timeline.texts), 2):
        for text in row:
            _connect_title(_element_at(story, text.at), text, lane, timeline, resources)
    for marker in timeline.markers:
        _add_marker(_element_at(story, marker.at), marker, timeline)
    for item in story:
        _add_to_spine(spine, item, joined.get(item.index), timeline, resources)


def _storyline(timeline: Timeline) -> list[_StoryElement]:
    """The main storyline: shots that are cut in the middle of their dissolves, and gaps."""
    story: list[_StoryElement] = []
    end = 0

    def add_gap(gap_end: int) -> None:
        if gap_end > end:
            story.append(_StoryElement(end, gap_end, Fraction(0), None, -1, [], []))

    for index, shot in enumerate(timeline.shots):
        following = timeline.shots[index + 1] if index + 1 < len(timeline.shots) else None
        head, tail = shot.dissolve // 2, following.dissolve // 2 if following else 0
        add_gap(shot.at + head)
        start = (
            shot.media.first_frame + shot.start + shot.source_frames_in(head)
        ) / shot.media.rate
        end = shot.end + tail
        story.append(_StoryElement(shot.at + head, end, start, shot, index, [], []))
    add_gap(timeline.frames)
    return story


def _has_same_borders(item: _StoryElement, sound: SoundClip) -> bool:
    """Whether picture and sound have the same borders, so that one element can hold both."""
    assert item.shot
    same_length = (item.at, item.end) == (sound.at, sound.end)
    return same_length and item.shot.start == sound.start and item.shot.speed == sound.speed


def _element_at(story: Sequence[_StoryElement], frame: int) -> _StoryElement:
    """The element of the main storyline at a frame."""
    return next((item for item in story if frame < item.end), story[-1])


def _own_time(item: _StoryElement, frame: int, timeline: Timeline) -> Fraction:
    """A frame of the timeline in the own time of an element, in seconds."""
    return item.start + seconds_of(frame - item.at, timeline.rate)


def _add_to_spine(
    spine: Element,
    item: _StoryElement,
    sound: SoundClip | None,
    timeline: Timeline,
    resources: _Resources,
) -> None:
    shot = item.shot
    offset, duration = _time(item.at, timeline.rate), _time(item.end - item.at, timeline.rate)
    if shot is None:
        element = add(spine, "gap", name="Gap", offset=offset, start="0s", duration=duration)
    else:
        if shot.dissolve > 1:
            _add_transition(spine, shot, timeline, resources)
        element = add(
            spine, "asset-clip", ref=_asset_id(shot.media, resources), offset=offset,
            name=shot.media.path.name, start=seconds(item.start), duration=duration,
            tcFormat="DF" if shot.media.drop_frame else "NDF",
            srcEnable="video" if shot.media.channels and not sound else None,
        )  # fmt: skip
        add_timing(element, shot, shot.ramp, _timing_start(item, shot, timeline), timeline)
        add_motion(element, shot, _own_time(item, shot.at, timeline), shot.motions[0], timeline)
        if sound and sound.gain:
            add(element, "adjust-volume", amount=f"{sound.gain:.4g}dB")
    element.extend(item.connected)
    element.extend(item.markers)


def _timing_start(item: _StoryElement, shot: Shot, timeline: Timeline) -> Fraction:
    """The own time of an element at the start of its ramp; without a ramp, at its own start."""
    return _own_time(item, shot.at, timeline) if shot.ramp else item.start


def _add_transition(spine: Element, shot: Shot, timeline: Timeline, resources: _Resources) -> None:
    """Add a dissolve with an even number of frames."""
    effect, _ = resources.add(DISSOLVE, "effect", name="Cross Dissolve", uid=DISSOLVE)
    element = add(
        spine, "transition", name="Cross Dissolve", offset=_time(shot.at, timeline.rate),
        duration=_time(shot.dissolve // 2 * 2, timeline.rate),
    )  # fmt: skip
    add(element, "filter-video", ref=effect, name="Cross Dissolve")


def _connect_sound(
    item: _StoryElement, sound: SoundClip, timeline: Timeline, resources: _Resources
) -> None:
    """Connect a separate sound to the element that is on when it starts."""
    start = (sound.media.first_frame + Fraction(sound.start)) / sound.media.rate
    element = root(
        "asset-clip", ref=_asset_id(sound.media, resources), lane=-1 - sound.track,
        offset=seconds(_own_time(item, sound.at, timeline)), name=sound.media.path.name,
        start=seconds(start), duration=_time(sound.frames, timeline.rate),
        srcEnable="audio", audioRole="music" if sound.shot is None else "dialogue",
    )  # fmt: skip
    shot = timeline.shots[sound.shot] if sound.shot is not None else None
    if shot and shot.ramp and sound.speed == shot.speed:
        ramp_start = start + seconds_of(shot.at - sound.at, timeline.rate)
        add_timing(element, shot, shot.ramp, ramp_start, timeline)
    else:
        add_timing(element, sound, (), start, timeline)
    if sound.gain:
        add(element, "adjust-volume", amount=f"{sound.gain:.4g}dB")
    item.connected.append(element)


def _connect_lower_half(
    item: _StoryElement, shot: Shot, timeline: Timeline, resources: _Resources
) -> None:
    """Connect the lower half of a split screen, in the lane above the upper half."""
    element = root(
        "asset-clip", ref=_asset_id(shot.media, resources), lane=1, offset=seconds(item.start),
        name=shot.media.path.name, start=seconds(item.start),
        duration=_time(item.end - item.at, timeline.rate), srcEnable="video",
    )  # fmt: skip
    add_timing(element, shot, shot.ramp, _timing_start(item, shot, timeline), timeline)
    add_motion(element, shot, _own_time(item, shot.at, timeline), shot.motions[1], timeline)
    item.connected.append(element)


def _connect_title(
    item: _StoryElement, text: TimelineText, lane: int, timeline: Timeline, resources: _Resources
) -> None:
    effect, _ = resources.add(TITLE, "effect", name="Basic Title", uid=TITLE)
    element = root(
        "title", ref=effect, lane=lane, offset=seconds(_own_time(item, text.at, timeline)),
        name=text.text[:60], start=TITLE_START, duration=_time(text.frames, timeline.rate),
    )  # fmt: skip
    resources.styles += 1
    style = f"ts{resources.styles}"
    add(add(element, "text"), "text-style", text.text, ref=style)
    add(
        add(element, "text-style-def", id=style), "text-style", font="Helvetica", fontFace="Bold",
        fontSize=round(TITLE_POINTS * timeline.size[1] / REFERENCE_HEIGHT), fontColor="1 1 1 1",
        alignment="center",
    )  # fmt: skip
    item.connected.append(element)


def _add_marker(item: _StoryElement, marker: Marker, timeline: Timeline) -> None:
    item.markers.append(
        root(
            "marker",
            start=seconds(_own_time(item, marker.at, timeline)),
            duration=_time(1, timeline.rate),
            value=marker.name,
            note=marker.note,
        )
    )


def _asset_id(media: Media, resources: _Resources) -> str:
    """The id of a file, which is added to the resources if it is new."""
    format_id = _format_id(media.rate, media.size, resources) if media.size else None
    ident, element = resources.add(
        media, "asset", name=media.path.stem, start=_time(media.first_frame, media.rate),
        duration=_time(media.frames, media.rate), hasVideo="1" if media.size else None,
        videoSources="1" if media.size else None, format=format_id,
        hasAudio="1" if media.channels else None, audioSources="1" if media.channels else None,
        audioChannels=media.channels or None,
        audioRate=media.sample_rate if media.channels else None,
    )  # fmt: skip
    if element is not None:
        add(element, "media-rep", kind="original-media", src=resources.url(media))
    return ident


def _format_id(rate: Fraction, size: tuple[int, int], resources: _Resources) -> str:
    ident, _ = resources.add(
        (rate, size), "format", frameDuration=seconds(1 / rate), width=size[0], height=size[1],
        colorSpace="1-1-1 (Rec. 709)",
    )  # fmt: skip
    return ident


def _time(frames: int, rate: Fraction) -> str:
    return seconds(seconds_of(frames, rate))
