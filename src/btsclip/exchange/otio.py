"""Timelines as OpenTimelineIO documents, alone or bundled with their media."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from btsclip.exchange.rates import rational, seconds_of
from btsclip.exchange.timeline import Marker, Media, Shot, SoundClip, Timeline

if TYPE_CHECKING:
    import opentimelineio as otio

# The names of what is in a bundle, and the version of its layout.
CONTENT, VERSION, FOLDER, LAYOUT = "content.otio", "version.txt", "media", "1.0.0"
# What is not written into a URL as it is in a bundle: readers differ in what they decode.
_RISKY = str.maketrans(dict.fromkeys('#%?\\:*"<>|', "_"))
# Where our own facts stand in a document.
OURS = "btsclip"
# Bytes of a bundle beside its media.
SPARE = 1_000_000

Url = Callable[[Media], str]


def document(timeline: Timeline, url: Url) -> otio.schema.Timeline:
    """The timeline: V1 is the picture, A1 and on its sound, the last ones music."""
    import opentimelineio as otio

    made = otio.schema.Timeline(
        name=timeline.name, global_start_time=rational(0, timeline.rate),
        metadata={OURS: {"width": timeline.size[0], "height": timeline.size[1]}},
    )  # fmt: skip
    picture = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    made.tracks.append(picture)
    end = 0
    for shot in timeline.shots:
        _fill(picture, end, shot.at, timeline)
        if shot.over:
            picture.append(
                otio.schema.Transition(
                    name="Dissolve",
                    transition_type=otio.schema.TransitionTypes.SMPTE_Dissolve,
                    in_offset=rational(0, timeline.rate),
                    out_offset=rational(shot.over, timeline.rate),
                )
            )
        picture.append(_clip(shot, url, _framing(shot)))
        end = shot.end
    _fill(picture, end, timeline.frames, timeline)
    for number in range(timeline.tracks):
        track = otio.schema.Track(f"A{number + 1}", kind=otio.schema.TrackKind.Audio)
        made.tracks.append(track)
        end = 0
        for sound in (sound for sound in timeline.sounds if sound.track == number):
            _fill(track, end, sound.at, timeline)
            track.append(_clip(sound, url, {"gain": sound.gain}))
            end = sound.end
    made.tracks.markers.extend(_marker(mark, timeline) for mark in timeline.marks)
    return made


def to_text(timeline: Timeline, url: Url) -> str:
    """The timeline as the JSON of an .otio file."""
    import opentimelineio as otio

    text: str = otio.adapters.write_to_string(document(timeline, url), "otio_json")
    return text + "\n"


def bundle(timeline: Timeline, path: Path) -> None:
    """Writes the timeline with the whole of its media as an .otioz file."""
    names = bundled_names(timeline.media)
    text = to_text(timeline, lambda media: f"{FOLDER}/{names[media]}")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(VERSION, LAYOUT)
        file.writestr(CONTENT, text)
        for media, name in names.items():
            # Video does not get smaller, and programs read it from where it lies.
            file.write(Path(media.path), f"{FOLDER}/{name}", zipfile.ZIP_STORED)


def bundle_bytes(timeline: Timeline) -> int:
    """How large the bundle of `timeline` will be."""
    return SPARE + sum(Path(media.path).stat().st_size for media in timeline.media)


def bundled_names(media: Iterable[Media]) -> dict[Media, str]:
    """What the files are called in a bundle: as they are, unless two would be called alike."""
    names: dict[Media, str] = {}
    for each in media:
        stem, suffix = each.path.stem.translate(_RISKY), each.path.suffix.translate(_RISKY)
        name, count = stem + suffix, 1
        while name.lower() in {other.lower() for other in names.values()}:
            count += 1
            name = f"{stem}-{count}{suffix}"
        names[each] = name
    return names


def _fill(track: Any, end: int, at: int, timeline: Timeline) -> None:
    """A gap where nothing stands."""
    import opentimelineio as otio

    if at > end:
        track.append(otio.schema.Gap(duration=rational(at - end, timeline.rate)))


def _clip(item: Shot | SoundClip, url: Url, facts: dict[str, Any]) -> otio.schema.Clip:
    import opentimelineio as otio

    media = item.media
    # A time effect changes what is taken from the file, not how long the clip is.
    length = seconds_of(item.frames, item.timeline_rate) * media.rate
    clip = otio.schema.Clip(
        name=media.path.name,
        media_reference=otio.schema.ExternalReference(
            target_url=url(media),
            available_range=otio.opentime.TimeRange(
                rational(media.first, media.rate), rational(media.frames, media.rate)
            ),
        ),
        source_range=otio.opentime.TimeRange(
            rational(media.first + item.start, media.rate), rational(length, media.rate)
        ),
        metadata={OURS: facts},
    )
    if item.speed != 1:
        clip.effects.append(otio.schema.LinearTimeWarp(name="Speed", time_scalar=float(item.speed)))
    return clip


def _framing(shot: Shot) -> dict[str, Any]:
    """The crop path as the plan has it, for programs that would read it, and the course of a
    ramp."""
    span = shot.span
    facts: dict[str, Any] = {
        "layout": span.layout,
        "crop": [list(key) for key in span.crop],
        "below": [list(key) for key in span.below],
    }
    if shot.ramp:
        facts["ramp"] = [[float(frame), float(taken)] for frame, taken in shot.ramp]
    return facts


def _marker(mark: Marker, timeline: Timeline) -> otio.schema.Marker:
    import opentimelineio as otio

    return otio.schema.Marker(
        name=mark.name,
        marked_range=otio.opentime.TimeRange(
            rational(mark.at, timeline.rate), rational(mark.frames, timeline.rate)
        ),
        color=mark.colour,
        comment=mark.note,
    )
