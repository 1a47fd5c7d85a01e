"""`btsclip export`: a plan in, timelines for an editing program out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, get_args

import typer

from btsclip.cli import options, places, reporting, values
from btsclip.exchange.forms import PROGRAMS, Form


@reporting.reports_errors
def export(
    plan: Annotated[
        Path,
        typer.Argument(
            metavar="PLAN", help="A plan, or the folder that holds it. Example: `kitchen-clips`"
        ),
    ],
    to: Annotated[
        Form,
        typer.Option(
            "--to",
            parser=values.choice(lambda: get_args(Form), PROGRAMS),
            help="The editing program or format; see docs/export.md. Example: `--to edl`",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="FILE",
            help="The file, or a folder for formats that take a file a clip; without it the folder "
            "edit beside the plan. Example: `-o dough.fcpxml`",
        ),
    ] = None,
    relative: Annotated[
        bool,
        typer.Option(
            "--relative",
            help="Name the takes as seen from the file, not from the disk's root, so that a folder "
            "can be moved. Example: `--to otio --relative`",
        ),
    ] = False,
    clip: Annotated[
        list[str] | None,
        typer.Option(
            "--clip",
            metavar="ID",
            help="Only this clip; may be given several times. Example: `--clip dough-1`",
        ),
    ] = None,
    as_json: options.Json = False,
    force: options.Force = False,
) -> None:
    """Hand the clips of a plan over to an editing program, cut on the original takes.

    Example: `btsclip export clips/plan.json --to resolve`
    """
    from btsclip.exchange.export import export_json, export_plan

    plan = places.plan(plan, "export")
    handed = export_plan(plan, to, out, relative=relative, only=clip or (), force=force)
    for name, notes in handed.notes:
        reporting.warn(f"clip {name}", notes)
    if as_json:
        reporting.print_json(export_json(handed))
    else:
        for file in handed.files:
            typer.echo(reporting.one_line(str(file)))
