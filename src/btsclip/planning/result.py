"""The JSON of `cut`, `plan`, `render`, `timelapse` and `caption`, as models."""

from __future__ import annotations

from pydantic import Field

from btsclip.json_result import JsonResult, JsonValues
from btsclip.plan import Caption, Kind


class ClipJson(JsonValues):
    """One clip of the plan, with its files if it was rendered."""

    path: str | None = Field(description="The video; null if the clip is only planned.")
    sidecar: str | None = Field(description="The JSON file beside it.")
    cover: str | None = Field(description="The picture beside it.")
    enabled: bool = Field(description="Whether the plan renders it.")
    source: str = Field(description="The take.")
    start: float = Field(description="Seconds of the take.")
    end: float = Field(description="Seconds of the take.")
    kind: Kind = Field(description="The kind of moment.")
    score: float = Field(description="How good it is, 0 to 1.")
    why: str = Field(description="Why it was cut.")
    warnings: list[str] = Field(description="Texts that were left out or are hard to read.")


class SkippedJson(JsonValues):
    """A span that was left out."""

    source: str = Field(description="The take.")
    start: float = Field(description="Seconds of the take.")
    end: float = Field(description="Seconds of the take.")
    why: str = Field(description="Why it was left out.")


class CutJson(JsonResult):
    """The output of `cut`, `plan`, `render` and `timelapse` with `--json`."""

    plan: str | None = Field(description="The plan's file; null in a dry run.")
    clips: list[ClipJson] = Field(description="All clips of the plan.")
    skipped: list[SkippedJson] = Field(description="Spans that were left out.")


class CaptionJson(JsonResult):
    """The output of `caption --json`."""

    source: str = Field(description="The video that was read.")
    path: str = Field(description="The video that was written.")
    subtitles: list[str] = Field(description="The .srt and .vtt beside it.")
    captions: list[Caption] = Field(description="The texts, as in a plan.")
    warnings: list[str] = Field(description="Texts that were left out or are hard to read.")
