"""Markers as a table, with the columns that Premiere itself exports, the colour and seconds."""

from __future__ import annotations

import csv
import io

from btsclip.exchange.rates import seconds_of, timecode
from btsclip.exchange.timeline import Timeline

COLUMNS = (
    "Marker Name", "Description", "In", "Out", "Duration", "Marker Type", "Color", "Start Seconds",
)  # fmt: skip
# What a table program would take for a formula.
FORMULA = ("=", "+", "-", "@")


def to_text(timeline: Timeline) -> str:
    """The markers of one clip, timecode from 00:00:00:00 on at the timeline's rate."""
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(COLUMNS)
    for mark in timeline.marks:
        times = (mark.at, mark.at + mark.frames, mark.frames)
        table.writerow(
            [
                _cell(mark.name), _cell(mark.note),
                *(timecode(frame, timeline.rate, timeline.drop) for frame in times),
                "Comment", mark.colour.capitalize(),
                f"{float(seconds_of(mark.at, timeline.rate)):.3f}",
            ]
        )  # fmt: skip
    return file.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
