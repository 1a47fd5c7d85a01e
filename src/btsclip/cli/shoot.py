"""`btsclip shoot`: what is noted of a shoot."""

from __future__ import annotations

import typer

from btsclip.cli import options, places, reporting, usage

app = typer.Typer(
    name="shoot",
    cls=usage.Group,
    no_args_is_help=True,
    help="Begin the notes on a shoot. Example: `btsclip shoot init saturday`",
)


@app.callback()
def _shoot() -> None:
    """With a callback the group keeps its name before its only command."""


@app.command(cls=usage.Verb, no_args_is_help=True)
@reporting.reports_errors
def init(shoot: options.ShootFolder, force: options.Force = False) -> None:
    """Write a shoot.toml into the folder from what lies there, for you to fill in.

    Example: `btsclip shoot init saturday`
    """
    from btsclip.takes.notes_template import write_notes_template

    places.shoot(shoot, "shoot init")
    notes = write_notes_template(shoot, force=force)
    reporting.warn("takes", notes.warnings)
    reporting.warn("left out", notes.failed)
    typer.echo(f"{notes.path}\nNow fill it in; every verb that cuts reads it by itself.")
    if notes.failed:
        raise typer.Exit(reporting.SOME_FAILED)
