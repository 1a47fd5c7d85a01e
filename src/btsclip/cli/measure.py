"""`btsclip measure`: match the figures of platforms to clips, and compare what clips returned."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from btsclip.cli import option_groups, options, places, reporting, tables, values


@option_groups.expand
@reporting.reports_errors
def measure(
    exports: Annotated[
        list[Path],
        typer.Argument(
            metavar="CSV",
            help="Exports from YouTube Studio, Meta Business Suite and TikTok. "
            "Example: `'Table data.csv' reels.csv`",
        ),
    ],
    clips: Annotated[
        Path | None,
        typer.Option(
            "--clips",
            metavar="DIR",
            help="Folder with your clips and their .json files. Clips of earlier runs are "
            "remembered. Example: `--clips videos`",
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--map",
            metavar="FILE",
            help="CSV with two columns: a post (id, link or title) and its clip. "
            "Example: `--map posts.csv`",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", metavar="HTML", help="Write a report page. Example: `-o report.html`"
        ),
    ] = None,
    suggest: Annotated[
        str | None,
        typer.Option(
            "--suggest-preset",
            metavar="NAME",
            help="Write a preset with weights learned from the figures, if any are certain. "
            "Example: `--suggest-preset learned`",
        ),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(
            "--preset",
            parser=places.preset,
            metavar="NAME|FILE",
            help="Preset that --suggest-preset starts from. Default: the one used by most clips. "
            "Example: `--preset bakery-slow`",
        ),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(
            "--history",
            metavar="FILE",
            help="File that collects the figures of every export. Default: in your data folder. "
            "Example: `--history figures.sqlite3`",
        ),
    ] = None,
    exported: Annotated[
        date | None,
        typer.Option(
            "--exported",
            parser=values.day,
            metavar="DAY",
            help="Day of the exports. Default: the date of each file. "
            "Example: `--exported 2026-11-24`",
        ),
    ] = None,
    *,
    output: option_groups.OutputOptions,
) -> None:
    """Compare what posts returned by kind, preset, hook and length.

    Example: `btsclip measure 'Table data.csv' reels.csv tiktok.csv --clips videos -o report.html`
    """
    from btsclip.measure import measure_returns as work, report, result_json, suggest as suggestion

    if out:
        report.check_report_path(out, [*exports, mapping, history], force=output.force)
    result = work(exports, clips, mapping, history, exported)
    if out:
        report.write_report(result, out, force=output.force)
    if output.as_json:
        reporting.print_json(result_json(result))
    else:
        tables.print_measured(result)
    if suggest:
        base = preset or suggestion.most_used_preset(result.presets, options.DEFAULT_PRESET)
        path = suggestion.write_suggestion(result.comparison, suggest, base, force=output.force)
        line = f"btsclip cut take.mp4 --preset {path.stem}"
        typer.echo(f"Preset: {path}\nRead it, then use it: {line}", err=True)
