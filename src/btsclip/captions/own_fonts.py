"""Fonts of the user, added to the shipped ones for one process."""

from __future__ import annotations

import shutil
from pathlib import Path

from btsclip.captions import fonts
from btsclip.captions.font_files import Font
from btsclip.captions.fonts import FONTS

# The name records that libass reads: family, full name and PostScript name.
NAME_RECORDS = (1, 4, 6)
# The typographic family and subfamily.
TYPOGRAPHIC_RECORDS = (16, 17)
FOLDER = "fonts"
REGULAR_WEIGHT = 400


def use_font(path: Path) -> Font:
    """Add the font file at `path`, or the first face of a collection, for this process.

    A preset may then name its family, and it is tried first for characters that the preset's font
    lacks. Raises CaptionError for a missing file, and for a file that is not a usable font.
    """
    return fonts.add_font(path)


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
