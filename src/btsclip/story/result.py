"""What came of a story: as JSON values."""

from __future__ import annotations

from typing import Any

from btsclip.story.make import StoryResult
from btsclip.story.spans import shares_of


def story_json(result: StoryResult) -> dict[str, Any]:
    """The result as JSON values, version 1; a dry run has no files."""
    planned, done = result.planned, result.cut
    story, clip = planned.story, planned.plan.clips[0]
    files = done.clips[0] if done.clips else None
    return {
        "version": 1,
        "plan": str(done.plan_path) if done.plan_path else None,
        "path": str(files.path) if files else None,
        "sidecar": str(files.sidecar) if files else None,
        "cover": str(files.cover) if files else None,
        "arc": story.arc.name,
        "seconds": round(clip.seconds_in_all, 3),
        "shares": shares_of(story.laid.spans),
        "spans": [
            {
                "at": round(at, 3),
                "seconds": round(told.seconds, 3),
                "act": told.act,
                "kind": told.cut.kind,
                "action": told.cut.action,
                **span.model_dump(include={"source", "start", "end", "enter", "lead", "tail"}),
                "card": span.card.text if span.card else None,
                "why": told.reason,
            }
            for at, told, span in zip(story.laid.starts, story.laid.spans, clip.spans, strict=True)
        ],
        "warnings": list(planned.warnings),
        "failed": list(planned.failed),
        "skipped": [
            each.model_dump(include={"source", "start", "end", "why"})
            for each in planned.plan.skipped
        ],
    }
