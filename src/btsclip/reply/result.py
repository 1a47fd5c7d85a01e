"""The JSON of `reply`, as models."""

from __future__ import annotations

from pydantic import Field

from btsclip.json_result import JsonResult, JsonValues
from btsclip.plan import Action, Kind


class QuestionJson(JsonValues):
    """A question of viewers, and how surely the nearest moment answers it."""

    comment: str = Field(description="The comment with most likes of those that ask it.")
    author: str = Field(description="Who wrote it.")
    asked: int = Field(description="How many comments ask it.")
    likes: int = Field(description="The likes of these comments.")
    sure: float = Field(description="How sure the nearest moment answers it, 0 to 1.")
    by: list[str] = Field(description="The sources of the words in common, such as `note`.")


class AnsweredJson(QuestionJson):
    """A question with the clip that answers it."""

    id: str = Field(description="The clip's name in the plan.")
    path: str | None = Field(description="The video, null in a dry run.")
    sidecar: str | None = Field(description="The JSON file beside it.")
    cover: str | None = Field(description="The picture beside it.")
    source: str = Field(description="The take.")
    start: float = Field(description="Seconds of the take.")
    kind: Kind = Field(description="What is seen.")
    action: Action | None = Field(description="What the hands do, for `process`.")
    end: float = Field(description="Seconds of the take.")
    warnings: list[str] = Field(description="Texts that were left out or are hard to read.")


class UnansweredJson(QuestionJson):
    """A question without a clip."""

    nearest: str | None = Field(description="The nearest moment.")
    why: str = Field(description="Why there is no clip.")


class RepliesJson(JsonResult):
    """What `reply --json` prints."""

    plan: str | None = Field(description="The plan's file, null in a dry run.")
    replies: list[AnsweredJson] = Field(description="Questions with a clip.")
    unanswered: list[UnansweredJson] = Field(description="Questions without one.")
    silent: int = Field(description="How many comments ask nothing.")
    failed: list[str] = Field(description="Takes that could not be read or analyzed.")
    warnings: list[str] = Field(description="Warnings on the takes.")
