"""Which files are the chapters of one take, by their names and clocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from btsclip.errors import FootageError
from btsclip.media.chapters import join_chapters
from btsclip.media.footage import Footage

# GoPro: GH010123.MP4, GH020123.MP4 are chapters 1 and 2 of take 0123; older ones GOPR0123.MP4, then
# GP010123.MP4 (from GoPro's own page on file names).
GOPRO = re.compile(r"^(G[HXSL])(\d\d)(\d{4})$|^(GOPR)(\d{4})$|^(GP)(\d\d)(\d{4})$", re.I)
# DJI and many others only count on: DJI_0007, DJI_0008, or with the time before and a letter after.
COUNTED = re.compile(r"^(.*?)(\d{3,})(\D*)$")
# A file that begins this near to the other's end goes on with it, in seconds, as clocks tick.
GOES_ON = 2.0
# Cameras cut takes at about 4 GB (FAT32) or at full minutes; a shorter one was ended by hand.
LEAST_CHAPTER_BYTES = 1_900_000_000


def takes_of(found: Sequence[Footage]) -> list[Footage]:
    """Files joined to takes; where one does not fit to the others, each is a take by itself."""
    takes: list[Footage] = []
    for part in chapters(found):
        try:
            takes.append(join_chapters(part))
        except FootageError:
            takes.extend(part)
    return takes


def chapters(found: Sequence[Footage]) -> list[list[Footage]]:
    """Files in groups, each the chapters of one take in order."""
    named: list[Footage] = []
    others: list[Footage] = []
    for footage in found:
        (named if GOPRO.match(footage.path.stem) else others).append(footage)
    named.sort(key=lambda f: _gopro(f.path))
    groups = [list(part) for _, part in groupby(named, key=lambda f: _gopro(f.path)[:-1])]
    for footage in sorted(others, key=lambda f: (str(f.path.parent), f.path.name)):
        if groups and _goes_on(groups[-1][-1], footage):
            groups[-1].append(footage)
        else:
            groups.append([footage])
    return groups


def may_continue_in(path: Path, other: Path) -> bool:
    """Whether the take in the file at `path` may go on in the `other` one, by their names, and
    where those only count on by size."""
    if path == other or path.parent != other.parent:
        return False
    if GOPRO.match(path.stem) and GOPRO.match(other.stem):
        return _gopro(path)[:-1] == _gopro(other)[:-1]
    return _counts_on(path, other) and path.stat().st_size >= LEAST_CHAPTER_BYTES


def _gopro(path: Path) -> tuple[str, str, str, int]:
    """Folder, family and take of a GoPro file, and its chapter."""
    match = GOPRO.match(path.stem)
    assert match
    family, chapter, take, _, old_first, _, old_chapter, old_take = match.groups()
    folder = str(path.parent)
    if family:
        return folder, family.upper(), take, int(chapter)
    return folder, "GP", old_first or old_take, int(old_chapter or 0)


def _goes_on(before: Footage, footage: Footage) -> bool:
    """Whether `footage` is the next file of the take that `before` is the last one of: the next
    number, the same kind, begun when the other, a full file, ended."""
    if before.path.parent != footage.path.parent or before.size < LEAST_CHAPTER_BYTES:
        return False
    if not _counts_on(before.path, footage.path) or not before.created or not footage.created:
        return False
    gap = footage.created - (before.created + timedelta(seconds=before.duration))
    return abs(gap.total_seconds()) <= GOES_ON


def _counts_on(before: Path, path: Path) -> bool:
    """Whether a file's name has the next number after the other's, and the same letter behind."""
    first, second = COUNTED.match(before.stem), COUNTED.match(path.stem)
    return bool(first and second and first[3] == second[3] and int(second[2]) == int(first[2]) + 1)
