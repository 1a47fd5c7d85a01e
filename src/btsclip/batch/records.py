"""What workers log, brought home with their results.

Records come back with the result or the error of their task, so that they reach the run's log from
any process or machine. Those of a killed worker are lost with it; that it was lost is logged.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")

# The file beside the clips that all of it comes together in.
LOG = "btsclip.log"
# Libraries whose warnings are about footage that btsclip judges by itself.
CHATTY = ("libav", "PIL", "moviepy", "fontTools")


@dataclass(frozen=True)
class LogRecord:
    """One thing that was logged: level, logger, Unix time in seconds, and the text as it stands."""

    level: int
    logger: str
    when: float
    text: str


@dataclass(frozen=True)
class LoggedResult(Generic[Result]):
    """The result of a call, and what was logged on the way to it."""

    result: Result
    records: tuple[LogRecord, ...]


class _Keeper(logging.Handler):
    """Keeps records as plain text, which can be sent anywhere."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.kept: list[LogRecord] = []
        self._text = logging.Formatter("%(message)s")

    def emit(self, record: logging.LogRecord) -> None:
        text = self._text.format(record)
        self.kept.append(LogRecord(record.levelno, record.name, record.created, text))


def capture_logs(call: Callable[..., Result], *args: Any) -> LoggedResult[Result]:
    """Calls `call` with `args` in a worker and keeps what is logged meanwhile. An error carries it
    as its `records`."""
    keeper, root = _Keeper(), logging.getLogger()
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    root.addHandler(keeper)
    try:
        return LoggedResult(call(*args), tuple(keeper.kept))
    except Exception as error:
        error.records = tuple(keeper.kept)  # type: ignore[attr-defined]
        raise
    finally:
        root.removeHandler(keeper)


def replay_logs(records: Iterable[LogRecord]) -> None:
    """Logs in this process what was logged in another one."""
    for record in records:
        logger = logging.getLogger(record.logger)
        if logger.isEnabledFor(record.level):
            again = logger.makeRecord(
                record.logger, record.level, "", 0, "%s", (record.text,), exc_info=None
            )
            again.created = record.when
            logger.handle(again)
