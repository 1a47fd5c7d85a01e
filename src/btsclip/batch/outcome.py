"""The outcome of a batch: one row per file, and the failures."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from btsclip.batch.result import BatchJson, FailureJson, FileJson
from btsclip.batch.state import BatchResult
from btsclip.media import from_document, json_record
from btsclip.plan import CutPlan
from btsclip.render import RenderedClip
from btsclip.takes import Discovery, LeftOut

REPORT_NAME = "report.json"
TABLE_NAME = "report.txt"
State = Literal["cut", "nothing", "failed", "left out"]
# The kinds of tasks in the user's words.
STAGES = {"analyse": "looking", "plan": "planning", "render": "rendering"}
READING = "reading"


@dataclass(frozen=True)
class FileOutcome:
    """One file or take: its state, its number of clips, and why it has none, or a warning."""

    file: str
    take: str
    seconds: float
    clips: int
    state: State
    why: str = ""


@dataclass(frozen=True)
class Fault:
    """A failure: the file, the stage (reading, looking, planning or rendering), the clip or file at
    fault, the cause and the cure."""

    file: str
    stage: str
    subject: str
    cause: str
    cure: str


@dataclass(frozen=True)
class Outcome:
    """The outcome of a run. `kept` is the number of clips that earlier runs made; `out` is None in
    a dry run."""

    rows: tuple[FileOutcome, ...]
    out: Path | None
    plan: CutPlan | None = None
    clips: tuple[RenderedClip, ...] = ()
    kept: int = 0
    left_out: tuple[LeftOut, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def failed(self) -> tuple[FileOutcome, ...]:
        """The rows of files that could not be cut."""
        return tuple(row for row in self.rows if row.state == "failed")

    @classmethod
    def read(cls, out: Path) -> Outcome:
        """Read the report that an earlier run wrote into `out`."""
        values = json.loads((out / REPORT_NAME).read_text("utf-8"))

        def with_path(entry: dict[str, Any]) -> dict[str, Any]:
            return {**entry, "file": from_document(entry["file"], out)}

        faults = tuple(Fault(**with_path(fault)) for fault in values["failures"])
        return cls(
            tuple(FileOutcome(**with_path(row)) for row in values["rows"]), out, faults=faults
        )

    @staticmethod
    def plan_of(out: Path) -> str:
        """The digest of the plan as the report in `out` records it; "" without a report."""
        return str(json_record(out / REPORT_NAME).get("plan", ""))


def outcome_of(discovery: Discovery, result: BatchResult | None, out: Path | None) -> Outcome:
    """The outcome with a row for each take in order, then one for each file left out. Without
    takes, `result` is None."""
    rows, faults = _take_rows(discovery, result) if result else ([], [])
    for file in discovery.left_out:
        state: State = "failed" if file.failed else "left out"
        rows.append(FileOutcome(str(file.path), "", 0.0, 0, state, file.why))
        if file.failed:
            faults.append(Fault(str(file.path), READING, file.path.name, file.why, file.cure))
    outcome = Outcome(tuple(rows), out, left_out=discovery.left_out, faults=tuple(faults))
    if result is None:
        return outcome
    return replace(outcome, plan=result.plan, clips=result.clips, kept=result.kept)


def _take_rows(discovery: Discovery, result: BatchResult) -> tuple[list[FileOutcome], list[Fault]]:
    """The row of each take, and all failures."""
    counts: dict[str, int] = {}
    for clip in result.plan.clips:
        if clip.enabled:
            source = clip.spans[0].source
            counts[source] = counts.get(source, 0) + 1
    rows: list[FileOutcome] = []
    faults: list[Fault] = []
    for take in discovery.takes:
        footage = take.footage
        file = str(footage.path)
        failures = [failure for failure in result.failures if failure.take == take.name]
        row = FileOutcome(
            file, take.name, round(footage.duration, 3), counts.get(file, 0), "cut", take.warning
        )
        if failures:
            why = "; ".join(dict.fromkeys(failure.why for failure in failures))
            clips = sum(rendered.clip.spans[0].source == file for rendered in result.clips)
            row = replace(row, clips=clips, state="failed", why=why)
        elif not row.clips:
            why = "; ".join(filter(None, (_why_nothing(file, result.plan), take.warning)))
            row = replace(row, state="nothing", why=why)
        rows.append(row)
        faults += [Fault(file, STAGES.get(f.kind, f.kind), f.subject, f.cause, f.cure)
                   for f in failures]  # fmt: skip
    return rows, faults


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON values, version 1."""
    return BatchJson(
        out=str(outcome.out) if outcome.out else None,
        clips=[str(clip.path) for clip in outcome.clips],
        kept=outcome.kept,
        files=[FileJson(**asdict(row)) for row in outcome.rows],
        failures=[FailureJson(**asdict(fault)) for fault in outcome.faults],
    ).values()


def _why_nothing(file: str, plan: CutPlan) -> str:
    """Why a take has no clip."""
    if any(clip.spans[0].source == file for clip in plan.clips):
        return "other takes have better clips; the plan says why"
    return "nothing worth cutting; the plan says why"
