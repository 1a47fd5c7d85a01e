"""`btsclip caption`: a video in, the same with captions out."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from btsclip import limits
from btsclip.cli import options, places, reporting, values
from btsclip.errors import UsageError


@reporting.reports_errors
def caption(
    video: Annotated[
        Path, typer.Argument(metavar="VIDEO", help="Any video. Example: `holiday.mov`")
    ],
    texts_file: Annotated[
        Path | None,
        typer.Argument(
            metavar="CAPTIONS", help="The same as --captions FILE. Example: `holiday.srt`"
        ),
    ] = None,
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
            "--start",
            parser=values.decimal(limits.TIME),
            metavar="S",
            help="When --text begins. Example: `--start 2.5`",
        ),
    ] = None,
    end: Annotated[
        float | None,
        typer.Option(
            "--end",
            parser=values.decimal(limits.TIME),
            metavar="S",
            help="When --text ends. Example: `--end 6`",
        ),
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
    captions = _captions_file(video, texts_file, captions)
    _check_source(captions, text, speech)
    _check_times(text, start, end)
    from btsclip.captions.files import CaptionsFile, read_captions
    from btsclip.planning import caption_video as work
    from btsclip.planning.request import check_language

    check_language(language, speech)
    places.take(video, "caption")
    reporting.add_font(font)

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


def _captions_file(video: Path, second: Path | None, captions: Path | None) -> Path | None:
    """The captions file, which may be named with --captions or after the video.

    Raises UsageError for a second argument that is not one.
    """
    if second is None:
        return captions
    if captions is not None:
        raise UsageError(str(second), "stands beside --captions", "name one file of texts")
    if places.kind_of(second) in ("video", "clip") and places.kind_of(video) == "captions":
        line = f"btsclip caption {shlex.quote(str(second))} {shlex.quote(str(video))}"
        raise UsageError(str(second), "is the video and stands first", f"write {line}")
    if places.kind_of(second) == "missing" and not second.suffix:
        line = f"--text {shlex.quote(str(second))}"
        raise UsageError(str(second), "is not a file", f"to write that text, give {line}")
    return second


def _check_source(captions: Path | None, text: str | None, speech: bool) -> None:
    """Raises UsageError unless there is exactly one source of texts."""
    known = "one of --captions FILE, --text TEXT and --speech"
    given = (captions is not None) + (text is not None) + speech
    if given == 0:
        raise UsageError("caption", "does not know what to write", f"give {known}")
    if given > 1:
        raise UsageError("caption", "is given more than one source of texts", f"give {known}")


def _check_times(text: str | None, start: float | None, end: float | None) -> None:
    """Raises UsageError for times without a text, or in the wrong order."""
    if text is None:
        if start is not None or end is not None:
            name = "--end" if start is None else "--start"
            raise UsageError(name, "times belong to --text", "leave it out: others have theirs")
    elif not text.strip():
        raise UsageError("--text", "is empty", "write what is to be seen")
    elif end is not None and end <= (start or 0.0):
        cause = f"is not after --start {start:g}" if start else "leaves no time"
        raise UsageError(f"--end {end:g}", cause, "give a later end")
