"""Names of files and folders by cameras, phones, editing programs and storage systems.

Each row of the tables names its source. Case never matters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Suffix:
    """A kind of file, by the suffix of its name."""

    suffix: str
    maker: str
    source: str


@dataclass(frozen=True)
class CopyName:
    """The naming pattern of files that are copies of another file.

    Attributes:
        what: The kind of copy, in words.
        name: Pattern of the whole file name.
        original: Pattern of the stem of the original, with {1}, {2} for the groups of `name`.
        beside: Whether the original must be in the same folder. If not, it may also be in the
            folder above or in one next to it.
        inside: Pattern of the folder that the copy must be in; None for any.
        certain: Whether the name always means a copy. If not, a take may have it too.
    """

    maker: str
    what: str
    name: re.Pattern[str]
    original: str
    source: str
    beside: bool = False
    inside: re.Pattern[str] | None = None
    certain: bool = True


@dataclass(frozen=True)
class Folder:
    """A folder without takes, and its content in words."""

    name: str
    what: str
    source: str


def _name(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


RAW = (
    Suffix(".braw", "Blackmagic", "Blackmagic URSA Cine manual, File Naming Convention"),
    Suffix(".braw2", "Blackmagic", "Blackmagic URSA Cine manual, File Naming Convention"),
    Suffix(".r3d", "RED, Nikon ZR", "RED, REDCINE-X PRO Operation Guide, R3D File Structure"),
    Suffix(".nev", "Nikon", "Nikon Z 9 Reference Guide, File Naming"),
    Suffix(".crm", "Canon", "libopenraw, doc/cr3.md (Cinema RAW Light)"),
    Suffix(".ari", "ARRI", "Autodesk Flame, Supported File Formats (ARRIRAW)"),
    Suffix(".arx", "ARRI", "Codex High Density Encoding (ARRIRAW HDE)"),
    Suffix(".mlv", "Magic Lantern", "FFmpeg, mlv demuxer"),
    Suffix(".cine", "Phantom", "FFmpeg, cine demuxer"),
)
SPHERES = (
    Suffix(".insv", "Insta360", "Insta360 blog, How INSV vs LRV Video Files Transfer"),
    Suffix(".360", "GoPro MAX", "GoPro support, GoPro Camera File Naming Convention"),
    Suffix(".osv", "DJI Osmo 360", "osvtoolbox on GitHub, README"),
)
# Raw formats with one file per picture.
RAW_PICTURES = (
    Suffix(".ari", "ARRI", "Autodesk Flame, Supported File Formats (ARRIRAW)"),
    Suffix(".arx", "ARRI", "Codex High Density Encoding (ARRIRAW HDE)"),
    Suffix(
        ".dng", "CinemaDNG",
        "Blackmagic Cinema Camera manual: the folder of the image sequence has the clip's name",
    ),
)  # fmt: skip

SMALL_COPY = "a small copy"
EDIT = "an edit"
_PROXY_FOLDER = _name(r"prox(?:y|ies)(?: ?media)?")

# The first matching row counts.
COPIES = (
    CopyName(
        "Insta360", SMALL_COPY, _name(r"(.*)LRV_(\d{8}_\d{6})(?:_\d\d)?_(\d+)\.\w+"),
        r"{1}VID_{2}(?:_\d\d)?_{3}", "insta.pk360.de, Insta360 file types", beside=True,
    ),
    CopyName(
        "GoPro", SMALL_COPY, _name(r"(.*)GL([A-Z\d]{2}\d{4})\.LRV"), r"{1}G[HXS]{2}",
        "GoPro support, GoPro Camera File Naming Convention; Kdenlive, externalproxies.rc",
        beside=True,
    ),
    CopyName(
        "GoPro up to HERO5, Akaso", SMALL_COPY, _name(r"(.+)\.LRV"), "{1}",
        "Kdenlive, externalproxies.rc", beside=True,
    ),
    CopyName(
        "DJI", SMALL_COPY, _name(r"(.+)\.LRF"), "{1}",
        "Kdenlive, externalproxies.rc; Shotcut, pull request 1535", beside=True,
    ),
    CopyName(
        "Sony", SMALL_COPY, _name(r"(.+?)S0[13]\.(?:MP4|MXF)"), "{1}",
        "Sony Help Guide PXW-Z200, Proxy Recording; Kdenlive, externalproxies.rc",
        inside=_name("sub"),
    ),
    CopyName(
        "Sony, moved out of its folder", SMALL_COPY, _name(r"(.*\d)S03\.MP4"), "{1}",
        "Sony Help Guide PXW-Z200, Proxy Recording", certain=False,
    ),
    CopyName(
        "Canon, Premiere Pro", SMALL_COPY, _name(r"(.+?)[ _.-]*proxy\.\w+"), "{1}",
        "Canon EOS C80 manual, Clips File Names; Adobe help, Create Proxies",
    ),
    CopyName(
        "Blackmagic, Panasonic P2, Shotcut", SMALL_COPY, _name(r"(.+)\.\w+"), "{1}",
        "Blackmagic Proxy Generator manual; Panasonic AG-CX350 manual, Proxy; Shotcut",
        inside=_PROXY_FOLDER,
    ),
    CopyName(
        "Apple", EDIT, _name(r"IMG_E(\d+.*)\.\w+"), "IMG_{1}",
        "osxphotos, help of --export-aae", beside=True,
    ),
    CopyName(
        "Google Photos", EDIT, _name(r"(.+)-edited(\(\d+\))?\.\w+"), "{1}{2}",
        "PhotoPrism, issue 1122", beside=True,
    ),
    CopyName(
        "PhotoSync, Apple Photos by osxphotos", EDIT, _name(r"(.+)_edited\.\w+"), "{1}",
        "PhotoPrism, issue 1122; osxphotos, issue 1470", beside=True,
    ),
)  # fmt: skip

# Folders whose names begin with a dot, such as .Trashes, are always skipped.
FOLDERS = (
    Folder("#recycle", "deleted files (Synology)", "Synology, Recycle Bin"),
    Folder("#snapshot", "older states of files (Synology)", "LinuxDir2HTML, issue 20"),
    Folder("@eaDir", "thumbnails (Synology)", "LinuxDir2HTML, issue 20"),
    Folder("@Recycle", "deleted files (QNAP)", "Nova Video Player, issue 1308"),
    Folder("@Recently-Snapshot", "older states (QNAP)", "Nova Video Player, issue 1308"),
    Folder("$RECYCLE.BIN", "deleted files (Windows)", "Syncthing, nukes_windows.go"),
    Folder("RECYCLER", "deleted files (Windows)", "duplicacy-script, exclude list"),
    Folder("System Volume Information", "files of Windows", "Syncthing, nukes_windows.go"),
    Folder("lost+found", "pieces of damaged files", "Syncthing, nukes_windows.go"),
    Folder("Network Trash Folder", "deleted files (macOS)", "Syncthing, nukes_darwin.go"),
    Folder("Temporary Items", "files of macOS", "Syncthing, nukes_darwin.go"),
    Folder("__MACOSX", "files of macOS", "lobe-chat, blackList.ts"),
    Folder("PXTMP", "small copies in pieces (Sony)", "Sony Help Guide PXW-Z200, Proxy Recording"),
    Folder(
        "Adobe Premiere Pro Video Previews", "previews (Premiere Pro)",
        "Adobe help, Scratch Disks",
    ),
)  # fmt: skip


def matches_suffix(path_suffix: str, rows: tuple[Suffix, ...]) -> bool:
    """Whether a file with the suffix `path_suffix` is of one of the kinds in `rows`."""
    return path_suffix.lower() in {row.suffix for row in rows}


def folder_without_takes(name: str) -> Folder | None:
    """The row for a folder of this name, or None."""
    return next((row for row in FOLDERS if row.name.casefold() == name.casefold()), None)
