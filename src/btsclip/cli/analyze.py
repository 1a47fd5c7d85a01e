"""`btsclip analyze`: find the moments and signals of a take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from btsclip.cli import option_groups, options, places, reporting, tables


@option_groups.expand
@reporting.reports_errors
def analyze(
    footage: options.OneFootage,
    plot: Annotated[
        list[Path] | None,
        typer.Option(
            "--plot",
            metavar="FILE",
            help="Draw a timeline of moments and signals, as .svg or .png. Can be repeated. "
            "Example: `--plot dough.svg`",
        ),
    ] = None,
    sheet: Annotated[
        list[Path] | None,
        typer.Option(
            "--sheet",
            metavar="FILE",
            help="Draw a contact sheet of the moments, as .jpg or .png. Can be repeated. "
            "Example: `--sheet dough.jpg`",
        ),
    ] = None,
    fine: Annotated[
        bool,
        typer.Option(
            "--fine",
            help="Read every frame of the take, not only where work is likely. Slower. "
            "Example: `--fine`",
        ),
    ] = False,
    *,
    sound: option_groups.SoundOptions,
    output: option_groups.OutputOptions,
) -> None:
    """Show where the work is in a take, without cutting anything.

    Example: `btsclip analyze dough.mp4 --plot dough.svg --sheet dough.jpg`
    """
    from btsclip.analysis import analysis_json, analyze as analyze_take
    from btsclip.pictures import check_paths, draw_and_write

    plots, sheets = plot or [], sheet or []
    places.take(footage, "analyze")
    check_paths(footage, plots, sheets, output.force)
    with reporting.progress() as progress:
        result = analyze_take(footage, progress.analysis, fine=fine, audio_track=sound.audio_track)
    draw_and_write(
        result.footage, result.signals, result.process, result.moments, plots, sheets, output.force
    )
    if output.as_json:
        reporting.print_json(analysis_json(result))
    else:
        tables.print_moments(result)
        for path in (*plots, *sheets):
            typer.echo(reporting.one_line(f"Picture: {path}"))
