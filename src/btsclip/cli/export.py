"""`btsclip export`: write timelines for editing programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, get_args

import typer

from btsclip.cli import option_groups, options, places, reporting, values
from btsclip.exchange import ALIASES, FileFormat


@option_groups.expand
@reporting.reports_errors
def export(
    plan: options.PlanPlace,
    to: Annotated[
        FileFormat,
        typer.Option(
            "--to",
            parser=values.choice(lambda: get_args(FileFormat), ALIASES),
            metavar="FORMAT",
            help="Editing program or file format. Example: `--to resolve`",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="FILE",
            help="The file, or a folder if the format needs one file per clip. "
            "An `.otio` file may hold all clips. "
            "Default: the folder `edit` next to the plan. Example: `-o dough.fcpxml`",
        ),
    ] = None,
    relative: Annotated[
        bool,
        typer.Option(
            "--relative",
            help="Refer to takes by paths relative to the file, so that you can move the folder. "
            "Not for Premiere. Example: `--to otio --relative`",
        ),
    ] = False,
    joined: Annotated[
        bool,
        typer.Option(
            "--joined",
            help="Put all clips on one timeline, in the plan's order. "
            "Example: `--to kdenlive --joined`",
        ),
    ] = False,
    clip: Annotated[
        list[str] | None,
        typer.Option(
            "--clip",
            metavar="ID",
            help="Export only this clip, even if it is disabled. Can be repeated. "
            "Example: `--clip dough-1`",
        ),
    ] = None,
    *,
    output: option_groups.OutputOptions,
) -> None:
    """Export clips as a timeline for Premiere, Resolve, Final Cut, Kdenlive or Shotcut.

    The timeline cuts your original takes; nothing is rendered.

    Example: `btsclip export clips/plan.json --to resolve`
    """
    from btsclip.exchange import export_json, export_plan

    plan = places.plan(plan, "export")
    result = export_plan(
        plan, to, out, relative=relative, joined=joined, only=clip or (), force=output.force
    )
    for name, notes in result.notes:
        reporting.warn(f"clip {name}", notes)
    if output.as_json:
        reporting.print_json(export_json(result))
    else:
        for file in result.files:
            typer.echo(reporting.one_line(str(file)))
