"""How a batch is going: a live table in a terminal, plain lines elsewhere, or lines of JSON."""

from __future__ import annotations

import json
import logging
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import typer

from btsclip.cli.progress_lines import EVERY
from btsclip.cli.reporting import one_line

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from btsclip.batch.outcome import Outcome
    from btsclip.batch.scheduler import Event
    from btsclip.takes.discover import Discovery

# Stages of a take in the table, with how they are drawn.
STYLES = {"failed": "bold red", "done": "green", "waiting": "dim", "nothing in it": "dim"}
BUSY = {"analyse": "looking", "plan": "planning", "render": "rendering"}
# Lines that the live table leaves for the prompt, its head and its title; rows it always has.
AROUND, LEAST_ROWS = 7, 3
# Least seconds between two drawings: 500 takes are queued at once.
BETWEEN = 0.1
# Takes that a line of progress names.
NAMED = 3


@dataclass
class _Line:
    """One take: what is being done or has become of it, and its clips."""

    name: str
    seconds: float
    stage: str = "waiting"
    queued: int = 0
    rendered: int = 0
    why: str = ""
    # When it last changed, as a number that counts on.
    at: int = 0


def _seen_from_here(folder: Path) -> Path:
    """`folder` as short as a user would type it."""
    here = Path.cwd()
    return folder.relative_to(here) if here in folder.parents else folder


class Watcher:
    """Hears what happens to a batch and shows it."""

    def __init__(self, as_json: bool) -> None:
        from rich.console import Console

        self._json = as_json
        self._console = Console(stderr=True)
        self._lines: dict[str, _Line] = {}
        self._live: Any = None
        self._forecast: Any = None
        self._heard = 0
        self._drawn = time.monotonic()
        self._stderr = sys.stderr

    def __enter__(self) -> Watcher:
        if self._console.is_terminal and not self._json:
            from rich.live import Live

            self._live = Live(console=self._console, auto_refresh=False)
            self._live.__enter__()
            _log_to(self._stderr, sys.stderr)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._live:
            _log_to(sys.stderr, self._stderr)
            self._drawn = 0.0
            self.refresh()
            self._live.__exit__(kind, error, at)
            self._live = None

    def found(self, discovery: Discovery) -> None:
        """The takes that will be looked through."""
        from btsclip.batch.progress import Forecast

        takes = discovery.takes
        self._lines = {take.name: _Line(take.name, take.footage.duration) for take in takes}
        self._forecast = Forecast({line.name: line.seconds for line in self._lines.values()})
        self._drawn = 0.0 if self._live else self._drawn
        if self._json:
            rows = [
                {"take": take.name, "file": str(take.footage.path),
                 "seconds": round(take.footage.duration, 3),
                 **({"warning": take.warning} if take.warning else {})}
                for take in takes
            ]  # fmt: skip
            self._print({"event": "found", "takes": rows})
        elif not self._live:
            from btsclip.batch.report import clock, count

            if takes:
                self._say(f"{count(len(takes), 'take')} of {clock(self._forecast.whole)} in all")
        if not self._json:
            for text in discovery.warnings:
                self._say(text)
        self.refresh()

    def heard(self, event: Event) -> None:
        """Something happened to a task."""
        self._forecast.heard(event)
        line = self._lines.get(event.task.take)
        if line:
            if event.state != "queued":
                self._heard += 1
                line.at = self._heard
            _note(line, event)
        if self._json:
            self._print(_event_json(event))
        elif not self._live and event.state in ("done", "failed", "lost"):
            self._say(self._told(event))
        self.refresh()

    def refresh(self) -> None:
        """Draws the table again, or says how far it is, if that was not done just now."""
        waited = time.monotonic() - self._drawn
        if self._live and self._forecast and waited > BETWEEN:
            self._drawn = time.monotonic()
            self._live.update(self._picture(), refresh=True)
        elif not self._live and not self._json and waited > EVERY:
            self._say(self._work_in_progress() if self._forecast else "looking for takes")

    def say(self, event: str, text: str, **values: Any) -> None:
        """Something that is no task's: a line of text, or an event of JSON with `values`."""
        if self._json:
            self._print({"event": event, **values})
        else:
            self._say(text)

    def conclude(self, outcome: Outcome, all_files: bool = True) -> None:
        """Says what became of all files, or only the totals and what failed."""
        from btsclip.batch import report
        from btsclip.batch.outcome import outcome_json
        from btsclip.cli import tables

        if self._json:
            self._print(outcome_json(outcome))
            return
        if outcome.out is None and outcome.plan:
            tables.print_clips(outcome.plan)
        if all_files:
            typer.echo(report.files_table(outcome), nl=False)
        if outcome.out is None:
            planned = sum(clip.enabled for clip in outcome.plan.clips) if outcome.plan else 0
            clips = report.count(planned, "clip")
            typer.echo(f"Dry run: {clips} would be made; nothing was written.")
        else:
            typer.echo(one_line(f"{report.summary(outcome)}; in {_seen_from_here(outcome.out)}"))
        if outcome.faults:
            tables.print_faults(outcome)

    def _told(self, event: Event) -> str:
        from btsclip.batch.progress import coarse_duration

        task = event.task
        if event.state == "lost":
            return f"{task.subject}: its process was ended; trying again"
        if event.state == "failed":
            return f"{task.subject}: failed: {event.why}"
        left = self._forecast.left()
        rest = f", about {coarse_duration(left)} left" if left else ""
        if task.kind == "analyse":
            done = sum(line.stage != "waiting" for line in self._lines.values())
            return f"looked through {task.subject} (take {done} of {len(self._lines)}{rest})"
        if task.kind == "render":
            done, known = self._forecast.rendered
            return f"rendered {task.subject} (clip {done} of {known} so far{rest})"
        return f"planned {task.subject}"

    def _picture(self) -> RenderableType:
        from rich.console import Group
        from rich.text import Text

        title = Text(self._title(), style="bold", no_wrap=True, overflow="ellipsis")
        return Group(title, self._table())

    def _table(self) -> Table:
        """The takes being worked on, then the failed ones, then the latest others."""
        from rich.table import Table
        from rich.text import Text

        wide = self._console.width >= 50
        share = max(8, (self._console.width - (26 if wide else 15)) // 2)
        table = Table()
        # The figures keep their room; names and reasons share what is left.
        table.add_column("take", no_wrap=True, overflow="ellipsis", max_width=share)
        table.add_column("stage", no_wrap=True, overflow="ellipsis", max_width=share)
        if wide:
            table.add_column("length", justify="right", no_wrap=True, min_width=7)
        table.add_column("clips", justify="right", no_wrap=True, min_width=5)
        room = max(LEAST_ROWS, self._console.height - AROUND)
        lines = sorted(self._lines.values(), key=_urgency)
        for line in lines[:room]:
            stage = Text(one_line(f"{line.stage}: {line.why}" if line.why else line.stage))
            stage.stylize(STYLES.get(line.stage, "bold"))
            clips = f"{line.rendered}/{line.queued}" if line.queued else ""
            length = [_clock(line.seconds)] if wide else []
            table.add_row(Text(one_line(line.name)), stage, *length, clips)
        if len(lines) > room:
            table.add_row(Text(f"and {len(lines) - room} more", style="dim"))
        return table

    def _title(self) -> str:
        """How far it is, how fast, and how long it may still take."""
        from btsclip.batch.progress import coarse_duration

        forecast = self._forecast
        done, known = forecast.rendered
        left, speed = forecast.left(), forecast.speed()
        said = [f"about {coarse_duration(left)} left"] if left else []
        said += [f"{_clock(forecast.looked)} of {_clock(forecast.whole)} looked through"]
        said += [f"{done} of {known} clips rendered"] if known else []
        failed = sum(line.stage == "failed" for line in self._lines.values())
        said += [f"{failed} failed"] if failed else []
        said += [f"{speed:.1f}x"] if speed else []
        return ", ".join(said)

    def _print(self, values: dict[str, Any]) -> None:
        typer.echo(json.dumps(values, ensure_ascii=False))

    def _say(self, text: str) -> None:
        self._drawn = time.monotonic()
        typer.echo(one_line(text), err=True)

    def _work_in_progress(self) -> str:
        """What is being done, and how far all of it is."""
        busy = [
            f"{line.name}: {line.stage}"
            for line in self._lines.values()
            if line.stage in BUSY.values()
        ]
        return "; ".join([*busy[:NAMED], self._title()])


def _note(line: _Line, event: Event) -> None:
    """Puts into the take's line what happened."""
    kind = event.task.kind
    rendering = kind == "render"
    line.queued += rendering and event.state == "queued"
    line.rendered += rendering and event.state == "done"
    if event.state == "failed":
        line.stage, line.why = "failed", getattr(event.error, "cause", event.why)
    elif line.stage == "failed":
        return
    elif event.state == "begun":
        line.stage = BUSY.get(kind, kind)
    elif event.state == "lost":
        line.stage = "trying again"
    elif event.state == "done":
        # After a look without a plan queued there was nothing in it; after that, `queued` is heard.
        through = line.rendered == line.queued
        line.stage = {"analyse": "nothing in it", "plan": "done"}.get(kind, "waiting")
        line.stage = "done" if rendering and through else line.stage
    elif event.state == "queued" and kind != "analyse":
        line.stage = "waiting"


def _urgency(line: _Line) -> tuple[int, int]:
    """Takes being worked on first, in an order that stays, then failed ones, then the latest."""
    if line.stage in (*BUSY.values(), "trying again"):
        return 0, 0
    return (1, 0) if line.stage == "failed" else (2, -line.at)


def _event_json(event: Event) -> dict[str, Any]:
    task = event.task
    values = {"event": event.state, "task": task.kind, "take": task.take, "subject": task.subject}
    return {**values, "why": event.why} if event.why else values


def _clock(seconds: float) -> str:
    from btsclip.batch.report import clock

    return clock(seconds)


def _log_to(before: Any, after: Any) -> None:
    """Has what is logged on one stream go to another: above the live table, not through it."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream is before:
            handler.setStream(after)
