"""What workers do: each task gets all it needs and gives back what the run goes on with.

Footage in a store is copied to the worker's machine first; what comes back names the store.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from btsclip.analysis.analyze import Analysis, analyze_footage
from btsclip.analysis.cache import content_digest
from btsclip.media import remote
from btsclip.media.probe import Footage
from btsclip.moments.select import Cut, Refusal
from btsclip.plan.model import Clip, CutPlan
from btsclip.planning.clips import align_ends, clip_id, make_clip, select_cuts, source_of
from btsclip.planning.request import PlanContext
from btsclip.render import RenderedClip, render
from btsclip.render.run import files_of


@dataclass(frozen=True)
class AnalyzedTake:
    """A take that was looked through, its best cuts and what was left out. `held` are digests of
    its files before that, so that what is made is known to be made of them."""

    analysis: Analysis
    held: list[str]
    cuts: list[Cut]
    refused: list[Refusal]


def analyze_take(footage: Footage, brief: PlanContext) -> AnalyzedTake:
    """Looks through one take; what was measured before is kept."""
    with remote.fetched(footage) as near:
        held = [content_digest(path).hex() for path in near.files]
        analysis = analyze_footage(near).of_copy(footage)
    return AnalyzedTake(analysis, held, *select_cuts([analysis], brief, brief.count))


def plan_take(name: str, cuts: Sequence[Cut], analysis: Analysis, brief: PlanContext) -> list[Clip]:
    """The clips of the take called `name` from its `cuts`, in the order of time."""
    footage = analysis.footage
    with remote.fetched(footage) as near:
        analysis = analysis.of_copy(near)
        brief = replace(
            brief,
            texts=brief.texts.renamed(footage.path, near.path),
            guests=brief.guests.renamed(footage.path, near.path),
        )
        near_cuts = [replace(cut, footage=analysis.footage) for cut in cuts]
        borders = align_ends(near_cuts, [analysis], brief)
        told = brief.texts.told(borders)
        clips = [
            make_clip(cut, clip_id(name, number, cut), analysis, brief, one)
            for number, (cut, one) in enumerate(zip(borders, told, strict=True), 1)
        ]
    return [clip.model_copy(update={"source": str(footage.path)}) for clip in clips]


def render_clip(
    clip: Clip, footage: Footage, brief: PlanContext, out: Path, encoder: str, threads: int
) -> RenderedClip:
    """Renders one clip into the folder `out`, in place of an older one of its name."""
    logging.getLogger("moviepy").setLevel(logging.CRITICAL)
    plan = CutPlan(preset=brief.preset_name, sources=[source_of(footage)], clips=[clip])
    with ExitStack() as stack:
        near = stack.enter_context(remote.fetched(footage))
        copies = dict(zip(map(str, footage.files), near.files, strict=True))
        folder = out
        if remote.is_in_store(out):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="btsclip-")))
        (made,) = render(
            plan, brief.preset, folder, force=True, encoder=encoder, threads=threads, home=out,
            copies=copies,
        )  # fmt: skip
        if remote.is_in_store(out):
            remote.upload(made.files, out)
    return files_of(out, clip)
