"""Builds the shipped caption fonts from the npm packages that hold them. For maintainers.

Run: python tools/build_fonts.py   (needs npm and fonttools)

The packages cut each family into subsets by script; they are merged into one static TrueType file
a family again, since libass chooses by family and falls back by glyph only between files.
"""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools.merge import Merger
from fontTools.merge.options import Options
from fontTools.ttLib import TTFont

OUT = Path(__file__).parent.parent / "src" / "btsclip" / "captions" / "fonts"


@dataclass(frozen=True)
class Family:
    """One family: its npm package, the weight to take, and the subsets in order of preference."""

    name: str
    package: str
    weight: int
    subsets: tuple[str, ...]

    @property
    def stem(self) -> str:
        """Name of the files: the family's without blanks."""
        return self.name.replace(" ", "")


FAMILIES = (
    Family("Anton", "@fontsource/anton@5.3.0", 400, ("latin", "latin-ext", "vietnamese")),
    Family(
        "Inter",
        "@fontsource/inter@5.3.0",
        700,
        ("latin", "latin-ext", "vietnamese", "greek", "greek-ext", "cyrillic", "cyrillic-ext"),
    ),
    Family("Noto Sans Arabic", "@fontsource/noto-sans-arabic@5.3.0", 700, ("arabic",)),
    Family("Noto Sans Hebrew", "@fontsource/noto-sans-hebrew@5.3.0", 700, ("hebrew",)),
)


def main() -> None:
    """Writes one TTF and one licence a family."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        for family in FAMILIES:
            package = fetch(family.package, Path(name))
            font = merge(family, package / "files", Path(name))
            rename(font, family.name)
            font.save(OUT / f"{family.stem}.ttf")
            shutil.copy(package / "LICENSE", OUT / f"{family.stem}-OFL.txt")
            size = (OUT / f"{family.stem}.ttf").stat().st_size
            print(f"{family.name}: {len(font.getBestCmap())} characters, {size / 1024:.0f} KiB")


def fetch(package: str, folder: Path) -> Path:
    """Downloads and unpacks an npm package; returns its folder."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    target = folder / packed.removesuffix(".tgz")
    with tarfile.open(folder / packed) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def merge(family: Family, files: Path, folder: Path) -> TTFont:
    """The family's subsets as one TrueType font."""
    parts = []
    for subset in family.subsets:
        stem = f"{family.package.split('/')[1].split('@')[0]}-{subset}-{family.weight}-normal"
        font = TTFont(files / f"{stem}.woff")
        font.flavor = None
        # Hinting programs of subsets can't be joined and are not used at caption sizes.
        for table in ("fpgm", "prep", "cvt ", "gasp", "STAT", "DSIG"):
            if table in font:
                del font[table]
        if "glyf" in font:
            for glyph in font["glyf"].glyphs.values():
                glyph.expand(font["glyf"])
                glyph.removeHinting()
        part = folder / f"{stem}.ttf"
        font.save(part)
        parts.append(str(part))
    return TTFont(parts[0]) if len(parts) == 1 else Merger(options=Options()).merge(parts)


def rename(font: TTFont, family: str) -> None:
    """Gives the font a plain family name, so that an ASS style finds it."""
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in (0, 5, 13, 14)]
    for record_id, value in ((1, family), (2, "Regular"), (4, family), (6, family.replace(" ", ""))):
        names.setName(value, record_id, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 400
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x21) | 0x40
    font["head"].macStyle = 0


if __name__ == "__main__":
    main()
