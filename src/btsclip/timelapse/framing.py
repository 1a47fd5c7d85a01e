"""Frame the parts of a time-lapse: still, and alike while the camera stays where it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np

from btsclip.analysis import track_span
from btsclip.captions import BusyArea
from btsclip.framing import (
    Canvas,
    CropKey,
    CropSpan,
    Framing,
    busy_boxes,
    find_subject,
    frame_subject,
)
from btsclip.geometry import Box
from btsclip.moments import SAME_PLACE
from btsclip.presets import Preset
from btsclip.signals import Tracks, likeness
from btsclip.timelapse.series import Series, SeriesPart

# Seconds tracked at the start, in the middle and at the end of a part: a steady part need not be
# tracked for hours.
TRACKED_SECONDS = 1.0


@dataclass(frozen=True)
class FramedPart:
    """How one part is framed, with its tracks, in the take's `picture` within bars."""

    framing: Framing
    tracks: Tracks
    canvas: Canvas
    picture: Box

    def keys_at(self, time: float) -> list[CropKey]:
        """The still crop from `time` on, for a plan; empty for the whole picture."""
        keys = self.framing.in_take(self.picture, time).keys
        return [(time, *key[1:]) for key in keys[:1]]

    def busy(self, seconds: float) -> Iterator[BusyArea]:
        """The areas that captions must not cover, for all `seconds` of a clip."""
        for _, box in busy_boxes(self.tracks, self.framing, self.canvas):
            yield BusyArea(0.0, seconds, box)


def frame_parts(series: Series, preset: Preset) -> dict[SeriesPart, FramedPart]:
    """The framing of each part; a part from the same place as the one before shares its framing."""
    framed: dict[SeriesPart, FramedPart] = {}
    before: SeriesPart | None = None
    for part in series.parts:
        if before is not None and _is_same_place(before, part):
            framed[part] = framed[before]
        else:
            framed[part] = _frame_part(part, preset)
        before = part
    return framed


def _is_same_place(a: SeriesPart, b: SeriesPart) -> bool:
    """Whether the camera did not move from the end of `a` to the start of `b`."""
    alike = likeness(a.steady.last, b.steady.first) >= SAME_PLACE
    before, after = ((f.width, f.height, f.picture) for f in (a.footage, b.footage))
    return alike and before == after


def _frame_part(part: SeriesPart, preset: Preset) -> FramedPart:
    footage, output = part.footage, preset.output
    middle = (part.start + part.end) / 2
    starts = dict.fromkeys((part.start, middle, max(part.start, part.end - TRACKED_SECONDS)))
    tracks = _remove_people(
        _concatenate(
            [track_span(footage, at, min(part.end, at + TRACKED_SECONDS)) for at in starts]
        )
    )
    canvas = Canvas(footage.picture_size, (output.width, output.height), preset.framing.zoom)
    span = CropSpan(part.start, part.end)
    layouts = [layout for layout in preset.framing.layouts if layout != "split"]
    framing = frame_subject(find_subject(tracks), span, canvas, layouts)
    return FramedPart(framing, tracks, canvas, footage.picture)


def _concatenate(pieces: list[Tracks]) -> Tracks:
    """The tracks one after the other."""
    return Tracks(
        **{
            field.name: np.concatenate([getattr(tracks, field.name) for tracks in pieces])
            for field in fields(Tracks)
        }
    )


def _remove_people(tracks: Tracks) -> Tracks:
    """`tracks` without hands and faces: people who pass by are not the subject."""
    return replace(
        tracks,
        hands=np.full_like(tracks.hands, np.nan),
        presence=np.zeros_like(tracks.presence),
        speed=np.zeros_like(tracks.speed),
        faces=np.full_like(tracks.faces, np.nan),
        beside=np.full_like(tracks.beside, np.nan),
    )
