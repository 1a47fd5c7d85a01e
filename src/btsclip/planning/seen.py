"""Where hands and faces are on the screen of a planned clip, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from btsclip.analysis.analyze import track_span
from btsclip.captions import BusyArea
from btsclip.framing.layout import Canvas
from btsclip.framing.screen import busy_boxes
from btsclip.geometry import Box
from btsclip.media.footage import Footage
from btsclip.plan.model import Clip, Span
from btsclip.plan.speed import TimeMap
from btsclip.presets.schema import Preset
from btsclip.render.face_check import framing_of
from btsclip.signals.subject_tracks import SAMPLE_RATE

# Seconds for which a look at hands and faces holds.
LOOK_STEP = 1 / SAMPLE_RATE


def busy_areas_of_clip(
    clip: Clip, footage: Mapping[str, Footage], preset: Preset
) -> list[BusyArea]:
    """All hands and faces that `clip` shows, at their times on its screen; `footage` by the names
    of the plan's sources. What was seen in a span before is kept."""
    found: list[BusyArea] = []
    shown = 0.0
    for span in clip.spans:
        shown += span.card.seconds if span.card else 0.0
        found += _seen(span, footage[span.source], shown, preset)
        shown += span.seconds
    return found


def _seen(span: Span, footage: Footage, shown: float, preset: Preset) -> Iterator[BusyArea]:
    output = preset.output
    canvas = Canvas(footage.picture_size, (output.width, output.height))
    framing = framing_of(span).in_picture(footage.picture)
    boxes = busy_boxes(track_span(footage, span.start, span.end), framing, canvas)
    return busy_on_screen(boxes, span.start, span.time_map, shown)


def busy_on_screen(
    boxes: Iterable[tuple[float, Box]], start: float, time_map: TimeMap, begin: float = 0.0
) -> Iterator[BusyArea]:
    """What captions make way for on the screen: the `boxes`, at their times in the footage, of a
    span of it from `start` on that is shown from `begin` on."""
    for time, box in boxes:
        # The first look may be at a frame that begins just before the span does.
        first, last = (time_map.shown(max(0.0, at - start)) for at in (time, time + LOOK_STEP))
        yield BusyArea(begin + first, begin + last, box)
