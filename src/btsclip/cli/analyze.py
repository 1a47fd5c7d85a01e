"""`btsclip analyze`: footage in, moments and signals out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from btsclip.cli import options, places, reporting, tables


@reporting.reports_errors
def analyze(
    footage: options.OneFootage,
    plot: Annotated[
        list[Path] | None,
        typer.Option(
            "--plot",
            metavar="FILE",
            help="Draw the timeline of moments and signals, .svg or .png. "
            "Example: `--plot dough.svg`",
        ),
    ] = None,
    sheet: Annotated[
        list[Path] | None,
        typer.Option(
            "--sheet",
            metavar="FILE",
            help="Draw a contact sheet of the moments, .jpg or .png. Example: `--sheet dough.jpg`",
        ),
    ] = None,
    fine: Annotated[
        bool,
        typer.Option(
            "--fine",
            help="Look at every part closely, not only where glances see something going on: "
            "slower. Example: `--fine`",
        ),
    ] = False,
    as_json: options.Json = False,
    force: options.Force = False,
) -> None:
    """Show where the work is in a take and how sure that is; cuts nothing.

    Both pictures may be asked for at once, and each in several formats.

    Example: `btsclip analyze dough.mp4 --plot dough.svg --sheet dough.jpg`
    """
    from btsclip.analysis import analyze
    from btsclip.pictures.write import check_places, draw_and_write

    places.take(footage, "analyze")
    check_places(footage, plot or [], sheet or [], force)
    with reporting.progress() as progress:
        found = analyze.analyze(footage, progress.analysis, fine=fine)
    draw_and_write(
        found.footage, found.signals, found.process, found.moments, plot or [], sheet or [], force
    )
    if as_json:
        reporting.print_json(analyze.analysis_json(found))
    else:
        tables.print_moments(found)
        for path in (*(plot or []), *(sheet or [])):
            typer.echo(reporting.one_line(f"Picture: {path}"))
