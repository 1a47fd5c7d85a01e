"""`btsclip reply`: a viewer's comment in, a clip that answers it out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from btsclip import limits
from btsclip.cli import options, places, reporting, tables, values
from btsclip.errors import UsageError


@reporting.reports_errors
def reply(
    place: Annotated[
        Path,
        typer.Argument(
            metavar="SHOOT|PLAN",
            help="The folder of a day's takes, a take, or a plan file. Example: `saturday`",
        ),
    ],
    comment: Annotated[
        str | None,
        typer.Option(
            "--comment",
            metavar="TEXT",
            help="What was asked. Example: `--comment 'how do you chop so fast?'`",
        ),
    ] = None,
    author: Annotated[
        str,
        typer.Option("--author", metavar="NAME", help="Who asked. Example: `--author ana.cooks`"),
    ] = "",
    table: Annotated[
        Path | None,
        typer.Option(
            "--csv",
            metavar="FILE",
            help="An export of many comments instead of one. Example: `--csv comments.csv`",
        ),
    ] = None,
    count: Annotated[
        int,
        typer.Option(
            "--count",
            parser=values.whole(limits.COUNT),
            metavar="N",
            help="The largest number of replies, 1 to 200. Example: `--count 3`",
        ),
    ] = 5,
    out: options.OutFolder = None,
    preset: Annotated[
        str | None,
        typer.Option(
            "--preset",
            parser=places.preset,
            metavar="NAME|FILE",
            help="Look and lengths; without it the plan's. Example: `--preset brand-minimal`",
        ),
    ] = None,
    min_length: options.MinLength = None,
    max_length: options.MaxLength = None,
    blur_faces: options.BlurredFaces = None,
    speech: options.Speech = False,
    language: options.Language = None,
    notes: options.NotesFile = None,
    font: options.OwnFont = None,
    encoder: options.Encoder = options.DEFAULT_ENCODER,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Only say what would answer. Example: `reply saturday --dry-run`"
        ),
    ] = False,
    as_json: options.Json = False,
    force: options.Force = False,
) -> None:
    """Find the moment that answers a viewer's comment, and cut it with the comment on it.

    Example: `btsclip reply saturday --comment "how do you chop so fast?" --author ana.cooks`
    """
    _check_comments(comment, author, table)
    from btsclip.planning.request import ClipRequest
    from btsclip.reply import make as work
    from btsclip.reply.comments import ViewerComment, read_comments

    comments = [ViewerComment(comment, author)] if comment else read_comments(table or Path())
    wishes = ClipRequest(
        min_length=min_length,
        max_length=max_length,
        notes=notes,
        speech=speech,
        language=language,
        blur_faces=blur_faces,
    )
    place = places.source_of_replies(place, "reply")
    reporting.add_font(font)
    with reporting.progress() as progress:
        result = work.make_replies(
            place,
            comments,
            out or work.default_folder(comments),
            preset,
            wishes,
            count=count,
            force=force,
            encoder=encoder,
            dry_run=dry_run,
            report=progress.analysis,
            render_report=progress.rendering,
        )
    reporting.leave_page(result.plan_path)
    for clip in result.plan.clips:
        reporting.warn(f"clip {clip.id}", clip.warnings)
    reporting.warn("takes", result.warnings)
    reporting.warn("left out", result.failed)
    if as_json:
        reporting.print_json(work.replies_json(result))
    else:
        tables.print_replies(result)
    if result.failed:
        raise typer.Exit(reporting.SOME_FAILED)


def _check_comments(comment: str | None, author: str, table: Path | None) -> None:
    """Raises UsageError unless there is one comment or a table of them."""
    if comment is None and table is None:
        raise UsageError("--comment", "is missing", "give --comment TEXT, or --csv FILE with many")
    if comment is not None and table is not None:
        raise UsageError("--csv", "stands beside --comment", "give one of them")
    if comment is not None and not comment.strip():
        raise UsageError("--comment", "is empty", "write what was asked")
    if author and table:
        raise UsageError("--author", "belongs to --comment", "leave it out: a table names its own")
