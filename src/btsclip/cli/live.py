"""Progress of a batch: a live table in a terminal, plain lines elsewhere, or lines of JSON."""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import typer

from btsclip.cli.progress_lines import EVERY
from btsclip.cli.reporting import one_line
from btsclip.cli.take_table import BUSY, RETRYING, TakeProgress, take_table, update
from btsclip.wording import clock, count, estimate

if TYPE_CHECKING:
    from rich.console import RenderableType

    from btsclip.batch import Event, Outcome
    from btsclip.takes import Discovery

# Minimum seconds between two drawings: 500 takes are queued at once.
MIN_PAUSE = 0.1
# Takes that a line of progress names.
MAX_NAMES = 3


class Watcher:
    """Print the events of a batch: as a live table, as lines of text, or as lines of JSON."""

    def __init__(self, as_json: bool) -> None:
        from rich.console import Console

        self._json = as_json
        self._console = Console(stderr=True)
        self._takes: dict[str, TakeProgress] = {}
        self._live: Any = None
        self._forecast: Any = None
        self._events = 0
        self._drawn = time.monotonic()
        self._stderr = sys.stderr

    def __enter__(self) -> Watcher:
        if self._console.is_terminal and not self._json:
            from rich.live import Live

            self._live = Live(console=self._console, auto_refresh=False)
            self._live.__enter__()
            _redirect_log(self._stderr, sys.stderr)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._live:
            _redirect_log(sys.stderr, self._stderr)
            self._drawn = 0.0
            self.refresh()
            self._live.__exit__(kind, error, at)
            self._live = None

    def found(self, discovery: Discovery) -> None:
        """Start with the takes that will be analyzed."""
        from btsclip.batch import Forecast

        takes = discovery.takes
        self._takes = {t.name: TakeProgress(t.name, t.footage.duration) for t in takes}
        self._forecast = Forecast({take.name: take.footage.duration for take in takes})
        self._drawn = 0.0 if self._live else self._drawn
        if self._json:
            rows = [
                {"take": take.name, "file": str(take.footage.path),
                 "seconds": round(take.footage.duration, 3),
                 **({"warning": take.warning} if take.warning else {})}
                for take in takes
            ]  # fmt: skip
            self._print({"event": "found", "takes": rows})
        elif not self._live and takes:
            self._say(
                f"{count(len(takes), 'take')} of {clock(self._forecast.total_seconds)} in total"
            )
        if not self._json:
            for text in discovery.warnings:
                self._say(text)
        self.refresh()

    def heard(self, event: Event) -> None:
        """Report an event of a task."""
        self._forecast.update(event)
        take = self._takes.get(event.task.take)
        if take:
            if event.state != "queued":
                self._events += 1
                take.changed = self._events
            update(take, event)
        if self._json:
            self._print(_event_json(event))
        elif not self._live and event.state in ("done", "failed", "lost"):
            self._say(self._describe(event))
        self.refresh()

    def refresh(self) -> None:
        """Redraw the table or print a line of progress, unless that was done just now."""
        waited = time.monotonic() - self._drawn
        if self._live and self._forecast and waited > MIN_PAUSE:
            self._drawn = time.monotonic()
            self._live.update(self._drawing(), refresh=True)
        elif not self._live and not self._json and waited > EVERY:
            self._say(self._progress_line() if self._forecast else "looking for takes")

    def say(self, event: str, text: str, **values: Any) -> None:
        """Print something that belongs to no task: a line of text, or a JSON event of `values`."""
        if self._json:
            self._print({"event": event, **values})
        else:
            self._say(text)

    def conclude(self, outcome: Outcome, all_files: bool = True) -> None:
        """Print the result for every file, or only the totals and the failures."""
        from btsclip.batch import outcome_json, report
        from btsclip.cli import tables

        if self._json:
            self._print(outcome_json(outcome))
            return
        if outcome.out is None and outcome.plan:
            tables.print_clips(outcome.plan, written=False)
        if all_files:
            typer.echo(report.files_table(outcome), nl=False)
        if outcome.out is None:
            planned = sum(clip.enabled for clip in outcome.plan.clips) if outcome.plan else 0
            clips = count(planned, "clip")
            typer.echo(f"Dry run: {clips} would be made; nothing was written.")
        else:
            typer.echo(one_line(f"{report.summary(outcome)}; in {_short_path(outcome.out)}"))
        if outcome.plan and outcome.out is not None:
            tables.print_text_hint(outcome.plan)
        if outcome.faults:
            tables.print_faults(outcome)

    def _describe(self, event: Event) -> str:
        """What happened to a task, in a few words."""
        task = event.task
        if event.state == "lost":
            return f"{task.subject}: its process was killed; {RETRYING}"
        if event.state == "failed":
            return f"{task.subject}: failed: {event.why}"
        left = self._forecast.remaining()
        remaining = f", about {estimate(left)} left" if left else ""
        if task.kind == "analyse":
            done = sum(take.stage != "waiting" for take in self._takes.values())
            return f"analyzed {task.subject} (take {done} of {len(self._takes)}{remaining})"
        if task.kind == "render":
            done, known = self._forecast.clip_counts
            return f"rendered {task.subject} (clip {done} of {known} so far{remaining})"
        return f"planned {task.subject}"

    def _drawing(self) -> RenderableType:
        from rich.console import Group
        from rich.text import Text

        title = Text(self._title(), style="bold", no_wrap=True, overflow="ellipsis")
        return Group(title, take_table(self._takes.values(), self._console.size))

    def _title(self) -> str:
        """The progress, the speed and the time left."""
        forecast = self._forecast
        done, known = forecast.clip_counts
        left, speed = forecast.remaining(), forecast.speed()
        parts = [f"about {estimate(left)} left"] if left else []
        parts += [f"{clock(forecast.analyzed_seconds)} of {clock(forecast.total_seconds)} analyzed"]
        parts += [f"{done} of {known} clips rendered"] if known else []
        failed = sum(take.stage == "failed" for take in self._takes.values())
        parts += [f"{failed} failed"] if failed else []
        parts += [f"{speed:.1f}x"] if speed else []
        return ", ".join(parts)

    def _print(self, values: dict[str, Any]) -> None:
        typer.echo(json.dumps(values, ensure_ascii=False))

    def _say(self, text: str) -> None:
        self._drawn = time.monotonic()
        typer.echo(one_line(text), err=True)

    def _progress_line(self) -> str:
        """The takes in progress, and the progress of the whole batch."""
        busy = [
            f"{take.name}: {take.stage}"
            for take in self._takes.values()
            if take.stage in BUSY.values()
        ]
        return "; ".join([*busy[:MAX_NAMES], self._title()])


def _short_path(folder: Path) -> Path:
    """`folder` relative to the current folder, if it lies below it."""
    current = Path.cwd()
    return folder.relative_to(current) if current in folder.parents else folder


def _event_json(event: Event) -> dict[str, Any]:
    task = event.task
    values = {"event": event.state, "task": task.kind, "take": task.take, "subject": task.subject}
    return {**values, "why": event.why} if event.why else values


def _redirect_log(source: Any, target: Any) -> None:
    """Send log records from one stream to another, so that they print above the live table."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream is source:
            handler.setStream(target)
