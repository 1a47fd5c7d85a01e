"""`btsclip timelapse`: hours of footage in, seconds out."""

from __future__ import annotations

from typing import Annotated

import typer

from btsclip import limits
from btsclip.cli import options, places, reporting, tables, values


@reporting.reports_errors
def timelapse(
    footage: options.FootageList,
    out: options.OutFolder = None,
    length: Annotated[
        float | None,
        typer.Option(
            "--length",
            parser=values.decimal(limits.TIMELAPSE_SECONDS),
            metavar="S",
            help="Seconds of the time-lapse, 5 to 120; without it the preset's target. "
            "Example: `--length 10`",
        ),
    ] = None,
    preset: options.PresetName = options.DEFAULT_PRESET,
    hook: options.Hook = None,
    blur_faces: options.BlurredFaces = None,
    font: options.OwnFont = None,
    encoder: options.Encoder = options.DEFAULT_ENCODER,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
    force: options.Force = False,
) -> None:
    """Make time-lapses of what simmers, proofs or bakes, with the time that truly passed on them.

    From one long take, or from several ones of the same thing by their clocks.

    Example: `btsclip timelapse dough-1.mp4 dough-2.mp4 dough-3.mp4`
    """
    from btsclip.planning import cut as work
    from btsclip.timelapse.make import default_folder
    from btsclip.timelapse.make import make_timelapses as make

    places.takes(footage, "timelapse", hook)
    reporting.add_font(font)
    with reporting.progress() as progress:
        result = make(
            footage,
            out or default_folder(footage),
            preset,
            length=length,
            hook=hook,
            blur_faces=blur_faces,
            force=force,
            dry_run=dry_run,
            encoder=encoder,
            report=progress.analysis,
            render_report=progress.rendering,
        )
    reporting.leave_page(result.plan_path)
    for clip in result.plan.clips:
        reporting.warn(f"clip {clip.id}", clip.warnings)
    if as_json:
        reporting.print_json(work.cut_json(result))
    else:
        tables.print_result(result)
