"""`btsclip report`: the page that shows a folder of results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from btsclip.cli import options, places, reporting


@reporting.reports_errors
def report(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR|PLAN",
            help="A folder of results, or the plan in it. Example: `kitchen-clips`",
        ),
    ],
    as_json: options.Json = False,
) -> None:
    """Write report.html into a folder of results anew: clips to play, why each, what was left out.

    Every run makes it; after moving or deleting clips this brings it up to date.
    Example: `btsclip report kitchen-clips`
    """
    from btsclip.review.report import write_page

    path = write_page(places.plan(folder, "report"))
    if as_json:
        reporting.print_json({"version": 1, "path": str(path)})
    else:
        typer.echo(f"{path}: open it in a browser")
