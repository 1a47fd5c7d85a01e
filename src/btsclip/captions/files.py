"""Captions files from elsewhere: SRT, WebVTT, ASS, or a table of times and texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from btsclip.captions.cues import Cue
from btsclip.captions.lines import flow_lines
from btsclip.captions.subtitles import TimedText, read_subtitles, signed_seconds, time_format
from btsclip.captions.timing import CHARACTERS_PER_SECOND
from btsclip.errors import CaptionError
from btsclip.media import Row, read_exported, read_rows
from btsclip.wording import first_few

SUFFIXES = (".srt", ".vtt", ".ass", ".csv")
# A text of a table is shown for this many seconds at most, unless it takes longer to read.
MAX_TABLE_SECONDS = 4.0
# The number of texts that one warning or error names at most.
MAX_NAMED = 3


@dataclass(frozen=True)
class CaptionsFile:
    """The texts of a captions file, and warnings that name the texts left out."""

    cues: tuple[Cue, ...]
    warnings: tuple[str, ...] = ()


def read_captions(path: Path) -> CaptionsFile:
    """The texts of a captions file in order, with their times in seconds of the footage.

    Markup is removed and lines are joined, except the lines of two speakers. Texts without a
    duration, or that end before the footage begins, are left out with a warning; empty texts are
    left out without one. In a .csv table of two columns (time, text) each text is shown until the
    next one, for MAX_TABLE_SECONDS or the time it takes to read.

    Raises CaptionError naming the file, the line at fault and the cure.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise CaptionError(
            path, "is not a readable captions file", f"use one of {', '.join(SUFFIXES)}"
        )
    text = read_exported(path, CaptionError)
    texts = _read_table(path, text) if suffix == ".csv" else read_subtitles(path, text, suffix)
    texts = [timed for timed in texts if timed.text]
    if not texts:
        example = time_format(suffix)
        raise CaptionError(path, "has no captions", f"write texts with times, as {example}")
    captions = _keep_visible(path, texts)
    if not captions.cues:
        raise CaptionError(
            f"{path}:{texts[0].line}", f"{texts[0].text!r} and all other texts are never visible",
            "let texts end after they start, and after the footage begins",
        )  # fmt: skip
    return captions


def _keep_visible(path: Path, texts: Iterable[TimedText]) -> CaptionsFile:
    """The texts that are visible for a time, without duplicates, and warnings for the others."""
    cues: dict[Cue, None] = {}
    without_time, too_early = [], []
    for timed in texts:
        name = f"{timed.text!r} (line {timed.line})"
        if timed.end <= timed.start:
            without_time.append(name)
        elif timed.end <= 0:
            too_early.append(name)
        else:
            # Some programs write a text twice, for its outline and for its letters.
            cues[Cue(timed.text, max(0.0, timed.start), timed.end)] = None
    reasons = (
        ("a text must end after it starts", without_time), ("the footage begins later", too_early),
    )  # fmt: skip
    return CaptionsFile(
        tuple(sorted(cues, key=lambda cue: (cue.start, cue.end))),
        tuple(
            f"{path}: left out {first_few(names, MAX_NAMED)}: {why}"
            for why, names in reasons
            if names
        ),
    )


def _read_table(path: Path, text: str) -> list[TimedText]:
    """The texts of a table, each until the next one."""
    cure = f"write {time_format('.csv')}"
    # A comma can also be part of a time or a text, so the semicolon wins a tie.
    rows = read_rows(path, text, CaptionError, score=_count_timed, separators=";,")
    texts: list[TimedText] = []
    for index, (number, cells) in enumerate(rows):
        start = signed_seconds(cells[0])
        if start is None and index == 0 and not re.match(r"\s*-?\d", cells[0]):
            continue  # the header
        subject = f"{path}:{number}"
        if start is None:
            raise CaptionError(subject, f"{cells[0]!r} is not a time", cure)
        if len(cells) < 2:
            raise CaptionError(subject, "has no text after its time", cure)
        if any(cell.strip() for cell in cells[2:]):
            raise CaptionError(subject, "has more than two columns", 'put the text in "quotes"')
        if texts and start < texts[-1].start:
            cause = f"{cells[0]!r} is earlier than the line above"
            raise CaptionError(subject, cause, "sort the lines by time")
        body = flow_lines(cells[1])
        end = start + max(MAX_TABLE_SECONDS, len(body) / CHARACTERS_PER_SECOND)
        if texts:
            # A line without text only ends the text before it.
            texts[-1] = replace(texts[-1], end=min(texts[-1].end, start))
        texts.append(TimedText(number, body, start, end))
    return texts


def _count_timed(rows: Sequence[Row]) -> int:
    """Count the rows with a time and a text."""
    return sum(len(cells) > 1 and signed_seconds(cells[0]) is not None for _, cells in rows)
