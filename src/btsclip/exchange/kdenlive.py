"""Timelines as Kdenlive projects, in the document version 1.04 of the releases 20.08 to 22.12.

Later releases convert it when they open it. A track is a tractor of two playlists, so that clips
may overlap where they dissolve. Every file and title is in the project bin and has a number there.
Keyframes count from the first frame of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, tostring

from btsclip.exchange import mlt
from btsclip.exchange.kdenlive_bin import fill_bin
from btsclip.exchange.kdenlive_titles import title_document
from btsclip.exchange.mlt import PathOf, PictureItem, Project, Values, set_properties
from btsclip.exchange.timeline import (
    Media,
    Shot,
    SoundClip,
    Timeline,
    TimelineText,
    pack_rows,
)
from btsclip.exchange.xml import add, to_text

# Marks what Kdenlive adds to each track itself.
INTERNAL = 237
# Numbers in the bin; the first ones are Kdenlive's own.
FIRST_BIN_NUMBER = 2


@dataclass
class _Document(Project):
    """A document in the making.

    `numbers` are those in the bin, `titles` the ids of the producers of titles. `groups` has for
    each shot the items that move with it, as (track, frame).
    """

    numbers: dict[Media | TimelineText, int] = field(default_factory=dict)
    titles: dict[TimelineText, str] = field(default_factory=dict)
    groups: dict[int, list[tuple[int, int]]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Entry:
    """An item of a track. It overlaps the item before by its first `dissolve` frames."""

    element: Element
    at: int
    end: int
    dissolve: int = 0


def document(timeline: Timeline, path: PathOf) -> str:
    """The project of one timeline."""
    element = mlt.document_root(timeline, producer="main_bin")
    doc = _Document(timeline, path, element)
    bin_entries = _add_bin_producers(doc)
    bin_playlist = add(element, "playlist", id="main_bin")
    black = add(element, "producer", id="black_track", **{"in": 0, "out": timeline.frames - 1})
    set_properties(
        black, {"length": timeline.frames, "eof": "continue", "resource": "black",
                "aspect_ratio": 1, "mlt_service": "color", "mlt_image_format": "rgba",
                "set.test_audio": 0}
    )  # fmt: skip
    tracks: list[tuple[str, bool]] = []
    # The first sound track is the one next to the pictures.
    for number, row in reversed(list(enumerate(mlt.sound_tracks(timeline), 1))):
        entries = [_sound_entry(doc, sound, len(tracks)) for sound in row]
        tracks.append((_add_track(doc, f"Sound {number}", entries, is_sound=True), True))
    for layer, items in mlt.picture_layers(timeline).items():
        entries = [_picture_entry(doc, item, layer, len(tracks)) for item in items]
        tracks.append((_add_track(doc, mlt.LAYER_NAMES[layer], entries), False))
    for texts in pack_rows(timeline.texts):
        entries = [_title_entry(doc, text) for text in texts]
        tracks.append((_add_track(doc, "Text", entries), False))
    _add_tractor(doc, tracks)
    fill_bin(bin_playlist, timeline, list(doc.groups.values()), bin_entries)
    return to_text(element)


def _add_bin_producers(doc: _Document) -> list[tuple[str, int]]:
    """Add a producer for each file and title, and return their ids and lengths."""
    entries = []
    for media in doc.timeline.media:
        doc.numbers[media] = len(doc.numbers) + FIRST_BIN_NUMBER
        entries.append((_add_file(doc, media), mlt.file_frames(media, doc.timeline)))
    rows = enumerate(pack_rows(doc.timeline.texts))
    for row, text in [(row, text) for row, texts in rows for text in texts]:
        doc.numbers[text] = len(doc.numbers) + FIRST_BIN_NUMBER
        element = add(
            doc.element, "producer", id=doc.new_id("producer"),
            **{"in": 0, "out": text.frames - 1},
        )  # fmt: skip
        set_properties(
            element,
            {
                "length": text.frames, "eof": "pause", "resource": "", "progressive": 1,
                "aspect_ratio": 1, "mlt_service": "kdenlivetitle",
                "kdenlive:duration": text.frames, "kdenlive:folderid": -1,
                "kdenlive:clipname": text.text.replace("\n", " ")[:60],
                "kdenlive:id": doc.numbers[text], "force_reload": 0,
                "xmldata": tostring(title_document(text, row, doc.timeline), encoding="unicode"),
            },
        )  # fmt: skip
        doc.titles[text] = element.get("id") or ""
        entries.append((doc.titles[text], text.frames))
    return entries


def _add_file(doc: _Document, media: Media, speed: float = 1.0, ramp: Shot | None = None) -> str:
    """Add a producer of a file and return its id."""
    path, kind = doc.path(media), "chain" if ramp else "producer"
    element = add(doc.element, kind, id=doc.new_id(kind))
    properties: Values = {
        "eof": "pause", "resource": path, "mlt_service": "avformat-novalidate", "seekable": 1,
        "kdenlive:id": doc.numbers[media], "kdenlive:folderid": -1,
        "kdenlive:clip_type": 3 if media.size and media.channels else 2 if media.size else 1,
        **mlt.stream_properties(media),
    }  # fmt: skip
    frames = mlt.file_frames(media, doc.timeline)
    if ramp:
        time_ramp = mlt.time_ramp(ramp)
        frames = time_ramp.points[-1][0]
        link = add(element, "link", id=doc.new_id("link"))
        set_properties(
            link, {"map": mlt.time_map(time_ramp), "pitch": 0, "mlt_service": "timeremap",
                   "image_mode": "nearest"}
        )  # fmt: skip
    elif speed != 1:
        frames = round(frames / speed)
        properties |= {
            "resource": f"{speed:.6f}:{path}", "mlt_service": "timewarp",
            "warp_speed": f"{speed:.6f}", "warp_resource": path, "warp_pitch": 0,
        }  # fmt: skip
    set_properties(element, {"length": frames, **properties})
    element.set("out", str(frames - 1))
    return element.get("id") or ""


def _add_item(doc: _Document, item: Shot | SoundClip, shot: Shot | None, frames: int) -> Element:
    """An entry that shows an item for a number of frames. `shot` is the shot whose ramp it
    follows."""
    producer = _add_file(doc, item.media, float(item.speed), shot)
    first = max(0, mlt.first_frame(item))
    if shot:
        first = mlt.time_ramp(shot).begin + item.at - shot.at
    entry = mlt.add_entry(Element("playlist"), producer, first, frames)
    set_properties(entry, {"kdenlive:id": doc.numbers[item.media]})
    return entry


def _picture_entry(doc: _Document, item: PictureItem, layer: mlt.Layer, track: int) -> _Entry:
    shot = item.shot
    entry = _add_item(doc, shot, shot if shot.ramp else None, item.frames)
    doc.groups.setdefault(doc.timeline.shots.index(shot), []).append((track, shot.at))
    first, (keys, area) = int(entry.get("in") or 0), (item.placement.keys, item.placement.area)
    _add_effect(
        doc, entry, "qtblend",
        {"rotate_center": 1, "compositing": 0, "distort": 0,
         "rect": mlt.rectangle_keys(keys, first), "rotation": f"{first}=0"},
    )  # fmt: skip
    if area:
        _add_effect(
            doc, entry, "qtcrop",
            {"rect": f"{first}={mlt.area_text(area)}", "radius": f"{first}=0", "circle": 0,
             "color": "0x00000000"},
        )  # fmt: skip
    if layer == "background":
        sigma = mlt.blur_sigma(doc.timeline)
        _add_effect(doc, entry, "avfilter.gblur", {"av.sigma": sigma, "av.steps": 1})
        _add_effect(doc, entry, "brightness", {"level": f"{first}={mlt.BACKGROUND_LIGHT}"})
    return _Entry(entry, shot.at, shot.at + item.frames, item.head)


def _sound_entry(doc: _Document, sound: SoundClip, track: int) -> _Entry:
    entry = _add_item(doc, sound, mlt.followed_shot(sound, doc.timeline), sound.frames)
    if sound.shot is not None:
        doc.groups.setdefault(sound.shot, []).append((track, sound.at))
    if sound.gain:
        level = f"{entry.get('in')}={sound.gain:.3f}"
        _add_effect(doc, entry, "volume", {"level": level})
    return _Entry(entry, sound.at, sound.end)


def _title_entry(doc: _Document, text: TimelineText) -> _Entry:
    entry = mlt.add_entry(Element("playlist"), doc.titles[text], 0, text.frames)
    set_properties(entry, {"kdenlive:id": doc.numbers[text]})
    return _Entry(entry, text.at, text.at + text.frames)


def _add_effect(doc: _Document, entry: Element, service: str, values: Values) -> None:
    element = add(entry, "filter", id=doc.new_id("filter"))
    set_properties(
        element,
        {"mlt_service": service, "kdenlive_id": service, **values, "kdenlive:collapsed": 0},
    )


def _add_track(doc: _Document, name: str, entries: Sequence[_Entry], is_sound: bool = False) -> str:
    """Add a track and return its id. What dissolves in is on the other playlist than the item
    before."""
    playlists = [add(doc.element, "playlist", id=doc.new_id("playlist")) for _ in range(2)]
    ends, side, sides = [0, 0], 0, []
    for entry in entries:
        side = 1 - side if entry.dissolve else 0
        sides.append(side)
        mlt.add_blank(playlists[side], ends[side], entry.at)
        playlists[side].append(entry.element)
        ends[side] = entry.end
    tractor = add(doc.element, "tractor", id=doc.new_id("tractor"))
    if is_sound:
        for element in (*playlists, tractor):
            set_properties(element, {"kdenlive:audio_track": 1})
    set_properties(
        tractor, {"kdenlive:trackheight": 67, "kdenlive:timeline_active": 1,
                  "kdenlive:collapsed": 0, "kdenlive:track_name": name}
    )  # fmt: skip
    tractor.set("in", "0")
    tractor.set("out", str(max(0, *ends) - 1))
    for playlist in playlists:
        add(tractor, "track", hide="video" if is_sound else "audio", producer=playlist.get("id"))
    for entry, side in zip(entries, sides, strict=True):
        if entry.dissolve:
            _add_mix(doc, tractor, entry, side)
    if is_sound:
        _add_track_filters(doc, tractor)
    return tractor.get("id") or ""


def _add_mix(doc: _Document, tractor: Element, entry: _Entry, side: int) -> None:
    """Add the dissolve at the beginning of an entry: all of it is after the cut."""
    mix = add(
        tractor, "transition", id=doc.new_id("transition"),
        **{"in": entry.at, "out": entry.at + entry.dissolve},
    )  # fmt: skip
    set_properties(
        mix,
        {
            "a_track": 0, "b_track": 1, "factory": "loader", "resource": "", "mlt_service": "luma",
            "kdenlive_id": "luma", "kdenlive:mixcut": 0, "softness": 0, "alpha_over": 1,
            "fix_background_alpha": 1, "reverse": 0 if side else 1,
        },
    )  # fmt: skip


def _add_track_filters(doc: _Document, element: Element) -> None:
    """Add the volume, balance and meter that each sound track has."""
    filters: tuple[Values, ...] = (
        {"window": 75, "max_gain": "20dB", "mlt_service": "volume", "disable": 1},
        {"channel": -1, "mlt_service": "panner", "start": 0.5, "disable": 1},
        {"iec_scale": 0, "mlt_service": "audiolevel", "disable": 1},
    )
    for values in filters:
        filter_element = add(element, "filter", id=doc.new_id("filter"))
        set_properties(filter_element, {**values, "internal_added": INTERNAL})


def _add_tractor(doc: _Document, tracks: Sequence[tuple[str, bool]]) -> None:
    """Add the timeline: all tracks, and how they are combined."""
    tractor = add(
        doc.element, "tractor", id=doc.new_id("tractor"), global_feed=1,
        **{"in": 0, "out": doc.timeline.frames - 1},
    )  # fmt: skip
    add(tractor, "track", producer="black_track")
    for track, _ in tracks:
        add(tractor, "track", producer=track)
    for number, (_, is_sound) in enumerate(tracks, 1):
        transition = add(tractor, "transition", id=doc.new_id("transition"))
        values: Values = {"a_track": 0, "b_track": number}
        if is_sound:
            values |= {"mlt_service": "mix", "kdenlive_id": "mix", "accepts_blanks": 1, "sum": 1}
        else:
            values |= {
                "version": "0.1", "compositing": 0, "distort": 0, "rotate_center": 0,
                "mlt_service": "qtblend", "kdenlive_id": "qtblend",
            }  # fmt: skip
        set_properties(transition, {**values, "internal_added": INTERNAL, "always_active": 1})
    _add_track_filters(doc, tractor)
