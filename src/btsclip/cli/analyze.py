"""`btsclip analyze`: footage in, moments and signals out."""

from __future__ import annotations

from btsclip.cli import options, reporting, tables


@reporting.reports_errors
def analyze(footage: options.OneFootage, as_json: options.Json = False) -> None:
    """Show where the work is in a take and how sure that is; cuts nothing.

    Example: `btsclip analyze dough.mp4 --json > dough.json`
    """
    from btsclip.shoot import analysis

    with reporting.progress() as progress:
        found = analysis.analyze(footage, progress.analysis)
    if as_json:
        reporting.print_json(analysis.analysis_json(found))
    else:
        tables.print_moments(found)
