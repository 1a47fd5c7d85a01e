"""Watch a shoot's folder and cut each take once it is complete.

A file counts as whole when its size and time have been at rest for a while and, if it is a video by
its name, its facts can be read: a camera writes them last, and a copy that is cut short is known by
them. Chapters of one take wait for each other, and a small copy for its original.
"""

from __future__ import annotations

import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from btsclip.batch.outcome import Outcome
from btsclip.errors import BtsclipError, FootageError, NothingFound
from btsclip.media.footage import probe
from btsclip.media.paths import absolute
from btsclip.media.unfit import CAUSES
from btsclip.notes.model import NAME as NOTES_NAME
from btsclip.takes.chapter_files import may_continue_in
from btsclip.takes.listing import SIDE_FILES, UNFINISHED, VIDEO_FILES, files_in
from btsclip.takes.originals import Origin, Originals

# Seconds between looks while files come, and while none do: a network's disks don't always tell.
OFTEN, SELDOM = 0.5, 15.0
# Seconds that a file must be at rest, where the user does not say.
REST = 5.0
# Seconds that a small copy waits for its original when nothing more is coming: then it is cut, and
# gives way to the original should that come later.
PATIENCE = 60.0

# Size in bytes, time of the last change in nanoseconds, and the file's number on its disk.
Facts = tuple[int, int, int]
# Cuts what is whole; the set of files that may be looked at, None for all.
Run = Callable[[Collection[Path] | None], Outcome]


@dataclass(frozen=True)
class Incomplete:
    """A file is at rest and not whole, and why."""

    path: Path
    why: str


@dataclass(frozen=True)
class Arrived:
    """A run begins, for the files at `paths`."""

    paths: list[Path]


@dataclass(frozen=True)
class Finished:
    """A run has ended with its outcome, or with the reason why there is nothing."""

    outcome: Outcome | BtsclipError


Event = Incomplete | Arrived | Finished


def watch(
    shoot: Path,
    out: Path,
    run: Run,
    *,
    rest: float = REST,
    once_idle: float | None = None,
) -> Iterator[Event]:
    """Has `run` cut the shoot each time that new takes are complete, and yields what happens.

    Ends only with KeyboardInterrupt, or with `once_idle` when nothing has come for that many
    seconds: then files that never became whole are run too, so that they are reported. Raises
    FootageError when the folder is not there, and what `run` raises but NothingFound and
    FootageError.
    """
    if not shoot.is_dir():
        raise FootageError(shoot, "is no folder", "name the folder of a shoot")
    # The run names the same files by absolute paths.
    shoot, out = absolute(shoot), absolute(out)
    arrivals = Arrivals(shoot, out, rest)
    done: dict[Path, Facts] = {}
    told: dict[Path, str] = {}
    quiet = time.monotonic()
    seldom = min(SELDOM, once_idle or SELDOM)
    for _ in _looks(shoot, out, arrivals, seldom):
        if arrivals.look():
            quiet = time.monotonic()
        for path, why in arrivals.broken.items():
            if told.get(path) != why:
                yield Incomplete(path, why)
        told = arrivals.broken
        whole = arrivals.whole
        fresh = _fresh(whole, done, arrivals.copies)
        if fresh and any(may_be_video(path) for path in whole):
            yield from _once(run, whole, fresh)
            done = whole
            quiet = time.monotonic()
        elif arrivals.coming or once_idle is None:
            continue
        elif time.monotonic() - quiet >= once_idle:
            left = _fresh(arrivals.settled, done)
            if left:
                yield from _once(run, None, left)
            return


def _once(run: Run, whole: Collection[Path] | None, fresh: list[Path]) -> Iterator[Event]:
    yield Arrived(fresh)
    try:
        yield Finished(run(whole))
    except (NothingFound, FootageError) as error:
        # There may be more to find in what comes next.
        yield Finished(error)


def _fresh(
    there: dict[Path, Facts], done: dict[Path, Facts], copies: Collection[Path] = ()
) -> list[Path]:
    """What has come, changed or gone since the last run, but for `copies`."""
    changed = {path for path, _ in there.items() ^ done.items()}
    return sorted(path for path in relevant_changes(changed) if path not in copies)


def _looks(shoot: Path, out: Path, arrivals: Arrivals, seldom: float) -> Iterator[None]:
    """Yields when it is time for a look: at once when something changes, often while files are
    coming, each `seldom` seconds otherwise."""
    from watchfiles import watch as changes

    shoot, results = shoot.resolve(), out.resolve()
    looked = 0.0
    for found in changes(
        shoot,
        watch_filter=lambda change, path: results not in (Path(path), *Path(path).parents),
        rust_timeout=int(OFTEN * 1000),
        yield_on_timeout=True,
        ignore_permission_denied=True,
    ):
        pause = OFTEN if found or arrivals.coming else seldom
        if not looked or time.monotonic() - looked >= pause:
            yield
            looked = time.monotonic()


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
