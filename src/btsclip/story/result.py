"""The JSON of `story`, as models."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from btsclip.json_result import JsonResult, JsonValues
from btsclip.plan import Action, Kind
from btsclip.planning import SkippedJson
from btsclip.story.make import StoryResult
from btsclip.story.spans import shares_of


class StorySpanJson(JsonValues):
    """One span of the story, in the order of the video."""

    at: float = Field(description="Where it begins, in seconds of the video.")
    seconds: float = Field(description="Its length on the screen.")
    act: str = Field(description="Its act in the arc.")
    kind: Kind = Field(description="What is seen.")
    action: Action | None = Field(description="What the hands do, for `process`.")
    source: str = Field(description="The take.")
    start: float = Field(description="Seconds of the take.")
    end: float = Field(description="Seconds of the take.")
    enter: Literal["cut", "dissolve"] = Field(description="How its picture comes in.")
    lead: float = Field(description="Seconds that its sound begins before its picture.")
    tail: float = Field(description="Seconds that its sound goes on after its picture.")
    card: str | None = Field(description="The text on the card before it.")
    why: str = Field(description="Why it is in this act.")


class StoryJson(JsonResult):
    """What `story --json` prints."""

    plan: str | None = Field(description="The plan's file, null in a dry run.")
    path: str | None = Field(description="The video, null in a dry run.")
    sidecar: str | None = Field(description="The JSON file beside it.")
    cover: str | None = Field(description="The picture beside it.")
    arc: str = Field(description="The name of the arc.")
    seconds: float = Field(description="Seconds of the video.")
    shares: dict[str, float] = Field(description="Share of each group of moments, 0 to 1.")
    spans: list[StorySpanJson] = Field(description="The spans, in the order of the video.")
    warnings: list[str] = Field(description="Warnings for the user.")
    failed: list[str] = Field(description="Takes that could not be read or analyzed.")
    skipped: list[SkippedJson] = Field(description="Moments that were left out.")


def story_json(result: StoryResult) -> dict[str, Any]:
    """The result as JSON values, version 1; without files in a dry run."""
    plan, layout, cut = result.planned.plan, result.planned.story.layout, result.cut
    clip = plan.clips[0]
    files = cut.clips[0] if cut.clips else None
    return StoryJson(
        plan=str(cut.plan_path) if cut.plan_path else None,
        path=str(files.path) if files else None,
        sidecar=str(files.sidecar) if files else None,
        cover=str(files.cover) if files else None,
        arc=result.planned.story.arc.name,
        seconds=round(clip.seconds_in_all, 3),
        shares=shares_of(layout.spans),
        spans=[
            StorySpanJson(
                at=round(start, 3),
                seconds=round(span.seconds, 3),
                act=span.act,
                kind=span.cut.kind,
                action=span.cut.action,
                **planned.model_dump(include={"source", "start", "end", "enter", "lead", "tail"}),
                card=planned.card.text if planned.card else None,
                why=span.reason,
            )
            for start, span, planned in zip(layout.starts, layout.spans, clip.spans, strict=True)
        ],
        warnings=list(result.warnings),
        failed=list(result.planned.failed),
        skipped=[
            SkippedJson(**skipped.model_dump(include={"source", "start", "end", "why"}))
            for skipped in plan.skipped
        ],
    ).values()
