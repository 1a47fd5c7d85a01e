"""The timeline of a Shotcut project: its tracks, how they are combined, and its markers."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from btsclip.exchange.markers import COLOR_VALUES
from btsclip.exchange.mlt import Project, set_properties
from btsclip.exchange.rates import seconds_of
from btsclip.exchange.timeline import Timeline
from btsclip.exchange.xml import add

PROGRAM = "Shotcut version 22.12.21"
# Low enough to see many tracks.
TRACK_HEIGHT = 50


def add_tractor(doc: Project, pictures: list[Element], sounds: list[Element]) -> None:
    """Add the tracks, how they are combined, and the markers."""
    last = doc.timeline.frames - 1
    tractor = add(doc.element, "tractor", id="tractor0", title=PROGRAM, **{"in": 0, "out": last})
    set_properties(
        tractor,
        {
            "shotcut": 1,
            "shotcut:projectAudioChannels": 2,
            "shotcut:projectFolder": 0,
            "shotcut:trackHeight": TRACK_HEIGHT,
        },
    )
    _add_markers(doc, tractor)
    add(tractor, "track", producer="background")
    for playlist in pictures:
        add(tractor, "track", producer=playlist.get("id"))
    for playlist in sounds:
        add(tractor, "track", producer=playlist.get("id"), hide="video")
    for track in range(1, len(pictures) + len(sounds) + 1):
        transition = add(tractor, "transition", id=doc.new_id("transition"))
        set_properties(
            transition, {"a_track": 0, "b_track": track, "mlt_service": "mix", "always_active": 1,
                         "sum": 1}
        )  # fmt: skip
    for track in range(1, len(pictures) + 1):
        transition = add(tractor, "transition", id=doc.new_id("transition"))
        set_properties(
            transition, {"a_track": min(1, track - 1), "b_track": track, "compositing": 0,
                         "distort": 0, "rotate_center": 0, "mlt_service": "qtblend",
                         "threads": 0, "disable": 1 if track == 1 else 0}
        )  # fmt: skip


def _add_markers(doc: Project, tractor: Element) -> None:
    if not doc.timeline.markers:
        return
    group = add(tractor, "properties", name="shotcut:markers")
    for number, marker in enumerate(doc.timeline.markers):
        element = add(group, "properties", name=str(number))
        set_properties(
            element,
            {
                "text": marker.label, "start": _clock(doc.timeline, marker.at),
                "end": _clock(doc.timeline, marker.at + marker.frames - 1),
                "color": COLOR_VALUES[marker.color],
            },
        )  # fmt: skip


def _clock(timeline: Timeline, frame: int) -> str:
    """A frame as hours, minutes, seconds and thousandths, as markers have it."""
    thousandths = round(seconds_of(frame, timeline.rate) * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
