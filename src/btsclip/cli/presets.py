"""`btsclip presets`: list, check, preview and create presets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from btsclip.cli import options, places, reporting, usage

if TYPE_CHECKING:
    from btsclip.presets import Preset

app = typer.Typer(
    name="presets",
    cls=usage.Group,
    no_args_is_help=True,
    help="List, show, check, preview and create presets.",
    epilog="Example: `btsclip presets list`",
)

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        parser=places.preset,
        help="A preset's name or TOML file. Example: `bakery-slow`",
    ),
]
OwnBrand = Annotated[
    Path | None,
    typer.Option(
        "--brand",
        parser=places.brand,
        metavar="FILE",
        help="Your colors, font, logo and name, over the preset. Example: `--brand brand.toml`",
    ),
]


@app.command("list", cls=usage.Verb)
@reporting.reports_errors
def list_presets(as_json: options.Json = False) -> None:
    """List all presets with their purpose and location.

    Example: `btsclip presets list`
    """
    from btsclip.cli import tables
    from btsclip.presets import list_presets

    presets = list_presets()
    if as_json:
        reporting.print_json(
            [{"name": p.name, "description": p.description, "path": str(p.path)} for p in presets]
        )
    else:
        tables.print_presets(presets)


@app.command(cls=usage.Verb, no_args_is_help=True)
@reporting.reports_errors
def show(name: Name) -> None:
    """Print a preset with all of its keys, including those it extends.

    Example: `btsclip presets show bakery-slow`
    """
    from btsclip.presets import load_preset, resolved_toml

    typer.echo(resolved_toml(load_preset(name)), nl=False)


@app.command(cls=usage.Verb, no_args_is_help=True)
@reporting.reports_errors
def check(name: Name, brand: OwnBrand = None, font: options.FontFile = None) -> None:
    """Check a preset, alone or with your brand, and list its mistakes with their line numbers.

    Example: `btsclip presets check mine.toml`
    """
    from btsclip.captions import undrawable
    from btsclip.planning import load_look
    from btsclip.presets import find_faults, find_preset

    reporting.add_font(font)
    file = find_preset(name)
    mistakes = find_faults(file) or undrawable(file)
    for mistake in mistakes:
        typer.echo(f"btsclip: {reporting.one_line(str(mistake))}", err=True)
    if mistakes:
        raise typer.Exit(1)
    if brand:
        check_look(load_look(name, brand), brand)
    typer.echo(f"{brand or file}: no mistakes")


@app.command(cls=usage.Verb, no_args_is_help=True)
@reporting.reports_errors
def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the new preset. Example: `mine`")
    ],
    base: Annotated[
        str,
        typer.Option(
            "--from", metavar="NAME", help="Preset to start from. Example: `--from bakery-slow`"
        ),
    ] = options.DEFAULT_PRESET,
    force: options.Force = False,
) -> None:
    """Create a preset of your own that extends another preset.

    Example: `btsclip presets new mine --from bakery-slow`
    """
    from btsclip.presets import create_preset

    path = create_preset(name, base, force=force)
    typer.echo(f"{path}\nEdit it, then: btsclip presets preview {path.stem}")


@app.command(cls=usage.Verb)
@reporting.reports_errors
def schema() -> None:
    """Print the JSON Schema of presets, for editors that complete and check TOML.

    Example: `btsclip presets schema > preset.schema.json`
    """
    from btsclip.presets import json_schema

    reporting.print_json(json_schema())


@app.command(cls=usage.Verb, no_args_is_help=True)
@reporting.reports_errors
def preview(
    name: Name,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="PNG",
            help="The picture. Default: NAME.png in the current folder. Example: `-o look.png`",
        ),
    ] = None,
    footage: Annotated[
        Path | None,
        typer.Option(
            "--footage",
            metavar="FILE",
            help="Draw on a picture of this take. Example: `--footage dough.mp4`",
        ),
    ] = None,
    brand: OwnBrand = None,
    font: options.FontFile = None,
    force: options.Force = False,
) -> None:
    """Draw a preset on a picture, with the area that the platforms' buttons leave free.

    Example: `btsclip presets preview bakery-slow -o look.png`
    """
    from btsclip.planning import load_look
    from btsclip.render import render_preview as draw

    reporting.add_font(font)
    preset = load_look(name, brand)
    if brand:
        check_look(preset, brand)
    target = out or Path(f"{preset.name}.png")
    draw(preset, target, footage=footage, force=force)
    typer.echo(f"Picture: {target}", err=True)


def check_look(preset: Preset, brand: Path) -> None:
    """Print warnings about the preset in that brand. Raises CaptionError if it can't be drawn."""
    from btsclip.captions import check_preset, look_warnings

    check_preset(preset)
    reporting.warn(str(brand), look_warnings(preset, None))
