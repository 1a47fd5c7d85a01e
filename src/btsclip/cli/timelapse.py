"""`btsclip timelapse`: show hours of footage in seconds."""

from __future__ import annotations

from typing import Annotated

import typer

from btsclip import limits
from btsclip.cli import option_groups, options, places, reporting, tables, values


@option_groups.expand
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
            help=f"Length of the time-lapse in seconds, {limits.TIMELAPSE_SECONDS}. "
            "Default: set by the preset. Example: `--length 10`",
        ),
    ] = None,
    preset: options.PresetName = options.DEFAULT_PRESET,
    hook: options.Hook = None,
    *,
    look: option_groups.LookOptions,
    sound: option_groups.SoundOptions,
    rendering: option_groups.EncodeOptions,
    output: option_groups.OutputOptions,
) -> None:
    """Show hours of simmering, proofing or baking in seconds.

    The time that really passed runs over the picture. Give one long take, or several takes of the
    same thing; their clocks tell their order.

    Example: `btsclip timelapse dough-1.mp4 dough-2.mp4 dough-3.mp4`
    """
    from btsclip.planning import Progress, cut as work
    from btsclip.timelapse import default_folder, make_timelapses as make

    places.takes(footage, "timelapse", hook)
    reporting.add_font(look.font)
    with reporting.progress() as progress:
        result = make(
            footage,
            out or default_folder(footage),
            preset,
            length=length,
            hook=hook,
            blur_faces=look.blur_faces,
            audio_track=sound.audio_track,
            brand=look.brand,
            options=option_groups.render_options(rendering, output),
            progress=Progress(progress.analysis, progress.rendering),
        )
    reporting.leave_page(result.plan_path)
    reporting.warn_about_results(result.plan.clips, result.clips)
    if output.as_json:
        reporting.print_json(work.cut_json(result))
    else:
        tables.print_result(result)
