"""`btsclip doctor`: check that this computer has everything btsclip needs."""

from __future__ import annotations

import typer

from btsclip.cli import options, reporting

# Rich styles of the states of a check.
STYLES = {"ok": "", "missing": "red", "optional": "dim"}


@reporting.reports_errors
def doctor(as_json: options.Json = False) -> None:
    """Check ffmpeg, encoders, models and fonts by using each of them.

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
