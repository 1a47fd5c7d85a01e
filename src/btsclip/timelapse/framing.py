"""How the parts of a time-lapse are framed: still, and alike where the camera was left alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np

from btsclip.analysis.analyze import track_span
from btsclip.captions import BusyArea
from btsclip.framing.crop import CropKey
from btsclip.framing.crop import CropSpan as Stretch
from btsclip.framing.layout import Canvas, Framing, frame_subject
from btsclip.framing.screen import busy_boxes
from btsclip.framing.subject import find_subject
from btsclip.geometry import Box
from btsclip.moments.steady import SAME_PLACE, likeness
from btsclip.presets.schema import Preset
from btsclip.signals.subject_tracks import Tracks
from btsclip.timelapse.series import Series, SeriesPart

# Seconds looked at closely at the start, in the middle and at the end of a part: what stays as it
# is need not be watched for hours.
LOOK = 1.0


@dataclass(frozen=True)
class FramedPart:
    """How one part is framed, and what was seen of it, in the take's `picture` within bars."""

    framing: Framing
    tracks: Tracks
    canvas: Canvas
    picture: Box

    def keys_at(self, time: float) -> list[CropKey]:
        """The crop that stands still from `time` on, for a plan; none for the whole picture."""
        keys = self.framing.in_take(self.picture, time).keys
        return [(time, *key[1:]) for key in keys[:1]]

    def busy(self, seconds: float) -> Iterator[BusyArea]:
        """What is not to be covered, for all of a clip's `seconds`."""
        for _, box in busy_boxes(self.tracks, self.framing, self.canvas):
            yield BusyArea(0.0, seconds, box)


def frame_parts(series: Series, preset: Preset) -> dict[SeriesPart, FramedPart]:
    """The framing of each part; that of the part before where the camera still stands there."""
    found: dict[SeriesPart, FramedPart] = {}
    before: SeriesPart | None = None
    for part in series.parts:
        if before is not None and _from_one_place(before, part):
            found[part] = found[before]
        else:
            found[part] = _framed(part, preset)
        before = part
    return found


def _from_one_place(a: SeriesPart, b: SeriesPart) -> bool:
    alike = likeness(a.steady.last, b.steady.first) >= SAME_PLACE
    one, other = ((f.width, f.height, f.picture) for f in (a.footage, b.footage))
    return alike and one == other


def _framed(part: SeriesPart, preset: Preset) -> FramedPart:
    footage, output = part.footage, preset.output
    middle = (part.start + part.end) / 2
    starts = (part.start, middle, max(part.start, part.end - LOOK))
    looks = [track_span(footage, at, min(part.end, at + LOOK)) for at in dict.fromkeys(starts)]
    tracks = _still(_one_after_the_other(looks))
    canvas = Canvas(footage.picture_size, (output.width, output.height), preset.framing.zoom)
    span = Stretch(part.start, part.end)
    layouts = [layout for layout in preset.framing.layouts if layout != "split"]
    framing = frame_subject(find_subject(tracks), span, canvas, layouts)
    return FramedPart(framing, tracks, canvas, footage.picture)


def _one_after_the_other(looks: list[Tracks]) -> Tracks:
    return Tracks(
        **{
            field.name: np.concatenate([getattr(look, field.name) for look in looks])
            for field in fields(Tracks)
        }
    )


def _still(tracks: Tracks) -> Tracks:
    """`tracks` without hands and faces: whoever passes by is not what stays."""
    return replace(
        tracks,
        hands=np.full_like(tracks.hands, np.nan),
        presence=np.zeros_like(tracks.presence),
        speed=np.zeros_like(tracks.speed),
        faces=np.full_like(tracks.faces, np.nan),
        beside=np.full_like(tracks.beside, np.nan),
    )
