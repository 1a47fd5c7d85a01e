"""What cameras, phones, editing programs and disks call their files and folders.

A table: each row names the page or program that it was taken from. Case never matters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Suffix:
    """A kind of file, by how its name ends."""

    suffix: str
    maker: str
    source: str


@dataclass(frozen=True)
class CopyName:
    """How files are called that show the moments of another file once more.

    `what` such a file is; `name` fits all of its name; `original` is the pattern of the other
    file's stem, with {1}, {2} for the groups of `name`. The other file lies in the same folder, or
    where it is not `beside`, also in the one above or next to it. With `inside` only files in a
    folder of that name are meant. A name that is not `certain` may also be a take's own.
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
    """A folder that holds no takes, and what it holds."""

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
# Raw that comes as one file for each picture.
RAW_PICTURES = (
    Suffix(".ari", "ARRI", "Autodesk Flame, Supported File Formats (ARRIRAW)"),
    Suffix(".arx", "ARRI", "Codex High Density Encoding (ARRIRAW HDE)"),
    Suffix(
        ".dng", "CinemaDNG",
        "Blackmagic Cinema Camera manual: the folder of the image sequence has the clip's name",
    ),
)  # fmt: skip

SMALL_COPY, EDIT = "a small copy", "an edit"
_PROXY_FOLDER = _name(r"prox(?:y|ies)(?: ?media)?")

# The first row that fits counts.
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

# Folders whose names begin with a dot, such as .Trashes, are never looked into.
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
    """Whether a file whose name ends with `path_suffix` is of one of the kinds in `rows`."""
    return path_suffix.lower() in {row.suffix for row in rows}


def folder_without_takes(name: str) -> Folder | None:
    """The row for a folder of this name, if there is one."""
    return next((row for row in FOLDERS if row.name.casefold() == name.casefold()), None)
