"""The title of a cover does not cover the hands in its picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from btsclip.analysis.analysis import track_span
from btsclip.captions.layout import layout_captions
from btsclip.captions.title import TitlePosition, cover_text, title_of
from btsclip.framing.layout import Canvas, Framing
from btsclip.framing.screen import on_screen
from btsclip.media.probing import probe
from btsclip.planning.clips import ClipRequest, make_plan
from btsclip.presets.load import load_preset
from btsclip.render.timeline import still_frame

SAMPLE = Path(__file__).parents[2] / "samples" / "kitchen.mp4"
CANVAS = Canvas((1280, 720), (1080, 1920))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["street-food-fast", "honest-kitchen"])
def test_title_covers_no_hand(name: str) -> None:
    preset = load_preset(name)
    plan = make_plan([SAMPLE], preset, name, ClipRequest(hook="Flour 🌾, water, time ⏳"))
    hands = 0
    for clip in plan.clips:
        # The cover is of the work itself, not of the look ahead.
        *ahead, span = clip.spans
        # The sample that is shown nearest to this time on the screen.
        at = still_frame(clip, preset) / preset.output.fps - sum(first.seconds for first in ahead)
        tracks = track_span(probe(SAMPLE), span.start, span.end)
        shown = [span.time_map.shown(float(time) - span.start) for time in tracks.times]
        look = int(np.abs(np.array(shown) - at).argmin())
        framing = Framing(span.layout, span.framing, tuple(span.crop), 1.0, tuple(span.below))
        spot = TitlePosition(clip.title_scale, clip.title_y)
        title = title_of(cover_text(clip, preset), preset, spot)
        assert title
        (block,) = layout_captions(title.clip.captions, title.preset)
        for box in tracks.hands[look]:
            if not np.isfinite(box[0]):
                continue
            for cx, cy, w, h in on_screen(tuple(box), float(tracks.times[look]), framing, CANVAS):
                hands += 1
                across = min(block.x + block.width / 2, (cx + w / 2) * 1080) - max(
                    block.x - block.width / 2, (cx - w / 2) * 1080
                )
                down = min(block.y + block.height, (cy + h / 2) * 1920) - max(
                    block.y, (cy - h / 2) * 1920
                )
                over = max(0.0, across) * max(0.0, down)
                assert over <= 0.02 * block.width * block.height, clip.id
    assert hands >= 6
