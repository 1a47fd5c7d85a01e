"""Measure, shorten and order text in drawings.

The shipped fonts (captions/fonts) draw all text, so that SVG and pixel pictures agree on widths.
Characters that no shipped font has use the viewer's fonts in SVG, and are boxes in pixels.
"""

from __future__ import annotations

import itertools
import unicodedata
from functools import lru_cache

from btsclip.captions import Font, clusters, shipped_fonts, wrap_text

FAMILIES = ("Inter", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans SC", "Noto Sans KR")
# Width in ems of a character in an unknown font: an emoji takes about 1.3.
UNKNOWN_WIDTH = 1.4
JOINERS = "\u200c\u200d"
RIGHT_TO_LEFT = ("R", "AL")


def clean_text(text: str) -> str:
    """`text` as one line, without direction marks, and with "?" for characters that XML forbids.
    File names may have line breaks, direction marks and undecodable bytes.

    >>> clean_text("line\\nbreak\\x01.mp4")
    'line break?.mp4'
    """
    characters = []
    for character in " ".join(text.split()):
        if unicodedata.category(character) == "Cf" and character not in JOINERS:
            continue
        drawable = character.isprintable() or character in JOINERS
        characters.append(character if drawable else "?")
    return "".join(characters)


@lru_cache(maxsize=4096)
def family_of(character: str) -> str | None:
    """The first shipped family with `character`; None if no font has it."""
    fonts = shipped_fonts()
    return next((name for name in FAMILIES if ord(character) in fonts[name].characters), None)


def font_of(family: str | None) -> Font:
    """The font of a family; the first shipped font for None."""
    return shipped_fonts()[family or FAMILIES[0]]


def text_width(text: str, size: float) -> float:
    """The maximum width of `text` in pixels at an em of `size`: kerning makes it a bit narrower."""
    return sum(_advance(character) for character in text) * size


@lru_cache(maxsize=4096)
def _advance(character: str) -> float:
    if is_silent(character):
        return 0.0
    family = family_of(character)
    if family is None:
        return UNKNOWN_WIDTH
    font = font_of(family)
    return font.width(character, 1.0)


def is_silent(character: str) -> bool:
    """Whether a character only changes its neighbors: joiners and variation selectors."""
    return character in JOINERS or 0xFE00 <= ord(character) <= 0xFE0F


def shorten(text: str, size: float, room: float) -> str:
    """`text`, without its middle if it is wider than `room` pixels: names differ at both ends."""
    if text_width(text, size) <= room:
        return text
    parts = clusters(text)
    for kept in range(len(parts) - 1, 0, -1):
        tail = kept // 3
        shorter = "".join(parts[: kept - tail]) + "…" + "".join(parts[len(parts) - tail :])
        if text_width(shorter, size) <= room:
            return shorter
    return "…" if text_width("…", size) <= room else ""


def wrap_lines(text: str, size: float, room: float, max_lines: int) -> tuple[str, ...]:
    """`text` in at most `max_lines` lines of `room` pixels; the last line is shortened to fit."""
    lines = wrap_text(text, room, lambda line: text_width(line, size))
    if len(lines) <= max_lines:
        return lines
    return (*lines[: max_lines - 1], shorten(" ".join(lines[max_lines - 1 :]), size, room))


def visual_runs(text: str) -> list[tuple[str | None, bool, str]]:
    """Runs of `text` as (family, right to left, characters), from left to right on the page.

    Characters within a run are in reading order. The line runs left to right. Characters between
    two right-to-left characters, and numbers after one, run right to left, too. This is the part of
    the Unicode bidirectional algorithm (UAX 9) that file names need.
    """
    rows = list(zip(_are_right_to_left(text), text, strict=True))
    runs: list[tuple[str | None, bool, str]] = []
    for backwards, block in itertools.groupby(rows, key=lambda row: row[0]):
        characters = "".join(character for _, character in block)
        block_runs = [(family, backwards, run) for family, run in _runs_by_family(characters)]
        runs += reversed(block_runs) if backwards else block_runs
    return runs


def _are_right_to_left(text: str) -> list[bool]:
    """Whether each character runs right to left."""
    classes = [unicodedata.bidirectional(c) for c in text]
    strong: list[bool | None] = []
    last = False
    for name in classes:
        if name in (*RIGHT_TO_LEFT, "L"):
            last = name != "L"
        strong.append(last if name in (*RIGHT_TO_LEFT, "L", "EN", "AN") else None)
    resolved: list[bool] = []
    for i, direction in enumerate(strong):
        if direction is None:
            before = resolved[-1] if resolved else False
            after = next((d for d in strong[i:] if d is not None), False)
            direction = before and after
        resolved.append(direction)
    return resolved


def _runs_by_family(text: str) -> list[tuple[str | None, str]]:
    runs: list[tuple[str | None, str]] = []
    for character in text:
        last = runs[-1][0] if runs else None
        joins = is_silent(character) or (
            last is not None
            and not character.isalnum()
            and ord(character) in font_of(last).characters
        )
        family = last if runs and joins else family_of(character)
        if runs and runs[-1][0] == family:
            runs[-1] = (family, runs[-1][1] + character)
        else:
            runs.append((family, character))
    return runs
