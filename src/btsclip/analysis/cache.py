"""Cache of measurements, so that no footage is measured twice.

One SQLite file holds them. Their keys are the content of the footage (not its name), the parameters
of the analysis, and the version. A broken cache never stops an analysis.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np

from btsclip.media import Footage, is_remote, make_fingerprint, remote, sound_key
from btsclip.settings import Settings
from btsclip.signals import (
    FaceDescriptors,
    FaceTracks,
    Looks,
    Signals,
    Speech,
    TrackLevels,
    Tracks,
)

# Increase it when the same footage gives other measurements than before.
VERSION = 13
# Seconds.
DAY = 86400.0

Result = TypeVar("Result")
Measurement = Signals | Tracks | Looks | Speech | FaceTracks | FaceDescriptors | TrackLevels
MeasurementT = TypeVar(
    "MeasurementT", Signals, Tracks, Looks, Speech, FaceTracks, FaceDescriptors, TrackLevels
)
# Measurements that depend on which audio tracks are played.
OF_SOUND = (Signals, Speech)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CacheInfo:
    """Content of the cache: the number of measurements and takes, `size` and `max_size` in bytes,
    and the Unix time of the `oldest` use (None if empty)."""

    entries: int
    takes: int
    size: int
    max_size: int
    oldest: float | None


class SignalCache:
    """Measurements by content of the footage, in `folder`.

    Without `folder`, BTSCLIP_CACHE names it, else it is the user's cache folder; `off` in
    BTSCLIP_CACHE turns the cache off.
    """

    def __init__(self, folder: Path | None = None) -> None:
        settings = Settings.from_env()
        self._off = folder is None and not settings.keeps_measurements
        self._folder = folder or settings.cache_folder

    @property
    def path(self) -> Path:
        """The SQLite file."""
        return self._folder / "signals.sqlite3"

    def get(
        self, footage: Footage, parameters: Mapping[str, Any], kind: type[MeasurementT]
    ) -> MeasurementT | None:
        """The measurement of this content with these parameters, None if not cached."""
        key = cache_key(footage, parameters, kind)

        def read(database: sqlite3.Connection) -> MeasurementT | None:
            row = database.execute("SELECT data FROM signals WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            database.execute("UPDATE signals SET used = ? WHERE key = ?", (time.time(), key))
            return unpack(row[0], kind)

        return self._run(read)

    def get_or_make(
        self,
        footage: Footage,
        parameters: Mapping[str, Any],
        kind: type[MeasurementT],
        measure: Callable[[], MeasurementT],
    ) -> MeasurementT:
        """The cached measurement, else the result of `measure`, which is then cached, unless the
        file has changed meanwhile."""
        measurement = self.get(footage, parameters, kind)
        if measurement is None:
            key = cache_key(footage, parameters, kind)
            measurement = measure()
            if cache_key(footage, parameters, kind) == key:
                self.put(footage, parameters, measurement)
        return measurement

    def get_or_make_span(
        self,
        footage: Footage,
        start: float,
        end: float,
        kind: type[MeasurementT],
        measure: Callable[[], MeasurementT],
        **parameters: Any,
    ) -> MeasurementT:
        """As `get_or_make`, for a measurement of `start` to `end` in seconds of the footage.

        Args:
            parameters: What else the measurement depends on.
        """
        span = {"start": round(start, 3), "end": round(end, 3), "picture": footage.picture}
        return self.get_or_make(footage, {**span, **parameters}, kind, measure)

    def put(
        self, footage: Footage, parameters: Mapping[str, Any], measurement: Measurement
    ) -> None:
        """Cache `measurement`. If the cache gets too large, delete the oldest ones by use."""
        key, data = cache_key(footage, parameters, type(measurement)), pack(measurement)

        def write(database: sqlite3.Connection) -> None:
            row = (key, time.time(), len(data), data, take_digest(footage))
            database.execute(
                "INSERT OR REPLACE INTO signals (key, used, size, data, take)"
                " VALUES (?, ?, ?, ?, ?)",
                row,
            )
            database.execute(
                "DELETE FROM signals WHERE key IN (SELECT key FROM (SELECT key,"
                " SUM(size) OVER (ORDER BY used DESC, key) AS total FROM signals) WHERE total > ?)",
                (Settings.from_env().cache_bytes,),
            )

        self._run(write)

    def info(self) -> CacheInfo:
        """The content of the cache."""
        query = "SELECT COUNT(*), COUNT(DISTINCT take), SUM(size), MIN(used) FROM signals"
        row = self._run(lambda database: database.execute(query).fetchone()) or (0, 0, 0, None)
        entries, takes, size, oldest = row
        return CacheInfo(entries, takes, size or 0, Settings.from_env().cache_bytes, oldest)

    def clear(self, older_than: float = 0.0) -> tuple[int, int]:
        """Delete measurements unused for `older_than` seconds, and free their disk space.

        Returns their number and their size in bytes.
        """
        before = time.time() - older_than

        def delete(database: sqlite3.Connection) -> tuple[int, int]:
            query = "SELECT COUNT(*), SUM(size) FROM signals WHERE used <= ?"
            count, size = database.execute(query, (before,)).fetchone()
            database.execute("DELETE FROM signals WHERE used <= ?", (before,))
            return count, size or 0

        freed = self._run(delete) or (0, 0)
        if freed[0]:
            self._shrink()
        return freed

    def _shrink(self) -> None:
        """Shrink the file to its content, unless another process reads it."""
        try:
            with closing(sqlite3.connect(self.path, timeout=5, isolation_level=None)) as database:
                database.execute("VACUUM")
        except sqlite3.Error as error:
            log.info("cannot shrink the cache %s now (%s)", self.path, error)

    def _run(self, work: Callable[[sqlite3.Connection], Result]) -> Result | None:
        """The result of `work` in a transaction; None if the cache is off or fails."""
        if self._off:
            return None
        try:
            with closing(self._connect()) as database, database:
                return work(database)
        except sqlite3.OperationalError as error:
            log.warning("cannot use the cache %s now (%s)", self.path, error)
        except sqlite3.DatabaseError as error:
            log.warning("the cache %s is damaged and set aside (%s)", self.path, error)
            self._set_aside()
        except (OSError, ValueError, KeyError) as error:
            log.warning("cannot use the cache %s (%s)", self.path, error)
        return None

    def _connect(self) -> sqlite3.Connection:
        """Open the database and begin a transaction that may write.

        SQLite waits for other processes only at the start of such a transaction. It refuses at once
        if a reader turns writer.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        try:
            database.execute("BEGIN IMMEDIATE")
            database.execute(
                "CREATE TABLE IF NOT EXISTS signals"
                " (key TEXT PRIMARY KEY, used REAL, size INTEGER, data BLOB, take TEXT)"
            )
            columns = [row[1] for row in database.execute("PRAGMA table_info (signals)")]
            # Files of older versions lack this column.
            if "take" not in columns:
                database.execute("ALTER TABLE signals ADD COLUMN take TEXT")
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _set_aside(self) -> None:
        """Rename a damaged file, so that the next use starts a new one."""
        self.path.with_name(self.path.name + "-journal").unlink(missing_ok=True)
        if self.path.exists():
            self.path.replace(self.path.with_suffix(".damaged"))


def cache_key(footage: Footage, parameters: Mapping[str, Any], kind: type[Measurement]) -> str:
    """The key of a `kind` of measurement: a digest of the content of `footage` and its played
    tracks, the `parameters`, VERSION and the fields of the kind."""
    digest = hashlib.blake2b(digest_size=20)
    if kind in OF_SOUND and (played := sound_key(footage)):
        parameters = {**parameters, "sound": played}
    shape = [kind.__name__, *(item.name for item in fields(kind))]
    digest.update(json.dumps([VERSION, shape, dict(parameters)], sort_keys=True).encode())
    for path in footage.files:
        digest.update(content_digest(path))
    return digest.hexdigest()


def take_digest(footage: Footage) -> str:
    """A digest of the content of the footage."""
    return hashlib.blake2b(b"".join(map(content_digest, footage.files)), digest_size=20).hexdigest()


def content_digest(path: Path) -> bytes:
    """A digest of the content of a file; for a remote file, of its stamp."""
    if is_remote(path):
        return hashlib.blake2b(remote.content_stamp(path).encode(), digest_size=20).digest()
    return make_fingerprint(path)


def pack(measurement: Measurement) -> bytes:
    """A measurement as the bytes of a compressed npz file."""
    arrays = {
        item.name: np.asarray(getattr(measurement, item.name)) for item in fields(measurement)
    }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def unpack(data: bytes, kind: type[MeasurementT]) -> MeasurementT:
    """The measurement in `data` from `pack`. Raises ValueError or KeyError for other data."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            values: dict[str, Any] = {item.name: arrays[item.name] for item in fields(kind)}
    except (OSError, EOFError, BadZipFile) as error:
        raise ValueError(f"unreadable entry: {error}") from error
    for name, value in values.items():
        if value.ndim == 0:
            # A single number or text, which `pack` turned to an array.
            values[name] = value.item()
    for name in values.keys() & {"borders", "picture"}:
        values[name] = tuple(values[name].tolist())
    if "lost" in values:
        values["lost"] = tuple((start, end) for start, end in values["lost"].tolist())
    return kind(**values)
