"""Takes that do not lie where a plan says: looked for by name near it, then by what they hold."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from btsclip.media.fingerprint import recorded_fingerprint, recorded_size
from btsclip.media.paths import file_name, from_document, is_remote
from btsclip.plan.model import CutPlan, Source

# Folders above a plan, and names at the end of a take's old folder, with which places are made up.
MAX_ABOVE, MAX_NAMES = 3, 3
# A search by content looks at no more than this: disks and networks can be large.
MAX_DEPTH, MAX_ENTRIES = 3, 20_000

log = logging.getLogger(__name__)


class Search:
    """Finds what `plan`, as its file in `folder` has it, names."""

    def __init__(self, folder: Path, plan: CutPlan) -> None:
        self._folder, self._written_in, self._sources = folder, plan.folder, plan.sources

    def expected(self, texts: Sequence[str]) -> list[str]:
        """The absolute paths of files that the plan calls `texts`: as seen from where it lies, else
        from where it was written if they are there."""
        paths = [from_document(text, self._folder) for text in texts]
        if self._written_in and _size(paths) < 0:
            before = [from_document(text, Path(self._written_in)) for text in texts]
            return before if _size(before) >= 0 else paths
        return paths

    def files_of(self, source: Source) -> list[str]:
        """The absolute paths of the files of `source`; where they should be if they are lost."""
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
        for folder in dict.fromkeys(self._likely(source)):
            files = [str(folder / name) for name in names]
            if _size(files) == source.size and _holds(files, source.fingerprints):
                return files
        return None

    def _likely(self, source: Source) -> Iterator[Path]:
        """The folder that the take lay in, as seen from those above the plan. Plans of before named
        takes from the working folder of whoever made them."""
        home, old = self._folder.resolve(), self._old_folder(source)
        yield old.absolute()
        names = [name for name in old.parts if name not in (old.anchor, "..")]
        for above in [home, *home.parents][:MAX_ABOVE]:
            for count in range(min(MAX_NAMES, len(names)), -1, -1):
                yield above.joinpath(*names[len(names) - count :])

    def _old_folder(self, source: Source) -> Path:
        """The folder that the take lay in, as far as the plan tells."""
        if self._written_in:
            return Path(from_document(source.path, Path(self._written_in))).parent
        return Path(source.path).parent

    def _by_content(self, source: Source) -> list[str] | None:
        """Files of any name that hold what the plan was made from, near it or where they lay."""
        if len(source.fingerprints) != len(source.files):
            return None
        found = []
        for mark in source.fingerprints:
            paths = self._nearby.get(recorded_size(mark), ())
            path = next((str(path) for path in paths if _holds([str(path)], [mark])), None)
            if path is None:
                return None
            found.append(path)
        return found

    @cached_property
    def _nearby(self) -> dict[int, list[Path]]:
        """Files near the plan and near where its takes lay that are as large as one of them."""
        marks = {mark for source in self._sources for mark in source.fingerprints}
        sizes = {recorded_size(mark) for mark in marks}
        found: dict[int, list[Path]] = {}
        for path, size in _walk(self._roots()):
            if size in sizes:
                found.setdefault(size, []).append(path)
        return found

    def _roots(self) -> list[Path]:
        home = self._folder.resolve()
        roots = [home, home.parent]
        for source in self._sources:
            old = self._old_folder(source).absolute()
            roots += [old, old.parent]
        return [root for root in dict.fromkeys(roots) if root != root.parent]


def _walk(roots: Sequence[Path]) -> Iterator[tuple[Path, int]]:
    """The files in and below `roots` with their sizes, those near the roots first."""
    left, seen = MAX_ENTRIES, set()
    folders = deque((root, 0) for root in roots)
    while folders and left > 0:
        folder, depth = folders.popleft()
        if folder in seen:
            continue
        seen.add(folder)
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        left -= len(entries)
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
    """Bytes of all `files`; -1 where one of them is not there."""
    try:
        return sum(Path(file).stat().st_size for file in files)
    except (OSError, ValueError):
        return -1


def _holds(files: Sequence[str], marks: Sequence[str]) -> bool:
    """Whether `files` hold what the plan recorded; it did not always."""
    try:
        return not marks or [recorded_fingerprint(Path(file)) for file in files] == list(marks)
    except OSError:
        return False
