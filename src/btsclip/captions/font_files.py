"""Font files: what is known of a font, and reading it from its file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from btsclip.captions.shaping import advance
from btsclip.errors import CaptionError

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

SUFFIXES = (".ttf", ".otf", ".ttc")


@dataclass(frozen=True)
class Font:
    """A font family: its file and its characters, and in font units its em, its Windows ascent and
    descent, and the height of its capitals. libass finds it by `name`. A `variable` font is drawn
    in its default instance.
    """

    family: str
    path: Path
    characters: frozenset[int]
    em: int
    ascent: int
    descent: int
    capital: int
    name: str
    variable: bool = False

    def width(self, text: str, size: float) -> float:
        """Width of `text` in pixels with an em of `size` pixels, shaped as in libass: by HarfBuzz,
        with kerning, joined letters and ligatures."""
        return advance(self.path, text) * size / self.em

    def ass_size(self, size: float) -> float:
        """The ASS font size for an em of `size` pixels.

        In libass, as in VSFilter, the size is the Windows ascent plus descent, whose share of the
        em differs from font to font.
        """
        return size * (self.ascent + self.descent) / self.em


def read_font(file: TTFont, path: Path, name: str | None = None) -> Font:
    """The family and metrics of an open font file; libass finds it by `name`, or else by its
    family name."""
    family = str(file["name"].getDebugName(1))
    em, table = file["head"].unitsPerEm, file["OS/2"]
    # Very old fonts have no height of capitals.
    capital = getattr(table, "sCapHeight", 0) or round(0.7 * em)
    characters = frozenset(file.getBestCmap() or {})
    metrics = em, table.usWinAscent, table.usWinDescent, capital
    return Font(family, path, characters, *metrics, name or family, "fvar" in file)


def open_font(path: Path, name: str) -> Font:
    """The font in the file at `path`, or the first face of a collection; libass finds it by `name`.

    Raises CaptionError for a missing file, and for a file that is not a usable font.
    """
    from fontTools.ttLib import TTFont, TTLibError

    if path.suffix.lower() not in SUFFIXES:
        raise CaptionError(path, "is not a font file", f"use a file with {', '.join(SUFFIXES)}")
    try:
        with TTFont(path, fontNumber=0, lazy=True) as file:
            if not {"glyf", "CFF ", "CFF2"} & set(file.keys()):
                raise CaptionError(path, "has no outlines to draw", "use another font file")
            table_ends = (entry.offset + entry.length for entry in file.reader.tables.values())
            if max(table_ends) > path.stat().st_size:
                raise CaptionError(path, "is cut short", "copy it again")
            font = read_font(file, path.resolve(), name)
    except OSError as error:
        raise CaptionError(
            path, f"can't be read ({error.strerror or error})", "check the name"
        ) from error
    # A damaged font fails in any of fontTools' many readers.
    except (TTLibError, KeyError, ValueError, AssertionError, AttributeError, IndexError) as error:
        raise CaptionError(
            path, f"is not a readable font ({error})", "use another font file"
        ) from error
    if not font.characters:
        raise CaptionError(path, "has no Unicode characters", "use another font file")
    return font
