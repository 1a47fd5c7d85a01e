"""What has been done in a shoot: one SQLite file that a run begins with and a killed run leaves.

A task counts as done only when its outputs are there as they were recorded. The processes of one
run write through their parent; a second run is kept out by a lock of the system's, which ends with
the process that holds it, however it ends.
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
from btsclip.media import remote
from btsclip.media.output import output_error
from btsclip.takes.listing import LEDGER_FOLDER

NAME, LOCK = "ledger.sqlite3", "lock"
# Raised when the meaning of a column changes; an older ledger is then set aside.
VERSION = 1
CHUNK = 1 << 20

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
# What SQLite says of a damaged file; where it quotes it, not even that can be read.
_DAMAGE = (sqlite3.DatabaseError, UnicodeDecodeError)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OutputFile:
    """A file that a task left: its name inside the output folder, size in bytes, time of its last
    change in nanoseconds and the digest of its content."""

    name: str
    size: int
    changed: int
    digest: str

    def __post_init__(self) -> None:
        # The record is a file that anybody may have changed, and what it names may be taken away.
        if self.name in ("", "..") or Path(self.name).name != self.name:
            raise ValueError(f"{self.name!r} is no name of a result")

    @classmethod
    def to_be(cls, name: str, text: str) -> OutputFile:
        """The record of a text file that will be there."""
        data = text.encode()
        return cls(name, len(data), 0, hashlib.blake2b(data, digest_size=20).hexdigest())

    @classmethod
    def of(cls, path: Path, folder: Path) -> OutputFile:
        """The record of the file at `path`. Raises OSError when it can't be read."""
        facts = path.stat()
        return cls(str(path.relative_to(folder)), facts.st_size, facts.st_mtime_ns, digest(path))

    def is_there(self, folder: Path) -> bool:
        """Whether the file is as it was written. Its content is read only where its time is
        another one."""
        path = folder / self.name
        try:
            facts = remote.file_stat(path)
            same_size = path.is_file() and not path.is_symlink() and facts.st_size == self.size
            return same_size and (facts.st_mtime_ns == self.changed or digest(path) == self.digest)
        except OSError:
            return False


@dataclass(frozen=True)
class Entry:
    """A task as the ledger knows it; `state` is running, done or failed."""

    key: str
    kind: str
    subject: str
    state: str
    attempts: int
    outputs: tuple[OutputFile, ...]
    error: str


def digest(path: Path) -> str:
    """The BLAKE2b digest of a file's content; the stamp of what lies in a store."""
    if remote.is_in_store(path):
        return remote.content_stamp(path)
    made = hashlib.blake2b(digest_size=20)
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            made.update(block)
    return made.hexdigest()


def task_key(kind: str, **parts: Any) -> str:
    """A name for a task from all that its result depends on."""
    text = json.dumps([VERSION, kind, parts], sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()


@contextmanager
def lock_folder(folder: Path, wait: bool = False) -> Iterator[None]:
    """Holds the output `folder` for this run alone.

    Raises OutputError when another run holds it (with `wait`: waits for its end) or when the folder
    can't be written to.
    """
    from filelock import FileLock, Timeout

    try:
        (folder / LEDGER_FOLDER).mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LEDGER_FOLDER / LOCK)
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
    """The record of the outputs in `outputs` (default: `folder`), kept in `folder`. Used by the one
    process that holds the folder."""

    def __init__(self, folder: Path, outputs: Path | None = None) -> None:
        self._folder = outputs or folder
        self.path = folder / LEDGER_FOLDER / NAME
        self.was_damaged = False
        self._base = self._open()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def find(self, key: str) -> Entry | None:
        """The task of that name."""
        (entry, *_) = [*self._read("WHERE key = ?", key), None]
        return entry

    def entries(self) -> list[Entry]:
        """All tasks, in the order in which they were first begun."""
        return self._read("ORDER BY rowid")

    def done(self, key: str) -> Entry | None:
        """The task of that name, if it is done and all it wrote is still there."""
        entry = self.find(key)
        if entry is None or entry.state != "done":
            return None
        return entry if all(each.is_there(self._folder) for each in entry.outputs) else None

    def begin(self, key: str, kind: str, subject: str) -> None:
        """Notes that a task is being tried, once more."""
        self._change(
            "INSERT INTO tasks (key, kind, subject, state, attempts)"
            " VALUES (?, ?, ?, 'running', 1) ON CONFLICT (key) DO UPDATE SET"
            " state = 'running', attempts = attempts + 1, subject = excluded.subject",
            (key, kind, subject),
        )

    def announce(self, key: str, kind: str, subject: str, written: OutputFile) -> None:
        """Notes what is about to be written, so that a run that is killed there knows it for its
        own."""
        self.begin(key, kind, subject)
        self._change(
            "UPDATE tasks SET outputs = ? WHERE key = ?", (json.dumps([vars(written)]), key)
        )

    def finish(self, key: str, outputs: Iterable[Path]) -> None:
        """Notes that a task is done and has left `outputs` in the folder."""
        written = [vars(OutputFile.of(path, self._folder)) for path in outputs]
        self._change(
            "UPDATE tasks SET state = 'done', error = '', outputs = ? WHERE key = ?",
            (json.dumps(written), key),
        )

    def fail(self, key: str, error: str) -> None:
        """Notes that a task has failed for good, and why."""
        self._change("UPDATE tasks SET state = 'failed', error = ? WHERE key = ?", (error, key))

    def forget(self, keys: Iterable[str]) -> None:
        """Takes tasks out of the record."""
        for key in keys:
            self._change("DELETE FROM tasks WHERE key = ?", (key,))

    def _read(self, which: str, *values: str) -> list[Entry]:
        """The tasks that can be read; for the others it is as if they had never been done."""
        try:
            rows = self._base.execute(f"SELECT {', '.join(_COLUMNS)} FROM tasks {which}", values)
            return [entry for row in rows if (entry := _entry(row))]
        except _DAMAGE as error:
            raise OutputError(
                self.path, f"can't be read any more ({error})", "check the disk, then run it again"
            ) from error

    def _change(self, statement: str, values: tuple[Any, ...]) -> None:
        try:
            self._base.execute(statement, values)
        except _DAMAGE as error:
            raise _unwritable(self.path, error) from error

    def _open(self) -> sqlite3.Connection:
        """The base; one that can't be read is moved aside and a new one begun, since all that it
        tells can be found out again."""
        try:
            if why := _unfit(self.path):
                self._set_aside(why)
            return _connected(self.path)
        except sqlite3.OperationalError as error:
            raise _unwritable(self.path, error) from error
        except _DAMAGE as error:
            self._set_aside(str(error))
            return _connected(self.path)

    def _set_aside(self, why: str) -> None:
        self.was_damaged = True
        kept, number = self.path.with_suffix(".damaged"), 1
        while kept.exists() or kept.is_symlink():
            number += 1
            kept = self.path.with_suffix(f".damaged{number}")
        log.warning("%s is damaged (%s); it is kept as %s", self.path, why, kept.name)
        try:
            for end in ("-wal", "-shm", "-journal"):
                self.path.with_name(NAME + end).unlink(missing_ok=True)
            self.path.replace(kept)
        except OSError as error:
            raise output_error(self.path, error) from error


def _unfit(path: Path) -> str | None:
    """Why what stands in the ledger's place is none, as far as it can be seen from outside."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return "no file"
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return "it can't be written"
    return None


def _unwritable(path: Path, error: Exception) -> OutputError:
    # SQLite's own words; older Pythons know no codes.
    if "full" in str(error):
        return NoRoomError(
            path, "can't be written: the disk is full", "free some space, then run it again"
        )
    return OutputError(path, f"can't be written ({error})", "check the disk, then run it again")


def _connected(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, isolation_level=None, timeout=30)
    base.text_factory = lambda data: data.decode(errors="replace")
    try:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = FULL")
        (version,) = base.execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            raise sqlite3.DatabaseError(f"is of version {version}")
        if base.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("does not pass its check")
        base.execute(_TABLE)
        if tuple(row[1] for row in base.execute("PRAGMA table_info(tasks)")) != _COLUMNS:
            raise sqlite3.DatabaseError("has other columns")
        base.execute(f"PRAGMA user_version = {VERSION}")
        # Read once: a damaged page may only show then.
        base.execute("SELECT COUNT(*), MAX(outputs) FROM tasks").fetchone()
    except BaseException:
        base.close()
        raise
    return base


def _entry(row: tuple[Any, ...]) -> Entry | None:
    key, kind, subject, state, attempts, outputs, error = row
    try:
        written = tuple(OutputFile(**each) for each in json.loads(outputs))
    except (ValueError, TypeError):
        return None
    return Entry(key, kind, subject, state, attempts, written, error)
