"""The log of a shoot's runs: a plain text file next to the clips.

It records times, versions, options, and each task with its duration or the reason it failed. Paths
are the only private data in it; texts of the user are not written. Errors with the log never stop a
run.
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

from btsclip.batch.workers import LOG_NAME
from btsclip.errors import BtsclipError
from btsclip.version import __version__

if TYPE_CHECKING:
    from btsclip.batch.outcome import Outcome
    from btsclip.batch.scheduler import Event
    from btsclip.takes import Discovery

# A run over 500 takes writes about half a megabyte.
MAX_BYTES = 5_000_000
OLDER_FILES = 1
# All loggers of btsclip are below the first; the lines of the run itself go to the file only.
PACKAGE_LOGGER = "btsclip"
RUN_LOGGER = "btsclip.run"


class _LogFile(RotatingFileHandler):
    """The log file; lines that can't be written are left out."""

    def __init__(self, path: Path) -> None:
        if path.is_symlink():
            # Never write to the file that somebody's link points to.
            path.unlink()
        super().__init__(
            path, maxBytes=MAX_BYTES, backupCount=OLDER_FILES, encoding="utf-8", delay=True
        )
        self.setFormatter(
            _IndentedLines("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S")
        )

    def handleError(self, record: logging.LogRecord) -> None:
        """Do nothing: writing the results reports a full disk."""


class _IndentedLines(logging.Formatter):
    """Indent all but the first line of a record, so that a file name can't look like a record."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n    ".join(super().format(record).splitlines())


@dataclass
class RunLog:
    """Write one run to the log in `folder`; a context manager that ends with the run."""

    folder: Path
    _begun: dict[str, float] = field(default_factory=dict)
    _start: float = field(default_factory=time.monotonic)

    def __enter__(self) -> RunLog:
        self._log = logging.getLogger(RUN_LOGGER)
        self._log.setLevel(logging.INFO)
        self._log.propagate = False
        self._file = _LogFile(self.folder / LOG_NAME)
        self._log.addHandler(self._file)
        logging.getLogger(PACKAGE_LOGGER).addHandler(self._file)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        elapsed = f"after {time.monotonic() - self._start:.1f} s"
        if isinstance(error, BtsclipError):
            self._log.error("run stopped %s: %s", elapsed, error)
        elif isinstance(error, Exception):
            self._log.error("run stopped %s", elapsed, exc_info=error)
        elif error:
            self._log.warning("run interrupted %s", elapsed)
        else:
            self._log.info("run ended %s", elapsed)
        logging.getLogger(PACKAGE_LOGGER).removeHandler(self._file)
        self._log.removeHandler(self._file)
        self._file.close()

    def write_start(self, shoot: Path, options: Mapping[str, Any]) -> None:
        """Write the versions, the folder of the shoot and the options that are set."""
        system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
        self._log.info("run of btsclip %s on %s, %s", __version__, shoot.resolve(), system)
        texts = [f"{name} {value}" for name, value in options.items() if value not in (None, False)]
        self._log.info("options: %s", ", ".join(texts))

    def write_discovery(self, discovery: Discovery) -> None:
        """Write the number of takes, and each file that is not a take."""
        seconds = sum(take.footage.duration for take in discovery.takes)
        self._log.info("%d takes of %.1f s in total", len(discovery.takes), seconds)
        for file in discovery.left_out:
            level = logging.ERROR if file.failed else logging.INFO
            self._log.log(level, "left out %s: %s", file.path, file.why)

    def write_event(self, event: Event) -> None:
        """Write an event of a task."""
        task = event.task
        name = f"{task.kind} {task.subject}"
        if event.state == "begun":
            self._begun[task.key] = time.monotonic()
            self._log.info("begun %s", name)
            return
        seconds = time.monotonic() - self._begun.get(task.key, time.monotonic())
        if event.state == "done":
            self._log.info("done %s in %.1f s", name, seconds)
        elif event.state == "lost":
            self._log.warning("lost %s after %.1f s: its process was killed", name, seconds)
        elif event.state == "failed":
            trace = "".join(traceback.format_exception(event.error)) if event.error else ""
            self._log.error("failed %s after %.1f s: %s\n%s", name, seconds, event.why, trace)

    def write_outcome(self, outcome: Outcome) -> None:
        """Write the number of clips and of failed files."""
        self._log.info(
            "%d clips, %d of them from earlier runs; %d files failed",
            len(outcome.clips), outcome.kept, len(outcome.failed),
        )  # fmt: skip
