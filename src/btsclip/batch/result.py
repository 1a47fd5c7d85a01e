"""JSON models of `batch --json` and of `report.json`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from btsclip.json_result import Figure, JsonResult, JsonValues, SignedResult
from btsclip.plan import Action, Kind


class FileJson(JsonValues):
    """One file or take."""

    file: str = Field(description="The file; the first file of a take in several files.")
    take: str = Field(description="The take's name; empty for a file that is not a take.")
    seconds: float = Field(description="Length of the take.")
    clips: int = Field(description="Number of its clips.")
    state: Literal["cut", "nothing", "failed", "left out"] = Field(description="The result.")
    why: str = Field(description="Why it has no clip, or a warning.")


class FailureJson(JsonValues):
    """A failure."""

    file: str = Field(description="The file.")
    stage: str = Field(description="`reading`, `looking`, `planning` or `rendering`.")
    subject: str = Field(description="The file or clip at fault.")
    cause: str = Field(description="What is wrong.")
    cure: str = Field(description="What to do.")


class BatchJson(JsonResult):
    """The last line of `batch --json`, and of each run of `watch --json`."""

    event: Literal["finished"] = Field("finished", description="The name of this line.")
    out: str | None = Field(description="The folder of the results; null in a dry run.")
    clips: list[str] = Field(description="The videos.")
    kept: int = Field(description="How many of them earlier runs made.")
    files: list[FileJson] = Field(description="Takes in order, then files left out.")
    failures: list[FailureJson] = Field(description="The failures.")


class ShootClipJson(JsonValues):
    """One clip of the shoot's plan."""

    clip: str = Field(description="The clip's name.")
    source: str = Field(description="The take.")
    start: float = Field(description="Seconds of the take.")
    end: float = Field(description="Seconds of the take.")
    kind: Kind = Field(description="The kind of moment.")
    action: Action | None = Field(description="What the hands do, for `process`.")
    score: float = Field(description="How good it is, 0 to 1.")
    why: str = Field(description="Why it was cut, or left out.")
    state: Literal["made", "left out", "failed"] = Field(description="The result.")


class TotalsJson(JsonValues):
    """Numbers of takes, clips and failed files."""

    takes: int = Field(description="Number of takes.")
    seconds: Figure = Field(description="Seconds of the takes.")
    clips: int = Field(description="Number of finished clips.")
    clip_seconds: Figure = Field(description="Seconds of those clips.")
    clips_left_out: int = Field(description="Number of planned clips that are disabled.")
    failed: int = Field(description="Number of files that failed.")


class ReportJson(SignedResult):
    """`report.json` next to the clips of a batch. Paths are relative to its folder."""

    rows: list[FileJson] = Field(description="Takes in order, then files left out.")
    plan: str = Field(description="Digest of the plan file; empty without one.")
    clips: list[ShootClipJson] = Field(description="All clips of the plan.")
    failures: list[FailureJson] = Field(description="The failures.")
    totals: TotalsJson = Field(description="The totals.")
