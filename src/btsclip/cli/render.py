"""`btsclip render`: a plan in, clips out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from btsclip.cli import options, places, reporting, tables


@reporting.reports_errors
def render(
    plan: Annotated[
        Path,
        typer.Argument(
            metavar="PLAN", help="A plan, or the folder that holds it. Example: `kitchen-clips`"
        ),
    ],
    out: options.OutFolder = None,
    preset: Annotated[
        str | None,
        typer.Option(
            "--preset",
            parser=places.preset,
            metavar="NAME|FILE",
            help="Another look than the plan's. Example: `--preset brand-minimal`",
        ),
    ] = None,
    font: options.OwnFont = None,
    encoder: options.Encoder = options.DEFAULT_ENCODER,
    as_json: options.Json = False,
    force: options.Force = False,
) -> None:
    """Render the enabled clips of a plan that `plan` made and you may have edited.

    Example: `btsclip render clips/plan.json`
    """
    from btsclip.planning import cut as work

    plan = places.plan(plan, "render")
    reporting.add_font(font)
    with reporting.progress() as progress:
        result = work.render_plan(
            plan, out, force=force, encoder=encoder, preset_name=preset, report=progress.rendering
        )
    # Clips that were rendered elsewhere lie beside no plan.
    reporting.leave_page(plan if out in (None, plan.parent) else None)
    for clip in result.clips:
        reporting.warn(f"clip {clip.clip.id}", clip.clip.warnings)
    if as_json:
        reporting.print_json(work.cut_json(result))
    else:
        tables.print_result(result)
