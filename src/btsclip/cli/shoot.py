"""`btsclip shoot`: start the notes on a shoot."""

from __future__ import annotations

import typer

from btsclip.cli import options, places, reporting, usage

app = typer.Typer(
    name="shoot",
    cls=usage.Group,
    no_args_is_help=True,
    help="Start the notes on a shoot.",
    epilog="Example: `btsclip shoot init saturday`",
)


@app.callback()
def _shoot() -> None:
    """Keep the name of the only command: without a callback, Typer would drop it."""


@app.command(cls=usage.Verb, no_args_is_help=True)
@reporting.reports_errors
def init(shoot: options.ShootFolder, force: options.Force = False) -> None:
    """Write a shoot.toml with the takes of a folder, for you to fill in.

    Example: `btsclip shoot init saturday`
    """
    from btsclip.takes import write_notes_template

    places.shoot(shoot, "shoot init")
    notes = write_notes_template(shoot, force=force)
    reporting.warn("takes", notes.warnings)
    reporting.warn("left out", notes.failed)
    typer.echo(f"{notes.path}\nFill it in. Every verb that cuts reads it automatically.")
    if notes.failed:
        raise typer.Exit(reporting.SOME_FAILED)
