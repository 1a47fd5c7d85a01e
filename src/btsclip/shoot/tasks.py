"""What workers do: each task gets all it needs and gives back what the run goes on with."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from btsclip.media.probe import Footage
from btsclip.moments.select import Cut
from btsclip.plan.model import Clip, CutPlan
from btsclip.render import RenderedClip, render
from btsclip.shoot.analysis import Analysis, analyze_footage
from btsclip.shoot.brief import Brief
from btsclip.shoot.cache import content
from btsclip.shoot.planning import clip_id, make_clip, on_borders, source_of


def analyse(footage: Footage) -> tuple[Analysis, list[str]]:
    """Looks through one take, what was measured before is kept; and digests of what its files held
    before that, so that what is made of it is known to be."""
    held = [content(path).hex() for path in footage.files]
    return analyze_footage(footage), held


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
