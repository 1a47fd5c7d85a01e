"""`btsclip watch`: cut takes as they arrive."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from btsclip import limits
from btsclip.cli import option_groups, options, places, reporting, values
from btsclip.cli.batch import exit_code
from btsclip.wording import first_few

if TYPE_CHECKING:
    from btsclip.batch import Outcome, WatchEvent
    from btsclip.cli.live import Watcher
    from btsclip.errors import BtsclipError

# File names that one message lists.
MAX_NAMES = 3


@option_groups.expand
@reporting.reports_errors
def watch(
    shoot: options.ShootFolder,
    out: options.ShootOut = None,
    preset: options.PresetName = options.DEFAULT_PRESET,
    top: options.Top = None,
    *,
    clips: option_groups.ClipOptions,
    words: option_groups.WordOptions,
    look: option_groups.LookOptions,
    sound: option_groups.SoundOptions,
    jobs: options.Jobs = None,
    rest: Annotated[
        float,
        typer.Option(
            "--rest",
            parser=values.decimal(limits.REST_SECONDS),
            metavar="S",
            help="Seconds a file must stay unchanged before it counts as complete. "
            "Example: `--rest 30`",
        ),
    ] = 5.0,
    once_idle: Annotated[
        float | None,
        typer.Option(
            "--once-idle",
            parser=values.decimal(limits.IDLE_SECONDS),
            metavar="S",
            help="Stop when no file has arrived for S seconds. Example: `--once-idle 600`",
        ),
    ] = None,
    encoder: options.Encoder = options.DEFAULT_ENCODER,
    as_json: options.Events = False,
) -> None:
    """Watch a folder and cut each new take as soon as it has been fully copied.

    Press Ctrl-C to stop. Example: `btsclip watch saturday --once-idle 600`
    """
    from btsclip.batch import BatchOptions, ExecutionOptions, run_batch, watch as work
    from btsclip.cli.live import Watcher
    from btsclip.planning import branded, takes_near
    from btsclip.render import encoders
    from btsclip.takes import RESULTS_FOLDER

    target = shoot / RESULTS_FOLDER if out is None else out
    request = option_groups.clip_request(clips, words, look, sound)
    places.shoot(shoot, "watch")
    # Report mistakes now, not when the first take arrives.
    branded(preset, request, takes_near(shoot, target))
    encoders.choose_encoder(encoder)
    reporting.add_font(look.font)
    watcher = Watcher(as_json)

    def run(complete: Collection[Path] | None) -> Outcome:
        with watcher:
            return run_batch(
                shoot,
                target,
                preset,
                request,
                BatchOptions(top, encoder),
                ExecutionOptions(jobs, font=look.font),
                wait=True,
                only=complete,
                on_discovery=watcher.found,
                on_event=watcher.heard,
                on_idle=watcher.refresh,
            )

    text = f"watching {shoot}; press Ctrl-C to stop"
    watcher.say("watching", text, shoot=str(shoot), out=str(target))
    last: Outcome | BtsclipError | None = None
    for event in work.watch(shoot, target, run, rest=rest, once_idle=once_idle):
        _print_event(watcher, event)
        if isinstance(event, work.Finished):
            last = event.outcome
    if code := _exit_code(last):
        raise typer.Exit(code)


def _print_event(watcher: Watcher, event: WatchEvent) -> None:
    """Print what happened in the folder."""
    from btsclip.batch import Arrived, Incomplete

    if isinstance(event, Incomplete):
        text = f"{event.path.name}: {event.why}; waiting for the rest of it"
        watcher.say("waiting", text, file=str(event.path), why=event.why)
    elif isinstance(event, Arrived):
        names = first_few([path.name for path in event.paths], MAX_NAMES)
        files = [str(path) for path in event.paths]
        watcher.say("arrived", f"arrived: {names}", files=files)
    elif isinstance(event.outcome, Exception):
        watcher.say("nothing", f"btsclip: {event.outcome}", why=str(event.outcome))
    else:
        watcher.conclude(event.outcome, all_files=False)


def _exit_code(last: Outcome | BtsclipError | None) -> int:
    """The exit code of the last run."""
    if last is None:
        return 0
    return last.exit_code if isinstance(last, Exception) else exit_code(last)
