"""`btsclip doctor`: is everything there that is needed?"""

from __future__ import annotations

import typer

from btsclip.cli import options, reporting


@reporting.reports_errors
def doctor(as_json: options.Json = False) -> None:
    """Check ffmpeg, its filters and encoders, models and fonts, by really using them.

    Example: `btsclip doctor`
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from btsclip.shoot.health import check_all

    checks = check_all()
    if as_json:
        reporting.print_json(
            [{"name": c.name, "state": c.state, "found": c.found, "cure": c.cure} for c in checks]
        )
    else:
        table = Table("", "part", "found", "cure", header_style="bold")
        colours = {"ok": "green", "missing": "red", "optional": "dim"}
        for check in checks:
            mark = Text(check.state, style=colours[check.state])
            table.add_row(mark, check.name, Text(check.found), Text(check.cure))
        Console().print(table)
    if any(check.state == "missing" for check in checks):
        raise typer.Exit(1)
