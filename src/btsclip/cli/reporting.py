"""Output of every verb: errors as one line with the right exit code, and progress on stderr."""

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

    from btsclip.media import Footage
    from btsclip.plan import Clip
    from btsclip.render import RenderedClip

Arguments = ParamSpec("Arguments")
# The exit code when some files of several failed.
SOME_FAILED = 4


@dataclass
class Settings:
    """The options that come before the verb."""

    verbose: bool = False
    debug: bool = False


settings = Settings()


def reports_errors(verb: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Turn errors of `verb` into one line on stderr and an exit code."""

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
            # `usage.Verb` prints it and points to the help page.
            raise
        except BtsclipError as error:
            if settings.debug:
                raise
            typer.echo(f"btsclip: {one_line(str(error))}", err=True)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            typer.echo("btsclip: interrupted; no partial files were left", err=True)
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # Whoever read our output has closed it: stop without a message.
            sys.stderr.close()
            raise typer.Exit(1) from None
        except OSError as error:
            # An error of the system that we did not foresee has its own words.
            if settings.debug:
                raise
            text = f"{error.filename or verb.__name__}: {error.strerror or error}"
            typer.echo(f"btsclip: {one_line(text)}", err=True)
            raise typer.Exit(1) from None

    return wrapped


def one_line(text: str) -> str:
    """`text` without line breaks and control characters, which file names may contain."""
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.splitlines()))


def warn(subject: str, warnings: Iterable[str]) -> None:
    """Print each warning as a line on stderr."""
    for warning in warnings:
        typer.echo(one_line(f"btsclip: {subject}: {warning}"), err=True)


def warn_about_clips(clips: Iterable[Clip]) -> None:
    """Print the warnings of clips on stderr."""
    for clip in clips:
        warn(f"clip {clip.id}", clip.warnings)


def warn_about_results(clips: Iterable[Clip], rendered: Iterable[RenderedClip]) -> None:
    """Print the warnings of planned clips on stderr, with those that came up in rendering."""
    finished = {files.clip.id: files.clip for files in rendered}
    warn_about_clips(finished.get(clip.id, clip) for clip in clips)


def leave_page(plan: Path | None) -> None:
    """Write the page of the results beside `plan`; nothing for None, as after a dry run."""
    if plan:
        from btsclip.review import write_page

        write_page(plan)


def add_font(path: Path | None) -> None:
    """Add the user's font, if any. Warns if only its default weight can be drawn."""
    if path is None:
        return
    from btsclip.captions import use_font

    added = use_font(path)
    if added.variable:
        warn(str(path), [f"{added.family} is a variable font; its default weight is drawn"])


def print_json(value: Any) -> None:
    """Print `value` as JSON on stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


class Progress:
    """Report progress on stderr, for each take and each clip."""

    def __init__(self, update: Callable[[str, float], None]) -> None:
        self._update = update

    def analysis(self, footage: Footage, share: float) -> None:
        """Report the share (0..1) of `footage` that has been analyzed."""
        self._update(one_line(f"analyzing {footage.path.name}"), share)

    def rendering(self, clip: Clip, share: float) -> None:
        """Report the share (0..1) of `clip` that has been rendered."""
        self._update(one_line(f"rendering {clip.id}"), share)

    def step(self, name: str, share: float) -> None:
        """Report the share (0..1) of the step `name` that is done."""
        self._update(one_line(name), share)


@contextmanager
def progress() -> Iterator[Progress]:
    """Show progress while the block runs: bars in a terminal, otherwise a line now and then."""
    from rich.console import Console

    console = Console(stderr=True)
    with _bars(console) if console.is_terminal else progress_lines() as update:
        yield Progress(update)


@contextmanager
def _bars(console: Console) -> Iterator[Callable[[str, float], None]]:
    """Show a bar for each step, with the time left."""
    from rich import progress as bars

    tasks: dict[str, bars.TaskID] = {}
    columns = [
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(),
        bars.TaskProgressColumn(),
        bars.TimeRemainingColumn(elapsed_when_finished=True),
    ]
    with bars.Progress(*columns, console=console) as display:

        def update(name: str, share: float) -> None:
            if name not in tasks:
                tasks[name] = display.add_task(name, total=1.0)
            display.update(tasks[name], completed=share)

        yield update
