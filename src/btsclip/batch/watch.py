"""`watch`: a shoot's folder is kept an eye on, and each take cut once it has come as a whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from btsclip.batch.arrivals import Arrivals, Facts, may_be_video, relevant_changes
from btsclip.batch.outcome import Outcome
from btsclip.errors import BtsclipError, FootageError, NothingFound
from btsclip.media.paths import absolute

# Seconds between looks while files come, and while none do: a network's disks don't always tell.
OFTEN, SELDOM = 0.5, 15.0
# Seconds that a file must be at rest, where the user does not say.
REST = 5.0

# Cuts what is whole; the set of files that may be looked at, None for all.
Run = Callable[[Collection[Path] | None], Outcome]


@dataclass(frozen=True)
class Ears:
    """Who hears how watching goes: of files that are broken for now and why, before each run with
    the files it is for, and after it with what came of it or why there is nothing."""

    broken: Callable[[Path, str], None] = lambda path, why: None
    begun: Callable[[list[Path]], None] = lambda paths: None
    ended: Callable[[Outcome | BtsclipError], None] = lambda outcome: None


def watch(
    shoot: Path,
    out: Path,
    run: Run,
    ears: Ears = Ears(),
    *,
    rest: float = REST,
    once_idle: float | None = None,
) -> Outcome | BtsclipError | None:
    """Has `run` cut the shoot each time that new takes are there as a whole.

    Ends only with KeyboardInterrupt, or with `once_idle` when nothing has come for so many seconds:
    then files that never became whole are run too, so that they are reported. Gives what the last
    run came to, None when there was none. Raises FootageError when the folder is not there, and
    what `run` raises but NothingFound and FootageError.
    """
    if not shoot.is_dir():
        raise FootageError(shoot, "is no folder", "name the folder of a shoot")
    # The run names the same files by absolute paths.
    shoot, out = absolute(shoot), absolute(out)
    arrivals = Arrivals(shoot, out, rest)
    done: dict[Path, Facts] = {}
    told: dict[Path, str] = {}
    last: Outcome | BtsclipError | None = None
    quiet = time.monotonic()
    seldom = min(SELDOM, once_idle or SELDOM)
    for _ in _looks(shoot, out, arrivals, seldom):
        if arrivals.look():
            quiet = time.monotonic()
        for path, why in arrivals.broken.items():
            if told.get(path) != why:
                ears.broken(path, why)
        told = arrivals.broken
        whole = arrivals.whole
        fresh = _fresh(whole, done, arrivals.copies)
        if fresh and any(may_be_video(path) for path in whole):
            last, done = _once(run, whole, fresh, ears), whole
            quiet = time.monotonic()
        elif arrivals.coming or once_idle is None:
            continue
        elif time.monotonic() - quiet >= once_idle:
            left = _fresh(arrivals.settled, done)
            return _once(run, None, left, ears) if left else last
    return last


def _once(
    run: Run, whole: Collection[Path] | None, fresh: list[Path], ears: Ears
) -> Outcome | BtsclipError:
    ears.begun(fresh)
    came: Outcome | BtsclipError
    try:
        came = run(whole)
    except (NothingFound, FootageError) as error:
        # There may be more to find in what comes next.
        came = error
    ears.ended(came)
    return came


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
