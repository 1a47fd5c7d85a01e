"""`btsclip story`: a whole shoot in, one vertical video out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from btsclip import limits
from btsclip.cli import options, places, reporting, tables, values


def _arcs() -> list[str]:
    from btsclip.story.arc import ARCS

    return list(ARCS)


@reporting.reports_errors
def story(
    shoot: Annotated[
        Path,
        typer.Argument(
            metavar="SHOOT", help="The folder of a day's takes, or one take. Example: `saturday`"
        ),
    ],
    out: options.OutFolder = None,
    length: Annotated[
        float,
        typer.Option(
            "--length",
            parser=values.decimal(limits.STORY_SECONDS),
            metavar="S",
            help="Seconds of the video in all, 6 to 180. Example: `--length 30`",
        ),
    ] = 45.0,
    arc: Annotated[
        str,
        typer.Option(
            "--arc",
            parser=values.choice(_arcs),
            metavar="NAME",
            help="What it tells: making, mishap-and-fix, people or question. "
            "Example: `--arc mishap-and-fix`",
        ),
    ] = "making",
    music: Annotated[
        Path | None,
        typer.Option(
            "--music",
            metavar="FILE",
            help="Music to cut on and to lay under it; see docs/story.md. "
            "Example: `--music song.mp3`",
        ),
    ] = None,
    preset: options.PresetName = options.DEFAULT_PRESET,
    hook: Annotated[
        str | None,
        typer.Option(
            "--hook",
            metavar="TEXT",
            help="Text over the first seconds. Example: `--hook 'Day one of sourdough'`",
        ),
    ] = None,
    blur_faces: options.BlurredFaces = None,
    speech: options.Speech = False,
    language: options.Language = None,
    notes: options.NotesFile = None,
    font: options.OwnFont = None,
    encoder: options.Encoder = options.DEFAULT_ENCODER,
    jobs: options.Jobs = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Only say what would be shown. Example: `story s --dry-run`"
        ),
    ] = False,
    as_json: options.Json = False,
    force: options.Force = False,
) -> None:
    """Put one video together from all takes of a shoot, in the order it happened.

    Example: `btsclip story saturday --length 45 -o story`
    """
    from btsclip.batch.run import Means
    from btsclip.planning.request import ClipRequest
    from btsclip.story.make import StoryOptions, default_folder, make_story
    from btsclip.story.result import story_json

    wishes = ClipRequest(
        hook=hook, notes=notes, speech=speech, language=language, blur_faces=blur_faces
    )
    places.shoot(shoot, "story", or_take=True)
    reporting.add_font(font)
    with reporting.progress() as progress:
        result = make_story(
            shoot,
            out or default_folder(shoot),
            preset,
            wishes,
            StoryOptions(length, arc, music),
            Means(jobs, font=font),
            force=force,
            dry_run=dry_run,
            encoder=encoder,
            report=progress.step,
            render_report=progress.rendering,
        )
    reporting.leave_page(result.cut.plan_path)
    reporting.warn("story", result.planned.warnings)
    reporting.warn("left out", result.planned.failed)
    if as_json:
        reporting.print_json(story_json(result))
    else:
        tables.print_story(result)
    if result.planned.failed:
        raise typer.Exit(reporting.SOME_FAILED)
