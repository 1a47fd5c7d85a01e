"""Takes the shipped caption fonts out of the npm packages that hold them. For maintainers.

    python tools/build_fonts.py            write the fonts and their licences
    python tools/build_fonts.py --check    compare with the shipped files, write nothing

Needs npm and fonttools. Fonts are taken whole and byte for byte: packages that cut a family into
subsets by script would have to be merged again, which loses kerning and marks across the cuts.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont

OUT = Path(__file__).resolve().parent.parent / "src" / "btsclip" / "captions" / "fonts"
LARGEST_TOTAL = 3_000_000


@dataclass(frozen=True)
class Family:
    """One family: where its font is, and a character of each script it is shipped for."""

    name: str
    style: str
    package: str
    member: str
    scripts: str

    @property
    def file(self) -> str:
        return f"{self.stem}-{self.style}.ttf"

    @property
    def licence(self) -> str:
        return f"{self.stem}-OFL.txt"

    @property
    def stem(self) -> str:
        return self.name.replace(" ", "")


FAMILIES = (
    Family(
        "Anton",
        "Regular",
        "@expo-google-fonts/anton@0.4.2",
        "400Regular/Anton_400Regular.ttf",
        "AzéłİộƠ",
    ),
    Family(
        "Inter",
        "Bold",
        "@expo-google-fonts/inter@0.4.2",
        "700Bold/Inter_700Bold.ttf",
        "AzéłİộƠΩώἄЖїґҚ",
    ),
    Family(
        "Noto Sans Arabic",
        "Bold",
        "@expo-google-fonts/noto-sans-arabic@0.4.3",
        "700Bold/NotoSansArabic_700Bold.ttf",
        "بپچیڈہ١۴،؟",
    ),
    Family(
        "Noto Sans Hebrew",
        "Bold",
        "@expo-google-fonts/noto-sans-hebrew@0.4.1",
        "700Bold/NotoSansHebrew_700Bold.ttf",
        "אבגםץ״־₪",
    ),
)


def fetch(package: str, folder: Path) -> Path:
    """Downloads and unpacks an npm package into `folder`; returns its own folder."""
    pack = ["npm", "pack", "--silent", package]
    said = subprocess.run(pack, cwd=folder, check=True, capture_output=True, text=True).stdout
    packed = said.split()[-1]
    target = folder / packed.removesuffix(".tgz")
    with tarfile.open(folder / packed) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def examine(family: Family, path: Path) -> TTFont:
    """The font, after making sure that libass will find it and that it is what it should be.

    Raises SystemExit for a variable font, another family or style name, or a missing script.
    """
    font = TTFont(path, lazy=True)
    names = (font["name"].getDebugName(1), font["name"].getDebugName(2))
    if names != (family.name, family.style):
        raise SystemExit(f"{path.name}: is called {names}, not {family.name} {family.style}")
    if "fvar" in font:
        raise SystemExit(f"{path.name}: is a variable font; libass would draw its default weight")
    missing = [c for c in family.scripts if ord(c) not in font.getBestCmap()]
    if missing:
        raise SystemExit(f"{path.name}: has no {' '.join(missing)}")
    return font


def licence_text(package: Path) -> bytes:
    """The family's licence, with line ends as everywhere in the repository.

    Raises SystemExit when it is not the OFL, or when it reserves a name: this script would have to
    be sure then that the file was not altered on its way into the package.
    """
    text = (package / "LICENSE_FONT").read_text(encoding="utf-8")
    head, found, _ = text.partition("SIL OPEN FONT LICENSE Version 1.1")
    if not found:
        raise SystemExit(f"{package}: LICENSE_FONT is not the OFL 1.1")
    if "reserved font name" in head.lower():
        raise SystemExit(f"{package}: the licence reserves a font name")
    lines = (line.rstrip() for line in text.splitlines())
    return ("\n".join(lines).rstrip() + "\n").encode()


def build(folder: Path) -> dict[str, bytes]:
    """All files to ship by name; prints the rows of the table in FONTS.md."""
    files: dict[str, bytes] = {}
    for family in FAMILIES:
        package = fetch(family.package, folder)
        path = package / family.member
        font = examine(family, path)
        files[family.file] = path.read_bytes()
        files[family.licence] = licence_text(package)
        version = font["name"].getDebugName(5).removeprefix("Version ").split(";")[0]
        size, count = len(files[family.file]), len(font.getBestCmap())
        digest = hashlib.sha256(files[family.file]).hexdigest()
        print(f"{family.file}  {version}  {count} characters  {size} bytes  {digest}")
    total = sum(map(len, files.values()))
    if total > LARGEST_TOTAL:
        raise SystemExit(f"{total} bytes in all, more than {LARGEST_TOTAL}")
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description="Take the caption fonts out of their packages.")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as name:
        files = build(Path(name))
    if check:
        different = [n for n, d in files.items() if (OUT / n).read_bytes() != d]
        if different:
            raise SystemExit(f"not as shipped: {', '.join(different)}")
        print("all as shipped")
        return
    OUT.mkdir(parents=True, exist_ok=True)
    for file, data in files.items():
        (OUT / file).write_bytes(data)


if __name__ == "__main__":
    main()
