"""Watch a shoot's folder and cut each take once it is complete."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from btsclip.batch.arrivals import Arrivals, Facts, may_be_video, relevant_changes
from btsclip.batch.outcome import Outcome
from btsclip.errors import BtsclipError, FootageError, NothingFound
from btsclip.media import absolute

# Seconds between looks at the folder while files arrive, and otherwise: network drives do not
# always report changes.
BUSY_SECONDS = 0.5
QUIET_SECONDS = 15.0
# Default for the seconds that a file must stay unchanged.
DEFAULT_REST_SECONDS = 5.0

# Cuts the shoot from the given complete files; None for all files.
Run = Callable[[Collection[Path] | None], Outcome]


@dataclass(frozen=True)
class Incomplete:
    """A file no longer changes but is incomplete, and why."""

    path: Path
    why: str


@dataclass(frozen=True)
class Arrived:
    """A run is about to start, because of the files at `paths`."""

    paths: list[Path]


@dataclass(frozen=True)
class Finished:
    """A run has finished, with its outcome or with the error that there is nothing to cut."""

    outcome: Outcome | BtsclipError


WatchEvent = Incomplete | Arrived | Finished


def watch(
    shoot: Path,
    out: Path,
    run: Run,
    *,
    rest: float = DEFAULT_REST_SECONDS,
    once_idle: float | None = None,
) -> Iterator[WatchEvent]:
    """Call `run` each time new takes are complete, and yield the events.

    A file must stay unchanged for `rest` seconds. Ends only with KeyboardInterrupt, or after
    `once_idle` seconds without a new file: then incomplete files are run too, so that they are
    reported. Raises FootageError for a missing folder, and the errors of `run` except NothingFound
    and FootageError, which are yielded.
    """
    if not shoot.is_dir():
        raise FootageError(shoot, "is not a folder", "name the folder of a shoot")
    # The run also uses absolute paths.
    shoot, out = absolute(shoot), absolute(out)
    arrivals = Arrivals(shoot, out, rest)
    done: dict[Path, Facts] = {}
    reported: dict[Path, str] = {}
    last_change = time.monotonic()
    quiet_seconds = min(QUIET_SECONDS, once_idle or QUIET_SECONDS)
    for _ in _ticks(shoot, out, arrivals, quiet_seconds):
        if arrivals.look():
            last_change = time.monotonic()
        for path, why in arrivals.incomplete.items():
            if reported.get(path) != why:
                yield Incomplete(path, why)
        reported = arrivals.incomplete
        complete = arrivals.complete
        changed = _changed(complete, done, arrivals.copies)
        if changed and any(may_be_video(path) for path in complete):
            yield from _run_once(run, complete, changed)
            done = complete
            last_change = time.monotonic()
        elif arrivals.arriving or once_idle is None:
            continue
        elif time.monotonic() - last_change >= once_idle:
            changed = _changed(arrivals.settled, done)
            if changed:
                yield from _run_once(run, None, changed)
            return


def _run_once(
    run: Run, complete: Collection[Path] | None, changed: list[Path]
) -> Iterator[WatchEvent]:
    yield Arrived(changed)
    try:
        yield Finished(run(complete))
    except (NothingFound, FootageError) as error:
        # The next files may hold more.
        yield Finished(error)


def _changed(
    current: dict[Path, Facts], done: dict[Path, Facts], copies: Collection[Path] = ()
) -> list[Path]:
    """The files that are new, changed or gone since the last run, without `copies`."""
    changed = {path for path, _ in current.items() ^ done.items()}
    return sorted(path for path in relevant_changes(changed) if path not in copies)


def _ticks(shoot: Path, out: Path, arrivals: Arrivals, quiet_seconds: float) -> Iterator[None]:
    """Yield when it is time to look at the folder: at once after a change, often while files
    arrive, every `quiet_seconds` otherwise."""
    last_look = 0.0
    for changed in _changes(shoot.resolve(), out.resolve()):
        pause = BUSY_SECONDS if changed or arrivals.arriving else quiet_seconds
        if not last_look or time.monotonic() - last_look >= pause:
            yield
            last_look = time.monotonic()


def _changes(shoot: Path, results: Path) -> Iterator[bool]:
    """Whether files of the shoot have changed, without those in `results`; at once, and else after
    BUSY_SECONDS."""
    import watchfiles

    try:
        for changes in watchfiles.watch(
            shoot,
            watch_filter=lambda change, path: results not in (Path(path), *Path(path).parents),
            rust_timeout=int(BUSY_SECONDS * 1000),
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            yield bool(changes)
    except RuntimeError:
        # watchfiles gives up at a file name that is not UTF-8.
        while True:
            time.sleep(BUSY_SECONDS)
            yield False
