"""Timelines as the XML of Final Cut Pro 7 (xmeml), which Premiere reads.

The library's adapter is not used: it writes no speeds, no moves of the picture, no titles, no gains
and no links between picture and sound. Its reader is what the tests hold this writer to.

Places in a file are counted in frames of the file at the speed it is shown at: at double speed
there are half as many. A picture's middle is measured in the picture's own width and height.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from btsclip.exchange import xmeml_effects as effects
from btsclip.exchange.rates import STANDARD, timecode
from btsclip.exchange.timeline import (
    Marker,
    Media,
    Shot,
    SoundClip,
    Timeline,
    TimelineText,
    pack_rows,
)
from btsclip.exchange.xml import add, add_all, root, to_text

Url = Callable[[Media], str]
# A title's size in points for a screen of this height.
LETTERS, LETTERS_OF = 64, 1920


@dataclass
class _Names:
    """What was given a name in one document, and which clip items belong together."""

    url: Url
    files: dict[Media, str] = field(default_factory=dict)
    items: int = 0
    linked: dict[tuple[int, object], list[tuple[Element, str, int, int]]] = field(
        default_factory=dict
    )

    def item(self) -> str:
        """A new clip item's name."""
        self.items += 1
        return f"clipitem-{self.items}"


def document(name: str, timelines: Sequence[Timeline], url: Url) -> str:
    """One project with a timeline for each clip."""
    xmeml = root("xmeml", version="4")
    project = add(xmeml, "project")
    add(project, "name", name)
    children = add(project, "children")
    book = _Names(url)
    for number, timeline in enumerate(timelines):
        _sequence(children, timeline, number, book)
    _link(book)
    return to_text(xmeml, "xmeml")


def _sequence(children: Element, timeline: Timeline, number: int, book: _Names) -> None:
    element = add(children, "sequence", id=f"sequence-{number + 1}", explodedTracks="true")
    add_all(element, {"name": timeline.name, "duration": timeline.frames})
    _rate(element, timeline.rate)
    _timecode(element, 0, timeline.rate, timeline.drop)
    media = add(element, "media")
    video, audio = add(media, "video"), add(media, "audio")
    facts = add(add(video, "format"), "samplecharacteristics")
    _rate(facts, timeline.rate)
    _picture_facts(facts, timeline.size)
    _pictures(video, timeline, number, book)
    for row in pack_rows(timeline.texts):
        track = add(video, "track")
        for text in row:
            _title(track, text, timeline)
    add(audio, "numOutputChannels", 2)
    facts = add(add(audio, "format"), "samplecharacteristics")
    add_all(facts, {"depth": 16, "samplerate": 48_000})
    _sounds(audio, timeline, number, book)
    for mark in timeline.marks:
        _marker(element, mark)


def _pictures(video: Element, timeline: Timeline, number: int, book: _Names) -> None:
    """The track of the picture, and one above it for the lower halves of split screens."""
    layers = max((len(shot.motions) for shot in timeline.shots), default=1)
    for layer in range(layers):
        track = add(video, "track")
        shots = [(i, shot) for i, shot in enumerate(timeline.shots) if layer < len(shot.motions)]
        for place, (index, shot) in enumerate(shots, 1):
            follows = timeline.shots[index + 1].over if index + 1 < len(timeline.shots) else 0
            over, follows = (shot.over, follows) if layer == 0 else (0, 0)
            if over:
                _transition(track, shot.at, over, timeline)
            item = _clip(track, shot, "video", book, over, follows)
            effects.speed(item, shot.speed, "video")
            effects.motion(item, shot, shot.motions[layer], timeline)
            key = (number, index if layer == 0 else (index, layer))
            book.linked.setdefault(key, []).append((item, "video", layer + 1, place))


def _sounds(audio: Element, timeline: Timeline, number: int, book: _Names) -> None:
    """Each track of sound as one for each of its channels, as Premiere writes stereo."""
    written = 0
    for index in range(timeline.tracks):
        sounds = [sound for sound in timeline.sounds if sound.track == index]
        channels = 2 if any(sound.media.channels > 1 for sound in sounds) else 1
        for channel in range(channels):
            written += 1
            track = add(
                audio, "track", currentExplodedTrackIndex=channel, totalExplodedTrackCount=channels,
                premiereTrackType="Stereo" if channels == 2 else "Mono",
            )  # fmt: skip
            add(track, "outputchannelindex", channel + 1)
            heard = [sound for sound in sounds if channel < max(1, sound.media.channels)]
            for place, sound in enumerate(heard, 1):
                item = _clip(track, sound, "audio", book)
                kind = "stereo" if sound.media.channels > 1 else "mono"
                item.set("premiereChannelType", kind)
                add_all(add(item, "sourcetrack"), {"mediatype": "audio", "trackindex": channel + 1})
                effects.speed(item, sound.speed, "audio")
                effects.gain(item, sound.gain)
                key = (number, sound.shot if sound.shot is not None else f"lane {index}")
                book.linked.setdefault(key, []).append((item, "audio", written, place))


def _clip(
    track: Element, item: Shot | SoundClip, kind: str, book: _Names, over: int = 0, follows: int = 0
) -> Element:
    """A clip item. Where a transition begins or ends it, the format has -1 in place of its border;
    one that the next comes in over lasts so many frames longer."""
    element = add(track, "clipitem", id=book.item(), frameBlend="FALSE")
    media = item.media
    begin, end = effects.local_frame(item, 0), effects.local_frame(item, item.frames + follows)
    add_all(
        element,
        {
            "name": media.path.name, "enabled": "TRUE",
            "duration": math.ceil(media.frames / item.speed),
        },
    )  # fmt: skip
    _rate(element, media.rate)
    add_all(
        element,
        {
            "start": -1 if over else item.at, "end": -1 if follows else item.end,
            "in": begin, "out": end,
        },
    )  # fmt: skip
    _file(element, media, book)
    if kind == "video":
        add(element, "compositemode", "normal")
    return element


def _file(parent: Element, media: Media, book: _Names) -> None:
    """The file; only the first time with all that is known of it."""
    if media in book.files:
        add(parent, "file", id=book.files[media])
        return
    book.files[media] = f"file-{len(book.files) + 1}"
    element = add(parent, "file", id=book.files[media])
    add_all(element, {"name": media.path.name, "pathurl": book.url(media)})
    _rate(element, media.rate)
    add(element, "duration", media.frames)
    _timecode(element, media.first, media.rate, media.drop)
    content = add(element, "media")
    if media.size:
        facts = add(add(content, "video"), "samplecharacteristics")
        _rate(facts, media.rate)
        _picture_facts(facts, media.size)
    if media.channels:
        audio = add(content, "audio")
        facts = add(audio, "samplecharacteristics")
        add_all(facts, {"depth": 16, "samplerate": media.sample_rate})
        add(audio, "channelcount", media.channels)


def _transition(track: Element, at: int, over: int, timeline: Timeline) -> None:
    item = add(track, "transitionitem")
    _rate(item, timeline.rate)
    add_all(item, {"start": at, "end": at + over, "alignment": "start"})
    add_all(
        add(item, "effect"),
        {
            "name": "Cross Dissolve", "effectid": "Cross Dissolve", "effectcategory": "Dissolve",
            "effecttype": "transition", "mediatype": "video", "startratio": 0, "endratio": 1,
            "reverse": "FALSE",
        },
    )  # fmt: skip


def _title(track: Element, text: TimelineText, timeline: Timeline) -> None:
    item = add(track, "generatoritem")
    add_all(item, {"name": text.text[:60], "enabled": "TRUE", "duration": text.frames})
    _rate(item, timeline.rate)
    add_all(item, {"start": text.at, "end": text.at + text.frames, "in": 0, "out": text.frames})
    add_all(item, {"alphatype": "black"})
    effect = add(item, "effect")
    add_all(
        effect,
        {
            "name": "Text", "effectid": "Text", "effectcategory": "Text",
            "effecttype": "generator", "mediatype": "video",
        },
    )  # fmt: skip
    size = round(LETTERS * timeline.size[1] / LETTERS_OF)
    for ident, name, value in (
        ("str", "Text", text.text), ("fontsize", "Size", size), ("fontalign", "Alignment", 2),
    ):  # fmt: skip
        effects.parameter(effect, ident, name, value)


def _marker(element: Element, mark: Marker) -> None:
    add_all(
        add(element, "marker"),
        {"name": mark.name, "comment": mark.note, "in": mark.at, "out": mark.at + mark.frames},
    )


def _link(book: _Names) -> None:
    """Names in each clip item those that move with it, itself among them."""
    for group in book.linked.values():
        for item, _, _, _ in group if len(group) > 1 else ():
            for other, kind, track, place in group:
                add_all(
                    add(item, "link"),
                    {
                        "linkclipref": other.get("id"), "mediatype": kind, "trackindex": track,
                        "clipindex": place,
                    },
                )  # fmt: skip


def _picture_facts(parent: Element, size: tuple[int, int]) -> None:
    add_all(
        parent,
        {
            "width": size[0], "height": size[1], "anamorphic": "FALSE",
            "pixelaspectratio": "square", "fielddominance": "none",
        },
    )  # fmt: skip


def _rate(parent: Element, rate: Fraction) -> None:
    """The rate as a whole number, and whether it is a thousandth slower than that."""
    base = math.ceil(rate)
    exact = "TRUE" if rate == Fraction(base * 1000, 1001) else "FALSE"
    add_all(add(parent, "rate"), {"timebase": base, "ntsc": exact})


def _timecode(parent: Element, frame: int, rate: Fraction, drop: bool) -> None:
    element = add(parent, "timecode")
    _rate(element, rate)
    # Rates without timecode still have a first frame.
    text = timecode(frame, rate, drop) if rate in STANDARD else "00:00:00:00"
    add_all(element, {"string": text, "frame": frame, "displayformat": "DF" if drop else "NDF"})
