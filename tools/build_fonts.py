"""Extract the shipped caption fonts from their packages. For maintainers.

    python tools/build_fonts.py            write the fonts and their licenses
    python tools/build_fonts.py --check    compare with the shipped files, write nothing

Needs npm, fonttools and, for the emoji, a Debian 12 with apt. Small fonts are copied byte for byte:
packages that split a family into subsets by script would have to be merged again, which loses
kerning and marks across the subsets. The two Asian fonts are reduced to the characters in
tools/font_characters.py.
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
# Bytes of all text fonts, and of the emoji: every user downloads them.
MAX_TEXT_BYTES = 9_000_000
MAX_EMOJI_BYTES = 12_000_000
RESERVED = re.compile(r"reserved font names?\s+['\"“‘]?(\w+)", re.I)
# The records with a font's name as users see it.
NAMES = (1, 4, 6, 16)


@dataclass(frozen=True)
class Family:
    """One family: the package and member with its font, and characters of all its `scripts`.

    With `kept` the font is reduced to these characters.
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
    def license(self) -> str:
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
# Debian has the font whose emoji are pictures; the other packages have vectors, which would need a
# renderer of their own.
EMOJI_PACKAGE = "fonts-noto-color-emoji"
EMOJI_VERSION = "2.042-0+deb12u1"
EMOJI_FILE = "emoji/NotoColorEmoji.ttf"


def fetch(package: str, folder: Path) -> Path:
    """Download and unpack an npm package into `folder`; return its own folder."""
    pack = ["npm", "pack", "--silent", package]
    output = subprocess.run(pack, cwd=folder, check=True, capture_output=True, text=True).stdout
    packed = output.split()[-1]
    target = folder / packed.removesuffix(".tgz")
    with tarfile.open(folder / packed) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def fetch_debian(package: str, version: str, folder: Path) -> Path:
    """Download and unpack a Debian package into `folder`; return the folder of its files."""
    subprocess.run(
        ["apt-get", "download", "-qq", f"{package}={version}"],
        cwd=folder, check=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    packed = next(folder.glob(f"{package}_*.deb"))
    target = folder / package
    subprocess.run(["dpkg-deb", "-x", packed, target], check=True)
    return target


def examine(family: Family, path: Path) -> TTFont:
    """Open a font and check it, so that libass will find it.

    Raises SystemExit for a variable font, another family or style name, or a missing script.
    """
    font = TTFont(path, lazy=True)
    names = (font["name"].getDebugName(1), font["name"].getDebugName(2))
    if names != (family.name, family.style):
        raise SystemExit(f"{path.name}: its name is {names}, not {family.name} {family.style}")
    if "fvar" in font:
        raise SystemExit(f"{path.name}: is a variable font; libass would draw its default weight")
    missing = [c for c in family.scripts if ord(c) not in font.getBestCmap()]
    if missing:
        raise SystemExit(f"{path.name}: has no {' '.join(missing)}")
    return font


def reduce(path: Path, kept: frozenset[str]) -> bytes:
    """The font with only the characters of `kept`, without hints and tables for vertical lines."""
    options = subset.Options(
        hinting=False, glyph_names=False, notdef_outline=True, recalc_timestamp=False
    )
    options.drop_tables += ["vhea", "vmtx", "BASE", "STAT", "gasp"]
    options.layout_features = ["ccmp", "kern", "mark", "mkmk", "liga", "ljmo", "vjmo", "tjmo"]
    # Keep the names of the authors; the license is in a file beside the font.
    options.name_IDs = [*range(0, 15)]
    font = TTFont(path, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=map(ord, kept))
    subsetter.subset(font)
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def license_text(text: str, font: TTFont) -> bytes:
    """A license with the line ends of the repository.

    Raises SystemExit when it is not the OFL, or when it reserves a word in the name of `font`: then
    it is not certain that the font may be altered, or that nobody altered it before.
    """
    if "SIL OPEN FONT LICENSE Version 1.1" not in text:
        raise SystemExit("a license is not the OFL 1.1")
    head = text.partition("SIL OPEN FONT LICENSE Version 1.1")[0]
    names = " ".join(str(font["name"].getDebugName(i) or "") for i in NAMES)
    for reserved in RESERVED.findall(head):
        if reserved.lower() in names.lower():
            raise SystemExit(f"{names}: the license reserves the name {reserved}")
    lines = (line.rstrip() for line in text.splitlines())
    return ("\n".join(lines).rstrip() + "\n").encode()


def describe(file: str, data: bytes) -> None:
    """Print a row of the table in FONTS.md."""
    font = TTFont(io.BytesIO(data), lazy=True)
    version = font["name"].getDebugName(5).removeprefix("Version ").split(";")[0]
    digest = hashlib.sha256(data).hexdigest()
    print(f"{file}  {version}  {len(font.getBestCmap())} characters  {len(data)} bytes  {digest}")


def build(folder: Path) -> dict[str, bytes]:
    """All files for text, by their paths in OUT."""
    files: dict[str, bytes] = {}
    for family in FAMILIES:
        package = fetch(family.package, folder)
        path = package / family.member
        font = examine(family, path)
        files[family.file] = reduce(path, family.kept) if family.kept else path.read_bytes()
        text = (package / "LICENSE_FONT").read_text(encoding="utf-8")
        files[family.license] = license_text(text, font)
        describe(family.file, files[family.file])
    return files


def build_emoji(folder: Path) -> dict[str, bytes]:
    """The emoji font and its license, which Debian has in one file with other licenses."""
    package = fetch_debian(EMOJI_PACKAGE, EMOJI_VERSION, folder)
    path = package / "usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
    text = (package / "usr/share/doc" / EMOJI_PACKAGE / "copyright").read_text(encoding="utf-8")
    font = TTFont(path, lazy=True)
    paragraph = text.split("License:   SIL-1.1\n")[-1].split("\nLicense:")[0]
    lines = [line.strip() for line in paragraph.splitlines()]
    plain = "\n".join("" if line == "." else line for line in lines)
    ofl = license_text(f"{font['name'].getDebugName(0)}\n\n{plain}", font)
    describe(EMOJI_FILE, path.read_bytes())
    return {EMOJI_FILE: path.read_bytes(), "emoji/NotoColorEmoji-OFL.txt": ofl}


def check_size(files: dict[str, bytes], max_bytes: int) -> None:
    """Raise SystemExit when the files have more than `max_bytes` together."""
    total = sum(map(len, files.values()))
    if total > max_bytes:
        raise SystemExit(f"{total} bytes in all, more than {max_bytes}")


def main() -> None:
    """Write the fonts, or compare them with the shipped files."""
    parser = argparse.ArgumentParser(description="Extract the caption fonts from their packages.")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as name:
        files, emoji = build(Path(name)), build_emoji(Path(name))
    check_size(files, MAX_TEXT_BYTES)
    check_size(emoji, MAX_EMOJI_BYTES)
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
