"""How a batch is going: a live table in a terminal, plain lines elsewhere, or lines of JSON."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

import typer

from btsclip.cli.reporting import one_line

if TYPE_CHECKING:
    from rich.table import Table

    from btsclip.shoot.discover import Discovery
    from btsclip.shoot.engine import Event
    from btsclip.shoot.outcome import Outcome

STAGES = {"analyse": "looking", "plan": "planning", "render": "rendering"}
# Takes that the live table shows at once, beside those being worked on.
ROWS = 12


@dataclass
class _Line:
    """One take: its name and seconds, what is being done, clips planned and rendered."""

    name: str
    seconds: float
    stage: str = "waiting"
    rendered: int = 0
    looked: bool = False


class Watcher:
    """Hears what happens to a batch and shows it."""

    def __init__(self, as_json: bool) -> None:
        from rich.console import Console

        self._json = as_json
        self._console = Console(stderr=True)
        self._lines: dict[str, _Line] = {}
        self._live: Any = None
        self._began = time.monotonic()

    def __enter__(self) -> Watcher:
        if self._console.is_terminal and not self._json:
            from rich.live import Live

            self._live = Live(console=self._console, auto_refresh=False)
            self._live.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._live:
            self._live.__exit__(kind, error, at)

    def found(self, discovery: Discovery) -> None:
        """The takes that will be looked through."""
        self._began = time.monotonic()
        for take in discovery.takes:
            self._lines[take.name] = _Line(take.name, take.footage.duration)
        seconds = sum(line.seconds for line in self._lines.values())
        if self._json:
            takes = [{"take": line.name, "seconds": line.seconds} for line in self._lines.values()]
            self._print({"event": "found", "takes": takes})
        elif not self._live:
            self._say(f"{len(self._lines)} takes, {seconds / 60:.0f} minutes")
        self.refresh()

    def heard(self, event: Event) -> None:
        """Something happened to a task."""
        line = self._lines.get(event.task.take)
        if line:
            line.stage = self._stage(event)
            line.looked |= event.task.kind == "analyse" and event.state in ("done", "failed")
            line.rendered += event.task.kind == "render" and event.state == "done"
        if self._json:
            task = event.task
            self._print(
                {
                    "event": event.state, "task": task.kind, "take": task.take,
                    "subject": task.subject, **({"why": event.why} if event.why else {}),
                }
            )  # fmt: skip
        elif not self._live and event.state != "begun":
            self._say(self._told(event))
        self.refresh()

    def refresh(self) -> None:
        """Draws the table anew."""
        if self._live:
            self._live.update(self._table(), refresh=True)

    def conclude(self, outcome: Outcome) -> None:
        """Says what became of all files."""
        from btsclip.shoot.outcome import outcome_json

        if self._json:
            self._print(outcome_json(outcome))
            return
        typer.echo(outcome.table(), nl=False)
        count = len(outcome.clips)
        if outcome.out is None:
            planned = sum(clip.enabled for clip in outcome.plan.clips) if outcome.plan else 0
            typer.echo(f"Dry run: {planned} clips would be made; nothing was written.")
        else:
            kept = f", {outcome.kept} of them there before" if outcome.kept else ""
            typer.echo(one_line(f"{count} clip{'' if count == 1 else 's'} in {outcome.out}{kept}"))
        for row in outcome.failed:
            typer.echo(one_line(f"btsclip: {row.file}: {row.why}"), err=True)

    def _stage(self, event: Event) -> str:
        if event.state == "begun":
            return STAGES[event.task.kind]
        if event.state == "done":
            return "done" if event.task.kind == "render" else "waiting"
        return event.state

    def _told(self, event: Event) -> str:
        what = {"analyse": "looked through", "plan": "planned", "render": "rendered"}
        done = sum(line.looked for line in self._lines.values())
        if event.state == "done":
            count = f" ({done} of {len(self._lines)})" if event.task.kind == "analyse" else ""
            return f"{what[event.task.kind]} {event.task.subject}{count}"
        if event.state == "lost":
            return f"{event.task.subject}: its process was ended; trying again"
        return f"{event.task.subject}: {event.why}"

    def _table(self) -> Table:
        from rich.table import Table
        from rich.text import Text

        table = Table("take", "length", "stage", "clips", title=self._title(), title_justify="left")
        lines = list(self._lines.values())
        busy = [line for line in lines if line.stage in STAGES.values()]
        rest = [line for line in lines if line not in busy][-ROWS:]
        for line in [*busy, *rest]:
            table.add_row(
                Text(one_line(line.name)), f"{line.seconds:.0f} s", line.stage, str(line.rendered)
            )
        if hidden := len(lines) - len(busy) - len(rest):
            table.add_row(Text(f"and {hidden} more", style="dim"), "", "", "")
        return table

    def _title(self) -> str:
        """How far it is, how fast, and how long it may still take."""
        looked = sum(line.seconds for line in self._lines.values() if line.looked)
        whole = sum(line.seconds for line in self._lines.values())
        passed = time.monotonic() - self._began
        if not looked or passed < 1:
            return f"{len(self._lines)} takes"
        speed = looked / passed
        left = (whole - looked) / speed
        rest = f"about {left / 60:.0f} min left to look through" if left > 30 else "nearly through"
        return f"{looked / 60:.0f} of {whole / 60:.0f} minutes looked through, {speed:.1f}x, {rest}"

    def _print(self, values: dict[str, Any]) -> None:
        typer.echo(json.dumps(values, ensure_ascii=False))

    def _say(self, text: str) -> None:
        typer.echo(one_line(text), err=True)
