"""Text in pictures: how wide it is, which font draws it, and what is left out when room is short.

The shipped fonts (captions/fonts) draw all of it, so that both writers agree on widths. Characters
that none of them has are left to the viewer's fonts in SVG and drawn as a box in pixels.
"""

from __future__ import annotations

import itertools
import unicodedata
from functools import lru_cache

from btsclip.captions.fonts import Font, shipped_fonts
from btsclip.captions.lines import clusters, wrap_text

FAMILIES = ("Inter", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans SC", "Noto Sans KR")
# Width in ems allowed for a character that is left to another font: an emoji is about 1.3 wide.
UNKNOWN_WIDTH = 1.4
JOINERS = "\u200c\u200d"
RIGHT_TO_LEFT = ("R", "AL")


def clean(text: str) -> str:
    """`text` as one line without characters that XML forbids or that would turn its neighbours
    round: file names may hold line breaks, direction marks and undecodable bytes."""
    kept = []
    for character in " ".join(text.split()):
        if unicodedata.category(character) == "Cf" and character not in JOINERS:
            continue
        drawable = character.isprintable() or character in JOINERS
        kept.append(character if drawable else "?")
    return "".join(kept)


@lru_cache(maxsize=4096)
def family_of(character: str) -> str | None:
    """The first shipped family that has `character`."""
    fonts = shipped_fonts()
    return next((name for name in FAMILIES if ord(character) in fonts[name].characters), None)


def font_of(family: str | None) -> Font:
    """The font that draws a run; the first one draws its box for what no font has."""
    return shipped_fonts()[family or FAMILIES[0]]


def width(text: str, size: float) -> float:
    """Pixels that `text` takes at an em of `size`, at most: kerning makes it a little narrower."""
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
    """Whether it only changes its neighbours: joiners, marks of variants."""
    return character in JOINERS or 0xFE00 <= ord(character) <= 0xFE0F


def shorten(text: str, size: float, room: float) -> str:
    """`text`, with its middle left out where it is wider than `room`: names differ at both ends."""
    if width(text, size) <= room:
        return text
    parts = clusters(text)
    for kept in range(len(parts) - 1, 0, -1):
        tail = kept // 3
        shorter = "".join(parts[: kept - tail]) + "…" + "".join(parts[len(parts) - tail :])
        if width(shorter, size) <= room:
            return shorter
    return "…" if width("…", size) <= room else ""


def lines(text: str, size: float, room: float, most: int) -> tuple[str, ...]:
    """`text` in at most `most` lines of `room` pixels; the last one is shortened where it must."""
    found = wrap_text(text, room, lambda line: width(line, size))
    if len(found) <= most:
        return found
    return (*found[: most - 1], shorten(" ".join(found[most - 1 :]), size, room))


def visual_runs(text: str) -> list[tuple[str | None, bool, str]]:
    """`text` as (family, right to left, run) from left to right on the page.

    Within a run characters stay in reading order. The line itself runs left to right; what stands
    between two right-to-left characters, and numbers after one, goes with them: the part of the
    Unicode bidirectional algorithm (UAX 9) that names of files need.
    """
    rows = list(zip(_directions(text), text, strict=True))
    runs: list[tuple[str | None, bool, str]] = []
    for backwards, block in itertools.groupby(rows, key=lambda row: row[0]):
        pieces = [(f, backwards, run) for f, run in _by_family("".join(c for _, c in block))]
        runs += reversed(pieces) if backwards else pieces
    return runs


def _directions(text: str) -> list[bool]:
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


def _by_family(text: str) -> list[tuple[str | None, str]]:
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
