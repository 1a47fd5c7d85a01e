"""Where hands and faces are on the screen of a planned clip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from btsclip.captions import Busy
from btsclip.framing.layout import Canvas
from btsclip.framing.screen import busy_boxes
from btsclip.media.probe import Footage
from btsclip.plan.model import Clip, Span
from btsclip.presets.schema import Preset
from btsclip.render.unseen import framing_of
from btsclip.shoot.analysis import track_span
from btsclip.signals.tracks import LOOK_RATE


def seen_in(clip: Clip, footage: Mapping[str, Footage], preset: Preset) -> list[Busy]:
    """All hands and faces that `clip` shows, at their times on its screen; `footage` by the names
    of the plan's sources. What was seen in a span before is kept."""
    found: list[Busy] = []
    shown = 0.0
    for span in clip.spans:
        shown += span.card.seconds if span.card else 0.0
        found += _seen(span, footage[span.source], shown, preset)
        shown += span.seconds
    return found


def _seen(span: Span, footage: Footage, shown: float, preset: Preset) -> Iterator[Busy]:
    output, time_map = preset.output, span.time_map
    canvas = Canvas(footage.picture_size, (output.width, output.height))
    framing = framing_of(span).in_picture(footage.picture)
    for time, box in busy_boxes(track_span(footage, span.start, span.end), framing, canvas):
        start, end = (time_map.shown(at - span.start) for at in (time, time + 1 / LOOK_RATE))
        yield Busy(shown + start, shown + end, box)
