"""`btsclip presets`: what looks there are, and making one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from btsclip.cli import options, places, reporting, usage

app = typer.Typer(
    name="presets",
    cls=usage.Group,
    no_args_is_help=True,
    help="List, show, check, make and preview presets. Example: `btsclip presets list`",
)

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        parser=places.preset,
        help="A preset's name or file. Example: `bakery-slow`",
    ),
]


@app.command("list", cls=usage.Verb)
@reporting.reports_errors
def list_presets(as_json: options.Json = False) -> None:
    """List all presets: what they are for and where they lie.

    Example: `btsclip presets list`
    """
    from btsclip.cli import tables
    from btsclip.presets.load import list_presets

    found = list_presets()
    if as_json:
        reporting.print_json(
            [{"name": f.name, "description": f.description, "path": str(f.path)} for f in found]
        )
    else:
        tables.print_presets(found)


@app.command(cls=usage.Verb, no_args_is_help=True)
@reporting.reports_errors
def show(name: Name) -> None:
    """Print a preset with all of its keys, also those it takes from another one.

    Example: `btsclip presets show bakery-slow`
    """
    from btsclip.presets.load import load_preset
    from btsclip.presets.write import resolved_toml

    typer.echo(resolved_toml(load_preset(name)), nl=False)


@app.command(cls=usage.Verb, no_args_is_help=True)
@reporting.reports_errors
def check(name: Name, font: options.OwnFont = None) -> None:
    """Check a preset and name all that is wrong in it, with its lines.

    Example: `btsclip presets check mine.toml`
    """
    from btsclip.captions import undrawable
    from btsclip.presets.load import find_faults, find_preset

    reporting.add_font(font)
    file = find_preset(name)
    found = find_faults(file) or undrawable(file)
    for fault in found:
        typer.echo(f"btsclip: {reporting.one_line(str(fault))}", err=True)
    if found:
        raise typer.Exit(1)
    typer.echo(f"{file}: in order")


@app.command(cls=usage.Verb, no_args_is_help=True)
@reporting.reports_errors
def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The new preset's name. Example: `mine`")
    ],
    base: Annotated[
        str,
        typer.Option(
            "--from", metavar="NAME", help="The preset to begin with. Example: `--from bakery-slow`"
        ),
    ] = options.DEFAULT_PRESET,
    force: options.Force = False,
) -> None:
    """Begin a preset of your own, among your settings, that changes another one.

    Example: `btsclip presets new mine --from bakery-slow`
    """
    from btsclip.presets.load import create_preset

    path = create_preset(name, base, force=force)
    typer.echo(f"{path}\nNow edit it, then: btsclip presets preview {path.stem}")


@app.command(cls=usage.Verb)
@reporting.reports_errors
def schema() -> None:
    """Print the JSON Schema of presets, with which editors complete and check them.

    Example: `btsclip presets schema > preset.schema.json`
    """
    from btsclip.presets.write import json_schema

    reporting.print_json(json_schema())


@app.command(cls=usage.Verb, no_args_is_help=True)
@reporting.reports_errors
def preview(
    name: Name,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="PNG", help="The picture. Example: `-o look.png`"),
    ] = None,
    footage: Annotated[
        Path | None,
        typer.Option(
            "--footage",
            metavar="FILE",
            help="Draw it on a picture of this take. Example: `--footage dough.mp4`",
        ),
    ] = None,
    font: options.OwnFont = None,
    force: options.Force = False,
) -> None:
    """Draw a preset on a picture, with the box that the platform's buttons leave free.

    Example: `btsclip presets preview bakery-slow -o look.png`
    """
    from btsclip.presets.load import load_preset
    from btsclip.render.preview import render_preview as draw

    reporting.add_font(font)
    look = load_preset(name)
    target = out or Path(f"{look.name}.png")
    draw(look, target, footage=footage, force=force)
    typer.echo(f"Picture: {target}", err=True)
