"""The shipped fonts: what characters they have and how wide a text in them is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from btsclip.errors import CaptionError, ToolError

if TYPE_CHECKING:
    import uharfbuzz

FONTS = Path(__file__).parent / "fonts"
# Tried in this order for characters that the asked-for family does not have.
FALLBACKS = ("Inter", "Noto Sans Arabic", "Noto Sans Hebrew")


@dataclass(frozen=True)
class Font:
    """One family: its file, the characters it has, its em, its Windows ascent and descent, and
    the height of capitals, all in font units.
    """

    family: str
    path: Path
    characters: frozenset[int]
    em: int
    ascent: int
    descent: int
    capital: int

    def width(self, text: str, size: float) -> float:
        """Width of `text` in pixels with an em of `size` pixels, shaped as libass shapes it: with
        HarfBuzz, kerning, joined letters and ligatures."""
        return advance(self.path, text) * size / self.em

    def ass_size(self, size: float) -> float:
        """The ASS font size that makes the em `size` pixels.

        libass, like VSFilter, takes a size for the Windows ascent plus descent, which is another
        share of the em in every font.
        """
        return size * (self.ascent + self.descent) / self.em


@lru_cache(maxsize=1)
def shipped() -> dict[str, Font]:
    """All shipped fonts by family name. Raises ToolError when there are none."""
    from fontTools.ttLib import TTFont

    fonts = {}
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as file:
            family = str(file["name"].getDebugName(1))
            characters = frozenset(file.getBestCmap())
            em = file["head"].unitsPerEm
            lines = file["OS/2"]
            heights = lines.usWinAscent, lines.usWinDescent, lines.sCapHeight
        fonts[family] = Font(family, path, characters, em, *heights)
    if not fonts:
        raise ToolError(FONTS, "the fonts are missing", "reinstall btsclip")
    return fonts


def font(family: str) -> Font:
    """The shipped font of that family. Raises CaptionError when there is none."""
    fonts = shipped()
    if family not in fonts:
        raise CaptionError(
            family, "no such font family", f"use one of {', '.join(sorted(fonts))} in the preset"
        )
    return fonts[family]


def split_by_font(text: str, family: str) -> list[tuple[Font, str]]:
    """`text` in runs, each with a font that has all its characters; `family` where it can.

    Raises CaptionError naming the characters that no shipped font has.
    """
    choices = [font(family), *(shipped()[name] for name in FALLBACKS if name in shipped())]
    runs: list[tuple[Font, str]] = []
    missing: list[str] = []
    leading = ""
    for character in text:
        last = runs[-1][0] if runs else None
        if _is_silent(character):
            # Goes with its neighbour: another font would change the line's height.
            if last is None:
                leading += character
            else:
                runs[-1] = (last, runs[-1][1] + character)
            continue
        able = [f for f in choices if ord(character) in f.characters]
        if not able:
            missing.append(character)
            continue
        # A blank or a comma goes with the run it stands in: Arabic would be torn apart else.
        neutral = not character.isalnum() and last in able
        if last is not None and (neutral or able[0] is last):
            runs[-1] = (last, runs[-1][1] + character)
        else:
            runs.append((able[0], leading + character))
            leading = ""
    if missing:
        raise CaptionError(
            f"caption {text!r}",
            f"no font has {name_characters(missing)}",
            "leave them out",
        )
    return runs or [(choices[0], leading)]


def text_width(text: str, family: str, size: float) -> float:
    """Width in pixels of `text` with an em of `size`, each character in the font that has it."""
    return sum(font.width(run, size) for font, run in split_by_font(text, family))


@lru_cache(maxsize=4096)
def advance(path: Path, text: str) -> int:
    """The advance of `text`, all of one font and direction, in units of the font at `path`."""
    import uharfbuzz

    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(_shaper(path), buffer)
    return sum(position.x_advance for position in buffer.glyph_positions)


@lru_cache(maxsize=32)
def _shaper(path: Path) -> uharfbuzz.Font:
    import uharfbuzz

    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path)))


def name_characters(characters: Iterable[str]) -> str:
    """Each distinct character with its code, for an error message."""
    return ", ".join(f"{c} (U+{ord(c):04X})" for c in dict.fromkeys(characters))


def _is_silent(character: str) -> bool:
    """Joiners, direction marks and line breaks draw nothing themselves."""
    return unicodedata.category(character) in ("Cc", "Cf") or 0xFE00 <= ord(character) <= 0xFE0F
