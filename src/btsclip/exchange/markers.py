"""Markers: what each part of a timeline shows and why, and the work left for the editor."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from btsclip.exchange.rates import frame_at, seconds_of, timecode
from btsclip.exchange.timeline import Marker, Role, Timeline, TimelinePart
from btsclip.exchange.xml import plain_line
from btsclip.plan import Clip, Kind

KIND_COLORS: dict[Kind, str] = {
    "process": "GREEN", "mishap": "ORANGE", "people": "BLUE", "why": "PURPLE",
    "reveal": "YELLOW", "idle": "WHITE",
}  # fmt: skip
# The colors for programs that know no names.
COLOR_VALUES = {
    "GREEN": "#2ca25f", "ORANGE": "#f39c1f", "BLUE": "#3d7ee9", "PURPLE": "#9b59b6",
    "YELLOW": "#e6c229", "WHITE": "#dddddd", "CYAN": "#1abccc", "RED": "#da4453",
}  # fmt: skip
TEXT_COLOR = "CYAN"
TO_DO_COLOR = "RED"
# Roles of texts that get a marker, with the beginning of its name.
_NAMES: dict[Role, str] = {
    "hook": "Hook", "why": "Card", "time": "Card", "title": "Card", "comment": "Comment",
    "end": "End card",
}  # fmt: skip
# The columns that Premiere exports, the color and seconds.
CSV_COLUMNS = (
    "Marker Name", "Description", "In", "Out", "Duration", "Marker Type", "Color", "Start Seconds",
)  # fmt: skip
# A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA_SIGNS = ("=", "+", "-", "@")


def make_markers(
    clip: Clip, timeline: Timeline, parts: Sequence[TimelinePart]
) -> tuple[Marker, ...]:
    """The markers of a clip, in order of time."""
    span_parts = [part for part in parts if part.shots]
    markers = [_span_marker(clip, part, number) for number, part in enumerate(span_parts)]
    for text in timeline.texts:
        if text.role in _NAMES:
            note = plain_line(text.text)
            name = f"{_NAMES[text.role]}: {note}"
            markers.append(Marker(text.at, text.frames, name, note, TEXT_COLOR))
    for part in span_parts:
        markers += _to_do_markers(part, timeline)
    return tuple(sorted(markers, key=lambda marker: marker.at))


def _span_marker(clip: Clip, part: TimelinePart, number: int) -> Marker:
    """A marker with what the span shows and why it was chosen."""
    span = part.span
    what = clip.kind + (f", {clip.action}" if clip.action else "")
    if number == 0:
        name, note = clip.title or clip.id, f"{what}, score {clip.score:.2f}: {clip.why}"
    else:
        name, note = span.act or f"{clip.id}, part {number + 1}", span.reason or clip.why
    frames = part.end - part.start
    return Marker(part.start, frames, plain_line(name), plain_line(note), KIND_COLORS[clip.kind])


def _to_do_markers(part: TimelinePart, timeline: Timeline) -> list[Marker]:
    """Markers for faces to blur and for ramps that some formats carry as their mean speed."""
    span = part.span
    markers = []
    for keys in span.blur:
        first, last = (
            min(max(span.time_map.shown(key[0] - span.start), 0.0), span.seconds)
            for key in (keys[0], keys[-1])
        )
        at = part.start + frame_at(first, timeline.rate)
        note = "The plan blurs a face here; the timeline does not"
        end = part.start + frame_at(last, timeline.rate)
        markers.append(Marker(at, max(1, end - at), "Face to blur", note, TO_DO_COLOR))
    for shot in (timeline.shots[index] for index in part.shots):
        if shot.ramp:
            note = f"The plan ramps its speed; on the whole it is {float(shot.speed):.0%}"
            markers.append(Marker(shot.at, shot.frames, "Ramp of speed", note, TO_DO_COLOR))
    return markers


def marker_label(color: str) -> str:
    """What markers of a color are about."""
    kinds = [kind.capitalize() for kind, kind_color in KIND_COLORS.items() if kind_color == color]
    return {TEXT_COLOR: "Text", TO_DO_COLOR: "To do"}.get(color) or kinds[0]


def to_csv(timeline: Timeline) -> str:
    """The markers of one clip as a table, in timecode that starts at 00:00:00:00."""
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(CSV_COLUMNS)
    for marker in timeline.markers:
        times = (marker.at, marker.at + marker.frames, marker.frames)
        table.writerow(
            [
                _csv_cell(marker.name), _csv_cell(marker.note),
                *(timecode(frame, timeline.rate, timeline.drop_frame) for frame in times),
                "Comment", marker.color.capitalize(),
                f"{float(seconds_of(marker.at, timeline.rate)):.3f}",
            ]
        )  # fmt: skip
    return file.getvalue()


def _csv_cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
