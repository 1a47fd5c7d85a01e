"""An outcome as text in columns and as rows: what lies beside the clips as report.txt and .json."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

from btsclip.batch.batch import PLAN_NAME
from btsclip.batch.ledger import digest
from btsclip.batch.outcome import REPORT, TABLE, Fault, FileOutcome, Outcome
from btsclip.batch.result import FailureJson, FileJson, ReportJson, ShootClipJson, TotalsJson
from btsclip.media.output import write_text
from btsclip.media.paths import to_document
from btsclip.plan.model import Clip
from btsclip.version import __version__
from btsclip.wording import clock, count

# Between two columns.
GAP = "  "


def write(outcome: Outcome, out: Path) -> None:
    """Writes the outcome into `out`, for machines and for people. Raises OutputError."""

    def entry(found: FileOutcome | Fault) -> dict[str, Any]:
        return {**asdict(found), "file": to_document(found.file, out)}

    report = ReportJson(
        rows=[FileJson(**entry(row)) for row in outcome.rows],
        plan=digest(out / PLAN_NAME) if (out / PLAN_NAME).exists() else "",
        clips=_clip_rows(outcome, out),
        failures=[FailureJson(**entry(fault)) for fault in outcome.faults],
        totals=totals(outcome),
    )
    write_text(out / REPORT, json.dumps(report.values(), ensure_ascii=False, indent=2) + "\n")
    write_text(out / TABLE, text(outcome))


def text(outcome: Outcome) -> str:
    """All of it: totals, files, clips with the reason for each, and what failed."""
    # What was there before a run is no matter of the shoot: a resumed one reads the same.
    said = summary(replace(outcome, kept=0))
    parts = [f"btsclip {__version__}: {said}\n", files_table(outcome)]
    if outcome.plan and outcome.plan.clips:
        parts.append(_clips_table(outcome))
    if outcome.faults:
        parts.append(faults_table(outcome))
    return "\n".join(parts)


def summary(outcome: Outcome) -> str:
    """The totals in one line."""
    sums = totals(outcome)
    said = [
        f"{count(sums.takes, 'take')} of {clock(sums.seconds)}",
        f"{count(sums.clips, 'clip')} of {clock(sums.clip_seconds)}",
    ]
    if outcome.kept:
        said.append(f"{outcome.kept} of them there before")
    if sums.clips_left_out:
        said.append(f"{count(sums.clips_left_out, 'planned clip')} left out")
    if sums.failed:
        said.append(f"{count(sums.failed, 'file')} failed")
    return ", ".join(said)


def totals(outcome: Outcome) -> TotalsJson:
    """Numbers of takes, clips and failed files; `seconds` of the takes and of the clips shown."""
    planned = outcome.plan.clips if outcome.plan else []
    made = [clip.clip for clip in outcome.clips]
    takes = [row for row in outcome.rows if row.take]
    return TotalsJson(
        takes=len(takes),
        seconds=round(sum(row.seconds for row in takes), 3),
        clips=len(made),
        clip_seconds=round(sum(clip.seconds_in_all for clip in made), 3),
        clips_left_out=sum(not clip.enabled for clip in planned),
        failed=len(outcome.failed),
    )


def _clip_rows(outcome: Outcome, out: Path) -> list[ShootClipJson]:
    """Each planned clip as a file in `out` lists it: `state` is made, left out, or failed where
    its file is not there."""
    made = {clip.clip.id for clip in outcome.clips}
    return [
        ShootClipJson(
            clip=clip.id,
            source=to_document(clip.spans[0].source, out),
            start=clip.spans[0].start,
            end=clip.spans[0].end,
            kind=clip.kind,
            action=clip.action,
            score=clip.score,
            why=clip.why,
            state=_state(clip, made),
        )
        for clip in (outcome.plan.clips if outcome.plan else [])
    ]


def files_table(outcome: Outcome) -> str:
    """What became of each file. Names count from the folder that holds them all."""
    base = _base(outcome)
    cells = [("file", "length", "clips", "what became of it")]
    for row in outcome.rows:
        length = clock(row.seconds) if row.take else "-"
        cells.append((_name(row.file, base), length, str(row.clips), _said(row)))
    return _columns(cells, right={1, 2})


def faults_table(outcome: Outcome) -> str:
    """What failed, at which stage, why, and what to do."""
    return _columns(fault_cells(outcome))


def fault_cells(outcome: Outcome) -> list[tuple[str, ...]]:
    """The same as a head and rows of cells."""
    base = _base(outcome)
    cells: list[tuple[str, ...]] = [("failed", "while", "cause", "what to do")]
    for fault in outcome.faults:
        subject = f" {fault.subject}" if fault.stage == "rendering" else ""
        cells.append(
            (_name(fault.file, base), fault.stage + subject, fault.cause, fault.cure or "-")
        )
    return cells


def _clips_table(outcome: Outcome) -> str:
    assert outcome.plan
    base = _base(outcome)
    made = {clip.clip.id for clip in outcome.clips}
    cells = [("clip", "take", "span", "kind", "score", "why")]
    for clip in outcome.plan.clips:
        state = _state(clip, made)
        # The reason of a clip that is left out says so itself.
        why = f"failed; {clip.why}" if state == "failed" else clip.why
        action = f": {clip.action}" if clip.action and clip.action != "other" else ""
        first = clip.spans[0]
        span = f"{clock(first.start, tenths=True)}-{clock(first.end, tenths=True)}"
        cells.append(
            (clip.id, _name(first.source, base), span, clip.kind + action, f"{clip.score:.2f}", why)
        )
    return _columns(cells)


def _state(clip: Clip, made: set[str]) -> Literal["made", "left out", "failed"]:
    if not clip.enabled:
        return "left out"
    return "made" if clip.id in made else "failed"


def _said(row: FileOutcome) -> str:
    if row.state == "failed":
        return "failed, see below"
    return f"{row.state}: {row.why}" if row.why else row.state


def _base(outcome: Outcome) -> str:
    """The folder that holds all files."""
    folders = [str(Path(row.file).parent) for row in outcome.rows]
    try:
        return os.path.commonpath(folders) if folders else ""
    except ValueError:
        return ""


def _name(file: str, base: str) -> str:
    return os.path.relpath(file, base) if base else file


def _columns(rows: Sequence[tuple[str, ...]], right: set[int] | None = None) -> str:
    """Rows as lines; the last column is as wide as it likes. Line breaks in names are taken out."""
    plain = [
        ["".join(c if c.isprintable() else "?" for c in " ".join(cell.split())) for cell in row]
        for row in rows
    ]
    widths = [max(len(row[i]) for row in plain) for i in range(len(plain[0]) - 1)]
    lines = []
    for row in plain:
        cells = [
            f"{cell:>{width}}" if i in (right or ()) else f"{cell:<{width}}"
            for i, (cell, width) in enumerate(zip(row, widths, strict=False))
        ]
        lines.append(GAP.join([*cells, row[-1]]).rstrip())
    return "\n".join(lines) + "\n"
