"""A font of the user's own: added for one run, beside the shipped ones."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from btsclip.captions import fonts
from btsclip.captions.fonts import FONTS, Font
from btsclip.errors import CaptionError

ENDINGS = (".ttf", ".otf", ".ttc")
# libass finds added fonts by these names, so that neither a font of the same name that is installed
# nor a sign in the name that means something in ASS can get in the way.
NAME = "btsclip own {}"
# The records of a font's name that libass looks at: family, whole name, PostScript's.
NAMED = (1, 4, 6)
FOLDER, REGULAR = "fonts", 400


@dataclass(frozen=True)
class AddedFont:
    """A font that was added, and whether it is a variable one, of which the default is drawn."""

    family: str
    variable: bool


def use_font(path: Path) -> AddedFont:
    """Adds the font file at `path`, the first face of a collection, for the rest of this process.

    Its family may then be named in a preset, and is tried first for characters that the preset's
    own font lacks. Raises CaptionError for a file that is missing or no font that can be drawn.
    """
    from fontTools.ttLib import TTFont, TTLibError

    if path.suffix.lower() not in ENDINGS:
        raise CaptionError(path, "is no font file", f"name one that ends in {', '.join(ENDINGS)}")
    try:
        with TTFont(path, fontNumber=0, lazy=True) as file:
            if not {"glyf", "CFF ", "CFF2"} & set(file.keys()):
                raise CaptionError(path, "has no outlines to draw", "name another font file")
            ends = (entry.offset + entry.length for entry in file.reader.tables.values())
            if max(ends) > path.stat().st_size:
                raise CaptionError(path, "is cut short", "copy it again")
            described = fonts.describe(
                file, path.resolve(), NAME.format(len(fonts.added_fonts()) + 1)
            )
            variable = "fvar" in file
    except OSError as error:
        raise CaptionError(
            path, f"can't be read ({error.strerror or error})", "check the name"
        ) from error
    # A damaged font fails in any of fontTools' many readers.
    except (TTLibError, KeyError, ValueError, AssertionError, AttributeError, IndexError) as error:
        raise CaptionError(
            path, f"is no font that can be read ({error})", "name another"
        ) from error
    if not described.characters:
        raise CaptionError(path, "has no characters of Unicode", "name another font file")
    fonts.add(described)
    return AddedFont(described.family, variable)


def fonts_folder(staging: Path) -> Path:
    """The folder of all fonts of this run, for libass: the shipped one, or, with added fonts, one
    in `staging` that holds both."""
    added = fonts.added_fonts()
    if not added:
        return FONTS
    folder = staging / FOLDER
    folder.mkdir(exist_ok=True)
    for path in FONTS.glob("*.ttf"):
        _put(path, folder / path.name)
    for number, font in enumerate(added):
        _write_named(font, folder / f"own{number}.ttf")
    return folder


def _put(path: Path, target: Path) -> None:
    """A link to `path`, or a copy where there are no links, as on some Windows systems."""
    if target.exists():
        return
    try:
        target.symlink_to(path)
    except (OSError, NotImplementedError):
        shutil.copyfile(path, target)


def _write_named(font: Font, target: Path) -> None:
    """The font at `target` under the name that libass is told."""
    from fontTools.ttLib import TTFont

    with TTFont(font.path, fontNumber=0, lazy=True, recalcTimestamp=False) as file:
        names = file["name"]
        names.names = [record for record in names.names if record.nameID not in (*NAMED, 16, 17)]
        for record in NAMED:
            names.setName(font.name, record, 3, 1, 0x409)
        # Asked for at this weight, it is drawn as it is: neither thickened nor passed over.
        file["OS/2"].usWeightClass = REGULAR
        file.save(target)
