"""`caption`: draw texts on a video that was made elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from btsclip.analysis import choose_sound, track_span
from btsclip.captions import (
    BusyArea,
    Cue,
    captions_of,
    cues_between,
    fit_reading_time,
    flow_lines,
    place_captions,
    preset_for_picture,
    room_for,
)
from btsclip.errors import CaptionError, NothingFound, OutputError
from btsclip.framing import Canvas, Framing, busy_boxes
from btsclip.media import Footage, probe, refuse_existing, staging
from btsclip.plan import Caption
from btsclip.planning.framing import LOOK_STEP
from btsclip.planning.result import CaptionJson
from btsclip.planning.speech import max_words_shown, spoken_cues
from btsclip.planning.text_sources import before_end, check_cues
from btsclip.presets import load_preset
from btsclip.render import burn_captions, output_files
from btsclip.signals import load_model

# Called with the name of a step and the share of it that is done, 0 to 1.
Report = Callable[[str, float], None]

# Hands and faces are tracked while captions are shown, in spans of at most this many seconds.
MAX_SPAN_SECONDS = 30.0
# Spans with shorter pauses between them are tracked as one.
MIN_PAUSE_SECONDS = 1.0
WHOLE_PICTURE = Framing("fit-blur", "frame", (), 1.0)


@dataclass(frozen=True)
class CaptionResult:
    """The finished video, its subtitles and its captions, with warnings about left-out texts."""

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
    """One text from `start` to `end` seconds of the video at `path`.

    The defaults are its beginning and its end. Raises CaptionError for an empty text, and for an
    `end` that is not after the start.
    """
    first = 0.0 if start is None else start
    last = probe(path).duration if end is None else end
    if not flow_lines(text):
        raise CaptionError("--text", "is empty", "give the text to show")
    if end is not None and end <= first:
        raise CaptionError("--end", f"{end:g} s is not after --start {first:g} s", "correct them")
    return (Cue(flow_lines(text), first, max(last, first)),)


def cues_of_speech(
    path: Path, preset_name: str, language: str | None, report: Report, *, fillers: bool = True
) -> tuple[Cue, ...]:
    """The speech in the video at `path`, without words such as "um" unless `fillers` stay.

    Raises NothingFound if nobody speaks, ToolError if the extra `speech` or its model is missing.
    """
    load_model(language=language)
    footage, preset = choose_sound(probe(path)), load_preset(preset_name)
    report("listening", 0.0)
    cues = spoken_cues(
        footage, 0.0, footage.duration, language=language, max_words=max_words_shown(preset),
        fillers=fillers,
    )  # fmt: skip
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
    """Draw `cues` on the video at `path` and write `target` with its .srt and .vtt.

    Captions keep clear of hands and faces. In a 9:16 picture they stay inside the platform's safe
    box, in any other inside a margin. The files in `keep` are never replaced, not even with
    `force`. `warnings` are added to those of the result.

    Raises FootageError, PresetError, OutputError, RenderError, and CaptionError for texts that
    can't be drawn or if all of them begin after the end.
    """
    report = report or (lambda step, share: None)
    target = target or default_target(path)
    footage = choose_sound(probe(path))
    _check_target(target, (footage.path, *keep), force)
    preset = preset_for_picture(
        load_preset(preset_name), footage.width, footage.height, footage.fps
    )
    cues, late = before_end(cues, footage.duration)
    check_cues(cues, preset)
    timed = fit_reading_time(cues, 0.0, footage.duration, room_for("speech", preset))
    busy = list(_busy_areas(footage, timed.cues, report))
    captions = place_captions(captions_of(timed.cues, "speech"), preset, busy)
    report("drawing captions", 0.0)
    *subtitles, video = burn_captions(
        footage, captions, preset, target, force=force,
        progress=lambda share: report("drawing captions", share),
    )  # fmt: skip
    sound = footage.sound.warning if footage.sound else ""
    all_warnings = (*warnings, *late, *timed.warnings, *filter(None, [sound]))
    return CaptionResult(footage.path, video, tuple(subtitles), captions, all_warnings)


def caption_json(result: CaptionResult) -> dict[str, Any]:
    """The result as JSON values, version 1."""
    return CaptionJson(
        source=str(result.source),
        path=str(result.path),
        subtitles=[str(path) for path in result.subtitles],
        captions=list(result.captions),
        warnings=list(result.warnings),
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


def _busy_areas(footage: Footage, cues: Sequence[Cue], report: Report) -> Iterator[BusyArea]:
    """The areas of hands and faces while captions are shown."""
    size = footage.width, footage.height
    canvas = Canvas(size, size)
    spans = list(_spans(cues))
    for index, (start, end) in enumerate(spans):
        report("looking for hands", index / len(spans))
        for time, box in busy_boxes(track_span(footage, start, end), WHOLE_PICTURE, canvas):
            yield BusyArea(time, time + LOOK_STEP, box)
    report("looking for hands", 1.0)


def _spans(cues: Sequence[Cue]) -> Iterator[tuple[float, float]]:
    """The spans in which captions are shown, in parts of at most MAX_SPAN_SECONDS."""
    shown: list[tuple[float, float]] = []
    for cue in cues:
        if shown and cue.start - shown[-1][1] < MIN_PAUSE_SECONDS:
            shown[-1] = (shown[-1][0], max(shown[-1][1], cue.end))
        else:
            shown.append((cue.start, cue.end))
    for start, end in shown:
        while end - start > MAX_SPAN_SECONDS:
            yield start, start + MAX_SPAN_SECONDS
            start += MAX_SPAN_SECONDS
        yield start, end
