"""`btsclip review`: look at a plan in the browser, change it, render it."""

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
            help="Where to serve it; 0: a free one. Example: `--port 8800`",
        ),
    ] = 0,
    no_open: Annotated[
        bool,
        typer.Option("--no-open", help="Only print the address. Example: `review clips --no-open`"),
    ] = False,
) -> None:
    """Watch, keep or refuse, trim, frame and caption the clips of a plan in your browser.

    It is served to this computer alone. Ctrl-C ends it.
    Example: `btsclip review kitchen-clips`
    """
    from btsclip.review.serve import serve_review

    serve_review(places.plan(place, "review"), port, opened=typer.echo, show=not no_open)
