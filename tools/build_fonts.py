"""Takes the shipped caption fonts out of the packages that hold them. For maintainers.

    python tools/build_fonts.py            write the fonts and their licences
    python tools/build_fonts.py --check    compare with the shipped files, write nothing

Needs npm, fonttools and, for the emoji, a Debian 12 with apt. Small fonts are taken whole and byte
for byte: packages that cut a family into subsets by script would have to be merged again, which
loses kerning and marks across the cuts. The two Asian ones are cut down to what
tools/font_characters.py lists.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from font_characters import chinese_and_japanese, korean
from fontTools import subset
from fontTools.ttLib import TTFont

OUT = Path(__file__).resolve().parent.parent / "src" / "btsclip" / "captions"
# What everybody downloads: for text and for emoji, in bytes.
LARGEST_TEXT, LARGEST_EMOJI = 9_000_000, 12_000_000
RESERVED = re.compile(r"reserved font names?\s+['\"“‘]?(\w+)", re.I)
# The records that hold a font's name as users see it.
NAMES = (1, 4, 6, 16)


@dataclass(frozen=True)
class Family:
    """One family: where its font is, and a character of each script it is shipped for.

    With `kept` the font is cut down to these characters.
    """

    name: str
    style: str
    package: str
    member: str
    scripts: str
    kept: frozenset[str] = frozenset()

    @property
    def file(self) -> str:
        return f"fonts/{self.stem}-{self.style}.ttf"

    @property
    def licence(self) -> str:
        return f"fonts/{self.stem}-OFL.txt"

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
    Family(
        "Noto Sans SC",
        "Bold",
        "@expo-google-fonts/noto-sans-sc@0.4.3",
        "700Bold/NotoSansSC_700Bold.ttf",
        "面麵麺饺餃働辻かヴー、。「」！～",
        chinese_and_japanese(),
    ),
    Family(
        "Noto Sans KR",
        "Bold",
        "@expo-google-fonts/noto-sans-kr@0.4.3",
        "700Bold/NotoSansKR_700Bold.ttf",
        "가힣쀍ㄱㅎ、「」",
        korean(),
    ),
)
# From Debian: only there lies the font whose emoji are pictures; the others draw them as vectors,
# which would need a renderer of their own.
EMOJI_PACKAGE, EMOJI_VERSION = "fonts-noto-color-emoji", "2.042-0+deb12u1"
EMOJI_FILE = "emoji/NotoColorEmoji.ttf"


def fetch(package: str, folder: Path) -> Path:
    """Downloads and unpacks an npm package into `folder`; returns its own folder."""
    pack = ["npm", "pack", "--silent", package]
    said = subprocess.run(pack, cwd=folder, check=True, capture_output=True, text=True).stdout
    packed = said.split()[-1]
    target = folder / packed.removesuffix(".tgz")
    with tarfile.open(folder / packed) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def fetch_debian(package: str, version: str, folder: Path) -> Path:
    """Downloads and unpacks a Debian package into `folder`; returns the folder of its files."""
    subprocess.run(
        ["apt-get", "download", "-qq", f"{package}={version}"],
        cwd=folder, check=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    packed = next(folder.glob(f"{package}_*.deb"))
    target = folder / package
    subprocess.run(["dpkg-deb", "-x", packed, target], check=True)
    return target


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


def cut_down(path: Path, kept: frozenset[str]) -> bytes:
    """The font with only the characters of `kept`, without hints and what vertical lines need."""
    options = subset.Options(
        hinting=False, glyph_names=False, notdef_outline=True, recalc_timestamp=False
    )
    options.drop_tables += ["vhea", "vmtx", "BASE", "STAT", "gasp"]
    options.layout_features = ["ccmp", "kern", "mark", "mkmk", "liga", "ljmo", "vjmo", "tjmo"]
    # The whole licence lies beside it; the names of its authors stay.
    options.name_IDs = [*range(0, 15)]
    font = TTFont(path, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=map(ord, kept))
    subsetter.subset(font)
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def licence_text(text: str, font: TTFont) -> bytes:
    """A licence with line ends as everywhere in the repository.

    Raises SystemExit when it is not the OFL, or when it reserves a word that `font` is named by:
    this script could not then be sure that the font may be altered, or was not altered on its way.
    """
    if "SIL OPEN FONT LICENSE Version 1.1" not in text:
        raise SystemExit("a licence is not the OFL 1.1")
    head = text.partition("SIL OPEN FONT LICENSE Version 1.1")[0]
    called = " ".join(str(font["name"].getDebugName(i) or "") for i in NAMES)
    for reserved in RESERVED.findall(head):
        if reserved.lower() in called.lower():
            raise SystemExit(f"{called}: the licence reserves the name {reserved}")
    lines = (line.rstrip() for line in text.splitlines())
    return ("\n".join(lines).rstrip() + "\n").encode()


def describe(file: str, data: bytes) -> None:
    """Prints a row of the table in FONTS.md."""
    font = TTFont(io.BytesIO(data), lazy=True)
    version = font["name"].getDebugName(5).removeprefix("Version ").split(";")[0]
    digest = hashlib.sha256(data).hexdigest()
    print(f"{file}  {version}  {len(font.getBestCmap())} characters  {len(data)} bytes  {digest}")


def build(folder: Path) -> dict[str, bytes]:
    """All files for text by their paths in OUT."""
    files: dict[str, bytes] = {}
    for family in FAMILIES:
        package = fetch(family.package, folder)
        path = package / family.member
        font = examine(family, path)
        files[family.file] = cut_down(path, family.kept) if family.kept else path.read_bytes()
        text = (package / "LICENSE_FONT").read_text(encoding="utf-8")
        files[family.licence] = licence_text(text, font)
        describe(family.file, files[family.file])
    return files


def build_emoji(folder: Path) -> dict[str, bytes]:
    """The emoji font and its licence, which Debian writes in one file with others'."""
    package = fetch_debian(EMOJI_PACKAGE, EMOJI_VERSION, folder)
    path = package / "usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
    text = (package / "usr/share/doc" / EMOJI_PACKAGE / "copyright").read_text(encoding="utf-8")
    font = TTFont(path, lazy=True)
    whole = text.split("License:   SIL-1.1\n")[-1].split("\nLicense:")[0]
    lines = [line.strip() for line in whole.splitlines()]
    plain = "\n".join("" if line == "." else line for line in lines)
    licence = licence_text(f"{font['name'].getDebugName(0)}\n\n{plain}", font)
    describe(EMOJI_FILE, path.read_bytes())
    return {EMOJI_FILE: path.read_bytes(), "emoji/NotoColorEmoji-OFL.txt": licence}


def check_size(files: dict[str, bytes], largest: int) -> None:
    """Raises SystemExit when the files are larger than they may be together."""
    total = sum(map(len, files.values()))
    if total > largest:
        raise SystemExit(f"{total} bytes in all, more than {largest}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Take the caption fonts out of their packages.")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as name:
        files, emoji = build(Path(name)), build_emoji(Path(name))
    check_size(files, LARGEST_TEXT)
    check_size(emoji, LARGEST_EMOJI)
    files |= emoji
    if check:
        different = [
            n for n, d in files.items() if not (OUT / n).is_file() or (OUT / n).read_bytes() != d
        ]
        if different:
            raise SystemExit(f"not as shipped: {', '.join(different)}")
        print("all as shipped")
        return
    for file, data in files.items():
        (OUT / file).parent.mkdir(parents=True, exist_ok=True)
        (OUT / file).write_bytes(data)


if __name__ == "__main__":
    main()
