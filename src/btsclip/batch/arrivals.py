"""Files that come to a shoot while it is watched: which of them are there as a whole.

A file counts as whole when its size and time have been at rest for a while and, if it is a video by
its name, its facts can be read: a camera writes them last, and a copy that is cut short is known by
them. Chapters of one take wait for each other, and a small copy for its original.
"""

from __future__ import annotations

import stat
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from btsclip.errors import BtsclipError
from btsclip.media.probe import probe
from btsclip.media.unfit import CAUSES
from btsclip.notes.model import NAME as NOTES_NAME
from btsclip.takes.chapter_files import may_continue_in
from btsclip.takes.listing import SIDE_FILES, UNFINISHED, VIDEO_FILES, files_in
from btsclip.takes.originals import Origin, Originals

# Seconds that a small copy waits for its original when nothing more is coming: then it is cut, and
# gives way to the original should that come later.
PATIENCE = 60.0

# Size in bytes, time of the last change in nanoseconds, and the file's number on its disk.
Facts = tuple[int, int, int]


@dataclass
class _Arrival:
    """A file as it was seen last: since when it has been so, and what was found of it at rest."""

    facts: Facts
    since: float
    checked: bool = False
    why: str = ""


@dataclass
class Arrivals:
    """What lies in the folder `shoot` and not in `out`; `rest` in seconds, as `clock` gives."""

    shoot: Path
    out: Path
    rest: float
    clock: Callable[[], float] = time.monotonic
    _seen: dict[Path, _Arrival] = field(default_factory=dict)
    _origins: dict[Path, Origin] = field(default_factory=dict)

    def look(self) -> bool:
        """Looks at all files; whether anything is other than at the last look."""
        now, seen = self.clock(), {}
        for path in files_in(self.shoot, self.out):
            facts = _facts(path)
            if facts is None:
                continue
            before = self._seen.get(path)
            same = before is not None and before.facts == facts
            seen[path] = before if before and same else _Arrival(facts, now)
        changed = {p: a.facts for p, a in seen.items()} != {
            p: a.facts for p, a in self._seen.items()
        }
        if seen.keys() != self._seen.keys():
            self._origins = _origins(seen)
        self._seen = seen
        for path, arrival in seen.items():
            if not arrival.checked and now - arrival.since >= self.rest:
                arrival.checked, arrival.why = True, _not_whole(path)
        return changed

    @property
    def whole(self) -> dict[Path, Facts]:
        """The files that are there as a whole, with what they are told by."""
        waiting = [path for path, arrival in self._seen.items() if not _is_whole(arrival)]
        return {
            path: arrival.facts
            for path, arrival in self._seen.items()
            if _is_whole(arrival)
            and not _awaits(path, waiting)
            and not self._awaits_original(path, arrival)
        }

    @property
    def copies(self) -> set[Path]:
        """The files whose originals are complete: they change nothing."""
        return {
            path
            for path, origin in self._origins.items()
            if origin.path and _is_whole(self._seen[origin.path])
        }

    def _awaits_original(self, path: Path, arrival: _Arrival) -> bool:
        """Whether a file is a copy of one that is still coming or may come yet."""
        origin = self._origins.get(path)
        if origin is None:
            return False
        if origin.path:
            return not _is_whole(self._seen[origin.path])
        return bool(self.coming) or self.clock() - arrival.since < PATIENCE

    @property
    def coming(self) -> list[Path]:
        """The files that were not at rest long enough yet."""
        return [path for path, arrival in self._seen.items() if not arrival.checked]

    @property
    def broken(self) -> dict[Path, str]:
        """The files that are at rest and not whole, and why."""
        return {path: arrival.why for path, arrival in self._seen.items() if arrival.why}

    @property
    def settled(self) -> dict[Path, Facts]:
        """All files at rest, whole or not."""
        return {path: arrival.facts for path, arrival in self._seen.items() if arrival.checked}


def relevant_changes(paths: Iterable[Path]) -> list[Path]:
    """Those of `paths` for which a shoot is gone through again: what may be a video, and notes."""
    return [path for path in paths if may_be_video(path) or path.name == NOTES_NAME]


def may_be_video(path: Path) -> bool:
    """Whether a file by its name may be a take that is there as a whole."""
    return path.suffix.lower() not in SIDE_FILES | UNFINISHED


def _origins(paths: Iterable[Path]) -> dict[Path, Origin]:
    """What each of `paths` was made of, of those that say so by their names."""
    videos = [path for path in paths if path.suffix.lower() in VIDEO_FILES]
    originals = Originals.of(videos)
    found = {path: originals.origin(path) for path in videos}
    return {path: origin for path, origin in found.items() if origin}


def _is_whole(arrival: _Arrival) -> bool:
    return arrival.checked and not arrival.why


def _awaits(path: Path, waiting: Iterable[Path]) -> bool:
    """Whether another chapter of the same take is still coming."""
    try:
        return any(may_continue_in(path, other) for other in waiting)
    except OSError:
        return True


def _facts(path: Path) -> Facts | None:
    """What a file is told by; nothing for one that has just gone or is none."""
    try:
        facts = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(facts.st_mode):
        return None
    return facts.st_size, facts.st_mtime_ns, facts.st_ino


def _not_whole(path: Path) -> str:
    """Why a file at rest can't be taken; nothing for a whole one and for what is no video."""
    if path.suffix.lower() not in VIDEO_FILES:
        return ""
    try:
        probe(path)
    except BtsclipError as error:
        # A file of a kind that can't be cut is complete: more of it would change nothing.
        return "" if error.cause in CAUSES else error.cause
    except OSError as error:
        return str(error)
    return ""
