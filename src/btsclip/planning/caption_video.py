"""`caption`: texts from anywhere, drawn on a video that was made elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from btsclip.analysis.analyze import track_span
from btsclip.captions import BusyArea, place_captions
from btsclip.captions.cues import Cue, captions_of, cues_between
from btsclip.captions.layout import room_for
from btsclip.captions.lines import flow_lines
from btsclip.captions.safezones import preset_for_picture
from btsclip.captions.timing import fit_reading_time
from btsclip.errors import CaptionError, NothingFound, OutputError
from btsclip.framing.layout import Canvas, Framing
from btsclip.framing.screen import busy_boxes
from btsclip.media.footage import Footage, probe
from btsclip.media.output import refuse_existing, staging
from btsclip.plan.model import Caption
from btsclip.planning.captions import before_end, check_cues
from btsclip.planning.result import CaptionJson
from btsclip.planning.seen import LOOK_STEP
from btsclip.planning.speech import max_words_shown, spoken_cues
from btsclip.presets.load import load_preset
from btsclip.render.burn import burn_captions, output_files
from btsclip.signals.whisper import load_model

# What is being done, and the part of it that is done, 0 to 1.
Report = Callable[[str, float], None]

# Hands and faces are looked for where captions are shown, in spans of no more than this many
# seconds; spans with less than PAUSE between them are looked at as one.
SPAN, PAUSE = 30.0, 1.0
WHOLE = Framing("fit-blur", "frame", (), 1.0)


@dataclass(frozen=True)
class CaptionResult:
    """The finished video, its subtitles, what is written on it, and what could not be read."""

    source: Path
    path: Path
    subtitles: tuple[Path, ...]
    captions: tuple[Caption, ...]
    warnings: tuple[str, ...]


def default_target(path: Path) -> Path:
    """NAME-captioned.mp4 in the current folder."""
    return Path(f"{path.stem}-captioned.mp4")


def cue_of_text(
    path: Path, text: str, start: float | None = None, end: float | None = None
) -> tuple[Cue, ...]:
    """One text from `start` to `end` seconds of the video at `path`; without them from its first
    to its last picture. Raises CaptionError when there is nothing to write or no time for it."""
    begin = 0.0 if start is None else start
    until = probe(path).duration if end is None else end
    if not flow_lines(text):
        raise CaptionError("--text", "is empty", "write what is to be seen")
    if end is not None and end <= begin:
        raise CaptionError("--end", f"{end:g} s is not after --start {begin:g} s", "correct them")
    return (Cue(flow_lines(text), begin, max(until, begin)),)


def cues_of_speech(
    path: Path, preset_name: str, language: str | None, report: Report
) -> tuple[Cue, ...]:
    """What is said in the video at `path`. Raises NothingFound when nobody speaks, ToolError when
    the extra `speech` or its model is missing."""
    load_model(language=language)
    footage, preset = probe(path), load_preset(preset_name)
    report("listening", 0.0)
    cues = spoken_cues(
        footage, 0.0, footage.duration, language=language, most_words=max_words_shown(preset)
    )
    report("listening", 1.0)
    if not cues:
        raise NothingFound(path, "nobody was heard speaking", "write with --text or --captions")
    return cues_between(cues, 0.0, footage.duration)


def caption_video(
    path: Path,
    cues: Sequence[Cue],
    target: Path | None = None,
    *,
    preset_name: str,
    force: bool = False,
    keep: Sequence[Path] = (),
    warnings: Sequence[str] = (),
    report: Report | None = None,
) -> CaptionResult:
    """Draws `cues` on the video at `path` and writes `target` with its .srt and .vtt.

    Captions stand clear of hands and faces: in a 9:16 picture inside the platform's safe box, in
    any other inside a margin. The files in `keep` are never replaced, not even with `force`. The
    result has `warnings` beside its own. Raises FootageError, PresetError, CaptionError for texts
    that can't be drawn or when all of them begin after the end, OutputError and RenderError.
    """
    say = report or (lambda what, share: None)
    target = target or default_target(path)
    footage = probe(path)
    _check_target(target, (footage.path, *keep), force)
    preset = preset_for_picture(
        load_preset(preset_name), footage.width, footage.height, footage.fps
    )
    cues, late = before_end(cues, footage.duration)
    check_cues(cues, preset)
    timed = fit_reading_time(cues, 0.0, footage.duration, room_for("speech", preset))
    busy = list(_busy(footage, timed.cues, say))
    captions = place_captions(captions_of(timed.cues, "speech"), preset, busy)
    say("drawing captions", 0.0)
    *subtitles, made = burn_captions(
        footage, captions, preset, target, force=force,
        progress=lambda share: say("drawing captions", share),
    )  # fmt: skip
    said = (*warnings, *late, *timed.warnings)
    return CaptionResult(footage.path, made, tuple(subtitles), captions, said)


def captioned_json(done: CaptionResult) -> dict[str, Any]:
    """The result as JSON values, version 1."""
    return CaptionJson(
        source=str(done.source),
        path=str(done.path),
        subtitles=[str(path) for path in done.subtitles],
        captions=list(done.captions),
        warnings=list(done.warnings),
    ).values()


def _check_target(target: Path, keep: Sequence[Path], force: bool) -> None:
    if target.suffix.lower() != ".mp4":
        raise OutputError(target, "a captioned video is an MP4 file", "end its name in .mp4")
    inputs = {path.resolve() for path in keep}
    for path in output_files(target):
        if path.resolve() in inputs:
            raise OutputError(path, "is read and would be replaced", "name another file with -o")
    if not force:
        refuse_existing(output_files(target))
    with staging(target.parent):
        pass


def _busy(footage: Footage, cues: Sequence[Cue], say: Report) -> Iterator[BusyArea]:
    """Hands and faces at the times at which captions are shown."""
    size = footage.width, footage.height
    canvas = Canvas(size, size)
    spans = list(_spans(cues))
    for number, (start, end) in enumerate(spans):
        say("looking for hands", number / len(spans))
        for time, box in busy_boxes(track_span(footage, start, end), WHOLE, canvas):
            yield BusyArea(time, time + LOOK_STEP, box)
    say("looking for hands", 1.0)


def _spans(cues: Sequence[Cue]) -> Iterator[tuple[float, float]]:
    """When captions are shown, in spans of up to SPAN seconds."""
    shown: list[tuple[float, float]] = []
    for cue in cues:
        if shown and cue.start - shown[-1][1] < PAUSE:
            shown[-1] = (shown[-1][0], max(shown[-1][1], cue.end))
        else:
            shown.append((cue.start, cue.end))
    for start, end in shown:
        while end - start > SPAN:
            yield start, start + SPAN
            start += SPAN
        yield start, end
