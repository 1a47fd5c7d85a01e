"""Subtitle files: SRT and WebVTT written from captions, and SRT, WebVTT and ASS read.

Platforms, translators and search take the written files. Editing and speech programs write the
files that are read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from btsclip.captions.clock import seconds_of
from btsclip.captions.lines import flow_lines
from btsclip.errors import CaptionError
from btsclip.plan import Caption

_STAMP = {
    ".srt": r"-?\d{1,2}:\d{1,2}:\d{1,2}[.,]\d{1,3}",
    ".vtt": r"-?(?:\d{1,4}:)?\d{2}:\d{2}\.\d{2,3}",
}
_ARROW = re.compile(r"\s*-?\d.*-->")
# The number of the next text in SRT.
_NEXT_NUMBER = re.compile(r"(?:^|\n)[^\S\n]*\d+\s*$")
_BREAK = re.compile(r"<\s*br\s*/?\s*>", re.IGNORECASE)
# Tags, ASS commands, which some programs write into SRT, and times of words in WebVTT.
_MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z][^>]*>|\{\\[^}]*\}|<[\d:.]+>")
# The speaker of the following words in WebVTT: <v Ana> or <v.loud Ana>.
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
# Text in braces in ASS, and the command in it that begins (1 and more) or ends (0) a drawing.
_BRACES = re.compile(r"(\{[^}]*\})")
_DRAWING = re.compile(r"\\p\s*(\d+)")
# pysubs2 takes braces and backslashes for ASS commands and drops them. These characters of
# Unicode's private use area stand in for them.
STAND_INS = {"{": "\ue000", "}": "\ue001", "\\": "\ue002"}
# Characters that WebVTT would take for tags and entities.
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass(frozen=True)
class TimedText:
    """A text, the line of its file that has its times, and the times in seconds, which may be
    below 0 or in reverse order."""

    line: int
    text: str
    start: float
    end: float


def format_subtitles(captions: Sequence[Caption], form: Literal["srt", "vtt"]) -> str:
    """A subtitle file of one clip's captions, in the order of their times.

    It has no stickers, and of a running time only the last text.
    """
    import pysubs2

    special = str.maketrans(STAND_INS | (ENTITIES if form == "vtt" else {}))
    document = pysubs2.SSAFile()
    texts = [caption for caption in captions if caption.role not in ("sticker", "clock")]
    texts += [caption for caption in captions if caption.role == "clock"][-1:]
    for caption in sorted(texts, key=lambda caption: (caption.start, caption.end)):
        document.events.append(
            pysubs2.SSAEvent(
                start=round(caption.start * 1000),
                end=round(caption.end * 1000),
                text=flow_lines(caption.text).translate(special).replace("\n", r"\N"),
            )
        )
    text: str = document.to_string(form)
    return text.translate({ord(value): key for key, value in STAND_INS.items()})


def read_subtitles(path: Path, text: str, suffix: str) -> list[TimedText]:
    """The texts of the subtitle file at `path` with the content `text`, in the file's order.

    Raises CaptionError naming the file, the line at fault and the cure.
    """
    if suffix == ".ass":
        return _read_ass(path, text)
    is_vtt = text.lstrip().startswith("WEBVTT")
    if is_vtt != (suffix == ".vtt"):
        right_suffix = ".vtt" if is_vtt else ".srt"
        cause = "is WebVTT" if is_vtt else "does not begin with WEBVTT"
        raise CaptionError(f"{path}:1", cause, f"rename it to {right_suffix} if that is its format")
    clean = _clean_vtt if is_vtt else _clean_srt
    return [
        TimedText(number, clean(body), *_parse_times(path, number, times))
        for number, times, body in _split_texts(text, is_vtt)
    ]


def time_format(suffix: str) -> str:
    """An example of times in files with this suffix."""
    return {
        ".srt": "00:00:12,500 --> 00:00:15,000",
        ".vtt": "00:00:12.500 --> 00:00:15.000",
        ".ass": "Dialogue: lines",
        ".csv": "12.5,In it goes",
    }[suffix]


def signed_seconds(text: str) -> float | None:
    """Seconds of a time, negative before the footage begins; None for any other text.

    >>> signed_seconds("-0:01.5")
    -1.5
    """
    text = text.strip()
    seconds = seconds_of(text.removeprefix("-"))
    if seconds is None:
        return None
    return round(-seconds if text.startswith("-") else seconds, 3)


def _split_texts(text: str, is_vtt: bool) -> Iterator[tuple[int, str, str]]:
    """The number of each line of times, that line, and the text below it."""
    lines = text.split("\n")
    arrows = [number for number, line in enumerate(lines) if _ARROW.match(line)]
    for index, next_index in pairwise([*arrows, len(lines)]):
        body = "\n".join(lines[index + 1 : next_index])
        if is_vtt:
            # A blank line ends the text. A note, a style or the name of the next text follows.
            body = re.split(r"(?:^|\n)[^\S\n]*(?:\n|$)", body, maxsplit=1)[0]
        elif next_index < len(lines):
            body = _NEXT_NUMBER.sub("", body)
        yield index + 1, lines[index], body


def _parse_times(path: Path, number: int, line: str) -> tuple[float, float]:
    """The two times of a line. Raises CaptionError for a line without them."""
    suffix = path.suffix.lower()
    pair = re.fullmatch(rf"\s*({_STAMP[suffix]})\s*-->\s*({_STAMP[suffix]})(?:\s.*)?", line)
    start, end = (signed_seconds(stamp) for stamp in pair.groups()) if pair else (None, None)
    if start is None or end is None:
        raise CaptionError(
            f"{path}:{number}", f"{line.strip()!r} is not a pair of times",
            f"write times as {time_format(suffix)}",
        )  # fmt: skip
    return start, end


def _clean_srt(text: str) -> str:
    return flow_lines(_MARKUP.sub("", _BREAK.sub("\n", text)))


def _clean_vtt(text: str) -> str:
    """The text without markup; with several speakers each has a line that begins with a dash."""
    if len(set(_VOICE.findall(text))) > 1:
        turns = [clean for part in _VOICE.split(text)[::2] if (clean := _clean_srt(part))]
        text = "\n".join(turn if turn.startswith("-") else f"- {turn}" for turn in turns)
    return html.unescape(_clean_srt(text))


def _read_ass(path: Path, text: str) -> list[TimedText]:
    import pysubs2

    try:
        document = pysubs2.SSAFile.from_string(text, format_="ass")
    except (pysubs2.Pysubs2Error, ValueError, IndexError, KeyError) as error:
        cause = f"is not a valid ASS file ({error})"
        raise CaptionError(path, cause, "save it again as .ass") from error
    event_lines = (n for n, line in enumerate(text.split("\n"), 1) if _is_event(line))
    texts = []
    for number, event in zip(event_lines, document.events, strict=False):
        if not event.is_comment:
            event.text = _remove_drawings(event.text)
            body = flow_lines(event.plaintext)
            texts.append(TimedText(number, body, event.start / 1000, event.end / 1000))
    return texts


def _is_event(line: str) -> bool:
    return line.strip().startswith(("Dialogue:", "Comment:"))


def _remove_drawings(text: str) -> str:
    """The text of an event without the commands of drawings."""
    kept, in_drawing = [], False
    for part in _BRACES.split(text):
        for scale in _DRAWING.findall(part) if part.startswith("{") else ():
            in_drawing = int(scale) > 0
        if part.startswith("{") or not in_drawing:
            kept.append(part)
    return "".join(kept)
