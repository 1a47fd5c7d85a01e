"""What workers do: each task gets all it needs and gives back what the run goes on with."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from btsclip.media.probe import Footage
from btsclip.moments.select import Cut, Refusal
from btsclip.plan.model import Clip, CutPlan
from btsclip.render import RenderedClip, render
from btsclip.shoot.analysis import Analysis, analyze_footage
from btsclip.shoot.brief import Brief
from btsclip.shoot.cache import content
from btsclip.shoot.planning import best_of, clip_id, make_clip, on_borders, source_of


@dataclass(frozen=True)
class Looked:
    """A take that was looked through, its best cuts and what was left out. `held` are digests of
    its files before that, so that what is made is known to be made of them."""

    analysis: Analysis
    held: list[str]
    cuts: list[Cut]
    refused: list[Refusal]


def analyse(footage: Footage, brief: Brief) -> Looked:
    """Looks through one take; what was measured before is kept."""
    held = [content(path).hex() for path in footage.files]
    analysis = analyze_footage(footage)
    return Looked(analysis, held, *best_of([analysis], brief, brief.count))


def plan_take(name: str, cuts: Sequence[Cut], analysis: Analysis, brief: Brief) -> list[Clip]:
    """The clips of the take called `name` from its `cuts`, in the order of time."""
    borders = on_borders(list(cuts), [analysis], brief)
    return [
        make_clip(cut, clip_id(name, number, cut), analysis, brief)
        for number, cut in enumerate(borders, 1)
    ]


def render_clip(
    clip: Clip, footage: Footage, brief: Brief, out: Path, encoder: str, threads: int
) -> RenderedClip:
    """Renders one clip into the folder `out`, in place of an older one of its name."""
    logging.getLogger("moviepy").setLevel(logging.CRITICAL)
    plan = CutPlan(preset=brief.preset_name, sources=[source_of(footage)], clips=[clip])
    (made,) = render(plan, brief.preset, out, force=True, encoder=encoder, threads=threads)
    return made
