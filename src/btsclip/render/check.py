"""Checks of a plan before minutes of rendering.

Rendering begins with them, and the review page saves no change that fails them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from btsclip.captions import (
    Overlay,
    Title,
    TitlePosition,
    ass_for,
    cover_text,
    overlays_for,
    title_of,
    watermark_overlay,
)
from btsclip.errors import PlanError
from btsclip.media import Footage, join_chapters
from btsclip.plan import Clip, CutPlan
from btsclip.presets import Preset
from btsclip.render import cards, encoders, graph, pace
from btsclip.render.sources import check_lanes, check_spans, read_source

# Bytes of one argument and of a complete command. Linux takes 128 KiB and 2 MB, macOS 1 MB for the
# command, Windows 32 KB. A crop path that turns at every key can fill them.
MAX_ARGUMENT = 30_000 if sys.platform == "win32" else 131_000
MAX_COMMAND = 30_000 if sys.platform == "win32" else 900_000


def check_plan(
    plan: CutPlan, preset: Preset, copies: Mapping[str, Path] | None = None
) -> dict[str, Footage]:
    """Check that all enabled clips of `plan` can be rendered, and return their footage by the name
    of the source. Sources in `copies` are read from their copy.

    Raises FootageError and PlanError for sources that are missing, have changed or are too short,
    CaptionError for texts that can't be drawn, and PlanError for a clip that is too much for
    ffmpeg.
    """
    sources = {source.path: source for source in plan.sources}
    clips = [clip for clip in plan.clips if clip.enabled]
    used = dict.fromkeys(span.source for clip in clips for span in clip.spans)
    footage = {path: join_chapters(read_source(sources[path], copies)) for path in used}
    for clip in clips:
        check_lanes(clip)
        check_spans(clip, footage)
        check_clip(clip, preset, footage)
    return footage


def check_clip(clip: Clip, preset: Preset, footage: Mapping[str, Footage] | None) -> None:
    """Check the texts of `clip` and, if its `footage` is known, the length of ffmpeg's command.

    Raises CaptionError for a text that can't be drawn, and PlanError for a clip that is too much
    for ffmpeg.
    """
    ass_for(clip, preset)
    cover_title(clip, preset)
    for span in clip.spans:
        if span.card:
            cards.card_title(span.card, preset)
    overlays = overlays_of(clip, preset, clip.seconds_in_all)
    if footage is not None:
        _check_graph(clip, preset, footage, overlays)


def cover_title(clip: Clip, preset: Preset) -> Title | None:
    """The title on the clip's cover. Raises CaptionError when it can't be drawn."""
    return title_of(cover_text(clip, preset), preset, TitlePosition(clip.title_scale, clip.title_y))


def overlays_of(clip: Clip, preset: Preset, seconds: float) -> list[Overlay]:
    """All pictures over the clip of `seconds`: emoji, stickers and the watermark. Raises
    CaptionError."""
    watermark = watermark_overlay(preset, seconds)
    return [*overlays_for(clip, preset), *([watermark] if watermark else [])]


def _check_graph(
    clip: Clip, preset: Preset, footage: Mapping[str, Footage], overlays: Sequence[Overlay]
) -> None:
    for span in clip.spans:
        steps = pace.sound_steps(span.time_map) if pace.is_stretched(span) else []
        if len(steps) > pace.MAX_STEPS:
            raise PlanError(
                f"clip {clip.id}",
                f"its speed changes in {len(steps)} steps, more than {pace.MAX_STEPS}",
                "take out speeds, or put them closer together",
            )
    main = graph.clip_arguments(footage, clip, preset, encoders.SOFTWARE, Path(), overlays)
    for arguments in (main, *graph.feeding_arguments(footage, clip, preset)):
        sizes = [len(os.fsencode(argument)) + 1 for argument in arguments]
        if max(sizes) > MAX_ARGUMENT or sum(sizes) > MAX_COMMAND:
            raise PlanError(
                f"clip {clip.id}",
                "is too much for one run of ffmpeg: its crop turns or its speed changes too often,"
                " or it has too many emoji",
                "take out crop keys, speeds or emoji",
            )
