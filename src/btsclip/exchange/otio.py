"""Timelines as OpenTimelineIO documents, alone or bundled with their media."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from btsclip.exchange.rates import rational_time, seconds_of
from btsclip.exchange.timeline import Marker, Media, Shot, SoundClip, Timeline

if TYPE_CHECKING:
    import opentimelineio as otio

# Names inside an .otioz bundle, and the version of its layout.
CONTENT_NAME = "content.otio"
VERSION_NAME = "version.txt"
MEDIA_FOLDER = "media"
BUNDLE_VERSION = "1.0.0"
# Characters that are replaced in the names of bundled files: readers differ in how they decode
# them in a URL.
_UNSAFE_CHARACTERS = str.maketrans(dict.fromkeys('#%?\\:*"<>|', "_"))
# The key of btsclip's own facts in the metadata.
METADATA_KEY = "btsclip"
# Bytes of a bundle besides its media.
MAX_OTHER_BYTES = 1_000_000

Url = Callable[[Media], str]


def make_document(timeline: Timeline, url: Url) -> otio.schema.Timeline:
    """The timeline: the picture on V1, its sound from A1 on, then the music."""
    import opentimelineio as otio

    document = otio.schema.Timeline(
        name=timeline.name, global_start_time=rational_time(0, timeline.rate),
        metadata={METADATA_KEY: {"width": timeline.size[0], "height": timeline.size[1]}},
    )  # fmt: skip
    picture = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    document.tracks.append(picture)
    end = 0
    for shot in timeline.shots:
        _add_gap(picture, end, shot.at, timeline)
        if shot.dissolve:
            picture.append(
                otio.schema.Transition(
                    name="Dissolve",
                    transition_type=otio.schema.TransitionTypes.SMPTE_Dissolve,
                    in_offset=rational_time(0, timeline.rate),
                    out_offset=rational_time(shot.dissolve, timeline.rate),
                )
            )
        picture.append(_clip(shot, url, _framing(shot)))
        end = shot.end
    _add_gap(picture, end, timeline.frames, timeline)
    for number in range(timeline.sound_tracks):
        track = otio.schema.Track(f"A{number + 1}", kind=otio.schema.TrackKind.Audio)
        document.tracks.append(track)
        end = 0
        for sound in (sound for sound in timeline.sounds if sound.track == number):
            _add_gap(track, end, sound.at, timeline)
            track.append(_clip(sound, url, {"gain": sound.gain}))
            end = sound.end
    document.tracks.markers.extend(_marker(marker, timeline) for marker in timeline.markers)
    return document


def to_text(name: str, timelines: Sequence[Timeline], url: Url) -> str:
    """The timeline as the JSON of an .otio file; several timelines as a collection called `name`,
    which is how the format holds more than one."""
    import opentimelineio as otio

    documents = [make_document(timeline, url) for timeline in timelines]
    whole = documents[0]
    if len(documents) > 1:
        whole = otio.schema.SerializableCollection(name=name, children=documents)
    text: str = otio.adapters.write_to_string(whole, "otio_json")
    return text + "\n"


def bundle(name: str, timelines: Sequence[Timeline], path: Path) -> None:
    """Write timelines and their complete media as an .otioz file."""
    names = bundled_names(_media_of(timelines))
    text = to_text(name, timelines, lambda media: f"{MEDIA_FOLDER}/{names[media]}")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(VERSION_NAME, BUNDLE_VERSION)
        file.writestr(CONTENT_NAME, text)
        for media, name in names.items():
            # Video does not compress, and programs read stored files inside the bundle.
            file.write(Path(media.path), f"{MEDIA_FOLDER}/{name}", zipfile.ZIP_STORED)


def bundle_bytes(timelines: Sequence[Timeline]) -> int:
    """The size of the bundle of `timelines` in bytes, at most."""
    files = _media_of(timelines)
    return MAX_OTHER_BYTES + sum(Path(media.path).stat().st_size for media in files)


def _media_of(timelines: Sequence[Timeline]) -> list[Media]:
    """All files, each once."""
    return list(dict.fromkeys(media for timeline in timelines for media in timeline.media))


def bundled_names(files: Iterable[Media]) -> dict[Media, str]:
    """The names of the files in a bundle: their own, with a number for a second file of a name."""
    names: dict[Media, str] = {}
    for media in files:
        stem = media.path.stem.translate(_UNSAFE_CHARACTERS)
        suffix = media.path.suffix.translate(_UNSAFE_CHARACTERS)
        name, count = stem + suffix, 1
        while name.lower() in {used.lower() for used in names.values()}:
            count += 1
            name = f"{stem}-{count}{suffix}"
        names[media] = name
    return names


def _add_gap(track: Any, end: int, at: int, timeline: Timeline) -> None:
    """Append a gap from frame `end` to frame `at`, if there is one."""
    import opentimelineio as otio

    if at > end:
        track.append(otio.schema.Gap(duration=rational_time(at - end, timeline.rate)))


def _clip(item: Shot | SoundClip, url: Url, facts: dict[str, Any]) -> otio.schema.Clip:
    import opentimelineio as otio

    media = item.media
    # A time effect changes which frames of the file are shown, not the length of the clip.
    length = seconds_of(item.frames, item.timeline_rate) * media.rate
    clip = otio.schema.Clip(
        name=media.path.name,
        media_reference=otio.schema.ExternalReference(
            target_url=url(media),
            available_range=otio.opentime.TimeRange(
                rational_time(media.first_frame, media.rate),
                rational_time(media.frames, media.rate),
            ),
        ),
        source_range=otio.opentime.TimeRange(
            rational_time(media.first_frame + item.start, media.rate),
            rational_time(length, media.rate),
        ),
        metadata={METADATA_KEY: facts},
    )
    if item.speed != 1:
        clip.effects.append(otio.schema.LinearTimeWarp(name="Speed", time_scalar=float(item.speed)))
    return clip


def _framing(shot: Shot) -> dict[str, Any]:
    """The crop path of the plan and the course of a ramp, for programs that read them."""
    span = shot.span
    facts: dict[str, Any] = {
        "layout": span.layout,
        "crop": [list(key) for key in span.crop],
        "below": [list(key) for key in span.below],
    }
    if shot.ramp:
        facts["ramp"] = [[float(frame), float(source_frame)] for frame, source_frame in shot.ramp]
    return facts


def _marker(marker: Marker, timeline: Timeline) -> otio.schema.Marker:
    import opentimelineio as otio

    return otio.schema.Marker(
        name=marker.name,
        marked_range=otio.opentime.TimeRange(
            rational_time(marker.at, timeline.rate), rational_time(marker.frames, timeline.rate)
        ),
        color=marker.color,
        comment=marker.note,
    )
