"""What every verb shares: errors as one line with the right exit code, and progress on stderr."""

from __future__ import annotations

import functools
import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec

import typer

from btsclip.cli import INTERRUPTED
from btsclip.cli.progress_lines import progress_lines
from btsclip.errors import BtsclipError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from btsclip.media.probe import Footage
    from btsclip.plan.model import Clip

Arguments = ParamSpec("Arguments")
SOME_FAILED = 4


@dataclass
class Settings:
    """The options that stand before the verb."""

    verbose: bool = False
    debug: bool = False


settings = Settings()


def reports_errors(verb: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Turns what can go wrong in `verb` into one line on stderr and an exit code."""

    @functools.wraps(verb)
    def wrapped(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        logging.basicConfig(
            level=logging.DEBUG if settings.verbose else logging.WARNING,
            format="%(name)s: %(message)s",
        )
        for chatty in ("libav", "PIL", "moviepy", "fontTools", "numba"):
            logging.getLogger(chatty).setLevel(logging.CRITICAL)
        try:
            verb(*args, **kwargs)
        except UsageError:
            # The verb adds where to read how it is used.
            raise
        except BtsclipError as error:
            if settings.debug:
                raise
            typer.echo(f"btsclip: {one_line(str(error))}", err=True)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            typer.echo("btsclip: interrupted; nothing partial was left", err=True)
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # The reader of our output has gone; so do we, quietly.
            sys.stderr.close()
            raise typer.Exit(1) from None
        except OSError as error:
            # The system refused something that we did not foresee: it says itself what.
            if settings.debug:
                raise
            said = f"{error.filename or verb.__name__}: {error.strerror or error}"
            typer.echo(f"btsclip: {one_line(said)}", err=True)
            raise typer.Exit(1) from None

    return wrapped


def one_line(text: str) -> str:
    """`text` without line breaks or other control characters, which file names may hold."""
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.splitlines()))


def warn(subject: str, warnings: Iterable[str]) -> None:
    """What went less well than asked, one line each on stderr."""
    for warning in warnings:
        typer.echo(one_line(f"btsclip: {subject}: {warning}"), err=True)


def leave_page(plan: Path | None) -> None:
    """Writes the page that shows the results of the plan at `plan`; nothing after a dry run."""
    if plan:
        from btsclip.review.report import write_page

        write_page(plan)


def add_font(path: Path | None) -> None:
    """Adds the user's font, if there is one; says so when only its default weight is drawn."""
    if path is None:
        return
    from btsclip.captions import use_font

    added = use_font(path)
    if added.variable:
        said = f"{path}: {added.family} is a variable font; its default weight is drawn"
        typer.echo(f"btsclip: {one_line(said)}", err=True)


def print_json(value: Any) -> None:
    """`value` as JSON on stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


class Progress:
    """How far the work is, on stderr: of each take that is looked at and each clip."""

    def __init__(self, update: Callable[[str, float], None]) -> None:
        self._update = update

    def analysis(self, footage: Footage, share: float) -> None:
        """Share (0..1) of `footage` that has been looked at."""
        self._update(one_line(f"looking at {footage.path.name}"), share)

    def rendering(self, clip: Clip, share: float) -> None:
        """Share (0..1) of `clip` that has been rendered."""
        self._update(one_line(f"rendering {clip.id}"), share)

    def step(self, name: str, share: float) -> None:
        """Share (0..1) of the step `name` that is done."""
        self._update(one_line(name), share)


@contextmanager
def progress() -> Iterator[Progress]:
    """Shows progress while the block runs: bars in a terminal, else a line every few seconds."""
    from rich.console import Console

    console = Console(stderr=True)
    with _bars(console) if console.is_terminal else progress_lines() as update:
        yield Progress(update)


@contextmanager
def _bars(console: Console) -> Iterator[Callable[[str, float], None]]:
    """A bar for each step, with the time left."""
    from rich import progress as bars

    tasks: dict[str, bars.TaskID] = {}
    columns = [
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(),
        bars.TaskProgressColumn(),
        bars.TimeRemainingColumn(elapsed_when_finished=True),
    ]
    with bars.Progress(*columns, console=console) as shown:

        def update(name: str, share: float) -> None:
            if name not in tasks:
                tasks[name] = shown.add_task(name, total=1.0)
            shown.update(tasks[name], completed=share)

        yield update
