"""Takes of any rate, plans with them, and readers of exported files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import media
import opentimelineio as otio
from plans import clip_values

from btsclip.media.probing import probe

# Name -> (rate, ffmpeg's name of it, timecode of the first picture).
RATES: dict[str, tuple[Fraction, str, str]] = {
    "23.976": (Fraction(24000, 1001), "24000/1001", "01:00:00:00"),
    "24": (Fraction(24), "24", "23:59:59:12"),
    "25": (Fraction(25), "25", "10:11:12:13"),
    "29.97-drop": (Fraction(30000, 1001), "30000/1001", "01:00:59;28"),
    "29.97": (Fraction(30000, 1001), "30000/1001", "01:00:59:28"),
    "30": (Fraction(30), "30", ""),
    "50": (Fraction(50), "50", "00:00:10:49"),
    "59.94-drop": (Fraction(60000, 1001), "60000/1001", "09:59:59;58"),
    "59.94": (Fraction(60000, 1001), "60000/1001", "09:59:59:58"),
}


# Seconds that fall between frames at every rate.
CUTS = [(0.517, 2.033), (2.741, 3.9), (1.2, 1.9999)]


def take(folder: Path, name: str, rate: str = "30", timecode: str = "", seconds: float = 5) -> Path:
    """A small take."""
    path = folder / name
    extra = ("-timecode", timecode) if timecode else ()
    media.take(path, size=(160, 90), rate=rate, seconds=seconds, extra=extra)
    return path


def plan(path: Path, clips: list[dict[str, object]], *takes: Path) -> Path:
    """Write a plan of `clips` at `path`. Missing values get defaults; a clip of one span may have
    the values of both in one mapping."""
    sources = []
    for path_of_take in takes:
        facts = probe(path_of_take)
        sources.append({"path": path_of_take.name, "size": facts.size, "duration": facts.duration})
    defaults = {"kind": "process", "score": 0.5, "why": "hands at work"}
    values = {
        "version": 3, "preset": "honest-kitchen", "sources": sources,
        "clips": [
            {"id": f"clip-{n}", **defaults, **(clip if "spans" in clip else clip_values(clip))}
            for n, clip in enumerate(clips, 1)
        ],
    }  # fmt: skip
    path.write_text(json.dumps(values), "utf-8")
    return path


def span(source: str, start: float, end: float, **values: object) -> dict[str, object]:
    """A span in the middle of the picture."""
    return {
        "source": source, "start": start, "end": end, "crop": [[start, 0.5, 0.5, 0.316, 1.0]],
        **values,
    }  # fmt: skip


@dataclass(frozen=True)
class ReadShot:
    """A shot as a reader sees it: frames of the timeline, seconds of its file from the first
    picture, frames of a dissolve at its start."""

    name: str
    at: Fraction
    frames: Fraction
    begin: Fraction
    length: Fraction
    dissolve: Fraction = Fraction(0)


def exact(time: otio.opentime.RationalTime, rate: Fraction) -> Fraction:
    """The seconds of a time in frames, whose rate must be `rate`."""
    assert abs(time.rate - float(rate)) < 1e-3, (time.rate, float(rate))
    return Fraction(time.value).limit_denominator(100_000) / rate


def shots_of(
    track: otio.schema.Track, rates: dict[str, Fraction], rate: Fraction
) -> list[ReadShot]:
    """The shots of a track. `rates` are rates of files by name, `rate` is the timeline's."""
    shots: list[ReadShot] = []
    dissolve = Fraction(0)
    for item in track:
        if isinstance(item, otio.schema.Transition):
            assert item.in_offset.value == 0
            dissolve = exact(item.out_offset, rate) * rate
        elif isinstance(item, otio.schema.Clip):
            own = rates[item.name]
            begin = item.source_range.start_time
            reference = item.media_reference.available_range
            first = reference.start_time if reference else None
            place = track.range_of_child(item)
            scale = Fraction(1)
            for effect in item.effects:
                scale *= Fraction(getattr(effect, "time_scalar", 1)).limit_denominator(1000)
            shots.append(
                ReadShot(
                    item.name,
                    Fraction(round(place.start_time.rescaled_to(float(rate)).value)),
                    Fraction(round(place.duration.rescaled_to(float(rate)).value)),
                    exact(begin, own) - (exact(first, own) if first else 0),
                    exact(item.source_range.duration, own) * scale,
                    dissolve,
                )
            )
            dissolve = Fraction(0)
    return shots


def seconds(text: str) -> Fraction:
    """A time of FCPXML."""
    assert text.endswith("s")
    return Fraction(text[:-1])


def storyline(path: Path) -> tuple[ElementTree.Element, ElementTree.Element]:
    """The document of an .fcpxml file and its first main storyline."""
    root = ElementTree.parse(path).getroot()
    spine = root.find("library/event/project/sequence/spine")
    assert spine is not None
    return root, spine


def spine_shots(path: Path, rate: Fraction) -> list[ReadShot]:
    """The shots on the main storyline of an .fcpxml file without dissolves."""
    root, spine = storyline(path)
    assets = {asset.get("id"): asset for asset in root.iter("asset")}
    shots = []
    for clip in spine.findall("asset-clip"):
        first = seconds(assets[clip.get("ref")].get("start") or "0s")
        start, length = seconds(clip.get("start") or ""), seconds(clip.get("duration") or "")
        begin, end = (file_time(clip, time) for time in (start, start + length))
        shots.append(
            ReadShot(
                clip.get("name") or "", seconds(clip.get("offset") or "") * rate, length * rate,
                begin - first, end - begin,
            )
        )  # fmt: skip
    return shots


def file_time(clip: ElementTree.Element, time: Fraction) -> Fraction:
    """The file's time at an FCPXML element's own `time`."""
    points = [
        (seconds(point.get("time") or ""), seconds(point.get("value") or ""))
        for point in clip.findall("timeMap/timept")
    ]
    if not points:
        return time
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= time <= x1:
            return y0 + (y1 - y0) * (time - x0) / (x1 - x0)
    raise AssertionError(f"{time} is outside the time map")


@dataclass(frozen=True)
class MltEntry:
    """An entry of a track of a document of MLT: its resource and speed, its frames in the file and
    on the timeline, and its filters by service."""

    resource: str
    speed: float
    begin: int
    frames: int
    at: int
    filters: dict[str, dict[str, str]]


def mlt_properties(element: ElementTree.Element) -> dict[str, str]:
    """The properties of an element, without those of elements inside it."""
    return {p.get("name") or "": p.text or "" for p in element.findall("property")}


def mlt_tracks(path: Path) -> dict[str, list[MltEntry]]:
    """The tracks of a Kdenlive or Shotcut project by name, dissolves as overlapping entries."""
    root = ElementTree.parse(path).getroot()
    by_id = {element.get("id"): element for element in root}
    main = next(e for e in reversed(list(root)) if e.tag == "tractor")
    tracks: dict[str, list[MltEntry]] = {}
    for track in main.findall("track"):
        element = by_id[track.get("producer")]
        facts = mlt_properties(element)
        name = facts.get("kdenlive:track_name") or facts.get("shotcut:name")
        playlists = [by_id[sub.get("producer")] for sub in element.findall("track")] or [element]
        entries = [entry for playlist in playlists for entry in _mlt_entries(playlist, by_id)]
        if name:
            tracks.setdefault(name, []).extend(sorted(entries, key=lambda entry: entry.at))
    return tracks


def _mlt_entries(
    playlist: ElementTree.Element, by_id: dict[str | None, ElementTree.Element]
) -> list[MltEntry]:
    entries, at = [], 0
    for item in playlist:
        if item.tag == "blank":
            at += int(item.get("length") or 0)
        if item.tag != "entry":
            continue
        begin, end = int(item.get("in") or 0), int(item.get("out") or 0)
        producer = by_id[item.get("producer")]
        facts = mlt_properties(producer)
        assert producer.tag == "tractor" or end < int(facts["length"]), "after the end of its file"
        filters = {
            mlt_properties(element)["mlt_service"]: mlt_properties(element)
            for owner in (producer, item)
            for element in (*owner.findall("filter"), *owner.findall("link"))
        }
        entries.append(
            MltEntry(
                facts.get("warp_resource") or facts.get("resource") or producer.tag,
                float(facts.get("warp_speed", 1)), begin, end - begin + 1, at, filters,
            )
        )  # fmt: skip
        at += end - begin + 1
    return entries
