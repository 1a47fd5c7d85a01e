"""Fonts of the user, added to the shipped ones for one process."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from btsclip.captions import fonts
from btsclip.captions.fonts import FONTS, Font
from btsclip.errors import CaptionError

SUFFIXES = (".ttf", ".otf", ".ttc")
# libass finds added fonts by these names. They are safe from installed fonts of the same family,
# and from characters in a family name that are commands in ASS.
NAME = "btsclip own {}"
# The name records that libass reads: family, full name and PostScript name.
NAME_RECORDS = (1, 4, 6)
# The typographic family and subfamily.
TYPOGRAPHIC_RECORDS = (16, 17)
FOLDER = "fonts"
REGULAR_WEIGHT = 400


@dataclass(frozen=True)
class AddedFont:
    """The family of an added font. A `variable` font is drawn in its default instance."""

    family: str
    variable: bool


def use_font(path: Path) -> AddedFont:
    """Add the font file at `path`, or the first face of a collection, for this process.

    A preset may then name its family, and it is tried first for characters that the preset's font
    lacks. Raises CaptionError for a missing file, and for a file that is not a usable font.
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
            name = NAME.format(len(fonts.added_fonts()) + 1)
            font = fonts.read_font(file, path.resolve(), name)
            is_variable = "fvar" in file
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
    fonts.add_font(font)
    return AddedFont(font.family, is_variable)


def fonts_folder(staging: Path) -> Path:
    """The folder of all fonts, for libass: the shipped folder, or with added fonts a folder in
    `staging` with shipped and added fonts."""
    added = fonts.added_fonts()
    if not added:
        return FONTS
    folder = staging / FOLDER
    folder.mkdir(exist_ok=True)
    for path in FONTS.glob("*.ttf"):
        _link_or_copy(path, folder / path.name)
    for number, font in enumerate(added):
        _write_renamed(font, folder / f"own{number}.ttf")
    return folder


def _link_or_copy(path: Path, target: Path) -> None:
    """Link `target` to `path`, or copy the file where links are impossible, as on some Windows
    systems."""
    if target.exists():
        return
    try:
        target.symlink_to(path)
    except (OSError, NotImplementedError):
        shutil.copyfile(path, target)


def _write_renamed(font: Font, target: Path) -> None:
    """Write the font to `target` under the name by which libass finds it."""
    from fontTools.ttLib import TTFont

    with TTFont(font.path, fontNumber=0, lazy=True, recalcTimestamp=False) as file:
        names = file["name"]
        replaced = (*NAME_RECORDS, *TYPOGRAPHIC_RECORDS)
        names.names = [record for record in names.names if record.nameID not in replaced]
        for record in NAME_RECORDS:
            names.setName(font.name, record, 3, 1, 0x409)
        # libass asks for this weight. With another, it would embolden or skip the font.
        file["OS/2"].usWeightClass = REGULAR_WEIGHT
        file.save(target)
