"""`btsclip watch`: takes are cut as they come."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from btsclip import limits
from btsclip.cli import options, places, reporting, values
from btsclip.cli.batch import exit_code

if TYPE_CHECKING:
    from btsclip.batch.outcome import Outcome
    from btsclip.batch.watch import Ears
    from btsclip.cli.live import Watcher
    from btsclip.errors import BtsclipError


@reporting.reports_errors
def watch(
    shoot: options.ShootFolder,
    out: options.ShootOut = None,
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
    rest: Annotated[
        float,
        typer.Option(
            "--rest",
            parser=values.decimal(limits.REST_SECONDS),
            metavar="S",
            help="A file is whole when it did not change for so long. Example: `--rest 30`",
        ),
    ] = 5.0,
    once_idle: Annotated[
        float | None,
        typer.Option(
            "--once-idle",
            parser=values.decimal(limits.IDLE_SECONDS),
            metavar="S",
            help="End when nothing has come for S seconds. Example: `--once-idle 600`",
        ),
    ] = None,
    as_json: options.Events = False,
) -> None:
    """Watch a shoot's folder and cut each take once it is there as a whole. Ctrl-C ends it.

    Example: `btsclip watch saturday --once-idle 600`
    """
    from btsclip.batch import watch as work
    from btsclip.batch.batch import Manner
    from btsclip.batch.run import Means, run_batch
    from btsclip.cli.live import Watcher
    from btsclip.planning.request import ClipRequest
    from btsclip.presets.load import load_preset
    from btsclip.render import encoders
    from btsclip.takes.listing import RESULTS_FOLDER

    target = shoot / RESULTS_FOLDER if out is None else out
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
    places.shoot(shoot, "watch")
    # Named now and not when the first take has come.
    load_preset(preset)
    encoders.choose_encoder(encoder)
    reporting.add_font(font)
    watcher = Watcher(as_json)

    def run(whole: Collection[Path] | None) -> Outcome:
        with watcher:
            return run_batch(
                shoot,
                target,
                preset,
                wishes,
                Manner(top, encoder),
                Means(jobs, font=font),
                wait=True,
                only=whole,
                found=watcher.found,
                listen=watcher.heard,
                idle=watcher.refresh,
            )

    watcher.say("watching", f"watching {shoot}; Ctrl-C ends it", shoot=str(shoot), out=str(target))
    last = work.watch(shoot, target, run, _ears(watcher), rest=rest, once_idle=once_idle)
    if code := _code(last):
        raise typer.Exit(code)


def _ears(watcher: Watcher) -> Ears:
    from btsclip.batch.watch import Ears

    def broken(path: Path, why: str) -> None:
        text = f"{path.name}: {why}; waiting for the rest of it"
        watcher.say("waiting", text, file=str(path), why=why)

    def begun(paths: list[Path]) -> None:
        names = ", ".join(path.name for path in paths[:3])
        more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
        watcher.say("arrived", f"arrived: {names}{more}", files=[str(path) for path in paths])

    def ended(came: Outcome | BtsclipError) -> None:
        if isinstance(came, Exception):
            watcher.say("nothing", f"btsclip: {came}", why=str(came))
        else:
            watcher.conclude(came, all_files=False)

    return Ears(broken, begun, ended)


def _code(last: Outcome | BtsclipError | None) -> int:
    """The exit code of what the last run came to."""
    if last is None:
        return 0
    return last.exit_code if isinstance(last, Exception) else exit_code(last)
