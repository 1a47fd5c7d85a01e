"""What workers do: each task gets all it needs and gives back what the run goes on with.

Footage in a store is copied to the worker's machine first; what comes back names the store. Files
are probed by workers too: one that crashes the decoder or keeps it busy for ever costs a worker and
not the run.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from btsclip.analysis.analyze import Analysis, analyze_footage
from btsclip.analysis.cache import content_digest
from btsclip.batch.scheduler import Engine, Task
from btsclip.batch.workers import Pool, Result
from btsclip.errors import FootageError
from btsclip.media import remote
from btsclip.media.footage import Footage
from btsclip.moments.select import Cut, Refusal
from btsclip.plan.model import Clip, CutPlan
from btsclip.planning.clips import align_ends, clip_id, make_clip, select_cuts, source_of
from btsclip.planning.request import PlanContext
from btsclip.render import RenderedClip, render
from btsclip.render.run import files_of
from btsclip.takes.discover import inspect_file
from btsclip.takes.likeness import Sketch, sketch
from btsclip.takes.listing import LeftOut, unreadable

# Seconds in which the facts of a file are found, be it hours long and on a slow network drive.
PROBE_LIMIT = 300.0

Item = TypeVar("Item")


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
    return [_of_take(clip, footage) for clip in clips]


def _of_take(clip: Clip, footage: Footage) -> Clip:
    """`clip`, planned from a copy of the take, as one of `footage` itself."""
    spans = [span.model_copy(update={"source": str(footage.path)}) for span in clip.spans]
    return clip.model_copy(update={"spans": spans})


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


class PoolReader:
    """Opens the files of a shoot in the processes of `pool`; `idle` is called now and then."""

    def __init__(self, pool: Pool, idle: Callable[[], None] = lambda: None) -> None:
        self._pool, self._idle = pool, idle

    def facts(self, paths: Sequence[Path]) -> list[Footage | LeftOut]:
        """The result of `inspect_file` for each of `paths`, in their order."""

        def failed(path: Path, why: str) -> LeftOut:
            return unreadable(path, FootageError(path, why))

        return self._each("probe", inspect_file, {path: path for path in paths}, failed)

    def sketches(self, footages: Sequence[Footage]) -> list[Sketch | None]:
        """The sketch of each of `footages`, in their order; None for one that can't be read."""
        items = {footage.path: footage for footage in footages}
        return self._each("sketch", sketch, items, lambda path, why: None)

    def _each(
        self,
        kind: str,
        work: Callable[[Item], Result],
        items: Mapping[Path, Item],
        failed: Callable[[Path, str], Result],
    ) -> list[Result]:
        """The results of `work` for `items`, in their order; a failed task gives what `failed`
        returns for its path and the reason."""
        results: dict[str, Result] = {}

        def keep(path: Path, result: Result) -> list[Task]:
            results[str(path)] = result
            return []

        engine = Engine(self._pool, idle=self._idle)
        engine.run(
            Task(str(path), kind, "", str(path), work, (item,), then=partial(keep, path),
                 limit=PROBE_LIMIT)
            for path, item in items.items()
        )  # fmt: skip
        for failure in engine.failures:
            path = next(path for path in items if str(path) == failure.subject)
            results[str(path)] = failed(path, failure.why.removeprefix(f"{path}: "))
        return [results[str(path)] for path in items]
