"""Timelines as FCPXML 1.9, which Final Cut Pro and DaVinci Resolve read.

Written with the standard library: the adapter of OpenTimelineIO knows neither speeds nor
transitions nor effects. What is relied upon of Apple's rules: times are fractions of seconds, whole
frames of the timeline for what stands on it; a place inside an element counts in that element's own
time, which begins with its `start`; positions and trims are percents of a frame's height, up being
positive; a picture is first fitted into the timeline, and its scale counts from there; a transition
lies evenly over its cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from btsclip.exchange.fcpxml_looks import move, seconds, timing
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
# A title's own time begins at an hour, as the program has it.
TITLE_START = "3600s"
LETTERS, LETTERS_OF = 64, 1920


@dataclass
class _Resources:
    """The resources of a document, each once, and their names."""

    url: Url
    resources: Element
    names: dict[object, str] = field(default_factory=dict)
    styles: int = 0

    def name(self, key: object, tag: str, **facts: str | int | None) -> tuple[str, Element | None]:
        """The id of a resource, and its element where it is new."""
        if key in self.names:
            return self.names[key], None
        self.names[key] = ident = f"r{len(self.names) + 1}"
        return ident, add(self.resources, tag, id=ident, **facts)


@dataclass(frozen=True)
class _StoryElement:
    """An element of the main storyline: frames `at` to `end` of the timeline; its own time at `at`
    is `start`, in seconds. `shot` None for a gap."""

    at: int
    end: int
    start: Fraction
    shot: Shot | None
    index: int
    anchored: list[Element]
    marks: list[Element]


def document(name: str, timelines: Sequence[Timeline], url: Url) -> str:
    """One event with a project for each clip."""
    whole = root("fcpxml", version=VERSION)
    book = _Resources(url, add(whole, "resources"))
    event = add(add(whole, "library"), "event", name=name)
    for timeline in timelines:
        _project(event, timeline, book)
    return to_text(whole, "fcpxml")


def _project(event: Element, timeline: Timeline, book: _Resources) -> None:
    form = _format(timeline.rate, timeline.size, book)
    element = add(
        add(event, "project", name=timeline.name), "sequence", format=form,
        duration=_time(timeline.frames, timeline.rate), tcStart="0s",
        tcFormat="DF" if timeline.drop else "NDF", audioLayout="stereo", audioRate="48k",
    )  # fmt: skip
    spine = add(element, "spine")
    places = _places(timeline)
    joined = {
        place.index: sound
        for place in places
        for sound in timeline.sounds
        if place.shot and sound.shot == place.index and _together(place, sound)
    }
    for sound in timeline.sounds:
        if sound not in joined.values():
            _sound(_holding(places, sound.at), sound, timeline, book)
    for place in places:
        if place.shot and len(place.shot.motions) > 1:
            _lower(place, place.shot, timeline, book)
    for lane, row in enumerate(pack_rows(timeline.texts), 2):
        for text in row:
            _title(_holding(places, text.at), text, lane, timeline, book)
    for mark in timeline.marks:
        _marker(_holding(places, mark.at), mark, timeline)
    for place in places:
        _spine_item(spine, place, joined.get(place.index), timeline, book)


def _places(timeline: Timeline) -> list[_StoryElement]:
    """The main storyline: shots cut in the middle of their dissolves, and gaps."""
    places: list[_StoryElement] = []
    end = 0

    def gap(until: int) -> None:
        if until > end:
            places.append(_StoryElement(end, until, Fraction(0), None, -1, [], []))

    for index, shot in enumerate(timeline.shots):
        following = timeline.shots[index + 1] if index + 1 < len(timeline.shots) else None
        head, tail = shot.over // 2, following.over // 2 if following else 0
        gap(shot.at + head)
        start = (shot.media.first + shot.start + shot.taken(head)) / shot.media.rate
        end = shot.end + tail
        places.append(_StoryElement(shot.at + head, end, start, shot, index, [], []))
    gap(timeline.frames)
    return places


def _together(place: _StoryElement, sound: SoundClip) -> bool:
    """Whether picture and sound have the same borders, so that one element is both."""
    assert place.shot
    same_length = (place.at, place.end) == (sound.at, sound.end)
    return same_length and place.shot.start == sound.start and place.shot.speed == sound.speed


def _holding(places: Sequence[_StoryElement], frame: int) -> _StoryElement:
    """The element that is on the main storyline at a frame."""
    return next((place for place in places if frame < place.end), places[-1])


def _inside(place: _StoryElement, frame: int, timeline: Timeline) -> Fraction:
    """A frame of the timeline in the own time of an element, in seconds."""
    return place.start + seconds_of(frame - place.at, timeline.rate)


def _spine_item(
    spine: Element,
    place: _StoryElement,
    sound: SoundClip | None,
    timeline: Timeline,
    book: _Resources,
) -> None:
    shot = place.shot
    offset, duration = _time(place.at, timeline.rate), _time(place.end - place.at, timeline.rate)
    if shot is None:
        element = add(spine, "gap", name="Gap", offset=offset, start="0s", duration=duration)
    else:
        if shot.over > 1:
            _transition(spine, shot, timeline, book)
        element = add(
            spine, "asset-clip", ref=_asset(shot.media, book), offset=offset,
            name=shot.media.path.name, start=seconds(place.start), duration=duration,
            tcFormat="DF" if shot.media.drop else "NDF",
            srcEnable="video" if shot.media.channels and not sound else None,
        )  # fmt: skip
        timing(element, shot, shot.ramp, _begin(place, shot, timeline), timeline)
        move(element, shot, _inside(place, shot.at, timeline), shot.motions[0], timeline)
        if sound and sound.gain:
            add(element, "adjust-volume", amount=f"{sound.gain:.4g}dB")
    element.extend(place.anchored)
    element.extend(place.marks)


def _begin(place: _StoryElement, shot: Shot, timeline: Timeline) -> Fraction:
    """The own time of a place's element at which its ramp begins; where it has none, its start."""
    return _inside(place, shot.at, timeline) if shot.ramp else place.start


def _transition(spine: Element, shot: Shot, timeline: Timeline, book: _Resources) -> None:
    """A dissolve, an even number of frames long."""
    effect, _ = book.name(DISSOLVE, "effect", name="Cross Dissolve", uid=DISSOLVE)
    element = add(
        spine, "transition", name="Cross Dissolve", offset=_time(shot.at, timeline.rate),
        duration=_time(shot.over // 2 * 2, timeline.rate),
    )  # fmt: skip
    add(element, "filter-video", ref=effect, name="Cross Dissolve")


def _sound(place: _StoryElement, sound: SoundClip, timeline: Timeline, book: _Resources) -> None:
    """A sound by itself, connected to what is seen when it begins."""
    start = (sound.media.first + Fraction(sound.start)) / sound.media.rate
    element = root(
        "asset-clip", ref=_asset(sound.media, book), lane=-1 - sound.track,
        offset=seconds(_inside(place, sound.at, timeline)), name=sound.media.path.name,
        start=seconds(start), duration=_time(sound.frames, timeline.rate),
        srcEnable="audio", audioRole="music" if sound.shot is None else "dialogue",
    )  # fmt: skip
    shot = timeline.shots[sound.shot] if sound.shot is not None else None
    if shot and shot.ramp and sound.speed == shot.speed:
        begin = start + seconds_of(shot.at - sound.at, timeline.rate)
        timing(element, shot, shot.ramp, begin, timeline)
    else:
        timing(element, sound, (), start, timeline)
    if sound.gain:
        add(element, "adjust-volume", amount=f"{sound.gain:.4g}dB")
    place.anchored.append(element)


def _lower(place: _StoryElement, shot: Shot, timeline: Timeline, book: _Resources) -> None:
    """The lower half of a split screen, above the upper one."""
    element = root(
        "asset-clip", ref=_asset(shot.media, book), lane=1, offset=seconds(place.start),
        name=shot.media.path.name, start=seconds(place.start),
        duration=_time(place.end - place.at, timeline.rate), srcEnable="video",
    )  # fmt: skip
    timing(element, shot, shot.ramp, _begin(place, shot, timeline), timeline)
    move(element, shot, _inside(place, shot.at, timeline), shot.motions[1], timeline)
    place.anchored.append(element)


def _title(
    place: _StoryElement, text: TimelineText, lane: int, timeline: Timeline, book: _Resources
) -> None:
    effect, _ = book.name(TITLE, "effect", name="Basic Title", uid=TITLE)
    element = root(
        "title", ref=effect, lane=lane, offset=seconds(_inside(place, text.at, timeline)),
        name=text.text[:60], start=TITLE_START, duration=_time(text.frames, timeline.rate),
    )  # fmt: skip
    book.styles += 1
    style = f"ts{book.styles}"
    add(add(element, "text"), "text-style", text.text, ref=style)
    add(
        add(element, "text-style-def", id=style), "text-style", font="Helvetica", fontFace="Bold",
        fontSize=round(LETTERS * timeline.size[1] / LETTERS_OF), fontColor="1 1 1 1",
        alignment="center",
    )  # fmt: skip
    place.anchored.append(element)


def _marker(place: _StoryElement, mark: Marker, timeline: Timeline) -> None:
    place.marks.append(
        root(
            "marker",
            start=seconds(_inside(place, mark.at, timeline)),
            duration=_time(1, timeline.rate),
            value=mark.name,
            note=mark.note,
        )
    )


def _asset(media: Media, book: _Resources) -> str:
    """The id of a file; new ones are written down with all that is known of them."""
    form = _format(media.rate, media.size, book) if media.size else None
    ident, element = book.name(
        media, "asset", name=media.path.stem, start=_time(media.first, media.rate),
        duration=_time(media.frames, media.rate), hasVideo="1" if media.size else None,
        videoSources="1" if media.size else None, format=form,
        hasAudio="1" if media.channels else None, audioSources="1" if media.channels else None,
        audioChannels=media.channels or None,
        audioRate=media.sample_rate if media.channels else None,
    )  # fmt: skip
    if element is not None:
        add(element, "media-rep", kind="original-media", src=book.url(media))
    return ident


def _format(rate: Fraction, size: tuple[int, int], book: _Resources) -> str:
    ident, _ = book.name(
        (rate, size), "format", frameDuration=seconds(1 / rate), width=size[0], height=size[1],
        colorSpace="1-1-1 (Rec. 709)",
    )  # fmt: skip
    return ident


def _time(frames: int, rate: Fraction) -> str:
    return seconds(seconds_of(frames, rate))
