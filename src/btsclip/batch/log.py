"""The log of a shoot's runs: a plain text file beside the clips, for the morning after.

It holds times, versions, what was asked for, and each task with how long it took or why it failed.
Of private data there are only paths: texts the user gave are not written. Trouble with the log
never stops a run.
"""

from __future__ import annotations

import logging
import platform
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from btsclip.batch.workers import LOG
from btsclip.errors import BtsclipError
from btsclip.version import __version__

if TYPE_CHECKING:
    from btsclip.batch.outcome import Outcome
    from btsclip.batch.scheduler import Event
    from btsclip.takes.discover import Discovery

# A run over 500 takes writes about half a megabyte; one older file is kept.
MOST_BYTES, KEPT = 5_000_000, 1
# Everything of ours is below this logger; the run's own lines go to the file alone.
OURS, RUN = "btsclip", "btsclip.run"


class _File(RotatingFileHandler):
    """The log file; what can't be written is left out."""

    def __init__(self, path: Path) -> None:
        if path.is_symlink():
            # What it names is not ours to write to.
            path.unlink()
        super().__init__(path, maxBytes=MOST_BYTES, backupCount=KEPT, encoding="utf-8", delay=True)
        self.setFormatter(_Lines("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S"))

    def handleError(self, record: logging.LogRecord) -> None:
        """Says nothing: a full disk is told of where results are written."""


class _Lines(logging.Formatter):
    """Each record's further lines are set in, so that a file name can't look like a record."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n    ".join(super().format(record).splitlines())


@dataclass
class RunLog:
    """Writes one run into the log in `folder`; used as a context that ends with the run."""

    folder: Path
    _begun: dict[str, float] = field(default_factory=dict)
    _start: float = field(default_factory=time.monotonic)

    def __enter__(self) -> RunLog:
        self._log = logging.getLogger(RUN)
        self._log.setLevel(logging.INFO)
        self._log.propagate = False
        self._file = _File(self.folder / LOG)
        self._log.addHandler(self._file)
        logging.getLogger(OURS).addHandler(self._file)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        passed = f"after {time.monotonic() - self._start:.1f} s"
        if isinstance(error, BtsclipError):
            self._log.error("run stopped %s: %s", passed, error)
        elif isinstance(error, Exception):
            self._log.error("run stopped %s", passed, exc_info=error)
        elif error:
            self._log.warning("run interrupted %s", passed)
        else:
            self._log.info("run ended %s", passed)
        logging.getLogger(OURS).removeHandler(self._file)
        self._log.removeHandler(self._file)
        self._file.close()

    def began(self, shoot: Path, asked: Mapping[str, Any]) -> None:
        """A run over `shoot` begins; `asked` are its options by name."""
        system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
        self._log.info("run of btsclip %s on %s, %s", __version__, shoot.resolve(), system)
        told = [f"{name} {value}" for name, value in asked.items() if value not in (None, False)]
        self._log.info("asked for: %s", ", ".join(told))

    def found(self, discovery: Discovery) -> None:
        """The takes, and the files that are none."""
        seconds = sum(take.footage.duration for take in discovery.takes)
        self._log.info("%d takes of %.1f s in all", len(discovery.takes), seconds)
        for each in discovery.left_out:
            level = logging.ERROR if each.failed else logging.INFO
            self._log.log(level, "left out %s: %s", each.path, each.why)

    def heard(self, event: Event) -> None:
        """What happened to a task."""
        task = event.task
        name = f"{task.kind} {task.subject}"
        if event.state == "begun":
            self._begun[task.key] = time.monotonic()
            self._log.info("begun %s", name)
            return
        took = time.monotonic() - self._begun.get(task.key, time.monotonic())
        if event.state == "done":
            self._log.info("done %s in %.1f s", name, took)
        elif event.state == "lost":
            self._log.warning("lost %s after %.1f s: its process was ended", name, took)
        elif event.state == "failed":
            where = "".join(traceback.format_exception(event.error)) if event.error else ""
            self._log.error("failed %s after %.1f s: %s\n%s", name, took, event.why, where)

    def concluded(self, outcome: Outcome) -> None:
        """What came of it."""
        self._log.info(
            "%d clips, %d of them there before; %d files failed",
            len(outcome.clips), outcome.kept, len(outcome.failed),
        )  # fmt: skip
