"""Names of takes, which stay as they are whatever comes to the shoot later."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from btsclip.batch.ledger import Ledger, task_key
from btsclip.takes.discover import Take

KIND = "take"


class TakeNames:
    """The names that the takes of a shoot got first, kept in its ledger by their files' places."""

    def __init__(self, shoot: Path, ledger: Ledger) -> None:
        self._shoot, self._ledger = shoot, ledger

    def known(self, path: Path) -> str | None:
        """The name of the take whose first file is `path`, if it has one."""
        entry = self._ledger.find(self._key(path))
        return entry.subject if entry else None

    def keep(self, takes: Iterable[Take]) -> None:
        """Remembers the names of `takes`."""
        for take in takes:
            if self.known(take.footage.path) != take.name:
                key = self._key(take.footage.path)
                self._ledger.begin(key, KIND, take.name)
                self._ledger.finish(key, [])

    def _key(self, path: Path) -> str:
        return task_key(KIND, file=path.relative_to(self._shoot).as_posix())
