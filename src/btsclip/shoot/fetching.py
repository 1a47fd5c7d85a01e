"""The files of a shoot in a store, looked at by the workers that fetch them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from btsclip.errors import FootageError
from btsclip.media.probe import Footage, probe
from btsclip.shoot import stores, tasks
from btsclip.shoot.discover import files_in, why_not
from btsclip.shoot.engine import Engine, Task
from btsclip.shoot.ledger import task_key


def probes(shoot: Path, out: Path, engine: Engine) -> Callable[[Path], Footage]:
    """What gives the facts of each file of `shoot`: found out by the tasks of `engine` where the
    shoot lies in a store, else by reading the file."""
    if not stores.is_far(shoot):
        return probe
    seen: dict[Path, Footage | FootageError] = {}

    def task(path: Path) -> Task:
        def keep(result: Footage | FootageError) -> list[Task]:
            seen[path] = result
            return []

        key = task_key("look", file=str(path))
        return Task(key, "look", "", path.name, tasks.look, (path,), then=keep)

    engine.run(task(path) for path in files_in(shoot, out) if why_not(path) is None)
    engine.ledger.forget(e.key for e in engine.ledger.entries() if e.kind == "look")
    whys = {failure.subject: failure.why for failure in engine.failures}

    def probed(path: Path) -> Footage:
        result = seen.get(path)
        if result is None:
            raise FootageError(path, f"can't be fetched ({whys.get(path.name, 'it is new')})")
        if isinstance(result, FootageError):
            raise result
        return result

    return probed
