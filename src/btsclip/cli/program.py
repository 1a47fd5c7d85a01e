"""The program: its verbs, and the options that stand before them."""

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
VERBS = (
    cut.cut, story.story, batch.batch, watch.watch, timelapse.timelapse, reply.reply,
    report.report, review.review, plan.plan, render.render, export.export, caption.caption,
    analyze.analyze, probe.probe, measure.measure, doctor.doctor,
)  # fmt: skip
for verb in VERBS:
    app.command(cls=usage.Verb, no_args_is_help=verb is not doctor.doctor)(verb)
app.add_typer(presets.app)
app.add_typer(cache.app)
app.add_typer(shoot.app)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"btsclip {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option("-v", "--verbose", help="Say more. Example: `btsclip -v cut take.mp4`"),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug", help="Show tracebacks of errors. Example: `btsclip --debug cut take.mp4`"
        ),
    ] = False,
) -> None:
    """Cuts honest vertical clips from raw kitchen footage by looking for hands at work.

    Everything runs on this computer; nothing is uploaded.
    """
    reporting.settings.verbose = verbose or debug
    reporting.settings.debug = debug


def _on_terminate(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def run() -> None:
    """Runs the verb. SIGTERM and a closed terminal end it as tidily as Ctrl-C does."""
    signal.signal(signal.SIGTERM, _on_terminate)
    # Under nohup it is ignored, and stays so.
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:
        signal.signal(signal.SIGHUP, _on_terminate)
    for stream in (sys.stdout, sys.stderr):
        # File names in any script must print on any console.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app(prog_name="btsclip")
