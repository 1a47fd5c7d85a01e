"""`btsclip doctor`: is everything there that is needed?"""

from __future__ import annotations

import typer

from btsclip.cli import options, reporting

# How a part is drawn.
STYLES = {"ok": "", "missing": "red", "optional": "dim"}


@reporting.reports_errors
def doctor(as_json: options.Json = False) -> None:
    """Check ffmpeg, its filters and encoders, models and fonts, by really using them.

    Example: `btsclip doctor`
    """
    from btsclip.cli.doctor_checks import check_all
    from btsclip.cli.rows import Row, print_rows

    checks = check_all()
    if as_json:
        reporting.print_json(
            [{"name": c.name, "state": c.state, "found": c.found, "cure": c.cure} for c in checks]
        )
    else:
        rows = [
            Row((check.state, check.name, check.found), (check.cure,), STYLES[check.state])
            for check in checks
        ]
        print_rows(("", "part", "found"), rows)
    if any(check.state == "missing" for check in checks):
        raise typer.Exit(1)
