"""A clip's cover in a small size, without rendering the clip."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from btsclip.media import Footage, write_script
from btsclip.plan import Clip, Span
from btsclip.presets import Preset
from btsclip.render import blur, cards, process
from btsclip.render.check import cover_title
from btsclip.render.graph import STILL, span_picture
from btsclip.render.timeline import still_place

# Pixels of the picture's width.
WIDTH = 270


def draw_cover(clip: Clip, preset: Preset, footage: Mapping[str, Footage]) -> bytes:
    """The cover of `clip` as rendering would make it, as a small JPEG.

    Raises CaptionError for a title that can't be drawn, RenderError when ffmpeg fails.

    Args:
        footage: The clip's footage by source.
    """
    share = min(1.0, WIDTH / preset.output.width)
    size = {
        side: max(128, 2 * round(getattr(preset.output, side) * share / 2))
        for side in ("width", "height")
    }
    small = preset.model_copy(update={"output": preset.output.model_copy(update=size)})
    span = _span_of_cover(clip, preset)
    take = footage[span.source]
    with tempfile.TemporaryDirectory(prefix="btsclip-") as name:
        folder = Path(name)
        write_script(take, folder)
        blur.write_masks([span], footage, small.output.fps, folder)
        still = span_picture(take, span, small, 1, bounded=True).output(STILL, **{"frames:v": 1})
        process.run_ffmpeg(["-loglevel", "error", *still.get_args()], folder)
        cards.make_cover(folder / STILL, cover_title(clip, small), folder / "cover.jpg")
        return (folder / "cover.jpg").read_bytes()


def _span_of_cover(clip: Clip, preset: Preset) -> Span:
    """The part of a span that begins with the cover's picture."""
    part, within = still_place(clip, preset)
    span = part.span
    start = span.start + span.time_map.source(within / preset.output.fps)
    return span.model_copy(update={"start": start, "end": start + 1.0, "speeds": []})
