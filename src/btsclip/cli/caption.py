"""`btsclip caption`: a video in, the same with captions out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from btsclip.cli import options, reporting


@reporting.reports_errors
def caption(
    video: Annotated[
        Path, typer.Argument(metavar="VIDEO", help="Any video. Example: `holiday.mov`")
    ],
    captions: options.Captions = None,
    text: Annotated[
        str | None,
        typer.Option(
            "--text", metavar="TEXT", help="One text. Example: `--text 'Day one of sourdough'`"
        ),
    ] = None,
    speech: options.Speech = False,
    language: options.Language = None,
    start: Annotated[
        float | None,
        typer.Option(
            "--start", min=0, metavar="S", help="When --text begins. Example: `--start 2.5`"
        ),
    ] = None,
    end: Annotated[
        float | None,
        typer.Option("--end", min=0, metavar="S", help="When --text ends. Example: `--end 6`"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="FILE",
            help="The captioned video; without it NAME-captioned.mp4 here. "
            "Example: `-o dough-text.mp4`",
        ),
    ] = None,
    preset: options.PresetName = options.DEFAULT_PRESET,
    font: options.OwnFont = None,
    as_json: options.Json = False,
    force: options.Force = False,
) -> None:
    """Write captions on any video and change nothing else of it.

    It keeps its size, rate and sound. The captions come from a file, are one text, or what is said.

    Example: `btsclip caption dough.mp4 --captions dough.srt`
    """
    _check_source(captions, text, speech, start, end)
    options.check_language(language, speech)
    reporting.add_font(font)
    from btsclip.captions.files import CaptionsFile, read_captions
    from btsclip.shoot import captioning as work

    with reporting.progress() as progress:
        if captions:
            texts = read_captions(captions)
        elif speech:
            texts = CaptionsFile(work.cues_of_speech(video, preset, language, progress.step))
        else:
            texts = CaptionsFile(work.cue_of_text(video, text or "", start, end))
        done = work.caption_video(
            video,
            texts.cues,
            out,
            preset_name=preset,
            force=force,
            keep=[captions] if captions else [],
            warnings=texts.warnings,
            report=progress.step,
        )
    reporting.warn(done.path.name, done.warnings)
    if as_json:
        reporting.print_json(work.captioned_json(done))
    else:
        count = len(done.captions)
        said = f"{count} caption{'' if count == 1 else 's'} on {done.path}"
        typer.echo(reporting.one_line(said))


def _check_source(
    captions: Path | None, text: str | None, speech: bool, start: float | None, end: float | None
) -> None:
    """Wrong usage unless there is exactly one source of texts."""
    if (captions is not None) + (text is not None) + speech != 1:
        raise typer.BadParameter(
            "say what to write: one of --captions FILE, --text TEXT and --speech"
        )
    if text is None and (start is not None or end is not None):
        raise typer.BadParameter("--start and --end belong to --text; the others have their times")
