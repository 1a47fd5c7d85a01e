"""A cut framed and paced: what of its take is on the screen, when, and who is to be seen there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from btsclip.analysis.analyze import Analysis, track_span
from btsclip.captions import BusyArea
from btsclip.framing.crop import CropSpan as Stretch
from btsclip.framing.layout import Canvas, frame_subject
from btsclip.framing.screen import busy_boxes
from btsclip.framing.subject import find_subject
from btsclip.geometry import Box
from btsclip.moments.evidence import AT_WORK
from btsclip.moments.select import Cut
from btsclip.plan.model import Caption
from btsclip.plan.speed import TimeMap
from btsclip.planning.cover import best_picture
from btsclip.planning.lower_thirds import face_boxes, introductions
from btsclip.planning.pacing import describe_pacing, speed_keys
from btsclip.planning.people import PeopleInClip, people_in_clip
from btsclip.planning.request import PlanContext
from btsclip.planning.seen import busy_on_screen


@dataclass(frozen=True)
class FramedCut:
    """A cut as it is framed and paced: `values` are the keys of a plan's span, `boxes` what must
    not be covered at times of the footage, and `seen` the same in seconds on the screen from its
    start. `inside` is the share of the time in which its subject is wholly shown, `told` what its
    pace is, to be added to why it was chosen; `cast` is whose faces are in it, and `introduces`
    names those of them who agreed."""

    values: dict[str, Any]
    time_map: TimeMap
    boxes: tuple[tuple[float, Box], ...]
    seen: tuple[BusyArea, ...]
    inside: float
    told: str
    cast: PeopleInClip
    introduces: tuple[Caption, ...]


def frame_cut(cut: Cut, analysis: Analysis, brief: PlanContext, *, cover: bool) -> FramedCut:
    """Looks closely at `cut`, frames and paces it, and with `cover` seeks its best picture."""
    preset, look = brief.preset, brief.preset.framing
    stretch = Stretch(cut.start, cut.end, analysis.signals.borders)
    canvas = Canvas(
        cut.footage.picture_size,
        (preset.output.width, preset.output.height),
        look.zoom,
    )
    tracks = track_span(cut.footage, cut.start, cut.end)
    subject = find_subject(tracks, stretch.borders, at_work=cut.kind in AT_WORK)
    framing = frame_subject(subject, stretch, canvas, look.layouts)
    times = (cut.start, cut.end)
    speeds = speed_keys(
        analysis.signals, times, cut.kind, preset.pacing, brief.lengths[0], cut.evidence.get("at")
    )
    time_map = TimeMap.of(speeds, *times)
    planned = framing.in_take(cut.footage.picture, cut.start)
    most_seen = int(analysis.signals.faces.max(initial=0))
    cast = people_in_clip(cut.footage, *times, brief.guests, most_seen)
    values = {
        "source": str(cut.footage.path),
        "start": cut.start,
        "end": cut.end,
        "layout": planned.layout,
        "framing": planned.rung,
        "crop": planned.keys,
        "below": planned.below,
        "speeds": speeds,
        "cover": best_picture(tracks, framing, analysis.signals, times) if cover else None,
        "blur": cast.blur,
        "blur_faces": cast.blur_faces,
        "may_be_seen": cast.may_be_seen,
    }
    boxes = tuple(busy_boxes(tracks, framing, canvas))
    on_screen = (cut.start, framing, canvas, time_map)
    seen = (*busy_on_screen(boxes, cut.start, time_map), *face_boxes(cast.appearances, *on_screen))
    return FramedCut(
        values, time_map, boxes, seen, framing.inside, describe_pacing(speeds, preset.pacing), cast,
        tuple(introductions(cast.appearances, *on_screen, preset)),
    )  # fmt: skip
