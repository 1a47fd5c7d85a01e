"""Timelines as Shotcut projects.

Shotcut attaches filters to a clip's own producer, so each clip has one. Their keyframes count from
the clip's first frame. A dissolve is an item of its own on the track, which holds both pictures.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from btsclip.exchange import mlt
from btsclip.exchange.mlt import PathOf, PictureItem, Project, Values, set_properties
from btsclip.exchange.placement import Rectangle
from btsclip.exchange.shotcut_clips import (
    add_filter,
    add_picture_filters,
    add_producer,
    file_properties,
)
from btsclip.exchange.shotcut_tracks import PROGRAM, add_tractor
from btsclip.exchange.timeline import SoundClip, Timeline, TimelineText, pack_rows
from btsclip.exchange.xml import add, to_text


def document(timeline: Timeline, path: PathOf) -> str:
    """The project of one timeline."""
    element = mlt.document_root(timeline, title=PROGRAM, producer="main_bin")
    doc = Project(timeline, path, element)
    _add_bin(doc)
    last = timeline.frames - 1
    black = add(element, "producer", id="black", **{"in": 0, "out": last})
    set_properties(
        black, {"length": timeline.frames, "eof": "pause", "resource": "0", "aspect_ratio": 1,
                "mlt_service": "color", "mlt_image_format": "rgba", "set.test_audio": 0}
    )  # fmt: skip
    mlt.add_entry(add(element, "playlist", id="background"), "black", 0, timeline.frames)
    pictures = [
        _picture_track(doc, mlt.LAYER_NAMES[layer], items)
        for layer, items in mlt.picture_layers(timeline).items()
    ]
    rows = pack_rows(timeline.texts)
    pictures += [_title_track(doc, texts, row) for row, texts in enumerate(rows)]
    sounds = [
        _sound_track(doc, number, sounds)
        for number, sounds in enumerate(mlt.sound_tracks(timeline), 1)
    ]
    add_tractor(doc, pictures, sounds)
    return to_text(element)


def _add_bin(doc: Project) -> None:
    """Add the playlist of all files, from which more can be taken."""
    entries = []
    for media in doc.timeline.media:
        producer = doc.new_id("chain")
        frames = mlt.file_frames(media, doc.timeline)
        chain = add(doc.element, "chain", id=producer, out=frames - 1)
        set_properties(chain, file_properties(media, doc.path(media), frames))
        entries.append((producer, frames))
    playlist = add(doc.element, "playlist", id="main_bin", title=doc.timeline.name)
    set_properties(playlist, {"xml_retain": 1})
    for producer, frames in entries:
        mlt.add_entry(playlist, producer, 0, frames)


def _picture_track(doc: Project, name: str, items: list[PictureItem]) -> Element:
    placed: list[tuple[PictureItem, str, int]] = []
    for item in items:
        producer, first = add_producer(doc, item.shot, item.shot if item.shot.ramp else None)
        set_properties(producer, {"audio_index": -1})
        add_picture_filters(doc, producer, item, first, name == mlt.LAYER_NAMES["background"])
        placed.append((item, producer.get("id") or "", first))
    dissolves = {
        number: _add_dissolve(doc, placed[number - 1], placed[number])
        for number, (item, _, _) in enumerate(placed)
        if item.head
    }
    playlist = add(doc.element, "playlist", id=doc.new_id("playlist"))
    set_properties(playlist, {"shotcut:video": 1, "shotcut:name": name})
    end = 0
    for number, (item, ident, first) in enumerate(placed):
        mlt.add_blank(playlist, end, item.shot.at)
        if number in dissolves:
            mlt.add_entry(playlist, dissolves[number], 0, item.head)
        # Frames that dissolve into the next item are part of the dissolve.
        frames = item.shot.frames - item.head + (0 if number + 1 in dissolves else item.tail)
        if frames > 0:
            entry = mlt.add_entry(playlist, ident, first + item.head, frames)
            set_properties(entry, {"shotcut:group": doc.timeline.shots.index(item.shot)})
        end = item.shot.at + item.head + frames
    return playlist


def _add_dissolve(
    doc: Project, before: tuple[PictureItem, str, int], after: tuple[PictureItem, str, int]
) -> str:
    """Add the item of a dissolve and return its id. Both have a producer and their first frame."""
    frames = after[0].head
    ident = doc.new_id("dissolve")
    element = add(doc.element, "tractor", id=ident, **{"in": 0, "out": frames - 1})
    set_properties(element, {"shotcut:transition": "lumaMix"})
    starts = (before[2] + before[0].shot.frames, after[2])
    for producer, first in zip((before[1], after[1]), starts, strict=True):
        add(element, "track", producer=producer, **{"in": first, "out": first + frames - 1})
    services: tuple[Values, Values] = (
        {"mlt_service": "luma", "factory": "loader", "alpha_over": 1, "fix_background_alpha": 1},
        {"mlt_service": "mix", "start": -1, "accepts_blanks": 1},
    )
    for values in services:
        transition = add(element, "transition", id=doc.new_id("transition"), out=frames - 1)
        set_properties(transition, {"a_track": 0, "b_track": 1, **values})
    return ident


def _title_track(doc: Project, texts: list[TimelineText], row: int) -> Element:
    """A track of transparent clips with a text filter each."""
    producers = []
    width, height = doc.timeline.size
    shift = mlt.title_middle(row, doc.timeline) - height // 2
    for text in texts:
        element = add(
            doc.element, "producer", id=doc.new_id("producer"), **{"in": 0, "out": text.frames - 1}
        )
        set_properties(
            element,
            {"length": text.frames, "eof": "pause", "resource": "#00000000", "aspect_ratio": 1,
             "mlt_service": "color", "mlt_image_format": "rgba",
             "shotcut:caption": text.text.replace("\n", " ")[:60]},
        )  # fmt: skip
        lines = mlt.title_lines(text, doc.timeline)
        add_filter(
            doc, element, 0, text.frames, "dynamictext",
            {
                "shotcut:filter": "dynamicText",
                # A number sign begins a field.
                "argument": "\n".join(lines).replace("\\", "\\\\").replace("#", "\\#"),
                "geometry": mlt.area_text(Rectangle(0, shift, width, height)),
                "family": "Sans", "size": mlt.title_pixels(doc.timeline), "weight": 700,
                "style": "normal", "fgcolour": "#ffffffff", "bgcolour": "#00000000",
                "olcolour": "#cc000000", "outline": max(1, mlt.title_pixels(doc.timeline) // 24),
                "pad": 0, "halign": "center", "valign": "middle", "shotcut:usePointSize": 1,
            },
        )  # fmt: skip
        producers.append(element.get("id") or "")
    playlist = add(doc.element, "playlist", id=doc.new_id("playlist"))
    set_properties(playlist, {"shotcut:video": 1, "shotcut:name": "Text"})
    end = 0
    for text, producer in zip(texts, producers, strict=True):
        mlt.add_blank(playlist, end, text.at)
        mlt.add_entry(playlist, producer, 0, text.frames)
        end = text.at + text.frames
    return playlist


def _sound_track(doc: Project, number: int, sounds: list[SoundClip]) -> Element:
    placed = []
    for sound in sounds:
        producer, first = add_producer(doc, sound, mlt.followed_shot(sound, doc.timeline))
        set_properties(producer, {"video_index": -1})
        if sound.gain:
            add_filter(
                doc, producer, first, sound.frames, "volume",
                {"shotcut:filter": "audioGain", "level": round(sound.gain, 3)},
            )  # fmt: skip
        placed.append((sound, producer.get("id") or "", first))
    playlist = add(doc.element, "playlist", id=doc.new_id("playlist"))
    set_properties(playlist, {"shotcut:audio": 1, "shotcut:name": f"Sound {number}"})
    end = 0
    for sound, ident, first in placed:
        mlt.add_blank(playlist, end, sound.at)
        entry = mlt.add_entry(playlist, ident, first, sound.frames)
        if sound.shot is not None:
            set_properties(entry, {"shotcut:group": sound.shot})
        end = sound.end
    return playlist
