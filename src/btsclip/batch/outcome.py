"""What became of each file of a shoot: a table for people, JSON for machines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from btsclip.batch.batch import BatchResult
from btsclip.batch.result import BatchJson, FailureJson, FileJson
from btsclip.media.documents import json_record
from btsclip.media.paths import from_document
from btsclip.plan.model import CutPlan
from btsclip.render import RenderedClip
from btsclip.takes.discover import Discovery
from btsclip.takes.listing import LeftOut

REPORT, TABLE = "report.json", "report.txt"
State = Literal["cut", "nothing", "failed", "left out"]
# What a task was about, in the user's words.
STAGES = {"analyse": "looking", "plan": "planning", "render": "rendering"}
READING = "reading"


@dataclass(frozen=True)
class FileOutcome:
    """One file or take: what became of it, how many clips, and why there is none or what the user
    should know of it."""

    file: str
    take: str
    seconds: float
    clips: int
    state: State
    why: str = ""


@dataclass(frozen=True)
class Fault:
    """Something that failed: the file, the stage (reading, looking, planning, rendering) and what
    it was about, the cause and what to do."""

    file: str
    stage: str
    subject: str
    cause: str
    cure: str


@dataclass(frozen=True)
class Outcome:
    """What came of a whole run. `kept` clips were there already; `out` is None in a dry run."""

    rows: tuple[FileOutcome, ...]
    out: Path | None
    plan: CutPlan | None = None
    clips: tuple[RenderedClip, ...] = ()
    kept: int = 0
    left_out: tuple[LeftOut, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def failed(self) -> tuple[FileOutcome, ...]:
        """What should have been cut and was not."""
        return tuple(row for row in self.rows if row.state == "failed")

    @classmethod
    def read(cls, out: Path) -> Outcome:
        """What an earlier run wrote into `out`."""
        values = json.loads((out / REPORT).read_text("utf-8"))

        def located(entry: dict[str, Any]) -> dict[str, Any]:
            return {**entry, "file": from_document(entry["file"], out)}

        faults = tuple(Fault(**located(fault)) for fault in values["failures"])
        return cls(tuple(FileOutcome(**located(row)) for row in values["rows"]), out, faults=faults)

    @staticmethod
    def plan_of(out: Path) -> str:
        """The digest of the plan in `out` that its report was written with, "" if it has none."""
        return str(json_record(out / REPORT).get("plan", ""))


def outcome_of(found: Discovery, result: BatchResult | None, out: Path | None) -> Outcome:
    """The rows for all takes in their order, then for the files that are left out. There is no
    `result` where no take was found."""
    rows, faults = _take_rows(found, result) if result else ([], [])
    for each in found.left_out:
        state: State = "failed" if each.failed else "left out"
        rows.append(FileOutcome(str(each.path), "", 0.0, 0, state, each.why))
        if each.failed:
            faults.append(Fault(str(each.path), READING, each.path.name, each.why, each.cure))
    outcome = Outcome(tuple(rows), out, left_out=found.left_out, faults=tuple(faults))
    if result is None:
        return outcome
    return replace(outcome, plan=result.plan, clips=result.clips, kept=result.kept)


def _take_rows(found: Discovery, result: BatchResult) -> tuple[list[FileOutcome], list[Fault]]:
    """What became of each take, and what failed."""
    counts: dict[str, int] = {}
    for clip in result.plan.clips:
        if clip.enabled:
            source = clip.spans[0].source
            counts[source] = counts.get(source, 0) + 1
    rows: list[FileOutcome] = []
    faults: list[Fault] = []
    for take in found.takes:
        footage = take.footage
        file = str(footage.path)
        mine = [failure for failure in result.failures if failure.take == take.name]
        row = FileOutcome(
            file, take.name, round(footage.duration, 3), counts.get(file, 0), "cut", take.warning
        )
        if mine:
            why = "; ".join(dict.fromkeys(failure.why for failure in mine))
            made = sum(done.clip.spans[0].source == file for done in result.clips)
            row = replace(row, clips=made, state="failed", why=why)
        elif not row.clips:
            why = "; ".join(filter(None, (_why_nothing(file, result.plan), take.warning)))
            row = replace(row, state="nothing", why=why)
        rows.append(row)
        faults += [Fault(file, STAGES.get(f.kind, f.kind), f.subject, f.cause, f.cure)
                   for f in mine]  # fmt: skip
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
    """Why a take has no clip: others of the shoot are better, or there is no work in it."""
    if any(clip.spans[0].source == file for clip in plan.clips):
        return "other takes have better clips; the plan says why"
    return "nothing worth cutting; the plan says why"
