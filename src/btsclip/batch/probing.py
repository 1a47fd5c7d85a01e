"""Probing the files of a shoot in worker processes: a file that crashes the decoder or keeps it
busy for ever costs a worker and not the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from btsclip.batch.scheduler import Engine, Task
from btsclip.batch.workers import Pool
from btsclip.errors import FootageError
from btsclip.media.probe import Footage
from btsclip.takes.discover import inspect_file
from btsclip.takes.likeness import Sketch, sketch
from btsclip.takes.listing import LeftOut, unreadable

# Seconds in which the facts of a file are found, be it hours long and on a slow network drive.
LIMIT = 300.0

Item = TypeVar("Item")
Result = TypeVar("Result")


class PoolReader:
    """Opens the files of a shoot in the processes of `pool`; `idle` is called now and then."""

    def __init__(self, pool: Pool, idle: Callable[[], None] = lambda: None) -> None:
        self._pool, self._idle = pool, idle

    def facts(self, paths: Sequence[Path]) -> list[Footage | LeftOut]:
        """The result of `inspect_file` for each of `paths`, in their order."""

        def failed(path: Path, why: str) -> LeftOut:
            return unreadable(path, FootageError(path, why))

        return self._each("probe", inspect_file, {path: path for path in paths}, failed)

    def sketches(self, footages: Sequence[Footage]) -> list[Sketch | None]:
        """The sketch of each of `footages`, in their order; None for one that can't be read."""
        items = {footage.path: footage for footage in footages}
        return self._each("sketch", sketch, items, lambda path, why: None)

    def _each(
        self,
        kind: str,
        work: Callable[[Item], Result],
        items: Mapping[Path, Item],
        failed: Callable[[Path, str], Result],
    ) -> list[Result]:
        """The results of `work` for `items`, in their order; a failed task gives what `failed`
        returns for its path and the reason."""
        results: dict[str, Result] = {}

        def keep(path: Path, result: Result) -> list[Task]:
            results[str(path)] = result
            return []

        engine = Engine(self._pool, idle=self._idle)
        engine.run(
            Task(str(path), kind, "", str(path), work, (item,), then=partial(keep, path),
                 limit=LIMIT)
            for path, item in items.items()
        )  # fmt: skip
        for failure in engine.failures:
            path = next(path for path in items if str(path) == failure.subject)
            results[str(path)] = failed(path, failure.why.removeprefix(f"{path}: "))
        return [results[str(path)] for path in items]
