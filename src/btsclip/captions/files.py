"""Captions that somebody wrote elsewhere: SRT, WebVTT, ASS, or a table of times and texts."""

from __future__ import annotations

import codecs
import csv
import html
import io
import re
from collections.abc import Iterable
from pathlib import Path

from btsclip.captions.clock import seconds_of
from btsclip.captions.cues import Cue
from btsclip.captions.layout import clean
from btsclip.captions.subtitles import STAND_INS
from btsclip.captions.timing import SPEED
from btsclip.errors import CaptionError

SUFFIXES = (".srt", ".vtt", ".ass", ".csv")
# Seconds that a text of a table is shown at most, unless reading it takes longer.
LONGEST = 4.0

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
_STAMP = {
    ".srt": r"\d{1,2}:\d{1,2}:\d{1,2}[.,]\d{1,3}",
    ".vtt": r"(?:\d{1,4}:)?\d{2}:\d{2}\.\d{2,3}",
}
# Commands of ASS, which some programs write into SRT, and times of words in WebVTT.
_COMMAND, _WORD_TIME = re.compile(r"\{\\[^}]*\}"), re.compile(r"<[\d:.]+>")
_ARROW = re.compile(r"\s*-?\d.*-->")


def read_cues(path: Path) -> tuple[Cue, ...]:
    """The texts of a captions file with their times in seconds of the footage, in their order.

    Markup is taken out, lines are joined, empty texts are left out. In a .csv table of two columns
    (time, text) each text is shown until the next one, for LONGEST seconds or as long as it takes
    to read. Raises CaptionError naming the file, the line at fault and what to do.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise CaptionError(
            path, "is no captions file that can be read", f"name one of {', '.join(SUFFIXES)}"
        )
    text = _text(path)
    if suffix == ".csv":
        cues = _from_table(path, text)
    elif suffix == ".ass":
        cues = _from_ass(path, text)
    else:
        cues = _from_subtitles(path, text, suffix)
    if not cues:
        raise CaptionError(path, "holds no captions", f"write texts with times, as {_like(suffix)}")
    return tuple(sorted(cues, key=lambda cue: (cue.start, cue.end)))


def _text(path: Path) -> str:
    """The file's text, with `\\n` between lines."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise CaptionError(path, "no such file", "check the name") from None
    except IsADirectoryError:
        raise CaptionError(path, "is a folder", "name a file in it") from None
    except OSError as error:
        raise CaptionError(path, f"can't be read ({error.strerror})", "check it") from error
    coding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(coding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise CaptionError(
            f"{path}:{line}", "holds characters that are not UTF-8", "save it as UTF-8 text"
        ) from error
    if "\0" in text:
        raise CaptionError(path, "is not text", "save it as UTF-8 text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _from_subtitles(path: Path, text: str, suffix: str) -> list[Cue]:
    import pysubs2

    is_vtt = text.lstrip().startswith("WEBVTT")
    if is_vtt != (suffix == ".vtt"):
        other = ".vtt" if is_vtt else ".srt"
        cause = "is WebVTT" if is_vtt else "does not begin with WEBVTT"
        raise CaptionError(f"{path}:1", cause, f"end its name in {other} if that is what it is")
    _check_times(path, text, suffix)
    plain = _WORD_TIME.sub("", _COMMAND.sub("", text)).translate(
        {ord(key): value for key, value in STAND_INS.items()}
    )
    # pysubs2 takes a last line of digits for the next text's number: so there must be one.
    plain = _numbered(plain) if is_vtt else f"{plain}\n\n0\n"
    document = pysubs2.SSAFile.from_string(plain, format_=suffix[1:])
    back = {ord(value): key for key, value in STAND_INS.items()}
    cues = []
    for event in document.events:
        said = event.plaintext.translate(back)
        cues.append(_cue(html.unescape(said) if is_vtt else said, event.start, event.end))
    return [cue for cue in cues if cue.text]


def _numbered(text: str) -> str:
    """WebVTT with its notes, styles and names of cues taken out and each cue numbered."""
    blocks = []
    for block in re.split(r"\n[^\S\n]*\n", text):
        lines = block.strip("\n").split("\n")
        at = next((i for i, line in enumerate(lines) if _ARROW.match(line)), None)
        if at is not None:
            blocks.append("\n".join(lines[at:]))
    return "\n\n0\n".join(["WEBVTT", *blocks, ""])


def _check_times(path: Path, text: str, suffix: str) -> None:
    """Raises CaptionError for the first line of times that is none, or runs backwards."""
    pair = re.compile(rf"\s*({_STAMP[suffix]})\s*-->\s*({_STAMP[suffix]})(\s.*)?")
    for number, line in enumerate(text.split("\n"), 1):
        if not _ARROW.match(line):
            continue
        found = pair.fullmatch(line)
        if not found:
            raise CaptionError(
                f"{path}:{number}", f"{line.strip()!r} is no pair of times",
                f"write them as {_like(suffix)}",
            )  # fmt: skip
        start, end = (seconds_of(stamp) for stamp in found.groups()[:2])
        if start is None or end is None or end <= start:
            raise CaptionError(
                f"{path}:{number}", f"{line.strip()!r} does not end after it starts",
                "correct its times",
            )  # fmt: skip


def _from_ass(path: Path, text: str) -> list[Cue]:
    import pysubs2

    try:
        document = pysubs2.SSAFile.from_string(text, format_="ass")
    except (pysubs2.Pysubs2Error, ValueError, IndexError, KeyError) as error:
        raise CaptionError(path, f"is no ASS file ({error})", "save it anew as .ass") from error
    lines = [n for n, line in enumerate(text.split("\n"), 1) if line.startswith("Dialogue:")]
    events = [event for event in document.events if not event.is_comment]
    cues = []
    for number, event in zip(lines, events, strict=False):
        if event.start < 0 or event.end <= event.start:
            raise CaptionError(
                f"{path}:{number}", "does not end after it starts", "correct its times"
            )
        if not event.is_drawing:
            cues.append(_cue(event.plaintext, event.start, event.end))
    return [cue for cue in cues if cue.text]


def _cue(text: str, start: int, end: int) -> Cue:
    """A cue of a text and times in milliseconds."""
    return Cue(clean(text), start / 1000, end / 1000)


def _from_table(path: Path, text: str) -> list[Cue]:
    rows = _rows(text)
    starts: list[tuple[float, str]] = []
    for place, (number, cells) in enumerate(rows):
        at = seconds_of(cells[0])
        if at is None and place == 0 and not re.match(r"\s*-?\d", cells[0]):
            continue  # the header
        where = f"{path}:{number}"
        if at is None:
            raise CaptionError(where, f"{cells[0]!r} is no time", f"write {_like('.csv')}")
        if len(cells) < 2:
            raise CaptionError(where, "has no text beside its time", f"write {_like('.csv')}")
        if any(cell.strip() for cell in cells[2:]):
            raise CaptionError(where, "has more than two columns", 'put the text in "quotes"')
        if starts and at <= starts[-1][0]:
            raise CaptionError(where, f"{cells[0]!r} is no later than the line before", "sort them")
        starts.append((at, clean(cells[1])))
    cues = []
    ends = [at for at, _ in starts[1:]] + [float("inf")]
    for (start, said), until in zip(starts, ends, strict=False):
        # A line without text ends the one before and is none itself.
        if said:
            cues.append(Cue(said, start, min(until, start + max(LONGEST, len(said) / SPEED))))
    return cues


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows of a table with their lines, read with the separator that more rows fit."""

    def read(separator: str) -> list[tuple[int, list[str]]]:
        reader = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True)
        return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]

    def fitting(rows: Iterable[tuple[int, list[str]]]) -> int:
        return sum(len(row) > 1 and seconds_of(row[0]) is not None for _, row in rows)

    # A comma may also stand in a time or a text: in doubt it is the semicolon.
    return max(read(";"), read(","), key=fitting)


def _like(suffix: str) -> str:
    return {
        ".srt": "00:00:12,500 --> 00:00:15,000",
        ".vtt": "00:00:12.500 --> 00:00:15.000",
        ".ass": "Dialogue: lines",
        ".csv": "12.5,In it goes",
    }[suffix]
