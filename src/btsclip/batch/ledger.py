"""The task ledger: a SQLite file that lets an interrupted batch resume.

A task counts as done only while its output files are unchanged. Only the main process of a run
writes to the ledger. A lock keeps out a second run; the system releases it when the process ends,
even if it is killed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from btsclip.errors import NoRoomError, OutputError
from btsclip.media import is_remote, output_error, remote
from btsclip.takes import LEDGER_FOLDER

FILE_NAME = "ledger.sqlite3"
LOCK_NAME = "lock"
# Incremented when the meaning of a column changes; an older ledger is then moved aside.
VERSION = 1
BLOCK_BYTES = 1 << 20

_TABLE = """
CREATE TABLE IF NOT EXISTS tasks (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    outputs TEXT NOT NULL DEFAULT '[]',
    error TEXT NOT NULL DEFAULT ''
)
"""

_COLUMNS = ("key", "kind", "subject", "state", "attempts", "outputs", "error")
# Errors of SQLite for a damaged file; its message may quote bytes that are not text.
_DAMAGE_ERRORS = (sqlite3.DatabaseError, UnicodeDecodeError)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OutputFile:
    """An output file of a task: its name in the output folder, its size in bytes, the time of its
    last change in nanoseconds and the digest of its content."""

    name: str
    size: int
    changed: int
    digest: str

    def __post_init__(self) -> None:
        # Anybody may have edited the ledger, and the files that it names may be deleted.
        if self.name in ("", "..") or Path(self.name).name != self.name:
            raise ValueError(f"{self.name!r} is not the name of a result")

    @classmethod
    def of_text(cls, name: str, text: str) -> OutputFile:
        """The record of a text file that will be written."""
        data = text.encode()
        return cls(name, len(data), 0, hashlib.blake2b(data, digest_size=20).hexdigest())

    @classmethod
    def of(cls, path: Path, folder: Path) -> OutputFile:
        """The record of the file at `path`. Raises OSError when it can't be read."""
        status = path.stat()
        return cls(str(path.relative_to(folder)), status.st_size, status.st_mtime_ns, digest(path))

    def is_unchanged(self, folder: Path) -> bool:
        """Whether the file is as it was written. The content is read only if its time changed."""
        path = folder / self.name
        try:
            status = remote.file_stat(path)
            same_size = path.is_file() and not path.is_symlink() and status.st_size == self.size
            return same_size and (status.st_mtime_ns == self.changed or digest(path) == self.digest)
        except OSError:
            return False


@dataclass(frozen=True)
class Entry:
    """A task in the ledger; `state` is running, done or failed."""

    key: str
    kind: str
    subject: str
    state: str
    attempts: int
    outputs: tuple[OutputFile, ...]
    error: str


def digest(path: Path) -> str:
    """The BLAKE2b digest of a file's content; for a file in a store, its content stamp."""
    if is_remote(path):
        return remote.content_stamp(path)
    content = hashlib.blake2b(digest_size=20)
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            content.update(block)
    return content.hexdigest()


def task_key(kind: str, **parts: Any) -> str:
    """The key of a task: a digest of all that its result depends on."""
    text = json.dumps([VERSION, kind, parts], sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()


@contextmanager
def lock_folder(folder: Path, wait: bool = False) -> Iterator[None]:
    """Lock the output `folder` for this run.

    Raises OutputError when the folder can't be written to, or when another run has it locked; with
    `wait`, waits for that run to end.
    """
    from filelock import FileLock, Timeout

    try:
        (folder / LEDGER_FOLDER).mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LEDGER_FOLDER / LOCK_NAME)
        lock.acquire(timeout=-1 if wait else 0)
    except Timeout:
        raise OutputError(
            folder, "another run is at work there", "wait for its end, or add --wait"
        ) from None
    except OSError as error:
        raise output_error(folder, error) from error
    try:
        yield
    finally:
        lock.release()


class Ledger:
    """The ledger in `folder`, for output files in `outputs` (default: `folder`). Only the process
    that has the folder locked may use it."""

    def __init__(self, folder: Path, outputs: Path | None = None) -> None:
        self._folder = outputs or folder
        self.path = folder / LEDGER_FOLDER / FILE_NAME
        self.was_damaged = False
        self._connection = self._open()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def find(self, key: str) -> Entry | None:
        """The task with this `key`, or None."""
        (entry, *_) = [*self._read("WHERE key = ?", key), None]
        return entry

    def entries(self) -> list[Entry]:
        """All tasks, in the order of their first start."""
        return self._read("ORDER BY rowid")

    def find_done(self, key: str) -> Entry | None:
        """The task with this `key` if it is done and its outputs are unchanged."""
        entry = self.find(key)
        if entry is None or entry.state != "done":
            return None
        unchanged = all(output.is_unchanged(self._folder) for output in entry.outputs)
        return entry if unchanged else None

    def begin(self, key: str, kind: str, subject: str) -> None:
        """Record the start of another attempt at a task."""
        self._change(
            "INSERT INTO tasks (key, kind, subject, state, attempts)"
            " VALUES (?, ?, ?, 'running', 1) ON CONFLICT (key) DO UPDATE SET"
            " state = 'running', attempts = attempts + 1, subject = excluded.subject",
            (key, kind, subject),
        )

    def announce(self, key: str, kind: str, subject: str, output: OutputFile) -> None:
        """Record a file before it is written, so that a run that is killed then recognizes it as
        its own."""
        self.begin(key, kind, subject)
        self._change(
            "UPDATE tasks SET outputs = ? WHERE key = ?", (json.dumps([vars(output)]), key)
        )

    def finish(self, key: str, outputs: Iterable[Path]) -> None:
        """Record a task as done, with its output files."""
        records = [vars(OutputFile.of(path, self._folder)) for path in outputs]
        self._change(
            "UPDATE tasks SET state = 'done', error = '', outputs = ? WHERE key = ?",
            (json.dumps(records), key),
        )

    def fail(self, key: str, error: str) -> None:
        """Record a task as failed for good, with its error."""
        self._change("UPDATE tasks SET state = 'failed', error = ? WHERE key = ?", (error, key))

    def forget(self, keys: Iterable[str]) -> None:
        """Remove tasks from the ledger."""
        for key in keys:
            self._change("DELETE FROM tasks WHERE key = ?", (key,))

    def _read(self, clause: str, *values: str) -> list[Entry]:
        """The tasks that can be read; damaged rows are left out, so that their tasks run again."""
        try:
            rows = self._connection.execute(
                f"SELECT {', '.join(_COLUMNS)} FROM tasks {clause}", values
            )
            return [entry for row in rows if (entry := _read_entry(row))]
        except _DAMAGE_ERRORS as error:
            raise OutputError(
                self.path, f"can't be read ({error})", "check the disk, then run it again"
            ) from error

    def _change(self, statement: str, values: tuple[Any, ...]) -> None:
        try:
            self._connection.execute(statement, values)
        except _DAMAGE_ERRORS as error:
            raise _write_error(self.path, error) from error

    def _open(self) -> sqlite3.Connection:
        """Open the database. A damaged one is moved aside and replaced by a new one, since running
        the tasks again restores its content."""
        try:
            if why := _why_unusable(self.path):
                self._move_aside(why)
            return _connect(self.path)
        except sqlite3.OperationalError as error:
            raise _write_error(self.path, error) from error
        except _DAMAGE_ERRORS as error:
            self._move_aside(str(error))
            return _connect(self.path)

    def _move_aside(self, why: str) -> None:
        self.was_damaged = True
        backup, number = self.path.with_suffix(".damaged"), 1
        while backup.exists() or backup.is_symlink():
            number += 1
            backup = self.path.with_suffix(f".damaged{number}")
        log.warning("%s is damaged (%s); it is kept as %s", self.path, why, backup.name)
        try:
            for suffix in ("-wal", "-shm", "-journal"):
                self.path.with_name(FILE_NAME + suffix).unlink(missing_ok=True)
            self.path.replace(backup)
        except OSError as error:
            raise output_error(self.path, error) from error


def _why_unusable(path: Path) -> str | None:
    """Why `path` can't be a ledger, judged without reading it; None if it can."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return "it is not a file"
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return "it can't be written"
    return None


def _write_error(path: Path, error: Exception) -> OutputError:
    # Older Pythons have no error codes of SQLite, only its message.
    if "full" in str(error):
        return NoRoomError(
            path, "can't be written: the disk is full", "free some space, then run it again"
        )
    return OutputError(path, f"can't be written ({error})", "check the disk, then run it again")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    connection.text_factory = lambda data: data.decode(errors="replace")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            raise sqlite3.DatabaseError(f"has version {version}")
        if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("does not pass its check")
        connection.execute(_TABLE)
        if tuple(row[1] for row in connection.execute("PRAGMA table_info(tasks)")) != _COLUMNS:
            raise sqlite3.DatabaseError("has other columns")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        # A damaged page may only show when it is read.
        connection.execute("SELECT COUNT(*), MAX(outputs) FROM tasks").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _read_entry(row: tuple[Any, ...]) -> Entry | None:
    key, kind, subject, state, attempts, outputs, error = row
    try:
        files = tuple(OutputFile(**record) for record in json.loads(outputs))
    except (ValueError, TypeError):
        return None
    return Entry(key, kind, subject, state, attempts, files, error)
