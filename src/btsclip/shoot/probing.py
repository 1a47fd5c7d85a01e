"""Probing the files of a shoot in worker processes: a file that crashes the decoder or keeps it
busy for ever costs a worker and not the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from btsclip.errors import FootageError
from btsclip.media.probe import Footage
from btsclip.shoot.discover import LeftOut, look_at, unreadable
from btsclip.shoot.engine import Engine, Task
from btsclip.shoot.pool import Pool

# Seconds in which the facts of a file are found, be it hours long and on a slow network drive.
LIMIT = 300.0


class Nowhere:
    """What is only looked at need not be noted."""

    def begin(self, key: str, kind: str, subject: str) -> None:
        """Nothing is noted."""

    def finish(self, key: str, outputs: Iterable[Path]) -> None:
        """Nothing is noted."""

    def fail(self, key: str, error: str) -> None:
        """Nothing is noted."""


def look_at_all(
    paths: Sequence[Path], pool: Pool, idle: Callable[[], None] = lambda: None
) -> list[Footage | LeftOut]:
    """What `look_at` says of each of `paths`, in their order, found out in `pool`."""
    looked: dict[str, Footage | LeftOut] = {}

    def keep(path: Path, result: Footage | LeftOut) -> list[Task]:
        looked[str(path)] = result
        return []

    engine = Engine(pool, Nowhere(), idle=idle)
    engine.run(
        Task(str(path), "probe", "", str(path), look_at, (path,), then=partial(keep, path),
             limit=LIMIT)
        for path in paths
    )  # fmt: skip
    for failure in engine.failures:
        path = Path(failure.subject)
        why = failure.why.removeprefix(f"{path}: ")
        looked[str(path)] = unreadable(path, FootageError(path, why))
    return [looked[str(path)] for path in paths]
