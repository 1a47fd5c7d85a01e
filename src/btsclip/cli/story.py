"""`btsclip story`: tell a whole shoot in one vertical video."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from btsclip import limits
from btsclip.cli import option_groups, options, places, reporting, tables, values


def _arc_names() -> list[str]:
    from btsclip.story import ARCS

    return list(ARCS)


@option_groups.expand
@reporting.reports_errors
def story(
    shoot: Annotated[
        Path,
        typer.Argument(
            metavar="SHOOT", help="Folder of a day's takes, or one take. Example: `saturday`"
        ),
    ],
    out: options.OutFolder = None,
    length: Annotated[
        float,
        typer.Option(
            "--length",
            parser=values.decimal(limits.STORY_SECONDS),
            metavar="S",
            help=f"Length of the video in seconds, {limits.STORY_SECONDS}. Example: `--length 30`",
        ),
    ] = 45.0,
    arc: Annotated[
        str,
        typer.Option(
            "--arc",
            parser=values.choice(_arc_names),
            metavar="NAME",
            help="Kind of story: `making`, `mishap-and-fix`, `people` or `question`. "
            "Example: `--arc mishap-and-fix`",
        ),
    ] = "making",
    music: Annotated[
        Path | None,
        typer.Option(
            "--music",
            metavar="FILE",
            help="Music to lay under the video and cut on its beats. Needs the `music` extra. "
            "Example: `--music song.mp3`",
        ),
    ] = None,
    preset: options.PresetName = options.DEFAULT_PRESET,
    hook: options.Hook = None,
    *,
    words: option_groups.WordOptions,
    look: option_groups.LookOptions,
    sound: option_groups.SoundOptions,
    jobs: options.Jobs = None,
    rendering: option_groups.EncodeOptions,
    output: option_groups.OutputOptions,
) -> None:
    """Tell a whole shoot in one video, in the order it happened.

    Example: `btsclip story saturday --length 45 -o story`
    """
    from btsclip.batch import ExecutionOptions
    from btsclip.planning import Progress
    from btsclip.story import StoryOptions, default_folder, make_story, story_json

    request = option_groups.clip_request(option_groups.ClipOptions(hook=hook), words, look, sound)
    places.shoot(shoot, "story", or_take=True)
    reporting.add_font(look.font)
    with reporting.progress() as progress:
        result = make_story(
            shoot,
            out or default_folder(shoot),
            preset,
            request,
            StoryOptions(length, arc, music),
            ExecutionOptions(jobs, font=look.font),
            option_groups.render_options(rendering, output),
            Progress(rendering=progress.rendering, step=progress.step),
        )
    reporting.leave_page(result.cut.plan_path)
    reporting.warn("story", result.warnings)
    reporting.warn("left out", result.planned.failed)
    if output.as_json:
        reporting.print_json(story_json(result))
    else:
        tables.print_story(result)
    if result.planned.failed:
        raise typer.Exit(reporting.SOME_FAILED)
