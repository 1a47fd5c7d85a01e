"""What became of each file of a shoot: a table for people, JSON for machines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from btsclip.media.output import write_text
from btsclip.plan.model import CutPlan
from btsclip.render import RenderedClip
from btsclip.shoot.batch import PLAN_NAME, BatchResult
from btsclip.shoot.discover import Discovery, LeftOut
from btsclip.shoot.ledger import digest
from btsclip.version import __version__

REPORT, TABLE = "report.json", "report.txt"
State = Literal["cut", "nothing", "failed", "left out"]


@dataclass(frozen=True)
class Row:
    """One file or take: what became of it, how many clips, and why if it is none."""

    file: str
    take: str
    seconds: float
    clips: int
    state: State
    why: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of a whole run. `kept` clips were there already; `out` is None in a dry run."""

    rows: tuple[Row, ...]
    out: Path | None
    plan: CutPlan | None = None
    clips: tuple[RenderedClip, ...] = ()
    kept: int = 0
    left_out: tuple[LeftOut, ...] = ()

    @property
    def failed(self) -> tuple[Row, ...]:
        """What should have been cut and was not."""
        return tuple(row for row in self.rows if row.state == "failed")

    def write(self, out: Path) -> None:
        """Writes both reports into `out`. Raises OutputError."""
        values = {
            "version": 1, "generator": f"btsclip {__version__}",
            "rows": [asdict(row) for row in self.rows], "plan": digest(out / PLAN_NAME),
        }  # fmt: skip
        write_text(out / REPORT, json.dumps(values, ensure_ascii=False, indent=2) + "\n")
        write_text(out / TABLE, self.table())

    @classmethod
    def read(cls, out: Path) -> Outcome:
        """What `write` left in `out`."""
        values = json.loads((out / REPORT).read_text("utf-8"))
        return cls(tuple(Row(**row) for row in values["rows"]), out)

    @staticmethod
    def plan_of(out: Path) -> str:
        """The digest of the plan in `out` that its report was written with, "" if it has none."""
        try:
            return str(json.loads((out / REPORT).read_text("utf-8"))["plan"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def table(self) -> str:
        """The rows as plain text in columns."""
        cells = [("file", "length", "clips", "what became of it")]
        cells += [(row.file, _clock(row.seconds), str(row.clips), _said(row)) for row in self.rows]
        widths = [max(len(row[i]) for row in cells) for i in range(3)]
        lines = [
            f"{a:<{widths[0]}}  {b:>{widths[1]}}  {c:>{widths[2]}}  {d}".rstrip()
            for a, b, c, d in cells
        ]
        return "\n".join(lines) + "\n"


def outcome_of(found: Discovery, result: BatchResult, out: Path | None) -> Outcome:
    """The rows for all takes in their order, then for the files that are none."""
    counts: dict[str, int] = {}
    for clip in result.plan.clips:
        if clip.enabled:
            counts[clip.source] = counts.get(clip.source, 0) + 1
    rows = []
    for take in found.takes:
        footage = take.footage
        mine = [failure.why for failure in result.failures if failure.take == take.name]
        count = counts.get(str(footage.path), 0)
        row = Row(str(footage.path), take.name, round(footage.duration, 3), count, "cut")
        if mine:
            row = replace(row, state="failed", why="; ".join(dict.fromkeys(mine)))
        elif not count:
            row = replace(row, state="nothing", why="nothing worth cutting; the plan says why")
        rows.append(row)
    for each in found.left_out:
        state: State = "failed" if each.failed else "left out"
        rows.append(Row(str(each.path), "", 0.0, 0, state, each.why))
    return Outcome(tuple(rows), out, result.plan, result.clips, result.kept, found.left_out)


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON values, version 1."""
    return {
        "version": 1,
        "event": "finished",
        "out": str(outcome.out) if outcome.out else None,
        "clips": [str(clip.path) for clip in outcome.clips],
        "kept": outcome.kept,
        "files": [asdict(row) for row in outcome.rows],
    }


def _said(row: Row) -> str:
    return f"{row.state}: {row.why}" if row.why else row.state


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
