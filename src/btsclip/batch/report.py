"""The report of a batch: `report.txt` and `report.json` next to the clips."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

from btsclip.batch.batch import PLAN_NAME
from btsclip.batch.ledger import digest
from btsclip.batch.outcome import REPORT_NAME, TABLE_NAME, Fault, FileOutcome, Outcome
from btsclip.batch.result import FailureJson, FileJson, ReportJson, ShootClipJson, TotalsJson
from btsclip.media import to_document, write_text
from btsclip.plan import Clip
from btsclip.version import __version__
from btsclip.wording import clock, count

COLUMN_GAP = "  "


def write(outcome: Outcome, out: Path) -> None:
    """Write both reports into `out`. Raises OutputError."""

    def entry(item: FileOutcome | Fault) -> dict[str, Any]:
        return {**asdict(item), "file": to_document(item.file, out)}

    report = ReportJson(
        rows=[FileJson(**entry(row)) for row in outcome.rows],
        plan=digest(out / PLAN_NAME) if (out / PLAN_NAME).exists() else "",
        clips=_clip_rows(outcome, out),
        failures=[FailureJson(**entry(fault)) for fault in outcome.faults],
        totals=totals(outcome),
    )
    write_text(out / REPORT_NAME, json.dumps(report.values(), ensure_ascii=False, indent=2) + "\n")
    write_text(out / TABLE_NAME, text(outcome))


def text(outcome: Outcome) -> str:
    """The text report: totals, files, clips with their reasons, and failures."""
    # A resumed run writes the same report: it does not mention the clips of earlier runs.
    head = summary(replace(outcome, kept=0))
    parts = [f"btsclip {__version__}: {head}\n", files_table(outcome)]
    if outcome.plan and outcome.plan.clips:
        parts.append(_clips_table(outcome))
    if outcome.faults:
        parts.append(faults_table(outcome))
    return "\n".join(parts)


def summary(outcome: Outcome) -> str:
    """The totals in one line."""
    sums = totals(outcome)
    parts = [
        f"{count(sums.takes, 'take')} of {clock(sums.seconds)}",
        f"{count(sums.clips, 'clip')} of {clock(sums.clip_seconds)}",
    ]
    if outcome.kept:
        parts.append(f"{outcome.kept} of them from earlier runs")
    if sums.clips_left_out:
        parts.append(f"{count(sums.clips_left_out, 'planned clip')} left out")
    if sums.failed:
        parts.append(f"{count(sums.failed, 'file')} failed")
    return ", ".join(parts)


def totals(outcome: Outcome) -> TotalsJson:
    """Count takes, clips and failed files, and add up the seconds of takes and clips."""
    planned = outcome.plan.clips if outcome.plan else []
    rendered = [clip.clip for clip in outcome.clips]
    takes = [row for row in outcome.rows if row.take]
    return TotalsJson(
        takes=len(takes),
        seconds=round(sum(row.seconds for row in takes), 3),
        clips=len(rendered),
        clip_seconds=round(sum(clip.seconds_in_all for clip in rendered), 3),
        clips_left_out=sum(not clip.enabled for clip in planned),
        failed=len(outcome.failed),
    )


def _clip_rows(outcome: Outcome, out: Path) -> list[ShootClipJson]:
    """The rows of all planned clips, with paths relative to `out`."""
    rendered = {clip.clip.id for clip in outcome.clips}
    return [
        ShootClipJson(
            clip=clip.id,
            source=to_document(clip.spans[0].source, out),
            start=clip.source_start,
            end=clip.source_end,
            kind=clip.kind,
            action=clip.action,
            score=clip.score,
            why=clip.why,
            state=_clip_state(clip, rendered),
        )
        for clip in (outcome.plan.clips if outcome.plan else [])
    ]


def files_table(outcome: Outcome) -> str:
    """The table of files, with paths relative to their common folder."""
    base = _common_folder(outcome)
    cells = [("file", "length", "clips", "result")]
    for row in outcome.rows:
        length = clock(row.seconds) if row.take else "-"
        cells.append((_relative(row.file, base), length, str(row.clips), _result_text(row)))
    return _columns(cells, right={1, 2})


def faults_table(outcome: Outcome) -> str:
    """The table of failures: file, stage, cause and cure."""
    return _columns(fault_cells(outcome))


def fault_cells(outcome: Outcome) -> list[tuple[str, ...]]:
    """The cells of `faults_table`, with the head first."""
    base = _common_folder(outcome)
    cells: list[tuple[str, ...]] = [("failed", "while", "cause", "what to do")]
    for fault in outcome.faults:
        subject = f" {fault.subject}" if fault.stage == "rendering" else ""
        cells.append(
            (_relative(fault.file, base), fault.stage + subject, fault.cause, fault.cure or "-")
        )
    return cells


def _clips_table(outcome: Outcome) -> str:
    assert outcome.plan
    base = _common_folder(outcome)
    rendered = {clip.clip.id for clip in outcome.clips}
    cells = [("clip", "take", "span", "kind", "score", "why")]
    for clip in outcome.plan.clips:
        state = _clip_state(clip, rendered)
        # The reason of a clip that is left out already says so.
        why = f"failed; {clip.why}" if state == "failed" else clip.why
        action = f": {clip.action}" if clip.action and clip.action != "other" else ""
        first = clip.spans[0]
        span = f"{clock(clip.source_start, tenths=True)}-{clock(clip.source_end, tenths=True)}"
        cells.append(
            (
                clip.id,
                _relative(first.source, base),
                span,
                clip.kind + action,
                f"{clip.score:.2f}",
                why,
            )
        )
    return _columns(cells)


def _clip_state(clip: Clip, rendered: set[str]) -> Literal["made", "left out", "failed"]:
    if not clip.enabled:
        return "left out"
    return "made" if clip.id in rendered else "failed"


def _result_text(row: FileOutcome) -> str:
    if row.state == "failed":
        return "failed, see below"
    return f"{row.state}: {row.why}" if row.why else row.state


def _common_folder(outcome: Outcome) -> str:
    """The folder that holds all files; "" without one."""
    folders = [str(Path(row.file).parent) for row in outcome.rows]
    try:
        return os.path.commonpath(folders) if folders else ""
    except ValueError:
        return ""


def _relative(file: str, base: str) -> str:
    return os.path.relpath(file, base) if base else file


def _columns(rows: Sequence[tuple[str, ...]], right: set[int] | None = None) -> str:
    """Align rows in columns, those in `right` to the right. Line breaks in cells become spaces."""
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
        lines.append(COLUMN_GAP.join([*cells, row[-1]]).rstrip())
    return "\n".join(lines) + "\n"
