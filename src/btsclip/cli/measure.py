"""`btsclip measure`: what platforms say of posts, joined to the clips they show."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from btsclip.cli import options, places, reporting, tables, values


@reporting.reports_errors
def measure(
    exports: Annotated[
        list[Path],
        typer.Argument(
            metavar="CSV",
            help="Exports of YouTube Studio, Meta Business Suite and TikTok. "
            "Example: `'Table data.csv' reels.csv`",
        ),
    ],
    clips: Annotated[
        Path | None,
        typer.Option(
            "--clips",
            metavar="DIR",
            help="The folder with your clips and the .json beside them; those of earlier times are "
            "known. Example: `--clips videos`",
        ),
    ] = None,
    told: Annotated[
        Path | None,
        typer.Option(
            "--map",
            metavar="FILE",
            help="A CSV that says which clip a post shows: id, link or title, then the clip. "
            "Example: `--map posts.csv`",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", metavar="HTML", help="Write a page of it. Example: `-o report.html`"
        ),
    ] = None,
    suggest: Annotated[
        str | None,
        typer.Option(
            "--suggest-preset",
            metavar="NAME",
            help="Write a preset with the weights that follow, if any do; nothing uses it by "
            "itself. Example: `--suggest-preset learned`",
        ),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(
            "--preset",
            parser=places.preset,
            metavar="NAME|FILE",
            help="The preset to suggest weights for; without it the one that most clips have. "
            "Example: `--preset bakery-slow`",
        ),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(
            "--history",
            metavar="FILE",
            help="Where figures are kept from export to export, if not among your data. "
            "Example: `--history figures.sqlite3`",
        ),
    ] = None,
    exported: Annotated[
        date | None,
        typer.Option(
            "--exported",
            parser=values.day,
            metavar="DAY",
            help="When the exports were made, if not when their files were written. "
            "Example: `--exported 2026-11-24`",
        ),
    ] = None,
    as_json: options.Json = False,
    force: options.Force = False,
) -> None:
    """Say what your clips returned: by kind, preset, hook and length, as far as that can be known.

    Example: `btsclip measure 'Table data.csv' reels.csv tiktok.csv --clips videos -o report.html`
    """
    from btsclip.measure import report
    from btsclip.measure import suggest as suggesting
    from btsclip.measure.run import measure_returns as look
    from btsclip.measure.run import measured_json

    if out:
        report.check_place(out, [*exports, told, history], force=force)
    measured = look(exports, clips, told, history, exported)
    if out:
        report.write_report(measured, out, force=force)
    if as_json:
        reporting.print_json(measured_json(measured))
    else:
        tables.print_measured(measured)
    if suggest:
        base = preset or suggesting.most_used(measured.presets, options.DEFAULT_PRESET)
        path = suggesting.write_suggestion(measured.found, suggest, base, force=force)
        typer.echo(f"Preset: {path}\nLook at it, then: btsclip cut take.mp4 --preset {path.stem}",
                   err=True)  # fmt: skip
