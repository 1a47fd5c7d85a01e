"""What workers do for a story, in other processes, and having it done for all takes and spans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from btsclip.analysis.analyze import Analysis, analyze_footage
from btsclip.batch.batch import task_time_limit
from btsclip.batch.scheduler import Engine, Event, Failure, Task
from btsclip.batch.workers import Pool
from btsclip.errors import BtsclipError, FootageError
from btsclip.media.footage import Footage
from btsclip.moments.select import Cut, Refusal
from btsclip.notes.match import StepMatch
from btsclip.plan.model import Caption
from btsclip.planning.captions import write_clip_texts
from btsclip.planning.framing import FramedCut, frame_cut
from btsclip.planning.request import PlanContext
from btsclip.story.pieces import StoryPiece, pieces_of

# What is being done, and the share of it that is done, 0 to 1.
Report = Callable[[str, float], None]


@dataclass(frozen=True)
class TakePieces:
    """A take that was looked through, the pieces that it offers and what was left out."""

    analysis: Analysis
    pieces: list[StoryPiece]
    refused: list[Refusal]


@dataclass(frozen=True)
class FramedSpan:
    """A cut as it is framed, what may be written on it, and what of that can't be read."""

    framed: FramedCut
    captions: tuple[Caption, ...]
    warnings: tuple[str, ...]


def find_take_pieces(footage: Footage, speed: float) -> TakePieces:
    """Looks through one take; what was measured before is kept."""
    analysis = analyze_footage(footage)
    return TakePieces(analysis, *pieces_of(analysis, speed))


def frame_span(
    cut: Cut, analysis: Analysis, brief: PlanContext, noted: StepMatch | None
) -> FramedSpan:
    """Frames one cut and writes on it all that a clip of it alone would have but a hook; `noted` is
    what the notes tell of it beside the others."""
    framed = frame_cut(cut, analysis, brief, cover=True)
    texts = replace(brief.texts, hook="")
    written = write_clip_texts(cut, texts, brief.preset, framed.time_map, noted)
    return FramedSpan(framed, written.captions, written.warnings)


def find_pieces(
    footages: Sequence[Footage], brief: PlanContext, pool: Pool, report: Report
) -> tuple[list[TakePieces], list[str]]:
    """All takes looked through, in their order, and what could not be."""
    seen: dict[Path, TakePieces] = {}

    def keep(footage: Footage, looked: TakePieces) -> list[Task]:
        pieces = [replace(p, cut=brief.texts.as_noted(p.cut)) for p in looked.pieces]
        seen[footage.path] = replace(looked, pieces=pieces)
        return []

    speed = brief.preset.pacing.speed
    failures = _run(
        f"looking at {len(footages)} takes" if len(footages) > 1 else "looking at the take",
        [
            Task(
                f"look {footage.path}", "analyse", footage.path.name, footage.path.name,
                find_take_pieces, (footage, speed), then=partial(keep, footage),
                limit=task_time_limit(footage.duration),
            )
            for footage in footages
        ],
        pool, report,
    )  # fmt: skip
    if not seen:
        first = failures[0]
        raise FootageError(first.subject, first.cause, first.cure)
    looked = [seen[footage.path] for footage in footages if footage.path in seen]
    return looked, [f"{failure.subject}: {failure.cause}" for failure in failures]


def frame_spans(
    cuts: Sequence[Cut],
    looked: Sequence[TakePieces],
    brief: PlanContext,
    pool: Pool,
    report: Report,
) -> list[FramedSpan]:
    """All cuts looked at closely, framed and written on, in their order."""
    analyses = {each.analysis.footage: each.analysis for each in looked}
    shown: dict[int, FramedSpan] = {}

    def keep(i: int, each: FramedSpan) -> list[Task]:
        shown[i] = each
        return []

    failures = _run(
        "framing",
        [
            Task(
                f"show {i}", "plan", cut.footage.path.name, cut.footage.path.name, frame_span,
                (cut, analyses[cut.footage], brief, noted), then=partial(keep, i),
                limit=task_time_limit(cut.end - cut.start),
            )
            for i, (cut, noted) in enumerate(zip(cuts, brief.texts.match_steps(cuts), strict=True))
        ],
        pool, report,
    )  # fmt: skip
    for failure in failures:
        raise BtsclipError(failure.subject, failure.cause, failure.cure)
    return [shown[i] for i in range(len(cuts))]


def _run(what: str, work: Sequence[Task], pool: Pool, report: Report) -> list[Failure]:
    """Runs all tasks in `pool`, with progress; those that failed."""
    over = 0

    def heard(event: Event) -> None:
        nonlocal over
        over += event.state in ("done", "failed")
        report(what, over / max(1, len(work)))

    report(what, 0.0)
    engine = Engine(pool, on_event=heard)
    engine.run(work)
    return engine.failures
