"""The JSON of `batch` and the `report.json` beside its clips, as models."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from btsclip.json_result import Figure, JsonResult, JsonValues, SignedResult
from btsclip.plan.model import Action, Kind


class FileJson(JsonValues):
    """One file or take, and what became of it."""

    file: str = Field(description="The file; the first one of a take in several files.")
    take: str = Field(description="The take's name, empty for what is not a take.")
    seconds: float = Field(description="Length of the take.")
    clips: int = Field(description="Number of its clips.")
    state: Literal["cut", "nothing", "failed", "left out"] = Field(description="What became of it.")
    why: str = Field(description="Why it has no clip, or a warning.")


class FailureJson(JsonValues):
    """Something that failed."""

    file: str = Field(description="The file.")
    stage: str = Field(description="`reading`, `looking`, `planning` or `rendering`.")
    subject: str = Field(description="The file or clip that was worked on.")
    cause: str = Field(description="What is wrong.")
    cure: str = Field(description="What to do.")


class BatchJson(JsonResult):
    """The last line of `batch --json`, and of each run of `watch --json`."""

    event: Literal["finished"] = Field("finished", description="The name of this line.")
    out: str | None = Field(description="The folder of the results, null in a dry run.")
    clips: list[str] = Field(description="The videos.")
    kept: int = Field(description="How many of them were there before.")
    files: list[FileJson] = Field(description="Takes in their order, then files left out.")
    failures: list[FailureJson] = Field(description="What failed.")


class ShootClipJson(JsonValues):
    """One clip of the shoot's plan."""

    clip: str = Field(description="The clip's name.")
    source: str = Field(description="The take.")
    start: float = Field(description="Seconds of the take.")
    end: float = Field(description="Seconds of the take.")
    kind: Kind = Field(description="What is seen.")
    action: Action | None = Field(description="What the hands do, for `process`.")
    score: float = Field(description="How good it is, 0 to 1.")
    why: str = Field(description="Why it was cut, or left out.")
    state: Literal["made", "left out", "failed"] = Field(description="What became of it.")


class TotalsJson(JsonValues):
    """Numbers of takes, clips and failed files."""

    takes: int = Field(description="Number of takes.")
    seconds: Figure = Field(description="Seconds of the takes.")
    clips: int = Field(description="Number of clips that are there.")
    clip_seconds: Figure = Field(description="Seconds of those clips.")
    clips_left_out: int = Field(description="Number of planned clips that are not enabled.")
    failed: int = Field(description="Number of files that failed.")


class ReportJson(SignedResult):
    """What `report.json` beside the clips of a batch holds. Paths count from its folder."""

    rows: list[FileJson] = Field(description="Takes in their order, then files left out.")
    plan: str = Field(description="Digest of the plan's file, empty without one.")
    clips: list[ShootClipJson] = Field(description="All clips of the plan.")
    failures: list[FailureJson] = Field(description="What failed.")
    totals: TotalsJson = Field(description="The numbers of all of it.")
