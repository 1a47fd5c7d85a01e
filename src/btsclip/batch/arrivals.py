"""The files of a shoot as they arrive: which may still change, and which are complete.

A file is complete when its size and time have not changed for a while and, if its name is that of a
video, it can be probed: a camera writes the index last, so a truncated copy has none. Chapters of
one take wait for each other, and a small copy waits for its original.
"""

from __future__ import annotations

import stat
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from btsclip.errors import BtsclipError, UnfitError
from btsclip.media import probe
from btsclip.notes import NAME as NOTES_NAME
from btsclip.presets import BRAND_NAME
from btsclip.takes import (
    SIDE_FILES,
    UNFINISHED,
    VIDEO_FILES,
    Origin,
    Originals,
    files_in,
    may_continue_in,
)

# Seconds that a small copy waits for its original when no more files arrive. Then it is cut; an
# original that comes later replaces it.
MAX_WAIT_FOR_ORIGINAL = 60.0

# Size in bytes, time of the last change in nanoseconds, and inode number.
Facts = tuple[int, int, int]


@dataclass
class _Arrival:
    """A file at the last look: since when it is unchanged (`since`), whether it was checked after
    that, and why it is incomplete."""

    facts: Facts
    since: float
    checked: bool = False
    why: str = ""


@dataclass
class Arrivals:
    """The files in the folder `shoot` outside of `out`. A file settles when it stays unchanged for
    `rest` seconds of `clock`."""

    shoot: Path
    out: Path
    rest: float
    clock: Callable[[], float] = time.monotonic
    _arrivals: dict[Path, _Arrival] = field(default_factory=dict)
    _origins: dict[Path, Origin] = field(default_factory=dict)

    def look(self) -> bool:
        """Look at all files. Returns whether anything changed since the last look."""
        now, current = self.clock(), {}
        for path in files_in(self.shoot, self.out):
            facts = _read_facts(path)
            if facts is None:
                continue
            before = self._arrivals.get(path)
            same = before is not None and before.facts == facts
            current[path] = before if before and same else _Arrival(facts, now)
        changed = {p: a.facts for p, a in current.items()} != {
            p: a.facts for p, a in self._arrivals.items()
        }
        if current.keys() != self._arrivals.keys():
            self._origins = _find_origins(current)
        self._arrivals = current
        for path, arrival in current.items():
            if not arrival.checked and now - arrival.since >= self.rest:
                arrival.checked, arrival.why = True, _why_incomplete(path)
        return changed

    @property
    def complete(self) -> dict[Path, Facts]:
        """The complete files with their facts."""
        waiting = [path for path, arrival in self._arrivals.items() if not _is_complete(arrival)]
        return {
            path: arrival.facts
            for path, arrival in self._arrivals.items()
            if _is_complete(arrival)
            and not _awaits_chapter(path, waiting)
            and not self._awaits_original(path, arrival)
        }

    @property
    def copies(self) -> set[Path]:
        """The files whose originals are complete; they need no run."""
        return {
            path
            for path, origin in self._origins.items()
            if origin.path and _is_complete(self._arrivals[origin.path])
        }

    def _awaits_original(self, path: Path, arrival: _Arrival) -> bool:
        """Whether a file is a copy of a file that is still arriving or may arrive soon."""
        origin = self._origins.get(path)
        if origin is None:
            return False
        if origin.path:
            return not _is_complete(self._arrivals[origin.path])
        return bool(self.arriving) or self.clock() - arrival.since < MAX_WAIT_FOR_ORIGINAL

    @property
    def arriving(self) -> list[Path]:
        """The files that may still change."""
        return [path for path, arrival in self._arrivals.items() if not arrival.checked]

    @property
    def incomplete(self) -> dict[Path, str]:
        """The files that no longer change but are incomplete, and why."""
        return {path: arrival.why for path, arrival in self._arrivals.items() if arrival.why}

    @property
    def settled(self) -> dict[Path, Facts]:
        """All files that no longer change, complete or not, with their facts."""
        return {path: arrival.facts for path, arrival in self._arrivals.items() if arrival.checked}


def relevant_changes(paths: Iterable[Path]) -> list[Path]:
    """The files among `paths` that call for another run: possible videos, notes and the brand."""
    return [path for path in paths if may_be_video(path) or path.name in (NOTES_NAME, BRAND_NAME)]


def may_be_video(path: Path) -> bool:
    """Whether the name of a file allows it to be a complete video."""
    return path.suffix.lower() not in SIDE_FILES | UNFINISHED


def _find_origins(paths: Iterable[Path]) -> dict[Path, Origin]:
    """The origins of the copies among `paths`, as their names tell."""
    videos = [path for path in paths if path.suffix.lower() in VIDEO_FILES]
    originals = Originals.of(videos)
    origins = {path: originals.origin(path) for path in videos}
    return {path: origin for path, origin in origins.items() if origin}


def _is_complete(arrival: _Arrival) -> bool:
    return arrival.checked and not arrival.why


def _awaits_chapter(path: Path, waiting: Iterable[Path]) -> bool:
    """Whether another chapter of the same take is still arriving."""
    try:
        return any(may_continue_in(path, chapter) for chapter in waiting)
    except OSError:
        return True


def _read_facts(path: Path) -> Facts | None:
    """The facts of a regular file; None if it has just gone or is something else."""
    try:
        status = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def _why_incomplete(path: Path) -> str:
    """Why a video is incomplete; "" if it is complete or the file is not a video."""
    if path.suffix.lower() not in VIDEO_FILES:
        return ""
    try:
        probe(path)
    except UnfitError:
        # It counts as complete: the run reports it.
        return ""
    except BtsclipError as error:
        return error.cause
    except OSError as error:
        return str(error)
    return ""
