"""Searching for missing takes of a plan: by name near the plan, then by content."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from btsclip.media import file_name, from_document, is_remote, recorded_fingerprint, recorded_size
from btsclip.plan.model import CutPlan, Source

# Likely folders are made of a folder above the plan and the last names of the take's old folder.
MAX_FOLDERS_ABOVE = 3
MAX_FOLDER_NAMES = 3
# Bounds of a search by content, since disks and networks can be large.
MAX_DEPTH = 3
MAX_ENTRIES = 20_000

log = logging.getLogger(__name__)


class Search:
    """Finds the files of `plan`, which was read from a file in `folder`."""

    def __init__(self, folder: Path, plan: CutPlan) -> None:
        self._folder, self._written_in, self._sources = folder, plan.folder, plan.sources

    def expected(self, texts: Sequence[str]) -> list[str]:
        """The absolute paths of the files with the paths `texts` in the plan.

        They count from the plan's folder, or from the folder in which the plan was written if the
        files exist only there.
        """
        paths = [from_document(text, self._folder) for text in texts]
        if self._written_in and _size(paths) < 0:
            old_paths = [from_document(text, Path(self._written_in)) for text in texts]
            return old_paths if _size(old_paths) >= 0 else paths
        return paths

    def files_of(self, source: Source) -> list[str]:
        """The absolute paths of the files of `source`; the expected ones if they are lost."""
        paths = self.expected(source.files)
        if any(map(is_remote, [self._folder, *paths])) or _size(paths) == source.size:
            return paths
        found = self._by_name(source) or self._by_content(source)
        if found:
            log.info("%s: found as %s", paths[0], found[0])
        return found or paths

    def _by_name(self, source: Source) -> list[str] | None:
        """Files of the same names, size and content in a likely folder."""
        names = [file_name(text) for text in source.files]
        for folder in dict.fromkeys(self._likely_folders(source)):
            files = [str(folder / name) for name in names]
            if _size(files) == source.size and _has(files, source.fingerprints):
                return files
        return None

    def _likely_folders(self, source: Source) -> Iterator[Path]:
        """The take's old folder, and folders with its last names in or above the plan's folder.

        Early plans named takes from the working folder of the person who made them.
        """
        home, old = self._folder.resolve(), self._old_folder(source)
        yield old.absolute()
        names = [name for name in old.parts if name not in (old.anchor, "..")]
        for above in [home, *home.parents][:MAX_FOLDERS_ABOVE]:
            for count in range(min(MAX_FOLDER_NAMES, len(names)), -1, -1):
                yield above.joinpath(*names[len(names) - count :])

    def _old_folder(self, source: Source) -> Path:
        """The take's folder when the plan was written, as far as the plan records it."""
        if self._written_in:
            return Path(from_document(source.path, Path(self._written_in))).parent
        return Path(source.path).parent

    def _by_content(self, source: Source) -> list[str] | None:
        """Files of any name with the recorded content, near the plan or the take's old folder."""
        if len(source.fingerprints) != len(source.files):
            return None
        files = []
        for fingerprint in source.fingerprints:
            paths = self._nearby.get(recorded_size(fingerprint), ())
            path = next((str(path) for path in paths if _has([str(path)], [fingerprint])), None)
            if path is None:
                return None
            files.append(path)
        return files

    @cached_property
    def _nearby(self) -> dict[int, list[Path]]:
        """Files near the plan and its takes' old folders with a size that a take has, by size."""
        fingerprints = {mark for source in self._sources for mark in source.fingerprints}
        sizes = {recorded_size(fingerprint) for fingerprint in fingerprints}
        nearby: dict[int, list[Path]] = {}
        for path, size in _walk(self._roots()):
            if size in sizes:
                nearby.setdefault(size, []).append(path)
        return nearby

    def _roots(self) -> list[Path]:
        home = self._folder.resolve()
        roots = [home, home.parent]
        for source in self._sources:
            old = self._old_folder(source).absolute()
            roots += [old, old.parent]
        return [root for root in dict.fromkeys(roots) if root != root.parent]


def _walk(roots: Sequence[Path]) -> Iterator[tuple[Path, int]]:
    """The files in and below `roots` with their sizes in bytes, nearest to the roots first."""
    entries_left, visited = MAX_ENTRIES, set()
    folders = deque((root, 0) for root in roots)
    while folders and entries_left > 0:
        folder, depth = folders.popleft()
        if folder in visited:
            continue
        visited.add(folder)
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        entries_left -= len(entries)
        for entry in entries:
            if entry.name.startswith("."):
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    if depth < MAX_DEPTH:
                        folders.append((Path(entry.path), depth + 1))
                elif entry.is_file():
                    yield Path(entry.path), entry.stat().st_size
            except OSError:
                continue


def _size(files: Sequence[str]) -> int:
    """Bytes of all `files` together; -1 if one of them does not exist."""
    try:
        return sum(Path(file).stat().st_size for file in files)
    except (OSError, ValueError):
        return -1


def _has(files: Sequence[str], fingerprints: Sequence[str]) -> bool:
    """Whether `files` have the recorded content. Plans without fingerprints match any content."""
    if not fingerprints:
        return True
    try:
        return [recorded_fingerprint(Path(file)) for file in files] == list(fingerprints)
    except OSError:
        return False
