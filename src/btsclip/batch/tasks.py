"""The tasks of workers: analyze, plan and render one take, and probe files.

Footage in a store is copied to the worker's machine first; results name its path in the store.
Workers probe files too: a file that crashes the decoder, or never ends, costs a worker and not the
run.
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

from btsclip.analysis import Analysis, analyze_footage, ask_track, content_digest
from btsclip.batch.scheduler import Engine, Task
from btsclip.batch.workers import Pool, Result
from btsclip.errors import FootageError
from btsclip.media import Footage, is_remote, remote
from btsclip.moments import Cut, Refusal
from btsclip.plan import Clip, CutPlan
from btsclip.planning import (
    PlanContext,
    add_source_warnings,
    align_ends,
    clip_id,
    make_clip,
    select_cuts,
    source_of,
)
from btsclip.render import RenderedClip, files_of, render
from btsclip.takes import LeftOut, Sketch, inspect_file, sketch, unreadable

# Seconds to probe a file, even one of many hours on a slow network drive.
PROBE_LIMIT = 300.0

Item = TypeVar("Item")


@dataclass(frozen=True)
class AnalyzedTake:
    """The analysis of a take, its best cuts and the refused ones. `digests` are those of its files
    before the analysis: they tie the clips to the content."""

    analysis: Analysis
    digests: list[str]
    cuts: list[Cut]
    refused: list[Refusal]


def analyze_take(footage: Footage, context: PlanContext) -> AnalyzedTake:
    """Analyze one take, and select its cuts."""
    with remote.fetched(footage) as local:
        digests = [content_digest(path).hex() for path in local.files]
        local = ask_track(local, context.request.audio_track)
        analysis = analyze_footage(local).of_copy(footage)
    return AnalyzedTake(analysis, digests, *select_cuts([analysis], context, context.count))


def plan_take(
    name: str, cuts: Sequence[Cut], analysis: Analysis, context: PlanContext
) -> list[Clip]:
    """Plan the clips of the take `name` from its `cuts`, which are in the order of time."""
    footage = analysis.footage
    with remote.fetched(footage) as local:
        analysis = analysis.of_copy(local)
        context = replace(
            context,
            texts=context.texts.renamed(footage.path, local.path),
            known_people=context.known_people.renamed(footage.path, local.path),
        )
        local_cuts = [replace(cut, footage=analysis.footage) for cut in cuts]
        aligned = align_ends(local_cuts, [analysis], context)
        matches = context.texts.match_steps(aligned)
        clips = [
            make_clip(cut, clip_id(name, number, cut), analysis, context, match)
            for number, (cut, match) in enumerate(zip(aligned, matches, strict=True), 1)
        ]
    clips = add_source_warnings(clips, [source_of(analysis.footage)])
    return [_of_take(clip, footage) for clip in clips]


def _of_take(clip: Clip, footage: Footage) -> Clip:
    """`clip`, planned from a copy of the take, as one of `footage` itself."""
    spans = [span.model_copy(update={"source": str(footage.path)}) for span in clip.spans]
    return clip.model_copy(update={"spans": spans})


def render_clip(
    clip: Clip, footage: Footage, context: PlanContext, out: Path, encoder: str, threads: int
) -> RenderedClip:
    """Render one clip into the folder `out`, and replace an older clip of its name."""
    logging.getLogger("moviepy").setLevel(logging.CRITICAL)
    plan = CutPlan(
        preset=context.preset_name, brand=str(context.request.brand or ""),
        sources=[source_of(footage)], clips=[clip],
    )  # fmt: skip
    with ExitStack() as stack:
        local = stack.enter_context(remote.fetched(footage))
        copies = dict(zip(map(str, footage.files), local.files, strict=True))
        folder = out
        if is_remote(out):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="btsclip-")))
        (rendered,) = render(
            plan, context.preset, folder, force=True, encoder=encoder, threads=threads, home=out,
            copies=copies,
        )  # fmt: skip
        if is_remote(out):
            remote.upload(rendered.files, out)
    return files_of(out, clip)


class PoolReader:
    """Read the files of a shoot in the processes of `pool`; `on_idle` is called about twice a
    second."""

    def __init__(self, pool: Pool, on_idle: Callable[[], None] = lambda: None) -> None:
        self._pool, self._on_idle = pool, on_idle

    def facts(self, paths: Sequence[Path]) -> list[Footage | LeftOut]:
        """The result of `inspect_file` for each of `paths`, in their order."""

        def leave_out(path: Path, why: str) -> LeftOut:
            return unreadable(path, FootageError(path, why))

        return self._run("probe", inspect_file, {path: path for path in paths}, leave_out)

    def sketches(self, footages: Sequence[Footage]) -> list[Sketch | None]:
        """The sketch of each of `footages`, in their order; None for a take that can't be read."""
        items = {footage.path: footage for footage in footages}
        return self._run("sketch", sketch, items, lambda path, why: None)

    def _run(
        self,
        kind: str,
        work: Callable[[Item], Result],
        items: Mapping[Path, Item],
        on_failure: Callable[[Path, str], Result],
    ) -> list[Result]:
        """The results of `work` for `items`, in their order; for a failed task the result of
        `on_failure` for its path and the reason."""
        results: dict[str, Result] = {}

        def keep(path: Path, result: Result) -> list[Task]:
            results[str(path)] = result
            return []

        engine = Engine(self._pool, on_idle=self._on_idle)
        engine.run(
            Task(str(path), kind, "", str(path), work, (item,), then=partial(keep, path),
                 limit=PROBE_LIMIT)
            for path, item in items.items()
        )  # fmt: skip
        for failure in engine.failures:
            path = next(path for path in items if str(path) == failure.subject)
            results[str(path)] = on_failure(path, failure.why.removeprefix(f"{path}: "))
        return [results[str(path)] for path in items]
