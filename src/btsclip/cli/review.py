"""`btsclip review`: edit a plan in the browser and render it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from btsclip import limits
from btsclip.cli import places, reporting, values


@reporting.reports_errors
def review(
    place: Annotated[
        Path,
        typer.Argument(
            metavar="SHOOT|PLAN", help="A plan, or a folder that holds one. Example: `saturday`"
        ),
    ],
    port: Annotated[
        int,
        typer.Option(
            "--port",
            parser=values.whole(limits.PORT),
            metavar="N",
            help="Port of the page; 0 picks a free one. Example: `--port 8800`",
        ),
    ] = 0,
    no_open: Annotated[
        bool,
        typer.Option(
            "--no-open", help="Print the address without opening a browser. Example: `--no-open`"
        ),
    ] = False,
) -> None:
    """Edit clips in your browser, then render them.

    Watch and trim them, move the crop and correct captions. Only this computer can open the page.
    Press Ctrl-C to stop.

    Example: `btsclip review kitchen-clips`
    """
    from btsclip.review import serve_review

    serve_review(places.plan(place, "review"), port, on_start=typer.echo, open_browser=not no_open)
