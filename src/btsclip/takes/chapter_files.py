"""Group the files that are chapters of one take, by their names and clocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from btsclip.errors import FootageError
from btsclip.media import Footage, join_chapters

# GoPro: GH010123.MP4 and GH020123.MP4 are chapters 1 and 2 of take 0123. Older cameras write
# GOPR0123.MP4, then GP010123.MP4 (from GoPro's own page on file names).
GOPRO = re.compile(r"^(G[HXSL])(\d\d)(\d{4})$|^(GOPR)(\d{4})$|^(GP)(\d\d)(\d{4})$", re.I)
# DJI and others count up: DJI_0007, DJI_0008, some with the time before and a letter after it.
NUMBERED = re.compile(r"^(.*?)(\d{3,})(\D*)$")
# Seconds between the end of a chapter and the start of the next one, by clocks of full seconds.
MAX_CHAPTER_GAP = 2.0
# Cameras split takes at about 4 GB (FAT32) or at full minutes; smaller files were ended by hand.
MIN_FULL_CHAPTER_BYTES = 1_900_000_000


def join_takes(files: Sequence[Footage]) -> list[Footage]:
    """Join chapters to takes. Chapters that can't be joined are takes of their own."""
    takes: list[Footage] = []
    for chapters in group_chapters(files):
        try:
            takes.append(join_chapters(chapters))
        except FootageError:
            takes.extend(chapters)
    return takes


def group_chapters(files: Sequence[Footage]) -> list[list[Footage]]:
    """Groups of files, each the chapters of one take in order."""
    gopro: list[Footage] = []
    others: list[Footage] = []
    for footage in files:
        (gopro if GOPRO.match(footage.path.stem) else others).append(footage)
    gopro.sort(key=lambda f: _gopro_key(f.path))
    groups = [list(part) for _, part in groupby(gopro, key=lambda f: _gopro_key(f.path)[:-1])]
    for footage in sorted(others, key=lambda f: (str(f.path.parent), f.path.name)):
        if groups and _is_next_chapter(groups[-1][-1], footage):
            groups[-1].append(footage)
        else:
            groups.append([footage])
    return groups


def may_continue_in(path: Path, next_path: Path) -> bool:
    """Whether the take at `path` may continue in the file at `next_path`, by names and, if names
    only count up, by the size of the first file."""
    if path == next_path or path.parent != next_path.parent:
        return False
    if GOPRO.match(path.stem) and GOPRO.match(next_path.stem):
        return _gopro_key(path)[:-1] == _gopro_key(next_path)[:-1]
    return _has_next_number(path, next_path) and path.stat().st_size >= MIN_FULL_CHAPTER_BYTES


def _gopro_key(path: Path) -> tuple[str, str, str, int]:
    """Folder, family, take and chapter of a GoPro file."""
    match = GOPRO.match(path.stem)
    assert match
    family, chapter, take, _, old_first, _, old_chapter, old_take = match.groups()
    folder = str(path.parent)
    if family:
        return folder, family.upper(), take, int(chapter)
    return folder, "GP", old_first or old_take, int(old_chapter or 0)


def _is_next_chapter(previous: Footage, footage: Footage) -> bool:
    """Whether `footage` continues the take of `previous`: it has the next number, and began when
    the previous file, a full one, ended."""
    if previous.path.parent != footage.path.parent or previous.size < MIN_FULL_CHAPTER_BYTES:
        return False
    if not _has_next_number(previous.path, footage.path):
        return False
    if not previous.created or not footage.created:
        return False
    gap = footage.created - (previous.created + timedelta(seconds=previous.duration))
    return abs(gap.total_seconds()) <= MAX_CHAPTER_GAP


def _has_next_number(previous: Path, path: Path) -> bool:
    """Whether a name has the number after the previous name's, and the same letters behind it."""
    first, second = NUMBERED.match(previous.stem), NUMBERED.match(path.stem)
    return bool(first and second and first[3] == second[3] and int(second[2]) == int(first[2]) + 1)
