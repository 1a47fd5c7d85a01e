"""`btsclip batch`: cut every take in a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from btsclip.cli import option_groups, options, places, reporting, values

if TYPE_CHECKING:
    from btsclip.batch import Outcome


@option_groups.expand
@reporting.reports_errors
def batch(
    shoot: options.ShootPlace,
    out: options.ShootOutPlace = None,
    preset: options.PresetName = options.DEFAULT_PRESET,
    top: options.Top = None,
    *,
    clips: option_groups.ClipOptions,
    words: option_groups.WordOptions,
    look: option_groups.LookOptions,
    sound: option_groups.SoundOptions,
    jobs: options.Jobs = None,
    scheduler: Annotated[
        str,
        typer.Option(
            "--scheduler",
            parser=values.scheduler,
            metavar="local|ADDRESS",
            help="Where to work: on this computer, or on those of a dask scheduler. "
            "Example: `--scheduler tcp://studio:8786`",
        ),
    ] = "local",
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast", help="Stop at the first failure. Example: `--fail-fast`")
    ] = False,
    no_resume: Annotated[
        bool,
        typer.Option(
            "--no-resume", help="Redo everything, even finished work. Example: `--no-resume`"
        ),
    ] = False,
    wait: Annotated[
        bool,
        typer.Option("--wait", help="Wait until another run on this shoot ends. Example: `--wait`"),
    ] = False,
    rendering: option_groups.EncodeOptions,
    as_json: options.Events = False,
) -> None:
    """Cut every take in a folder. Interrupted runs resume where they stopped.

    Example: `btsclip batch saturday --top 10`
    """
    from btsclip.batch import BatchOptions, ExecutionOptions, run_batch as work
    from btsclip.cli.live import Watcher
    from btsclip.review import write_page

    request = option_groups.clip_request(clips, words, look, sound)
    places.shoot(shoot, "batch")
    reporting.add_font(look.font)
    with Watcher(as_json) as watcher:
        outcome = work(
            shoot,
            out,
            preset,
            request,
            BatchOptions(top, rendering.encoder, fail_fast=fail_fast, resume=not no_resume),
            ExecutionOptions(jobs, scheduler, look.font),
            dry_run=rendering.dry_run,
            wait=wait,
            on_discovery=watcher.found,
            on_event=watcher.heard,
            on_idle=watcher.refresh,
        )
    if outcome.out and outcome.plan:
        write_page(outcome.out)
    watcher.conclude(outcome)
    if code := exit_code(outcome):
        raise typer.Exit(code)


def exit_code(outcome: Outcome) -> int:
    """The exit code of a batch: 0 if nothing failed, 4 if some files failed, 1 if all did."""
    if not outcome.failed:
        return 0
    worked = any(row.state in ("cut", "nothing") for row in outcome.rows)
    return reporting.SOME_FAILED if worked or outcome.clips else 1
