"""`btsclip caption`: add captions to any video."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from btsclip import limits
from btsclip.cli import option_groups, options, places, reporting, values
from btsclip.errors import UsageError
from btsclip.wording import count


@option_groups.expand
@reporting.reports_errors
def caption(
    video: Annotated[
        Path, typer.Argument(metavar="VIDEO", help="Any video. Example: `holiday.mov`")
    ],
    texts_file: Annotated[
        Path | None,
        typer.Argument(metavar="CAPTIONS", help="Same as --captions FILE. Example: `holiday.srt`"),
    ] = None,
    captions: options.Captions = None,
    text: Annotated[
        str | None,
        typer.Option(
            "--text", metavar="TEXT", help="One caption. Example: `--text 'Day one of sourdough'`"
        ),
    ] = None,
    start: Annotated[
        float | None,
        typer.Option(
            "--start",
            parser=values.decimal(limits.TIME),
            metavar="S",
            help="Second at which --text appears. Default: the beginning. Example: `--start 2.5`",
        ),
    ] = None,
    end: Annotated[
        float | None,
        typer.Option(
            "--end",
            parser=values.decimal(limits.TIME),
            metavar="S",
            help="Second at which --text disappears. Default: the end. Example: `--end 6`",
        ),
    ] = None,
    speech: options.Speech = False,
    language: options.Language = None,
    no_fillers: options.NoFillers = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="FILE",
            help="The captioned video. Default: NAME-captioned.mp4 in the current folder. "
            "Example: `-o dough-text.mp4`",
        ),
    ] = None,
    preset: options.PresetName = options.DEFAULT_PRESET,
    font: options.FontFile = None,
    *,
    output: option_groups.OutputOptions,
) -> None:
    """Add captions to any video, and change nothing else.

    The captions come from a file, from --text, or from what people say.

    Example: `btsclip caption dough.mp4 --captions dough.srt`
    """
    captions = _captions_file(video, texts_file, captions)
    _check_source(captions, text, speech)
    _check_times(text, start, end)
    from btsclip.captions import CaptionsFile, read_captions
    from btsclip.planning import caption_video as work, check_speech_options

    check_speech_options(language, not no_fillers, speech)
    places.take(video, "caption")
    reporting.add_font(font)

    with reporting.progress() as progress:
        if captions:
            texts = read_captions(captions)
        elif speech:
            texts = CaptionsFile(
                work.cues_of_speech(video, preset, language, progress.step, fillers=not no_fillers)
            )
        else:
            texts = CaptionsFile(work.cue_of_text(video, text or "", start, end))
        result = work.caption_video(
            video,
            texts.cues,
            out,
            preset_name=preset,
            force=output.force,
            keep=[captions] if captions else [],
            warnings=texts.warnings,
            report=progress.step,
        )
    reporting.warn(result.path.name, result.warnings)
    if output.as_json:
        reporting.print_json(work.caption_json(result))
    else:
        drawn = count(len(result.captions), "caption")
        typer.echo(reporting.one_line(f"{drawn} on {result.path}"))


def _captions_file(video: Path, second: Path | None, captions: Path | None) -> Path | None:
    """The captions file, given with --captions or after the video.

    Raises UsageError for a second argument that is not a captions file.
    """
    if second is None:
        return captions
    if captions is not None:
        raise UsageError(str(second), "cannot be used with --captions", "give one captions file")
    if places.kind_of(second) in ("video", "clip") and places.kind_of(video) == "captions":
        line = f"btsclip caption {shlex.quote(str(second))} {shlex.quote(str(video))}"
        raise UsageError(str(second), "is the video and must come first", f"write {line}")
    if places.kind_of(second) == "missing" and not second.suffix:
        line = f"--text {shlex.quote(str(second))}"
        raise UsageError(str(second), "is not a file", f"to write that text, give {line}")
    return second


def _check_source(captions: Path | None, text: str | None, speech: bool) -> None:
    """Raise UsageError unless there is exactly one source of captions."""
    cure = "give one of --captions FILE, --text TEXT and --speech"
    sources = (captions is not None) + (text is not None) + speech
    if sources == 0:
        raise UsageError("caption", "has no captions to write", cure)
    if sources > 1:
        raise UsageError("caption", "has more than one source of captions", cure)


def _check_times(text: str | None, start: float | None, end: float | None) -> None:
    """Raise UsageError for times without a text, or in the wrong order."""
    if text is None:
        if start is not None or end is not None:
            name = "--end" if start is None else "--start"
            raise UsageError(name, "needs --text", "leave it out: other captions have their times")
    elif not text.strip():
        raise UsageError("--text", "is empty", "write the caption")
    elif end is not None and end <= (start or 0.0):
        cause = f"is not after --start {start:g}" if start else "leaves no time"
        raise UsageError(f"--end {end:g}", cause, "give a later end")
