"""Captions that somebody wrote elsewhere: SRT, WebVTT, ASS, or a table of times and texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from btsclip.captions import subtitle_files
from btsclip.captions.cues import Cue
from btsclip.captions.lines import flow_lines
from btsclip.captions.subtitle_files import TimedText, signed_seconds
from btsclip.captions.timing import SPEED
from btsclip.errors import CaptionError
from btsclip.media.tables import Row, read_exported, read_rows
from btsclip.wording import first_few

SUFFIXES = (".srt", ".vtt", ".ass", ".csv")
# Seconds that a text of a table is shown at most, unless reading it takes longer.
LONGEST = 4.0
# Texts that one warning or error names at most.
NAMED = 3


@dataclass(frozen=True)
class CaptionsFile:
    """The texts of a captions file, and warnings that name those that were left out."""

    cues: tuple[Cue, ...]
    warnings: tuple[str, ...] = ()


def read_captions(path: Path) -> CaptionsFile:
    """The texts of a captions file with their times in seconds of the footage, in their order.

    Markup is taken out and lines are joined, but those of two speakers stay lines. Texts that can
    never be shown, since they take no time or end before the footage begins, are left out with a
    warning; empty ones without. In a .csv table of two columns (time, text) each text is shown
    until the next one, for LONGEST seconds or as long as it takes to read.
    Raises CaptionError naming the file, the line at fault and what to do.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise CaptionError(
            path, "is no captions file that can be read", f"name one of {', '.join(SUFFIXES)}"
        )
    text = read_exported(path, CaptionError)
    texts = _from_table(path, text) if suffix == ".csv" else subtitle_files.read(path, text, suffix)
    texts = [timed for timed in texts if timed.text]
    if not texts:
        like = subtitle_files.time_format(suffix)
        raise CaptionError(path, "holds no captions", f"write texts with times, as {like}")
    read = _that_take_time(path, texts)
    if not read.cues:
        raise CaptionError(
            f"{path}:{texts[0].line}", f"{texts[0].text!r} can never be shown, nor can any other",
            "let texts end after they start, and after the footage begins",
        )  # fmt: skip
    return read


def _that_take_time(path: Path, texts: Iterable[TimedText]) -> CaptionsFile:
    """The texts that are seen for a time, once each, and warnings of the others."""
    cues: dict[Cue, None] = {}
    brief, early = [], []
    for timed in texts:
        name = f"{timed.text!r} (line {timed.line})"
        if timed.end <= timed.start:
            brief.append(name)
        elif timed.end <= 0:
            early.append(name)
        else:
            # Some programs write a text once for its outline and again for its letters.
            cues[Cue(timed.text, max(0.0, timed.start), timed.end)] = None
    reasons = (("a text must end after it starts", brief), ("the footage begins later", early))
    return CaptionsFile(
        tuple(sorted(cues, key=lambda cue: (cue.start, cue.end))),
        tuple(
            f"{path}: left out {first_few(names, NAMED)}: {why}" for why, names in reasons if names
        ),
    )


def _from_table(path: Path, text: str) -> list[TimedText]:
    like = f"write {subtitle_files.time_format('.csv')}"
    # A comma can also be part of a time or a text, so the semicolon wins a tie.
    rows = read_rows(path, text, CaptionError, score=_count_timed, separators=";,")
    texts: list[TimedText] = []
    for place, (number, cells) in enumerate(rows):
        start = signed_seconds(cells[0])
        if start is None and place == 0 and not re.match(r"\s*-?\d", cells[0]):
            continue  # the header
        where = f"{path}:{number}"
        if start is None:
            raise CaptionError(where, f"{cells[0]!r} is no time", like)
        if len(cells) < 2:
            raise CaptionError(where, "has no text beside its time", like)
        if any(cell.strip() for cell in cells[2:]):
            raise CaptionError(where, "has more than two columns", 'put the text in "quotes"')
        if texts and start < texts[-1].start:
            raise CaptionError(where, f"{cells[0]!r} is before the line above", "sort them by time")
        shown = flow_lines(cells[1])
        end = start + max(LONGEST, len(shown) / SPEED)
        if texts:
            # A line without text only ends the one before it.
            texts[-1] = replace(texts[-1], end=min(texts[-1].end, start))
        texts.append(TimedText(number, shown, start, end))
    return texts


def _count_timed(rows: Sequence[Row]) -> int:
    """Count the rows with a time and a text."""
    return sum(len(cells) > 1 and signed_seconds(cells[0]) is not None for _, cells in rows)
