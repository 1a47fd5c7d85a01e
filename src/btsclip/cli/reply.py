"""`btsclip reply`: answer a viewer's comment with a clip."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from btsclip import limits
from btsclip.cli import option_groups, options, places, reporting, tables, values
from btsclip.errors import UsageError


@option_groups.expand
@reporting.reports_errors
def reply(
    place: Annotated[
        Path,
        typer.Argument(
            metavar="SHOOT|PLAN",
            help="Folder of a day's takes, one take, or a plan. Example: `saturday`",
        ),
    ],
    comment: Annotated[
        str | None,
        typer.Option(
            "--comment",
            metavar="TEXT",
            help="The comment to answer. Example: `--comment 'how do you chop so fast?'`",
        ),
    ] = None,
    author: Annotated[
        str,
        typer.Option(
            "--author", metavar="NAME", help="Who wrote the comment. Example: `--author ana.cooks`"
        ),
    ] = "",
    table: Annotated[
        Path | None,
        typer.Option(
            "--csv",
            metavar="FILE",
            help="Many comments from a CSV export, instead of one. Example: `--csv comments.csv`",
        ),
    ] = None,
    count: Annotated[
        int,
        typer.Option(
            "--count",
            parser=values.whole(limits.COUNT),
            metavar="N",
            help=f"Maximum number of replies, {limits.COUNT}. Example: `--count 3`",
        ),
    ] = 5,
    out: options.OutFolder = None,
    preset: options.PlanPresetName = None,
    min_length: options.MinLength = None,
    max_length: options.MaxLength = None,
    *,
    words: option_groups.WordOptions,
    look: option_groups.LookOptions,
    sound: option_groups.SoundOptions,
    rendering: option_groups.EncodeOptions,
    output: option_groups.OutputOptions,
) -> None:
    """Answer a viewer's comment with the moment that shows it.

    The comment is drawn on the clip as a card.

    Example: `btsclip reply saturday --comment "how do you chop so fast?" --author ana.cooks`
    """
    _check_comments(comment, author, table)
    from btsclip.planning import Progress
    from btsclip.reply import ViewerComment, make as work, read_comments

    comments = [ViewerComment(comment, author)] if comment else read_comments(table or Path())
    lengths = option_groups.ClipOptions(min_length=min_length, max_length=max_length)
    request = option_groups.clip_request(lengths, words, look, sound)
    place = places.source_of_replies(place, "reply")
    reporting.add_font(look.font)
    with reporting.progress() as progress:
        result = work.make_replies(
            place,
            comments,
            out or work.default_folder(comments),
            preset,
            request,
            count=count,
            options=option_groups.render_options(rendering, output),
            progress=Progress(progress.analysis, progress.rendering),
        )
    reporting.leave_page(result.plan_path)
    reporting.warn_about_results(result.plan.clips, result.clips)
    reporting.warn("takes", result.warnings)
    reporting.warn("left out", result.failed)
    if output.as_json:
        reporting.print_json(work.replies_json(result))
    else:
        tables.print_replies(result)
    if result.failed:
        raise typer.Exit(reporting.SOME_FAILED)


def _check_comments(comment: str | None, author: str, table: Path | None) -> None:
    """Raise UsageError unless there is one comment or one table of comments."""
    if comment is None and table is None:
        raise UsageError("--comment", "is missing", "give --comment TEXT, or --csv FILE for many")
    if comment is not None and table is not None:
        raise UsageError("--csv", "cannot be used with --comment", "give one of them")
    if comment is not None and not comment.strip():
        raise UsageError("--comment", "is empty", "write the viewer's question")
    if author and table:
        raise UsageError(
            "--author", "cannot be used with --csv", "leave it out: the table names its authors"
        )
