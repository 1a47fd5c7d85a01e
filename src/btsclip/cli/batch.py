"""`btsclip batch`: a whole shoot in, its clips out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from btsclip.cli import options, places, reporting, values

if TYPE_CHECKING:
    from btsclip.batch.outcome import Outcome


@reporting.reports_errors
def batch(
    shoot: options.ShootPlace,
    out: options.ResultPlace = None,
    preset: options.PresetName = options.DEFAULT_PRESET,
    count: options.Count = None,
    top: options.Top = None,
    min_length: options.MinLength = None,
    max_length: options.MaxLength = None,
    mishaps: options.MishapWish = "keep",
    hook: options.Hook = None,
    speech: options.Speech = False,
    language: options.Language = None,
    notes: options.NotesFile = None,
    blur_faces: options.BlurredFaces = None,
    font: options.OwnFont = None,
    encoder: options.Encoder = options.DEFAULT_ENCODER,
    jobs: options.Jobs = None,
    scheduler: Annotated[
        str,
        typer.Option(
            "--scheduler",
            parser=values.scheduler,
            metavar="local|ADDRESS",
            help="Where to work: on this machine, or on those of a dask scheduler. "
            "Example: `--scheduler tcp://studio:8786`",
        ),
    ] = "local",
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast", help="Stop at the first failure. Example: `--fail-fast`")
    ] = False,
    no_resume: Annotated[
        bool,
        typer.Option(
            "--no-resume", help="Make everything anew, also what is done. Example: `--no-resume`"
        ),
    ] = False,
    wait: Annotated[
        bool,
        typer.Option(
            "--wait", help="Wait for another run on this shoot to end. Example: `batch s --wait`"
        ),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Only say what would be cut. Example: `batch s --dry-run`"),
    ] = False,
    as_json: options.Events = False,
) -> None:
    """Cut all takes of a shoot. Start it and go to sleep: run again, it goes on where it was.

    Example: `btsclip batch saturday --top 10`
    """
    from btsclip.batch.batch import Manner
    from btsclip.batch.run import Means
    from btsclip.batch.run import run_batch as work
    from btsclip.cli.live import Watcher
    from btsclip.planning.request import ClipRequest
    from btsclip.review.report import write_page

    wishes = ClipRequest(
        count,
        min_length,
        max_length,
        hook,
        notes=notes,
        speech=speech,
        language=language,
        mishaps=mishaps,
        blur_faces=blur_faces,
    )
    places.shoot(shoot, "batch")
    reporting.add_font(font)
    manner = Manner(top, encoder, fail_fast=fail_fast, resume=not no_resume)
    with Watcher(as_json) as watcher:
        outcome = work(
            shoot,
            out,
            preset,
            wishes,
            manner,
            Means(jobs, scheduler, font),
            dry_run=dry_run,
            wait=wait,
            found=watcher.found,
            listen=watcher.heard,
            idle=watcher.refresh,
        )
    if outcome.out and outcome.plan:
        write_page(outcome.out)
    watcher.conclude(outcome)
    if code := exit_code(outcome):
        raise typer.Exit(code)


def exit_code(outcome: Outcome) -> int:
    """0 when all went well, 4 when some files failed, 1 when nothing but failures came of it."""
    if not outcome.failed:
        return 0
    worked = any(row.state in ("cut", "nothing") for row in outcome.rows)
    return reporting.SOME_FAILED if worked or outcome.clips else 1
