"""Framing and pacing of a cut, and the busy areas that its captions must keep clear of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from btsclip.analysis import Analysis, look_at, track_span
from btsclip.captions import BusyArea
from btsclip.framing import (
    Canvas,
    CropSpan,
    Framing,
    Subject,
    busy_boxes,
    find_subject,
    frame_subject,
    on_screen,
    punch_in,
    push_in,
)
from btsclip.geometry import Box
from btsclip.media import Footage
from btsclip.moments import AT_WORK, Cut
from btsclip.plan import Caption, Clip, Span, TimeMap
from btsclip.planning.cover import choose_pictures, work_on_screen
from btsclip.planning.jumps import JumpCuts, cut_out_waits
from btsclip.planning.loop import close_framing
from btsclip.planning.lower_thirds import introductions
from btsclip.planning.opening import find_peak
from btsclip.planning.pacing import describe_pacing, speed_keys
from btsclip.planning.people import Appearance, PeopleInClip, people_in_clip
from btsclip.planning.request import PlanContext
from btsclip.planning.work_in_view import WorkInView
from btsclip.presets import Preset
from btsclip.render import framing_of
from btsclip.signals import SAMPLE_RATE, Signals, Tracks, refine

# Seconds between two samples of hands and faces: each box counts as busy for this time.
LOOK_STEP = 1 / SAMPLE_RATE
# What it costs a text to cover what is worked on; a hand or a face costs 1.
WORK_WEIGHT = 0.3
# Seconds by which a shot border of an analysis may be late.
MAX_BORDER_ERROR = 0.6


@dataclass(frozen=True)
class FramedCut:
    """A framed and paced cut.

    Attributes:
        values: The values of a plan's `Span` over the complete cut.
        jumps: The pieces of the cut that are shown.
        time_map: Seconds of the cut to seconds on the screen.
        boxes: Hands and faces as (seconds of the footage, box on the screen).
        busy_areas: `boxes` and the faces of people, in seconds on the screen from the clip's start.
        peak: Second of the footage at which the work is at its height, if the preset looks ahead.
        inside: Share of the time, 0 to 1, in which the subject is completely on the screen.
        work_areas: What is worked on, as `busy_areas`.
        pacing: Description of the speed, to be added to the clip's `why`.
        people: The faces in the cut.
        lower_thirds: One caption for each person to introduce.
    """

    values: dict[str, Any]
    jumps: JumpCuts
    time_map: TimeMap
    boxes: tuple[tuple[float, Box], ...]
    busy_areas: tuple[BusyArea, ...]
    work_areas: tuple[BusyArea, ...]
    peak: float | None
    inside: float
    pacing: str
    people: PeopleInClip
    lower_thirds: tuple[Caption, ...]


def frame_cut(cut: Cut, analysis: Analysis, context: PlanContext, *, cover: bool) -> FramedCut:
    """Track the hands and faces of `cut`, frame it and pace it.

    With `cover`, also choose the pictures that may be its cover.
    """
    preset, signals = context.preset, analysis.signals
    canvas = canvas_of(cut.footage, preset)
    times = (cut.start, cut.end)
    tracks = track_span(cut.footage, *times)
    framing = _move_framing(cut, tracks, exact_borders(cut.footage, *times, signals), preset)
    jumps = JumpCuts((times,))
    if preset.pacing.jump_cuts and cut.kind == "process":
        jumps = cut_out_waits(cut, tracks, signals, context.source_lengths[0])
    if len(jumps.pieces) > 1:
        for start, end in jumps.pieces:
            # Kept for those who ask for the busy areas of the finished clip.
            track_span(cut.footage, start, end, within=times)
    speeds = speed_keys(
        signals, jumps.pieces, cut.kind, preset.pacing, context.lengths[0], cut.evidence.get("at")
    )
    time_map = TimeMap.joined(speeds, jumps.pieces)
    in_take = framing.in_take(cut.footage.picture, cut.start)
    max_faces = int(signals.faces.max(initial=0))
    pictures = (
        choose_pictures(cut.footage, tracks, framing, canvas, signals, jumps.pieces, preset)
        if cover
        else []
    )
    people = people_in_clip(cut.footage, *times, context.known_people, max_faces)
    values = {
        "source": str(cut.footage.path),
        "start": cut.start,
        "end": cut.end,
        "layout": in_take.layout,
        "framing": in_take.subject_kind,
        "crop": in_take.keys,
        "below": in_take.below,
        "speeds": speeds,
        "cover": pictures[0] if pictures else None,
        "covers": [{"at": time} for time in pictures],
        "blur": people.blur,
        "blur_faces": people.blur_faces,
        "may_be_seen": people.may_be_seen,
    }
    boxes = tuple(busy_boxes(tracks, framing, canvas))
    faces = [
        (appearance.person, face_areas(appearance, cut.start, framing, canvas, time_map))
        for appearance in people.appearances
    ]
    busy = [*busy_on_screen(boxes, cut.start, time_map), *(a for _, areas in faces for a in areas)]
    return FramedCut(
        values, jumps, time_map, boxes, tuple(busy),
        tuple(_work_areas(cut, tracks, framing, canvas, time_map)),
        _peak_of(cut, tracks, framing, signals, jumps, preset), framing.inside,
        jumps.why + describe_pacing(speeds, preset.pacing), people,
        tuple(introductions(faces, time_map.seconds, preset)),
    )  # fmt: skip


def _work_areas(
    cut: Cut, tracks: Tracks, framing: Framing, canvas: Canvas, time_map: TimeMap
) -> Iterator[BusyArea]:
    """What is worked on, in seconds on the screen. Texts keep clear of it after hands and faces."""
    if cut.kind not in AT_WORK:
        return
    boxes = (
        (float(time), box)
        for i, time in enumerate(tracks.times)
        for box in work_on_screen(tracks, i, framing, canvas)
    )
    for area in busy_on_screen(boxes, cut.start, time_map):
        yield replace(area, weight=WORK_WEIGHT)


def exact_borders(
    footage: Footage, start: float, end: float, signals: Signals
) -> tuple[float, ...]:
    """The shot borders from `start` to `end`, each at the first picture of its shot.

    Those of an analysis may be half a second late, and there the crop would jump within a shot.
    The ends of lost pictures are exact, and nothing changes just before them.
    """
    near = [border for border in signals.cuts if start < border < end + MAX_BORDER_ERROR]
    exact = {refine(footage, border, MAX_BORDER_ERROR) for border in near}
    return tuple(sorted(border for border in exact if start < border < end))


def _peak_of(
    cut: Cut, tracks: Tracks, framing: Framing, signals: Signals, jumps: JumpCuts, preset: Preset
) -> float | None:
    """The start of the second that a cold open shows, if the preset wants one."""
    if not preset.pacing.cold_open or cut.kind != "process":
        return None
    looks = look_at(cut.footage, cut.start, cut.end)
    shown = WorkInView.of(tracks, framing, looks, signals)
    seconds = preset.pacing.cold_open * preset.pacing.speed
    return find_peak(shown, jumps.pieces, signals.borders, seconds)


def canvas_of(footage: Footage, preset: Preset) -> Canvas:
    """The canvas of clips of `footage`."""
    size = (preset.output.width, preset.output.height)
    return Canvas(footage.picture_size, size, preset.framing.zoom)


def frame_tracks(cut: Cut, tracks: Tracks, borders: tuple[float, ...], preset: Preset) -> Framing:
    """The framing of `cut` with its `tracks`, without the camera moves of the preset."""
    subject = find_subject(tracks, borders, at_work=cut.kind in AT_WORK)
    return _frame_still(cut, subject, borders, preset)


def _frame_still(cut: Cut, subject: Subject, borders: tuple[float, ...], preset: Preset) -> Framing:
    crop_span = CropSpan(cut.start, cut.end, borders)
    return frame_subject(subject, crop_span, canvas_of(cut.footage, preset), preset.framing.layouts)


def _move_framing(cut: Cut, tracks: Tracks, borders: tuple[float, ...], preset: Preset) -> Framing:
    """The framing of `cut` with the camera moves of the preset: closed for a loop, or else with
    close-ups in between, or pushing in slowly."""
    subject = find_subject(tracks, borders, at_work=cut.kind in AT_WORK)
    still, look = _frame_still(cut, subject, borders, preset), preset.framing
    if preset.pacing.loop:
        return close_framing(still, (cut.start, cut.end))
    if cut.kind != "process":
        return still
    crop_span, canvas = CropSpan(cut.start, cut.end, borders), canvas_of(cut.footage, preset)
    framing = still
    if look.punch_in:
        framing = punch_in(still, subject, np.nansum(tracks.speed, 1), crop_span, canvas)
    if look.push_in and framing == still:
        framing = push_in(still, subject, crop_span, canvas, look.push_in)
    return framing


def busy_areas_of_clip(
    clip: Clip, footage: Mapping[str, Footage], preset: Preset
) -> list[BusyArea]:
    """All hands and faces on the screen of `clip`, in seconds from its start.

    `footage` is by the paths of the plan's sources. Cached tracks are used again.
    """
    areas: list[BusyArea] = []
    shown = 0.0
    for span in clip.spans:
        shown += span.card.seconds if span.card else 0.0
        areas += _busy_areas_of_span(span, footage[span.source], shown, preset)
        shown += span.seconds
    return areas


def _busy_areas_of_span(
    span: Span, footage: Footage, shown: float, preset: Preset
) -> Iterator[BusyArea]:
    output = preset.output
    canvas = Canvas(footage.picture_size, (output.width, output.height))
    framing = framing_of(span).in_picture(footage.picture)
    boxes = busy_boxes(track_span(footage, span.start, span.end), framing, canvas)
    return busy_on_screen(boxes, span.start, span.time_map, shown)


def busy_on_screen(
    boxes: Iterable[tuple[float, Box]], start: float, time_map: TimeMap, shown: float = 0.0
) -> Iterator[BusyArea]:
    """The busy areas of a span, in seconds on the screen.

    Args:
        boxes: (seconds of the footage, box on the screen).
        start: Start of the span in seconds of the footage.
        time_map: The span's time map.
        shown: Seconds on the screen at which the span begins.
    """
    for time, box in boxes:
        # The first sample may be a frame that begins just before the span.
        first, last = (time_map.shown(max(0.0, at - start)) for at in (time, time + LOOK_STEP))
        # What is cut out is on the screen for no time at all.
        if last > first:
            yield BusyArea(shown + first, shown + last, box)


def face_areas(
    appearance: Appearance, start: float, framing: Framing, canvas: Canvas, time_map: TimeMap
) -> list[BusyArea]:
    """The busy areas of one person's face in a clip that begins at `start` of its take."""
    boxes = []
    due = -1.0
    rows = zip(appearance.times.tolist(), appearance.boxes.tolist(), strict=True)
    for time, (cx, cy, w, h) in rows:
        if time < due:
            continue
        due = time + LOOK_STEP
        boxes += [(time, box) for box in on_screen((cx, cy, w, h), time, framing, canvas)]
    return list(busy_on_screen(boxes, start, time_map))
