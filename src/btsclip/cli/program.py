"""The program: its verbs, and the options that come before a verb."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import Annotated

import typer

from btsclip.cli import (
    analyze,
    batch,
    cache,
    caption,
    cut,
    doctor,
    export,
    measure,
    plan,
    presets,
    probe,
    render,
    reply,
    report,
    reporting,
    review,
    shoot,
    story,
    timelapse,
    usage,
    watch,
)
from btsclip.version import __version__

app = typer.Typer(
    name="btsclip",
    cls=usage.Group,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: `btsclip cut footage.mp4`",
)
# Panels of the help page, in their order, and the verbs in each.
VERBS = {
    "Cut": (cut.cut, batch.batch, watch.watch, plan.plan, render.render),
    "Look": (analyze.analyze, probe.probe, report.report, review.review),
    "Tell": (story.story, timelapse.timelapse, reply.reply, caption.caption),
    "Publish": (export.export, measure.measure),
    "Maintain": (doctor.doctor,),
}
for panel, verbs in VERBS.items():
    for verb in verbs:
        needs_arguments = verb is not doctor.doctor
        app.command(cls=usage.Verb, no_args_is_help=needs_arguments, rich_help_panel=panel)(verb)
for group in (presets.app, cache.app, shoot.app):
    app.add_typer(group, rich_help_panel="Maintain")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"btsclip {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version and exit. Example: `btsclip --version`",
        ),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "-v", "--verbose", help="Print more messages. Example: `btsclip -v cut take.mp4`"
        ),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug", help="Print tracebacks of errors. Example: `btsclip --debug cut take.mp4`"
        ),
    ] = False,
) -> None:
    """Cut honest vertical clips from raw kitchen footage.

    Everything runs on this computer; nothing is uploaded.
    """
    reporting.settings.verbose = verbose or debug
    reporting.settings.debug = debug


def _on_terminate(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def run() -> None:
    """Run the verb. SIGTERM and a closed terminal stop it as cleanly as Ctrl-C."""
    signal.signal(signal.SIGTERM, _on_terminate)
    # Under nohup SIGHUP is ignored, and must stay ignored.
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:
        signal.signal(signal.SIGHUP, _on_terminate)
    for stream in (sys.stdout, sys.stderr):
        # Consoles with a limited encoding must still print any file name.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app(prog_name="btsclip")
