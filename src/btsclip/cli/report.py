"""`btsclip report`: write the page that shows a results folder."""

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
            help="A results folder, or the plan in it. Example: `kitchen-clips`",
        ),
    ],
    as_json: options.Json = False,
) -> None:
    """Regenerate report.html for a results folder.

    Every run writes this page. Run it again after you move or delete clips.

    Example: `btsclip report kitchen-clips`
    """
    from btsclip.cli.json_results import PageJson
    from btsclip.review import write_page

    path = write_page(places.plan(folder, "report"))
    if as_json:
        reporting.print_json(PageJson(path=str(path)).values())
    else:
        typer.echo(f"{path}: open it in a browser")
