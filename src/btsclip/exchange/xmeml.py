"""Timelines as the XML of Final Cut Pro 7 (xmeml), which Premiere reads.

OpenTimelineIO's adapter is not used: it writes no speeds, motion, titles or gains, and no links
between picture and sound. The tests check this writer with the adapter's reader.

Positions in a file are counted in frames at the speed shown: at double speed a file has half as
many. A picture's center is measured in widths and heights of the picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from btsclip.exchange import xmeml_effects as effects
from btsclip.exchange.rates import STANDARD_RATES, timecode
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
# The size of a title in points on a screen of REFERENCE_HEIGHT pixels.
TITLE_POINTS = 64
REFERENCE_HEIGHT = 1920


@dataclass
class _Ids:
    """The ids of one document, and its groups of clip items that belong together.

    An item of a group has its element, "video" or "audio", and the numbers of its track and of its
    position on the track, from 1.
    """

    url: Url
    files: dict[Media, str] = field(default_factory=dict)
    items: int = 0
    groups: dict[tuple[int, object], list[tuple[Element, str, int, int]]] = field(
        default_factory=dict
    )

    def new_item(self) -> str:
        """The id of a new clip item."""
        self.items += 1
        return f"clipitem-{self.items}"


def document(name: str, timelines: Sequence[Timeline], url: Url) -> str:
    """One project with a timeline for each clip."""
    xmeml = root("xmeml", version="4")
    project = add(xmeml, "project")
    add(project, "name", name)
    children = add(project, "children")
    ids = _Ids(url)
    for number, timeline in enumerate(timelines):
        _add_sequence(children, timeline, number, ids)
    _add_links(ids)
    return to_text(xmeml, "xmeml")


def _add_sequence(children: Element, timeline: Timeline, number: int, ids: _Ids) -> None:
    element = add(children, "sequence", id=f"sequence-{number + 1}", explodedTracks="true")
    add_all(element, {"name": timeline.name, "duration": timeline.frames})
    _add_rate(element, timeline.rate)
    _add_timecode(element, 0, timeline.rate, timeline.drop_frame)
    media = add(element, "media")
    video, audio = add(media, "video"), add(media, "audio")
    facts = add(add(video, "format"), "samplecharacteristics")
    _add_rate(facts, timeline.rate)
    _add_picture_facts(facts, timeline.size)
    _add_pictures(video, timeline, number, ids)
    for row in pack_rows(timeline.texts):
        track = add(video, "track")
        for text in row:
            _add_title(track, text, timeline)
    add(audio, "numOutputChannels", 2)
    facts = add(add(audio, "format"), "samplecharacteristics")
    add_all(facts, {"depth": 16, "samplerate": 48_000})
    _add_sounds(audio, timeline, number, ids)
    for marker in timeline.markers:
        _add_marker(element, marker)


def _add_pictures(video: Element, timeline: Timeline, number: int, ids: _Ids) -> None:
    """Add the picture track, and a track above it for the lower halves of split screens."""
    layers = max((len(shot.motions) for shot in timeline.shots), default=1)
    for layer in range(layers):
        track = add(video, "track")
        shots = [(i, shot) for i, shot in enumerate(timeline.shots) if layer < len(shot.motions)]
        for place, (index, shot) in enumerate(shots, 1):
            dissolve_in = dissolve_out = 0
            if layer == 0:
                dissolve_in = shot.dissolve
                dissolve_out = (
                    0 if shot is timeline.shots[-1] else timeline.shots[index + 1].dissolve
                )
            if dissolve_in:
                _add_transition(track, shot.at, dissolve_in, timeline)
            item = _add_clip(track, shot, "video", ids, dissolve_in, dissolve_out)
            effects.add_speed(item, shot.speed, "video")
            effects.add_motion(item, shot, shot.motions[layer], timeline)
            key = (number, index if layer == 0 else (index, layer))
            ids.groups.setdefault(key, []).append((item, "video", layer + 1, place))


def _add_sounds(audio: Element, timeline: Timeline, number: int, ids: _Ids) -> None:
    """Add a track for each channel of each sound track, as Premiere writes stereo."""
    track_number = 0
    for index in range(timeline.sound_tracks):
        sounds = [sound for sound in timeline.sounds if sound.track == index]
        channels = 2 if any(sound.media.channels > 1 for sound in sounds) else 1
        for channel in range(channels):
            track_number += 1
            track = add(
                audio, "track", currentExplodedTrackIndex=channel, totalExplodedTrackCount=channels,
                premiereTrackType="Stereo" if channels == 2 else "Mono",
            )  # fmt: skip
            add(track, "outputchannelindex", channel + 1)
            channel_sounds = [sound for sound in sounds if channel < max(1, sound.media.channels)]
            for place, sound in enumerate(channel_sounds, 1):
                item = _add_clip(track, sound, "audio", ids)
                kind = "stereo" if sound.media.channels > 1 else "mono"
                item.set("premiereChannelType", kind)
                add_all(add(item, "sourcetrack"), {"mediatype": "audio", "trackindex": channel + 1})
                effects.add_speed(item, sound.speed, "audio")
                effects.add_gain(item, sound.gain)
                key = (number, sound.shot if sound.shot is not None else f"lane {index}")
                ids.groups.setdefault(key, []).append((item, "audio", track_number, place))


def _add_clip(
    track: Element,
    item: Shot | SoundClip,
    kind: str,
    ids: _Ids,
    dissolve_in: int = 0,
    dissolve_out: int = 0,
) -> Element:
    """Add a clip item.

    The format has -1 in place of a border with a transition. An item that dissolves out lasts
    `dissolve_out` frames longer.
    """
    element = add(track, "clipitem", id=ids.new_item(), frameBlend="FALSE")
    media = item.media
    begin = effects.local_frame(item, 0)
    end = effects.local_frame(item, item.frames + dissolve_out)
    add_all(
        element,
        {
            "name": media.path.name, "enabled": "TRUE",
            "duration": math.ceil(media.frames / item.speed),
        },
    )  # fmt: skip
    _add_rate(element, media.rate)
    add_all(
        element,
        {
            "start": -1 if dissolve_in else item.at, "end": -1 if dissolve_out else item.end,
            "in": begin, "out": end,
        },
    )  # fmt: skip
    _add_file(element, media, ids)
    if kind == "video":
        add(element, "compositemode", "normal")
    return element


def _add_file(parent: Element, media: Media, ids: _Ids) -> None:
    """Add a file, with all its facts only the first time."""
    if media in ids.files:
        add(parent, "file", id=ids.files[media])
        return
    ids.files[media] = f"file-{len(ids.files) + 1}"
    element = add(parent, "file", id=ids.files[media])
    add_all(element, {"name": media.path.name, "pathurl": ids.url(media)})
    _add_rate(element, media.rate)
    add(element, "duration", media.frames)
    _add_timecode(element, media.first_frame, media.rate, media.drop_frame)
    content = add(element, "media")
    if media.size:
        facts = add(add(content, "video"), "samplecharacteristics")
        _add_rate(facts, media.rate)
        _add_picture_facts(facts, media.size)
    if media.channels:
        audio = add(content, "audio")
        facts = add(audio, "samplecharacteristics")
        add_all(facts, {"depth": 16, "samplerate": media.sample_rate})
        add(audio, "channelcount", media.channels)


def _add_transition(track: Element, at: int, frames: int, timeline: Timeline) -> None:
    item = add(track, "transitionitem")
    _add_rate(item, timeline.rate)
    add_all(item, {"start": at, "end": at + frames, "alignment": "start"})
    add_all(
        add(item, "effect"),
        {
            "name": "Cross Dissolve", "effectid": "Cross Dissolve", "effectcategory": "Dissolve",
            "effecttype": "transition", "mediatype": "video", "startratio": 0, "endratio": 1,
            "reverse": "FALSE",
        },
    )  # fmt: skip


def _add_title(track: Element, text: TimelineText, timeline: Timeline) -> None:
    item = add(track, "generatoritem")
    add_all(item, {"name": text.text[:60], "enabled": "TRUE", "duration": text.frames})
    _add_rate(item, timeline.rate)
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
    size = round(TITLE_POINTS * timeline.size[1] / REFERENCE_HEIGHT)
    for ident, name, value in (
        ("str", "Text", text.text), ("fontsize", "Size", size), ("fontalign", "Alignment", 2),
    ):  # fmt: skip
        effects.add_parameter(effect, ident, name, value)


def _add_marker(element: Element, marker: Marker) -> None:
    add_all(
        add(element, "marker"),
        {
            "name": marker.name,
            "comment": marker.note,
            "in": marker.at,
            "out": marker.at + marker.frames,
        },
    )


def _add_links(ids: _Ids) -> None:
    """Add to each clip item links to the items that move with it, including itself."""
    for group in ids.groups.values():
        for item, _, _, _ in group if len(group) > 1 else ():
            for linked, kind, track, place in group:
                add_all(
                    add(item, "link"),
                    {
                        "linkclipref": linked.get("id"), "mediatype": kind, "trackindex": track,
                        "clipindex": place,
                    },
                )  # fmt: skip


def _add_picture_facts(parent: Element, size: tuple[int, int]) -> None:
    add_all(
        parent,
        {
            "width": size[0], "height": size[1], "anamorphic": "FALSE",
            "pixelaspectratio": "square", "fielddominance": "none",
        },
    )  # fmt: skip


def _add_rate(parent: Element, rate: Fraction) -> None:
    """Add the rate as a whole number, and whether the exact rate is a thousandth lower."""
    base = math.ceil(rate)
    ntsc = "TRUE" if rate == Fraction(base * 1000, 1001) else "FALSE"
    add_all(add(parent, "rate"), {"timebase": base, "ntsc": ntsc})


def _add_timecode(parent: Element, frame: int, rate: Fraction, drop_frame: bool) -> None:
    element = add(parent, "timecode")
    _add_rate(element, rate)
    # Files at a rate without timecode still have a first frame.
    text = timecode(frame, rate, drop_frame) if rate in STANDARD_RATES else "00:00:00:00"
    add_all(
        element, {"string": text, "frame": frame, "displayformat": "DF" if drop_frame else "NDF"}
    )
