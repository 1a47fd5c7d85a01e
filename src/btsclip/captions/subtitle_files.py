"""Subtitles as editors, platforms and speech programs write them: SRT, WebVTT and ASS."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from btsclip.captions.clock import seconds_of
from btsclip.captions.lines import flow_lines
from btsclip.errors import CaptionError

_STAMP = {
    ".srt": r"-?\d{1,2}:\d{1,2}:\d{1,2}[.,]\d{1,3}",
    ".vtt": r"-?(?:\d{1,4}:)?\d{2}:\d{2}\.\d{2,3}",
}
_ARROW = re.compile(r"\s*-?\d.*-->")
# The number of the next text, in SRT.
_NEXT_NUMBER = re.compile(r"(?:^|\n)[^\S\n]*\d+\s*$")
_BREAK = re.compile(r"<\s*br\s*/?\s*>", re.IGNORECASE)
# Tags, commands of ASS, which some programs write into SRT, and times of words in WebVTT.
_MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z][^>]*>|\{\\[^}]*\}|<[\d:.]+>")
# Who says what follows, in WebVTT: <v Ana> or <v.loud Ana>.
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
# In ASS: what is in braces, and in it from where on signs are commands of a drawing (1) or not (0).
_BRACES = re.compile(r"(\{[^}]*\})")
_DRAWING = re.compile(r"\\p\s*(\d+)")


@dataclass(frozen=True)
class TimedText:
    """A text, the line of its file that has its times, and these in seconds; they may be below 0 or
    run backwards."""

    line: int
    text: str
    start: float
    end: float


def read(path: Path, text: str, suffix: str) -> list[TimedText]:
    """The texts of the subtitle file at `path`, whose content is `text`, as the file has them.

    Raises CaptionError naming the file, the line at fault and what to do.
    """
    if suffix == ".ass":
        return _from_ass(path, text)
    is_vtt = text.lstrip().startswith("WEBVTT")
    if is_vtt != (suffix == ".vtt"):
        other = ".vtt" if is_vtt else ".srt"
        cause = "is WebVTT" if is_vtt else "does not begin with WEBVTT"
        raise CaptionError(f"{path}:1", cause, f"end its name in {other} if that is what it is")
    return [
        TimedText(
            number, _plain_vtt(said) if is_vtt else _plain(said), *_times(path, number, times)
        )
        for number, times, said in _blocks(text, is_vtt)
    ]


def time_format(suffix: str) -> str:
    """How times are written in files of that kind."""
    return {
        ".srt": "00:00:12,500 --> 00:00:15,000",
        ".vtt": "00:00:12.500 --> 00:00:15.000",
        ".ass": "Dialogue: lines",
        ".csv": "12.5,In it goes",
    }[suffix]


def signed_seconds(text: str) -> float | None:
    """Seconds of a time that may stand before the footage begins; None when it is no time."""
    text = text.strip()
    seconds = seconds_of(text.removeprefix("-"))
    if seconds is None:
        return None
    return round(-seconds if text.startswith("-") else seconds, 3)


def _blocks(text: str, is_vtt: bool) -> Iterator[tuple[int, str, str]]:
    """Each line of times with its number, and the text below it."""
    lines = text.split("\n")
    arrows = [number for number, line in enumerate(lines) if _ARROW.match(line)]
    for at, until in pairwise([*arrows, len(lines)]):
        said = "\n".join(lines[at + 1 : until])
        if is_vtt:
            # What follows a blank line is a note, a style or the name of the next text.
            said = re.split(r"(?:^|\n)[^\S\n]*(?:\n|$)", said, maxsplit=1)[0]
        elif until < len(lines):
            said = _NEXT_NUMBER.sub("", said)
        yield at + 1, lines[at], said


def _times(path: Path, number: int, line: str) -> tuple[float, float]:
    """The two times of a line. Raises CaptionError when it has none."""
    suffix = path.suffix.lower()
    pair = re.fullmatch(rf"\s*({_STAMP[suffix]})\s*-->\s*({_STAMP[suffix]})(?:\s.*)?", line)
    start, end = (signed_seconds(stamp) for stamp in pair.groups()) if pair else (None, None)
    if start is None or end is None:
        raise CaptionError(
            f"{path}:{number}", f"{line.strip()!r} is no pair of times",
            f"write them as {time_format(suffix)}",
        )  # fmt: skip
    return start, end


def _plain(text: str) -> str:
    return flow_lines(_MARKUP.sub("", _BREAK.sub("\n", text)))


def _plain_vtt(text: str) -> str:
    """The text without markup; where several people speak, each on a line that begins with a
    dash."""
    if len(set(_VOICE.findall(text))) > 1:
        said = [clean for part in _VOICE.split(text)[::2] if (clean := _plain(part))]
        text = "\n".join(part if part.startswith("-") else f"- {part}" for part in said)
    return html.unescape(_plain(text))


def _from_ass(path: Path, text: str) -> list[TimedText]:
    import pysubs2

    try:
        document = pysubs2.SSAFile.from_string(text, format_="ass")
    except (pysubs2.Pysubs2Error, ValueError, IndexError, KeyError) as error:
        raise CaptionError(path, f"is no ASS file ({error})", "save it again as .ass") from error
    lines = (n for n, line in enumerate(text.split("\n"), 1) if _is_event(line))
    texts = []
    for number, event in zip(lines, document.events, strict=False):
        if not event.is_comment:
            event.text = _without_drawings(event.text)
            said = flow_lines(event.plaintext)
            texts.append(TimedText(number, said, event.start / 1000, event.end / 1000))
    return texts


def _is_event(line: str) -> bool:
    return line.strip().startswith(("Dialogue:", "Comment:"))


def _without_drawings(text: str) -> str:
    """The text of an event without the commands of shapes that are drawn beside it."""
    kept, draws = [], False
    for part in _BRACES.split(text):
        for scale in _DRAWING.findall(part) if part.startswith("{") else ():
            draws = int(scale) > 0
        if part.startswith("{") or not draws:
            kept.append(part)
    return "".join(kept)
