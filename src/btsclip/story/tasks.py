"""The work that a story gives to other processes: look through takes, and frame spans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from btsclip.analysis import Analysis, analyze_footage, ask_track
from btsclip.batch import Engine, Event, Failure, Pool, Task, task_time_limit
from btsclip.errors import BtsclipError, FootageError
from btsclip.media import Footage
from btsclip.moments import Refusal
from btsclip.notes import StepMatch
from btsclip.planning import PlanContext, frame_cut, write_clip_texts
from btsclip.story.pieces import StoryPiece, pieces_of
from btsclip.story.spans import StorySpan

# The name of a step of the work, and the share of it that is done, 0 to 1.
Report = Callable[[str, float], None]


@dataclass(frozen=True)
class TakePieces:
    """An analyzed take with the pieces that it offers, and what was left out and why."""

    analysis: Analysis
    pieces: list[StoryPiece]
    refused: list[Refusal]


def find_take_pieces(footage: Footage, speed: float, audio_track: int | None) -> TakePieces:
    """Analyze one take, or read its cached measurements, and find its pieces."""
    analysis = analyze_footage(ask_track(footage, audio_track))
    return TakePieces(analysis, *pieces_of(analysis, speed))


def frame_span(
    span: StorySpan, analysis: Analysis, context: PlanContext, step: StepMatch | None
) -> StorySpan:
    """Frame one span and write its captions, all that a clip of it would have except the hook.

    Args:
        step: The step of the notes that the span shows, matched beside the other spans.
    """
    framed = frame_cut(span.cut, analysis, context, cover=True)
    texts = replace(context.texts, hook="")
    written = write_clip_texts(span.cut, texts, context.preset, framed.time_map, step)
    return replace(
        span, keys=framed.values, busy=framed.busy_areas, work=framed.work_areas,
        introductions=framed.lower_thirds,
        inside=framed.inside, captions=written.captions, warnings=written.warnings,
    )  # fmt: skip


def find_pieces(
    footages: Sequence[Footage], context: PlanContext, pool: Pool, report: Report
) -> tuple[list[TakePieces], list[str]]:
    """The pieces of all takes, in the order given, and messages on takes that can't be analyzed.

    Raises FootageError if no take can be analyzed.
    """
    takes: dict[Path, TakePieces] = {}

    def keep(footage: Footage, take: TakePieces) -> list[Task]:
        pieces = [replace(p, cut=context.texts.as_noted(p.cut)) for p in take.pieces]
        takes[footage.path] = replace(take, pieces=pieces)
        return []

    speed = context.preset.pacing.speed
    failures = _run(
        f"looking at {len(footages)} takes" if len(footages) > 1 else "looking at the take",
        [
            Task(
                f"look {footage.path}", "analyse", footage.path.name, footage.path.name,
                find_take_pieces, (footage, speed, context.request.audio_track),
                then=partial(keep, footage), limit=task_time_limit(footage.duration),
            )
            for footage in footages
        ],
        pool, report,
    )  # fmt: skip
    if not takes:
        first = failures[0]
        raise FootageError(first.subject, first.cause, first.cure)
    in_order = [takes[footage.path] for footage in footages if footage.path in takes]
    return in_order, [f"{failure.subject}: {failure.cause}" for failure in failures]


def frame_spans(
    spans: Sequence[StorySpan],
    takes: Sequence[TakePieces],
    context: PlanContext,
    pool: Pool,
    report: Report,
) -> tuple[StorySpan, ...]:
    """All spans framed and captioned, in their order. Raises BtsclipError if one fails."""
    analyses = {take.analysis.footage: take.analysis for take in takes}
    steps = context.texts.match_steps([span.cut for span in spans])
    framed: dict[int, StorySpan] = {}

    def keep(i: int, span: StorySpan) -> list[Task]:
        framed[i] = span
        return []

    failures = _run(
        "framing",
        [
            Task(
                f"show {i}", "plan", span.cut.footage.path.name, span.cut.footage.path.name,
                frame_span, (span, analyses[span.cut.footage], context, step),
                then=partial(keep, i), limit=task_time_limit(span.cut.end - span.cut.start),
            )
            for i, (span, step) in enumerate(zip(spans, steps, strict=True))
        ],
        pool, report,
    )  # fmt: skip
    for failure in failures:
        raise BtsclipError(failure.subject, failure.cause, failure.cure)
    return tuple(framed[i] for i in range(len(spans)))


def _run(name: str, tasks: Sequence[Task], pool: Pool, report: Report) -> list[Failure]:
    """Run all tasks in `pool` with progress under `name`; returns the failures."""
    finished = 0

    def count(event: Event) -> None:
        nonlocal finished
        finished += event.state in ("done", "failed")
        report(name, finished / max(1, len(tasks)))

    report(name, 0.0)
    engine = Engine(pool, on_event=count)
    engine.run(tasks)
    return engine.failures
